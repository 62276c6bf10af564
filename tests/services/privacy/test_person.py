"""Somebody asks what is held about them, or to be forgotten; and is, wherever it stood."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli.export import Format, export
from bot.cli.verify import verify, verify_lines
from bot.domain.cases import CaseView
from bot.domain.comments import Author, AuthorKey, Comment, Parent
from bot.domain.decisions import Action
from bot.domain.ids import CaseId, ReporterKey, RuleNumber, SiteId
from bot.domain.legal import Stage
from bot.domain.readers.report import shown
from bot.domain.seals import ERASED, NO_AUTHOR
from bot.domain.staff import Person
from bot.domain.subject import NoSubject, Subject, SubjectKind, parse
from bot.services.authors.author import add_note as note_author
from bot.services.cases import legal
from bot.services.cases.archive import log_next
from bot.services.cases.escalate import escalate
from bot.services.cases.lookup import search
from bot.services.cases.notes import add_note, ask_thread, look_in
from bot.services.cases.receive import receive
from bot.services.deliver import card_lane, order_lane
from bot.services.outbox_worker import turn
from bot.services.privacy.person import UnderHold, erase, forget_again, held_about
from bot.services.privacy.unsaying import forget_lane
from bot.services.readers.report import file_report
from bot.services.staff.shift import start_shift
from bot.services.staff.staff_messages import message_lane
from bot.store.opening import beside
from bot.store.remembering import Forgotten
from bot.store.sqlite import open_store
from bot.store.store import Place
from tests.services.desks import ANA, SAM, Bench
from tests.services.outside import CHANNEL, EDITORS, Channel, ObedientSite
from tests.support.complaints import complaint
from tests.support.databases import contents, sqlite_only
from tests.support.fresh import new_desk

LOG = 55
COURIER = SiteId("courier")
VICTIM = Author(
    external_id="acct-zorblax-77",
    name="Zorblax Quiverwood",
    keys=(AuthorKey(kind="network", digest=b"K" * 16),),
)
OTHER = Author(external_id="acct-other", name="Bystander")
READER = ReporterKey(b"R" * 16)
SECRET_WORDS = ("xylophonic", "Quiverwood", "zorblax", "grumblethorpe", "wobblegate", "snickersnee")
"""One for each place: the text, the name, the account, and notes of staff and of readers."""
AUTHOR = Subject(kind=SubjectKind.AUTHOR, site="courier", value=VICTIM.external_id)
MO = Person(id=SAM.id, name="Mortimer Plumduff", roles=SAM.roles)


class Room:
    """The desk's channels, until all that it asked of them is done."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.channel = Channel(bench.clock)
        self.site = ObedientSite()
        desk = bench.desk
        self._lanes = [
            card_lane(desk, self.channel),
            message_lane(desk, self.channel),
            order_lane(desk, COURIER, self.site),
            forget_lane(desk, self.channel, lambda: [CHANNEL, EDITORS, LOG]),
        ]

    async def settle(self) -> None:
        self._bench.clock.now += timedelta(minutes=1)
        for lane in self._lanes * 3:
            while await turn(lane):
                pass
        while await log_next(self._bench.desk, self.channel, LOG):
            pass

    def shown(self) -> str:
        return "\n".join(repr(one.what) for one in self.channel.messages.values())


@pytest.fixture
def path(bench: Bench) -> Place:
    return bench.store.path


@pytest.fixture
async def room(bench: Bench) -> Room:
    """A desk that knows a lot of one author, and something of another."""
    room = Room(bench)
    await log_next(bench.desk, room.channel, LOG)
    for number in range(3):
        case = await bench.take(
            comment=f"c{number}",
            author=VICTIM.external_id,
            text=f"My xylophonic opinion, part {number}.",
            note="He is a wobblegate.",
        )
        await name(bench, f"c{number}")
        await add_note(bench.desk, case, ANA, "Known for grumblethorpe.")
    await escalate(bench.desk, CaseId(2), ANA, "A snickersnee, no less.")
    await ask_thread(bench.desk, CaseId(1), ANA)
    await note_author(bench.desk, CaseId(1), "Rang up about grumblethorpe.", ANA)
    answer = Comment(
        external_id="c9",
        revision="r1",
        text="I do not agree.",
        parent=Parent(author=VICTIM.name, text="My xylophonic opinion, part 0."),
    )
    report = bench.report(comment="c9", author=OTHER.external_id)
    report = replace(report, comment=answer, author=OTHER, reporter=READER, note="Look at this.")
    await file_report(bench.desk, report, "en")
    await room.settle()
    await bench.decide(CaseId(1), Action.HIDE, rule=RuleNumber(4), note="grumblethorpe again")
    await bench.decide(CaseId(2), Action.BAN, by=SAM, rule=RuleNumber(4), lasting=timedelta(days=1))
    await bench.decide(CaseId(4), Action.KEEP, by=MO, note="Fine.")
    await room.settle()
    return room


async def name(bench: Bench, comment: str) -> None:
    """Let a further report say what the account is called, and by what it may be known again."""
    report = bench.report(comment=comment, text=f"My xylophonic opinion, part {comment[1:]}.")
    await receive(bench.desk, [replace(report, author=VICTIM)])


def left(path: Place, words: Sequence[str] = SECRET_WORDS) -> list[str]:
    inside = contents(path).lower()
    return [word for word in words if word.lower().encode() in inside]


@pytest.mark.usefixtures("room")
async def test_what_is_held_about_an_author_is_told_in_full(bench: Bench):
    held = await held_about(bench.desk, AUTHOR)
    told = json.dumps(held)
    assert {"account", "comments", "decisions", "staff notes on their cases"} <= held.keys()
    assert [word for word in SECRET_WORDS if word.lower() not in told.lower()] == [
        "wobblegate",
        "snickersnee",
    ]
    assert len(held["comments"]) == 3
    assert "I do not agree" not in told
    assert READER.hex() not in told, "who reported is nobody's to see"


async def test_an_erased_author_is_nowhere(bench: Bench, room: Room, path: Place):
    await bench.store.let_go()
    assert left(path) == list(SECRET_WORDS)
    before = await verify(path)
    assert (await search(bench.desk, "xylophonic", ANA)).views

    erased = await erase(bench.desk, AUTHOR, Forgotten(beside(path)), by="desk")
    assert (erased.cases, erased.decisions) == (4, 2)
    assert left(path) == []
    await room.settle()
    await bench.store.let_go()
    assert left(path) == [], "nor after Discord was told"

    for words in ("xylophonic", "opinion", VICTIM.name, f"author:{VICTIM.name}"):
        assert not (await search(bench.desk, words, ANA)).views
    assert [view.case.id for view, _ in (await search(bench.desk, "agree", ANA)).views] == [4]
    shown = room.shown().lower()
    assert [word for word in SECRET_WORDS if word.lower() in shown] == []
    assert room.channel.dropped

    found = await verify(path, before.last)
    assert (found.decisions, found.broken, found.missed, found.erasures) == (3, None, False, 1)
    with pytest.raises(NoSubject):
        await held_about(bench.desk, AUTHOR)


@pytest.mark.usefixtures("room")
async def test_cases_and_figures_go_on_without_the_person(bench: Bench, path: Place):
    await erase(bench.desk, AUTHOR, Forgotten(beside(path)), by="desk")
    cases = [await bench.store.read(lambda tx, n=n: tx.cases.get(CaseId(n))) for n in (1, 2, 3, 4)]
    ids = {case.author_id for case in cases if case}
    assert len(ids) == 2
    assert VICTIM.external_id not in ids
    assert any(one.startswith(NO_AUTHOR) for one in ids)
    view = await bench.store.read(
        lambda tx: tx.cases.view(CaseId(1), strikes_since=bench.desk.strikes_since())
    )
    assert isinstance(view, CaseView)
    assert (view.comment.text, view.author.name, view.record.strikes) == (ERASED, ERASED, 2)
    assert view.decision is not None
    assert (view.decision.action, view.decision.verdict.by.name) == (Action.HIDE, "Ana")
    await bench.decide(CaseId(3), Action.HIDE, rule=RuleNumber(4))
    assert (await verify(path)).broken is None


@pytest.mark.usefixtures("room")
async def test_a_new_report_of_somebody_erased_is_taken_as_any_other(bench: Bench, path):
    await erase(bench.desk, AUTHOR, Forgotten(beside(path)), by="desk")
    again = await bench.take(comment="c1", author=VICTIM.external_id, text="Something else.")
    assert again == 2
    assert await bench.take(comment="c77", author=VICTIM.external_id) == 5


@pytest.mark.usefixtures("room")
async def test_an_export_of_what_was_erased_verifies_by_itself(bench: Bench, path, tmp_path):
    await erase(bench.desk, AUTHOR, Forgotten(beside(path)), by="desk")
    written = tmp_path / "record.jsonl"
    with written.open("w", encoding="utf-8") as out:
        await export(path, out, Format.JSONL)
    assert verify_lines(written) == await verify(path)
    assert left(written) == []


async def test_what_is_under_legal_hold_is_refused_by_its_number(bench: Bench, room: Room, path):
    said = complaint(3)
    notice = await legal.take_in(bench.desk, said, by=SAM)
    await room.settle()
    held = await verify(path)
    words = (
        r"^Nothing was erased: case #3 must be kept as it is, because a legal notice is or was on it "
        r"within a year, or a life may be in danger\. Ask again once that is over\.$"
    )
    for subject in (AUTHOR, parse(SubjectKind.EMAIL, "JANE@example.org")):
        with pytest.raises(UnderHold, match=words):
            await erase(bench.desk, subject, Forgotten(beside(path)), by="desk")
    assert await verify(path) == held
    assert left(path, ["xylophonic"])

    await legal.step(bench.desk, notice.id, Stage.REMOVED, by=SAM)
    bench.clock.pass_by(days=364)
    with pytest.raises(UnderHold, match="case #3"):
        await erase(bench.desk, AUTHOR, Forgotten(beside(path)), by="desk")
    bench.clock.pass_by(days=2)
    await room.settle()
    await erase(
        bench.desk, parse(SubjectKind.EMAIL, "jane@example.org"), Forgotten(beside(path)), by="desk"
    )
    assert left(path, ["jane@example.org", "Jane Doe"]) == []
    await erase(bench.desk, AUTHOR, Forgotten(beside(path)), by="desk")
    assert left(path) == []


async def test_what_the_site_has_still_to_be_told_is_not_lost(
    bench: Bench, room: Room, path: Place
):
    room.site.trouble = "down"
    await bench.decide(CaseId(3), Action.HIDE, rule=RuleNumber(4))
    words = (
        r"^Nothing was erased: the site has still to be told what was decided about case #3\. Ask "
        r"again once the card says that it was\.$"
    )
    with pytest.raises(UnderHold, match=words):
        await erase(bench.desk, AUTHOR, Forgotten(beside(path)), by="desk")


@pytest.mark.usefixtures("room")
async def test_a_reader_is_shown_and_forgotten_by_key_or_by_reference(bench: Bench, path):
    receipts = await bench.store.read(lambda tx: tx.reader_reports.of_case(CaseId(4)))
    by_reference = parse(SubjectKind.READER, receipts[0].reference.lower())
    assert by_reference == parse(SubjectKind.READER, shown(receipts[0].reference)), "as it is told"
    held = await held_about(bench.desk, by_reference)
    assert held == await held_about(bench.desk, parse(SubjectKind.READER, READER.hex().upper()))
    assert [one["note"] for one in held["reports"]] == ["Look at this."]

    await erase(bench.desk, by_reference, Forgotten(beside(path)), by="desk")
    assert left(path, ["Look at this."]) == []
    assert READER not in contents(path)
    assert (await bench.store.read(lambda tx: tx.cases.get(CaseId(4)))).reporters == 1
    words = r"^There is no report with the reference \w+\. Copy it again from what the reader was shown\.$"
    with pytest.raises(NoSubject, match=words):
        await held_about(bench.desk, by_reference)


async def test_somebody_of_the_staff_is_forgotten_by_name_and_number(bench: Bench, room, path):
    await start_shift(bench.desk, MO, timedelta(hours=2))
    await look_in(bench.desk, CaseId(3), MO)
    subject = parse(SubjectKind.STAFF, str(MO.id))
    held = await held_about(bench.desk, subject)
    assert {"decisions", "shifts", "cases looked at"} <= held.keys()
    before = await verify(path)

    await erase(bench.desk, subject, Forgotten(beside(path)), by="desk")
    await room.settle()
    await bench.store.let_go()
    assert left(path, ["Plumduff"]) == []
    assert "Plumduff" not in room.shown()
    view = await bench.store.read(
        lambda tx: tx.cases.view(CaseId(4), strikes_since=bench.desk.strikes_since())
    )
    assert (view.decision.verdict.by.name, view.decision.verdict.note) == (ERASED, "Fine.")
    assert view.decision.verdict.by.id < 0
    found = await verify(path, before.last)
    assert (found.broken, found.missed, found.erasures) == (None, False, 1)
    with pytest.raises(NoSubject):
        await held_about(bench.desk, subject)


@sqlite_only
@pytest.mark.usefixtures("room")
async def test_a_backup_that_is_put_back_forgets_the_same_people(bench: Bench, path, tmp_path):
    backup = tmp_path / "other" / "desk.db"
    backup.parent.mkdir()
    await bench.store.backup(backup)
    assert left(backup)
    await erase(bench.desk, AUTHOR, Forgotten(beside(path)), by="desk")
    reader = parse(SubjectKind.READER, READER.hex())
    await erase(bench.desk, reader, Forgotten(beside(path)), by="desk")
    await erase(
        bench.desk, parse(SubjectKind.STAFF, str(MO.id)), Forgotten(beside(path)), by="desk"
    )
    kept_beside = Forgotten(beside(path))
    assert not any(word.encode() in kept_beside.path.read_bytes() for word in SECRET_WORDS)

    async with open_store(backup) as store:
        restored = Bench(store, clock=bench.clock)
        assert await forget_again(restored.desk, kept_beside) == 3
        assert left(backup, [*SECRET_WORDS, "Plumduff", "Look at this."]) == []
        assert READER not in contents(backup)
        assert await forget_again(restored.desk, kept_beside) == 0
    assert (await verify(backup)).broken is None


@pytest.mark.usefixtures("room")
async def test_a_file_that_is_lost_is_written_anew_from_the_database(bench: Bench, path):
    kept_beside = Forgotten(beside(path))
    await erase(bench.desk, AUTHOR, kept_beside, by="desk")
    kept = kept_beside.all()
    kept_beside.path.unlink()
    assert await forget_again(bench.desk, kept_beside) == 0
    assert kept_beside.all() == kept
    assert kept_beside.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("room")
async def test_what_was_begun_and_broken_off_is_finished_by_asking_again(bench: Bench, path):
    await bench.store.write(
        lambda tx: tx.persons.erase_author_in_record(
            AUTHOR, f"{NO_AUTHOR}first", bench.clock.now, by="desk", limit=1
        )
    )
    await erase(bench.desk, AUTHOR, Forgotten(beside(path)), by="desk")
    assert left(path) == []
    made = await bench.store.read(lambda tx: tx.decisions.of_case(CaseId(2)))
    assert {one.author_id for one in made} == {f"{NO_AUTHOR}first"}
    assert (await verify(path)).broken is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("author", "courier"),
        ("author", "/u-1"),
        ("author", "courier/"),
        ("staff", "Ana"),
        ("staff", "0"),
        ("staff", "-3"),
        ("email", "nobody"),
        ("reader", " "),
    ],
)
def test_what_names_nobody_is_refused_in_a_sentence(kind: str, value: str):
    with pytest.raises(NoSubject, match=r"[.]$"):
        parse(SubjectKind(kind), value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("author", "courier/none"), ("staff", "999"), ("email", "a@b"), ("reader", "f" * 32)],
)
@pytest.mark.usefixtures("room")
async def test_whoever_is_not_known_is_said_not_to_be(bench: Bench, path, kind, value):
    subject = parse(SubjectKind(kind), value)
    for ask in (
        held_about(bench.desk, subject),
        erase(bench.desk, subject, Forgotten(beside(path)), by=""),
    ):
        with pytest.raises(NoSubject, match="Nothing is held"):
            await ask


def test_every_column_that_names_people_is_known(tmp_path: Path):
    path = tmp_path / "desk.db"
    """A new table with somebody's name, words or address in it has to be thought of."""
    new_desk(path)
    with closing(sqlite3.connect(path)) as database:
        tables = [
            row[0]
            for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        found = {
            f"{table}.{row[1]}"
            for table in tables
            if not table.startswith(("sqlite", "words"))
            for row in database.execute(f"PRAGMA table_info({table})")
            if (
                row[1] not in _YES_OR_NO
                and row[1].endswith(("name", "email", "text", "note", "_by", "author", "reporter"))
            )
            or row[1] in {"author_id", "by_id", "person_id", "second_id"}
        }
    assert found - KNOWN == set()


_OF = {
    "alerts": "opinion_by raised_by",
    "absences": "name person_id",
    "author_counts": "author_id",
    "author_keys": "author_id",
    "author_notes": "author_id by_id by_name text",
    "authors": "name",
    "ban_drafts": "by_id note",
    "barred": "author_id",
    "cases": "author_id",
    "casework": "assigned_by assigned_name claim_name escalated_name escalated_note raised_name "
    "snooze_name",
    "contests": "by_id by_name text",
    "correspondents": "email",
    "decider_names": "name",
    "deciders": "name",
    "decisions": "author_id by_id by_name note second_id second_name",
    "erasures": "by_name",
    "hints": "author_id denied_by",
    "judged_reports": "reporter",
    "legal_notices": "by_name email name",
    "legal_steps": "by_name",
    "life_steps": "by_id by_name",
    "line_orders": "by_id",
    "lines": "by_id",
    "looks": "by_id by_name",
    "mutes": "by_name",
    "notices": "by_name email name taken_by text",
    "passes": "by_id",
    "proposals": "by_id by_name note",
    "questions": "by_id",
    "reacted": "person_id",
    "reader_reports": "reporter",
    "reader_standings": "reporter",
    "readers": "reporter",
    "reports": "note reporter",
    "revisions": "parent_author parent_text text",
    "runs": "name person_id",
    "sensitivity": "by_name",
    "set_up_changes": "by_id by_name",
    "shifts": "name person_id",
    "sightings": "reporter",
    "staff_notes": "by_id by_name text",
    "uncounted_reports": "reporter",
    "story_changes": "by_id by_name note",
    "story_states": "by_id by_name note",
}
_NOBODYS = {"bulletins.name", "cursors.name", "troubles.name", "unread.name"}
_YES_OR_NO = {"act_by", "claimed_by", "consents_email", "may_email", "may_name"}
"""How columns are called that say something of what names somebody, and name nobody."""
KNOWN = {f"{table}.{one}" for table, columns in _OF.items() for one in columns.split()} | _NOBODYS
