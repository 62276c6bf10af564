"""The [retention] table of the policy file: for how many days what is kept."""

from typing import Any

from pydantic import Field

from bot.domain.retention import DAYS, LEAST, MOST, Kept, RetentionRules
from config.table import Table


def _days(what: Kept) -> Any:
    least = LEAST.get(what, 1)
    return Field(
        DAYS[what],
        ge=least,
        le=MOST,
        description=f"a whole number of days from {least} to {MOST}",
    )


class RetentionTable(Table):
    """What may stand under [retention]."""

    kept_texts: int = _days(Kept.KEPT_TEXTS)
    hidden_texts: int = _days(Kept.HIDDEN_TEXTS)
    readers_notes: int = _days(Kept.READERS_NOTES)
    staff_notes: int = _days(Kept.STAFF_NOTES)
    addresses: int = _days(Kept.ADDRESSES)
    emails: int = _days(Kept.EMAILS)
    receipts: int = _days(Kept.RECEIPTS)
    contests: int = _days(Kept.CONTESTS)
    snapshots: int = _days(Kept.SNAPSHOTS)
    report_log: int = _days(Kept.REPORT_LOG)

    def rules(self) -> RetentionRules:
        """Return the same as the desk works with it."""
        return RetentionRules(days={what: getattr(self, what) for what in Kept})
