"""Notices of another kind: joined to their case, entered by staff, answered, tied by hand."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.cases import NoticeKind
from bot.domain.decisions import Action, Door
from bot.domain.effects import EffectKind
from bot.domain.errors import NoChange, NoSuchCase, NotAllowed, NotUnderstood
from bot.domain.ids import CaseId
from bot.domain.legal import Stage
from bot.domain.readers.email import is_email
from bot.domain.readers.notice import (
    NoticeStage,
    NoticeText,
    Outcome,
    Road,
    is_same_page,
    is_web_address,
    spellings,
)
from bot.domain.sayings import ReminderKind
from bot.services.cases import legal
from bot.services.cases.receive import receive
from bot.services.cases.reverse import reverse
from bot.services.readers import notice
from bot.services.readers.complaint import came_at, find_case, name_and_email
from bot.services.readers.notice_case import seek
from bot.store.deliveries import reminder_from
from tests.services.desks import ANA, NOON, OLLY, SAM, Bench
from tests.support.complaints import complaint

ADDRESS = "https://courier.example/s1?a=1#comment-c1"
SAID = NoticeText(kind=NoticeKind.NEWSROOM, address=ADDRESS, text="It gives away a plot.")
LEGAL = NoticeText(
    kind=NoticeKind.LEGAL,
    address=ADDRESS,
    text="It says that I take bribes.",
    falsity="I never took one.",
    name="Jane Doe",
    email="jane@example.org",
    unknown=True,
    may_name=True,
    may_email=False,
)


async def reported(bench: Bench, comment: str = "c1", address: str = ADDRESS) -> CaseId:
    report = bench.report(comment=comment)
    there = replace(report, comment=replace(report.comment, permalink=address))
    [receipt] = await receive(bench.desk, [there])
    return receipt.case_id


async def taken_in(bench: Bench, said: NoticeText) -> notice.Taken:
    """Take a notice by the page and look for its comment, as the desk does at once."""
    taken = await notice.take_notice(bench.desk, said, "en")
    await seek(bench.desk, {})
    found = await bench.store.read(lambda tx: tx.notices.get(taken.notice.id))
    assert found is not None
    return replace(taken, notice=found)


async def reminders(bench: Bench) -> list[ReminderKind]:
    """Return what is to be said at some time, in the order in which it falls due."""
    later = bench.clock.now + timedelta(days=99)
    found = await bench.store.read(lambda tx: tx.outbox.due(EffectKind.REMINDER, later, limit=99))
    return [reminder_from(one.payload, name="", due_at=one.due_at).kind for one in found]


@pytest.mark.parametrize(
    "typed",
    [
        ADDRESS,
        "http://courier.example/s1?a=1#comment-c1",
        "https://www.courier.example/s1?a=1#comment-c1",
        "https://courier.example/s1/?a=1#comment-c1",
        "https://COURIER.example/s1?a=1#comment-c1",
    ],
)
async def test_a_comment_is_found_however_its_address_is_written(bench: Bench, typed: str):
    case = await reported(bench)
    await reported(bench, "c2", "https://courier.example/s1?a=1#comment-c2")
    assert (await taken_in(bench, replace(SAID, address=typed))).notice.case_id == case
    assert await find_case(bench.desk, NoticeKind.ILLEGAL, typed, ANA) == case


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        (
            "https://zürich-post.example/a#comment-1",
            "https://xn--zrich-post-9db.example/a#comment-1",
        ),
        ("https://xn--zrich-post-9db.example/a#c", "https://www.zürich-post.example/a/#c"),
        ("https://faß.example/a", "https://xn--fa-hia.example/a"),
        ("https://courier.example/%d1%89#c", "https://courier.example/щ#c"),
        ("https://courier.example/%D1%89#c", "http://courier.example/%d1%89/?utm=x#c"),
        ("https://courier.example/?p=%C3%A9#c", "https://courier.example/?p=é#c"),
        ("https://[2001:db8::7]:8443/a#c", "http://[2001:DB8::7]:8443/a/#c"),
        ("HTTPS://Courier.example/a#c", "HTTPS://Courier.example/a#c"),
    ],
)
async def test_a_comment_is_found_whatever_letters_its_address_is_written_in(
    bench: Bench, kept: str, typed: str
):
    case = await reported(bench, "c9", kept)
    assert await find_case(bench.desk, NoticeKind.ILLEGAL, typed, ANA) == case


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://zürich-post.example/a#1", "https://www.xn--zrich-post-9db.example/a/"),
        ("https://courier.example/щ", "http://courier.example/%d1%89#comment-1"),
        ("https://[::1]:8443/a", "http://[::1]/a?b"),
    ],
)
def test_two_spellings_of_a_page_are_one_page(one: str, other: str):
    assert is_same_page(one, other)
    assert is_web_address(one)
    assert not is_same_page(one, other.replace("/a", "/b").replace("89", "8a"))


def test_no_address_has_more_spellings_than_the_store_asks_for():
    for address in (
        ADDRESS,
        "https://x.example/a/?b",
        "http://www.x.example:8080/",
        "nothing",
        "https://[::1",
        "https://[2001:db8::7]/a",
        "https://www.zürich-post.example:8443/straße/ä?ö#comment-1",
        "https://xn--zrich-post-9db.example/%c3%A4/?b",
    ):
        assert len(spellings(address)) <= 65
        assert spellings(address)[0] == address


async def test_a_notice_shows_on_its_cases_card_with_its_clock_until_it_is_answered(bench: Bench):
    case = await reported(bench)
    taken = (await taken_in(bench, SAID)).notice

    async def marks() -> list[tuple[NoticeKind, bool]]:
        view = await bench.store.read(lambda tx: tx.cases.view(case, strikes_since=NOON))
        assert view is not None
        return [(mark.kind, mark.act_by is not None) for mark in view.notices]

    assert await marks() == [(NoticeKind.NEWSROOM, True)]
    await notice.answer_notice(bench.desk, taken.id, Outcome.DECLINED, "We keep it.", by=ANA)
    assert await marks() == [(NoticeKind.NEWSROOM, False)]
    await legal.take_in(
        bench.desk,
        complaint(
            case,
            name="",
            email="",
            meaning="",
            falsity="",
            unknown=False,
            consent=legal.Consent.UNSAID,
        ),
        by=SAM,
    )
    assert (NoticeKind.LEGAL, True) in await marks()


async def test_its_card_is_drawn_and_its_end_is_called_out(bench: Bench):
    await notice.take_notice(bench.desk, SAID, "en")
    soon = [ReminderKind.NOTICE_SOON, ReminderKind.NOTICE_OVER]
    assert await reminders(bench) == [ReminderKind.NOTICE_CARD, *soon]


@pytest.mark.parametrize(
    ("kind", "within"),
    [
        (NoticeKind.ILLEGAL, timedelta(days=1)),
        (NoticeKind.LEGAL, timedelta(hours=48)),
        (NoticeKind.DATA, timedelta(days=30)),
        (NoticeKind.NEWSROOM, timedelta(days=28)),
    ],
)
async def test_each_kind_has_its_clock_from_when_it_came(
    bench: Bench, kind: NoticeKind, within: timedelta
):
    came = NOON - timedelta(hours=3)
    said = replace(LEGAL, kind=kind)
    taken = await notice.enter_notice(
        bench.desk, said, Road.EMAIL, by=SAM, about=None, received=came
    )
    assert taken.notice.act_by == came + within
    assert (taken.notice.road, taken.notice.taken_by) == (Road.EMAIL, "Sam")


async def test_what_stands_by_itself_is_tied_to_a_case_by_hand(bench: Bench):
    came = NOON - timedelta(hours=3)
    made = (
        await notice.enter_notice(bench.desk, LEGAL, Road.LETTER, by=SAM, about=None, received=came)
    ).notice
    assert made.case_id is None
    case = await bench.take()
    with pytest.raises(NotAllowed):
        await notice.tie_notice(bench.desk, made.id, case, by=ANA)
    with pytest.raises(NoSuchCase):
        await notice.tie_notice(bench.desk, made.id, CaseId(99), by=SAM)

    tied = await notice.tie_notice(bench.desk, made.id, case, by=SAM)

    [started] = await bench.store.read(lambda tx: tx.legal.of_case(case))
    assert tied.legal_id == started.id
    assert started.received_at == came, "the clock has run since it came"
    assert started.act_by == came + timedelta(hours=48)
    for again in (case, await bench.take(comment="c2")):
        with pytest.raises(NoChange):
            await notice.tie_notice(bench.desk, made.id, again, by=SAM)
    with pytest.raises(NoChange):
        await notice.answer_notice(bench.desk, made.id, Outcome.ACTED, "x", by=SAM)


async def test_the_steps_of_a_legal_notice_are_told_as_states(bench: Bench):
    await reported(bench)
    taken = await taken_in(bench, LEGAL)
    assert taken.notice.legal_id is not None

    async def stage() -> NoticeStage:
        found = await notice.follow_notice(bench.desk, taken.secret)
        assert found is not None
        return found.told.stage

    assert await stage() is NoticeStage.RECEIVED
    for step, told in (
        (Stage.POSTER_TOLD, NoticeStage.POSTER_ASKED),
        (Stage.POSTER_INSISTS, NoticeStage.POSTER_ASKED),
        (Stage.HANDED_ON, NoticeStage.INSISTED),
    ):
        bench.clock.pass_by(minutes=1)
        await legal.step(bench.desk, taken.notice.legal_id, step, by=SAM)
        assert await stage() is told


async def test_a_decision_that_is_undone_answers_nothing(bench: Bench):
    case = await reported(bench)
    taken = await taken_in(bench, SAID)
    bench.clock.pass_by(minutes=1)
    await bench.decide(case, Action.HIDE)
    decided = await notice.follow_notice(bench.desk, taken.secret)
    assert decided is not None
    assert decided.told.is_over

    await reverse(bench.desk, case, by=ANA, door=Door.BUTTON)

    found = await notice.follow_notice(bench.desk, taken.secret)
    assert found is not None
    assert found.told.stage is NoticeStage.RECEIVED
    assert not found.told.is_over


async def test_an_answer_is_given_once_by_whoever_may(bench: Bench):
    said = NoticeText(kind=NoticeKind.DATA, text="You keep my address.")
    taken = await notice.take_notice(bench.desk, said, "en")
    number = taken.notice.id
    for person in (ANA, OLLY):
        with pytest.raises(NotAllowed):
            await notice.answer_notice(bench.desk, number, Outcome.ACTED, "Erased.", by=person)
        with pytest.raises(NotAllowed):
            await notice.read_notice(bench.desk, number, person)
    for words in ("", "  \n", "x" * 2001):
        with pytest.raises(NotUnderstood):
            await notice.answer_notice(bench.desk, number, Outcome.ACTED, words, by=SAM)
    with pytest.raises(NotUnderstood):
        await notice.answer_notice(bench.desk, 99, Outcome.ACTED, "Erased.", by=SAM)

    await notice.answer_notice(bench.desk, number, Outcome.ACTED, " Erased. ", by=SAM)

    found = await notice.follow_notice(bench.desk, taken.secret)
    assert found is not None
    assert (found.told.stage, found.told.answer) == (NoticeStage.ACTED, "Erased.")
    with pytest.raises(NoChange):
        await notice.answer_notice(bench.desk, number, Outcome.DECLINED, "No.", by=SAM)


async def test_whoever_may_not_answer_a_kind_may_not_enter_it_either(bench: Bench):
    for kind, person in (
        (NoticeKind.LEGAL, ANA),
        (NoticeKind.DATA, ANA),
        (NoticeKind.ILLEGAL, OLLY),
        (NoticeKind.NEWSROOM, OLLY),
    ):
        with pytest.raises(NotAllowed):
            await find_case(bench.desk, kind, "", person)
        with pytest.raises(NotAllowed):
            await notice.enter_notice(
                bench.desk,
                replace(LEGAL, kind=kind),
                Road.EMAIL,
                by=person,
                about=None,
                received=NOON,
            )


async def test_what_staff_enter_must_say_something_and_have_come(bench: Bench):
    for said, received in (
        (replace(SAID, text=" "), NOON),
        (SAID, NOON + timedelta(seconds=1)),
    ):
        with pytest.raises(NotUnderstood):
            await notice.enter_notice(
                bench.desk, said, Road.TELEPHONE, by=ANA, about=None, received=received
            )


async def test_staff_name_a_comment_by_its_case_its_address_or_its_own_id(bench: Bench):
    case = await reported(bench, "c77")
    for about in (f"#{case}", str(case), "c77", ADDRESS):
        assert await find_case(bench.desk, NoticeKind.NEWSROOM, about, ANA) == case
    for about in ("", "c78", "https://courier.example/other", "999", "#"):
        assert await find_case(bench.desk, NoticeKind.NEWSROOM, about, ANA) is None
    with pytest.raises(NoSuchCase):
        await find_case(bench.desk, NoticeKind.NEWSROOM, "#999", ANA)


async def test_when_it_came_is_typed_as_people_write_it(bench: Bench):
    assert came_at(bench.desk, "") == NOON
    assert came_at(bench.desk, "3h") == came_at(bench.desk, "3h ago") == NOON - timedelta(hours=3)
    assert came_at(bench.desk, "yesterday").date() == (NOON - timedelta(days=1)).date()
    with pytest.raises(NotUnderstood):
        came_at(bench.desk, "soonish")


@pytest.mark.parametrize(
    ("typed", "name", "email"),
    [
        ("Jane Doe jane@example.org", "Jane Doe", "jane@example.org"),
        ("Jane Doe\n<jane@example.org>", "Jane Doe", "jane@example.org"),
        ("jane@example.org", "", "jane@example.org"),
        ("Jane Doe", "Jane Doe", ""),
        ("Jane @ Doe", "Jane @ Doe", ""),
        ("", "", ""),
    ],
)
def test_a_name_and_an_address_are_read_out_of_one_field(typed: str, name: str, email: str):
    assert name_and_email(typed) == (name, email)


@pytest.mark.parametrize(
    "good", ["a@b.example", "o'hara+x@sub.example.org", "a.b@xn--bcher-kva.de"]
)
def test_an_address_of_one_person(good: str):
    assert is_email(good)


@pytest.mark.parametrize(
    "bad", ["http://", "https://x", "mailto:a@b.example", "https://a.b/\n", ""]
)
def test_no_address_of_a_page(bad: str):
    assert not is_web_address(bad)
