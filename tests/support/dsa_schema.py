"""A statement of reasons as the EU's transparency database takes it: its schema of 1 July 2025.

Written from the database's documentation of its fields, with only what a desk of comments may send.
"""

from typing import Any, Final

from bot.domain.dsa_terms import CATEGORIES, KEYWORDS

_DAY: Final = {"type": "string", "pattern": "^20[0-3][0-9]-[0-1][0-9]-[0-3][0-9]$"}


def _text(most: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": most}


def _one_of(prefix: str, *names: str) -> dict[str, Any]:
    return {"enum": sorted(f"{prefix}_{name}" for name in names)}


STATEMENT: Final[dict[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        *("puid", "decision_facts", "decision_ground", "category", "content_type"),
        *("content_date", "application_date", "source_type", "automated_detection"),
        *("automated_decision", "incompatible_content_ground", "incompatible_content_explanation"),
    ],
    "anyOf": [
        {"required": [f"decision_{one}"]}
        for one in ("visibility", "monetary", "provision", "account")
    ],
    "properties": {
        "puid": {"type": "string", "pattern": "^[a-zA-Z0-9_-]{1,500}$"},
        "decision_visibility": {
            "type": "array",
            "minItems": 1,
            "items": _one_of(
                "DECISION_VISIBILITY",
                *("CONTENT_REMOVED", "CONTENT_DISABLED", "CONTENT_DEMOTED", "CONTENT_LABELLED"),
                *("CONTENT_AGE_RESTRICTED", "CONTENT_INTERACTION_RESTRICTED", "OTHER"),
            ),
        },
        "decision_provision": _one_of(
            "DECISION_PROVISION",
            *("PARTIAL_SUSPENSION", "TOTAL_SUSPENSION"),
            *("PARTIAL_TERMINATION", "TOTAL_TERMINATION"),
        ),
        "decision_account": _one_of("DECISION_ACCOUNT", "SUSPENDED", "TERMINATED"),
        "decision_facts": _text(5000),
        "decision_ground": {"const": "DECISION_GROUND_INCOMPATIBLE_CONTENT"},
        "incompatible_content_ground": _text(500),
        "incompatible_content_explanation": _text(2000),
        "category": _one_of("STATEMENT_CATEGORY", *CATEGORIES),
        "category_specification": {"type": "array", "items": _one_of("KEYWORD", *KEYWORDS)},
        "category_specification_other": _text(500),
        "content_type": {"type": "array", "minItems": 1, "items": {"const": "CONTENT_TYPE_TEXT"}},
        "content_date": _DAY,
        "application_date": _DAY,
        "end_date_visibility_restriction": _DAY,
        "end_date_service_restriction": _DAY,
        "source_type": _one_of(
            "SOURCE", "ARTICLE_16", "TRUSTED_FLAGGER", "TYPE_OTHER_NOTIFICATION", "VOLUNTARY"
        ),
        "automated_detection": {"enum": ["Yes", "No"]},
        "automated_decision": _one_of("AUTOMATED_DECISION", "FULLY", "PARTIALLY", "NOT_AUTOMATED"),
    },
}

CALL: Final[dict[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["statements"],
    "properties": {"statements": {"type": "array", "maxItems": 100, "items": STATEMENT}},
}
