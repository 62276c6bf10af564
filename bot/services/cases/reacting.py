"""Decide by a reaction, or ask where a reaction alone is not enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.domain.cases import CardRef
from bot.domain.decisions import Action, Door, Verdict
from bot.domain.errors import AlreadyClaimed, DeskError, NoChange, NotAllowed
from bot.domain.ids import CaseId
from bot.domain.policy import ReactionBan
from bot.domain.reactions import Given, Question, QuestionKind, Reaction
from bot.domain.staff import Person, Rank
from bot.services.cases import lookup
from bot.services.cases.claim import check_free, open_case
from bot.services.cases.decide import check_seen, decide
from bot.services.cases.two_person import DecisionResult
from bot.services.desk import Desk
from bot.store.tx import Tx

_ASKED_FOR: Final = timedelta(minutes=5)
"""How long whoever reacted is asked whether they mean to ban."""

_LATE_FOR: Final = timedelta(days=1)
"""How long everybody is asked what was meant while the desk was down."""


class BanByReactionOff(DeskError):
    """The policy lets no reaction ban."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted:
    """One reaction to a card, and what it asks for. `seen` is the revision that was looked at."""

    card: CardRef
    by: Person
    emoji: str
    action: Action
    seen: int

    @property
    def reaction(self) -> Reaction:
        """Whose it is, and where."""
        return Reaction(message_id=self.card.message_id, by_id=self.by.id, emoji=self.emoji)


async def react(desk: Desk, made: Reacted) -> DecisionResult | None:
    """Carry out what a reaction asks for; `None` if the person is asked first.

    That it was handled is kept together with what came of it, so that a reaction which cannot be
    taken off again is not carried out once more.

    Raises:
        DeskError: It was not carried out; the error says why.
    """
    desk.require(made.by, Rank.MODERATOR)
    if made.action is not Action.BAN:
        return await _decide(desk, made)
    match desk.policy().reaction_ban:
        case ReactionBan.OFF:
            raise BanByReactionOff(
                f"{made.emoji} bans nobody at this desk, so nothing was done. Press Ban… on the "
                "card, or reply to it with a length, such as  ban 7d 5"
            )
        case ReactionBan.ASK:
            await _ask_ban(desk, made)
            return None
        case ReactionBan.AT_ONCE:
            return await _decide(desk, made, await _recommended(desk, made))


async def refused(desk: Desk, reaction: Reaction) -> None:
    """Keep that a reaction was handled which decided nothing and cannot be taken off."""
    at = desk.clock()
    await desk.store.write(lambda tx: tx.reactions.mark(reaction, at))


async def ask_all(desk: Desk, given: Sequence[Reacted]) -> None:
    """Ask everybody what was meant by reactions to one card that were given while the desk was down."""
    now, card = desk.clock(), given[0].card
    question = Question(
        kind=QuestionKind.LATE,
        case_id=card.case_id,
        card=CardRef(
            case_id=card.case_id,
            channel_id=card.channel_id,
            message_id=card.message_id,
            revision=given[0].seen,
        ),
        given=tuple(_given(one) for one in given),
        at=now,
        expires_at=now + _LATE_FOR,
    )

    def work(tx: Tx) -> None:
        for one in given:
            tx.reactions.mark(one.reaction, now)
        tx.questions.ask(question)

    await desk.store.write(work)


async def withdraw(desk: Desk, reaction: Reaction) -> None:
    """Forget a reaction that was taken away, and what was asked because of it."""

    def work(tx: Tx) -> None:
        tx.reactions.forget(reaction.message_id, reaction.by_id, reaction.emoji)
        card = tx.cards.at(reaction.message_id)
        asked = tx.questions.open_ban(card.case_id, reaction.by_id) if card else None
        if asked is not None and asked.reaction == reaction:
            tx.questions.answer(asked.id)

    await desk.store.write(work)


async def asked(desk: Desk, number: int, case_id: CaseId, by: Person) -> Question:
    """Return a question that a person may answer.

    Raises:
        NotAllowed: It is somebody else's, or the person is no moderator.
        NoChange: It is over.
    """
    desk.require(by, Rank.MODERATOR)
    found = await desk.store.read(lambda tx: tx.questions.get(number))
    if found is None or found.case_id != case_id or found.answered:
        raise _over(case_id)
    if found.by_id != by.id:
        who, emoji = found.given[0].by_name, found.given[0].emoji
        raise NotAllowed(
            f"{who} reacted with {emoji}, so only {who} can answer this, and nothing was done. To "
            "decide yourself, press a button on the card."
        )
    if found.expires_at <= desk.clock():
        raise _over(case_id)
    return found


async def confirm(desk: Desk, number: int, case_id: CaseId, by: Person) -> DecisionResult:
    """Ban as the person was asked, on the text that they were asked about.

    Raises:
        DeskError: Nobody was banned; the error says why. The question is over, unless a colleague
            has the case at this moment.
    """
    question = await asked(desk, number, case_id, by)
    verdict = Verdict(
        action=Action.BAN,
        by=by,
        door=Door.REACTION,
        rule=question.rule,
        lasting=question.lasting,
    )
    seen = question.card.revision
    try:
        return await decide(
            desk, case_id, verdict, seen=seen, also=lambda tx: tx.questions.answer(number)
        )
    except AlreadyClaimed:
        raise
    except DeskError:
        await cancel(desk, number)
        raise


async def cancel(desk: Desk, number: int) -> None:
    """Take a question back."""
    await desk.store.write(lambda tx: tx.questions.answer(number))


def _over(case_id: CaseId) -> NoChange:
    return NoChange(
        f"This question on case #{case_id} is over, so nothing was done. Its card shows how the "
        "case stands."
    )


async def _ask_ban(desk: Desk, made: Reacted) -> None:
    """Ask whoever reacted, unless they are asked already or could not ban anyway."""
    now, lasting = desk.clock(), await _recommended(desk, made)

    def work(tx: Tx) -> None:
        case = open_case(tx, made.card.case_id)
        desk.require_site(case.site, Action.BAN)
        check_seen(case, made.seen)
        check_free(tx, desk, case, made.by)
        tx.reactions.mark(made.reaction, now)
        if tx.questions.open_ban(case.id, made.by.id) is not None:
            return
        tx.questions.ask(
            Question(
                kind=QuestionKind.BAN,
                case_id=case.id,
                card=made.card,
                given=(_given(made),),
                by_id=made.by.id,
                rule=case.top_rule,
                lasting=lasting,
                at=now,
                expires_at=now + _ASKED_FOR,
            )
        )

    await desk.store.write(work)


async def _recommended(desk: Desk, made: Reacted) -> timedelta:
    """Return the length that the form would offer first."""
    view = await lookup.view(desk, made.card.case_id, made.by)
    return desk.policy().recommended(view.case.top_rule, view.record.strikes)


def _given(made: Reacted) -> Given:
    return Given(by_name=made.by.name, emoji=made.emoji, action=made.action)


async def _decide(desk: Desk, made: Reacted, lasting: timedelta | None = None) -> DecisionResult:
    at = desk.clock()
    verdict = Verdict(action=made.action, by=made.by, door=Door.REACTION, lasting=lasting)
    return await decide(
        desk,
        made.card.case_id,
        verdict,
        seen=made.seen,
        also=lambda tx: tx.reactions.mark(made.reaction, at),
    )
