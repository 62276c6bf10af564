"""One reader's complaint about one comment, and what the site is answered."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.comment import Author, Comment, Story
from bot.domain.ids import CaseId, ReporterKey, RuleNumber, SiteId


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A complaint, parsed and checked at the door.

    `at` is when the reader sent it, by the site's clock; `delivery` is the webhook id it came
    under, with the index in its batch, so that a repeated delivery is answered as before.
    `referrer` is the host from which the reader came to the page, `None` if that is not known or
    is the paper's own. `missed` says that it was made while the desk was not there to take it,
    and found later. `digest` is of the request's whole body, `None` for what was not sent but
    asked for.
    """

    site: SiteId
    delivery: str
    comment: Comment
    author: Author
    story: Story
    reporter: ReporterKey
    rule: RuleNumber
    note: str | None
    at: datetime
    referrer: str | None = None
    missed: bool = False
    digest: bytes | None = field(default=None, compare=False)

    @property
    def request(self) -> str:
        """The webhook id, which all reports of a batch share."""
        return self.delivery.partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What is answered: the case, and whether the report was counted now or before."""

    case_id: CaseId
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A reporter's own words; hostile until read, never shown unasked."""

    rule: RuleNumber
    text: str
    at: datetime
