"""A record that goes on from a backup uses numbers again: old cards must not mean new comments."""

import asyncio
import json
import re
import shlex
import sys
from pathlib import Path

import pytest

from bot.domain.subject import SubjectKind, parse
from bot.services.privacy.person import erase
from bot.standin.wire import Component
from bot.store.remembering import Forgotten
from tests.journey.attackers import Scene, forged, pressed, told
from tests.journey.newsroom import IN_SECRET, OUT_SECRET, ROOT, Newsroom
from tests.support.beneath import copy, put_back
from tests.support.cards import Card
from tests.support.databases import sqlite_only
from tests.support.driver import Actor, Result
from tests.support.waiting import until

ANOTHER = "This card is from another record"


async def restore(newsroom: Newsroom, backup: Path | None) -> None:
    """Go on from a backup, or from nothing."""
    await newsroom.stop()
    put_back(newsroom.place, backup)
    await newsroom.start()


class Restored:
    """A newsroom in which case 2 was another comment before its record was restored."""

    def __init__(self, newsroom: Newsroom, old: Card, case: int, answers: dict[str, Card]) -> None:
        self.newsroom = newsroom
        self.old = old
        self.case = case
        self.answers = answers

    @property
    def ana(self) -> Actor:
        return self.newsroom.sandbox.as_user("ana")


@pytest.fixture
async def restored(newsroom: Newsroom, tmp_path: Path) -> Restored:
    ana = newsroom.sandbox.as_user("ana")
    await newsroom.card(await newsroom.report(comment={"id": "c1"}))
    copy(newsroom.place, tmp_path / "backup.db")
    case = await newsroom.report(comment={"id": "lost", "text": "word " * 400}, note="a note")
    old = await newsroom.card(case)
    more = (await ana.press(old, "More")).message
    assert more is not None
    await restore(newsroom, tmp_path / "backup.db")
    assert await newsroom.report(comment={"id": "innocent"}) == case, "the number is used again"
    await newsroom.card(case)
    return Restored(newsroom, old, case, {"more": more})


async def test_no_button_of_an_old_card_does_anything(restored: Restored):
    labels = restored.old.labels
    assert {"Keep", "Ban…", "More"} <= set(labels)

    for label in labels:
        answer = await restored.ana.press(restored.old, label)
        assert ANOTHER in answer.text, label
        assert answer.modal is None, label

    assert await restored.newsroom.decisions() == []


async def test_no_button_or_menu_of_an_old_answer_does_anything(restored: Restored):
    # An answer takes the place of the one that was pressed, so each is pressed on its own.
    more = restored.answers["more"]
    shown = dict(more.raw)
    controls = [
        (one["custom_id"], Component(one["type"]))
        for row in shown["components"]
        for one in row.get("components", [])
        if "custom_id" in one
    ]
    assert len(controls) > 5
    scene = Scene(
        newsroom=restored.newsroom, olly=restored.ana, open_case=restored.case,
        decided=0, banned=0, waiting=0,
    )  # fmt: skip

    for custom_id, kind in controls:
        values = [] if kind is Component.BUTTON else ["1"]
        if kind is Component.USER_SELECT:
            values = [restored.ana.id]
        asked = await pressed(scene, custom_id, kind, values, who=restored.ana)
        assert ANOTHER in told(asked), custom_id
        assert asked.modal is None, custom_id

    assert await restored.newsroom.decisions() == []


@pytest.mark.parametrize("typed", ["h 3", "k", "ban 7d 5", "u", "h 3 #{}", "b7d5 #{}"])
async def test_a_reply_to_an_old_card_is_told_so_and_asked_for_no_number(
    restored: Restored, typed: str
):
    """The number on the old card is another comment's by now."""
    newsroom = restored.newsroom
    line = await newsroom.type("ana", typed.format(restored.case), to=restored.old)

    answer = await newsroom.answer(line)

    assert ANOTHER in answer.text
    assert "number" not in answer.text
    assert await newsroom.decisions() == []


@pytest.mark.parametrize("typed", ["h 3", "h 3 #{}", "k"])
async def test_a_line_in_an_old_cards_thread_decides_nothing(
    newsroom: Newsroom, tmp_path: Path, typed: str
):
    ana = newsroom.sandbox.as_user("ana")
    copy(newsroom.place, tmp_path / "backup.db")
    case = await newsroom.report()
    old = await newsroom.card(case)
    more = await ana.press(old, "More")
    await ana.press(more.message or old, "Thread")
    thread = await until(lambda: old.thread, what="the thread")
    await newsroom.card(case, thread)
    await restore(newsroom, tmp_path / "backup.db")
    assert await newsroom.report(comment={"id": "innocent"}) == case, "the number is used again"
    await until(lambda: len(newsroom.cards(case)) > 1, what="its card")

    line = await newsroom.type("ana", typed.format(case), place=thread)

    assert ANOTHER in (await newsroom.answer(line)).text
    assert await newsroom.decisions() == []


async def test_an_old_cards_menu_and_its_author_are_not_the_new_ones(restored: Restored):
    answer = await restored.ana.context(restored.old, "Author's record")

    assert ANOTHER in answer.text


async def test_an_old_form_decides_nothing(newsroom: Newsroom, tmp_path: Path):
    ana = newsroom.sandbox.as_user("ana")
    copy(newsroom.place, tmp_path / "backup.db")
    form = await ana.press(await newsroom.card(await newsroom.report()), "Ban")
    assert form.modal is not None
    await restore(newsroom, tmp_path / "backup.db")
    await newsroom.card(await newsroom.report(comment={"id": "innocent"}))

    answer = await ana.submit(form, rule=["5"], days=["30"])

    assert ANOTHER in answer.text
    assert await newsroom.decisions() == []


async def test_an_old_undo_takes_back_no_other_decision(newsroom: Newsroom, tmp_path: Path):
    ana = newsroom.sandbox.as_user("ana")
    case = await newsroom.report()
    card = await newsroom.card(case)
    copy(newsroom.place, tmp_path / "backup.db")
    old: Result = await ana.press(card, "Hide")
    assert old.message is not None
    await restore(newsroom, tmp_path / "backup.db")
    await ana.slash("moderation", "hide", case=case, rule=5)

    answer = await ana.press(old.message, "Undo")

    assert ANOTHER in answer.text
    assert len(await newsroom.decisions()) == 1


async def test_a_record_begun_anew_knows_no_old_card_even_of_the_same_comment(newsroom: Newsroom):
    ana = newsroom.sandbox.as_user("ana")
    old = await newsroom.card(await newsroom.report())
    await restore(newsroom, None)
    case = await newsroom.report(comment={"text": "Something else altogether."})

    for answer in (await ana.press(old, "Hide"), await ana.press(old, "Ban")):
        assert ANOTHER in answer.text
    await ana.react(old, "✅")
    fresh = await newsroom.card(case, "Something else altogether")
    await ana.press(fresh, "Keep")

    [decision] = await newsroom.decisions()
    assert decision.action == "keep"


async def test_what_an_earlier_version_drew_counts_only_on_the_message_kept_for_it(
    newsroom: Newsroom,
):
    ana = newsroom.sandbox.as_user("ana")
    cases = [await newsroom.report(comment={"id": f"c{n}"}) for n in range(2)]
    for case in cases:
        await newsroom.card(case)
    scene = Scene(
        newsroom=newsroom, olly=ana, open_case=cases[0], decided=0, banned=0, waiting=0
    )  # `forged` puts the control on the card of the open case

    other = await pressed(scene, f"desk:hide:{cases[1]}:1:3", Component.BUTTON, [])
    assert ANOTHER in told(other)
    assert await newsroom.decisions() == []
    own = await pressed(scene, f"desk:hide:{cases[0]}:1:3", Component.BUTTON, [])
    assert "Hidden" in told(own)
    assert forged(scene, "x", Component.BUTTON, [])["id"] == newsroom.cards(cases[0])[0].id


@pytest.mark.parametrize(
    "custom_id",
    [
        *(f"desk:{kind}:{10**40}:1:0" for kind in ("keep", "undo", "ban", "story")),
        f"desk:keep:1:{10**30}:0",
        f"desk:undo:1:1:{2**64}",
        f"desk:sweep:1:1:{10**18}:{'x' * 12}",
        f"desk:keep:1:1:0:{'x' * 12}",
        "desk:keep:1:1:0:",
        "desk:nothing:1:1:0",
        "desk:",
        f"desk:legalletters:1:1:{10**25}",
        f"alert:mute:{10**30}",
        "alert:mute:1:forged",
        "alert:else",
        f"turn:author:0:{10**30}",
        "turn:author:0:1",
        "turn:others:0:nonsense",
        "desk:keep:\uff11:1:0",
        *(f"desk:assign:{number}" for number in (2**63, 2**64, 10**39, 10**41)),
        *(f"desk:keep:{number},1:{'x' * 12}" for number in (1, 2**63, 10**40)),
        *(f"desk:keep:1,{number}" for number in (2**63, 10**40)),
        *(f"desk:undo:1,{number}:{'x' * 12}" for number in (1, 2**63, 10**40)),
        *(f"desk:{kind}:{2**64}" for kind in ("queue", "bans", "stories", "open", "author")),
        *(f"desk:runback:{number}:{'x' * 12}" for number in (1, 10**40)),
        *(f"desk:alertmute:{number}:{'x' * 12}" for number in (1, 10**40)),
        *(f"desk:author:1,{2**63 - 1}:{'x' * 12}", f"desk:legalstep:1,{10**25}"),
        *("desk:keep", "desk:keep:", "desk:keep:1", "desk:keep:1,1,1", "desk:keep:-1,1"),
        *("desk:hide:1,1:short", "desk:nothing:1", "desk:queue:x", "desk:banform:1,1", "desk:::"),
        *("turn:", "turn:help:0", "turn:author:0:", f"desk:search:{2**63 - 1}:bike", "desk:help"),
    ],
)
async def test_a_forged_press_is_answered_and_does_nothing(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture, custom_id: str
):
    case = await newsroom.report()
    await newsroom.card(case)
    sam = newsroom.sandbox.as_user("sam")
    scene = Scene(newsroom=newsroom, olly=sam, open_case=case, decided=0, banned=0, waiting=0)

    asked = await pressed(scene, custom_id, Component.BUTTON, [])

    assert not asked.late
    assert told(asked).strip()
    assert asked.modal is None
    assert await newsroom.decisions() == []
    assert [one for one in caplog.records if one.levelname == "ERROR"] == []


@pytest.mark.parametrize(
    ("kind", "picked"),
    [
        *(("hideas", value) for value in ("-1", "x", "", "0", "99", "9" * 30, None)),
        *(("snooze", value) for value in ("-1", "x", "9" * 9, "9" * 30, None)),
        *(("storystate", value) for value in ("99", "x", None)),
        ("amend", None),
    ],
)
async def test_what_was_never_offered_is_not_replaced_by_something_else(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture, kind: str, picked: str | None
):
    """`None` stands for a press of a button with a menu's custom id."""
    case = await newsroom.report()
    token = (await newsroom.card(case)).buttons[0]["custom_id"].rsplit(":", 1)[1]
    ana = newsroom.sandbox.as_user("ana")
    scene = Scene(newsroom=newsroom, olly=ana, open_case=case, decided=0, banned=0, waiting=0)
    control = Component.BUTTON if picked is None else Component.STRING_SELECT

    asked = await pressed(
        scene, f"desk:{kind}:{case}:1:0:{token}", control, [] if picked is None else [picked]
    )

    assert not asked.late
    assert told(asked).strip()
    assert await newsroom.decisions() == []
    assert [one for one in caplog.records if one.levelname == "ERROR"] == []


async def test_a_call_of_the_same_number_is_made_again(newsroom: Newsroom, tmp_path: Path):
    """Discord takes a message under a name that it just had for the same one, and posts nothing."""
    ana, ed = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("ed")
    copy(newsroom.place, tmp_path / "backup.db")

    for many in (1, 2):
        case = await newsroom.report(comment={"id": f"c{many}", "text": f"The {many}. text."})
        card = await newsroom.card(case, f"The {many}. text.")
        more = (await ana.press(card, "More")).message
        assert more is not None
        await ana.submit(await ana.press(more, "To the editors"), text=f"Number {many}")

        def called(many: int = many) -> bool:
            return any(f"Number {many}" in one.text for one in ed.sees("editors") or [])

        await until(called, what=f"call {many}")
        if many == 1:
            await restore(newsroom, tmp_path / "backup.db")


DOCUMENTED = re.compile(r"### Put a backup back\n.*?```\n(.*?)```", re.DOTALL)
EXAMPLE = "backups/desk-2026-11-27T03-00-00Z.db"


async def typed(newsroom: Newsroom, line: str) -> str:
    """Do what a line of the paper says, in the desk's folder, and return what it printed."""
    if line.startswith("systemctl "):
        await (newsroom.stop() if " stop " in line else newsroom.start())
        return ""
    program, *rest = shlex.split(line)
    assert program == "comment-desk", line
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *rest),
        cwd=newsroom.database.parent,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": "/"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0, printed.decode()
    return " ".join(printed.decode().split())


@sqlite_only
async def test_a_newcomer_gets_a_working_desk_back_by_the_documented_commands(
    newsroom: Newsroom, tmp_path: Path
):
    settings = newsroom.settings()
    discord, [site] = settings.discord, settings.sites.values()
    (tmp_path / ".env").write_text(
        f"DESK_DISCORD__TOKEN={discord.token.get_secret_value()}\n"
        f"DESK_DISCORD__GUILD_ID={discord.guild_id}\n"
        f"DESK_DISCORD__CHANNEL_ID={discord.channel_id}\n"
        f"DESK_SITES__COURIER__SECRETS={json.dumps([IN_SECRET])}\n"
        f"DESK_SITES__COURIER__OUTGOING_SECRETS={json.dumps([OUT_SECRET])}\n"
        f"DESK_SITES__COURIER__REPORTER_SALT={site.reporter_salt.get_secret_value()}\n"
        f"DESK_SITES__COURIER__URL={site.url}\n"
    )
    ana = newsroom.sandbox.as_user("ana")
    card = await newsroom.card(await newsroom.report(comment={"text": "xylophonic"}))
    await ana.react(card, "🙈")
    await newsroom.card(1, "Hidden")
    await newsroom.settled()
    assert "Copied to" in await typed(newsroom, "comment-desk backup")
    # After the backup come a case and an erasure, and then the disk fails.
    lost = {"id": "lost", "author": {"id": "a3", "name": "Cy"}}
    old = await newsroom.card(await newsroom.report(comment=lost))
    subject = parse(SubjectKind.AUTHOR, "courier/a1")
    await erase(newsroom.desk.desk, subject, Forgotten(newsroom.database), by="desk")
    await newsroom.stop()
    newsroom.database.write_bytes(b"")

    documented = DOCUMENTED.search((ROOT / "docs/running.md").read_text())
    assert documented is not None
    [backup] = (tmp_path / "backups").glob("desk-*.db")
    block = documented[1].replace(EXAMPLE, f"backups/{backup.name}")
    assert backup.name in block
    said = " ".join([await typed(newsroom, line) for line in block.splitlines()])

    assert "1 decision, none changed. 1 erasure in it, each as recorded." in said
    assert "1 person who had been erased since was erased in it anew." in said
    assert b"xylophonic" not in newsroom.database.read_bytes()
    again = await newsroom.report(comment={"id": "new", "author": {"id": "a2", "name": "Bo"}})
    assert again == 2, "the number is used again"
    assert ANOTHER in (await ana.press(old, "Keep")).text
    new = await newsroom.card(again, "Bo")
    await ana.react(new, "🙈")
    await newsroom.card(again, "Hidden")
    await newsroom.settled()
    assert newsroom.site.hidden == {"c1", "new"}
    assert (await typed(newsroom, "comment-desk verify")).startswith("2 decisions, none changed.")
