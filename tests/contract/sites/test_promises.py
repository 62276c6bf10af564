"""What every adapter promises, tried on each: no lie is believed and nothing is raised."""

import asyncio
from datetime import timedelta

import pytest
from aiohttp import web

from bot.domain.comments import text_key
from bot.domain.decisions import Action
from bot.domain.effects import Order, Outcome, Verb
from bot.domain.errors import SiteDown
from bot.domain.site import Ability
from bot.ports import PolledSite, Site
from bot.sites.base.client import SiteClient

from .fake_comentario import FakeComentario
from .fake_coral import FakeCoral
from .fake_discourse import FakeDiscourse
from .fake_disqus import FakeDisqus
from .fake_ghost import FakeGhost
from .fake_remark42 import FakeRemark42
from .far_end import make_order
from .stage import NOW, Fake, Fault, context_of, on_stage

FAKES: list[type[Fake]] = [
    FakeCoral,
    FakeDiscourse,
    FakeGhost,
    FakeDisqus,
    FakeComentario,
    FakeRemark42,
]
UNTIL = NOW + timedelta(days=7)

every = pytest.mark.parametrize("kind", FAKES, ids=lambda kind: kind.__name__)


def having(*abilities: Ability) -> pytest.MarkDecorator:
    """Try the promise on every platform that can do these things."""
    kinds = [kind for kind in FAKES if set(abilities) <= abilities_of(kind)]
    return pytest.mark.parametrize("kind", kinds, ids=lambda kind: kind.__name__)


def abilities_of(kind: type[Fake]) -> frozenset[Ability]:
    fake, nowhere = kind(), "http://127.0.0.1:1"
    return fake.make(context_of(fake, nowhere), SiteClient(nowhere, clock=fake.clock)).abilities


def order(fake: Fake, action: Action, **more: object) -> Order:
    about = {
        "comment_id": fake.comment_id,
        "author_id": fake.author_id,
        "revision_key": fake.revision,
        "at": fake.clock(),
        "until": UNTIL if action is Action.BAN else None,
    }
    return make_order(action, key=f"decision-{action}", **(about | more))


def says(status: int, text: str, kind: str = "application/json", **headers: str) -> Fault:
    async def answer(_request: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, text=text, content_type=kind, headers=named)

    return answer


@having(Ability.HIDE, Ability.UNHIDE)
async def test_a_hidden_comment_is_hidden_and_comes_back(kind: type[Fake]):
    fake = kind()
    async with on_stage(fake) as site:
        assert await site.carry_out(order(fake, Action.HIDE)) == Outcome(verb=Verb.DONE)
        assert not fake.visible()
        assert await site.carry_out(order(fake, Action.UNHIDE)) == Outcome(verb=Verb.DONE)
        assert fake.visible()


@having(Ability.HIDE, Ability.BAN)
@pytest.mark.parametrize("action", [Action.HIDE, Action.BAN])
async def test_an_order_that_comes_twice_changes_nothing_more(kind: type[Fake], action: Action):
    fake = kind()
    async with on_stage(fake) as site:
        await site.carry_out(order(fake, action))
        written = len(fake.writes)
        assert written
        assert (await site.carry_out(order(fake, action))).verb is Verb.DONE
        assert len(fake.writes) == written


@every
@pytest.mark.parametrize("action", [Action.HIDE, Action.BAN, Action.KEEP, Action.UNHIDE])
async def test_no_platform_acts_on_a_text_that_nobody_has_read(kind: type[Fake], action: Action):
    """What was hidden, and edited out of sight, is not shown again either."""
    if action is not Action.KEEP and Ability.HIDE not in abilities_of(kind):
        pytest.skip("it cannot hide")
    fake = kind()
    async with on_stage(fake) as site:
        if action is Action.UNHIDE:
            await site.carry_out(order(fake, Action.HIDE))
        seen, written = fake.visible(), len(fake.writes)
        another = {"revision_key": "another", "text_key": text_key("Another text.")}
        outcome = await site.carry_out(order(fake, action, **another))
        assert outcome.verb is Verb.CHANGED
        assert outcome.found is not None
        assert outcome.found.text.startswith("You")
        assert "edited" in (outcome.words or "")
        assert (fake.visible(), len(fake.writes)) == (seen, written)
        # The same text, by whatever name the report called it, is the one that was judged.
        same = another | {"text_key": text_key(outcome.found.text)}
        assert (await site.carry_out(order(fake, action, **same))) == Outcome(verb=Verb.DONE)


def held(fake: Fake, **more: object) -> Order:
    """Return the order to put the comment on hold, which cites no rule."""
    return order(fake, Action.HOLD, rule=None, rule_name=None, notice="It is on hold.", **more)


@having(Ability.HIDE, Ability.UNHIDE)
@pytest.mark.parametrize("shows", [Action.KEEP, Action.UNHIDE])
async def test_a_held_comment_is_hidden_and_comes_back(kind: type[Fake], shows: Action):
    fake = kind()
    async with on_stage(fake) as site:
        assert await site.carry_out(held(fake)) == Outcome(verb=Verb.DONE)
        assert not fake.visible()
        written = len(fake.writes)
        assert (await site.carry_out(held(fake))).verb is Verb.DONE
        assert len(fake.writes) == written, "asked again, it is on hold already"
        assert await site.carry_out(order(fake, shows)) == Outcome(verb=Verb.DONE)
        assert fake.visible()


@having(Ability.HIDE, Ability.UNHIDE)
async def test_a_held_comment_may_then_be_hidden(kind: type[Fake]):
    fake = kind()
    async with on_stage(fake) as site:
        await site.carry_out(held(fake))
        assert await site.carry_out(order(fake, Action.HIDE)) == Outcome(verb=Verb.DONE)
        assert not fake.visible()


@having(Ability.HIDE, Ability.UNHIDE)
async def test_a_hold_judges_no_text_and_so_no_edit_stops_it(kind: type[Fake]):
    fake = kind()
    async with on_stage(fake) as site:
        assert await site.carry_out(held(fake, revision_key="another")) == Outcome(verb=Verb.DONE)
        assert not fake.visible()


@every
async def test_keeping_leaves_the_comment_visible(kind: type[Fake]):
    fake = kind()
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.KEEP))).verb is Verb.DONE
        assert fake.visible()


@having(Ability.HIDE, Ability.BAN, Ability.UNBAN)
async def test_a_banned_author_is_banned_until_then_and_can_be_let_back(kind: type[Fake]):
    fake = kind()
    async with on_stage(fake) as site:
        assert await site.carry_out(order(fake, Action.BAN)) == Outcome(verb=Verb.DONE)
        until = fake.banned()
        assert until is not False
        if Ability.TIMED_BAN in site.abilities:
            assert until is not None
            assert until is not True
            assert abs(until - UNTIL) <= timedelta(minutes=60)
        assert await site.carry_out(order(fake, Action.UNBAN)) == Outcome(verb=Verb.DONE)
        assert fake.banned() is False


@having(Ability.HIDE, Ability.BAN)
async def test_a_ban_for_good_does_not_end_soon(kind: type[Fake]):
    fake = kind()
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.BAN, until=None))).verb is Verb.DONE
        until = fake.banned()
        assert until is None or (until not in (True, False) and until - NOW > timedelta(days=3650))


@having(Ability.STAFF_CHECK)
@pytest.mark.parametrize("action", [Action.HIDE, Action.BAN])
async def test_staff_are_neither_hidden_nor_banned(kind: type[Fake], action: Action):
    fake = kind()
    async with on_stage(fake) as site:
        assert kind.staff is not None
        comment, author = kind.staff
        about = order(fake, action, comment_id=comment, author_id=author)
        outcome = await site.carry_out(about)
        assert outcome.verb is Verb.REFUSED
        assert "own people" in (outcome.words or "")
        assert not fake.writes


@having(Ability.HIDE)
async def test_a_comment_that_is_gone_is_said_to_be_gone(kind: type[Fake]):
    fake = kind()
    fake.remove()
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.HIDE))).verb is Verb.GONE


@having(Ability.HIDE, Ability.BAN)
@pytest.mark.parametrize("action", [Action.HIDE, Action.BAN])
async def test_a_success_without_effect_is_not_believed(kind: type[Fake], action: Action):
    fake = kind(lies=True)
    async with on_stage(fake) as site:
        outcome = await site.carry_out(order(fake, action))
        assert outcome.verb is Verb.LATER
        assert "answered" in (outcome.words or "")


@having(Ability.HIDE)
async def test_wrong_credentials_are_a_matter_of_the_set_up(kind: type[Fake]):
    fake = kind(locked_out=True)
    async with on_stage(fake) as site:
        outcome = await site.carry_out(order(fake, Action.HIDE))
        assert outcome.verb is Verb.MISCONFIGURED
        assert not fake.writes
        assert not all(finding.good for finding in await site.check())


@every
async def test_a_good_set_up_is_found_good_and_nothing_is_changed(kind: type[Fake]):
    fake = kind()
    async with on_stage(fake) as site:
        findings = await site.check()
        assert findings
        assert all(finding.good for finding in findings), findings
        assert not fake.writes


PAGE = "<!doctype html><title>Log in</title><p>Please log in."
TROUBLES: list[tuple[str, Fault, set[Verb]]] = [
    ("a page", says(200, PAGE, "text/html"), {Verb.LATER}),
    ("nothing", says(200, ""), {Verb.LATER}),
    ("trouble", says(500, PAGE, "text/html"), {Verb.LATER}),
    ("a gateway", says(502, "bad gateway", "text/plain"), {Verb.LATER}),
    ("redirect", says(302, "", Location="https://evil.example/"), {Verb.MISCONFIGURED}),
    ("forbidden page", says(403, PAGE, "text/html"), {Verb.MISCONFIGURED}),
]


@having(Ability.HIDE)
@pytest.mark.parametrize(
    ("fault", "verbs"), [row[1:] for row in TROUBLES], ids=[row[0] for row in TROUBLES]
)
async def test_a_trouble_is_an_outcome_in_words(kind: type[Fake], fault: Fault, verbs: set[Verb]):
    fake = kind(fault=fault)
    async with on_stage(fake) as site:
        outcome = await site.carry_out(order(fake, Action.HIDE))
        assert outcome.verb in verbs
        assert outcome.words
        assert "<" not in outcome.words
        if isinstance(site, PolledSite) and Ability.POLL in site.abilities:
            with pytest.raises(SiteDown):
                await site.look_for_reports(None)


@having(Ability.HIDE)
async def test_a_site_that_asks_for_a_pause_gets_it(kind: type[Fake]):
    fake = kind(fault=says(429, "slow down", "text/plain", Retry_After="90"))
    async with on_stage(fake) as site:
        outcome = await site.carry_out(order(fake, Action.HIDE))
        assert outcome.verb is Verb.LATER
        assert outcome.after == timedelta(seconds=90)


JUNK = ["[]", "null", "5", '"ok"', "{}", '{"data": []}', '{"data": 3}', "[" * 50_000, '{"a": NaN}']
JUNK += ['{"data": {"comment": {"status": [], "author": 5, "revision": "x"}, "user": []}}']
JUNK += ['{"posts": 1, "response": [], "comments": {"x": 1}, "code": 0, "members": [null]}']


@every
@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
async def test_whatever_a_site_answers_nothing_is_raised_and_nothing_believed(
    kind: type[Fake], junk: str
):
    fake = kind(fault=says(200, junk))
    async with on_stage(fake) as site:
        for action in (Action.HIDE, Action.BAN, Action.UNBAN):
            outcome = await site.carry_out(order(fake, action))
            assert outcome.verb is not Verb.DONE, action
        if isinstance(site, PolledSite) and Ability.POLL in site.abilities:
            try:
                found = await site.look_for_reports(None)
            except SiteDown:
                return
            assert not found.reports
            assert not found.more


@having(Ability.HIDE)
async def test_a_site_that_never_answers_is_left_after_a_while(kind: type[Fake]):
    async def hangs(_request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    fake = kind(fault=hangs)
    async with on_stage(fake, patience=0.05) as site:
        outcome = await site.carry_out(order(fake, Action.HIDE))
        assert outcome.verb is Verb.LATER
        assert "did not answer" in (outcome.words or "")


@having(Ability.HIDE, Ability.BAN, Ability.UNBAN)
@pytest.mark.parametrize("action", [Action.HIDE, Action.BAN])
async def test_a_change_whose_answer_was_lost_is_not_made_again(kind: type[Fake], action: Action):
    fake = kind()

    async def loses(request: web.Request) -> web.StreamResponse:
        answer = await fake.respond(request)
        if fake.writes:
            assert request.transport is not None
            request.transport.abort()
        return answer

    fake.fault = loses
    async with on_stage(fake) as site:
        outcome = await site.carry_out(order(fake, action))
        assert outcome.verb is Verb.LATER
        assert "did not answer" in (outcome.words or "")
        fake.fault = None
        made = set(fake.writes)
        fake.writes.clear()
        assert (await site.carry_out(order(fake, action))).verb is Verb.DONE
        assert not made & set(fake.writes)


async def found_by(site: Site, mark: str | None = None):
    assert isinstance(site, PolledSite)
    reports, more = [], True
    while more:
        found = await site.look_for_reports(mark)
        reports += found.reports
        mark, more = found.mark, found.more
    return reports, mark


@having(Ability.POLL)
async def test_reports_are_found_and_found_again_under_the_same_name(kind: type[Fake]):
    fake = kind()
    async with on_stage(fake) as site:
        fake.report()
        first, mark = await found_by(site)
        assert [report.comment.external_id for report in first] == [fake.comment_id]
        assert first[0].author.external_id == fake.author_id
        assert "You are all bought & sold." in first[0].comment.text
        assert first[0].story.title == "Raids & <arrests>"
        fake.clock.pass_by(minutes=1)
        fake.report()
        second, mark = await found_by(site, mark)
        new = {report.delivery for report in second} - {report.delivery for report in first}
        assert len(new) == 1
        third, _ = await found_by(site, mark)
        assert {one.delivery for one in third} <= {one.delivery for one in (*first, *second)}


@having(Ability.POLL)
@pytest.mark.parametrize("mark", ["", "{}", "null", "banana", '{"since": 5}', "9" * 5000])
async def test_a_mark_that_cannot_be_read_begins_anew(kind: type[Fake], mark: str):
    fake = kind()
    async with on_stage(fake) as site:
        fake.report()
        reports, _ = await found_by(site, mark)
        assert len(reports) == 1
