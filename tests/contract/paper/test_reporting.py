import asyncio

import pytest

from bot.demo.paper import words
from bot.demo.paper.memory import MemoryDamaged
from bot.domain.decisions import Action
from tests.support.waiting import PATIENCE

from .newsstand import make_order, newsstand

NOWHERE = "http://127.0.0.1:9/v1/reports"


async def test_a_reader_reports_and_is_told_what_happens_next(tmp_path):
    async with newsstand(tmp_path) as stand:
        status, form = await stand.get("/story/comments/3/report")
        assert status == 200
        assert "commenting is a privilege, not a right, and may be withdrawn" in form
        for rule in stand.paper.policy.rules:
            assert f'value="{rule.code}"' in form
        status, page = await stand.post(
            "/story/comments/3/report", reason="harassment", note=" He means her.\r\nYes. "
        )
        assert status == 200
        assert "Our moderators have your report" in page
        assert "You have reported this comment" in page
        await stand.paper.all_sent()
        (report,) = stand.intake.reports
    assert report.site == "courier"
    assert report.comment.external_id == "3"
    assert report.comment.revision == "1"
    assert report.comment.text.startswith("You are all bought")
    assert report.comment.permalink == f"{stand.url}/story#comment-3"
    assert report.comment.parent is not None
    assert report.comment.parent.author == "maryk"
    assert report.author.name == "salty_dog"
    assert report.author.since is not None
    assert report.story.title == "Three charged after Colchester raids"
    assert report.rule == 3
    assert report.note == "He means her.\nYes."
    assert stand.paper.refused == []


@pytest.mark.parametrize("action", [Action.HOLD, Action.HIDE])
@pytest.mark.parametrize("reader", ["robin", "salty_dog"])
async def test_who_reported_is_thanked_also_when_the_comment_is_gone_at_once(
    tmp_path, action, reader
):
    async with newsstand(tmp_path) as stand:
        await stand.read_as(reader)
        await stand.post("/story/comments/3/report", reason="court")
        await stand.desk.carry_out(make_order(action, "3", "d-1"))
        page = (await stand.get("/story?reported=3"))[1]
        assert page.count(words.THANKS) == 1


async def test_a_report_without_a_note_has_none(tmp_path):
    async with newsstand(tmp_path) as stand:
        await stand.post("/story/comments/5/report", reason="court", note="  ")
        await stand.paper.all_sent()
        assert [report.note for report in stand.intake.reports] == [None]


async def test_a_report_without_a_reason_is_asked_for_one_and_keeps_the_note(tmp_path):
    async with newsstand(tmp_path) as stand:
        for reason in ({}, {"reason": "nonsense"}):
            status, page = await stand.post("/story/comments/3/report", note="<b>hm", **reason)
            assert status == 422
            assert "Please choose the rule" in page
            assert "&lt;b&gt;hm" in page
    assert stand.paper.memory.letters == []


async def test_a_note_that_is_too_long_is_refused_in_words(tmp_path):
    async with newsstand(tmp_path) as stand:
        status, page = await stand.post("/story/comments/3/report", reason="court", note="x" * 501)
    assert status == 422
    assert "it may have 500 characters, and yours has 501" in page
    assert stand.paper.memory.letters == []


async def test_an_edited_comment_is_reported_as_a_new_revision(tmp_path):
    async with newsstand(tmp_path) as stand:
        stand.paper.report("2", "robin", "spam")
        await stand.read_as("maryk")
        await stand.post("/story/comments/2/edit", text="Something else")
        stand.paper.report("2", "robin", "abuse")
        await stand.paper.all_sent()
        seen = [(one.comment.revision, one.comment.text[:6]) for one in stand.intake.reports]
    assert seen == [("1", "My son"), ("2", "Someth")]


async def test_reports_made_while_the_desk_is_away_arrive_when_it_is_back(tmp_path):
    async with newsstand(tmp_path, intake_url=NOWHERE) as stand:
        stand.paper.report("3", "robin", "harassment")
        stand.paper.report("3", "maryk", "threats")
        assert len(stand.paper.memory.letters) == 2
        stand.paper.intake_url = stand.intake.url
        async with asyncio.timeout(PATIENCE):
            await stand.paper.all_sent()
        assert [report.rule for report in stand.intake.reports] == [3, 1]


async def test_a_report_that_the_desk_could_not_store_is_sent_again(tmp_path):
    async with newsstand(tmp_path) as stand:
        stand.intake.troubles = 2
        stand.paper.report("3", "robin", "harassment")
        await stand.paper.all_sent()
        assert len(stand.intake.reports) == 1
        assert stand.paper.refused == []


async def test_reports_not_yet_sent_outlive_a_restart(tmp_path):
    async with newsstand(tmp_path, intake_url=NOWHERE) as stand:
        stand.paper.report("3", "robin", "harassment")
        (before,) = [letter.id for letter in stand.paper.memory.letters]
    async with newsstand(tmp_path) as stand:
        async with asyncio.timeout(PATIENCE):
            await stand.paper.all_sent()
        assert [report.delivery for report in stand.intake.reports] == [before]


async def test_a_report_that_the_desk_will_never_take_does_not_hold_up_the_next(tmp_path):
    async with newsstand(tmp_path) as stand:
        stand.paper.report("3", "", "harassment")
        stand.paper.report("3", "robin", "harassment")
        await stand.paper.all_sent()
        assert len(stand.intake.reports) == 1
        assert len(stand.paper.refused) == 1
        assert "reporter" in stand.paper.refused[0]


async def test_the_first_reports_come_in_once_in_the_papers_life(tmp_path):
    async with newsstand(tmp_path) as stand:
        stand.paper.seed()
        await stand.paper.all_sent()
        assert {one.comment.external_id for one in stand.intake.reports} == {"5", "7"}
        count = len(stand.intake.reports)
    async with newsstand(tmp_path) as stand:
        stand.paper.seed()
        await stand.paper.all_sent()
        assert stand.intake.reports == []
    assert count >= 4


async def test_a_burst_is_thirty_readers_on_one_story_and_can_come_again(tmp_path):
    async with newsstand(tmp_path) as stand:
        stand.paper.burst()
        await stand.paper.all_sent()
        first = {report.reporter for report in stand.intake.reports}
        stand.paper.burst()
        await stand.paper.all_sent()
        both = {report.reporter for report in stand.intake.reports}
        stories = {report.story.external_id for report in stand.intake.reports}
    assert (len(first), len(both), len(stories)) == (30, 60, 1)


async def test_what_is_not_there_cannot_be_reported(tmp_path):
    async with newsstand(tmp_path) as stand:
        with pytest.raises(ValueError, match="no comment 99"):
            stand.paper.report("99", "robin", "harassment")
        with pytest.raises(ValueError, match="no rule"):
            stand.paper.report("3", "robin", "nonsense")
        assert (await stand.get("/story/comments/99/report"))[0] == 200
        assert (await stand.post("/story/comments/99/report", reason="court"))[0] == 200
    assert stand.paper.memory.letters == []


async def test_a_damaged_file_is_told_in_words(tmp_path):
    (tmp_path / "paper.json").write_text('{"comments": 3')
    with pytest.raises(MemoryDamaged, match="demo-reset"):
        async with newsstand(tmp_path):
            pass
