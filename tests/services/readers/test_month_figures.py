"""A month is counted by hand here, and then by the desk: what is decided, and what only looks so."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.cases import NoticeKind
from bot.domain.decisions import Action, Door
from bot.domain.errors import NotAllowed, NotUnderstood
from bot.domain.ids import CaseId, PersonId, RuleNumber, SiteId
from bot.domain.readers.contest import Answer, Party
from bot.domain.readers.figures import MonthFacts, Outcome, Starter, TakenBack
from bot.domain.readers.notice import Notice, NoticeText, Road
from bot.domain.readers.waits import Wait, within
from bot.domain.site import Seen
from bot.domain.staff import Authority, Person, Rank
from bot.domain.stories import StoryState
from bot.services.authors.bans import lift
from bot.services.cases.legal import take_in
from bot.services.cases.reverse import amend, reverse
from bot.services.cases.two_person import agree
from bot.services.desk import Desk
from bot.services.readers.contest import answer_contest, contest_by_author
from bot.services.readers.transparency import month_facts
from bot.services.sites.site_sync import follow
from bot.services.stories.rights import release
from bot.services.stories.story import StateChange, mark
from tests.services.desks import ANA, BEN, MODERATOR, SAM, SENIOR, Bench
from tests.services.readers.test_contests import stated
from tests.support.complaints import complaint

EDITOR = 13
EDDI = Person(id=PersonId(9), name="Eddi", roles=frozenset({EDITOR}))
SITE = SiteId("courier")
START = datetime(2026, 11, 1, tzinfo=UTC)
END = datetime(2026, 12, 1, tzinfo=UTC)
LATER = datetime(2027, 3, 1, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)


def editors_desk(bench: Bench) -> Desk:
    ranks = {MODERATOR: Rank.MODERATOR, SENIOR: Rank.SENIOR, EDITOR: Rank.EDITOR}
    return replace(bench.desk, authority=Authority(ranks=ranks))


async def counted(
    bench: Bench, month: str = "2026-11", *, at: datetime | None = LATER
) -> MonthFacts:
    bench.clock.now = at or bench.clock.now
    return await month_facts(editors_desk(bench), month, EDDI)


async def taken(bench: Bench, comment: str, at: datetime, **more: Any) -> CaseId:
    bench.clock.now = at
    return await bench.take(comment=comment, author=f"author of {comment}", **more)


async def decided(bench: Bench, case: CaseId, after: timedelta, action: Action, **more: Any):
    bench.clock.now += after
    return await bench.decide(case, action, **more)


def stood(facts: MonthFacts) -> dict[Outcome, int]:
    return {one: count for one, count in facts.outcomes.items() if count}


def started(facts: MonthFacts) -> dict[Starter, int]:
    return {one: count for one, count in facts.starters.items() if count}


async def test_a_plain_month_counted_by_hand(bench: Bench):
    for number in range(6):
        case = await taken(bench, f"k{number}", START + timedelta(days=number))
        await decided(bench, case, timedelta(hours=number + 1), Action.KEEP)
    for number in range(3):
        case = await taken(
            bench, f"h{number}", START + timedelta(days=10 + number), rule=RuleNumber(4)
        )
        await decided(bench, case, timedelta(hours=10), Action.HIDE, rule=RuleNumber(4))
    case = await taken(bench, "b", START + timedelta(days=20))
    await decided(bench, case, timedelta(hours=2), Action.BAN, lasting=timedelta(days=365))
    await taken(bench, "w", END - timedelta(hours=5))

    facts = await counted(bench)

    assert stood(facts) == {Outcome.KEPT: 6, Outcome.REMOVED: 4, Outcome.WAITING: 1}
    assert started(facts) == {Starter.READERS: 11}
    assert facts.reports == {RuleNumber(3): 8, RuleNumber(4): 3}
    over, waiting = facts.waits()
    # 1 2 2 3 4 5 5+ 6 10 10 10: half of eleven are over after five hours, nine tenths after ten.
    assert within(over, waiting, 0.5) == Wait(time=timedelta(hours=5))
    assert within(over, waiting, 0.9) == Wait(time=timedelta(hours=10))
    assert waiting == [timedelta(hours=5)]
    assert (len(facts.bans), facts.standing_bans, facts.held) == (1, 1, 0)
    assert facts.head is not None
    assert facts.head.id == 10


async def test_a_month_begins_at_its_first_moment_and_ends_before_the_next(bench: Bench):
    edges = [START - timedelta(microseconds=1), START, END - timedelta(microseconds=1), END]
    for number, at in enumerate(edges):
        case = await taken(bench, f"c{number}", at)
        await decided(bench, case, timedelta(), Action.KEEP)

    november = await counted(bench)
    assert [case.id for case in november.cases] == [2, 3]
    assert [line.id for line in november.lines] == [2, 3]
    assert sum(november.reports.values()) == 2
    assert november.head is not None
    assert november.head.id == 3
    assert [case.id for case in (await counted(bench, "2026-10")).cases] == [1]
    assert [case.id for case in (await counted(bench, "2026-12")).cases] == [4]


async def test_a_month_is_the_newsrooms_own(bench: Bench):
    """In July the newsroom's midnight is an hour before that of UTC."""
    for number, minute in enumerate((59, 1)):
        hour = 22 if minute == 59 else 23
        await taken(bench, f"c{number}", datetime(2026, 7, 31, hour, minute, tzinfo=UTC))
    assert len((await counted(bench, "2026-07")).cases) == 1
    assert len((await counted(bench, "2026-08")).cases) == 1


Then = Callable[[Bench, CaseId], Awaitable[object]]


async def undo(bench: Bench, case: CaseId):
    await reverse(bench.desk, case, by=ANA, door=Door.BUTTON)


async def undo_and_keep(bench: Bench, case: CaseId):
    await undo(bench, case)
    bench.clock.pass_by(days=2)
    await bench.decide(case, Action.KEEP)


async def correct(bench: Bench, case: CaseId):
    await amend(bench.desk, case, RuleNumber(5), by=ANA, door=Door.BUTTON)


async def correct_and_undo(bench: Bench, case: CaseId):
    await correct(bench, case)
    await undo(bench, case)


async def overturn(bench: Bench, case: CaseId):
    await reverse(bench.desk, case, by=SAM, door=Door.BUTTON)
    await bench.decide(case, Action.KEEP, by=SAM)


async def edit(bench: Bench, _: CaseId):
    """An edited comment is before the moderators again, but nobody has decided anew."""
    await bench.take(comment="c", author="author of c", revision="r2", text="Changed.")


async def edit_and_keep(bench: Bench, case: CaseId):
    await edit(bench, case)
    await bench.decide(case, Action.KEEP)


@pytest.mark.parametrize(
    ("then", "expected", "over", "back"),
    [
        (undo, Outcome.WAITING, False, TakenBack.SAME),
        (undo_and_keep, Outcome.KEPT, True, TakenBack.SAME),
        (correct, Outcome.REMOVED, True, None),
        (correct_and_undo, Outcome.WAITING, False, TakenBack.SAME),
        (overturn, Outcome.KEPT, True, TakenBack.OTHER),
        (edit, Outcome.REMOVED, True, None),
        (edit_and_keep, Outcome.KEPT, True, None),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
async def test_what_becomes_of_a_decision(
    bench: Bench, then: Then, expected: Outcome, over: bool, back: TakenBack | None
):
    case = await taken(bench, "c", START)
    await decided(bench, case, HALF_AN_HOUR, Action.HIDE, rule=RuleNumber(4))
    bench.clock.pass_by(minutes=5)
    await then(bench, case)

    facts = await counted(bench)

    assert stood(facts) == {expected: 1}
    assert facts.waits() == (([HALF_AN_HOUR], []) if over else ([], [END - START]))
    assert {one: count for one, count in facts.taken_back.items() if count} == (
        {back: 1} if back else {}
    )


async def test_what_happens_after_the_month_does_not_change_its_figures(bench: Bench):
    case = await taken(bench, "c", START)
    ban = await decided(bench, case, HALF_AN_HOUR, Action.BAN, lasting=timedelta(days=365))
    waits = await taken(bench, "w", END - timedelta(hours=1))
    before = await counted(bench, at=END)

    bench.clock.now = END + timedelta(hours=1)
    await bench.decide(waits, Action.KEEP)
    await lift(bench.desk, ban.id, by=SAM)
    facts = await counted(bench)

    assert facts == before
    assert stood(facts) == {Outcome.REMOVED: 1, Outcome.WAITING: 1}
    assert facts.standing_bans == 1
    december = await counted(bench, "2026-12")
    assert (december.cases, december.standing_bans) == ((), 0)
    assert december.taken_back[TakenBack.OTHER] == 1


async def test_what_nobody_agreed_to_is_not_decided(bench: Bench):
    case = await taken(bench, "c", START)
    await decided(bench, case, HALF_AN_HOUR, Action.BAN, lasting=None, rule=RuleNumber(4))
    facts = await counted(bench, at=START + timedelta(days=1))
    assert stood(facts) == {Outcome.WAITING: 1}
    assert (facts.bans, facts.standing_bans) == ([], 0)

    bench.clock.now = START + timedelta(hours=2)
    await agree(bench.desk, case, by=BEN)
    facts = await counted(bench)
    assert stood(facts) == {Outcome.REMOVED: 1}
    assert facts.waits() == ([timedelta(hours=2)], [])
    assert (len(facts.bans), facts.standing_bans) == (1, 1)


async def protect(bench: Bench) -> None:
    marked = StateChange(site=SITE, story_id="s1", state=StoryState.PROTECTED)
    await mark(bench.desk, marked, by=SAM)


async def test_a_hold_is_no_decision_and_is_counted_once_a_comment(bench: Bench):
    """One is kept by two, one released, one still on hold; the first was there before the state."""
    await taken(bench, "first", START)
    await protect(bench)
    cases = [await taken(bench, f"c{number}", START + timedelta(hours=1)) for number in range(3)]
    bench.clock.now = START + timedelta(hours=4)
    await bench.decide(cases[0], Action.HIDE, rule=RuleNumber(4))
    await reverse(bench.desk, cases[0], by=ANA, door=Door.BUTTON)  # and so it is on hold again
    await bench.decide(cases[0], Action.HIDE, rule=RuleNumber(4))
    facts = await counted(bench)

    assert facts.held == 3 + 1, "each comment once, and the first when the state was set"
    assert stood(facts) == {Outcome.REMOVED: 1, Outcome.WAITING: 3}
    assert started(facts) == {Starter.DESK: 4}
    assert facts.waits()[0] == [timedelta(hours=3)]


async def test_what_was_released_from_hold_waits(bench: Bench):
    case = await taken(bench, "c", START)
    await protect(bench)
    bench.clock.pass_by(hours=1)
    await mark(bench.desk, StateChange(site=SITE, story_id="s1", state=StoryState.NORMAL), by=SAM)
    assert await release(bench.desk, SITE, "s1", by=SAM) == 1
    facts = await counted(bench, at=bench.clock.now + timedelta(hours=1))

    assert stood(facts) == {Outcome.WAITING: 1}
    assert not any(facts.taken_back.values()), "a hold is no decision that is taken back"
    assert facts.waits() == ([], [timedelta(hours=2)])

    bench.clock.now = START + timedelta(hours=5)
    await bench.decide(case, Action.KEEP)
    facts = await counted(bench)
    assert stood(facts) == {Outcome.KEPT: 1}
    assert facts.waits() == ([timedelta(hours=5)], [])


async def test_what_was_decided_at_the_site_was_started_there(bench: Bench):
    case = await taken(bench, "c", START)
    bench.clock.pass_by(hours=1)
    assert await follow(bench.desk, SITE, Seen(comment_id="c", visible=False, at=bench.clock.now))
    facts = await counted(bench)
    assert started(facts) == {Starter.SITE: 1}
    assert stood(facts) == {Outcome.REMOVED: 1}
    assert facts.waits() == ([timedelta(hours=1)], [])

    bench.clock.now = START + timedelta(hours=2)
    await reverse(bench.desk, case, by=SAM, door=Door.BUTTON)
    assert (await counted(bench)).taken_back[TakenBack.OTHER] == 1


async def test_bans_given_and_bans_that_stand(bench: Bench):
    async def banned(comment: str, days: int, lasting: timedelta):
        case = await taken(bench, comment, START + timedelta(days=days))
        return await decided(bench, case, HALF_AN_HOUR, Action.BAN, lasting=lasting)

    long, day = timedelta(days=90), timedelta(days=1)
    await banned("over", 1, day)
    lifted = await banned("lifted", 2, long)
    await lift(bench.desk, lifted.id, by=ANA)
    corrected = await banned("corrected", 3, long)
    await amend(bench.desk, corrected.case_id, RuleNumber(5), by=ANA, door=Door.BUTTON)
    await banned("to the end", 29, END - START - timedelta(days=29) - HALF_AN_HOUR)
    await banned("stands", 29, long)

    facts = await counted(bench)

    assert len(facts.bans) == 5
    assert facts.standing_bans == 2, "the corrected one once; what ends with the month is over"
    assert stood(facts) == {Outcome.REMOVED: 5}


async def test_an_author_of_two_bans_stands_once(bench: Bench):
    for comment in ("one", "two"):
        bench.clock.now = START
        case = await bench.take(comment=comment)
        await bench.decide(case, Action.BAN, lasting=timedelta(days=90))
    facts = await counted(bench)
    assert (len(facts.bans), facts.standing_bans) == (2, 1)


async def contested(bench: Bench, comment: str, action: Action, **how: Any):
    case = await taken(bench, comment, START)
    made = await decided(bench, case, HALF_AN_HOUR, action, rule=RuleNumber(4), **how)
    contest = await contest_by_author(bench.desk, await stated(bench, made), "No", "en")
    assert contest is not None
    return contest


async def test_contests_and_what_became_of_them(bench: Bench):
    ban = await contested(bench, "ban", Action.BAN, lasting=timedelta(days=30))
    upheld = await contested(bench, "upheld", Action.HIDE)
    overturned = await contested(bench, "overturned", Action.HIDE)
    await contested(bench, "waits", Action.HIDE)
    bench.clock.now = START + timedelta(days=2)
    shorter = {"lasting": timedelta(days=3)}
    for contest, answer, more in (
        (ban, Answer.SHORTENED, shorter),
        (upheld, Answer.UPHELD, {}),
        (overturned, Answer.OVERTURNED, {}),
    ):
        await answer_contest(bench.desk, contest.id, answer, by=BEN, reasons="So", **more)

    facts = await counted(bench)

    assert facts.contests == {Party.AUTHOR: 4, Party.REPORTER: 0}
    assert facts.answers == dict.fromkeys(Answer, 1)
    assert stood(facts) == {Outcome.REMOVED: 3, Outcome.KEPT: 1}
    assert not any(facts.taken_back.values()), "what was contested is told as that"
    assert len(facts.bans) == 1, "a shortened ban goes on, and is not another"
    assert facts.standing_bans == 0
    assert facts.waits() == ([HALF_AN_HOUR] * 4, [])


async def test_an_answer_counts_in_the_month_in_which_it_is_given(bench: Bench):
    contest = await contested(bench, "c", Action.HIDE)
    bench.clock.now = END
    await answer_contest(bench.desk, contest.id, Answer.UPHELD, by=BEN, reasons="So")
    november, december = await counted(bench), await counted(bench, "2026-12")
    assert sum(november.contests.values()) == 1
    assert not any(november.answers.values())
    assert not any(december.contests.values())
    assert december.answers[Answer.UPHELD] == 1


async def test_legal_notices_are_counted_when_they_come(bench: Bench):
    for at in (START, END):
        case = await taken(bench, f"c{at.month}", at)
        said = complaint(case)
        await take_in(bench.desk, said, by=SAM)
    assert (await counted(bench)).notices[NoticeKind.LEGAL] == 1


async def noticed(bench: Bench, kind: NoticeKind, at: datetime, case: CaseId | None) -> None:
    notice = Notice(
        id=0,
        reference=f"{kind}{at.timestamp()}",
        said=NoticeText(kind=kind, text="It is"),
        road=Road.PAGE,
        locale="en",
        received_at=at,
        act_by=None,
        case_id=case,
    )
    await bench.store.write(lambda tx: tx.notices.add(notice, notice.reference.encode()))


async def test_other_notices_are_counted_by_kind_when_they_come(bench: Bench):
    case = await taken(bench, "c", START)
    for kind, at, where in (
        (NoticeKind.ILLEGAL, START, case),
        (NoticeKind.ILLEGAL, START + HALF_AN_HOUR, None),
        (NoticeKind.DATA, END - HALF_AN_HOUR, None),
        (NoticeKind.LEGAL, START, None),
        (NoticeKind.NEWSROOM, END, case),
        (NoticeKind.NEWSROOM, START - HALF_AN_HOUR, case),
    ):
        await noticed(bench, kind, at, where)
    assert (await counted(bench)).notices == {
        NoticeKind.ILLEGAL: 2,
        NoticeKind.LEGAL: 1,
        NoticeKind.DATA: 1,
        NoticeKind.NEWSROOM: 0,
    }


async def test_only_editors_count_and_only_months_that_there_are(bench: Bench):
    desk = editors_desk(bench)
    for nobody in (ANA, SAM):
        with pytest.raises(NotAllowed):
            await month_facts(desk, "2026-11", nobody)
    with pytest.raises(NotUnderstood, match="Nothing was reported or decided yet"):
        await month_facts(desk, "2026-11", EDDI)
    await taken(bench, "c", START)
    with pytest.raises(NotUnderstood, match="begins in November 2026"):
        await counted(bench, "2026-10")
    with pytest.raises(NotUnderstood, match="has not begun"):
        await counted(bench, "2027-04")


async def test_a_month_that_goes_on_is_counted_up_to_now(bench: Bench):
    await taken(bench, "c", START)
    facts = await counted(bench, at=START + timedelta(hours=3))
    assert facts.until == START + timedelta(hours=3)
    assert facts.waits() == ([], [timedelta(hours=3)])
    assert not facts.month.is_over(facts.until)
