"""Which cases a typed line means: the one it answers, those it names, or the cards above it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.cases import Case
from bot.domain.decisions import Decision
from bot.domain.errors import NoSuchCase, NotUnderstood
from bot.domain.ids import CaseId
from bot.domain.lines import TypedLine, count
from bot.domain.typed_order import Typed, Verb
from bot.services.cases.decide import check_seen
from bot.services.cases.lookup import shown_then
from bot.services.desk import Desk
from bot.store.tx import Tx

_MOST_CARDS = 100
_SNOWFLAKE_START, _SNOWFLAKE_SHIFT = datetime(2015, 1, 1, tzinfo=UTC), 22
"""Discord's ids begin with milliseconds since then and end with so many other bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The case that an order means; `seen` is the revision on its card."""

    case_id: CaseId
    seen: int | None
    by_position: bool = False


def about(tx: Tx, line: TypedLine) -> Sequence[CaseId] | None:
    """Return the cases that a line is about by where it stands or what it answers.

    `None` for a line that stands by itself, and none at all for an answer to something else.
    """
    thread = tx.lines.cases_of(line.channel_id)
    if line.answers is None:
        return thread or None
    answered = tx.lines.cases_of(line.answers)
    if not thread or not answered:
        # In a case's own thread, a reply to a colleague is about that case too.
        return answered or thread
    return sorted({*thread, *answered})


def meant(
    tx: Tx,
    desk: Desk,
    line: TypedLine,
    orders: Sequence[Typed],
    about: Sequence[CaseId] | None,
) -> list[Target]:
    """Return what each order means.

    Raises:
        NotUnderstood: That is not sure, so the person is asked.
        NoSuchCase: One names a case that there is none of.
        CommentEdited: The text changed while the line was typed.
    """
    cases = [_named(order, about, line) for order in orders]
    named = {one: _target(tx, desk, line, one) for one in cases if one is not None}
    dealt = iter(())
    if None in cases:
        if about is not None:
            raise _unsure(about, line)
        dealt = _dealt(tx, desk, line, orders, named.keys())
    return [named[one] if one is not None else next(dealt) for one in cases]


def _named(order: Typed, about: Sequence[CaseId] | None, line: TypedLine) -> CaseId | None:
    """Return the case that an order names, or the one that the line is about."""
    if order.case_id is None:
        return about[0] if about is not None and len(about) == 1 else None
    if about and order.case_id not in about:
        where, instead = _of(line)
        raise NotUnderstood(
            f"{where.capitalize()} is about {_listed(about)}, and you wrote #{order.case_id}, so nothing was "
            f"done. Write it again {instead}, or without the number."
        )
    return order.case_id


def _of(line: TypedLine) -> tuple[str, str]:
    """Return what makes a line be about a case, and how to write it without."""
    if line.answers is None:
        return "this thread", "in the channel"
    return "what you replied to", "without the reply"


def _unsure(about: Sequence[CaseId], line: TypedLine) -> NotUnderstood:
    if not about:
        return NotUnderstood(
            "What you replied to belongs to no one case, so nothing was done. Write the case's "
            "number, such as h 3 #1042, or reply to its card."
        )
    return NotUnderstood(
        f"{_of(line)[0].capitalize()} is about {_listed(about)}, so nothing was done. Write which "
        f"one you mean, such as h 3 #{about[0]}, or reply to its card."
    )


def _listed(cases: Sequence[CaseId]) -> str:
    return " and ".join(f"#{case_id}" for case_id in cases)


def _target(tx: Tx, desk: Desk, line: TypedLine, case_id: CaseId) -> Target:
    """Return a case that is still as the person knew it when they typed.

    Raises:
        NoSuchCase: There is none of that number.
        CommentEdited: Its text changed while they typed.
        TextUnseen: Its card cannot show the text.
        NotUnderstood: The line was picked up late, and the case has moved on.
    """
    case = tx.cases.get(case_id)
    if case is None:
        raise NoSuchCase(case_id)
    seen = _seen_then(tx, desk, line, case_id)
    if case.is_open and seen is not None:
        check_seen(case, seen)
    if line.late:
        _check_late(tx, line, case)
    return Target(case_id=case_id, seen=seen)


def _seen_then(tx: Tx, desk: Desk, line: TypedLine, case_id: CaseId) -> int | None:
    """Return which text stood on a card for long enough to be read before the line was typed."""
    before = line.then - desk.policy().channel.seen_after
    seen = shown_then(tx, case_id, before)
    return seen if seen is not None else shown_then(tx, case_id, line.then)


def _check_late(tx: Tx, line: TypedLine, case: Case) -> None:
    """Let a line that was picked up late pass if nothing has become of the case since.

    Raises:
        NotUnderstood: Something has, by the same person or by others.
    """
    since = _decided_since(tx, line, case.id)
    theirs = any(made.verdict.by.id == line.by.id for made in since)
    if theirs or tx.lines.typed_since(line.message_id, line.by.id, case.id):
        raise NotUnderstood(
            f"I read this line late, and you have typed or done something else about #{case.id} "
            "since, so nothing was done. If you still mean it, type it again."
        )
    if case.is_open and (since or _is_another_card(tx, line, case.id)):
        raise NotUnderstood(
            f"I read this line late, and #{case.id} has changed since you typed it, so nothing was "
            "done. Look at its card, and if you still mean it, type it again."
        )


def _decided_since(tx: Tx, line: TypedLine, case_id: CaseId) -> Sequence[Decision]:
    return [made for made in tx.decisions.of_case(case_id) if made.at > line.then]


def _is_another_card(tx: Tx, line: TypedLine, case_id: CaseId) -> bool:
    """Whether a case's card was posted, or came to say something else, after a line was typed."""
    turned, ref = tx.cards.turned_at(case_id), tx.cards.get(case_id)
    if turned is not None and turned > line.then:
        return True
    return ref is not None and ref.message_id > line.message_id


def _dealt(
    tx: Tx, desk: Desk, line: TypedLine, orders: Sequence[Typed], named: Collection[CaseId]
) -> Iterator[Target]:
    """Return the cards that the orders without a case mean, in turn."""
    wanted = sum(order.case_id is None for order in orders)
    if line.late:
        raise NotUnderstood(
            "I read this line late, and it names no case, so nothing was done: the newest cards "
            f"are others now. Write the number, such as {_example(orders)}, or reply to the card."
        )
    found = list(_seen(tx, desk, line, wanted, named))
    if len(found) < wanted:
        seconds = int(desk.policy().channel.seen_after.total_seconds())
        raise NotUnderstood(
            f"Your line has {count(wanted, 'order')} without a case, and {_stood(len(found))} here for "
            f"{count(seconds, 'second')} when you typed, so nothing was done. Write the numbers, "
            f"such as {_example(orders)}."
        )
    return iter(found)


def _seen(
    tx: Tx, desk: Desk, line: TypedLine, wanted: int, named: Collection[CaseId]
) -> Iterator[Target]:
    """Yield the newest cards that the person can have read, and must have taken for open."""
    seen_after = desk.policy().channel.seen_after
    before = (
        (line.at - seen_after - _SNOWFLAKE_START) // timedelta(milliseconds=1)
    ) << _SNOWFLAKE_SHIFT
    cards = tx.cards.seen_open(
        line.channel_id, before=before, since=line.then - seen_after, limit=_MOST_CARDS
    )
    for card in cards:
        ref = card.ref
        if wanted == 0:
            return
        if ref.case_id in named or _is_own_doing(tx, line, ref.case_id):
            continue
        if card.turned:
            raise NotUnderstood(
                f"#{ref.case_id} changed just before you typed, so I cannot tell which cards you "
                f"mean, and nothing was done. Write the numbers, such as h 3 #{ref.case_id}."
            )
        wanted -= 1
        yield Target(case_id=ref.case_id, seen=ref.revision, by_position=True)


def _stood(cards: int) -> str:
    return f"only {count(cards, 'open card')} had stood" if cards else "no open card had stood"


def _is_own_doing(tx: Tx, line: TypedLine, case_id: CaseId) -> bool:
    """Whether the person has settled the case, or put it off, and so counts on from the next."""
    case = tx.cases.get(case_id)
    if case is None or not case.is_open:
        made = tx.decisions.current(case)
        return made is not None and made.verdict.by.id == line.by.id
    snooze = tx.triage.get(case_id).snooze
    return snooze is not None and snooze.by_id == line.by.id


def _example(orders: Sequence[Typed]) -> str:
    order = next((one for one in orders if one.verb in {Verb.KEEP, Verb.HIDE}), None)
    rule = f" {order.rule}" if order is not None and order.rule is not None else ""
    return f"{order.verb[0] if order is not None else 'k'}{rule} #1042"
