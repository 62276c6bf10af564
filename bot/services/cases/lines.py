"""Carry a typed line out: all of it in one transaction, once, and only on what was meant."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.bans import NOTHING_ELSE, Aftermath
from bot.domain.cases import CaseView
from bot.domain.decisions import Decision, Door, Proposal, Verdict
from bot.domain.effects import Delivery, EffectState
from bot.domain.errors import Braked, DeskError, NotUnderstood
from bot.domain.grammar import parse
from bot.domain.ids import CaseId
from bot.domain.lines import KeptLine, KeptOrder, TypedLine
from bot.domain.staff import Rank
from bot.domain.triage import Claim
from bot.domain.typed_order import Typed, Verb
from bot.services.cases import brake, routing, targets
from bot.services.cases.claim import claiming
from bot.services.cases.decide import deciding
from bot.services.cases.reverse import left_by, reversing
from bot.services.cases.targets import Target
from bot.services.desk import Desk
from bot.store.tx import Tx

Outcome = Decision | Proposal | Claim | DeskError | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How one order ended; `None` where a card was passed over.

    `view` is there where the order named no case, so that the answer can say whose comment it hit.
    `delivery` is how the site's part in it ended, once that is known. `overtaken` says that the site
    did nothing, as the comment had been edited there, and that the desk took the order back.
    """

    case_id: CaseId
    outcome: Outcome
    view: CaseView | None = None
    after: Aftermath = NOTHING_ELSE
    delivery: Delivery | None = None
    overtaken: bool = False


async def carry_out(desk: Desk, line: TypedLine, text: str) -> tuple[Done, ...]:
    """Carry out what a line says; a line that was carried out before says what came of it.

    What each order means is found out before anything is done, in the same transaction.

    Raises:
        NotAllowed: The person is no moderator.
        NotUnderstood: Some of it is not clear, or is asked back; nothing was done.
        NoSuchCase: It names a case that there is none of; nothing was done.
    """
    return await desk.store.write(lambda tx: _carry_out(tx, desk, line, text))


async def answered(desk: Desk, message_id: int, answer_id: int, done: Sequence[Done]) -> None:
    """Keep that a line was answered, and which cases a reply to the answer means."""

    def work(tx: Tx) -> None:
        tx.lines.answered(message_id)
        tx.lines.say(answer_id, {one.case_id for one in done})

    await desk.store.write(work)


async def with_site(desk: Desk, done: Sequence[Done]) -> tuple[Done, ...] | None:
    """Return how orders ended with what the site made of them; `None` while it has some to answer.

    Where something else was decided since, its part in that is not told here.
    """
    return await desk.store.read(lambda tx: _with_site(tx, desk, done))


def _with_site(tx: Tx, desk: Desk, done: Sequence[Done]) -> tuple[Done, ...] | None:
    found = tuple(_at_site(tx, desk, one) for one in done)
    waits = any(one.delivery and one.delivery.state is EffectState.WAITING for one in found)
    return None if waits else found


def _at_site(tx: Tx, desk: Desk, one: Done) -> Done:
    """Return what was done with how far the site has got with it."""
    made, view = one.outcome, None
    if isinstance(made, Decision):
        view = tx.cases.view(one.case_id, strikes_since=desk.strikes_since())
    if not isinstance(made, Decision) or view is None:
        return replace(one, delivery=None, overtaken=False)
    is_newest = bool(view.history) and view.history[-1].id == made.id
    delivery = view.delivery if is_newest else None
    return replace(one, delivery=delivery, overtaken=_taken_back(made, view.history))


def _taken_back(made: Decision, history: Sequence[Decision]) -> bool:
    """Whether the desk itself recorded that a decision was not carried out."""
    return any(one.reverses == made.id and one.verdict.door is Door.DESK for one in history)


async def say_of_card(desk: Desk, card_id: int, message_id: int) -> None:
    """Keep that a message of the desk is about the case of a card, or of a line that asked."""

    def work(tx: Tx) -> None:
        tx.lines.say(message_id, tx.lines.cases_of(card_id))

    await desk.store.write(work)


async def unanswered(desk: Desk) -> tuple[tuple[KeptLine, tuple[Done, ...]], ...]:
    """Return the lines whose authors were not told what came of them, such as after a crash."""
    return await desk.store.read(
        lambda tx: tuple((line, _again(tx, desk, line)) for line in tx.lines.unanswered())
    )


async def belongs(desk: Desk, message_id: int) -> bool:
    """Whether a message, or a thread, is the desk's own about some case."""
    return bool(await desk.store.read(lambda tx: tx.lines.cases_of(message_id)))


def _carry_out(tx: Tx, desk: Desk, line: TypedLine, text: str) -> tuple[Done, ...]:
    kept = tx.lines.get(line.message_id)
    if kept is not None:
        return _again(tx, desk, kept)
    desk.require(line.by, Rank.MODERATOR)
    about = targets.about(tx, line)
    orders = parse(text, desk.policy(), reply=about is not None and len(about) == 1)
    meant = targets.meant(tx, desk, line, orders, about)
    done = tuple(
        _act(tx, desk, line, order, target) for order, target in zip(orders, meant, strict=True)
    )
    tx.lines.put(_kept(line, done))
    return done


def _kept(line: TypedLine, done: Sequence[Done]) -> KeptLine:
    return KeptLine(
        message_id=line.message_id,
        channel_id=line.channel_id,
        by_id=line.by.id,
        orders=tuple(
            KeptOrder(
                case_id=one.case_id,
                decision_id=one.outcome.id if isinstance(one.outcome, Decision) else None,
            )
            for one in done
        ),
    )


def _act(tx: Tx, desk: Desk, line: TypedLine, order: Typed, target: Target) -> Done:
    view = _shown(tx, desk, line, target) if target.by_position else None
    outcome: Outcome = None
    if order.verb is not Verb.SKIP:
        try:
            outcome = _work(desk, line, order, target)(tx)
        except Braked as error:
            brake.call(tx, desk, line.by, error.act)
            outcome = error
        except DeskError as error:
            outcome = error
    return Done(
        case_id=target.case_id,
        outcome=outcome,
        view=view,
        after=left_by(tx, desk, outcome, line.by),
    )


def _work(
    desk: Desk, line: TypedLine, order: Typed, target: Target
) -> Callable[[Tx], Decision | Proposal | Claim]:
    case_id = target.case_id
    if order.verb is Verb.CLAIM:
        return claiming(desk, case_id, line.by)
    if order.action is None:
        return reversing(desk, case_id, by=line.by, door=Door.TYPED, note=order.note)
    verdict = Verdict(
        action=order.action,
        by=line.by,
        door=Door.TYPED,
        rule=order.rule,
        lasting=_lasting(desk, order),
        note=order.note,
    )
    return deciding(desk, case_id, verdict, seen=target.seen)


def _lasting(desk: Desk, order: Typed) -> timedelta | None:
    now = desk.clock()
    return order.length.end(now, desk.policy().alerts.zone) - now if order.length else None


def _shown(tx: Tx, desk: Desk, line: TypedLine, target: Target) -> CaseView | None:
    view = tx.cases.view(target.case_id, strikes_since=desk.strikes_since())
    return routing.for_person(desk.policy(), view, line.channel_id) if view else None


def _again(tx: Tx, desk: Desk, kept: KeptLine) -> tuple[Done, ...]:
    outcomes = [(one.case_id, _then(tx, desk, kept, one)) for one in kept.orders]
    return tuple(Done(case_id=case_id, outcome=outcome) for case_id, outcome in outcomes)


def _then(tx: Tx, desk: Desk, kept: KeptLine, order: KeptOrder) -> Outcome:
    """Return what came of an order, as far as the record tells."""
    made = tx.decisions.get(order.decision_id)
    if made is not None:
        return made
    waiting = tx.proposals.get(order.case_id)
    if waiting is not None and waiting.verdict.by.id == kept.by_id:
        return waiting
    claim = tx.triage.get(order.case_id).claim_at(desk.clock())
    if claim is not None and claim.by_id == kept.by_id:
        return claim
    return NotUnderstood(
        f"Your line about #{order.case_id} decided nothing. Its card shows how it stands."
    )
