"""Reports that a site kept for the desk, read as if the site had sent them."""

from datetime import datetime

from bot.domain.policy import Policy
from bot.domain.report import Report
from bot.web.keys import SiteKeys
from bot.web.problems import Problem
from bot.web.reading import Unreadable, read_report
from bot.web.shape import read_single
from bot.web.signature import Sender


def read_queued(
    body: bytes, sender: Sender, keys: SiteKeys, policy: Policy, now: datetime
) -> Report | None:
    """Return the report that a body makes, `None` where the intake would refuse it."""
    try:
        shaped = read_single(body)
        if shaped.site != sender.site:
            return None
        return read_report(shaped, sender, sender.delivery, keys, policy, now)
    except (Problem, Unreadable):
        return None
