"""No one account can do more than the brake allows before somebody else is asked."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cards.cases import case_answers, case_card, proposals
from bot.domain.brake import Act, Run, TakenBack
from bot.domain.decisions import Action, Decision, Door, Proposal, Verdict
from bot.domain.errors import Braked, NoChange, NotAllowed
from bot.domain.ids import CaseId, PersonId, RuleNumber, SiteId
from bot.domain.staff import Authority, Person, Rank
from bot.services.authors.bans import bans, lift
from bot.services.cases import two_person
from bot.services.cases.bulk import hide_all, take_back
from bot.services.cases.decide import decide
from bot.services.cases.lookup import look
from bot.services.cases.reverse import after, amend, reverse
from bot.services.deliver import order_lane
from bot.services.outbox_worker import turn
from bot.services.staff.reminders import reminder_lane
from bot.store.sqlite import open_store
from tests.services.desks import ANA, BEN, MODERATOR, OLLY, SAM, SENIOR, Bench
from tests.services.outside import CHANNEL, EDITORS, Channel, ObedientSite, Phone
from tests.support.chains import first_broken
from tests.support.fresh import new_desk
from tests.unit.cards.reading import kinds, text

SITE = SiteId("courier")
EDITOR = 13
EVE = Person(id=PersonId(5), name="Eve", roles=frozenset({EDITOR}))
CY = Person(id=PersonId(6), name="Cy", roles=frozenset({MODERATOR}))
WEEK = timedelta(days=7)
BRAKED = (
    r"^You had a part in 2 undos within 5 minutes, and more takes somebody else\. Nothing was done, "
    r"and senior moderators and editors were called\.$"
)
DOORS = [Door.BUTTON, Door.REACTION, Door.SLASH, Door.TYPED]


class Newsroom(Bench):
    """A desk with an editor."""

    @property
    def desk(self):
        ranks = {MODERATOR: Rank.MODERATOR, SENIOR: Rank.SENIOR, EDITOR: Rank.EDITOR}
        return replace(super().desk, authority=Authority(ranks=ranks))

    def brake(self, **rules: int) -> None:
        self.policy = replace(self.policy, brake=replace(self.policy.brake, **rules))

    async def take_new(self, number: int, **more: object) -> CaseId:
        return await self.take(comment=f"c{number}", author=f"a{number}", **more)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncGenerator[Newsroom]:
    async with open_store(new_desk(tmp_path / "desk.db")) as store:
        yield Newsroom(store)


async def ban(room: Newsroom, number: int, by: Person = ANA, door: Door = Door.BUTTON):
    case_id = await room.take_new(number)
    return await room.decide(case_id, Action.BAN, lasting=WEEK, by=by, door=door)


async def hide(room: Newsroom, number: int, by: Person = ANA, **more: object):
    return await room.decide(await room.take_new(number, **more), Action.HIDE, by=by)


async def calls(room: Newsroom) -> tuple[list[Run], list[Run]]:
    """Return for which runs staff were called in their channels, and by other roads."""
    channel, phone = Channel(room.clock), Phone()
    while await turn(reminder_lane(room.desk, channel, phone)):
        pass
    assert {one.channel_id for one in channel.said} <= {CHANNEL, EDITORS}
    here = [one.what.run for one in channel.said if one.channel_id == CHANNEL]
    there = [one.what.run for one in channel.said if one.channel_id == EDITORS]
    assert here == there
    return here, [what.run for what in phone.sent]


async def obey(room: Newsroom, site: ObedientSite) -> None:
    while await turn(order_lane(room.desk, SITE, site)):
        pass


async def one_run(room: Newsroom) -> Run:
    [run] = (await calls(room))[0]
    return run


@pytest.mark.parametrize(("by", "most"), [(ANA, 10), (SAM, 20), (EVE, 20)])
async def test_bans_beyond_the_brake_are_proposals(room: Newsroom, by: Person, most: int):
    made = [await ban(room, number, by) for number in range(most + 3)]
    assert [isinstance(one, Decision) for one in made] == [True] * most + [False] * 3
    assert all(isinstance(one, Proposal) and one.braked for one in made[most:])
    page = await bans(room.desk, SAM, limit=99)
    assert page.total == most
    site = ObedientSite()
    await obey(room, site)
    assert len(site.banned) == most


@pytest.mark.parametrize(("by", "most"), [(ANA, 40), (SAM, 80), (EVE, 80)])
async def test_hides_beyond_the_brake_are_holds(room: Newsroom, by: Person, most: int):
    made = [await hide(room, number, by) for number in range(most + 3)]
    assert [one.action for one in made] == [Action.HIDE] * most + [Action.HOLD] * 3
    held = await look(room.desk, made[-1].case_id)
    assert held.case.is_open
    assert held.record.strikes == 0
    assert made[-1].verdict.by.id == 0, "by the desk itself"
    assert made[-1].verdict.note == f"in place of a hide by {by.name}"
    site = ObedientSite()
    await obey(room, site)
    assert len(site.hidden) == most + 3
    drawn = text(case_card.render(held, room.policy, now=room.clock.now))
    assert "hold" in drawn


@pytest.mark.parametrize(("by", "most"), [(ANA, 10), (SAM, 20), (EVE, 20)])
@pytest.mark.parametrize("action", [Action.HIDE, Action.KEEP, Action.BAN])
async def test_overturns_beyond_the_brake_are_proposals(
    room: Newsroom, by: Person, most: int, action: Action
):
    room.brake(hides=999, bans=999)
    cases = [await room.take_new(number) for number in range(most + 2)]
    for case_id in cases:
        await room.decide(case_id, action, by=ANA, lasting=WEEK)
    made = [await reverse(room.desk, case_id, by=by, door=Door.BUTTON) for case_id in cases]
    assert [isinstance(one, Decision) for one in made] == [True] * most + [False] * 2
    assert (await look(room.desk, cases[-1])).decision is not None
    agreed = await two_person.agree(room.desk, cases[-1], by=BEN)
    assert (agreed.verdict.by.id, agreed.second.id) == (by.id, BEN.id)
    assert (await look(room.desk, cases[-1])).decision is None


async def test_an_undo_that_waits_ends_when_the_case_is_opened_again_meanwhile(room: Newsroom):
    room.brake(overturns=1)
    first, second = [await room.take_new(number) for number in range(2)]
    for case_id in (first, second):
        await room.decide(case_id, Action.KEEP)
        await reverse(room.desk, case_id, by=ANA, door=Door.BUTTON)
    await room.take_new(1, rule=RuleNumber(1))
    words = (
        rf"^Case #{second} was opened again meanwhile, so there is nothing left to take back\. Look "
        r"at the card\.$"
    )
    with pytest.raises(NoChange, match=words):
        await two_person.agree(room.desk, second, by=BEN)


async def test_every_door_counts_for_the_same_brake(room: Newsroom):
    made = [await ban(room, number, door=DOORS[number % len(DOORS)]) for number in range(10)]
    assert all(isinstance(one, Decision) for one in made)
    for number, door in enumerate(DOORS, 10):
        assert isinstance(await ban(room, number, door=door), Proposal)


async def test_a_sweep_counts_each_comment(room: Newsroom):
    room.brake(hides=5)
    cases = [await room.take(comment=f"c{number}") for number in range(8)]
    made = await hide_all(room.desk, cases[0], timedelta(hours=24), by=ANA, door=Door.BUTTON)
    actions = [one.verdict.action for one in made]
    assert actions == [Action.HIDE] * 5 + [Action.HOLD] * 3
    assert len((await calls(room))[0]) == 1


async def test_lifting_bans_counts_as_undoing(room: Newsroom):
    room.brake(overturns=2)
    given = [await ban(room, number) for number in range(3)]
    for one in given[:2]:
        await lift(room.desk, one.id, by=ANA)
    with pytest.raises(Braked, match=BRAKED):
        await lift(room.desk, given[2].id, by=ANA)
    assert (await bans(room.desk, ANA, limit=9)).total == 1
    assert len((await calls(room))[0]) == 1, "called although it was refused"


async def test_undoing_does_not_begin_the_count_anew(room: Newsroom):
    room.brake(bans=3, overturns=99)
    for number in range(3):
        made = await ban(room, number)
        await reverse(room.desk, made.case_id, by=ANA, door=Door.BUTTON)
    assert isinstance(await ban(room, 3), Proposal)


async def test_correcting_a_rule_is_no_further_act(room: Newsroom):
    room.brake(bans=3)
    for number in range(2):
        made = await ban(room, number)
        await amend(room.desk, made.case_id, RuleNumber(4), by=ANA, door=Door.BUTTON)
    assert isinstance(await ban(room, 2), Decision)


async def test_a_restart_does_not_begin_the_count_anew(tmp_path: Path):
    async with open_store(new_desk(tmp_path / "desk.db")) as store:
        room = Newsroom(store)
        for number in range(10):
            await ban(room, number)
    async with open_store(tmp_path / "desk.db") as store:
        again = Newsroom(store, clock=room.clock)
        assert isinstance(await ban(again, 10), Proposal)


async def test_after_five_minutes_one_acts_alone_again(room: Newsroom):
    for number in range(10):
        await ban(room, number)
    room.clock.pass_by(minutes=4, seconds=59)
    assert isinstance(await ban(room, 10), Proposal)
    room.clock.pass_by(seconds=2)
    assert isinstance(await ban(room, 11), Decision)


async def test_the_window_slides(room: Newsroom):
    for number in range(12):
        assert isinstance(await ban(room, number), Decision)
        room.clock.pass_by(seconds=31)


async def test_colleagues_do_not_share_a_brake(room: Newsroom):
    for number in range(10):
        await ban(room, number)
    assert isinstance(await ban(room, 10, by=BEN), Decision)


async def test_two_accounts_that_agree_with_each_other_count_both(room: Newsroom):
    for number in range(10):
        await ban(room, number)
    waiting = [await ban(room, number) for number in range(10, 24)]
    for one in waiting[:10]:
        await two_person.agree(room.desk, one.case_id, by=BEN)
    with pytest.raises(Braked):
        await two_person.agree(room.desk, waiting[10].case_id, by=BEN)
    assert isinstance(await ban(room, 50, by=BEN), Proposal), "Ben had a part in ten already"
    assert {run.name for run in (await calls(room))[0]} == {"Ana", "Ben"}
    assert isinstance(await two_person.agree(room.desk, waiting[-1].case_id, by=SAM), Decision)


async def test_the_same_ban_asked_for_by_two_counts_both(room: Newsroom):
    room.brake(bans=2)
    cases = [await room.take_new(number) for number in range(4)]
    for case_id in cases[:2]:  # for good: two people each
        await room.decide(case_id, Action.BAN, by=ANA)
        await room.decide(case_id, Action.BAN, by=BEN)
    assert isinstance(await ban(room, 10, by=ANA), Proposal)
    assert isinstance(await ban(room, 11, by=BEN), Proposal)
    await room.decide(cases[2], Action.BAN, by=CY)
    with pytest.raises(Braked):
        await room.decide(cases[2], Action.BAN, by=BEN)


async def test_nobody_agrees_to_their_own_proposal(room: Newsroom):
    for number in range(10):
        await ban(room, number)
    waiting = await ban(room, 10)
    with pytest.raises(NotAllowed):
        await two_person.agree(room.desk, waiting.case_id, by=ANA)
    with pytest.raises(NotAllowed):
        await room.decide(waiting.case_id, Action.BAN, lasting=WEEK, by=ANA)
    assert (await bans(room.desk, SAM, limit=99)).total == 10


async def test_keeps_are_not_braked(room: Newsroom):
    for number in range(60):
        made = await room.decide(await room.take_new(number), Action.KEEP)
        assert made.action is Action.KEEP


async def test_staff_are_called_once_a_run_by_every_road(room: Newsroom):
    for number in range(15):
        await ban(room, number)
        room.clock.pass_by(seconds=1)
    [run], by_roads = await calls(room)
    assert (run.name, run.act, run.most) == ("Ana", Act.BAN, 10)
    assert [one.id for one in by_roads] == [run.id]
    said = text(proposals.call(run, room.policy, roles=(7, 8)))
    assert "<@&7> <@&8> **Ana banned 10 authors within 5 minutes" in said
    title, body = proposals.plain(run, room.policy)
    assert title.startswith("Ana banned 10 authors within 5 minutes")
    assert "Take it all back" in body

    room.clock.pass_by(hours=1)
    for number in range(20, 31):
        await ban(room, number)
    assert len((await calls(room))[0]) == 1, "a new run calls anew"


async def test_the_person_is_told_plainly(room: Newsroom):
    room.brake(bans=1, hides=1)
    await ban(room, 0)
    waiting = await ban(room, 1)
    said = text(case_answers.ruled(waiting, room.policy))
    assert "more within 5 minutes than one person does alone" in said
    assert "a ban for 7 days" in said
    assert "were called" in said

    await hide(room, 2)
    held = await hide(room, 3)
    answer = case_answers.ruled(held, room.policy, after=await after(room.desk, held, SAM))
    assert "On hold" in text(answer)
    assert "more hides within 5 minutes than one person makes alone" in text(answer)
    assert kinds(answer) == set(), "there is nothing of theirs to undo"


async def test_where_a_site_cannot_hold_a_hide_is_proposed(room: Newsroom):
    room.brake(hides=1)
    await hide(room, 0)
    case_id = await room.take_new(1)
    can = frozenset(Action) - {Action.HOLD}
    desk = replace(room.desk, site_can=lambda _: can)
    verdict = Verdict(action=Action.HIDE, by=ANA, door=Door.BUTTON)
    made = await decide(desk, case_id, verdict)
    assert isinstance(made, Proposal)
    assert "to hide the comment" in text(case_answers.ruled(made, room.policy))
    agreed = await two_person.agree(desk, case_id, by=BEN)
    assert (agreed.action, agreed.second.id) == (Action.HIDE, BEN.id)


async def test_one_press_takes_back_the_whole_run_at_the_site_too(room: Newsroom):
    room.brake(bans=4, hides=4, overturns=2)
    site = ObedientSite()
    earlier = await ban(room, 90, by=BEN)
    kept = await room.decide(await room.take_new(91), Action.KEEP, by=BEN)
    before = await ban(room, 92)
    room.clock.pass_by(minutes=20)
    for case_id in (earlier.case_id, kept.case_id):
        await reverse(room.desk, case_id, by=SAM, door=Door.BUTTON)
    other = await hide(room, 93, by=CY)
    # From here on somebody has Ana's account.
    made = [await ban(room, number) for number in range(6)]
    made += [await hide(room, number) for number in range(10, 17)]
    await obey(room, site)
    assert set(site.banned) == {"a92", *(f"a{number}" for number in range(4))}
    run = await one_run(room)

    taken = await take_back(room.desk, run.id, by=SAM)
    await obey(room, site)

    assert taken == TakenBack(bans=4, hides=4, holds=3, proposals=2)
    assert set(site.banned) == {"a92"}, "what was done before the run stands"
    assert site.hidden == {"c92", "c93"}
    for one in made:
        view = await look(room.desk, one.case_id)
        assert view.case.is_open
        assert not view.case.is_held
        assert view.proposal is None
        assert view.record.strikes == 0
    assert (await look(room.desk, before.case_id)).decision is not None
    assert (await look(room.desk, other.case_id)).decision is not None
    record = await room.store.read(lambda tx: tx.decisions.after(0, limit=999))
    assert first_broken(record) is None
    with pytest.raises(NoChange):
        await take_back(room.desk, run.id, by=SAM)
    assert isinstance(await reverse(room.desk, other.case_id, by=SAM, door=Door.BUTTON), Decision)


async def test_what_was_overturned_stands_again(room: Newsroom):
    room.brake(overturns=3, bans=99, hides=99)
    site = ObedientSite()
    hidden = await hide(room, 1, by=BEN)
    banned = await ban(room, 2, by=BEN)
    kept = await room.decide(await room.take_new(3), Action.KEEP, by=BEN)
    fourth = await hide(room, 4, by=BEN)
    lifted_too = await hide(room, 5, by=BEN)
    room.clock.pass_by(minutes=20)
    room.brake(overturns=2)  # twice that for a senior
    for one in (hidden, banned, kept, fourth, lifted_too):
        await reverse(room.desk, one.case_id, by=SAM, door=Door.BUTTON)
    await obey(room, site)
    assert (site.hidden, site.banned) == ({"c5"}, {})
    run = await one_run(room)

    assert await take_back(room.desk, run.id, by=EVE) == TakenBack(overturns=4, proposals=1)
    await obey(room, site)

    assert site.hidden == {"c1", "c2", "c4", "c5"}
    assert site.banned == {"a2": banned.until}
    restored = [(await look(room.desk, one.case_id)).decision for one in (hidden, banned, kept)]
    assert [one.action for one in restored if one] == [Action.HIDE, Action.BAN, Action.KEEP]
    assert all(one and one.verdict.by.id == EVE.id for one in restored)


@pytest.mark.parametrize(
    ("later", "again", "lasting"),
    [
        (WEEK - timedelta(seconds=1), Action.BAN, timedelta(seconds=1)),
        (WEEK, Action.HIDE, None),
        (WEEK + timedelta(days=1), Action.HIDE, None),
    ],
)
async def test_a_ban_that_was_overturned_stands_again_for_the_rest_of_its_time(
    room: Newsroom, later: timedelta, again: Action, lasting: timedelta | None
):
    room.brake(overturns=1, bans=99)
    rule = next(one for one in room.policy.rules if one.reasons)
    first = Verdict(
        action=Action.BAN,
        by=BEN,
        door=Door.BUTTON,
        rule=rule.number,
        lasting=WEEK,
        reason=rule.reasons[0],
        note="Third time.",
    )
    taken = [await room.take_new(number) for number in range(4)]
    given = [await decide(room.desk, case_id, first) for case_id in taken]
    banned_at = room.clock.now
    room.clock.pass_by(minutes=20)
    for one in given[:3]:
        await reverse(room.desk, one.case_id, by=SAM, door=Door.BUTTON)
    kept = await room.decide(taken[1], Action.KEEP, by=CY)
    run = await one_run(room)
    room.clock.now = banned_at + later

    assert await take_back(room.desk, run.id, by=EVE) == TakenBack(overturns=1, proposals=1)

    restored = (await look(room.desk, taken[0])).decision
    assert restored is not None
    assert restored.verdict == Verdict(
        action=again,
        by=replace(EVE, roles=frozenset()),
        door=Door.RUN,
        rule=rule.number,
        lasting=lasting,
        reason=rule.reasons[0],
        note="taken back with all that Sam did then",
    )
    left = [(await look(room.desk, case_id)).decision for case_id in taken[1:]]
    assert [one and one.id for one in left] == [kept.id, given[2].id, given[3].id]


async def test_bans_that_were_lifted_are_given_again(room: Newsroom):
    room.brake(overturns=1, bans=99)
    given = [await ban(room, number, by=BEN) for number in range(3)]
    room.clock.pass_by(minutes=20)
    for one in given[:2]:
        await lift(room.desk, one.id, by=SAM)
    with pytest.raises(Braked):
        await lift(room.desk, given[2].id, by=SAM)
    site = ObedientSite()
    await obey(room, site)
    assert set(site.banned) == {"a2"}
    await take_back(room.desk, (await one_run(room)).id, by=EVE)
    await obey(room, site)
    assert set(site.banned) == {"a0", "a1", "a2"}
    assert site.hidden == {"c0", "c1", "c2"}


async def test_what_others_decided_since_is_left_alone(room: Newsroom):
    room.brake(hides=2, overturns=99)
    made = [await hide(room, number) for number in range(3)]
    await reverse(room.desk, made[0].case_id, by=SAM, door=Door.BUTTON)
    await room.decide(made[0].case_id, Action.KEEP, by=SAM)
    await room.decide(made[2].case_id, Action.HIDE, by=SAM)
    run = await one_run(room)

    assert await take_back(room.desk, run.id, by=EVE) == TakenBack(hides=1)
    kept, held = await look(room.desk, made[0].case_id), await look(room.desk, made[2].case_id)
    assert kept.decision is not None
    assert held.decision is not None
    assert (kept.decision.verdict.by.id, held.decision.verdict.by.id) == (SAM.id, SAM.id)


async def test_a_ban_whose_comment_was_edited_since_is_lifted(room: Newsroom):
    room.brake(bans=1)
    banned = await ban(room, 0)
    await ban(room, 1)
    await room.take(comment="c0", author="a0", revision="r2", text="Milder.")
    run = await one_run(room)
    assert await take_back(room.desk, run.id, by=SAM) == TakenBack(bans=1, proposals=1)
    view = await look(room.desk, banned.case_id)
    assert view.case.is_open
    assert not view.record.banned


async def test_a_legal_hide_is_not_shown_by_one_press(room: Newsroom):
    room.brake(hides=2)
    legal = await hide(room, 0, rule=RuleNumber(6))
    await hide(room, 1)
    await hide(room, 2)
    site = ObedientSite()
    await obey(room, site)
    room.clock.pass_by(hours=1)
    await take_back(room.desk, (await one_run(room)).id, by=SAM)
    await obey(room, site)
    view = await look(room.desk, legal.case_id)
    assert view.case.is_open
    assert view.case.is_held
    assert site.hidden == {"c0"}


async def test_a_run_is_taken_back_by_seniors_and_editors_only(room: Newsroom):
    room.brake(hides=1)
    await hide(room, 0)
    await hide(room, 1)
    run = await one_run(room)
    for by in (ANA, BEN, OLLY):
        with pytest.raises(NotAllowed):
            await take_back(room.desk, run.id, by=by)
    with pytest.raises(NoChange):
        await take_back(room.desk, 99, by=SAM)


async def test_taking_a_run_back_is_no_run_itself(room: Newsroom):
    for number in range(41):
        await hide(room, number)
    await take_back(room.desk, (await one_run(room)).id, by=SAM)
    made = await ban(room, 99, by=BEN)
    assert isinstance(await reverse(room.desk, made.case_id, by=SAM, door=Door.BUTTON), Decision)


async def test_who_goes_on_after_that_calls_again(room: Newsroom):
    room.brake(bans=2)
    for number in range(3):
        await ban(room, number)
    first = await one_run(room)
    await take_back(room.desk, first.id, by=SAM)
    room.clock.pass_by(seconds=1)
    assert isinstance(await ban(room, 9), Proposal)
    assert (await one_run(room)).id != first.id
