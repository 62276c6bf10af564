"""What can go wrong, as one tree; each error's text is a sentence. And the boundary of a task.

What could go wrong at that boundary is that a fault is swallowed: that nobody learns of it, that what follows takes
the work for done, or that a refusal which somebody waits for ends here. So the block hands back what
it stopped, and whoever opened it says what that means; what is known beforehand is named, and passes;
and neither the end of the desk nor a cancelled task is an `Exception`, so both pass as well.
"""

from datetime import timedelta
from types import TracebackType
from typing import Self

from bot.domain.brake import Act
from bot.domain.decisions import Decision
from bot.domain.ids import CaseId
from bot.domain.staff import Trouble
from bot.domain.triage import Claim


class DeskError(Exception):
    """Base of every error this project raises on purpose."""


class NoSuchCase(DeskError):
    """There is no case of that number."""

    def __init__(self, case_id: CaseId) -> None:
        super().__init__(
            f"There is no case #{case_id}. /queue lists the open ones, /search finds the others."
        )
        self.case_id = case_id


class NoSuchAuthor(DeskError):
    """No author, or more than one, is called so."""


class IdUsedBefore(DeskError):
    """A site sent another body under an id under which it sent one before."""


class NotAllowed(DeskError):
    """The person's roles do not give the authority."""


class Braked(NotAllowed):
    """The person has done so much of it within a short time that somebody else has to."""

    def __init__(self, words: str, act: Act) -> None:
        super().__init__(words)
        self.act = act


class NotPossible(DeskError):
    """The comment's site cannot carry the action out."""


class NotUnderstood(DeskError):
    """The words do not say one clear thing; nothing was done."""


class ForeignCard(DeskError):
    """What was pressed is about something that this record does not know."""

    def __init__(self) -> None:
        super().__init__(
            "This card is from another record than the one the desk keeps now, so nothing was "
            "done. If its comment was reported since, it has a card of its own: /queue and /search "
            "find it."
        )


class AlreadyDecided(DeskError):
    """Another decision stands; the first one wins."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(f"case {decision.case_id} was decided by {decision.verdict.by.name}")
        self.decision = decision


class AlreadyClaimed(DeskError):
    """A colleague has the case at this moment."""

    def __init__(self, case_id: CaseId, claim: Claim, token: str = "") -> None:
        super().__init__(f"case {case_id} is claimed by {claim.by_name}")
        self.case_id = case_id
        self.token = token
        self.claim = claim


class WithEditors(DeskError):
    """The case was handed to the editors."""

    def __init__(self, case_id: CaseId) -> None:
        super().__init__(
            f"Case #{case_id} was handed to the editors, so nothing was done. If that was a "
            "mistake, press More on its card and take it back."
        )
        self.case_id = case_id


class NoChange(DeskError):
    """There is nothing to change: it is so already, or is over, or does not stand any more."""


class CommentEdited(DeskError):
    """The comment's text changed since the moderator saw it."""

    def __init__(self, case_id: CaseId, seen: int, now: int) -> None:
        super().__init__(
            f"The comment of case #{case_id} was edited since you saw it. Look again and decide."
        )
        self.case_id = case_id
        self.seen = seen
        self.now = now


class TextUnseen(DeskError):
    """The case's card does not show what is to be decided about."""

    def __init__(self, case_id: CaseId) -> None:
        super().__init__(
            f"The card of #{case_id} cannot show its comment, so nothing was decided. Press More on "
            "the card: you alone see the text there, and decide with the buttons under it."
        )


class BoardDown(DeskError):
    """Discord cannot be reached now; the card is drawn later."""

    def __init__(self, words: str, after: timedelta | None = None) -> None:
        super().__init__(words)
        self.after = after


class BoardBarred(BoardDown):
    """Discord does not let the desk do it now, which somebody can mend; nothing was done."""

    def __init__(self, trouble: Trouble, after: timedelta | None = None) -> None:
        super().__init__(trouble.said, after)
        self.trouble = trouble


class BoardRefused(DeskError):
    """There is nothing to show, or Discord refuses what it is, however often it is asked."""


class PagerDown(DeskError):
    """A way to editors other than Discord did not take an alert; it is tried again later."""

    after: timedelta | None = None


class CardGone(DeskError):
    """The card's message was deleted."""


class SiteDown(DeskError):
    """A site cannot be asked now; it is asked again later."""

    def __init__(self, words: str, after: timedelta | None = None) -> None:
        super().__init__(words)
        self.after = after


class Part:
    """A part of a task; `fault` is what ended it too soon, if anything did."""

    __slots__ = ("_known", "fault")

    def __init__(self, known: tuple[type[Exception], ...]) -> None:
        self._known = known
        self.fault: Exception | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: object, fault: BaseException | None, _where: TracebackType | None
    ) -> bool:
        if not isinstance(fault, Exception) or isinstance(fault, self._known):
            return False
        self.fault = fault  # this is the boundary
        return True


def apart(*known: type[Exception]) -> Part:
    """Stop what is raised in the block, but for what is `known` and meant for others."""
    return Part(known)
