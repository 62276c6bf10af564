"""A complaint under the law of defamation, for tests: whole, unless a test says otherwise."""

from dataclasses import replace
from typing import Any

from bot.domain.ids import CaseId
from bot.domain.legal import Consent
from bot.services.cases.legal import Complaint


def complaint(case_id: int = 1, **changes: Any) -> Complaint:
    """Return what somebody typed in about a case."""
    whole = Complaint(
        case_id=CaseId(case_id),
        name="Jane Doe",
        email="jane@example.org",
        meaning="It says that I take bribes.",
        falsity="I never took one.",
        unknown=True,
        consent=Consent.REFUSED,
    )
    return replace(whole, **changes)
