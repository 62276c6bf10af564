from dataclasses import replace
from datetime import timedelta

from bot.domain.cases import CardRef, CaseState

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


async def standing(store, *, before=2**62, since=NOW):
    def query(tx):
        cards = tx.cards.seen_open(CHANNEL, before=before, since=since, limit=9)
        return [(card.ref, card.turned) for card in cards]

    return await store.read(query)


async def test_the_cards_that_stand_in_a_channel_are_those_that_show_an_open_case(store):
    a, b, c, d = [await store.write(opening(name)) for name in "abcd"]
    refs = [ref_to(a, 11), ref_to(b, 13), ref_to(c, 12), ref_to(d, 14, channel_id=CHANNEL + 1)]

    def work(tx):
        for ref in refs:
            tx.cards.drawn(ref, 1, listed=ref.case_id != b.id)
        tx.cases.save(replace(b, state=CaseState.DECIDED))

    await store.write(work)
    assert await standing(store) == [(refs[2], False), (refs[0], False)]
    assert await standing(store, before=11) == [(refs[0], False)]
    everywhere = await store.read(lambda tx: tx.cards.open_ones())
    assert set(everywhere) == {refs[0], refs[2], refs[3]}


async def test_a_card_that_changed_of_late_is_told_apart(store):
    case = await store.write(opening())
    first = ref_to(case, 11)
    edited = replace(first, revision=2)

    await store.write(lambda tx: tx.cards.drawn(first, 1))
    await store.write(lambda tx: tx.cards.drawn(first, 2, at=LATER))
    assert await standing(store) == [(first, False)], "drawn again, and nothing to see changed"

    await store.write(lambda tx: tx.cards.drawn(edited, 3, at=LATER))
    assert await standing(store) == [(edited, True)]
    assert await standing(store, since=LATER) == [(edited, False)]

    after = LATER + timedelta(minutes=1)
    await store.write(lambda tx: tx.cards.drawn(edited, 4, listed=False, at=after))
    assert await standing(store, since=LATER) == [(edited, True)], "it was open a moment ago"
    assert await standing(store, since=after) == []
    assert await store.read(lambda tx: tx.cards.turned_at(case.id)) == after


async def test_a_message_of_the_desk_belongs_to_its_cases_for_ever(store):
    a, b = [await store.write(opening(name)) for name in "ab"]

    def work(tx):
        tx.cards.drawn(ref_to(a, 11), 1)
        tx.cards.lost(a.id)
        tx.cards.drawn(ref_to(a, 12), 1)
        tx.lines.say(13, [b.id, a.id])
        tx.lines.say(13, [b.id])

    await store.write(work)
    found = await store.read(lambda tx: [list(tx.lines.cases_of(one)) for one in (11, 12, 13, 14)])
    assert found == [[a.id], [a.id], [a.id, b.id], []]


async def test_a_case_whose_card_is_not_posted_yet_has_none_to_name(store):
    case = await store.write(opening())
    await store.write(lambda tx: tx.cards.intend(case.id, NOW))
    assert await standing(store) == []
    assert await store.read(lambda tx: tx.cards.open_ones()) == []


async def test_how_far_a_channel_was_read_never_goes_back(store):
    assert await store.read(lambda tx: tx.cursors.typed(CHANNEL)) is None
    for message_id in (7, 9, 8):
        await store.write(lambda tx, at=message_id: tx.cursors.read_typed(CHANNEL, at))
    assert await store.read(lambda tx: tx.cursors.typed(CHANNEL)) == 9
    assert await store.read(lambda tx: tx.cursors.typed(CHANNEL + 1)) is None
