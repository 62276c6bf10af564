"""What `comment-desk check` looks at on a site: its address, the credentials, what it can do."""

from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace

from bot.domain.errors import DeskError
from bot.domain.ids import SiteId
from bot.domain.site import Ability, Finding
from bot.ports import Site
from bot.sites.base.context import DeskContext
from bot.sites.opening import open_site
from bot.sites.settings import SiteSettings


async def check_site(
    name: str, settings: SiteSettings, desk: DeskContext
) -> AsyncGenerator[Finding]:
    """Yield a finding a thing; nothing is changed at the site."""
    title = f"Site {name}"
    try:
        opening = open_site(SiteId(name), settings, desk)
        async with opening as site:
            for finding in await site.check():
                yield replace(finding, name=f"{title}: {finding.name}")
            yield Finding(name=f"{title}: decisions", good=True, words=_offered(site))
            yield _way_in(f"{title}: reports", settings, site)
    except DeskError as error:
        yield Finding(name=title, good=False, words=str(error))


def _offered(site: Site) -> str:
    offers = list(_offers(site.abilities))
    itself = "ban" in offers and Ability.TIMED_BAN not in site.abilities
    ends = "; the desk ends bans itself" if itself else ""
    return f"its cards offer {', '.join(offers)}{ends}"


def _offers(can: frozenset[Ability]) -> Iterator[str]:
    yield "keep"
    if Ability.HIDE in can:
        yield "hide and undo it" if Ability.UNHIDE in can else "hide"
    if {Ability.HIDE, Ability.BAN} <= can:
        yield "ban"


def _way_in(name: str, settings: SiteSettings, site: Site) -> Finding:
    every = settings.poll_seconds
    asked = f"it is asked every {'second' if every == 1 else f'{every} seconds'}"
    if settings.platform.ping_header:
        if settings.secrets:
            return Finding(name=name, good=True, words=f"it tells of reports, and {asked}")
        words = f"{asked}; with its webhook's secret in SECRETS, it could tell at once"
        return Finding(name=name, good=True, words=words)
    if Ability.POLL in site.abilities:
        return Finding(name=name, good=True, words=asked)
    return Finding(name=name, good=True, words="it sends them to /v1/reports, signed")
