"""Ghost's own traps: counts instead of events, versions that lack comments or bans, its tokens."""

import pytest
from aiohttp import web

from bot.domain.decisions import Action
from bot.domain.effects import Verb
from bot.domain.errors import SiteDown
from bot.domain.site import Ability
from bot.ports import CheckedSite, PolledSite, WatchedSite

from .fake_ghost import KEY_ID, FakeGhost
from .stage import on_stage
from .test_promises import UNTIL, found_by, order


async def test_reports_are_asked_for_only_where_their_number_grew():
    fake = FakeGhost()
    fake.add("64a2")
    fake.report()
    fake.report(comment="64a2")
    async with on_stage(fake) as site:
        first, mark = await found_by(site)
        fake.report(comment="64a2")
        second, mark = await found_by(site, mark)
        asked = fake.asked_reports
        third, _ = await found_by(site, mark)
    assert [report.delivery for report in first] == ["report-r1", "report-r2"]
    assert [report.delivery for report in second] == ["report-r3", "report-r2"]
    assert not third
    assert fake.asked_reports == asked == 3


async def test_reported_comments_beyond_a_page_are_found():
    fake = FakeGhost()
    for number in range(230):
        fake.add(f"c{number}")
        fake.report(comment=f"c{number}")
    async with on_stage(fake) as site:
        reports, mark = await found_by(site)
        again, _ = await found_by(site, mark)
    assert len(reports) == 230
    assert not again


async def test_what_is_hidden_already_is_not_reported_again():
    fake = FakeGhost()
    fake.report()
    fake.comments["64a1"]["status"] = "hidden"
    async with on_stage(fake) as site:
        assert not (await found_by(site))[0]


async def test_a_ghost_without_comments_in_its_api_is_said_to_be_too_old():
    fake = FakeGhost(old=True)
    async with on_stage(fake) as site:
        assert isinstance(site, CheckedSite)
        [finding] = await site.check()
        outcome = await site.carry_out(order(fake, Action.HIDE))
    assert "too old" in finding.words
    assert outcome.verb is Verb.MISCONFIGURED


async def test_no_ban_is_offered_where_this_version_knows_none():
    fake = FakeGhost(bans=False)
    async with on_stage(fake) as site:
        await found_by(site)
        assert Ability.BAN not in site.abilities
        outcome = await site.carry_out(order(fake, Action.BAN))
    assert outcome.verb is not Verb.DONE
    assert not fake.visible()


async def test_a_ban_of_another_length_replaces_the_one_there_is():
    fake = FakeGhost()
    async with on_stage(fake) as site:
        await site.carry_out(order(fake, Action.BAN, until=None))
        assert fake.banned() is None
        assert (await site.carry_out(order(fake, Action.BAN))).verb is Verb.DONE
    assert fake.banned() == UNTIL


async def test_an_edited_comment_is_not_decided_on_the_text_that_was_seen():
    fake = FakeGhost()
    fake.comments["64a1"]["html"] = "<p>I am sorry.</p>"
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.HIDE))).verb is Verb.CHANGED
    assert fake.visible()


@pytest.mark.parametrize("key", ["", "no-colon", f"{KEY_ID}:not hex", ":"])
async def test_a_key_that_is_none_is_said_to_be_so(key: str):
    fake = FakeGhost(key=key)
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.HIDE))).verb is Verb.MISCONFIGURED


async def test_no_readers_address_is_taken_along():
    fake = FakeGhost()
    fake.report()
    async with on_stage(fake) as site:
        reports, mark = await found_by(site)
    assert "@" not in repr(reports) + (mark or "")


async def test_what_somebody_hid_or_edited_at_ghost_is_seen():
    fake = FakeGhost()
    for key in ("64a2", "64a3"):
        fake.add(key)
    fake.comments["64a1"]["status"] = "hidden"
    fake.comments["64a2"]["html"] = "<p>I am sorry.</p>"
    async with on_stage(fake) as site:
        assert isinstance(site, WatchedSite)
        seen = await site.look_at(["64a1", "64a2", "64a4", "../x"])
    assert [(one.comment_id, one.visible) for one in seen] == [("64a1", False), ("64a2", None)]
    assert seen[1].comment is not None
    assert seen[1].comment.text == "I am sorry."


@pytest.mark.parametrize(("count", "most"), [(15, 100), (16, 100), (101, 100), (37, 15), (60, 15)])
async def test_all_reports_of_a_comment_are_read_however_many_a_page_has(count: int, most: int):
    fake = FakeGhost(most=most)
    for _ in range(count):
        fake.report()
    async with on_stage(fake) as site:
        reports, mark = await found_by(site)
        assert {report.delivery for report in reports} == {
            f"report-r{n}" for n in range(1, count + 1)
        }
        assert len({report.reporter for report in reports}) == count
        for _ in range(20):
            fake.report()
        further, mark = await found_by(site, mark)
        assert {report.delivery for report in further} >= {
            f"report-r{n}" for n in range(count + 1, count + 21)
        }
        assert not (await found_by(site, mark))[0]


async def test_what_comes_while_a_comments_reports_are_read_is_not_lost():
    fake = FakeGhost(most=15)
    for _ in range(40):
        fake.report()
    came = iter(range(7))
    fake.between_pages = lambda: None if next(came, None) is None else fake.report()
    async with on_stage(fake) as site:
        told, mark = set(), None
        for _ in range(5):
            reports, mark = await found_by(site, mark)
            told |= {report.delivery for report in reports}
    assert told == {f"report-r{n}" for n in range(1, len(fake.reports) + 1)}


async def test_a_page_that_fails_in_the_middle_moves_no_mark():
    fake = FakeGhost(most=15)
    for _ in range(40):
        fake.report()

    def fail() -> None:
        fake.between_pages = None
        fake.fault = fail_once

    async def fail_once(_request: web.Request) -> web.Response:
        fake.fault = None
        return web.Response(status=502)

    fake.between_pages = fail
    async with on_stage(fake) as site:
        with pytest.raises(SiteDown):
            await found_by(site)
        assert len((await found_by(site))[0]) == 40


async def test_more_than_five_hundred_reported_comments_are_read_to_the_end():
    fake = FakeGhost()
    for number in range(620):
        fake.add(f"c{number}")
        fake.report(comment=f"c{number}")
    async with on_stage(fake) as site:
        reports, mark = await found_by(site)
        fake.report(comment="c619")
        late, _ = await found_by(site, mark)
    assert len(reports) == 620
    assert "report-r621" in [report.delivery for report in late]


async def test_one_report_that_cannot_be_read_keeps_no_other_back():
    fake = FakeGhost()
    for _ in range(5):
        fake.report()
    fake.reports[1]["id"] = 2.5
    fake.reports[3]["member"] = {"id": "\ud83d"}
    async with on_stage(fake) as site:
        assert isinstance(site, PolledSite)
        found = await site.look_for_reports(None)
    assert {report.delivery for report in found.reports} == {
        "report-r1",
        "report-r3",
        "report-r4",
        "report-r5",
    }
    assert len(found.unread) == 1
