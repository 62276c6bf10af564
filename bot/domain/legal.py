"""A notice of complaint under section 5 of the Defamation Act 2013, and how far it has got."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import CaseId
from bot.domain.legal_clock import due_in_48_hours, poster_answers_by
from bot.domain.places import MessageRef


class Consent(StrEnum):
    """Whether the poster may be told something of who complains."""

    UNSAID = "unsaid"
    GIVEN = "given"
    REFUSED = "refused"


class Stage(StrEnum):
    """How far a notice has got. The last three are its ends."""

    RECEIVED = "received"
    """Contact the poster, or take the comment down, within 48 counted hours."""
    DEFECTIVE = "defective"
    """Tell the complainant what is missing, within 48 counted hours."""
    POSTER_TOLD = "poster told"
    """The poster has five days."""
    POSTER_SILENT = "poster silent"
    """Take the comment down and tell the complainant, within 48 counted hours."""
    POSTER_AGREES = "poster agrees"
    """The same: the poster does not insist."""
    POSTER_INSISTS = "poster insists"
    """Tell the complainant, within 48 counted hours."""
    REMOVED = "removed"
    ANSWERED = "answered"
    HANDED_ON = "handed on"
    """The complainant knows that the poster insists, and may go to court."""


FOLLOWING: Mapping[Stage, tuple[Stage, ...]] = {
    Stage.RECEIVED: (Stage.POSTER_TOLD, Stage.REMOVED),
    Stage.DEFECTIVE: (Stage.ANSWERED, Stage.REMOVED),
    Stage.POSTER_TOLD: (Stage.POSTER_AGREES, Stage.POSTER_INSISTS, Stage.REMOVED),
    Stage.POSTER_SILENT: (Stage.REMOVED,),
    Stage.POSTER_AGREES: (Stage.REMOVED,),
    Stage.POSTER_INSISTS: (Stage.HANDED_ON, Stage.REMOVED),
}
"""What can be done next; nothing, once a notice has come to an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalNotice:
    """One notice. `act_by` is when the clock that runs is over, `None` at the end."""

    case_id: CaseId
    name: str
    email: str
    meaning: str
    falsity: str
    unknown: bool
    """Whether the complainant says that they do not know enough of the poster to sue."""
    consent: Consent
    """To tell the poster the complainant's name."""
    stage: Stage
    received_at: datetime
    stage_at: datetime
    act_by: datetime | None
    by_name: str
    id: int = 0
    at: MessageRef | None = None
    """Where its card stands."""
    token: str = ""
    """Its case's."""
    email_consent: Consent | None = None
    """To give the poster the address; `None` where that was asked together with the name."""

    @property
    def may_give_name(self) -> bool:
        """Whether the poster may be told who complains."""
        return self.consent is Consent.GIVEN

    @property
    def may_give_email(self) -> bool:
        """Whether the poster may be given their address."""
        return (self.email_consent or self.consent) is Consent.GIVEN

    @property
    def defects(self) -> tuple[str, ...]:
        """What the notice should say and does not."""
        asked = (
            ("the complainant's name", self.name),
            ("their e-mail address", "@" in self.email),
            ("what the statement means, and why that is defamatory", self.meaning),
            ("what in it is untrue, or is opinion without a basis in fact", self.falsity),
            ("that they do not know enough about the poster to sue them", self.unknown),
            ("whether the poster may be told who complains", self.consent is not Consent.UNSAID),
            (
                "whether the poster may be given their e-mail address",
                self.email_consent is not Consent.UNSAID,
            ),
        )
        return tuple(words for words, said in asked if not said)


def act_by(stage: Stage, since: datetime) -> datetime | None:
    """Return until when a stage has to be dealt with."""
    if stage not in FOLLOWING:
        return None
    return poster_answers_by(since) if stage is Stage.POSTER_TOLD else due_in_48_hours(since)
