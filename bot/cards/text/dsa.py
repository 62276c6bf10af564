"""What the EU's database and the harmonised report are told: the same words every time, of nobody."""

from typing import Final

from bot.cards.text.common import ended
from bot.domain.decisions import Action
from bot.domain.policy import Rule
from bot.domain.readers.dsa import Source

_FROM: Final = {
    Source.NOTICE: "Somebody gave notice that the comment is illegal.",
    Source.REPORT: "Readers of the site reported the comment under the publisher's house rules.",
    Source.NOBODY: "The publisher came across the comment without a report.",
}
_DID: Final = {
    Action.HIDE: "A moderator read it, found that it breaks the rule named here, and hid it.",
    Action.BAN: (
        "A moderator read it, found that it breaks the rule named here, hid it, and barred its "
        "author from commenting."
    ),
    Action.HOLD: (
        "It was put on hold automatically until a moderator had read it; nothing had been decided."
    ),
}

SECTIONS: Final = {
    1: "1. Identification",
    2: "2. Orders of authorities",
    3: "3. Notices under Article 16",
    4: "4. Own initiative",
    5: "5. Complaints, disputes and suspensions",
    6: "6. Automated means",
}

# The indicators of the harmonised report.
PUBLISHER: Final = "Publisher"
SERVICE: Final = "Service"
PERIOD_START: Final = "Reporting period, start"
PERIOD_END: Final = "Reporting period, end"
ORDERS_TO_ACT: Final = "Orders to act against illegal content"
ORDERS_TO_INFORM: Final = "Orders to provide information"
NOTICES: Final = "Notices received"
NOTICES_AUTOMATED: Final = "Notices processed by automated means alone"
ON_NOTICES: Final = "Measures taken on notices, under the terms"
NOTICE_TIME: Final = "Median time to act on a notice"
MEASURES: Final = "Measures taken"
BY_CATEGORY: Final = "Measures taken, by category"
BY_DETECTION: Final = "Measures taken, by detection"
BY_RESTRICTION: Final = "Measures taken, by restriction"
COMPLAINTS: Final = "Complaints received"
COMPLAINTS_DECIDED: Final = "Complaints decided"
COMPLAINT_TIME: Final = "Median time to decide a complaint, in hours"
DISPUTES: Final = "Disputes before an out-of-court body"
SUSPENSIONS: Final = "Suspensions under Article 23"
AUTOMATED: Final = "Measures decided by automated means alone"
AUTOMATED_WRONGLY: Final = "Of these, kept by whoever looked"

FILL_IN: Final = ""
"""What the desk does not know and the publisher has to put in."""


def facts(action: Action, source: Source) -> str:
    return f"{_FROM[source]} {_DID[action]}"


def ground(rule: Rule) -> str:
    return f"House rule {rule.number}: {rule.name}"


def explanation(rule: Rule, reason: str | None) -> str:
    said = f"The comment breaks this house rule: {ended(rule.text)}"
    return f"{said} {ended(reason)}" if reason else said
