"""A reader's own report, as the reader follows it: a reference, and how far it has got."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.cases import Case, CaseState
from bot.domain.decisions import Action, Decision
from bot.domain.ids import CaseId, ReporterKey, RuleNumber, SiteId

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of references: no letter or digit that is misread for another one."""

REFERENCE_LENGTH = 9
"""Characters of a reference: 44 bits, so that none is hit by trying, and it can be read aloud."""

_TO_READ = re.compile(rf"[{ALPHABET}]{{{REFERENCE_LENGTH}}}")
_MISREAD = str.maketrans("OIL01U", "QJJQJV")


class Stage(StrEnum):
    """What a reader is told of a report; never who looked, nor what became of the author."""

    RECEIVED = "received"
    LOOKED_AT = "looked at"
    """Somebody has it, or the comment is kept back until somebody has looked."""
    KEPT = "kept"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderReport:
    """A report that its reader can come back to.

    `reference` is for people, who quote it in letters; the secret address is kept as a hash
    alone. `revision` is that of the comment when it was reported, `locale` the language that the
    reader used. `withdrawn_at` is when they took it back.
    """

    id: int
    reference: str
    site: SiteId
    case_id: CaseId
    reporter: ReporterKey
    rule: RuleNumber
    revision: int
    locale: str
    at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a report has got.

    `rule` is the house rule that a removal cites, `decided_at` when that was decided. `edited`
    says that the comment has another text than when it was reported.
    """

    stage: Stage
    edited: bool = False
    rule: RuleNumber | None = None
    decided_at: datetime | None = None


def progress(report: ReaderReport, case: Case, current: Decision | None) -> Progress:
    """Return how far a report has got, by its case as it now is and the decision that stands."""
    edited = case.revision > report.revision
    if report.withdrawn_at is not None:
        return Progress(stage=Stage.WITHDRAWN, edited=edited)
    if case.is_open or current is None:
        seen = case.is_held or case.state is not CaseState.OPEN
        return Progress(stage=Stage.LOOKED_AT if seen else Stage.RECEIVED, edited=edited)
    removed = current.action in (Action.HIDE, Action.BAN)
    return Progress(
        stage=Stage.REMOVED if removed else Stage.KEPT,
        edited=edited,
        rule=current.verdict.rule if removed else None,
        decided_at=current.at,
    )


def shown(reference: str) -> str:
    """Return a reference in groups, as it is easiest to read out: ``K7Q-F2M-9XB``."""
    return "-".join(reference[at : at + 3] for at in range(0, len(reference), 3))


def read_reference(text: str) -> str | None:
    """Return the reference that somebody typed, whatever its hyphens, spaces and small letters."""
    plain = re.sub(r"[\s-]", "", text).upper().translate(_MISREAD)
    return plain if _TO_READ.fullmatch(plain) else None
