"""What `fuzz.py` lets Atheris read into: all that reads what strangers send, one reader a process.

Each says by its `suppress` what it may raise; all else ends the process with an error.
"""

import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[2]))

with atheris.instrument_imports(include=["bot", "config"]):
    from bot.cards import escape
    from bot.cards.presses.scheme import read as read_press
    from bot.domain import foreign, grammar, markup, search
    from bot.domain.errors import DeskError
    from bot.domain.ids import SiteId
    from bot.domain.readers.ticket import read_ticket, write_ticket
    from bot.domain.site import SiteKeys
    from bot.web.problems import Problem
    from bot.web.public.front import source_of
    from bot.web.reading import came_from, read_queued
    from bot.web.shape import read_batch

from config.policy import load_policy

SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="
KEYS = SiteKeys(secrets=(SECRET,), salt=b"a salt of the bench")
NOW = datetime(2026, 3, 2, 14, 3, tzinfo=UTC)
POLICY = load_policy(None)
SITE = SiteId("courier")
REPORT = (
    b'{"site":"courier","comment":{"id":"c-3","text":"You are all fools.","html":"<p>x</p>",'
    b'"author":{"id":"u-9","name":"dog","since":"2019-05-01T00:00:00Z"},"created":'
    b'"2026-03-02T13:00:00Z","permalink":"https://courier.example/s#c"},"story":{"id":"s-1",'
    b'"title":"Bridge","url":"https://courier.example/s"},"reporter":"r","reason":1,"note":"n"}'
)


def _report(data: bytes) -> None:
    read_queued(data, SITE, "d", KEYS, POLICY, NOW)


def _batch(data: bytes) -> None:
    with suppress(Problem):
        list(read_batch(data)[1])


def _json(data: bytes) -> None:
    with suppress(ValueError):
        foreign.whole(foreign.parsed(data))


def _ticket(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    with suppress(DeskError):
        read_ticket(text, [SECRET])
    assert read_ticket(
        write_ticket({"said": text.encode("utf-8", "replace").decode()}, SECRET), [SECRET]
    )


def _html(data: bytes) -> None:
    escape.prose(markup.from_html(data.decode("utf-8", "replace")), 300)


def _line(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for reply in (False, True):
        with suppress(DeskError):
            grammar.parse(text, POLICY, reply=reply)
    with suppress(DeskError):
        search.parse(text, POLICY, NOW)


def _press(data: bytes) -> None:
    made = read_press(data.decode("utf-8", "replace"))
    assert made is None or read_press(made.custom_id) is not None


def _address(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    came_from(text, "https://courier.example/s")
    foreign.address(text)
    source_of("127.0.0.1", text)


READERS: Mapping[str, tuple[Callable[[bytes], None], bytes]] = {
    "report": (_report, REPORT),
    "batch": (_batch, b'{"site":"courier","reports":[' + REPORT + b"]}"),
    "json": (_json, REPORT),
    "ticket": (_ticket, write_ticket({"site": "courier"}, SECRET).encode()),
    "html": (_html, b"<p>a <a href='https://x.example'>b</a> <blockquote>c</blockquote></p>"),
    "line": (_line, b"ban 7d 5 #1042 - again; k rule:3 -from:dog"),
    "press": (_press, b"desk:hide:1042,2,3:Zk3-x_9aQ1vB"),
    "address": (_address, b"https://www.courier.example:8080/a?b#c"),
}


def fuzz(name: str, seconds: int) -> None:
    """Let one reader read for so long; does not return."""
    reader, first = READERS[name]
    with tempfile.TemporaryDirectory() as corpus:
        (Path(corpus) / "first").write_bytes(first)
        limits = (f"-max_total_time={seconds}", "-max_len=4096", "-timeout=10", "-verbosity=0")
        atheris.Setup(
            [sys.argv[0], corpus, *limits, f"-artifact_prefix={corpus}/", "-print_final_stats=1"],
            reader,
        )
        atheris.Fuzz()


if __name__ == "__main__":
    fuzz(sys.argv[1], int(sys.argv[2]))
