"""What was kept for as long as the policy says is forgotten, and nothing else."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli.verify import verify
from bot.domain.comments import AuthorKey
from bot.domain.decisions import Action
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.legal import Stage
from bot.domain.retention import DAYS, Kept, RetentionRules
from bot.domain.seals import ERASED
from bot.services.authors.author import add_note as note_author
from bot.services.cases import legal
from bot.services.cases.lookup import search
from bot.services.cases.notes import add_note
from bot.services.privacy.retention import is_due, purge
from bot.services.readers.report import file_report
from bot.store.store import Place
from tests.services.desks import ANA, SAM, Bench
from tests.support.complaints import complaint
from tests.support.databases import contents, sqlite_only

YEAR = timedelta(days=365)
WORDS = ("xylophonic", "wobblegate", "grumblethorpe", "snickersnee")
"""In the text, in a reader's note, in a staff note, and in a decision's note."""


@pytest.fixture
def path(bench: Bench) -> Place:
    return bench.store.path


async def case(bench: Bench, number: int, action: Action | None) -> CaseId:
    """Take a comment with something of each kind about it, and decide it or not."""
    report = bench.report(
        comment=f"c{number}", author=f"a{number}", text=f"xylophonic {number}", note="A wobblegate."
    )
    key = AuthorKey(kind="network", digest=bytes([number]) * 16)
    await file_report(bench.desk, replace(report, author=replace(report.author, keys=(key,))), "en")
    taken = await bench.store.read(lambda tx: tx.cases.find(report.site, f"c{number}"))
    assert taken is not None
    await add_note(bench.desk, taken.id, ANA, "Known for grumblethorpe.")
    if action is not None:
        await bench.decide(taken.id, action, rule=RuleNumber(4), note="snickersnee")
    return taken.id


def keeping(bench: Bench, **days: int) -> None:
    """Let the policy say something else of some kinds, and ten years of the rest."""
    said: Mapping[Kept, int] = {what: days.get(what, 3650) for what in Kept}
    bench.policy = replace(bench.policy, retention=RetentionRules(days=said))


def left(path: Place) -> set[str]:
    return {word for word in WORDS if word.encode() in contents(path)}


async def test_all_of_a_decided_case_is_forgotten_in_time_and_not_before(bench: Bench, path: Place):
    kept, hidden = await case(bench, 1, Action.KEEP), await case(bench, 2, Action.HIDE)
    await note_author(bench.desk, kept, "More grumblethorpe.", ANA)
    bench.clock.pass_by(days=min(DAYS.values()) - 1)
    assert sum((await purge(bench.desk)).values()) == 0
    assert left(path) == {*WORDS}

    bench.clock.pass_by(days=365)
    amounts = await purge(bench.desk)
    assert {what: amounts[what] for what in (Kept.KEPT_TEXTS, Kept.HIDDEN_TEXTS)} == {
        Kept.KEPT_TEXTS: 1,
        Kept.HIDDEN_TEXTS: 1,
    }
    assert (amounts[Kept.READERS_NOTES], amounts[Kept.STAFF_NOTES]) == (2, 5)
    # Two receipts, and what became of the two reports.
    assert (amounts[Kept.ADDRESSES], amounts[Kept.RECEIPTS]) == (2, 4)
    assert left(path) == set()
    assert not (await search(bench.desk, "xylophonic", ANA)).views
    found = await verify(path)
    assert (found.decisions, found.broken, found.erasures) == (2, None, 1)
    made = await bench.store.read(lambda tx: tx.decisions.of_case(hidden))
    assert (made[0].verdict.note, made[0].verdict.by.name) == (ERASED, "Ana")
    assert sum((await purge(bench.desk)).values()) == 0, "nothing is forgotten twice"


async def test_an_open_case_keeps_everything(bench: Bench):
    await case(bench, 1, None)
    again = await case(bench, 2, Action.HIDE)
    bench.clock.pass_by(days=400)
    await bench.take(comment="c2", author="a2", text="xylophonic, edited", revision="r2")
    reopened = await bench.store.read(lambda tx: tx.cases.get(again))
    amounts = await purge(bench.desk)
    assert amounts[Kept.KEPT_TEXTS] == 0
    assert amounts[Kept.HIDDEN_TEXTS] == (0 if reopened.is_open else 1)
    first = await bench.store.read(lambda tx: tx.cases.get(CaseId(1)))
    assert (await bench.store.read(lambda tx: tx.cases.comment(first))).text == "xylophonic 1"


async def test_nothing_goes_while_a_legal_notice_runs_nor_for_a_year_after(
    bench: Bench, path: Path
):
    await case(bench, 1, Action.HIDE)
    notice = await legal.take_in(bench.desk, complaint(), by=SAM)
    bench.clock.pass_by(days=800)
    await purge(bench.desk)
    assert left(path) == {*WORDS}
    await legal.step(bench.desk, notice.id, Stage.REMOVED, by=SAM)
    bench.clock.pass_by(days=364)
    await purge(bench.desk)
    assert left(path) == {*WORDS}
    assert b"jane@example.org" in contents(path)
    bench.clock.pass_by(days=2)
    amounts = await purge(bench.desk)
    assert (left(path), amounts[Kept.EMAILS]) == (set(), 1)
    assert b"jane@example.org" not in contents(path)


async def test_a_threat_to_life_is_kept(bench: Bench, path: Place):
    threatened = await case(bench, 1, Action.HIDE)
    await bench.store.write(lambda tx: tx.legal_holds.keep(threatened, "life", bench.clock.now))
    bench.clock.pass_by(days=3000)
    await purge(bench.desk)
    assert left(path) == {*WORDS}


@pytest.mark.parametrize(
    ("what", "gone"),
    [
        (Kept.KEPT_TEXTS, set()),
        (Kept.HIDDEN_TEXTS, {"xylophonic"}),
        (Kept.READERS_NOTES, {"wobblegate"}),
        (Kept.STAFF_NOTES, {"grumblethorpe", "snickersnee"}),
        (Kept.ADDRESSES, set()),
    ],
)
async def test_each_kind_has_a_time_of_its_own(
    bench: Bench, path: Path, what: Kept, gone: set[str]
):
    await case(bench, 1, Action.HIDE)
    keeping(bench, **{what: 30})
    bench.clock.pass_by(days=29)
    assert sum((await purge(bench.desk)).values()) == 0
    bench.clock.pass_by(days=2)
    amounts = await purge(bench.desk)
    assert {*WORDS} - left(path) == gone
    assert {one for one in Kept if amounts[one]} == (
        {what} if what is not Kept.KEPT_TEXTS else set()
    )


async def test_an_account_that_is_banned_is_known_again_until_the_ban_ends(bench: Bench):
    banned = await case(bench, 1, None)
    await bench.decide(banned, Action.BAN, rule=RuleNumber(4), lasting=timedelta(days=365))
    keeping(bench, addresses=1)
    bench.clock.pass_by(days=364)
    assert (await purge(bench.desk))[Kept.ADDRESSES] == 0
    bench.clock.pass_by(days=2)
    assert (await purge(bench.desk))[Kept.ADDRESSES] == 1


async def test_a_dry_run_says_the_same_and_forgets_nothing(bench: Bench, path: Place):
    await case(bench, 1, Action.HIDE)
    await case(bench, 2, Action.KEEP)
    bench.clock.pass_by(days=400)
    before = await verify(path)
    would = await purge(bench.desk, dry=True)
    assert (await verify(path), left(path)) == (before, {*WORDS})
    assert await is_due(bench.desk)
    assert dict(await purge(bench.desk)) == dict(would)
    assert not await is_due(bench.desk)
    bench.clock.pass_by(days=1)
    assert await is_due(bench.desk)


async def test_what_a_purge_did_is_kept(bench: Bench):
    await case(bench, 1, Action.HIDE)
    bench.clock.pass_by(days=400)
    amounts = await purge(bench.desk)
    kept = await bench.store.read(lambda tx: tx.purging.recorded(limit=99))
    assert {what: amount for _, what, amount in kept} == dict(amounts)
    assert {at for at, *_ in kept} == {bench.clock.now}


@sqlite_only
async def test_many_cases_are_forgotten_in_short_works(bench: Bench, path: Place):
    for number in range(45):
        await bench.decide(await bench.take(comment=f"n{number}"), Action.KEEP, note="snickersnee")
    bench.clock.pass_by(days=400)
    amounts = await purge(bench.desk)
    assert (amounts[Kept.KEPT_TEXTS], amounts[Kept.STAFF_NOTES]) == (45, 45)
    with closing(sqlite3.connect(path)) as database:
        sizes = database.execute("SELECT COUNT(*) FROM erased GROUP BY erasure_id").fetchall()
    assert sorted(sizes) == [(5,), (20,), (20,)]
    assert (await verify(path)).broken is None
