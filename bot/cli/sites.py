"""`comment-desk sites connect`: what an admin does about the comment platforms."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.connect import Plan, Talk, connect
from bot.sites.base.context import DeskContext
from bot.web.queued import read_queued
from config.policy import load_policy


def connect_in(talk: Talk, plan: Plan, policy: Path | None) -> bool:
    """Connect a site, under the house rules of a file or those that ship; false if it failed."""
    return asyncio.run(connect(plan, talk, context_under(policy)))


def context_under(policy: Path | None) -> DeskContext:
    """Return what it takes to open sites, under the house rules of a file or those that ship."""
    rules = load_policy(policy)
    return DeskContext(
        policy=lambda: rules, clock=lambda: datetime.now(UTC), read_report=read_queued
    )
