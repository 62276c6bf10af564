"""A connected site is tried: a first report, hiding what it is about, and showing it again."""

import asyncio
import secrets

from bot.cli.site_values import Plan, Talk
from bot.domain.comments import Report
from bot.domain.decisions import Action
from bot.domain.effects import Order, Outcome, Verb
from bot.domain.errors import SiteDown
from bot.domain.ids import CaseId, DecisionId, SiteId
from bot.domain.site import Ability, Finding
from bot.ports import GreetedSite, PolledSite, Site
from bot.sites.base.context import DeskContext
from bot.sites.opening import open_site
from bot.sites.settings import SiteSettings

ASK_EVERY = 5.0
"""Seconds between looks for what an admin does at the site."""


async def try_out(plan: Plan, settings: SiteSettings, talk: Talk, desk: DeskContext) -> bool:
    """See a first report come, and hide what it is about and show it again, if wanted."""
    async with open_site(SiteId(plan.name), settings, desk) as site:
        if isinstance(site, GreetedSite):
            return True  # a report was tried already, of a comment that no reader saw
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
        if not _is_wanted(site.abilities, settings, talk):
            return True
        return await _hide_and_show(site, report, desk, talk)


def _is_wanted(can: frozenset[Ability], settings: SiteSettings, talk: Talk) -> bool:
    """Whether hiding and showing is to be tried, where a site can do both."""
    if not can >= {Ability.HIDE, Ability.UNHIDE}:
        return False
    question = "Hide this comment and show it again, to see that both work?"
    return talk.confirm(f"{question} {settings.platform.trying_out}".rstrip())


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
                    await asyncio.sleep(min(ASK_EVERY, patience))
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
