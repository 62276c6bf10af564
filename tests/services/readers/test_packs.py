"""A case's pack: everything on record of it, inert, and with a proof that somebody can check."""

import json
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.cards.documents.pack import as_json, as_page
from bot.cards.parts import Pictured
from bot.cli.pack import packed
from bot.domain.cases import Answer, NoticeKind
from bot.domain.comments import Parent
from bot.domain.decisions import Action, Door
from bot.domain.errors import DeskError, NoSuchCase, NotAllowed
from bot.domain.ids import CaseId, RuleNumber, SiteId
from bot.domain.readers.pack import Pack
from bot.domain.routing import Route
from bot.domain.stories import StoryState
from bot.services.cases.notes import add_note
from bot.services.cases.receive import receive
from bot.services.cases.reverse import amend, reverse
from bot.services.readers.contest import answer_contest
from bot.services.readers.pack import pack_for, prove
from bot.services.readers.report import file_report
from bot.services.stories.story import StateChange, mark
from cogs.documents import Documents
from tests.services.desks import ANA, BEN, SAM, Bench
from tests.services.readers.test_month_figures import (
    EDDI,
    START,
    contested,
    editors_desk,
    noticed,
    taken,
)
from tests.services.readers.test_published_figures import assert_stands_alone
from tests.support.databases import sqlite_only

CASE = CaseId(1)
HERE = 77


async def pack(bench: Bench, case: CaseId = CASE, where: int | None = HERE) -> Pack:
    return await pack_for(editors_desk(bench), case, EDDI, where=where)


async def said(bench: Bench, **how: Any) -> dict[str, Any]:
    return json.loads(as_json(await pack(bench, **how), bench.policy))


def fields(item: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["value"] for one in item["fields"]}


def texts(item: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["text"] for one in item["texts"]}


async def test_everything_on_record_of_a_case_is_in_its_pack(bench: Bench):
    bench.clock.now = START
    await bench.take(text="First words", note="He means me")
    bench.clock.pass_by(minutes=10)
    await bench.take(text="Other words", revision="r2", rule=RuleNumber(4))
    filed = bench.report(text="Other words", revision="r2")
    await file_report(bench.desk, filed, "en")
    await noticed(bench, NoticeKind.NEWSROOM, START + timedelta(hours=1), CASE)
    await add_note(bench.desk, CASE, BEN, "Seen him before")
    bench.clock.pass_by(hours=2)
    await bench.decide(CASE, Action.HIDE, rule=RuleNumber(4), note="Third time")
    await amend(bench.desk, CASE, RuleNumber(5), by=ANA, door=Door.BUTTON)
    await reverse(bench.desk, CASE, by=SAM, door=Door.BUTTON, note="Not so bad")
    await bench.decide(CASE, Action.BAN, lasting=None, rule=RuleNumber(4))

    found = await said(bench)

    assert [texts(one)["text"] for one in found["texts"]] == ["First words", "Other words"]
    reports = [one for one in found["complaints"] if one["title"].startswith("Report")]
    assert [one["title"] for one in reports] == [
        "Report by reader 1",
        "Report by reader 2",
        "Report by reader 3",
    ]
    assert texts(reports[0]) == {"the reader's note": "He means me"}
    assert fields(reports[1])["rule"] == "4 Hate"
    roads = [fields(one).get("came by") for one in found["complaints"]]
    assert "the form for readers" in roads
    assert "page" in roads
    assert {one["title"] for one in found["people"]} == {"Ben"}
    titles = [one["title"] for one in found["decisions"]]
    assert titles == [
        "Decision 1: Hidden",
        "Decision 2: Hidden",
        "Decision 3: Shown again",
        "Proposed, and not agreed to yet",
    ]
    assert fields(found["decisions"][1])["corrects decision"] == "1"
    assert fields(found["decisions"][2])["undoes decision"] == "2"
    assert fields(found["decisions"][3])["asked for"] == "Hidden, and its author banned"
    assert texts(found["decisions"][0]) == {"note": "Third time"}
    notice = bench.policy.rule(RuleNumber(4)).notice
    assert fields(found["orders"][0])["words for the author"] == notice
    assert fields(found["orders"][0])["outcome"] == "Not carried out yet"
    times = [one["at"] for one in found["complaints"]]
    assert times == sorted(times)
    assert found["complaints"][0]["at_local"] == "2026-11-01T00:00:00+00:00"


async def test_contests_and_answers_are_in_it(bench: Bench):
    contest = await contested(bench, "c", Action.HIDE)
    await answer_contest(bench.desk, contest.id, Answer.OVERTURNED, by=BEN, reasons="A joke")
    [one] = (await said(bench))["contests"]
    assert texts(one) == {"what was said": "No", "reasons given": "A joke"}
    assert fields(one)["answer"] == "Changed"
    assert fields(one)["answered by"] == "Ben"


async def test_the_proof_is_that_of_the_whole_record(bench: Bench):
    for number in range(3):
        case = await taken(bench, f"c{number}", START)
        await bench.decide(case, Action.KEEP)
    found = await said(bench, case=CaseId(2))
    last = await bench.store.read(lambda tx: tx.decisions.last())
    assert last is not None
    assert found["record"] == {"decisions": 3, "head": last.digest, "broken": None}
    [line] = found["proof"]
    made = await bench.store.read(lambda tx: tx.decisions.get(2))
    assert made is not None
    assert fields(line) == {
        "digest": made.digest,
        "digest before it": made.previous,
        "verified": "Verified: as it was recorded",
    }
    assert "3 decisions, none changed" in as_page(await pack(bench), bench.policy)


@sqlite_only
async def test_a_record_that_was_edited_says_so_in_the_pack(bench: Bench):
    for number in range(2):
        case = await taken(bench, f"c{number}", START)
        await bench.decide(case, Action.KEEP, note="as it was")
    with sqlite3.connect(bench.store.path) as raw:
        named = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'decisions'"
        for (name,) in raw.execute(named).fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE decisions SET note = 'changed' WHERE id = 2")
    raw.close()
    assert (await prove(bench.store)).broken == "decision 2"
    page = as_page(await pack(bench, CaseId(2)), bench.policy)
    assert "does not verify: decision 2 was changed" in page
    assert "Changed after it was recorded" in page
    assert "Verified: as it was recorded" in as_page(await pack(bench), bench.policy)


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</blockquote></section></style><style>*{display:none}</style>",
    "{{ 7 * 7 }} {% raw %}",
    "&lt;b&gt; & \u202egnirts",
    "<!-- ]]> -->",
]


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_whatever_anybody_wrote_stays_words(bench: Bench, hostile: str):
    bench.clock.now = START
    report = bench.report(text=hostile, note=hostile, comment=hostile, author=hostile)
    report = replace(
        report,
        comment=replace(
            report.comment,
            permalink=f"https://x.example/{hostile}",
            parent=Parent(author=hostile, text=hostile),
        ),
        author=replace(report.author, name=hostile),
        story=replace(report.story, title=hostile, url=hostile),
    )
    await receive(bench.desk, [report])
    await add_note(bench.desk, CASE, BEN, hostile)
    await bench.decide(
        CASE, Action.HIDE, rule=RuleNumber(4), note=hostile, by=replace(ANA, name=hostile)
    )

    page = assert_stands_alone(as_page(await pack(bench), bench.policy))

    assert sum(hostile in words for words in page.words) >= 8
    assert sum(tag == "style" for tag, _ in page.tags) == 1
    assert json.loads(as_json(await pack(bench), bench.policy))["texts"][0]["texts"]


async def restrict(bench: Bench, channel: int | None) -> None:
    marked = StateChange(site=SiteId("courier"), story_id="s1", state=StoryState.PROTECTED)
    await mark(bench.desk, marked, by=SAM)
    if channel is not None:
        route = Route(channel_id=channel, state=StoryState.PROTECTED)
        bench.policy = replace(bench.policy, routes=(route,))


async def test_texts_of_a_restricted_story_are_read_in_their_own_channel_only(bench: Bench):
    await bench.take(text="The girl's name", note="It names her")
    await add_note(bench.desk, CASE, BEN, "Her name again")
    await bench.decide(CASE, Action.HIDE, rule=RuleNumber(4), note="Her name")
    await restrict(bench, 99)
    for where in (HERE, None):
        held = await pack(bench, where=where)
        assert held.withheld
        page = as_page(held, bench.policy)
        assert "Texts are left out of this copy" in page
        for words in ("girl", "names her", "Her name"):
            assert words not in page
            assert words not in as_json(held, bench.policy)
        assert "(left out)" in page
    there = as_page(await pack(bench, where=99), bench.policy)
    assert "The girl&#39;s name" in there
    assert "may be quoted nowhere else" in there


async def test_only_editors_take_a_pack(bench: Bench):
    await bench.take()
    for nobody in (ANA, SAM):
        with pytest.raises(NotAllowed):
            await pack_for(editors_desk(bench), CASE, nobody, where=HERE)
    with pytest.raises(NoSuchCase):
        await pack(bench, CaseId(1042))


async def test_the_command_takes_a_pack_from_the_file(bench: Bench, tmp_path: Path):
    await bench.take(text="Some words")
    path = bench.store.path
    assert "Some words" in await packed(path, None, 1, "html")
    assert json.loads(await packed(path, None, 1, "json"))["case"] == 1
    assert "Some words" not in await packed(path, None, 1, "json", withheld=True)
    with pytest.raises(NoSuchCase):
        await packed(path, None, 2, "html")
    with pytest.raises(DeskError, match="no database"):
        await packed(tmp_path / "none.db", None, 1, "html")


async def test_a_pack_too_large_for_discord_says_how_to_get_it(bench: Bench):
    await bench.take()
    documents = Documents(editors_desk(bench))
    small = await documents.pack_answer(CASE, EDDI, HERE, 10**7)
    assert isinstance(small, Pictured)
    assert [file.filename for file in small.files] == ["pack-1.html", "pack-1.json"]
    large = await documents.pack_answer(CASE, EDDI, HERE, 1_000)
    assert not isinstance(large, Pictured)
    words = " ".join(
        item.content for item in large.walk_children() if isinstance(item, discord.ui.TextDisplay)
    )
    assert "larger than Discord takes" in words
    assert "comment-desk pack 1 --out pack-1.html" in words
