from dataclasses import replace
from datetime import timedelta

from bot.domain.case import CardRef, CaseState

from .makers import NOW, opening

CHANNEL = 1_300_000_000_000_000_001
LATER = NOW + timedelta(minutes=1)


def ref_to(case, message_id, channel_id=CHANNEL):
    return CardRef(case_id=case.id, channel_id=channel_id, message_id=message_id, revision=1)


async def test_a_card_is_found_by_its_case_and_by_its_message(store):
    case = await store.write(opening())
    ref = ref_to(case, 5)
    await store.write(lambda tx: tx.cards.drawn(ref, 1))
    assert await store.read(lambda tx: tx.cards.get(case.id)) == ref
    assert await store.read(lambda tx: tx.cards.at(5)) == ref
    assert await store.read(lambda tx: tx.cards.at(6)) is None


async def test_a_case_has_one_card_at_most(store):
    case = await store.write(opening())
    first, second = ref_to(case, 5), replace(ref_to(case, 6), revision=2)
    await store.write(lambda tx: tx.cards.drawn(first, 1))
    await store.write(lambda tx: tx.cards.drawn(second, 2))
    assert await store.read(lambda tx: tx.cards.get(case.id)) == second
    assert await store.read(lambda tx: tx.cards.at(5)) is None


async def test_a_post_whose_end_is_unknown_is_remembered_from_its_first_try(store):
    case = await store.write(opening())
    assert await store.write(lambda tx: tx.cards.intend(case.id, NOW)) is None
    assert await store.write(lambda tx: tx.cards.intend(case.id, LATER)) == NOW
    assert await store.write(lambda tx: tx.cards.intend(case.id, LATER)) == NOW
    assert await store.read(lambda tx: tx.cards.get(case.id)) is None


async def test_a_card_that_stands_ends_the_intention(store):
    case = await store.write(opening())
    await store.write(lambda tx: tx.cards.intend(case.id, NOW))
    await store.write(lambda tx: tx.cards.drawn(ref_to(case, 5), 1))
    assert await store.write(lambda tx: tx.cards.intend(case.id, LATER)) is None


async def test_a_lost_card_is_nowhere_and_leaves_no_intention(store):
    case = await store.write(opening())
    await store.write(lambda tx: tx.cards.drawn(ref_to(case, 5), 1))
    await store.write(lambda tx: tx.cards.lost(case.id))
    assert await store.read(lambda tx: tx.cards.get(case.id)) is None
    assert await store.read(lambda tx: tx.cards.at(5)) is None
    assert await store.write(lambda tx: tx.cards.intend(case.id, NOW)) is None


async def test_the_newest_cards_are_those_of_open_cases_in_that_channel(store):
    a, b, c, d = [await store.write(opening(name)) for name in "abcd"]
    refs = [ref_to(a, 11), ref_to(b, 13), ref_to(c, 12), ref_to(d, 14, channel_id=CHANNEL + 1)]

    def work(tx):
        for ref in refs:
            tx.cards.drawn(ref, 1)
        tx.cases.save(replace(b, state=CaseState.DECIDED))

    await store.write(work)
    assert await store.read(lambda tx: tx.cards.newest(CHANNEL, limit=5)) == [refs[2], refs[0]]
    assert await store.read(lambda tx: tx.cards.newest(CHANNEL, limit=1)) == [refs[2]]
    everywhere = await store.read(lambda tx: tx.cards.open_ones())
    assert set(everywhere) == {refs[0], refs[2], refs[3]}


async def test_a_case_whose_card_is_not_posted_yet_has_none_to_name(store):
    case = await store.write(opening())
    await store.write(lambda tx: tx.cards.intend(case.id, NOW))
    assert await store.read(lambda tx: tx.cards.newest(CHANNEL, limit=5)) == []
    assert await store.read(lambda tx: tx.cards.open_ones()) == []


async def test_how_far_a_channel_was_read_never_goes_back(store):
    assert await store.read(lambda tx: tx.cards.cursor(CHANNEL)) is None
    for message_id in (7, 9, 8):
        await store.write(lambda tx, at=message_id: tx.cards.advance(CHANNEL, at))
    assert await store.read(lambda tx: tx.cards.cursor(CHANNEL)) == 9
    assert await store.read(lambda tx: tx.cards.cursor(CHANNEL + 1)) is None
