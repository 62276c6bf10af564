"""The programs printed in docs/sites.md, run as they stand there."""

import asyncio
import hashlib
import json
import os
import re
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.domain.decisions import Action
from bot.domain.effects import Outcome, Verb
from bot.domain.readers.ticket import read_ticket
from bot.sites.webhook.site import WebhookSite, body_of
from tests.contract.paper.newsstand import INTAKE_SECRET, open_intake
from tests.support.ports import kept_port
from tests.support.waiting import PATIENCE

from .far_end import OLD_SECRET, SECRET, UNTIL, make_order

PAGE = (Path(__file__).parents[3] / "docs" / "sites.md").read_text()
FORM, SENDER, RECEIVER = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
DONE = Outcome(verb=Verb.DONE)


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def run(program: str, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        env=os.environ | settings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@asynccontextmanager
async def receiver(folder: Path, secret: str = SECRET) -> AsyncIterator[WebhookSite]:
    with kept_port() as port:
        async with _receiving(folder, secret, port) as site:
            yield site


@asynccontextmanager
async def _receiving(folder: Path, secret: str, port: int) -> AsyncIterator[WebhookSite]:
    settings = {"DESK_SECRET": SECRET, "DATABASE": str(folder / "site.db"), "PORT": str(port)}
    async with (
        run(RECEIVER, **settings),
        WebhookSite(f"http://127.0.0.1:{port}/", [secret], clock=now, allow_private=True) as site,
    ):
        await _listening(port)
        with sqlite3.connect(folder / "site.db") as db:
            db.execute("INSERT OR IGNORE INTO comments VALUES ('c-3', 'salty_dog', 1)")
        db.close()
        yield site


async def _listening(port: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


def visible(folder: Path) -> bool:
    db = sqlite3.connect(folder / "site.db")
    try:
        return bool(db.execute("SELECT visible FROM comments").fetchone()[0])
    finally:
        db.close()


def test_the_receiver_is_short():
    assert len(RECEIVER.splitlines()) < 60


def test_the_ten_lines_print_a_button_whose_ticket_the_desk_reads():
    made: dict[str, Any] = {}
    exec(FORM.replace("whsec_...", INTAKE_SECRET), made)  # noqa: S102 - it is what the page prints
    comment = {"id": "7", "html": "<p>Liars & more</p>", "author": {"id": "a1", "name": "Ŵyn"}}
    story = {"id": "s1", "title": "Raids", "url": "https://courier.example/s1"}
    printed = made["button"](comment, story)
    ticket = re.search(r'value="([\w.-]+)" data-report', printed)
    assert ticket
    assert read_ticket(ticket[1], [INTAKE_SECRET]) == {
        "site": "courier",
        "comment": comment,
        "story": story,
    }
    assert 'action="https://reports.courier.example/report/courier"' in printed
    assert 'src="https://reports.courier.example/report.js"' in made["SCRIPT"]


async def test_the_receiver_obeys_every_action(tmp_path):
    async with receiver(tmp_path) as site:
        for step, action in enumerate(
            (Action.HIDE, Action.UNHIDE, Action.BAN, Action.UNBAN, Action.KEEP, Action.REOPEN)
        ):
            assert await site.carry_out(make_order(action, f"decision-{step}")) == DONE
            if action in {Action.HIDE, Action.BAN}:
                assert not visible(tmp_path)
        assert visible(tmp_path)


async def test_the_receiver_obeys_a_repeated_order_once(tmp_path):
    async with receiver(tmp_path) as site:
        hide = make_order(Action.HIDE, "decision-1")
        await site.carry_out(hide)
        await site.carry_out(make_order(Action.UNHIDE, "decision-2"))
        assert (await site.carry_out(hide)).verb is Verb.LATER
        assert visible(tmp_path)


async def test_the_receiver_knows_the_desk_by_its_signature(tmp_path):
    async with receiver(tmp_path, secret=OLD_SECRET) as site:
        outcome = await site.carry_out(make_order())
        assert visible(tmp_path)
    assert outcome.verb is Verb.MISCONFIGURED


async def test_the_receiver_says_that_a_comment_is_gone(tmp_path):
    async with receiver(tmp_path) as site:
        outcome = await site.carry_out(make_order(comment_id="c-4"))
    assert outcome.verb is Verb.GONE


async def test_the_sender_is_taken_by_the_desk():
    async with AsyncExitStack() as stack:
        intake = await open_intake(stack)
        desk_url = intake.url.removesuffix("/v1/reports")
        sending = run(SENDER, DESK_URL=desk_url, REPORT_SECRET=INTAKE_SECRET)
        out, err = await (await stack.enter_async_context(sending)).communicate()
    assert out.decode() == '202 {"case": 1, "counted": true}\n', err.decode()
    assert intake.reports[0].comment.external_id == "8812"


def test_the_printed_order_is_shaped_like_a_real_one():
    printed = next(
        order
        for order in map(json.loads, re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))
        if "type" in order
    )
    real = json.loads(body_of(make_order(Action.BAN, until=UNTIL)))
    assert _keys(printed) == _keys(real)


def _keys(value: object) -> object:
    return {k: _keys(v) for k, v in value.items()} if isinstance(value, dict) else None


def set_text(folder: Path, text: str, revision: str = "1") -> str:
    """Let the comment have a text, and return its hash."""
    db = sqlite3.connect(folder / "site.db")
    with db:
        db.execute("INSERT OR REPLACE INTO texts VALUES ('c-3', ?, ?)", (revision, text))
    db.close()
    return hashlib.sha256(text.encode()).hexdigest()


async def test_the_receiver_obeys_only_on_the_text_that_was_judged(tmp_path):
    async with receiver(tmp_path) as site:
        judged = set_text(tmp_path, "You are all bought. Caf\u00e9!")
        hide = make_order(Action.HIDE, "decision-1", text_sha256=judged)
        set_text(tmp_path, "I take that back.", "2")

        outcome = await site.carry_out(hide)

        assert outcome.found is not None
        assert (outcome.found.revision, outcome.found.text) == ("2", "I take that back.")
        assert visible(tmp_path)
        set_text(tmp_path, "You are all bought. Caf\u00e9!")
        assert await site.carry_out(hide) == DONE
        assert not visible(tmp_path)
        # Obeyed once, it is answered as before, whatever the text has become.
        set_text(tmp_path, "Anything else.", "3")
        assert await site.carry_out(hide) == DONE


async def test_the_receiver_bans_nobody_for_a_text_that_is_gone(tmp_path):
    async with receiver(tmp_path) as site:
        set_text(tmp_path, "I take that back.", "2")
        await site.carry_out(make_order(Action.BAN, "decision-1", text_sha256="0" * 64))
        lifting = make_order(Action.UNBAN, "decision-2", visible=None)
        assert await site.carry_out(lifting) == DONE
    db = sqlite3.connect(tmp_path / "site.db")
    assert db.execute("SELECT * FROM bans").fetchall() == []
    db.close()


def test_the_page_s_hash_is_that_of_its_text():
    text = re.search(r'"text": "(You are all bought[^"]*)"', PAGE)
    assert text is not None
    assert PAGE.count(hashlib.sha256(text[1].encode()).hexdigest()) == 2
