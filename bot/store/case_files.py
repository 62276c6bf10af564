"""All that stands about one case in tables of which its card shows a part."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.domain.cases import Case
from bot.domain.comments import Parent
from bot.domain.effects import EffectState
from bot.domain.ids import CaseId, DecisionId, RuleNumber
from bot.domain.legal import Stage
from bot.domain.readers.pack import CaseFile, Complaint, LegalStep, TextThen, Told
from bot.domain.triage import CaseNote, Viewer
from bot.store.contests import Contests
from bot.store.deliveries import order_from
from bot.store.engine.connection import Connection
from bot.store.legal import LegalNotices
from bot.store.notices import Notices
from bot.store.readers import ReaderReports
from bot.store.stories import Stories
from bot.store.times import moment, moment_if

_TEXTS = """
SELECT revision, text, created, shown_at, permalink, parent_author, parent_text FROM revisions
WHERE case_id = ? ORDER BY revision
"""
_REPORTS = (
    "SELECT reporter, rule, note, at FROM reports WHERE case_id = ? ORDER BY at, reporter, rule"
)
_ORDERS = """
SELECT payload, state, attempts, done_at, trouble FROM outbox
WHERE case_id = ? AND kind = 'site' ORDER BY id
"""
_STATED = """
SELECT decision_id, statements.at FROM statements
JOIN decisions ON decisions.id = decision_id WHERE case_id = ?
"""
_STEPS = """
SELECT legal_id, legal_steps.stage, legal_steps.by_name, legal_steps.at FROM legal_steps
JOIN legal_notices ON legal_notices.id = legal_id WHERE case_id = ? ORDER BY legal_steps.id
"""
_NOTES = "SELECT by_id, by_name, text, at FROM staff_notes WHERE case_id = ? ORDER BY id"
_LOOKS = "SELECT by_id, by_name, at FROM looks WHERE case_id = ? ORDER BY at"


class CaseFiles:
    """Reads everything about a case."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run
        self._reports = ReaderReports(connection)
        self._notices = Notices(connection)
        self._legal = LegalNotices(connection)
        self._contests = Contests(connection)
        self._stories = Stories(connection)

    def of(self, case: Case, story_id: str) -> CaseFile:
        """Return what stands about a case and its story."""
        return CaseFile(
            texts=tuple(self._texts(case.id)),
            complaints=tuple(self._complaints(case.id)),
            filed=tuple(self._reports.of_case(case.id)),
            told=tuple(self._told(case.id)),
            stated=self._stated(case.id),
            notices=tuple(self._notices.of_case(case.id)),
            legal=tuple(reversed(self._legal.of_case(case.id))),
            legal_steps=tuple(self._steps(case.id)),
            contests=tuple(self._contests.of_case(case.id)),
            notes=tuple(self._notes(case.id)),
            lookers=tuple(self._lookers(case.id)),
            states=tuple(reversed(self._stories.changes(case.site, story_id))),
        )

    def _texts(self, case_id: CaseId) -> Iterator[TextThen]:
        for revision, text, created, shown, link, author, parent in self._rows(_TEXTS, case_id):
            yield TextThen(
                revision=revision,
                text=text,
                created=moment_if(created),
                shown_at=moment_if(shown) if shown else None,
                permalink=link,
                parent=None if parent is None else Parent(author=author, text=parent),
            )

    def _complaints(self, case_id: CaseId) -> Iterator[Complaint]:
        readers = dict[bytes, int]()
        for reporter, rule, note, at in self._rows(_REPORTS, case_id):
            number = readers.setdefault(reporter, len(readers) + 1)
            yield Complaint(reader=number, rule=RuleNumber(rule), note=note, at=moment(at))

    def _told(self, case_id: CaseId) -> Iterator[Told]:
        for payload, state, attempts, done_at, trouble in self._rows(_ORDERS, case_id):
            yield Told(
                order=order_from(payload),
                state=EffectState(state),
                attempts=attempts,
                done_at=moment_if(done_at) if state == EffectState.DONE else None,
                trouble=trouble,
            )

    def _stated(self, case_id: CaseId) -> Mapping[DecisionId, datetime]:
        return {DecisionId(one): moment(at) for one, at in self._rows(_STATED, case_id)}

    def _steps(self, case_id: CaseId) -> Iterator[LegalStep]:
        for notice, stage, name, at in self._rows(_STEPS, case_id):
            yield LegalStep(notice=notice, stage=Stage(stage), by_name=name, at=moment(at))

    def _notes(self, case_id: CaseId) -> Iterator[CaseNote]:
        for by_id, name, text, at in self._rows(_NOTES, case_id):
            yield CaseNote(by_id=by_id, by_name=name, text=text, at=moment(at))

    def _lookers(self, case_id: CaseId) -> Iterator[Viewer]:
        for by_id, name, at in self._rows(_LOOKS, case_id):
            yield Viewer(by_id=by_id, by_name=name, at=moment(at))

    def _rows(self, sql: str, case_id: CaseId) -> list[Any]:
        return self._run(sql, (case_id,)).fetchall()
