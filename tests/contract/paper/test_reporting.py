import asyncio
import html
import re

import pytest

from bot.demo.paper.memory import MemoryDamaged
from bot.domain.readers.site import PublicSite
from bot.domain.readers.ticket import read_ticket
from bot.domain.site import SiteKeys
from bot.web.public.reports import Form, read_form
from tests.support.waiting import PATIENCE

from .newsstand import INTAKE_SECRET, SITE, newsstand

PAPER = PublicSite(
    id=SITE, keys=SiteKeys(secrets=(INTAKE_SECRET,), salt=b"a salt for the tests only")
)

NOWHERE = "http://127.0.0.1:9/v1/reports"


async def test_a_comment_s_ticket_is_read_by_the_desk_as_a_report(tmp_path):
    async with newsstand(tmp_path, with_form=True) as stand:
        page = (await stand.get("/story"))[1]
        tickets = [html.unescape(one) for one in re.findall(r'name="ticket" value="([^"]*)"', page)]
        said = [read_ticket(one, [INTAKE_SECRET]) for one in tickets]
        third = next(t for t, one in zip(tickets, said, strict=True) if one["comment"]["id"] == "3")
        form = Form(ticket=third, reason="harassment", note=" He means her.\r\nYes. ", reader="")
        assert stand.readers is not None
        desk = stand.readers.bench.desk
        report = read_form(form, PAPER, desk)
        await stand.read_as("maryk")
        again = (await stand.get("/story"))[1]
    assert len(tickets) == 10
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
    others = [html.unescape(one) for one in re.findall(r'name="ticket" value="([^"]*)"', again)]
    assert {read_ticket(one, [INTAKE_SECRET])["reader"] for one in others} == {"maryk"}
    assert len(others) == 9, "one's own is not to be reported"


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
    assert stand.paper.memory.letters == []


async def test_a_damaged_file_is_told_in_words(tmp_path):
    (tmp_path / "paper.json").write_text('{"comments": 3')
    with pytest.raises(MemoryDamaged, match="demo-reset"):
        async with newsstand(tmp_path):
            pass
