"""A notice's comment is looked for by its address: among the cases, then at the sites."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.domain.cases import NoticeKind
from bot.domain.comments import Author, Comment, Story
from bot.domain.effects import EffectKind, Order, Outcome, Verb
from bot.domain.errors import SiteDown
from bot.domain.ids import CaseId, SiteId
from bot.domain.legal import Stage
from bot.domain.readers.notice import Notice, NoticeText, Road
from bot.domain.readers.notice import Outcome as Answered
from bot.domain.sayings import ReminderKind
from bot.domain.site import Ability, About
from bot.ports import AskedSite
from bot.services.readers.notice import answer_notice, enter_notice, take_notice, tie_notice
from bot.services.readers.notice_case import seek
from bot.store.deliveries import reminder_from
from tests.services.desks import ANA, NOON, SAM, Bench
from tests.services.readers.test_notices import reported

ADDRESS = "https://courier.example/s1#comment-c7"
SAID = NoticeText(kind=NoticeKind.NEWSROOM, address=ADDRESS, text="It gives away a plot.")
ABOUT = About(
    comment=Comment(external_id="c7", revision="r1", text="He did it.", permalink=ADDRESS),
    author=Author(external_id="a1", name="salty_dog"),
    story=Story(external_id="s1", title="Raids", url="https://courier.example/s1"),
)
HERE = SiteId("courier")


@dataclass
class SomeSite:
    """A site that tells of the comments it has, and keeps what it was asked for."""

    comments: dict[str, About] = field(default_factory=lambda: {ADDRESS: ABOUT})
    down: bool = False
    broken: bool = False
    asked: list[str] = field(default_factory=list)

    abilities = frozenset({Ability.FIND})

    async def carry_out(self, order: Order) -> Outcome:  # noqa: ARG002 - the port's
        return Outcome(verb=Verb.DONE)

    async def find(self, address: str) -> About | None:
        self.asked.append(address)
        if self.down:
            raise SiteDown("It does not answer.", None)
        if self.broken:
            raise ValueError("a fault of the adapter's")
        return self.comments.get(address)


async def entered(bench: Bench, said: NoticeText = SAID) -> Notice:
    """Enter a complaint that came by telephone."""
    taken = await enter_notice(
        bench.desk, said, Road.TELEPHONE, by=SAM, about=None, received=bench.clock.now
    )
    return taken.notice


async def sought(bench: Bench, sites: Mapping[SiteId, AskedSite], number: int = 1) -> Notice:
    await seek(bench.desk, sites)
    found = await bench.store.read(lambda tx: tx.notices.get(number))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (NoticeKind.NEWSROOM, None),
        (NoticeKind.ILLEGAL, None),
        (NoticeKind.LEGAL, "libel"),
        (NoticeKind.DATA, "private"),
    ],
)
async def test_a_comment_that_was_never_reported_becomes_a_case_as_its_site_tells_of_it(
    bench: Bench, kind: NoticeKind, rule: str | None
):
    site = SomeSite()
    await take_notice(bench.desk, replace(SAID, kind=kind), "en")
    made = await sought(bench, {HERE: site})

    assert made.case_id == CaseId(1)
    assert made.seek_at is None
    view = await bench.store.read(lambda tx: tx.cases.view(CaseId(1), strikes_since=NOON))
    assert view is not None
    assert view.comment.text == "He did it."
    assert view.author.name == "salty_dog"
    assert view.case.reports == 1
    assert [mark.kind for mark in view.notices] == [kind]
    mildest = bench.policy.mildest.code
    assert bench.policy.rule(view.case.top_rule).code == (rule or mildest)
    assert not await seek(bench.desk, {HERE: site}), "it is looked for once"
    assert site.asked == [ADDRESS]


async def test_what_staff_enter_is_looked_for_at_the_sites_as_well(bench: Bench):
    await entered(bench)
    assert (await sought(bench, {HERE: SomeSite()})).case_id == CaseId(1)


async def test_a_legal_notice_has_its_clocks_from_when_it_came_however_late_it_is_found(
    bench: Bench,
):
    site = SomeSite(down=True)
    said = replace(SAID, kind=NoticeKind.LEGAL, unknown=True)
    await take_notice(bench.desk, said, "en")
    assert (await sought(bench, {HERE: site})).case_id is None
    bench.clock.pass_by(minutes=6)
    site.down = False
    made = await sought(bench, {HERE: site})

    assert made.legal_id is not None
    [legal] = await bench.store.read(lambda tx: tx.legal.of_case(CaseId(1)))
    assert legal.stage is Stage.DEFECTIVE
    assert legal.received_at == NOON


async def test_what_the_desk_knows_is_not_asked_for_at_a_site(bench: Bench):
    case = await reported(bench, "c1", ADDRESS)
    site = SomeSite(down=True)
    await take_notice(bench.desk, SAID, "en")
    assert (await sought(bench, {HERE: site})).case_id == case
    assert site.asked == []


ELSEWHERE = [
    "https://evil.example/s1#comment-c7",
    "https://courier.example/s2#comment-c7",
    "https://courier.example.evil.example/s1#comment-c7",
    "https://courier.example@evil.example/s1#comment-c7",
    "https://evil.example/?https://courier.example/s1#comment-c7",
]


@pytest.mark.parametrize("address", ELSEWHERE)
async def test_a_comment_that_stands_on_another_page_is_not_the_one_that_was_named(
    bench: Bench, address: str
):
    site = SomeSite(comments={address: ABOUT})
    await take_notice(bench.desk, replace(SAID, address=address), "en")
    made = await sought(bench, {HERE: site})
    assert (made.case_id, made.seek_at) == (None, None)
    assert await bench.store.read(lambda tx: tx.cases.get(CaseId(1))) is None


@pytest.mark.parametrize("broken", [{"down": True}, {"broken": True}])
async def test_one_site_that_fails_keeps_no_other_from_being_asked(
    bench: Bench, broken: dict[str, bool]
):
    failing = SomeSite(**broken)
    await take_notice(bench.desk, SAID, "en")
    made = await sought(bench, {SiteId("echo"): failing, HERE: SomeSite()})
    assert made.case_id == CaseId(1)
    case = await bench.store.read(lambda tx: tx.cases.get(CaseId(1)))
    assert case is not None
    assert case.site == HERE


async def test_a_site_that_is_down_is_asked_again_for_a_day_and_then_no_more(bench: Bench):
    site = SomeSite(down=True)
    await take_notice(bench.desk, SAID, "en")
    for _ in range(3):
        assert (await sought(bench, {HERE: site})).seek_at is not None
        assert not await seek(bench.desk, {HERE: site}), "not at once"
        bench.clock.pass_by(minutes=5)
    bench.clock.pass_by(days=1)
    assert (await sought(bench, {HERE: site})).seek_at is None
    assert len(site.asked) == 4


@pytest.mark.parametrize("asked_late", [False, True])
async def test_the_last_try_is_a_day_after_it_came(bench: Bench, asked_late: bool):
    site = SomeSite(down=True)
    await take_notice(bench.desk, SAID, "en")
    bench.clock.now = NOON + timedelta(days=1, minutes=-5, seconds=asked_late)
    found = await sought(bench, {HERE: site})
    assert found.seek_at == (None if asked_late else NOON + timedelta(days=1))
    assert found.case_id is None


async def test_what_somebody_tied_or_answered_meanwhile_stays_as_it_is(bench: Bench):
    site = SomeSite(down=True)
    tied, answered = await entered(bench), await entered(bench)
    await seek(bench.desk, {HERE: site})
    other = await bench.take(comment="c9")
    await tie_notice(bench.desk, tied.id, other, by=SAM)
    await answer_notice(bench.desk, answered.id, Answered.DECLINED, "We keep it.", by=ANA)
    site.down = False
    bench.clock.pass_by(minutes=6)
    assert (await sought(bench, {HERE: site}, tied.id)).case_id == other
    after = await sought(bench, {HERE: site}, answered.id)
    assert (after.seek_at, after.outcome) == (None, Answered.DECLINED)


async def test_an_address_that_leads_to_several_comments_names_none(bench: Bench):
    """As on a platform whose permalinks lead to all comments of a page."""
    page = "https://courier.example/s1#ghost-comments"
    for comment in ("c1", "c2"):
        await reported(bench, comment, page)
    await take_notice(bench.desk, replace(SAID, address=page), "en")
    assert (await sought(bench, {})).case_id is None


async def cards(bench: Bench) -> list[timedelta]:
    """Return when notices' cards are to be drawn."""
    later = bench.clock.now + timedelta(days=1)
    due = await bench.store.read(lambda tx: tx.outbox.due(EffectKind.REMINDER, later, limit=9))
    kinds = [(reminder_from(one.payload, name="", due_at=one.due_at), one) for one in due]
    return [
        one.due_at - NOON for reminder, one in kinds if reminder.kind is ReminderKind.NOTICE_CARD
    ]


@pytest.mark.parametrize(("milliseconds", "drawn"), [(1999, 1), (2000, 2)])
async def test_its_card_is_drawn_anew_where_it_may_have_been_without_its_case(
    bench: Bench, milliseconds: int, drawn: int
):
    await take_notice(bench.desk, SAID, "en")
    bench.clock.pass_by(milliseconds=milliseconds)
    await sought(bench, {HERE: SomeSite()})
    assert len(await cards(bench)) == drawn


async def test_its_card_is_drawn_once_its_comment_was_looked_for(bench: Bench):
    await take_notice(bench.desk, SAID, "en")
    assert await cards(bench) == [timedelta(seconds=2)]
    await sought(bench, {HERE: SomeSite()})
    assert await cards(bench) == [timedelta(seconds=2)], "and not twice"
    # What is found later changes the card that stands there by then.
    bench.clock.pass_by(minutes=5)
    site = SomeSite(down=True)
    said = replace(SAID, address="https://courier.example/s1#comment-c8")
    there = replace(ABOUT, comment=replace(ABOUT.comment, external_id="c8"))
    site.comments[said.address] = there
    await take_notice(bench.desk, said, "en")
    await sought(bench, {HERE: site}, 2)
    bench.clock.pass_by(minutes=5)
    site.down = False
    await sought(bench, {HERE: site}, 2)
    assert len(await cards(bench)) == 3
