"""Discourse's own traps: versions, flags that somebody dealt with, dates for bans."""

import pytest

from bot.domain.decisions import Action
from bot.domain.effects import Outcome, Verb
from bot.ports import ClosingSite, PolledSite, WatchedSite

from .fake_discourse import FakeDiscourse
from .stage import NOW, POLICY, on_stage
from .test_promises import UNTIL, found_by, order


async def test_flags_that_somebody_answered_meanwhile_are_left_as_they_are():
    fake = FakeDiscourse()
    fake.reviewables["7"]["status"] = 2
    async with on_stage(fake) as site:
        outcome = await site.carry_out(order(fake, Action.HIDE))
    assert outcome.verb is Verb.CHANGED
    assert "already dealt with" in (outcome.words or "")
    assert fake.visible()


async def test_a_version_that_moves_on_between_reading_and_writing_is_tried_again():
    fake = FakeDiscourse()
    plain = fake.respond

    async def moves_on(request):
        if "perform" in request.path:
            fake.reviewables["7"]["version"] += 1
            fake.fault = None
        return await plain(request)

    fake.fault = moves_on
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.HIDE))).verb is Verb.LATER
        assert fake.visible()
        assert (await site.carry_out(order(fake, Action.HIDE))).verb is Verb.DONE
    assert not fake.visible()


async def test_an_edited_post_is_not_decided_on_the_text_that_was_seen():
    fake = FakeDiscourse()
    fake.posts["31"]["cooked"] = "<p>I am sorry.</p>"
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.HIDE))).verb is Verb.CHANGED
    assert not fake.writes


async def test_keeping_a_post_that_flags_have_hidden_shows_it_again():
    fake = FakeDiscourse()
    fake.posts["31"]["hidden"] = True
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.KEEP))).verb is Verb.DONE
    assert fake.visible()


async def test_a_version_without_the_action_is_not_asked_for_another():
    fake = FakeDiscourse(actions=["delete_user", "delete_and_agree"])
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.HIDE))).verb is Verb.REFUSED
    assert not fake.writes


async def test_older_versions_ignore_by_another_name():
    fake = FakeDiscourse(actions=["agree_and_hide", "ignore"], prefix="post-")
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.KEEP))).verb is Verb.DONE
    assert fake.writes == ["ignore"]


async def test_a_suspension_of_another_length_replaces_the_one_there_is():
    fake = FakeDiscourse()
    async with on_stage(fake) as site:
        await site.carry_out(order(fake, Action.BAN, until=None))
        assert (await site.carry_out(order(fake, Action.BAN))).verb is Verb.DONE
    assert fake.banned() == UNTIL
    assert "salty" not in str(fake.sent)


@pytest.mark.parametrize("silence", [True, False])
async def test_the_mail_leads_to_the_reasons_and_the_author_s_public_page_does_not(silence):
    fake = FakeDiscourse(silence=silence)
    url = "https://reports.courier.example/decision/x"
    async with on_stage(fake) as site:
        await site.carry_out(order(fake, Action.BAN, statement_url=url))
    assert fake.sent[-1]["message"].endswith(f"how to contest it: {url}")
    assert url not in fake.sent[-1]["reason"]


async def test_an_author_may_be_silenced_instead():
    fake = FakeDiscourse(silence=True)
    async with on_stage(fake) as site:
        await site.carry_out(order(fake, Action.BAN))
        assert fake.banned() == UNTIL
        assert fake.writes[-1] == "silence"
        await site.carry_out(order(fake, Action.UNBAN))
    assert fake.banned() is False


async def test_a_topic_is_closed_and_opened():
    fake = FakeDiscourse()
    async with on_stage(fake) as site:
        assert isinstance(site, ClosingSite)
        assert await site.close_story("9", closed=True) == Outcome(verb=Verb.DONE)
        assert fake.closed
        await site.close_story("9", closed=False)
        assert not fake.closed
        assert (await site.close_story("10", closed=True)).verb is Verb.GONE
        fake.lies = True
        assert (await site.close_story("9", closed=True)).verb is Verb.LATER


async def test_the_queue_is_read_to_its_end_ten_at_a_time():
    fake = FakeDiscourse()
    for number in range(100, 123):
        fake.add(str(number), str(number), str(number), f"user {number}", staff=False)
        fake.scores.append(
            {"id": number, "user_id": 1, "created_at": "2026-03-02T14:00:00Z", "item": number}
        )
    async with on_stage(fake) as site:
        reports, mark = await found_by(site)
    assert len(reports) == 23
    assert mark == "0"


@pytest.mark.parametrize("key", ["../users/1", "1/2", "", "x"])
async def test_a_name_that_is_no_number_leads_nowhere(key):
    fake = FakeDiscourse()
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.HIDE, comment_id=key))).verb is Verb.REFUSED


async def test_the_kind_of_a_flag_is_the_rule_and_its_reason_is_read_as_text():
    fake = FakeDiscourse()
    fake.report('caught by <a href="/settings">watched words</a>')
    async with on_stage(fake) as site:
        [report], _ = await found_by(site)
    assert POLICY.rule(report.rule).code == "spam"
    assert report.note == "caught by watched words (/settings)"


@pytest.mark.parametrize("hide", [True, False])
async def test_what_somebody_answered_in_discourses_own_queue_is_seen(hide: bool):
    fake = FakeDiscourse()
    fake.report()
    async with on_stage(fake) as site:
        assert isinstance(site, WatchedSite)
        assert not await site.look_at(["31-7"])
        await found_by(site)
        assert not await site.look_at(["31-7"])
        fake.answered("7", 900, hide=hide)
        await found_by(site)
        [seen] = await site.look_at(["31-7", "31-999", "x"])
    assert (seen.visible, seen.by, seen.at) == (not hide, "Jane", NOW)


async def test_what_the_desk_itself_answered_is_nobodys_decision():
    fake = FakeDiscourse()
    fake.users["77"] = {"id": 77, "username": "Desk", "admin": False, "moderator": True}
    fake.report()
    fake.answered("7", 77, hide=True)
    async with on_stage(fake) as site:
        await found_by(site)
        assert isinstance(site, WatchedSite)
        [seen] = await site.look_at(["31-7"])
    assert seen.visible is None


async def test_only_a_few_posts_are_looked_at_in_one_turn_and_all_in_some():
    fake = FakeDiscourse()
    for number in range(100, 112):
        fake.add(str(number), str(number), str(number), "user", staff=False)
    keys = [f"{number}-{number}" for number in range(100, 112)]
    async with on_stage(fake) as site:
        await found_by(site)
        assert isinstance(site, WatchedSite)
        turns = [{seen.comment_id for seen in await site.look_at(keys)} for _ in range(3)]
    assert [len(turn) for turn in turns] == [5, 5, 5]
    assert set.union(*turns) == set(keys)


async def test_a_long_queue_is_read_to_its_end_and_one_bad_item_keeps_none_back():
    fake = FakeDiscourse()
    for number in range(100, 335):
        fake.add(str(number), str(number), "501", "salty_dog", staff=False)
        fake.report()
        fake.scores[-1]["item"] = number
    fake.reviewables["205"]["target_created_by_id"] = 2.5
    del fake.reviewables["206"]["post_id"]
    async with on_stage(fake) as site:
        assert isinstance(site, PolledSite)
        reports, unread, mark, more = [], set(), None, True
        while more:
            found = await site.look_for_reports(mark)
            reports += found.reports
            unread |= found.unread
            mark, more = found.mark, found.more
    assert len({report.comment.external_id for report in reports}) == 233
    assert unread == {"id 205", "id 206"}
