"""What a platform mails to the author in its own notice: the words, and where the reasons stand."""

from bot.domain.effects import Order


def reason_of(order: Order) -> str:
    """Return why the author was banned, in as few words as a platform has room for."""
    return order.notice or order.rule_name or "House rules"


def with_statement(words: str, order: Order) -> str:
    """Return the words with the address at which the author reads why and may contest it.

    Only for what a platform sends to the author alone: whoever has the address can contest in
    their name, so it must not stand where others, or the platform's staff, read it.
    """
    if order.statement_url is None:
        return words
    why = f"Why, what you wrote, and how to contest it: {order.statement_url}"
    return f"{words}\n\n{why}" if words else why
