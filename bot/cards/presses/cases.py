"""What can be pressed about cases: deciding them, working on them, and looking through them."""

from dataclasses import dataclass

from bot.cards.presses.scheme import Form, OfCase, OfDecision, OfText, Press, press
from bot.domain.ids import RuleNumber

# ---- deciding


@press("keep")
class KeepCase(OfText):
    """Let the comment stand."""


@press("hide")
class HideCase(OfText):
    """Hide the comment, citing the rule that the button said."""

    rule: RuleNumber


@press("hideas")
class HideUnder(OfText):
    """A menu: hide the comment, citing the rule that is picked."""


@press("ban")
class BanAuthor(OfText):
    """Open the form in `ban_modal`."""


@press("banform")
class BanForm(OfText, Form):
    """What the form in `ban_modal` is sent off as."""


@press("bansend")
class SendBan(OfCase):
    """Ban as was filled in and looked over; `draft` is the number of what was shown."""

    draft: int


@press("banchange")
class ChangeBan(OfCase):
    """Open the form in `ban_modal`, filled in as it was."""

    draft: int


@press("bancancel")
class CancelBan(OfCase):
    """Ban nobody, and forget what was filled in."""

    draft: int


@press("sweep")
class HideAll(OfText):
    """Hide all that the author posted of late; `seen` marks the list that stood beside it."""

    hours: int


@press("agree")
class Agree(OfText):
    """Agree to what waits for a second person; `proposal` is 0 where it was not said."""

    proposal: int


@press("decline")
class Decline(OfCase):
    """Decline what waits for a second person."""


@press("hammer")
class BanAsAsked(OfCase):
    """Ban, as a reaction was meant to; the next two are the other answers to that question."""

    question: int


@press("hammerchange")
class BanOtherwise(OfCase):
    """Open the form in `ban_modal` instead."""

    question: int


@press("hammercancel")
class BanNobody(OfCase):
    """Do nothing about the reaction."""

    question: int


# ---- changing what was decided


@press("undo")
class UndoDecision(OfDecision):
    """Undo the decision that stood when the button was drawn."""


@press("otherrule")
class OtherRule(OfDecision):
    """Show the menus of what else a decision could cite or tell the author."""


@press("amend")
class CiteInstead(OfDecision):
    """A menu: cite another rule for the decision that stands."""


@press("reason")
class AddReason(OfDecision):
    """A menu: add a text of the cited rule to the notice to the author."""


@press("runback")
class TakeRunBack(Press):
    """Take back all that somebody did beyond the brake; the token is the run's."""

    run: int
    token: str = ""


# ---- working on them


@press("open")
class OpenCase(OfCase):
    """Show all about a case: More on an open one's card, Open on a decided one's."""


@press("read")
class ReadText(OfCase):
    """Show a page of the full text, from 0."""

    page: int = 0


@press("notes")
class ReadNotes(OfCase):
    """Show a page of the readers' notes, from 0."""

    page: int = 0


@press("retry")
class TryNow(OfCase):
    """Ask the site again, now."""


@press("claim")
class ClaimCase(OfCase):
    """Take the case in hand for a while, so that others leave it."""


@press("takeover")
class TakeOver(OfCase):
    """Claim it from whoever has it."""


@press("release")
class ReleaseCase(OfCase):
    """Leave it to whoever wants it."""


@press("next")
class NextCase(Press):
    """Take the worst case that is free, and show it; it stands in the pinned overview too."""


@press("skip")
class SkipCase(OfCase):
    """Let go of a case that Next gave, and take the one after it."""


@press("assign")
class AskColleague(OfCase):
    """A menu of people: ask a colleague about the case; emptied, nobody is asked."""


@press("snooze")
class PutOff(OfCase):
    """A menu: put the case off, for one of the lengths it offers."""


@press("wake")
class WakeCase(OfCase):
    """Have the case wait no more."""


@press("thread")
class AskThread(OfCase):
    """Begin a thread under the card."""


@press("staffnote")
class WriteNote(OfCase):
    """Open the form of a note for colleagues."""


@press("staffnoteform")
class NoteForm(OfCase, Form):
    """A note for colleagues."""


@press("escalate")
class WriteToEditors(OfCase):
    """Open the form of words for the editors."""


@press("escalateform")
class EscalateForm(OfCase, Form):
    """Words for the editors, who get the case."""


@press("takeback")
class TakeBackCase(OfCase):
    """Take the case back from the editors."""


@press("lifestep")
class TickLifeStep(OfCase):
    """A menu: what was done about a threat to life, a place in `life_card.STEPS`."""


# ---- legal notices on them


@press("legalform")
class LegalForm(OfCase, Form):
    """What a complainant's notice says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfNotice(OfCase):
    """A press about one legal notice on a case."""

    notice: int


@press("legalstep")
class TakeLegalStep(OfNotice):
    """A menu: what was done about a notice, a place in `legal_card.STAGES`."""


@press("legalletters")
class ShowLetters(OfNotice):
    """Show the letters of a notice."""


# ---- looking through them


@press("queue")
class ShowQueue(Press):
    """Show the queue from a line on."""

    offset: int


@press("search")
class ShowFound(Press):
    """Show what a line finds, from a case on."""

    offset: int
    line: str
