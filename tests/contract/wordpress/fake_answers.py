"""What the stand-in for WordPress says of errors, of kinds of content, and of who and what."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

ROLES = {"boss": "administrator", "desk": "editor", "reporter": "author"}
STAFF = {"boss": 1, "desk": 2, "reporter": 3}
USERS = STAFF | {"salty_dog": 4, "mersea_may": 5}
KINDS = {
    "post": "posts",
    "page": "pages",
    "attachment": "media",
    "font-family": "font-families",
    "review": "reviews",
}


def error(status: int, code: str, message: str = "Sorry.") -> web.Response:
    return web.json_response(
        {"code": code, "message": message, "data": {"status": status}}, status=status
    )


def refusal(who: str | None, code: str) -> web.Response | None:
    """Return what those are answered who may not moderate, `None` for the others."""
    if who is None:
        return error(401, code)
    return None if ROLES.get(who) in {"administrator", "editor"} else error(403, code)


def index(*, plugin: bool) -> web.Response:
    spaces = ["oembed/1.0", "wp/v2"] + (["comment-desk/v1"] if plugin else [])
    return web.json_response(
        {
            "name": "The Colne Courier",
            "namespaces": spaces,
            "authentication": {"application-passwords": {"endpoints": {}}},
        }
    )


def is_asked_for(query: Mapping[str, str], number: int, comment: dict[str, Any]) -> bool:
    """Whether a list that is asked for so holds a comment."""
    status = query.get("status", "approve")
    wanted = {"approve": {"approved"}, "all": {"approved", "hold"}}.get(status, {status})
    return (
        (status == "any" or comment["status"] in wanted)
        and ("include" not in query or str(number) in query["include"].split(","))
        and ("author" not in query or str(comment["user_id"]) == query["author"])
        and (
            "author_email" not in query or comment["comment_author_email"] == query["author_email"]
        )
    )


def types(*, edit: bool) -> dict[str, Any]:
    """Return the kinds of content as 6.5 lists them; what they support is told for editing only."""
    bases = {
        "post": "posts",
        "page": "pages",
        "attachment": "media",
        "nav_menu_item": "menu-items",
        "wp_block": "blocks",
        "wp_template": "templates",
        "wp_template_part": "template-parts",
        "wp_global_styles": "global-styles",
        "wp_navigation": "navigation",
        "wp_font_family": "font-families",
        "wp_font_face": r"font-families/(?P<font_family_id>[\d]+)/font-faces",
        "review": "reviews",
    }
    return {
        kind: {"rest_base": base, "rest_namespace": "wp/v2"}
        | (
            {"supports": {"title": True, "comments": kind in KINDS} if kind in KINDS else {}}
            if edit
            else {}
        )
        for kind, base in bases.items()
    }


def status(settings: dict[str, Any], **facts: object) -> web.Response:
    """Return how the plugin says that it is doing."""
    return web.json_response(
        {
            "version": "1.0.0",
            "ready": bool(settings.get("secrets")),
            "site": settings.get("site", ""),
            "now": datetime.now(UTC).isoformat(),
            "waiting": 0,
            "refused": 0,
            "trouble": "",
            **facts,
        }
    )


def author_of(comment: dict[str, Any]) -> str:
    if comment["user_id"]:
        return f"user-{comment['user_id']}"
    if not comment["comment_author_email"]:
        blank = comment["comment_author_IP"] in {"", "0.0.0.0", "::"}  # noqa: S104 - of nobody
        name = f"{comment['comment_author']}|{comment['comment_author_IP']}"
        return (
            f"comment-{comment['number']}"
            if blank
            else "name-" + hashlib.sha256(name.encode()).hexdigest()[:24]
        )
    return "guest-" + hashlib.sha256(comment["comment_author_email"].encode()).hexdigest()[:24]


def revision_of(comment: dict[str, Any]) -> str:
    return hashlib.sha256(comment["comment_content"].encode()).hexdigest()[:16]


def me(who: str | None) -> web.Response:
    if who is None:
        return error(401, "rest_not_logged_in")
    role = ROLES.get(who, "subscriber")
    capabilities: dict[str, bool] = {"read": True}
    if role in {"administrator", "editor"}:
        capabilities |= {"moderate_comments": True, "edit_others_posts": True}
    if role == "administrator":
        capabilities["manage_options"] = True
    return web.json_response({"id": 2, "name": who, "slug": who, "capabilities": capabilities})
