"""Orders as the desk gives them, about comments of a WordPress."""

from datetime import UTC, datetime, timedelta

from bot.domain.decisions import Action
from bot.domain.effects import Order
from tests.contract.sites.far_end import make_order
from tests.contract.wordpress.conftest import WordPress


def order(site: WordPress, comment_id: str, action: Action, **changes: object) -> Order:
    """Return an order about a comment as it now stands."""
    try:
        facts = site.facts(comment_id)
    except (AssertionError, KeyError):
        facts = {"author": "user-4", "revision": "gone"}
    values = {
        "comment_id": comment_id,
        "author_id": facts["author"],
        "revision_key": facts["revision"],
        "until": datetime.now(UTC) + timedelta(days=7) if action is Action.BAN else None,
    }
    return make_order(action, **(values | changes))
