"""`comment-desk check` of a desk with several newsrooms: all of one, and then all of the next."""

import re
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Final

from bot.cli.check import check
from bot.domain.site import Finding
from config.newsrooms import FIRST, GuildSettings
from config.settings import Settings

_OWN: Final = re.compile(
    rf"DESK_DISCORD__({'|'.join(GuildSettings.model_fields).upper()})"
    r"|DESK_(POLICY|DATABASE_URL|DATABASE|PUBLIC__\w+)"
)
"""The settings that each newsroom has for itself."""


async def check_each(settings: Settings, only: str | None = None) -> AsyncGenerator[Finding]:
    """Yield what `check` finds, of each newsroom where there are several.

    Raises:
        DeskError: There is no site of the name `only`.
    """
    having = [one for one in settings.each.values() if only in one.sites]
    if only is not None or not settings.newsrooms:
        async for finding in check(having[0] if having else settings, only):
            yield finding
        return
    for name, one in settings.each.items():
        async for finding in check_newsroom(name, one):
            yield finding


async def check_newsroom(name: str, settings: Settings) -> AsyncGenerator[Finding]:
    """Yield what `check` finds of one newsroom, whose settings are given as if it were the only one."""
    async for finding in check(settings, listens=name == FIRST):
        yield _of(finding, name, settings.discord.variables)


def _of(finding: Finding, newsroom: str, variables: str) -> Finding:
    """Return what was found under the newsroom's name, and the names of its own settings."""

    def named(words: str) -> str:
        if newsroom == FIRST:
            return words
        return _OWN.sub(lambda found: variables + (found[1] or found[2]), words)

    return replace(
        finding,
        name=f"{newsroom}: {finding.name}",
        words=named(finding.words),
        mend=tuple(map(named, finding.mend)),
    )
