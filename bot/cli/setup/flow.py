"""The order of a set-up; each part leaves in `.env` what it settled, and begins by looking there."""

import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from yarl import URL

from bot.cli.check import check
from bot.cli.check_newsrooms import check_newsroom
from bot.cli.connect import Plan, connect, context_under
from bot.cli.envfile import Draft
from bot.cli.setup import making, places
from bot.cli.setup.account import logged_in, server_of
from bot.cli.setup.further import WAITING, NewsroomDraft, require_free, require_room_for
from bot.cli.setup.portal import MAKING, Portal
from bot.cli.setup.sitting import Answers
from bot.cli.setup.trial import try_a_card
from bot.cli.site_values import note_of
from bot.cli.terminal import Talk, typed_as
from bot.domain.errors import DeskError
from bot.domain.site import Finding
from bot.sites.registry import PLATFORMS
from config.settings import Settings, load

_SITES = "DESK_SITES__"
_BEGUN = "site"
_HOST, _PORT = "DESK_WEB__HOST", "DESK_WEB__PORT"
_USUAL_PORT = 8080
_PORTS = range(_USUAL_PORT, _USUAL_PORT + 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How set-up is run: whose settings, what was answered beforehand, and the token if given.

    `newsroom` is the name of a further newsroom that is added to the desk.
    """

    env_file: Path
    answers: Answers
    token: str | None = None
    newsroom: str | None = None


async def set_up(options: Options, talk: Talk) -> bool:
    """Lead from a token to a desk whose checks are green; false if a check is not.

    Whatever was settled by an earlier run is taken as it stands.

    Raises:
        DeskError: It cannot go on; the sentence says what to do, and that is kept which was done.
    """
    if options.newsroom is not None:
        return await _add_newsroom(NewsroomDraft(options.env_file, options.newsroom), talk, options)
    draft = Draft(options.env_file)
    async with logged_in(draft, options.token, talk) as portal:
        made = await _settle_places(draft, portal, talk, options)
        _settle_port(draft)
        if not await _settle_site(draft, talk, options.answers):
            return False
        talk.say("")
        good = await _look_over(draft, talk)
        if made and good:
            talk.say(making.take_back(portal))
    if good:
        talk.say("")
        talk.say(f"All is ready. Start the desk with: {typed_as()} run")
    return good


async def _add_newsroom(draft: NewsroomDraft, talk: Talk, options: Options) -> bool:
    before = require_room_for(draft)
    async with logged_in(draft, options.token, talk) as portal:
        made = await _settle_places(draft, portal, talk, options)
        require_free(draft, before, (places.CHANNEL, places.EDITORS_CHANNEL))
        if not await _settle_its_site(draft, talk, options.answers, before):
            return False
        talk.say("")
        settings = load(draft.env_file).of(draft.newsroom)
        good = await _all_good(settings, check_newsroom(draft.newsroom, settings), talk)
        if made and good:
            talk.say(making.take_back(portal))
    if good:
        talk.say("")
        talk.say(
            f"All is ready. The newsroom {draft.newsroom} is there once the desk is started anew or "
            "told to read its settings: systemctl reload comment-desk"
        )
    return good


async def _settle_its_site(
    draft: NewsroomDraft, talk: Talk, answers: Answers, before: Settings
) -> bool:
    """Connect the newsroom's site, and write all of it; false if that has to be gone on with later.

    A site that is connected already and goes by the newsroom's name is taken.
    """
    its_own = before.newsrooms.get(draft.newsroom)
    if its_own is None and answers.site is None and draft.newsroom in before.sites:
        draft.write_waiting({draft.sites: json.dumps([draft.newsroom])})
        its_own = load(draft.env_file).newsrooms[draft.newsroom]
    if its_own is not None:
        draft.write_waiting({})
        talk.show(Finding(name="Site", good=True, words=", ".join(its_own.sites)))
        return True
    plan = _plan(draft, talk, answers)
    if plan.name in before.sites:
        raise DeskError(
            f"There is a site {plan.name} already, which is another newsroom's. Give this one "
            "another name."
        )
    besides = {**draft.waiting, draft.sites: json.dumps([plan.name])}
    if not await connect(replace(plan, besides=besides), talk, context_under(_policy(draft))):
        return False
    # What was noted of the site is gone by now, which only the file knows.
    NewsroomDraft(draft.env_file, draft.newsroom).forget(_BEGUN, WAITING)
    return True


async def _settle_places(draft: Draft, portal: Portal, talk: Talk, options: Options) -> bool:
    """Settle server, channels and roles; true if the bot holds rights that it needs no longer."""
    answers = options.answers
    is_new = not draft.get(places.CHANNEL)
    wanted = _wants_made(draft, talk, answers) if is_new else bool(draft.noted("making"))
    server = await server_of(draft, portal, talk, named=answers.server, making=wanted)
    found = await places.look(portal, server.id)
    if wanted:
        await making.make(draft, portal, talk, server.id)
    elif places.settled(draft, found):
        places.tell_settled(draft, talk, found)
    else:
        await places.choose(draft, portal, talk, answers, server.id)
    return not server.lacks(MAKING)


def _wants_made(draft: Draft, talk: Talk, answers: Answers) -> bool:
    if answers.make is not None:
        return answers.make
    if answers.channel is not None:
        return False
    if draft.noted("making"):
        return True
    talk.say("Set-up can make the private channels #moderation and #editors, and three roles:")
    talk.say("for moderators, senior moderators and editors.")
    return talk.confirm("Shall it make them?")


def _settle_port(draft: Draft) -> None:
    """Take another port than the usual one where that is somebody else's."""
    if draft.get(_PORT) or draft.get(_HOST):
        return
    free = next((port for port in _PORTS if _is_free(port)), _USUAL_PORT)
    if free != _USUAL_PORT:
        draft.settle({_PORT: str(free)})


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


async def _settle_site(draft: Draft, talk: Talk, answers: Answers) -> bool:
    """Connect a site, unless the settings have one; false if that has to be gone on with later."""
    begun = sorted(_sites_of(draft))
    if begun:
        # A run that was killed between settling a site and forgetting its notes left these.
        draft.forget(_BEGUN, *map(note_of, begun))
        talk.show(Finding(name="Site", good=True, words=", ".join(begun)))
        return True
    plan = _plan(draft, talk, answers)
    if not await connect(plan, talk, context_under(_policy(draft))):
        return False
    draft.forget(_BEGUN)
    return True


def _sites_of(draft: Draft) -> set[str]:
    """Return the names of the sites that the settings have an address for."""
    urls = (name for name in draft.names() if name.startswith(_SITES) and name.endswith("__URL"))
    return {name.removeprefix(_SITES).removesuffix("__URL").lower() for name in urls}


def _policy(draft: Draft) -> Path | None:
    return Path(draft.get("DESK_POLICY")) if draft.get("DESK_POLICY") else None


def _plan(draft: Draft, talk: Talk, answers: Answers) -> Plan:
    """Return which site is to be connected: as answered, as begun by an earlier run, or as asked."""
    common: dict[str, Any] = {
        "env_file": draft.env_file,
        "patience": talk.patience,
        "sitting": True,
    }
    if (site := answers.site) is not None:
        given: dict[str, Any] = site.model_dump() | {"name": site.name or site.kind}
        return Plan(**given, **common)
    begun = draft.noted(_BEGUN)
    if not begun or not talk.confirm(
        f"Go on with {begun['name']}, {begun['kind']}, {begun['url']}?"
    ):
        begun = _asked_site(talk)
        draft.note(_BEGUN, begun)
    return Plan(**begun, **common)


def _asked_site(talk: Talk) -> dict[str, Any]:
    kinds = [f"{one.kind}: {one.about}" if one.about else one.kind for one in PLATFORMS.values()]
    place = talk.choose("What do readers comment with?", kinds, key="site.kind")
    kind = list(PLATFORMS)[place]
    question = (
        "Where are decisions sent (the address that obeys them)"
        if PLATFORMS[kind].takes_orders
        else "Its own address, such as https://courier.example"
    )
    url = talk.ask(question, hidden=False, default=None)
    name = talk.ask(f"A short name for it (Enter for {kind})", hidden=False, default=kind)
    private = _is_private(url) and talk.confirm(
        f"{url} is in a private network or on this machine. Is that meant?"
    )
    return {"kind": kind, "url": url, "name": name, "allow_private": private}


async def _look_over(draft: Draft, talk: Talk) -> bool:
    settings = load(draft.env_file)
    return await _all_good(settings, check(settings), talk)


async def _all_good(settings: Settings, findings: AsyncIterator[Finding], talk: Talk) -> bool:
    good = True
    if not settings.database.exists():
        with talk.waiting("Posting a test card"):
            found = await try_a_card(settings)
        talk.show(found)
        good = found.good
    async for finding in findings:
        talk.show(finding)
        good = good and finding.good
    return good


def _is_private(url: str) -> bool:
    """Whether a host is, as far as that can be found out now, in a private network."""
    try:
        found = socket.getaddrinfo(URL(url).raw_host, None)
        return any(not ip_address(one[4][0]).is_global for one in found)
    except (OSError, ValueError):
        return False
