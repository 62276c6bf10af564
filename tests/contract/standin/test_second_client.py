"""discord.js on the stand-in, so that it is held against more than one reading of Discord."""

from collections.abc import AsyncIterator

import pytest

from bot.standin.permissions import Permission
from tests.contract.standin.second import SecondClient, missing, second_client
from tests.support.driver import Actor
from tests.support.sandbox import Sandbox
from tests.support.waiting import until

HARMLESS = ("('enforce_nonce' was unexpected)", "('type' was unexpected)")
"""What discord.js sends beside what is documented; Discord passes over it."""

REASON = missing()
pytestmark = pytest.mark.skipif(REASON is not None, reason=REASON or "")


@pytest.fixture
async def js(sandbox: Sandbox) -> AsyncIterator[SecondClient]:
    async with second_client(sandbox) as client:
        yield client
        sandbox.violations[:] = [one for one in sandbox.violations if not one.endswith(HARMLESS)]
        assert [one for one in client.heard if one["event"] == "error"] == []


@pytest.fixture
def place(sandbox: Sandbox) -> str:
    return sandbox.world.place("moderation")


async def test_it_reads_who_and_where_it_is(js: SecondClient) -> None:
    ready = await js.hears("ready")
    assert (ready["name"], ready["guild"]) == ("Comment Desk", "Colne Courier")
    assert ready["channels"] == ["editors", "general", "moderation"]
    assert ready["roles"] == sorted(
        ["@everyone", "Comment Desk", "Editor", "Moderator", "Senior moderator"]
    )
    assert {"SendMessages", "PinMessages", "ManageMessages"} <= set(ready["rights"])
    assert "ManageChannels" not in ready["rights"]


async def test_it_sends_edits_reads_and_deletes(js: SecondClient, ana: Actor, place: str) -> None:
    sent = await js.do("send", channel=place, body={"content": "hello"})
    card = await ana.wait_for("moderation", "hello")
    assert card.id == sent
    assert await js.do("edit", channel=place, message=sent, body={"content": "other"}) == "other"
    assert card.text == "other"
    await js.hears("edited", message=sent)
    answer = await ana.reply(card, "yes")
    heard = await js.hears("message", author="ana")
    assert (heard["text"], heard["answers"]) == ("yes", sent)
    assert await js.do("history", channel=place) == ["yes", "other"]
    assert await js.do("sendFile", channel=place) == 5
    await js.do("remove", channel=place, message=sent)
    await js.hears("deleted", message=sent)
    assert not card.exists
    assert answer.exists


async def test_it_reacts_and_hears_reactions(js: SecondClient, ana: Actor, place: str) -> None:
    sent = await js.do("send", channel=place, body={"content": "hello"})
    card = await ana.wait_for("moderation", "hello")
    await ana.react(card, "🙈")
    assert (await js.hears("reaction", emoji="🙈"))["by"] == ana.id
    who = await js.do("react", channel=place, message=sent, emoji="🙈")
    assert sorted(who) == ["Comment Desk", "ana"]
    assert card.reactions == {"🙈": 1}


async def test_it_pins_and_starts_a_thread(js: SecondClient, ana: Actor, place: str) -> None:
    sent = await js.do("send", channel=place, body={"content": "hello"})
    assert await js.do("pin", channel=place, message=sent) == [sent]
    await js.hears("pins", channel="moderation")
    await js.hears("message", type=6)
    thread = await js.do("startThread", channel=place, message=sent)
    assert thread == {"id": sent, "archived": True}
    await js.hears("thread", name="talk")
    starter = await js.hears("message", type=21)
    assert (starter["thread"], starter["answers"]) == (True, sent)
    assert [card.text for card in ana.sees("talk")] == ["", "in the thread"]


@pytest.mark.parametrize(
    ("button", "said"),
    [
        ("reply", "hello again"),
        ("defer", "filled"),
        ("update", "updated"),
        ("later", "updated later"),
    ],
)
async def test_a_press_is_answered(
    js: SecondClient, ana: Actor, place: str, button: str, said: str
) -> None:
    await js.do("sendButtons", channel=place)
    result = await ana.press(await ana.wait_for("moderation", "press"), button)
    assert not result.failed
    await until(lambda: result.text == said, what=said)
    await js.hears("answered")
    assert result.ephemeral == (button in ("reply", "defer"))
    if button == "defer":
        await ana.wait_for("moderation", "even more")


async def test_an_answer_is_taken_away(js: SecondClient, ana: Actor, place: str) -> None:
    await js.do("sendButtons", channel=place)
    card = await ana.wait_for("moderation", "press")
    await ana.press(card, "gone")
    await js.hears("answered")
    assert ana.sees("moderation") == [card]


async def test_a_form_is_opened_and_read(js: SecondClient, ana: Actor, place: str) -> None:
    await js.do("sendButtons", channel=place)
    opened = await ana.press(await ana.wait_for("moderation", "press"), "form")
    assert [one for one in opened.labels if one] == ["Rule", "Words"]
    result = await ana.submit(opened, Rule=["insult"], Words="rude")
    assert result.text == "insult: rude"
    await js.hears("answered")


async def test_a_select_is_answered(js: SecondClient, ana: Actor, place: str) -> None:
    await js.do("sendSelects", channel=place)
    card = await ana.wait_for("moderation", "pick")
    assert (await ana.select(card, "pick", ["hate"])).text == "hate"
    assert (await ana.select(card, "whom", [ana.id])).text == ana.id


async def test_commands_are_registered_completed_and_answered(
    js: SecondClient, ana: Actor, place: str
) -> None:
    assert await js.do("register") == ["Flag", "look"]
    offered = await ana.autocomplete("moderation", "look", "name", name="al")
    assert [one["value"] for one in offered] == ["al"]
    looked = await ana.slash("moderation", "look", name="alba")
    await until(lambda: looked.text == "looked for alba", what="the answer")
    sent = await js.do("send", channel=place, body={"content": "hello"})
    flagged = await ana.context(await ana.wait_for("moderation", "hello"), "Flag")
    assert flagged.text == f"flagged {sent}"


async def test_refusals_are_understood(sandbox: Sandbox, js: SecondClient, place: str) -> None:
    sandbox.owner.take("moderation", Permission.SEND_MESSAGES)
    while "SendMessages" in (await js.hears("channel", name="moderation"))["rights"]:
        js.heard.clear()
    told = await js.attempt("send", channel=place, body={"content": "x"})
    assert (told["failed"]["status"], told["failed"]["code"]) == (403, 50013)
    sandbox.owner.give("moderation", Permission.SEND_MESSAGES)
    await js.do("send", channel=place, body={"content": "x"})
    told = await js.attempt("edit", channel=place, message="1", body={"content": "x"})
    assert (told["failed"]["status"], told["failed"]["code"]) == (404, 10008)
    sandbox.rest.limit_globally(0.5)
    await js.do("send", channel=place, body={"content": "y"})
    assert any(status == 429 for _, _, status in sandbox.rest.log)


async def test_people_are_fetched(js: SecondClient, ana: Actor) -> None:
    found = await js.do("member", person=ana.id)
    assert found["name"] == "Ana"
    assert sorted(found["roles"]) == ["@everyone", "Moderator"]


async def test_a_lost_line_is_taken_up_again(
    sandbox: Sandbox, js: SecondClient, ana: Actor
) -> None:
    await sandbox.gateway.drop(4000)
    await ana.send("moderation", f"<@{sandbox.world.bot_id}> while you were away")
    await js.hears("resumed")
    assert "away" in (await js.hears("message", author="ana"))["text"]
