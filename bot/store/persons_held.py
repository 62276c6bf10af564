"""Where something about a person stands: what is shown to them, and what is taken out.

A table that comes to hold something of the kind gets its lines here, and a test looks whether each
column that names people is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.domain.seals import ERASED
from bot.domain.subject import SubjectKind
from bot.store.times import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One kind of thing that is held about somebody: its columns, and where they are found."""

    name: str
    columns: tuple[str, ...]
    found: str

    @property
    def sql(self) -> str:
        """The statement that reads it."""
        return " ".join(("SELECT", ", ".join(self.columns), self.found))

    def given(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the values that the statement is asked with."""
        return values * (self.found.count("?") // len(values))

    def rows(self, found: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
        """Return what was read, by the columns' names, as JSON has it."""
        names = [name.rpartition(" AS ")[2].rpartition(".")[2] for name in self.columns]
        return [
            {name: _shown(name, value) for name, value in zip(names, row, strict=True)}
            for row in found
        ]


_OF_THEIR_CASES: Final = (
    "JOIN cases ON cases.id = case_id WHERE cases.site = ? AND cases.author_id = ?"
)

_AUTHOR: Final = (
    Section(
        name="account",
        columns=("site", "external_id", "name", "since"),
        found="FROM authors WHERE site = ? AND external_id = ?",
    ),
    Section(
        name="comments",
        columns=(
            *("case_id", "comment_id", "revisions.revision", "text", "permalink", "created"),
            *("story_id", "opened_at", "state", "reports"),
        ),
        found=f"FROM revisions {_OF_THEIR_CASES} ORDER BY case_id, revisions.revision",
    ),
    Section(
        # Who reported, and what they wrote, is not the author's to see.
        name="reports of their comments",
        columns=("case_id", "rule", "at"),
        found=f"FROM reports {_OF_THEIR_CASES} ORDER BY case_id, at",
    ),
    Section(
        name="decisions",
        columns=("id", "case_id", "action", "rule", "reason", "note", "at", "until"),
        found="FROM decisions WHERE site = ? AND author_id = ? ORDER BY id",
    ),
    Section(
        name="staff notes on their cases",
        columns=("case_id", "text", "at"),
        found=f"FROM staff_notes {_OF_THEIR_CASES} ORDER BY staff_notes.id",
    ),
    Section(
        name="staff notes on the account",
        columns=("text", "at"),
        found="FROM author_notes WHERE site = ? AND author_id = ? ORDER BY id",
    ),
    Section(
        name="contests",
        columns=(
            *("case_id", "contests.decision_id", "text", "at", "answer", "contests.reasons"),
            "answered_at",
        ),
        found=f"FROM contests {_OF_THEIR_CASES} AND party = 'author' ORDER BY contests.id",
    ),
    Section(
        name="hashes by which the account may be known again",
        columns=("kind", "key"),
        found="FROM author_keys WHERE site = ? AND author_id = ? ORDER BY kind, key",
    ),
    Section(
        name="hints that it may be another account's",
        columns=("other_id", "strength", "reasons", "at"),
        found="FROM hints WHERE site = ? AND author_id = ? ORDER BY other_id",
    ),
    Section(
        name="what new accounts are compared with, as it was banned",
        columns=("skeleton", "profile"),
        found="FROM barred WHERE site = ? AND author_id = ?",
    ),
)
_READER: Final = (
    Section(
        name="reports",
        columns=("case_id", "rule", "note", "at"),
        found="FROM reports WHERE reporter = ? ORDER BY at, case_id",
    ),
    Section(
        name="receipts",
        columns=("reference", "site", "case_id", "rule", "locale", "at", "withdrawn_at"),
        found="FROM reader_reports WHERE reporter = ? ORDER BY id",
    ),
    Section(
        name="how often their reports were right",
        columns=("agreed", "disagreed"),
        found="FROM readers WHERE reporter = ?",
    ),
    Section(
        name="what became of their reports",
        columns=("decision_id", "reported_at", "at", "unfounded"),
        found="FROM judged_reports WHERE reporter = ? ORDER BY decision_id",
    ),
    Section(
        name="whether their reports are counted",
        columns=("decision_id", "warned_at", "uncounted_since", "uncounted_until"),
        found="FROM reader_standings WHERE reporter = ?",
    ),
    Section(
        name="contests",
        columns=(
            *("contests.case_id", "decision_id", "text", "contests.at", "answer", "reasons"),
            "answered_at",
        ),
        found="FROM contests JOIN reader_reports ON reader_reports.id = report_id "
        "WHERE party = 'reporter' AND reporter = ? ORDER BY contests.id",
    ),
    Section(
        name="the list of reports that spikes are looked for in",
        columns=("site", "case_id", "rule", "at", "referrer"),
        found="FROM sightings WHERE reporter = ? ORDER BY id",
    ),
)
_STAFF: Final = (
    Section(
        name="decisions",
        columns=("id", "case_id", "action", "rule", "note", "by_name", "door", "at"),
        found="FROM decisions WHERE by_id = ? ORDER BY id",
    ),
    Section(
        name="decisions agreed to",
        columns=("id", "case_id", "action", "second_name", "at"),
        found="FROM decisions WHERE second_id = ? ORDER BY id",
    ),
    Section(
        name="staff notes",
        columns=("case_id", "by_name", "text", "at"),
        found="FROM staff_notes WHERE by_id = ? ORDER BY id",
    ),
    Section(
        name="staff notes on authors",
        columns=("site", "author_id", "by_name", "text", "at"),
        found="FROM author_notes WHERE by_id = ? ORDER BY id",
    ),
    Section(
        name="answers to contests",
        columns=("case_id", "decision_id", "answer", "reasons", "answered_at"),
        found="FROM contests WHERE by_id = ? ORDER BY id",
    ),
    Section(
        name="states of stories",
        columns=("site", "story_id", "state", "note", "at"),
        found="FROM story_changes WHERE by_id = ? ORDER BY id",
    ),
    Section(
        name="changes of the set-up",
        columns=("setting", "value", "was", "by_name", "at"),
        found="FROM set_up_changes WHERE by_id = ? ORDER BY id",
    ),
    Section(
        name="steps about threats to life",
        columns=("case_id", "step", "at"),
        found="FROM life_steps WHERE by_id = ? ORDER BY at",
    ),
    Section(
        name="cases looked at",
        columns=("case_id", "at"),
        found="FROM looks WHERE by_id = ? ORDER BY at",
    ),
    Section(
        name="shifts",
        columns=("name", "since", "until"),
        found="FROM shifts WHERE person_id = ?",
    ),
    Section(
        name="breaks",
        columns=("name", "until"),
        found="FROM absences WHERE person_id = ?",
    ),
    Section(
        name="runs of acts",
        columns=("name", "act", "most", "since", "at"),
        found="FROM runs WHERE person_id = ? ORDER BY id",
    ),
    Section(
        name="typed lines",
        columns=("message_id", "channel_id"),
        found="FROM lines WHERE by_id = ? ORDER BY message_id",
    ),
)
_EMAIL: Final = (
    Section(
        name="legal notices",
        columns=(
            *("id", "case_id", "name", "email", "meaning", "falsity", "stage", "received_at"),
            "stage_at",
        ),
        found="FROM legal_notices WHERE LOWER(email) = LOWER(?) ORDER BY id",
    ),
    Section(
        name="notices",
        columns=(
            *("id", "reference", "kind", "road", "case_id", "address", "name", "email", "text"),
            *("falsity", "locale", "received_at", "outcome", "answer", "answered_at"),
        ),
        found="FROM notices WHERE LOWER(email) = LOWER(?) ORDER BY id",
    ),
    Section(
        name="where the desk writes to",
        columns=("email", "locale", "at", "report_id", "notice_id", "confirmed_at"),
        found="FROM correspondents WHERE LOWER(email) = LOWER(?) ORDER BY id",
    ),
)
SECTIONS: Final[Mapping[SubjectKind, tuple[Section, ...]]] = {
    SubjectKind.AUTHOR: _AUTHOR,
    SubjectKind.READER: _READER,
    SubjectKind.STAFF: _STAFF,
    SubjectKind.EMAIL: _EMAIL,
}
"""What is held about somebody, by what they are known."""

EVERY_SECTION: Final = tuple(one.sql for sections in SECTIONS.values() for one in sections)
"""The statements of all of them."""

_BARRED: Final = "SELECT id FROM barred WHERE site = ? AND author_id = ?"
OF_ACCOUNT: Final = (
    f"""
INSERT INTO authors (site, external_id, name, since, folded, named_at)
SELECT site, ?, '{ERASED}', NULL, '', 0 FROM authors WHERE site = ? AND external_id = ?
ON CONFLICT (site, external_id) DO NOTHING
""",  # noqa: S608 - a constant of ours
    "UPDATE cases SET author_id = ? WHERE site = ? AND author_id = ?",
    "UPDATE alerts SET key = ? WHERE site = ? AND key = ? AND tier = 'commenter'",
    "DELETE FROM author_notes WHERE site = ? AND author_id = ?",
    "DELETE FROM author_keys WHERE site = ? AND author_id = ?",
    f"DELETE FROM barred_grams WHERE barred_id IN ({_BARRED})",  # noqa: S608 - as above
    f"DELETE FROM barred_targets WHERE barred_id IN ({_BARRED})",  # noqa: S608 - as above
    "DELETE FROM barred WHERE site = ? AND author_id = ?",
    "DELETE FROM hints WHERE site = ? AND author_id = ?",
    "DELETE FROM hints WHERE site = ? AND other_id = ?",
    "DELETE FROM mutes WHERE site = ? AND key = ? AND tier = 'commenter'",
    "DELETE FROM authors WHERE site = ? AND external_id = ?",
)
"""What is done to forget an account; where three values are asked for, the first is its new id."""


def account_values(sql: str, site: str, account: str, goes_on_as: str) -> tuple[str, ...]:
    """Return the values that one of `OF_ACCOUNT` is run with."""
    return (site, account) if sql.count("?") == 2 else (goes_on_as, site, account)  # noqa: PLR2004 - see there


OF_READER: Final = (
    f"""
UPDATE contests SET text = '{ERASED}', salt = NULL, reasons = CASE WHEN reasons IS NULL THEN NULL ELSE '{ERASED}' END
WHERE party = 'reporter' AND report_id IN (SELECT id FROM reader_reports WHERE reporter = ?)
""",  # noqa: S608 - a constant of ours
    "UPDATE reports SET note = NULL, reporter = ? WHERE reporter = ?",
    "UPDATE sightings SET referrer = NULL, reporter = ? WHERE reporter = ?",
    # That a report was judged stays for the figures, under a key by chance.
    "UPDATE judged_reports SET reporter = ? WHERE reporter = ?",
    "UPDATE uncounted_reports SET reporter = ? WHERE reporter = ?",
    "DELETE FROM reader_standings WHERE reporter = ?",
    "DELETE FROM readers WHERE reporter = ?",
    "DELETE FROM reader_reports WHERE reporter = ?",
)
"""What is done to forget a reader; where two values are asked for, the first is a new key by chance."""

_NAMED: Final = f"by_id = ?, by_name = '{ERASED}' WHERE by_id = ?"
OF_STAFF: Final = (
    *(
        f"UPDATE {table} SET {_NAMED}"  # noqa: S608 - names of ours
        for table in (
            *("staff_notes", "author_notes", "story_states", "story_changes", "life_steps"),
            *("contests", "proposals", "set_up_changes"),
        )
    ),
    *(
        f"UPDATE {table} SET {number} = ?, {name} = '{ERASED}' WHERE {number} = ?"  # noqa: S608 - as above
        for table, number, name in (
            ("runs", "person_id", "name"),
            ("casework", "snooze_id", "snooze_name"),
            ("casework", "escalated_id", "escalated_name"),
        )
    ),
    """
UPDATE casework SET claim_id = NULL, claim_name = NULL, claim_at = NULL, claim_until = NULL
WHERE claim_id = ?
""",
    """
UPDATE casework SET assigned_id = NULL, assigned_name = NULL, assigned_by = NULL, assigned_at = NULL
WHERE assigned_id = ?
""",
    "UPDATE questions SET by_id = ? WHERE by_id = ?",
    "UPDATE lines SET by_id = ? WHERE by_id = ?",
    "UPDATE line_orders SET by_id = ? WHERE by_id = ?",
    # What still stands under an open card is carried out again if it is not known to have been.
    """
DELETE FROM reacted WHERE person_id = ?
AND message_id NOT IN (SELECT message_id FROM cards WHERE listed = 1 AND message_id IS NOT NULL)
""",
    "DELETE FROM passes WHERE by_id = ?",
    "DELETE FROM ban_drafts WHERE by_id = ?",
    "DELETE FROM looks WHERE by_id = ?",
    "DELETE FROM shifts WHERE person_id = ?",
    "DELETE FROM absences WHERE person_id = ?",
    "DELETE FROM deciders WHERE id = ?",
    "DELETE FROM decider_names WHERE id = ?",
)
"""What is done to forget who somebody of the staff is; of two values the first is a new id by chance."""

OF_STAFF_NAME: Final = tuple(
    f"UPDATE {table} SET {column} = '{ERASED}' WHERE {column} = ?"  # noqa: S608 - names of ours
    for table, column in (
        *(("alerts", "opinion_by"), ("alerts", "raised_by"), ("mutes", "by_name")),
        *(("sensitivity", "by_name"), ("hints", "denied_by"), ("casework", "assigned_by")),
        *(("casework", "raised_name"), ("legal_notices", "by_name"), ("legal_steps", "by_name")),
        *(("notices", "by_name"), ("notices", "taken_by")),
    )
)
"""Where the staff stand by name alone; each of somebody's names is looked for."""

OF_EMAIL: Final = (
    f"""
UPDATE legal_notices SET name = '{ERASED}', email = '{ERASED}', meaning = '{ERASED}',
    falsity = '{ERASED}'
WHERE LOWER(email) = LOWER(?)
""",  # noqa: S608 - a constant of ours
    "DELETE FROM correspondents WHERE LOWER(email) = LOWER(?)",
    """
UPDATE notices SET secret = NULL, address = '', name = '', email = '', text = '', falsity = '',
    answer = ''
WHERE LOWER(email) = LOWER(?)
""",
)
"""What is done to forget those who wrote from an address."""

_TIMES: Final = frozenset(
    {"at", "since", "created", "opened_at", "until", "answered_at", "withdrawn_at"}
    | {"received_at", "stage_at", "confirmed_at", "reported_at"}
    | {"warned_at", "uncounted_since", "uncounted_until"}
)


def _shown(name: str, value: object) -> object:
    if name in _TIMES and isinstance(value, int):
        return moment(value).isoformat()
    return value.hex() if isinstance(value, bytes) else value
