"""What Coral tells the author where the Digital Services Act is switched on."""

from bot.domain.decisions import Action
from bot.domain.effects import Order

OTHER = "OTHER"
USUAL = {
    "threats": "ILLEGAL_CONTENT",
    "private": "HARASSMENT_BULLYING",
    "harassment": "HARASSMENT_BULLYING",
    "hate": "HATE_SPEECH",
    "abuse": "ABUSIVE",
    "graphic": "OFFENSIVE",
    "spam": "SPAM",
}
"""Coral's reasons for the rules that ship with the desk; all others are OTHER, with their name."""


def reason_of(order: Order, code: str) -> dict[str, str]:
    """Return the reason for an order; `code` is Coral's, two of which want words with them."""
    usual = "On hold" if order.action is Action.HOLD else "House rules"
    named = {
        OTHER: {"customReason": order.rule_name or usual},
        "ILLEGAL_CONTENT": {"legalGrounds": order.rule_name or "Law"},
    }
    told = order.notice or order.rule_name or ""
    return {"code": code, "detailedExplanation": told, **named.get(code, {})}
