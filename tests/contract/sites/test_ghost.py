"""Ghost's own traps: counts instead of events, versions that lack comments or bans, its tokens."""

from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web

from bot.domain.decisions import Action
from bot.domain.effects import Verb
from bot.domain.errors import SiteDown
from bot.domain.site import Ability
from bot.ports import PolledSite, WatchedSite

from .fake_ghost import KEY_ID, FakeGhost, ghost_id, report_id
from .stage import on_stage
from .test_promises import UNTIL, found_by, order


def told(number: int) -> str:
    """Return under which name a report comes, counted from 1."""
    return f"report-{report_id(number)}"


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
    assert [report.delivery for report in first] == [told(1), told(2)]
    assert [report.delivery for report in second] == [told(3), told(2)]
    assert not third
    assert fake.asked_reports == asked == 3


async def test_reported_comments_beyond_a_page_are_found():
    fake = FakeGhost()
    for number in range(230):
        fake.add(f"c{number:x}")
        fake.report(comment=f"c{number:x}")
    async with on_stage(fake) as site:
        reports, mark = await found_by(site)
        again, _ = await found_by(site, mark)
    assert len(reports) == 230
    assert not again


async def test_what_is_hidden_already_is_not_reported_again():
    fake = FakeGhost()
    fake.report()
    fake.comments[fake.comment_id]["status"] = "hidden"
    async with on_stage(fake) as site:
        assert not (await found_by(site))[0]


@pytest.mark.parametrize(
    ("version", "lacks"),
    [
        ("5.130", "read the comments"),
        ("6.0", "read the comments"),
        ("6.10", "read the comments"),
        ("6.16", "read the reports"),
        ("6.18", "read the reports"),
    ],
)
async def test_a_version_that_lacks_something_is_named_and_told_what_to_do(
    version: str, lacks: str
):
    fake = FakeGhost(version=version)
    fake.report()
    async with on_stage(fake) as site:
        [finding] = await site.check()
        with pytest.raises(SiteDown) as down:
            await found_by(site)
    said = f"This is Ghost {version}, which is too old to let the desk {lacks}."
    assert not finding.good
    assert finding.words == str(down.value) == f"{said} Update it to 6.19.4 or newer."
    assert not finding.mend  # the key is as it should be


@pytest.mark.parametrize("version", ["6.19", "6.20", "6.65", "7.0"])
async def test_a_version_that_has_everything_is_named(version: str):
    fake = FakeGhost(version=version)
    async with on_stage(fake) as site:
        [finding] = await site.check()
    assert finding.good
    assert finding.words.startswith(f"Ghost {version}: comments and reports can be read")
    assert "it can ban members" in finding.words


async def test_a_comment_is_hidden_by_a_version_that_has_no_list():
    fake = FakeGhost(version="6.10")
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.HIDE))).verb is Verb.DONE
    assert not fake.visible()


@pytest.mark.parametrize("version", ["5.130", "6.0", "6.10"])
@pytest.mark.parametrize("members", [True, False], ids=["members", "nobody"])
async def test_no_ban_is_offered_where_this_version_knows_none(version: str, members: bool):
    fake = FakeGhost(version=version)
    if not members:
        fake.members.clear()
    async with on_stage(fake) as site:
        assert Ability.BAN in site.abilities  # before anything was asked
        with pytest.raises(SiteDown):
            await found_by(site)
        assert Ability.BAN not in site.abilities
        assert Ability.HIDE in site.abilities


async def test_a_ban_that_this_version_does_not_know_still_hides_and_says_so():
    fake = FakeGhost(version="6.10")
    async with on_stage(fake) as site:
        outcome = await site.carry_out(order(fake, Action.BAN))
        assert Ability.BAN not in site.abilities
    assert outcome.verb is Verb.REFUSED
    assert outcome.placed
    assert outcome.words == (
        "The comment is hidden. Ghost 6.10 is too old to ban a member from commenting. Update it."
    )
    assert not fake.visible()


async def test_a_path_that_a_newer_ghost_no_longer_has_is_not_called_too_old():
    fake = FakeGhost(version="8.2")
    fake.has = lambda version: version == "6.0"  # type: ignore[method-assign]
    async with on_stage(fake) as site:
        with pytest.raises(SiteDown, match="does not let the desk") as down:
            await found_by(site)
    assert str(down.value).startswith("This is Ghost 8.2, which")
    assert str(down.value).endswith("Update the desk.")


@pytest.mark.parametrize("by_author_id", [True, False], ids=["since", "before"])
async def test_a_ban_of_a_deleted_member_hides_the_comment_and_says_so(by_author_id: bool):
    """The account is deleted since the comment was reported, or was so before."""
    fake = FakeGhost()
    fake.dismiss()
    author = fake.author_id if by_author_id else f"deleted-{fake.comment_id}"
    banning = replace(order(fake, Action.BAN), author_id=author)
    async with on_stage(fake) as site:
        outcome = await site.carry_out(banning)
        again = await site.carry_out(banning)
        lifted = await site.carry_out(replace(order(fake, Action.UNBAN), author_id=author))
    assert outcome == again
    assert (outcome.verb, outcome.placed) == (Verb.GONE, True)
    assert outcome.words == (
        "The comment is hidden. Ghost no longer has the author's account, so there is nobody to ban."
    )
    assert fake.writes == ["hidden", "published"]
    assert lifted.verb is Verb.DONE


async def test_a_report_of_what_a_deleted_member_wrote_is_read():
    fake = FakeGhost()
    fake.report()
    fake.dismiss()
    async with on_stage(fake) as site:
        [report], _ = await found_by(site)
    assert report.author.external_id == f"deleted-{fake.comment_id}"
    assert report.author.name == "deleted member"


async def test_a_comment_that_its_author_deleted_is_seen_to_be():
    fake = FakeGhost()
    fake.add("64a2")
    fake.add("64a3")
    fake.unwrite()
    del fake.comments[ghost_id("64a3")]
    asked = [fake.comment_id, ghost_id("64a2"), ghost_id("64a3"), "not-an-id-of-ghosts"]
    async with on_stage(fake) as site:
        assert isinstance(site, WatchedSite)
        seen = {one.comment_id: one for one in await site.look_at(asked)}
    assert seen.keys() == {fake.comment_id, ghost_id("64a2")}
    assert [seen[key].unwritten for key in asked[:2]] == [True, False]
    assert seen[fake.comment_id].comment is None


@pytest.mark.parametrize("action", [Action.HIDE, Action.KEEP, Action.UNHIDE, Action.BAN])
async def test_nothing_is_done_to_a_comment_that_its_author_deleted(action: Action):
    fake = FakeGhost()
    fake.unwrite()
    async with on_stage(fake) as site:
        outcome = await site.carry_out(order(fake, action))
    assert outcome.verb is Verb.GONE
    assert outcome.words == "Its author has deleted this comment at Ghost."
    assert fake.writes == []


async def test_a_ban_that_ended_is_none_though_ghost_goes_on_naming_it():
    fake = FakeGhost()
    async with on_stage(fake) as site:
        await site.carry_out(order(fake, Action.BAN))
        fake.clock.now = UNTIL + timedelta(days=1)
        assert fake.members[fake.author_id]["commenting"]["disabled"]
        again = replace(order(fake, Action.BAN), until=UNTIL + timedelta(days=9))
        assert (await site.carry_out(again)).verb is Verb.DONE
    assert fake.banned() == UNTIL + timedelta(days=9)


async def test_a_ban_of_another_length_replaces_the_one_there_is():
    fake = FakeGhost()
    async with on_stage(fake) as site:
        await site.carry_out(order(fake, Action.BAN, until=None))
        assert fake.banned() is None
        assert (await site.carry_out(order(fake, Action.BAN))).verb is Verb.DONE
    assert fake.banned() == UNTIL


async def test_an_edited_comment_is_not_decided_on_the_text_that_was_seen():
    fake = FakeGhost()
    fake.comments[fake.comment_id]["html"] = "<p>I am sorry.</p>"
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
    fake.comments[fake.comment_id]["status"] = "hidden"
    fake.comments[ghost_id("64a2")]["html"] = "<p>I am sorry.</p>"
    async with on_stage(fake) as site:
        assert isinstance(site, WatchedSite)
        seen = await site.look_at([*map(ghost_id, ("64a1", "64a2", "64a4")), "../x"])
    assert [(one.comment_id, one.visible) for one in seen] == [
        (ghost_id("64a1"), False),
        (ghost_id("64a2"), None),
    ]
    assert seen[1].comment is not None
    assert seen[1].comment.text == "I am sorry."


@pytest.mark.parametrize(("count", "most"), [(15, 100), (16, 100), (101, 100), (37, 15), (60, 15)])
async def test_all_reports_of_a_comment_are_read_however_many_a_page_has(count: int, most: int):
    fake = FakeGhost(most=most)
    for _ in range(count):
        fake.report()
    async with on_stage(fake) as site:
        reports, mark = await found_by(site)
        assert {report.delivery for report in reports} == {told(n) for n in range(1, count + 1)}
        assert len({report.reporter for report in reports}) == count
        for _ in range(20):
            fake.report()
        further, mark = await found_by(site, mark)
        assert {report.delivery for report in further} >= {
            told(n) for n in range(count + 1, count + 21)
        }
        assert not (await found_by(site, mark))[0]


async def test_what_comes_while_a_comments_reports_are_read_is_not_lost():
    fake = FakeGhost(most=15)
    for _ in range(40):
        fake.report()
    came = iter(range(7))
    fake.between_pages = lambda: None if next(came, None) is None else fake.report()
    async with on_stage(fake) as site:
        known, mark = set(), None
        for _ in range(5):
            reports, mark = await found_by(site, mark)
            known |= {report.delivery for report in reports}
    assert known == {told(n) for n in range(1, len(fake.reports) + 1)}


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
        fake.add(f"c{number:x}")
        fake.report(comment=f"c{number:x}")
    async with on_stage(fake) as site:
        reports, mark = await found_by(site)
        fake.report(comment=f"c{619:x}")
        late, _ = await found_by(site, mark)
    assert len(reports) == 620
    assert told(621) in [report.delivery for report in late]


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
        told(1),
        told(3),
        told(4),
        told(5),
    }
    assert len(found.unread) == 1
