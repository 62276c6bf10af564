"""The table of platforms in docs/sites.md against what the adapters say of themselves."""

import re
from pathlib import Path

import pytest

from bot.domain.ids import SiteId
from bot.domain.site import Ability
from bot.ports import AskedSite, ClosingSite, PolledSite
from bot.sites.opening import open_site
from bot.sites.registry import PLATFORMS
from bot.sites.settings import SiteSettings
from tests.contract.sites.test_connect import AROUND, OURS, SALT

TESTS = Path(__file__).parents[2]
PAGE = (TESTS.parent / "docs" / "sites.md").read_text()
EVIDENCE = (TESTS.parent / "docs" / "evidence.md").read_text()
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


def table(after: str, page: str = PAGE) -> dict[str, list[str]]:
    """Return the first table after some words, by the first cell of each row."""
    text = page.split(after, 1)[1]
    lines = re.search(r"(?:^\|.*\|$\n)+", text, re.MULTILINE)
    assert lines is not None
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[0].split("\n")]
    return {row[0]: row[1:] for row in cells if len(row) > 1 and row[0] != "---"}


def settings(kind: str) -> SiteSettings:
    group = PLATFORMS[kind].settings
    needed = (
        [name for name, info in group.model_fields.items() if info.is_required()] if group else []
    )
    return SiteSettings.model_validate(
        {
            "kind": kind,
            "url": "https://site.example",
            "reporter_salt": SALT,
            "secrets": [OURS],
            "outgoing_secrets": [OURS],
        }
        | ({kind: dict.fromkeys(needed, "id:00ff")} if group else {})
    )


@pytest.mark.parametrize("kind", PLATFORMS)
async def test_the_table_says_what_the_adapter_says(kind: str):
    rows = table("## Which platform can do what")
    column = rows[""].index(kind)

    async with open_site(SiteId("x"), settings(kind), AROUND) as site:
        for row, ability in ROWS.items():
            assert (rows[row][column] != NOT) is (ability in site.abilities), (kind, row)
        assert isinstance(site, AskedSite) is (Ability.FIND in site.abilities)
        assert isinstance(site, ClosingSite) is (Ability.CLOSE_STORY in site.abilities)
        assert isinstance(site, PolledSite) or Ability.POLL not in site.abilities


@pytest.mark.parametrize("row", ROWS)
def test_each_row_names_evidence_that_there_is(row: str):
    [names] = table("## Platforms", EVIDENCE)[row]
    found = re.findall(r"`(test_\w+)`", names)
    written = "\n".join(path.read_text() for path in TESTS.rglob("test_*.py"))
    assert found
    for name in found:
        assert re.search(rf"def {name}\b", written), name
