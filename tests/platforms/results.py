"""What was tried on the platforms themselves, and the table in docs/sites.md that says so.

`make platforms` writes the file anew, an entry for each version it ran; the table's letters come
from it. `python -m tests.platforms.results` writes the table.
"""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.cli.connect import context_under
from bot.domain.ids import SiteId
from bot.domain.site import Ability
from bot.sites.opening import open_site
from bot.sites.registry import PLATFORMS
from bot.sites.settings import SiteSettings

DOCS = Path(__file__).parents[2] / "docs"
FILE = DOCS / "platforms" / "results.json"
PAGE = DOCS / "sites.md"
HEAD = "## Which platform can do what"

ROWS = {
    "tells of reports at once": Ability.PUSH,
    "is asked for reports": Ability.POLL,
    "hides": Ability.HIDE,
    "shows again": Ability.UNHIDE,
    "bans": Ability.BAN,
    "ends a ban by itself": Ability.TIMED_BAN,
    "unbans": Ability.UNBAN,
    "closes a story": Ability.CLOSE_STORY,
    "tells what else an author wrote": Ability.HISTORY,
    "knows its own staff": Ability.STAFF_CHECK,
    "tells of a comment by its address": Ability.FIND,
}
NOT = "\N{EN DASH}"
_SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
REAL = "R"
_OTHERWISE = {
    "wordpress": REAL,
    "coral": "s",
    "discourse": "s",
    "ghost": "s",
    "disqus": "d",
    "comentario": "s",
    "remark42": "s",
    "webhook": "o",
    "link": "o",
}
"""What is known of each platform before `make platforms`, in the order of the columns. All of Debian's
WordPress is tried in each run of the tests."""
_BY_OUR_PROTOCOL = {("comentario", Ability.PUSH), ("remark42", Ability.PUSH)}
"""What these can do by the desk's own protocol alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One version of one platform, tried on a day.

    `did` and `failed` name rows of the table; what is in neither was not tried. `how` says what was
    particular about it.
    """

    kind: str
    version: str
    on: str
    did: Sequence[str]
    seconds: int
    megabytes: int | None = None
    failed: Sequence[str] = ()
    how: str = ""


def read(file: Path = FILE) -> list[Run]:
    """Return what was tried so far, `[]` if nothing was."""
    return [Run(**one) for one in json.loads(file.read_text())] if file.exists() else []


def keep(run: Run, file: Path = FILE) -> None:
    """Keep a run in place of an earlier one of the same version."""
    others = [one for one in read(file) if (one.kind, one.version) != (run.kind, run.version)]
    runs = sorted([*others, run], key=lambda one: (one.kind, one.version))
    file.write_text(json.dumps([asdict(one) for one in runs], indent=2) + "\n")


def letter(kind: str, ability: Ability, runs: Sequence[Run]) -> str:
    """Return the table's letter for something that a platform can do.

    It was tried on the platform where a version did it and none that was run failed to.
    """
    row = next(name for name, one in ROWS.items() if one is ability)
    ours = [run for run in runs if run.kind == kind]
    if any(row in run.did for run in ours) and not any(row in run.failed for run in ours):
        return REAL
    return "o" if (kind, ability) in _BY_OUR_PROTOCOL else _OTHERWISE[kind]


def row_of(kind: str, can: frozenset[Ability], runs: Sequence[Run]) -> str:
    """Return a platform's column of the table, laid down as a row, with what each letter is for."""
    told = [
        f"{name} {letter(kind, one, runs) if one in can else NOT}" for name, one in ROWS.items()
    ]
    return f"| {kind} | {' | '.join(told)} |"


def table(can: Mapping[str, frozenset[Ability]], runs: Sequence[Run]) -> str:
    """Return the table: a column a platform, a row an ability."""
    kinds = list(_OTHERWISE)
    lines = [f"| | {' | '.join(kinds)} |", "|---" * (len(kinds) + 1) + "|"]
    for name, ability in ROWS.items():
        told = [letter(kind, ability, runs) if ability in can[kind] else NOT for kind in kinds]
        lines.append(f"| {name} | {' | '.join(told)} |")
    return "\n".join(lines) + "\n"


def written(page: str, anew: str) -> str:
    """Return the page with the table after its heading replaced.

    Raises:
        ValueError: There is none.
    """
    before, _, after = page.partition(HEAD)
    changed, count = re.subn(r"(?:^\|.*\|$\n)+", lambda _: anew, after, count=1, flags=re.MULTILINE)
    if not count:
        raise ValueError(f"{HEAD} has no table")
    return before + HEAD + changed


def settings_of(kind: str) -> SiteSettings:
    """Return settings with which a platform's adapter can be opened, if not used."""
    group = PLATFORMS[kind].settings
    needed = (
        [name for name, info in group.model_fields.items() if info.is_required()] if group else []
    )
    own = {kind: dict.fromkeys(needed, "id:00ff")} if group else {}
    common = {
        "kind": kind,
        "url": "https://site.example",
        "reporter_salt": "a salt of more than sixteen characters",
        "secrets": [_SECRET],
        "outgoing_secrets": [_SECRET],
    }
    return SiteSettings.model_validate({**common, **own})


async def abilities() -> dict[str, frozenset[Ability]]:
    """Return what each platform's adapter says that it can do."""
    can: dict[str, frozenset[Ability]] = {}
    for kind in PLATFORMS:
        async with open_site(SiteId("x"), settings_of(kind), context_under(None)) as site:
            can[kind] = site.abilities
    return can


def main() -> None:
    """Write the table."""
    can = asyncio.run(abilities())
    PAGE.write_text(written(PAGE.read_text(), table(can, read())))


if __name__ == "__main__":
    main()
