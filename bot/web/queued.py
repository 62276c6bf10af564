"""Reports that a site kept for the desk, read as if the site had sent them."""

from datetime import datetime

from bot.domain.ids import SiteId
from bot.domain.policy import Policy
from bot.domain.report import Report
from bot.domain.site_keys import SiteKeys
from bot.web.problems import Problem
from bot.web.reading import Unreadable, read_report
from bot.web.shape import read_single
from bot.web.signature import Sender


def read_queued(
    body: bytes, site: SiteId, delivery: str, keys: SiteKeys, policy: Policy, now: datetime
) -> Report | None:
    """Return the report that a site's body makes, `None` where the intake would refuse it."""
    try:
        shaped = read_single(body)
        if shaped.site != site:
            return None
        sender = Sender(site=site, delivery=delivery)
        return read_report(shaped, sender, delivery, keys, policy, now)
    except (Problem, Unreadable):
        return None
