"""Notices of another kind than reports: their cards, the forms, and what is answered to staff."""

from collections.abc import Mapping
from typing import Final

from bot.domain.cases import NoticeKind
from bot.domain.readers.notice import NoticeStage, Outcome, Road

KINDS: Final[Mapping[NoticeKind, str]] = {
    NoticeKind.ILLEGAL: "Illegal content",
    NoticeKind.LEGAL: "Legal notice",
    NoticeKind.DATA: "Complaint about personal data",
    NoticeKind.NEWSROOM: "Complaint to the newsroom",
}
ROADS: Final[Mapping[Road, str]] = {
    Road.PAGE: "by the page",
    Road.EMAIL: "by e-mail",
    Road.TELEPHONE: "by telephone",
    Road.LETTER: "by letter",
}
FIELDS: Final[Mapping[str, str]] = {
    "address": "which comment it is about",
    "text": "what is wrong",
    "falsity": "what in the comment is untrue",
    "name": "who gives it",
    "email": "their e-mail address",
    "good_faith": "that they believe it to be accurate and complete",
    "may_name": "whether the poster may be told their name",
    "may_email": "whether the poster may be given their e-mail address",
}
STAGES: Final[Mapping[NoticeStage, str]] = {
    NoticeStage.KEPT: "The comment was kept",
    NoticeStage.REMOVED: "The comment was removed",
    NoticeStage.ACTED: "Answered: something was done",
    NoticeStage.DECLINED: "Answered: nothing is done",
    NoticeStage.INSISTED: "The poster stands by it",
}
OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.ACTED: "Something was done",
    Outcome.DECLINED: "Nothing is done",
}

# The card.
UNKNOWN_COMMENT: Final = "about a comment that the desk does not know"
NO_COMMENT: Final = "about no comment in particular"
MINOR: Final = "⚠ They say that it is an offence against a child."
HOW_DECIDED: Final = "Deciding the case answers it too."
TIE_IT: Final = "Its clock runs. Tie it to the comment's case, or answer it."
READ: Final = "Read"
ANSWER: Final = "Answer"
TIE: Final = "Tie to a case"

# Read in full.
WHERE: Final = "Where"
WHAT: Final = "What they say"
FALSITY: Final = "What is untrue"
WHO: Final = "Who"
ANSWERED: Final = "The answer"
NOT_SAID: Final = "not said"
CAREFUL: Final = "The address is as they wrote it. Open it with care."
NO_NAME_NEEDED: Final = "nobody has to give a name for such an offence"

# The forms.
ANSWER_TITLE: Final = "Answer a notice"
ANSWER_FIELD: Final = "What came of it"
WORDS_FIELD: Final = "What they are told"
WORDS_HELP: Final = "Whoever gave the notice reads this. They do not learn who wrote it."
TIE_TITLE: Final = "Tie a notice to a case"
TIE_FIELD: Final = "The number on the comment's card"
ADDRESS_FIELD: Final = "The comment's address"
WHO_FIELD: Final = "Name and e-mail address"
WHO_HELP: Final = "Leave empty what they leave out"
TEXT_FIELD: Final = "What they complain of"
SAYS_FIELD: Final = "What else they say"
GOOD_FAITH: Final = "They believe it to be accurate and complete"
IS_MINOR: Final = "It is an offence against a child"


def named(kind: NoticeKind, number: int) -> str:
    return f"📨 **{KINDS[kind]}: notice {number}**"


def about(case: str) -> str:
    return f"about {case}"


def answer_by(at: str) -> str:
    return f"⏱ **Answer it** by {at}."


def over(stage: NoticeStage, at: str) -> str:
    return f"✔ {STAGES[stage]}, {at}."


def lacks(fields: str) -> str:
    return f"It does not say {fields}."


def on_card(kind: NoticeKind, number: int, by: str | None) -> str:
    head = f"📨 **{KINDS[kind]}** {number}"
    return f"{head}, answer by {by}" if by else f"{head}, answered"


def more_on_card(count: int) -> str:
    return f"📨 and {count} more"


def due_soon(kind: NoticeKind, number: int) -> str:
    return f"{KINDS[kind]}: the time for notice {number} runs out soon."


def overdue(kind: NoticeKind, number: int) -> str:
    return f"{KINDS[kind]}: the time for notice {number} has run out."


def form_title(kind: NoticeKind) -> str:
    return KINDS[kind]


def taken(kind: NoticeKind, number: int, case: str | None) -> str:
    where = f"It is on {case}." if case else "The desk does not know its comment: tie it to a case."
    return f"✔ {KINDS[kind]} was taken in as notice {number}. {where}"


def tied(number: int, case: str) -> str:
    return f"✔ Notice {number} is tied to {case}."


def answered(number: int) -> str:
    return f"✔ Notice {number} is answered. Whoever gave it reads that on their page."
