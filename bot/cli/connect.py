"""`comment-desk sites connect`: from nothing to a first report and its undo, step by step."""

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.cli import envfile
from bot.cli.check_site import check_site
from bot.cli.envfile import Draft
from bot.cli.site_trial import ASK_EVERY, try_out
from bot.cli.site_values import (
    Plan,
    Talk,
    as_settings,
    asked,
    known,
    platform_in,
    settings_of,
)
from bot.domain.ids import SiteId
from bot.domain.lines import count
from bot.domain.site import Finding
from bot.ports import GreetedSite
from bot.sites.base.context import DeskContext
from bot.sites.opening import open_site
from bot.sites.settings import SiteSettings
from bot.web.reading import read_queued
from config.policy import load_policy

__all__ = ("Plan", "Talk", "connect")

_READERS_URL = "DESK_PUBLIC__URL"
"""The setting that says where the readers' pages are; a platform's plugin is told of it."""
_SITES = re.compile(r"DESK_NEWSROOMS__(.+)__SITES")


async def connect(plan: Plan, talk: Talk, desk: DeskContext) -> bool:
    """Connect a site; false if it could not be done, which was then said.

    What was asked for and made is kept until the site is connected: the same command goes on
    from there, with the same secrets.

    Raises:
        DeskError: The kind or the name cannot be used, or the file cannot be written.
    """
    platform, draft = platform_in(plan), Draft(plan.env_file)
    desk = replace(desk, readers_url=_readers_url(plan, draft))
    before = known(plan, draft)
    _say_steps(platform.steps, plan, talk)
    values = asked(plan, platform, talk, before)
    settings = settings_of(plan, values)
    draft.note(plan.note, values)
    good = await _greeted(plan, settings, talk, desk)
    async for finding in check_site(plan.name, settings, desk):
        talk.show(finding)
        good = good and finding.good
    if not good:
        talk.say(
            f"Nothing was added to {plan.env_file}. Mend what is crossed, and run the same command "
            "again: it goes on from here, with the same secrets."
        )
        return False
    _settle(plan, talk, draft, as_settings(plan, values))
    return plan.sitting or await try_out(plan, settings, talk, desk)


def _readers_url(plan: Plan, draft: Draft) -> str | None:
    """Return where the pages are for the readers of the newsroom that has the site."""
    written = {**{name: draft.get(name) for name in draft.names()}, **plan.besides}
    named = ((_SITES.fullmatch(name), value) for name, value in written.items())
    owner = next((at[1] for at, value in named if at and f'"{plan.name}"' in value.lower()), None)
    variable = f"DESK_NEWSROOMS__{owner}__PUBLIC__URL" if owner else _READERS_URL
    return draft.get(variable).rstrip("/") or None


async def _greeted(plan: Plan, settings: SiteSettings, talk: Talk, desk: DeskContext) -> bool:
    """Wait until the platform's plugin goes by the same name and secret, and work with it."""
    async with open_site(SiteId(plan.name), settings, desk) as site:
        if not isinstance(site, GreetedSite):
            return True
        secrets = [secret.get_secret_value() for secret in settings.secrets]
        agreed = await _agreed(site, secrets, talk, plan.patience)
        return agreed and _shown(talk, await site.try_report(secrets))


def _say_steps(steps: Iterable[str], plan: Plan, talk: Talk) -> None:
    for number, step in enumerate(steps, start=1):
        talk.say(f"{number}. {step.replace('NAME', plan.name).replace('URL', plan.url)}")


def _settle(plan: Plan, talk: Talk, draft: Draft, lines: Mapping[str, str]) -> None:
    """Write what was found to be good into the settings, or show it to who would rather do so."""
    if plan.sitting or talk.confirm(f"Add {count(len(lines), 'line')} to {plan.env_file}?"):
        draft.settle({**lines, **plan.besides})
        draft.note(plan.note, {})
        talk.say(f"Written. The desk serves {plan.name} from its next start.")
    else:
        # Shown because it was asked for: these values hold secrets.
        talk.say("\n".join(envfile.line(name, value) for name, value in lines.items()))


async def _agreed(site: GreetedSite, secrets: list[str], talk: Talk, patience: float) -> bool:
    ends = asyncio.get_running_loop().time() + patience
    said = ""
    with talk.waiting("Waiting until the plugin answers with the secret"):
        while True:
            found = await site.greet(secrets)
            wrong = next((one for one in found if not one.good), None)
            if wrong is None:
                return _shown(talk, found)
            if wrong.words != said:
                talk.show(wrong)
                said = wrong.words
            if asyncio.get_running_loop().time() >= ends:
                return False
            await asyncio.sleep(min(ASK_EVERY, patience))


def _shown(talk: Talk, found: Iterable[Finding]) -> bool:
    good = True
    for one in found:
        talk.show(one)
        good = good and one.good
    return good


def connect_in(talk: Talk, plan: Plan, policy: Path | None) -> bool:
    """Connect a site, under the house rules of a file or those that ship; false if it failed."""
    return asyncio.run(connect(plan, talk, context_under(policy)))


def context_under(policy: Path | None) -> DeskContext:
    """Return what it takes to open sites, under the house rules of a file or those that ship."""
    rules = load_policy(policy)
    return DeskContext(
        policy=lambda: rules, clock=lambda: datetime.now(UTC), read_report=read_queued
    )
