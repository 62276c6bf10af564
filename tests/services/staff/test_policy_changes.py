"""A changed policy: put in force, told, and followed by the open cases."""

import asyncio
import threading
from dataclasses import fields, replace

import pytest

from bot.cards.text import policy as policy_text
from bot.domain.errors import NotAllowed, NotPossible, NotUnderstood
from bot.domain.ids import RuleNumber
from bot.domain.policy import Policy, Severity
from bot.domain.routing import Route
from bot.domain.staff import Authority, Person, Rank
from bot.services import rules
from bot.services.deliver import card_lane
from bot.services.desk import Desk
from bot.services.outbox_worker import turn
from bot.services.rules import PolicyHolder, Reloaded, compared
from tests.services.desks import ANA, MODERATOR, OLLY, Bench
from tests.services.outside import Channel
from tests.support.waiting import until

EDITOR = 13
ED = Person(id=9, name="Ed", roles=frozenset({EDITOR}))


class File:
    """Where the policy is kept."""

    def __init__(self, policy: Policy) -> None:
        self.policy: Policy | Exception = policy
        self.read_in: set[int] = set()

    def __call__(self) -> Policy:
        self.read_in.add(threading.get_ident())
        if isinstance(self.policy, Exception):
            raise self.policy
        return self.policy


def opened(bench: Bench) -> tuple[Desk, File, PolicyHolder]:
    file = File(bench.policy)
    holder = PolicyHolder(file)
    desk = replace(
        bench.desk,
        policy=holder,
        reload_policy=holder.reload,
        authority=Authority(ranks={MODERATOR: Rank.MODERATOR, EDITOR: Rank.EDITOR}),
    )
    return desk, file, holder


def changed(policy: Policy, number: int, **changes: object) -> Policy:
    return replace(
        policy,
        rules=tuple(
            replace(rule, **changes) if rule.number == number else rule  # type: ignore[arg-type]
            for rule in policy.rules
        ),
    )


def test_what_a_policy_changed_is_told_rule_by_rule(bench: Bench):
    before = bench.policy
    first, *rest = before.rules
    new = replace(first, number=RuleNumber(77), code="new")
    now = replace(
        changed(replace(before, rules=(*rest, new)), rest[0].number, name="Other"),
        strike_days=7,
        blurred=("word",),
    )

    found = compared(before, now)

    assert found == Reloaded(
        added=(new,),
        removed=(first,),
        changed=(replace(rest[0], name="Other"),),
        settings=("strike_days", "blurred"),
    )
    assert not found.is_empty
    assert compared(before, before) == Reloaded()
    assert Reloaded().is_empty


def test_whatever_of_a_policy_changes_is_told_in_words():
    told = {one.name for one in fields(Policy) if one.compare} - {"rules", "off"}
    assert set(policy_text.SETTINGS) == told


@pytest.mark.parametrize("part", ["added", "removed", "changed", "settings"])
def test_any_change_is_a_change(bench: Bench, part: str):
    assert not replace(Reloaded(), **{part: (bench.policy.rules[0],)}).is_empty


async def test_a_new_policy_is_in_force_at_once_and_was_read_beside_the_loop(bench: Bench):
    desk, file, holder = opened(bench)
    file.policy = replace(bench.policy, strike_days=7)
    file.read_in.clear()

    told = await rules.reload(desk, ED)

    assert told == Reloaded(settings=("strike_days",))
    assert holder() == desk.policy() == file.policy
    assert threading.get_ident() not in file.read_in


async def test_a_wrong_policy_is_refused_with_its_lines_and_the_old_one_stays(bench: Bench):
    desk, file, holder = opened(bench)
    file.policy = NotUnderstood("Line 3: what is this?")

    with pytest.raises(NotUnderstood) as refused:
        await rules.reload(desk, ED)
    assert str(refused.value) == (
        "The new policy was refused, and the one from before stays in force.\nLine 3: what is this?"
    )
    assert holder() == bench.policy


async def test_a_policy_that_is_kept_in_no_file_is_not_read_anew(bench: Bench):
    desk = replace(opened(bench)[0], reload_policy=bench.desk.reload_policy)
    with pytest.raises(NotUnderstood, match="policy is not in a file, so it cannot be reloaded"):
        await rules.reload(desk, ED)
    words = r"^This desk's policy is not in a file, so it cannot be reloaded\.$"
    with pytest.raises(NotPossible, match=words):
        bench.desk.reload_policy()


async def places(bench: Bench) -> dict[int, tuple[int, int]]:
    cases = await bench.store.read(lambda tx: tx.cases.queue(limit=999))
    return {case.id: (case.priority, case.touched) for case in cases}


async def test_open_cases_take_the_places_of_the_new_policy_and_others_stay(bench: Bench):
    desk, file, _ = opened(bench)
    moving = await bench.take(comment="c1")
    staying = await bench.take(comment="c2", rule=RuleNumber(5))
    before = await places(bench)
    channel = Channel(bench.clock)
    await turn(card_lane(bench.desk, channel))
    rule = bench.policy.rule(RuleNumber(3))
    other = Severity.LOW if rule.severity is Severity.CRITICAL else Severity.CRITICAL
    file.policy = changed(bench.policy, 3, severity=other)

    told = await rules.reload(desk, ED)

    after = await places(bench)
    assert told.moved == 1
    assert after[staying] == before[staying]
    assert after[moving][0] != before[moving][0]
    assert after[moving][1] == before[moving][1] + 1
    await turn(card_lane(bench.desk, channel))
    drawn = {card.case_id: card.touched for card in channel.messages.values()}
    assert drawn == {case: touched for case, (_, touched) in after.items()}


async def test_a_case_that_only_gets_another_channel_moves_too(bench: Bench):
    desk, file, _ = opened(bench)
    await bench.take()
    file.policy = replace(bench.policy, routes=(Route(channel_id=77),))

    assert (await rules.reload(desk, ED)).moved == 1


async def test_every_open_case_follows_however_many_there_are(bench: Bench):
    desk, file, _ = opened(bench)
    for number in range(201):
        await bench.take(comment=f"c{number}")
    file.policy = replace(bench.policy, routes=(Route(channel_id=77),))

    assert (await rules.reload(desk, ED)).moved == 201


async def test_a_policy_that_says_the_same_moves_nothing(bench: Bench):
    desk, _, _ = opened(bench)
    await bench.take()

    assert await rules.reload(desk, ED) == Reloaded()


async def test_moderators_see_the_policy_and_editors_change_it(bench: Bench):
    desk, _, _ = opened(bench)

    assert await rules.shown(desk, ANA) == bench.policy
    with pytest.raises(NotAllowed):
        await rules.shown(desk, OLLY)
    with pytest.raises(NotAllowed):
        await rules.reload(desk, ANA)


async def test_another_process_puts_in_force_what_it_is_told_of_and_only_what_is_right(bench):
    desk, file, holder = opened(bench)
    told = asyncio.Event()
    following = asyncio.create_task(rules.keep_following(desk, told))
    file.policy = NotPossible("no policy")
    told.set()
    await until(lambda: len(file.read_in) == 2, what="it to be read")
    assert holder() is bench.policy
    file.policy = changed(bench.policy, 3, name="Another")
    told.set()
    await until(lambda: holder() is not bench.policy, what="the policy to be in force")
    assert holder().rule(RuleNumber(3)).name == "Another"
    following.cancel()
