"""What is read of what people and sites write, one line each, held against what was read before.

Each file here belongs to one function: a line is what is written, the next what is read of it.
Whoever means to change that, or adds a line to read, reads the difference and writes it anew:

    PYTHONPATH=. python -m tests.unit.readings.reading
"""

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain import (
    account_similarity,
    cells,
    days,
    folding,
    foreign,
    grammar,
    lines,
    markup,
    seals,
    search,
    set_up,
)
from bot.domain import site as sites
from bot.domain import subject as subjects
from bot.domain.comments import text_key
from bot.domain.detection.brigades import note_mark
from bot.domain.errors import DeskError
from bot.domain.policy import bare
from bot.domain.readers import months, notice, report, site
from bot.domain.readers.email import is_email
from config.policy import load_policy
from tests.support.plainly import NOON, plain

HERE = Path(__file__).parent
POLICY = load_policy()
LONDON = ZoneInfo("Europe/London")


def excerpt(text: str) -> str:
    """Return what a search shows of a text in which the word ``here`` is looked for."""
    return search.excerpt(text, search.Query(words=("here", "so much")), 30)


def json_read(text: str) -> object:
    """Return what is read of JSON from elsewhere, in which ``id`` is the name of an id."""
    return foreign.whole(foreign.parsed(text.encode("utf-8", "surrogatepass")), ids={"id"})


def keyed(name: str) -> object:
    """Return what is kept of a reader of that name, and of an author known by it."""
    salted = sites.SiteKeys(secrets=(), salt=b"courier")
    key = salted.author_key(name)
    return [salted.reporter(name), key.kind, key.digest]


def sealed(text: str) -> object:
    """Return what is read of hashes or salts, and what is left of them without some."""
    left = [seals.without(text, some) for some in ((), (seals.Part.NOTE,), seals.Part)]
    return [seals.read(text), *left]


def same_page(address: str) -> object:
    """Return which of some addresses lead to the same page as this."""
    return [one for one in PAGES if notice.is_same_page(one, address)]


PAGES = (
    "https://courier.example/a",
    "http://www.courier.example/a/#c",
    "https://münchen.example/%C3%A9",
)

READERS: dict[str, Callable[[str], object]] = {
    "orders": partial(grammar.parse, policy=POLICY, reply=False),
    "replies": partial(grammar.parse, policy=POLICY, reply=True),
    "asking_help": grammar.asks_help,
    "case_numbers": lines.case_number,
    "queries": partial(search.parse, policy=POLICY, now=NOON),
    "excerpts": excerpt,
    "moments": partial(days.moment, now=NOON, zone=LONDON),
    "html": markup.from_html,
    "folded": folding.folded,
    "searchable": folding.searchable,
    "text_keys": text_key,
    "tidy": foreign.tidy,
    "one_line": foreign.one_line,
    "addresses": foreign.address,
    "hosts_in_ascii": foreign.host_in_ascii,
    "hosts_in_letters": foreign.host_in_letters,
    "cells": cells.inert,
    "emoji": bare,
    "emails": is_email,
    "web_addresses": notice.is_web_address,
    "spellings": notice.spellings,
    "origins": site.normal,
    "hours": set_up.hours_of,
    "numbers": set_up.numbers,
    "months": partial(months.read_period, zone=LONDON),
    "references": report.read_reference,
    "asked_for": foreign.asked_for,
    "evenly_spaced": foreign.evenly_spaced,
    "json": json_read,
    "plain_lines": lines.plainly,
    "keys": subjects.is_key,
    "keyed": keyed,
    "signing_keys": sites.signing_key,
    "zones": lambda name: str(set_up.zone_of(name)),
    "shown_references": report.shown,
    "seals": sealed,
    "same_pages": same_page,
    "names": account_similarity.skeleton,
    "notes": note_mark,
    **{
        f"persons_by_{kind}": partial(subjects.parse, kind)
        for kind in subjects.SubjectKind  # what somebody is named by
    },
}


def read(name: str, written: str) -> str:
    """Return what a function reads, or why it refuses to."""
    try:
        return plain(READERS[name](written))
    except (DeskError, ValueError) as refused:
        return plain(refused)


def kept(name: str) -> Iterator[tuple[str, str]]:
    """Yield what was written, and what was read of it."""
    found = (HERE / f"{name}.txt").read_text(encoding="utf-8").split("\n")[:-1]
    for written, then in zip(found[::2], found[1::2], strict=True):
        yield json.loads(written), then.removeprefix("    ")


def write(name: str) -> None:
    """Write a function's file anew, for the same lines."""
    lines = [
        f"{json.dumps(written, ensure_ascii=not written.isprintable())}\n    {read(name, written)}\n"
        for written, _ in kept(name)
    ]
    (HERE / f"{name}.txt").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    for each in sys.argv[1:] or READERS:
        write(each)
        sys.stdout.write(f"{each} was written anew.\n")
