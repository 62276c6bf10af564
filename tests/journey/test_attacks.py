"""Somebody without a role tries every door there is, found from the doors themselves.

Nothing here is a list of doors: the commands come from what Discord was told, the presses from
every kind of custom id, the forms from every form. A new door is tried without being named.
"""

import logging
import os
from itertools import product

import discord
import pytest

from bot.cards.cases import ban_modal, case_menu, legal_card
from bot.cards.presses.scheme import LONGEST
from bot.cards.readers import contest_modal, notice_modal
from bot.cards.staff import set_up_card
from bot.domain.typed_order import Verb
from bot.standin.permissions import Permission, allow
from bot.standin.wire import Asked, Component
from tests.journey.attackers import (
    FOR_EVERYBODY,
    REFUSED,
    SECRETS,
    Scene,
    alert_presses,
    ask,
    check_refused,
    commands,
    crafted,
    filled_in,
    forms,
    is_of_set_up,
    kept,
    leaves,
    pressable,
    pressed,
    presses,
    told,
)
from tests.journey.newsroom import Newsroom
from tests.support.beneath import rows
from tests.support.waiting import until


@pytest.fixture
async def scene(newsroom: Newsroom) -> Scene:
    world = newsroom.sandbox.world
    ana = newsroom.sandbox.as_user("ana")
    cases = [
        await newsroom.report(
            comment={"id": f"c{number}"},
            note="I overheard him boast of it",
        )
        for number in range(4)
    ]
    for case in cases:
        await newsroom.card(case)
    await ana.slash("moderation", "hide", case=cases[1])
    await ana.slash("moderation", "ban", case=cases[2], duration=7)
    await ana.slash("moderation", "ban", case=cases[3], duration=0)
    await newsroom.card(cases[3], "second pair of eyes")
    await ana.slash("moderation", "author note", name=f"#{cases[0]}", text="staff only")
    await newsroom.settled()
    for name in ("moderation", "editors"):
        channel = world.channels[world.place(name)]
        channel["permission_overwrites"] = [allow(world.guild_id, Permission.VIEW_CHANNEL)]
    olly = newsroom.sandbox.as_user("olly")
    assert olly.sees("moderation"), "the channel is open to everybody"
    return Scene(
        newsroom=newsroom,
        olly=olly,
        open_case=cases[0],
        decided=cases[1],
        banned=cases[2],
        waiting=cases[3],
    )


# ---- presses


async def test_no_press_of_any_kind_does_or_tells_anything(scene: Scene):
    before = kept(scene.newsroom)

    for custom_id, kind, values in presses(scene):
        if custom_id.startswith(("turn:help", "desk:help")):
            continue  # tells how the desk is used
        check_refused(await pressed(scene, custom_id, kind, values), custom_id)

    assert kept(scene.newsroom) == before


async def test_the_same_presses_are_understood_of_an_editor(scene: Scene):
    """So that the test above cannot pass because nothing was understood."""
    ed = scene.newsroom.sandbox.as_user("ed")
    unanswered: list[str] = []
    for custom_id, kind, values in presses(scene):
        if custom_id.startswith(("desk:storystill", "turn:help", "desk:help")):
            continue  # the first edits the message it stands on, which is a card here
        asked = await pressed(scene, custom_id, kind, values, who=ed)
        if asked.late or REFUSED in told(asked):
            unanswered.append(custom_id)

    assert unanswered == []


# ---- forms


async def test_no_form_can_be_sent_off(scene: Scene):
    before = kept(scene.newsroom)
    known = {
        *(ban_modal.BanModal, legal_card.LegalModal, case_menu.WordsModal),
        *(contest_modal.ContestModal, notice_modal.ComplaintModal),
        *(notice_modal.AnswerModal, notice_modal.TieModal, set_up_card.HoursModal),
    }
    ours = {one for one in discord.ui.Modal.__subclasses__() if one.__module__.startswith("bot.")}
    assert ours == known, "a new form has to be tried here"

    for form in forms(scene):
        check_refused(await ask(scene, Asked.MODAL, form), form["custom_id"])

    assert kept(scene.newsroom) == before


# ---- commands


async def test_no_command_does_or_tells_anything(scene: Scene):
    before = kept(scene.newsroom)
    tried = 0
    for path, leaf in (pair for one in commands(scene.newsroom, 1) for pair in leaves(one)):
        if path in FOR_EVERYBODY or is_of_set_up(path):
            continue
        options = leaf.get("options", [])
        required = {one["name"]: filled_in(scene, one) for one in options if one.get("required")}
        everything = {one["name"]: filled_in(scene, one) for one in options}
        for given in (required, everything):
            tried += 1
            result = await scene.olly.slash("moderation", path, **given)
            await until(lambda r=result: r.message and REFUSED in r.text, what=f"/{path} to refuse")
            assert [secret for secret in SECRETS if secret in result.text] == [], path
            assert result.ephemeral, path

    assert tried > 40
    assert kept(scene.newsroom) == before


async def test_the_set_up_is_for_whoever_manages_the_server_and_nobody_else(scene: Scene):
    """Discord does not offer it to others, so it is asked for behind Discord's back."""
    before = kept(scene.newsroom)
    [command] = [one for one in commands(scene.newsroom, 1) if is_of_set_up(one["name"])]
    asked = {"id": command["id"], "name": command["name"], "type": 1}
    for who in ("olly", "ana", "ed"):
        actor = scene.newsroom.sandbox.as_user(who)
        check_refused(await ask(scene, Asked.COMMAND, asked, who=actor), "setup")

    assert kept(scene.newsroom) == before


async def test_no_list_opens_while_typing(scene: Scene):
    asked = 0
    for path, leaf in (pair for one in commands(scene.newsroom, 1) for pair in leaves(one)):
        for option in leaf.get("options", []):
            if not option.get("autocomplete"):
                continue
            for typed in ("", "s", "1"):
                asked += 1
                given = {option["name"]: typed}
                offered = await scene.olly.autocomplete("moderation", path, option["name"], **given)
                assert offered == [], f"/{path} {option['name']} offered {offered}"
    assert asked > 20


async def test_no_menu_of_a_message_tells_anything(scene: Scene):
    names = [one["name"] for one in commands(scene.newsroom, 3)]
    assert names
    before = kept(scene.newsroom)
    for name, case in product(names, scene.cases):
        result = await scene.olly.context(scene.newsroom.cards(case)[0], name)
        assert REFUSED in result.text, name
        assert [secret for secret in SECRETS if secret in result.text] == []
    assert kept(scene.newsroom) == before


# ---- typing and reacting


async def test_no_typed_line_does_anything(scene: Scene, caplog: pytest.LogCaptureFixture):
    before = kept(scene.newsroom)
    bot = scene.newsroom.sandbox.world.bot_id
    orders = {
        Verb.KEEP: "k",
        Verb.HIDE: "h 3",
        Verb.BAN: "ban 7d 3 x",
        Verb.UNDO: "u",
        Verb.CLAIM: "claim",
    }
    assert set(orders) == set(Verb) - {Verb.SKIP}, "a new verb has to be tried here"
    for verb, case in product(orders, scene.cases):
        card = scene.newsroom.cards(case)[0]
        await scene.olly.reply(card, orders[verb])
        await _answered(scene)
        await scene.olly.send("moderation", f"<@{bot}> {orders[verb]} #{case}")
        await _answered(scene)

    assert kept(scene.newsroom) == before
    # What people type is no business of the log's.
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == []


async def _answered(scene: Scene) -> None:
    def answer() -> bool:
        newest = (scene.olly.sees("moderation") or [])[-1]
        return newest.raw["author"]["id"] == scene.newsroom.sandbox.world.bot_id

    await until(answer, what="an answer")
    said = (scene.olly.sees("moderation") or [])[-1].text
    assert [secret for secret in SECRETS if secret in said] == [], said


async def test_no_reaction_does_anything(scene: Scene):
    before = kept(scene.newsroom)
    emoji = scene.newsroom.desk.desk.policy().emoji
    for case, symbol in product(scene.cases, (emoji.keep, emoji.hide, emoji.ban)):
        card = scene.newsroom.cards(case)[0]
        await scene.olly.react(card, symbol)

        def gone(message_id: str = card.id, symbol: str = symbol) -> bool:
            found = scene.newsroom.sandbox.world.reactions.get(message_id, {})
            return scene.olly.id not in found.get(symbol, ())

        await until(gone, what="the reaction to be taken off")

    assert kept(scene.newsroom) == before


async def test_no_name_or_text_hides_or_breaks_a_list_that_opens_while_typing(newsroom: Newsroom):
    hiding = "\u202e\u2066\u200b\ufeff"
    for number, name in enumerate((f"{hiding}ylloj", hiding, "x" * 300, "\u3164")):
        await newsroom.report(
            comment={
                "id": f"c{number}",
                "text": f"{hiding}text",
                "author": {"id": f"a{number}", "name": name},
            },
            story={"id": f"s{number}", "title": hiding, "url": "https://courier.example/s"},
        )
    await newsroom.sandbox.as_user("ana").slash("moderation", "ban", case=2, duration=7)
    sam, offered = newsroom.sandbox.as_user("sam"), 0
    for path, leaf in (pair for one in commands(newsroom, 1) for pair in leaves(one)):
        for option in leaf.get("options", []):
            if option.get("autocomplete"):
                found = await sam.autocomplete(
                    "moderation", path, option["name"], **{option["name"]: ""}
                )
                offered += len(found)
                assert [one for one in found if set(one["name"]) & set(hiding)] == [], path
                assert all(0 < len(one["name"]) <= 100 for one in found), path
    assert offered > 30


FOR_SENIORS = (
    *("spikes", "alerts ", "trends ", "policy reload", "legal ", "pack", "transparency"),
)


async def test_a_moderator_is_refused_what_is_for_seniors_and_nothing_else(scene: Scene):
    ana, refused, allowed = scene.newsroom.sandbox.as_user("ana"), set[str](), set[str]()
    before = kept(scene.newsroom)["alerts"]
    for press in alert_presses(1):
        asked = await pressed(scene, press, Component.BUTTON, [], who=ana)
        check_refused(asked, press)
    for path, leaf in (pair for one in commands(scene.newsroom, 1) for pair in leaves(one)):
        if is_of_set_up(path):
            continue  # not offered to a moderator
        options = [one for one in leaf.get("options", []) if one.get("required")]
        given = {one["name"]: filled_in(scene, one) for one in options}
        result = await ana.slash("moderation", path, **given)
        if result.modal is None:
            await until(lambda r=result: r.message and r.text, what=f"/{path} to answer")
        (refused if REFUSED in result.text else allowed).add(path)

    assert {path for path in refused if not path.startswith(FOR_SENIORS)} == set()
    assert {path for path in allowed if path.startswith(FOR_SENIORS)} == set()
    assert kept(scene.newsroom)["alerts"] == before


# ---- somebody who may decide, with a client that sends what no desk ever drew

FORGED = (0, 2, 99, 10**9, 2**63 - 1, 2**63, 10**30)
"""Numbers as crafted into every field of a press: cases, rules, days, pages, people."""
PICKED = ("", "1", "-1", "999", "9" * 40, "courier", "🦊", "a,b:c\n", "\x00", "2026-02-30")
"""What is picked from a menu that never offered it."""


async def test_whatever_a_press_holds_is_answered_in_words(
    scene: Scene, caplog: pytest.LogCaptureFixture
):
    """Each kind with one number in turn; under CI_FULL with all."""
    ed = scene.newsroom.sandbox.as_user("ed")
    tokens = dict(rows(scene.newsroom.place, "SELECT id, token FROM cases"))
    wrong: list[str] = []

    async def press(custom_id: str, kind: Component, values: list[str]) -> None:
        asked = await pressed(scene, custom_id, kind, values, who=ed)
        failed = [one.exc_text for one in caplog.records if one.levelno >= logging.ERROR]
        caplog.clear()
        if asked.late or failed:
            wrong.append(f"{custom_id} {values}: {failed or 'no answer'}")

    for at, name in enumerate(pressable()):
        turns = range(len(FORGED)) if "CI_FULL" in os.environ else (at % len(FORGED),)
        for turn in turns:
            case, picked = scene.cases[(at + turn) % 4], PICKED[(at + turn) % len(PICKED)]
            for of, number in (
                (FORGED[turn], FORGED[turn]),
                (case, FORGED[turn]),
                (case, turn % 3),
            ):
                forgery = crafted(name, of, number=number, word=tokens[case])
                if len(forgery) <= LONGEST:  # Discord sends no longer one
                    await press(forgery, Component.BUTTON, [])
                    await press(forgery, Component.STRING_SELECT, [picked])

    assert wrong == []
