"""Reports that are taken together come to what they come to one by one."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.comments import Author, AuthorKey, Comment, ReaderRecord, Report, Story
from bot.domain.decisions import Action
from bot.domain.errors import IdUsedBefore
from bot.domain.ids import DecisionId, PersonId, ReporterKey, RuleNumber
from bot.domain.reporters import ReaderStanding
from bot.domain.stories import StoryState, StoryStatus
from bot.services.cases.receive import receive
from bot.services.desk import Desk
from bot.store.sqlite import open_store
from bot.store.tx import Tx
from config.policy import load_policy
from tests.services.desks import NOON, Bench, Clock
from tests.support.fresh import new_desk

PEST, EXPERT = ReporterKey(b"p" * 16), ReporterKey(b"e" * 16)
READERS = [PEST, EXPERT, *(ReporterKey(bytes([number]) * 16) for number in range(3))]
_USUAL = load_policy()
DANGER = replace(_USUAL, rules=tuple(replace(rule, life=rule.number == 2) for rule in _USUAL.rules))
_BY_CHANCE = {
    "cases": {"token"},
    "decisions": {"previous", "digest", "chain_hash", "seals", "salts"},
    "outbox": {"key", "payload"},
    # How the index of words lays itself out.
    "words_data": {"id", "block"},
    "words_idx": {"segid", "term", "pgno"},
}

reports = st.builds(
    lambda comment, revision, author, named, story, titled, reader, rule, ago: (
        comment,
        f"r{revision}",
        Author(
            external_id=author,
            name=f"{author} {named}",
            since=NOON if named == 2 else None,
            keys=(AuthorKey(kind="email", digest=b"k"),) if named else (),
        ),
        Story(external_id=story, title=titled, url=f"https://x.example/{story}", section=titled),
        reader,
        RuleNumber(rule),
        NOON - timedelta(minutes=ago),
    ),
    st.sampled_from(["kept", "hidden", "open", "uncounted", "new1", "new2", "new3"]),
    st.integers(0, 1),
    st.sampled_from(["a1", "a2"]),
    st.integers(0, 2),
    st.sampled_from(["s1", "s2", "held"]),
    st.sampled_from(["", "Raids", "Thefts"]),
    st.sampled_from(READERS),
    st.integers(1, 3),
    st.integers(0, 2),
)
calls = st.lists(
    st.tuples(st.integers(0, 5), st.lists(reports, min_size=1, max_size=5), st.booleans()),
    min_size=1,
    max_size=6,
)


def made(number: int, told: Sequence[tuple], *, other: bool) -> list[Report]:
    """Return the reports of one request, whose body may be another one than before."""
    alone = len(told) == 1
    return [
        replace(
            Bench.report(Bench(None, Clock())),  # type: ignore[arg-type]
            delivery=f"msg-{number}" if alone else f"msg-{number}/{at}",
            comment=Comment(external_id=comment, revision=revision, text=f"Some {revision}."),
            author=author,
            story=story,
            reporter=reader,
            rule=rule,
            note="So there." if reader is PEST else None,
            at=sent,
            digest=b"other" if other else b"same",
        )
        for at, (comment, revision, author, story, reader, rule, sent) in enumerate(told)
    ]


async def prepare(bench: Bench) -> None:
    """Let there be a case of each kind, and readers of each kind."""
    for comment, action in (("kept", Action.KEEP), ("hidden", Action.HIDE), ("open", None)):
        case_id = await bench.take(
            comment=comment, author="a1", delivery=comment, reporter=READERS[-1]
        )
        if action is not None:
            await bench.decide(case_id, action)

    def work(tx: Tx) -> None:
        tx.readers.put(EXPERT, ReaderRecord(agreed=20, disagreed=0))
        until = NOON + timedelta(days=1)
        warned = ReaderStanding(
            decision_id=DecisionId(1), warned_at=NOON, uncounted_since=NOON, uncounted_until=until
        )
        tx.readers.stand(PEST, warned)
        tx.stories.put(
            StoryStatus(
                site=bench.report().site,
                story_id="held",
                state=StoryState.PROTECTED,
                by_id=PersonId(1),
                by_name="Ana",
                at=NOON,
            )
        )

    await bench.store.write(work)
    await bench.take(comment="uncounted", reporter=PEST, delivery="uncounted")


def everything(tx: Tx) -> dict[str, list[tuple]]:
    """Return all rows of all tables, but for what is drawn at random, or follows from that."""
    tables = tx.run("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    found: dict[str, list[tuple]] = {}
    for (table,) in tables:
        columns = [row[1] for row in tx.run(f"PRAGMA table_info({table})").fetchall()]
        named = ", ".join(name for name in columns if name not in _BY_CHANCE.get(table, ""))
        if named:
            asked = f"SELECT {named} FROM {table} ORDER BY {named}"  # noqa: S608 - names of our own
            found[table] = tx.run(asked).fetchall()
    return found


async def came_to(asked: Sequence[Sequence[Report]], *, together: bool):
    """Return what the calls were answered, and all that is kept then."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_store(new_desk(Path(folder) / "desk.db")) as store:
            bench = Bench(store, policy=DANGER)
            await prepare(bench)
            bench.clock.pass_by(hours=1)
            desk = bench.desk
            if together:
                answers = await asyncio.gather(
                    *(receive(desk, call) for call in asked), return_exceptions=True
                )
            else:
                answers = [await alone(desk, call) for call in asked]
            told = [answer if isinstance(answer, list) else type(answer) for answer in answers]
            return told, await store.read(everything)


async def alone(desk: Desk, call: Sequence[Report]):
    """Take a request's reports one after another, each in a transaction of its own."""
    try:
        return [receipt for report in call for receipt in await receive(desk, [report])]
    except IdUsedBefore as used:
        return used


@settings(max_examples=15, deadline=None)
@given(calls)
def test_what_comes_together_comes_to_what_comes_one_by_one(asked):
    requests = [made(number, told, other=other) for number, told, other in asked]
    one_by_one = asyncio.run(came_to(requests, together=False))
    assert asyncio.run(came_to(requests, together=True)) == one_by_one
