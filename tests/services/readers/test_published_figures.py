"""The page, the table and the JSON of a month: the same figures, and nobody made out in any."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.cards.documents.figures import as_json, as_page, as_table
from bot.cli.documents import CannotWrite, write_out
from bot.cli.transparency import Wanted, wanted
from bot.cli.transparency import counted as counted_from
from bot.cli.verify import verify
from bot.domain.decisions import Action
from bot.domain.errors import DeskError, NotUnderstood
from bot.domain.ids import RuleNumber
from bot.domain.readers.published import Published, published
from bot.store.opening import beside
from tests.services.desks import Bench
from tests.services.readers.test_month_figures import END, START, counted, decided, taken


class Page(HTMLParser):
    """What is in a page: its tags, and its words in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(data.strip())

    @property
    def text(self) -> str:
        return "\n".join(self.words)


def assert_stands_alone(html: str) -> Page:
    """Nothing of a page is run, loaded or sent anywhere."""
    page = Page(html)
    for tag, attributes in page.tags:
        assert tag not in {"script", "iframe", "img", "link", "form", "object", "embed", "base"}
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert not {"src", "href", "action"} & set(attributes)
    [policy] = [
        attributes["content"]
        for _, attributes in page.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    return page


async def figures_of(bench: Bench, month: str = "2026-11") -> Published:
    return published(await counted(bench, month), bench.policy.by_number)


async def many(bench: Bench, kept: int, hidden: int, waiting: int, *, rule: int = 3) -> None:
    bench.policy = replace(bench.policy, brake=replace(bench.policy.brake, hides=1000))
    for number in range(kept + hidden + waiting):
        case = await taken(bench, f"{rule}-{number}", START, rule=RuleNumber(rule))
        if number < kept:
            await decided(bench, case, timedelta(hours=2), Action.KEEP)
        elif number < kept + hidden:
            await decided(bench, case, timedelta(hours=30), Action.HIDE, rule=RuleNumber(rule))


async def test_the_page_says_a_month_in_words(bench: Bench):
    await many(bench, 7, 5, 0)
    await many(bench, 0, 6, 0, rule=9)
    page = assert_stands_alone(as_page(await figures_of(bench), bench.policy)).text

    assert "Readers' reports and what became of them: November 2026" in page
    assert "1 November 2026 to 30 November 2026, by the clock of Europe/London." in page
    for row in ("3 Harassment\n12", "9 Spam\n6", "Kept\n7", "Taken down\n11", "Not decided yet\n0"):
        assert row in page
    assert "Half of the comments reported\n30 hours" in page
    assert "Bans given\n0" in page
    head = await bench.store.read(lambda tx: tx.decisions.last())
    assert head is not None
    assert f"Decision {head.id} was the last one" in page
    assert head.digest in page
    assert "is not over" not in page


async def test_a_few_are_put_together_everywhere(bench: Bench):
    await many(bench, 7, 0, 2)
    await many(bench, 0, 3, 0, rule=9)
    found = await figures_of(bench)
    page, said = as_page(found, bench.policy), json.loads(as_json(found, bench.policy))
    table = as_table(found, bench.policy)

    assert "Taken down; Not decided yet (together)" in page
    assert said["cases"] == {
        "total": 12,
        "rows": {"kept": 7},
        "together": ["removed", "waiting"],
        "together_count": 5,
    }
    assert said["reports"]["rows"] == {}
    assert said["reports"]["total"] == 12
    assert "Taken down; Not decided yet (together)" in table
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    assert {row["value"] for row in rows if row["what"] == "Bans given"} == {"0"}


async def test_very_few_are_fewer_than_five(bench: Bench):
    await many(bench, 1, 1, 1)
    case = await taken(bench, "b", START)
    await decided(bench, case, timedelta(hours=1), Action.BAN, lasting=timedelta(days=90))
    found = await figures_of(bench)
    said, page = json.loads(as_json(found, bench.policy)), Page(as_page(found, bench.policy)).text

    assert (said["cases"]["total"], said["cases"]["rows"]) == (None, {})
    assert (said["bans_given"], said["authors_banned"]) == (None, None)
    assert said["time_to_decide"] == {"median": None, "p90": None}
    assert "Bans given\nfewer than 5" in page
    assert "Half of the comments reported\ntoo few to tell" in page


async def test_what_still_waits_makes_the_times_longer_not_shorter(bench: Bench):
    await many(bench, 4, 0, 6)
    said = json.loads(as_json(await figures_of(bench), bench.policy))
    waited = int((END - START).total_seconds())
    assert said["time_to_decide"]["median"] == {"seconds": waited, "more_than": True}
    assert "more than 30 days" in as_page(await figures_of(bench), bench.policy)


async def test_a_month_that_goes_on_says_so(bench: Bench):
    await many(bench, 5, 0, 0)
    facts = await counted(bench, at=START + timedelta(days=3, hours=14))
    found = published(facts, bench.policy.by_number)
    page = as_page(found, bench.policy)
    assert "November 2026 is not over. These figures go up to 4 November 2026, 14:00" in page
    assert "Authors banned now" in page
    assert json.loads(as_json(found, bench.policy))["is_over"] is False


async def test_the_digest_on_the_page_shows_later_that_nothing_was_rewritten(bench: Bench):
    await many(bench, 3, 0, 0)
    digest = json.loads(as_json(await figures_of(bench), bench.policy))["record"]["digest"]
    bench.clock.now = END
    await bench.decide(await taken(bench, "later", END), Action.KEEP)

    assert not (await verify(bench.store.path, digest)).missed
    assert (await verify(bench.store.path, "f" * 64)).missed


async def test_a_month_in_which_nothing_was_decided_yet_has_no_digest(bench: Bench):
    await many(bench, 0, 0, 1)
    found = await figures_of(bench)
    assert "Nothing was decided yet." in as_page(found, bench.policy)
    assert json.loads(as_json(found, bench.policy))["record"] is None


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        '"><img src=x onerror=alert(1)>',
        "{{ 7 * 7 }}",
        "A & B",
    ],
)
async def test_whatever_a_rule_is_called_stays_words(bench: Bench, name: str):
    rules = [replace(rule, name=name) for rule in bench.policy.rules]
    bench.policy = replace(bench.policy, rules=tuple(rules))
    await many(bench, 6, 0, 0)
    found = await figures_of(bench)
    page = assert_stands_alone(as_page(found, bench.policy))
    assert f"3 {name}" in page.words
    table = as_table(found, bench.policy)
    assert not re.search(r'(^|[,\n])"?[=+@-]', table.replace("- ", ""))


async def test_the_command_counts_from_the_file_beside_a_desk_that_runs(bench: Bench):
    """The record of this test lies in the past, so that its month is over by any clock."""
    await many(bench, 6, 0, 0)
    path = bench.store.path
    said = json.loads(await counted_from(path, None, "2026-11", Wanted.JSON))
    assert said["cases"]["rows"]["kept"] == 6
    assert (await counted_from(path, None, "2026-11", Wanted.HTML)).startswith("<!doctype html>")
    assert (await counted_from(path, None, "2026-11", Wanted.DSA)).startswith("section,indicator")
    assert await counted_from(path, None, "2026-11", Wanted.STATEMENTS) == '{"statements": []}\n'
    with pytest.raises(NotUnderstood, match="begins in November 2026"):
        await counted_from(path, None, "2026-10", Wanted.CSV)
    with pytest.raises(NotUnderstood, match="no month"):
        await counted_from(path, None, "soon", Wanted.CSV)
    with pytest.raises(DeskError, match="no database"):
        await counted_from(beside(path).with_name("none.db"), None, "2026-11", Wanted.CSV)


def test_one_thing_is_asked_for_at_a_time():
    assert wanted("csv", dsa=False, statements=False) is Wanted.CSV
    assert wanted("html", dsa=True, statements=False) is Wanted.DSA
    assert wanted("html", dsa=False, statements=True) is Wanted.STATEMENTS
    with pytest.raises(NotUnderstood, match="one at a time"):
        wanted("html", dsa=True, statements=True)


def test_a_document_is_written_over_nothing(tmp_path: Path):
    target = tmp_path / "page.html"
    write_out("A line\r\nwith an é\n", target)
    assert target.read_bytes() == "A line\r\nwith an é\n".encode()
    assert target.stat().st_mode & 0o077 == 0
    with pytest.raises(CannotWrite, match="there already"):
        write_out("another", target)
    assert target.read_bytes().startswith(b"A line")
    with pytest.raises(CannotWrite, match="cannot be written"):
        write_out("another", tmp_path / "no folder" / "page.html")
