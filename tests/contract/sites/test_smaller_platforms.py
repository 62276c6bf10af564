"""Disqus, Comentario, Remark42 and those that only have a link: each one's own traps."""

from datetime import timedelta

import pytest

from bot.domain.decisions import Action
from bot.domain.effects import Outcome, Verb
from bot.domain.site import Ability, actions_of
from bot.ports import ClosingSite, Site
from bot.sites.link.site import LinkSite

from .fake_comentario import FakeComentario
from .fake_disqus import FakeDisqus
from .fake_remark42 import FakeRemark42
from .far_end import make_order
from .stage import NOW, Fake, on_stage
from .test_promises import UNTIL, found_by, order, says


async def closes(site: Site, story: str, is_closed) -> None:
    assert isinstance(site, ClosingSite)
    assert await site.close_story(story, closed=True) == Outcome(verb=Verb.DONE)
    assert is_closed()
    assert await site.close_story(story, closed=False) == Outcome(verb=Verb.DONE)
    assert not is_closed()


# -- Disqus


async def test_a_spent_budget_is_waited_out():
    fake = FakeDisqus(spent=True)
    async with on_stage(fake) as site:
        outcome = await site.carry_out(order(fake, Action.HIDE))
    assert outcome.verb is Verb.LATER
    assert outcome.after == timedelta(minutes=10)


async def test_an_error_under_status_200_is_one():
    fake = FakeDisqus(fault=says(200, '{"code": 12, "response": "Not enough privileges"}'))
    async with on_stage(fake) as site:
        outcome = await site.carry_out(order(fake, Action.HIDE))
    assert outcome.verb is Verb.MISCONFIGURED
    assert "Not enough privileges" in (outcome.words or "")


async def test_what_disqus_took_for_spam_is_restored():
    fake = FakeDisqus()
    fake.posts["8801"]["isSpam"] = True
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.UNHIDE))).verb is Verb.DONE
    assert not fake.posts["8801"]["isSpam"]


async def test_a_kept_comment_is_no_longer_flagged():
    fake = FakeDisqus()
    fake.report()
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.KEEP))).verb is Verb.DONE
        assert not (await found_by(site))[0]
    assert fake.writes == ["approve"]


async def test_all_flagged_comments_are_read():
    fake = FakeDisqus()
    for number in range(250):
        fake.add(str(number))
        fake.posts[str(number)]["isFlagged"] = True
    async with on_stage(fake) as site:
        assert len((await found_by(site))[0]) == 250


async def test_what_is_flagged_is_read_on_where_the_desk_was_stopped_or_anew():
    fake = FakeDisqus()
    for number in range(250):
        fake.add(str(number))
        fake.posts[str(number)]["isFlagged"] = True
    async with on_stage(fake) as site:
        first = await site.look_for_reports(None)
        assert first.more
        rest, end = await found_by(site, first.mark)
        assert len({*first.reports, *rest}) == 250
        assert len((await found_by(site, end))[0]) == 250, "the next turn begins anew"
        fake.forgotten = first.mark.removeprefix("cursor:")
        gone = await site.look_for_reports(first.mark)
        assert (gone.reports, gone.mark, gone.more) == ((), "", True), (
            "so it does if a place is gone"
        )


@pytest.mark.parametrize(
    "cursor",
    [
        None,
        {},
        {"hasNext": True},
        {"hasNext": True, "next": ""},
        {"hasNext": True, "next": None},
        {"hasNext": "yes", "next": "100"},
        {"hasNext": False, "next": "100"},
    ],
)
async def test_a_page_that_names_no_next_one_is_the_last(cursor):
    fake = FakeDisqus(cursor=cursor)
    fake.report()
    async with on_stage(fake) as site:
        found = await site.look_for_reports(None)
    assert (len(found.reports), found.more, found.mark) == (1, False, "")


async def test_a_guest_is_not_banned_by_a_name_that_anybody_may_take():
    fake = FakeDisqus()
    async with on_stage(fake) as site:
        outcome = await site.carry_out(order(fake, Action.BAN, author_id="guest-8801"))
    assert outcome.verb is Verb.REFUSED
    assert not fake.banned_users


async def test_a_thread_is_closed_and_opened():
    fake = FakeDisqus()
    async with on_stage(fake) as site:
        await closes(site, "71", lambda: fake.closed)


# -- Comentario


async def test_a_session_that_ended_is_begun_anew():
    fake = FakeComentario()
    async with on_stage(fake) as site:
        await site.carry_out(order(fake, Action.HIDE))
        fake.sessions.clear()
        assert (await site.carry_out(order(fake, Action.UNHIDE))).verb is Verb.DONE
    assert fake.logins == 2
    assert fake.visible()


async def test_its_own_account_is_asked_for_anew_where_the_session_ended():
    fake = FakeComentario()
    async with on_stage(fake) as site:
        for _ in range(2):
            [finding] = await site.check()
            assert finding.words == "the desk's account may ban"
            fake.sessions.clear()
    assert fake.logins == 2


async def test_only_a_superuser_may_ban_and_that_is_said():
    fake = FakeComentario(superuser=False)
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.BAN))).verb is Verb.MISCONFIGURED
        [finding] = await site.check()
    assert "cannot ban" in finding.words


async def test_a_page_is_made_read_only_and_opened():
    fake = FakeComentario()
    async with on_stage(fake) as site:
        await closes(site, fake.page, lambda: fake.readonly)


# -- Remark42


async def test_remark42_is_never_asked_to_erase():
    fake = FakeRemark42()
    async with on_stage(fake) as site:
        outcome = await site.carry_out(order(fake, Action.HIDE))
        assert Action.HIDE not in actions_of(site.abilities)
    assert outcome.verb is Verb.REFUSED
    assert fake.visible()
    assert not fake.writes


@pytest.mark.parametrize("until", [UNTIL, None])
async def test_a_block_always_has_an_end_in_hours_and_erases_nothing(until):
    fake = FakeRemark42()
    async with on_stage(fake) as site:
        outcome = await site.carry_out(order(fake, Action.BAN, until=until))
        assert "blocked" in (outcome.words or "")
        await site.carry_out(order(fake, Action.BAN, until=until))
        assert fake.writes == ["block=1"]
        assert fake.visible()
        banned = fake.banned()
        assert banned not in (True, False, None)
        assert banned == UNTIL if until else banned > NOW + timedelta(days=30_000)
        assert (await site.carry_out(order(fake, Action.UNBAN))).verb is Verb.DONE
    assert fake.banned() is False


async def test_a_block_that_is_not_there_afterwards_is_not_believed():
    fake = FakeRemark42(lies=True)
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.BAN))).verb is Verb.LATER


async def test_a_comment_without_its_page_cannot_be_found():
    fake = FakeRemark42()
    async with on_stage(fake) as site:
        kept = await site.carry_out(order(fake, Action.KEEP, permalink=None))
        fake.remove()
        gone = await site.carry_out(order(fake, Action.KEEP))
    assert kept.verb is Verb.REFUSED
    assert gone.verb is Verb.GONE


async def test_a_page_is_closed_but_for_one_that_is_too_old():
    fake = FakeRemark42()
    page = "https://courier.example/story"
    async with on_stage(fake) as site:
        await closes(site, page, lambda: fake.readonly)
        fake.too_old = True
        assert isinstance(site, ClosingSite)
        assert (await site.close_story(page, closed=True)).verb is Verb.REFUSED


async def test_a_wrong_password_for_remark42_is_said_to_be_so():
    fake = FakeRemark42(locked_out=True)
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.BAN))).verb is Verb.MISCONFIGURED


# -- link only


@pytest.mark.parametrize(
    ("action", "verb"),
    [(Action.KEEP, Verb.DONE), (Action.HIDE, Verb.REFUSED), (Action.BAN, Verb.REFUSED)],
)
async def test_where_only_a_link_leads_the_card_says_so(action: Action, verb: Verb):
    outcome = await LinkSite("https://console.example").carry_out(make_order(action))
    assert outcome.verb is verb
    assert ("by hand: https://courier.example/story#comment-3" in (outcome.words or "")) is (
        verb is Verb.REFUSED
    )


def test_where_only_a_link_leads_no_button_but_keep_is_offered():
    can = actions_of(LinkSite("https://console.example").abilities)
    assert can == {Action.KEEP, Action.REOPEN}


@pytest.mark.parametrize("kind", [FakeDisqus, FakeComentario])
async def test_the_timed_ban_is_claimed_only_where_it_ends_by_itself(kind: type[Fake]):
    async with on_stage(kind()) as site:
        assert (Ability.TIMED_BAN in site.abilities) is (kind is FakeDisqus)
