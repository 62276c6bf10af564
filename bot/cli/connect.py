"""`comment-desk sites connect`: from nothing to a first report and its undo, step by step."""

import asyncio
import re
import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo

from bot.cli.check_site import check_site
from bot.domain.decision import Action
from bot.domain.effect import Order, Outcome, Verb
from bot.domain.errors import DeskError, SiteDown
from bot.domain.finding import Finding
from bot.domain.ids import CaseId, DecisionId, SiteId
from bot.domain.numbers import count
from bot.domain.report import Report
from bot.domain.site import Ability
from bot.ports import PolledSite, Site
from bot.sites.base.context import DeskContext
from bot.sites.base.platform import Platform
from bot.sites.opening import open_site
from bot.sites.registry import platform_of
from bot.sites.settings import SiteSettings

_ASK_EVERY = 5.0
"""Seconds between looks for the first report."""

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
"""What can stand within the name of an environment variable and comes back as it was."""


class Talk(Protocol):
    """The admin at the keyboard."""

    def say(self, words: str) -> None:
        """Tell something."""
        ...

    def show(self, finding: Finding) -> None:
        """Tell what was looked at, and what to mend."""
        ...

    def ask(self, question: str, *, hidden: bool, default: str | None) -> str:
        """Ask for a value; `hidden` keeps it off the screen."""
        ...

    def confirm(self, question: str) -> bool:
        """Ask whether to go on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be connected: a kind of site at an address, under a name, written to a file.

    `patience` is how long to wait for the first report, in seconds.
    """

    kind: str
    url: str
    name: str
    env_file: Path
    allow_private: bool = False
    patience: float = 600.0


async def connect(plan: Plan, talk: Talk, desk: DeskContext) -> bool:
    """Connect a site; false if it could not be done, which was then said.

    Raises:
        DeskError: The kind or the name cannot be used, or the file cannot be written.
    """
    if not _NAME.fullmatch(plan.name):
        raise DeskError(
            f"A site cannot be called {plan.name}. Take small letters and digits, such as courier."
        )
    platform = _platform(plan)
    for number, step in enumerate(platform.steps, start=1):
        talk.say(f"{number}. {step.replace('NAME', plan.name).replace('URL', plan.url)}")
    values = _asked(plan, platform, talk)
    settings = _settings(plan, values)
    good = True
    async for finding in check_site(plan.name, settings, desk):
        talk.show(finding)
        good = good and finding.good
    if not good:
        talk.say("Nothing was written. Mend what is crossed, and run the same command again.")
        return False
    lines = _lines(plan.name, values)
    if talk.confirm(f"Add {count(len(lines), 'line')} to {plan.env_file}?"):
        _append(plan.env_file, lines)
        talk.say(f"Written. The desk serves {plan.name} from its next start.")
    else:
        # Shown because it was asked for: these values hold secrets.
        talk.say("\n".join(lines))
    return await _try_out(plan, settings, talk, desk)


def _platform(plan: Plan) -> Platform[Any]:
    try:
        return platform_of(plan.kind)
    except ValueError as error:
        raise DeskError(f"The kind of a site {error}, and not {plan.kind!r}.") from None


def _asked(plan: Plan, platform: Platform[Any], talk: Talk) -> dict[str, Any]:
    """Return the site's settings, as asked for, or made where they are only to be random."""
    values: dict[str, Any] = {
        "kind": plan.kind,
        "url": plan.url,
        "reporter_salt": secrets.token_urlsafe(24),
    }
    if plan.allow_private:
        values["allow_private"] = True
    if platform.settings is not None:
        values[plan.kind] = dict(_answers(platform.settings, talk))
    if platform.sends_reports:
        values["secrets"] = [_new_secret()]
        talk.say(f"Let the site sign its reports with {values['secrets'][0]}")
    elif platform.ping_header:
        secret = talk.ask("The webhook's signing secret, if any", hidden=True, default="")
        values["secrets"] = [secret] if secret else []
    if platform.takes_orders:
        values["outgoing_secrets"] = [_new_secret()]
        talk.say(f"Let the site check the desk's orders with {values['outgoing_secrets'][0]}")
    return values


def _answers(group: type[BaseModel], talk: Talk) -> list[tuple[str, str]]:
    """Ask for what a group needs; what has a default is left for the file."""
    return [
        (name, talk.ask(_question(name, info), hidden=info.annotation is SecretStr, default=None))
        for name, info in group.model_fields.items()
        if info.is_required()
    ]


def _question(name: str, info: FieldInfo) -> str:
    return (info.description or name).rstrip(".")


def _settings(plan: Plan, values: Mapping[str, Any]) -> SiteSettings:
    try:
        return SiteSettings.model_validate(values)
    except ValidationError as error:
        # The values themselves are not repeated, as they may be secrets.
        found = "; ".join(detail["msg"].removeprefix("Value error, ") for detail in error.errors())
        raise DeskError(f"{plan.name} cannot be connected: {found}.") from None


def _new_secret() -> str:
    return "whsec_" + b64encode(secrets.token_bytes(32)).decode()


def _lines(name: str, values: Mapping[str, Any]) -> list[str]:
    """Return the settings as lines of an environment file."""
    prefix, lines = f"DESK_SITES__{name.upper()}", list[str]()
    for key, value in values.items():
        if isinstance(value, dict):
            inner = cast("dict[str, object]", value)
            lines += [_line(f"{prefix}__{key}__{field}", inner[field]) for field in inner]
        elif value not in ([], ""):
            lines.append(_line(f"{prefix}__{key}", value))
    return lines


def _line(name: str, value: object) -> str:
    match value:
        case list():
            written = "[" + ", ".join(f'"{one}"' for one in value) + "]"  # pyright: ignore[reportUnknownVariableType] - of strings, made above
        case bool():
            written = str(value).lower()
        case _:
            written = str(value)
    if "\n" in written or "'" in written:
        raise DeskError(f"{name.upper()} has a quotation mark or a line break in it.")
    return f"{name.upper()}='{written}'"


def _append(path: Path, lines: Sequence[str]) -> None:
    try:
        path.touch(mode=0o600, exist_ok=True)
        before = path.read_text(encoding="utf-8")
        gap = "" if not before or before.endswith("\n") else "\n"
        with path.open("a", encoding="utf-8") as file:
            file.write(gap + "\n".join(lines) + "\n")
    except OSError as error:
        raise DeskError(f"{path} cannot be written: {error.strerror}.") from error


async def _try_out(plan: Plan, settings: SiteSettings, talk: Talk, desk: DeskContext) -> bool:
    """See a first report come, and hide what it is about and show it again, if wanted."""
    async with open_site(SiteId(plan.name), settings, desk) as site:
        if not isinstance(site, PolledSite) or Ability.POLL not in site.abilities:
            talk.say(
                "Now start the desk and let the site send a report, signed, to "
                "https://YOUR-DESK/v1/reports; docs/sites.md has a program that does."
            )
            return True
        talk.say("Now report a comment on the site as a reader would. Ctrl-C to leave that out.")
        report = await _first_report(site, plan.patience)
        if report is None:
            talk.say("No report came. The desk will find it at its next look, once there is one.")
            return False
        talk.say(f"Found: “{report.comment.text[:200]}” by {report.author.name or 'Anonymous'}.")
        if Ability.HIDE not in site.abilities or Ability.UNHIDE not in site.abilities:
            return True
        question = "Hide this comment and show it again, to see that both work?"
        if not talk.confirm(f"{question} {settings.platform.trying_out}".rstrip()):
            return True
        return await _hide_and_show(site, report, desk, talk)


async def _first_report(site: PolledSite, patience: float) -> Report | None:
    mark: str | None = None
    try:
        async with asyncio.timeout(patience):
            while True:
                found = await site.look_for_reports(mark)
                if found.reports:
                    return found.reports[-1]
                mark = found.mark
                if not found.more:
                    await asyncio.sleep(min(_ASK_EVERY, patience))
    except (TimeoutError, SiteDown):
        return None


async def _hide_and_show(site: Site, report: Report, desk: DeskContext, talk: Talk) -> bool:
    for action, word in ((Action.HIDE, "Hidden"), (Action.UNHIDE, "Shown again")):
        outcome = await site.carry_out(_order(report, action, desk))
        talk.show(_finding(word, outcome))
        if outcome.verb is not Verb.DONE:
            return False
    return True


def _finding(word: str, outcome: Outcome) -> Finding:
    good = outcome.verb is Verb.DONE
    return Finding(name=word, good=good, words="yes" if good else outcome.words or outcome.verb)


def _order(report: Report, action: Action, desk: DeskContext) -> Order:
    """Return an order outside any case: nothing of it is recorded, and nobody is told."""
    return Order(
        key=f"connect-{secrets.token_hex(8)}",
        decision_id=DecisionId(0),
        case_id=CaseId(0),
        site=report.site,
        action=action,
        comment_id=report.comment.external_id,
        revision_key=report.comment.revision,
        permalink=report.comment.permalink,
        author_id=report.author.external_id,
        visible=action is Action.UNHIDE,
        banned=None,
        until=None,
        rule=None,
        rule_name=None,
        notice=None,
        at=desk.clock(),
    )
