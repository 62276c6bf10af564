"""The table of platforms in docs/sites.md against what the adapters say of themselves."""

import re
from pathlib import Path

import pytest

from bot.domain.ids import SiteId
from bot.domain.site import Ability
from bot.ports import AskedSite, ClosingSite, PolledSite
from bot.sites.opening import open_site
from bot.sites.registry import PLATFORMS
from tests.contract.sites.test_connect import AROUND
from tests.platforms import results
from tests.platforms.asked import asked_for
from tests.platforms.results import NOT, ROWS, Run, settings_of

TESTS = Path(__file__).parents[2]
PAGE = (TESTS.parent / "docs" / "sites.md").read_text()
EVIDENCE = (TESTS.parent / "docs" / "evidence.md").read_text()


def table(after: str, page: str = PAGE) -> dict[str, list[str]]:
    """Return the first table after some words, by the first cell of each row."""
    text = page.split(after, 1)[1]
    lines = re.search(r"(?:^\|.*\|$\n)+", text, re.MULTILINE)
    assert lines is not None
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[0].split("\n")]
    return {row[0]: row[1:] for row in cells if len(row) > 1 and row[0] != "---"}


@pytest.mark.parametrize("kind", PLATFORMS)
async def test_the_table_says_what_the_adapter_says(kind: str):
    rows = table("## Which platform can do what")
    column = rows[""].index(kind)

    async with open_site(SiteId("x"), settings_of(kind), AROUND) as site:
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


async def test_the_tables_letters_come_from_what_was_last_tried():
    anew = results.table(await results.abilities(), results.read())
    assert results.written(PAGE, anew) == PAGE, "run python -m tests.platforms.results"


def ran(version: str, *did: str, failed: tuple[str, ...] = ()) -> Run:
    return Run(kind="coral", version=version, on="2026-11-27", did=did, seconds=60, failed=failed)


def test_what_a_version_did_and_none_failed_to_do_is_called_tried(tmp_path: Path):
    file = tmp_path / "results.json"
    assert results.letter("coral", Ability.HIDE, results.read(file)) == "s"
    results.keep(ran("9.11", "hides", "bans"), file)
    results.keep(ran("9.8", "hides", failed=("bans",)), file)
    runs = results.read(file)
    assert [(one.version, one.did) for one in runs] == [
        ("9.11", ["hides", "bans"]),
        ("9.8", ["hides"]),
    ]
    assert results.letter("coral", Ability.HIDE, runs) == "R"
    assert results.letter("coral", Ability.BAN, runs) == "s"
    assert results.letter("coral", Ability.UNBAN, runs) == "s", "nobody tried"
    assert results.letter("disqus", Ability.HIDE, runs) == "d"
    results.keep(ran("9.8", "hides"), file)
    assert results.letter("coral", Ability.BAN, results.read(file)) == "R"


def test_every_run_names_rows_that_there_are():
    for run in results.read():
        assert {*run.did, *run.failed}, run
        assert {*run.did, *run.failed} <= ROWS.keys(), run


@pytest.mark.parametrize(
    ("kind", "said", "own"),
    [
        ("coral", "https://coral.example token=eyJ.a=b", {"token": "eyJ.a=b"}),
        ("coral", "https://coral.example eyJ.a.b==", {"token": "eyJ.a.b=="}),
        (
            "coral",
            "https://coral.example token=x premoderate=true",
            {"token": "x", "premoderate": "true"},
        ),
        ("ghost", "https://ghost.example 64:abff", {"admin_key": "64:abff"}),
        (
            "discourse",
            "https://forum.example api_key=k api_username=desk",
            {"api_key": "k", "api_username": "desk"},
        ),
    ],
)
def test_a_real_platform_is_named_on_one_line(kind: str, said: str, own: dict[str, str]):
    asked = asked_for({f"DESK_TRY_{kind.upper()}": said, "DESK_TRY_VERSION": "9", "PATH": "x"})
    assert asked == {kind: {"url": said.split(maxsplit=1)[0], kind: own}}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("coral", ""),
        ("coral", "https://coral.example"),
        ("coral", "token=secret"),
        ("coral", "https://coral.example token=secret colour=red"),
        ("discourse", "https://forum.example secret"),
        ("disqus", "https://disqus.example forum=x api_key=secret"),
    ],
)
def test_a_line_of_another_form_is_told_the_right_one_and_no_key(kind: str, said: str):
    with pytest.raises(ValueError, match=f"DESK_TRY_{kind.upper()} has to be of the form") as told:
        asked_for({f"DESK_TRY_{kind.upper()}": said})
    assert "secret" not in str(told.value).replace("api_secret", "")


@pytest.mark.parametrize("kind", ["coral", "discourse", "disqus", "comentario", "remark42"])
def test_what_cannot_be_run_here_has_a_page_that_says_from_what_its_stand_in_is(kind: str):
    page = (TESTS.parent / "docs" / "platforms" / f"{kind}.md").read_text()
    assert f"`tests/contract/sites/fake_{kind}.py`" in page
    assert (TESTS / "contract" / "sites" / f"fake_{kind}.py").exists()
    assert "Not shown" in page
    line = re.search(rf"DESK_TRY_{kind.upper()}='([^']+)'", page)
    assert line is not None
    assert asked_for({f"DESK_TRY_{kind.upper()}": line[1]})
