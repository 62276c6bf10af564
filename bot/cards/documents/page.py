"""How a page that stands by itself is made: no script, nothing loaded, everything escaped."""

import base64
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_HERE: Final = Path(__file__).parent
_STYLE: Final = (_HERE / "document.css").read_text(encoding="utf-8").strip()
# The style is the only thing that a browser may use; whatever else came in would not be run or loaded.
_RULES: Final = (
    f"default-src 'none'; style-src 'sha256-"
    f"{base64.b64encode(sha256(_STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'"
)
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(template: str, facts: Mapping[str, Any]) -> str:
    """Return a page; every value in it is escaped, and what steers the reading order shows."""
    html = _TEMPLATES.get_template(template)
    return html.render(style=_STYLE, rules=_RULES, **facts)
