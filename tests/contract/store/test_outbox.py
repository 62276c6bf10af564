from datetime import timedelta

import pytest

from bot.domain.decisions import Action
from bot.domain.effects import Delivery, EffectKind, EffectState
from bot.domain.errors import DeskError
from bot.domain.ids import SiteId

from .makers import NOW, SITE, decide, make_order, opening

LATER = NOW + timedelta(minutes=1)


async def due_cards(store, now=NOW, limit=10):
    return await store.read(lambda tx: tx.outbox.due_cards(now, limit=limit))


async def due_orders(store, now=NOW, site=SITE, limit=10):
    return await store.read(lambda tx: tx.outbox.due_orders(site, now, limit=limit))


async def asked_to_hide(store, comment_id="c-1"):
    case = await store.write(opening(comment_id))
    await order_for(store, case, Action.HIDE)
    return case


async def order_for(store, case, action, **changes):
    def work(tx):
        made = decide(tx, case, action)
        order = make_order(made, **changes)
        tx.outbox.want_order(order)
        return order

    return await store.write(work)


async def test_a_card_asked_for_twice_is_drawn_once(store):
    case = await store.write(opening())
    for _ in "ab":
        await store.write(lambda tx: tx.outbox.want_card(case.id, NOW))
    (effect,) = await due_cards(store)
    assert (effect.kind, effect.case_id, effect.site) == (EffectKind.CARD, case.id, "")
    assert (effect.attempts, effect.due_at, effect.decision_id) == (0, NOW, None)


async def test_asking_again_can_only_bring_a_card_forward(store):
    case = await store.write(opening())
    await store.write(lambda tx: tx.outbox.want_card(case.id, LATER))
    assert await due_cards(store) == []
    await store.write(lambda tx: tx.outbox.want_card(case.id, NOW))
    await store.write(lambda tx: tx.outbox.want_card(case.id, LATER))
    (effect,) = await due_cards(store)
    assert effect.due_at == NOW


async def test_a_card_drawn_may_be_asked_for_again(store):
    case = await store.write(opening())
    await store.write(lambda tx: tx.outbox.want_card(case.id, NOW))
    (first,) = await due_cards(store)
    await store.write(lambda tx: tx.outbox.done(first, NOW))
    assert await due_cards(store) == []
    await store.write(lambda tx: tx.outbox.want_card(case.id, NOW))
    (second,) = await due_cards(store)
    assert second.id > first.id


async def test_the_worst_case_is_drawn_first(store):
    cases = {}
    for comment, priority in (("a", 200), ("b", 400), ("c", 300)):
        cases[comment] = await store.write(opening(comment, priority=priority))
        await store.write(lambda tx, c=comment: tx.outbox.want_card(cases[c].id, NOW))
    due = await due_cards(store, limit=2)
    assert [effect.case_id for effect in due] == [cases["b"].id, cases["c"].id]


async def test_an_order_comes_back_to_the_letter(store):
    case = await store.write(opening())
    order = await order_for(store, case, Action.BAN, banned=True, until=LATER, visible=False)
    (effect,) = await due_orders(store)
    assert (effect.kind, effect.decision_id) == (EffectKind.SITE, order.decision_id)
    assert await store.read(lambda tx: tx.outbox.order(effect.id)) == order


async def test_an_order_is_asked_for_once(store):
    case = await store.write(opening())
    order = await order_for(store, case, Action.HIDE)
    with pytest.raises(DeskError):
        await store.write(lambda tx: tx.outbox.want_order(order))


async def test_orders_are_their_sites_and_the_oldest_comes_first(store):
    cases = [await asked_to_hide(store, name) for name in "abc"]
    assert [effect.case_id for effect in await due_orders(store)] == [case.id for case in cases]
    assert len(await due_orders(store, limit=2)) == 2
    assert await due_orders(store, site=SiteId("echo")) == []


async def test_an_undo_waits_for_the_hide_it_undoes(store):
    case = await asked_to_hide(store)
    await order_for(store, case, Action.UNHIDE, visible=True)
    other = await asked_to_hide(store, "c-2")
    first, elsewhere = await due_orders(store)
    assert (first.case_id, elsewhere.case_id) == (case.id, other.id)
    await store.write(lambda tx: tx.outbox.retry(first, LATER, "busy"))
    assert [effect.case_id for effect in await due_orders(store)] == [other.id]
    await store.write(lambda tx: tx.outbox.done(first, LATER))
    undo, _ = sorted(await due_orders(store), key=lambda effect: effect.case_id)
    assert (undo.case_id, undo.id > first.id) == (case.id, True)


async def test_a_failed_try_is_counted_and_due_later(store):
    case = await asked_to_hide(store)
    (effect,) = await due_orders(store)
    await store.write(lambda tx: tx.outbox.retry(effect, LATER, "The site is down."))
    assert await due_orders(store) == []
    (again,) = await due_orders(store, now=LATER)
    assert (again.id, again.attempts, again.due_at) == (effect.id, 1, LATER)
    assert await store.read(lambda tx: tx.deliveries.delivery(case.id)) == Delivery(
        state=EffectState.WAITING,
        attempts=1,
        due_at=LATER,
        trouble="The site is down.",
        effect_id=effect.id,
    )


async def test_what_is_done_or_given_up_is_not_due(store):
    done, failed = [await asked_to_hide(store, name) for name in "ab"]
    first, second = await due_orders(store)
    await store.write(lambda tx: tx.outbox.done(first, LATER))
    await store.write(lambda tx: tx.outbox.fail(second, LATER, "The site refused."))
    assert await due_orders(store, now=LATER) == []
    assert await store.read(lambda tx: tx.deliveries.delivery(done.id)) == Delivery(
        state=EffectState.DONE, attempts=1, done_at=LATER, effect_id=first.id
    )
    assert await store.read(lambda tx: tx.deliveries.delivery(failed.id)) == Delivery(
        state=EffectState.FAILED, attempts=1, trouble="The site refused.", effect_id=second.id
    )


async def test_the_newest_order_says_how_far_a_site_has_got(store):
    case = await asked_to_hide(store)
    (effect,) = await due_orders(store)
    await store.write(lambda tx: tx.outbox.done(effect, NOW))
    await order_for(store, case, Action.UNHIDE)
    delivery = await store.read(lambda tx: tx.deliveries.delivery(case.id))
    assert (delivery.state, delivery.attempts) == (EffectState.WAITING, 0)


async def test_a_case_without_orders_has_no_delivery_and_nothing_to_revive(store):
    case = await store.write(opening())
    await store.write(lambda tx: tx.outbox.want_card(case.id, NOW))
    assert await store.read(lambda tx: tx.deliveries.delivery(case.id)) is None
    assert not await store.write(lambda tx: tx.outbox.revive(case.id, NOW))


async def test_an_order_given_up_is_tried_anew_when_asked(store):
    case = await asked_to_hide(store)
    (effect,) = await due_orders(store)
    await store.write(lambda tx: tx.outbox.fail(effect, NOW, "The site refused."))
    assert await store.write(lambda tx: tx.outbox.revive(case.id, LATER))
    (again,) = await due_orders(store, now=LATER)
    assert (again.id, again.attempts, again.due_at) == (effect.id, 0, LATER)


async def test_a_waiting_order_is_due_at_once_when_asked(store):
    case = await asked_to_hide(store)
    (effect,) = await due_orders(store)
    await store.write(lambda tx: tx.outbox.retry(effect, LATER, "busy"))
    assert await store.write(lambda tx: tx.outbox.revive(case.id, NOW))
    assert [again.id for again in await due_orders(store)] == [effect.id]


async def test_a_hide_given_up_is_not_revived_once_the_comment_was_shown_again(store):
    case = await asked_to_hide(store)
    (hide,) = await due_orders(store)
    await store.write(lambda tx: tx.outbox.fail(hide, NOW, "busy"))
    await order_for(store, case, Action.UNHIDE)
    (show,) = await due_orders(store)
    await store.write(lambda tx: tx.outbox.done(show, NOW))
    assert not await store.write(lambda tx: tx.outbox.revive(case.id, NOW))
    assert await due_orders(store) == []


async def test_a_hide_revived_while_its_undo_is_under_way_does_not_come_after_it(store):
    case = await asked_to_hide(store)
    (hide,) = await due_orders(store)
    await store.write(lambda tx: tx.outbox.fail(hide, NOW, "busy"))
    await order_for(store, case, Action.UNHIDE)
    (show,) = await due_orders(store)  # given to the site now
    await store.write(lambda tx: tx.outbox.revive(case.id, NOW))
    await store.write(lambda tx: tx.outbox.done(show, NOW))
    assert await due_orders(store) == []
