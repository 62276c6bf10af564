"""Presses, forms, selects and commands, through the real discord.py over sockets."""

from bot.sandbox.driver import Actor, until
from tests.contract.sandbox.desk import Desk


async def test_a_press_edits_its_card(desk: Desk, ana: Actor) -> None:
    card = await desk.post()

    result = await ana.press(card, "Hide")

    assert result.message == card
    assert not result.ephemeral
    assert "Hidden by Ana" in card.text


async def test_a_deferred_answer_is_filled_by_the_first_follow_up(desk: Desk, ana: Actor) -> None:
    result = await ana.press(await desk.post(), "Keep")

    await until(lambda: result.text == "Kept, thank you.")
    assert result.ephemeral
    await ana.wait_for("moderation", "And another.")


async def test_a_form_is_opened_filled_in_and_answered(desk: Desk, ana: Actor) -> None:
    opened = await ana.press(await desk.post(number=7), "Ban")
    answered = await ana.submit(opened, Rule=["spam"], Note="third time")

    assert opened.modal is not None
    assert opened.modal["title"] == "Ban for how long?"
    assert answered.text == "7: spam / third time"


async def test_slash(desk: Desk, ana: Actor) -> None:
    result = await ana.slash("moderation", "lookup", name="al", who=ana, limit=4)
    assert result.text == "al/Ana/4"
    assert result.ephemeral
