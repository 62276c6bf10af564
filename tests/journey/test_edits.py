"""Whatever door is taken: nobody decides on a text that they did not see."""

import pytest

from tests.journey.newsroom import Newsroom
from tests.support.waiting import eventually, until

EDIT = {"text": "I take that back.", "revision": "2"}


async def test_a_line_typed_before_an_edit_and_read_after_it_asks_again(newsroom: Newsroom):
    ana = newsroom.sandbox.as_user("ana")
    case = await newsroom.report()
    card = await newsroom.card(case)
    await newsroom.stop()
    await ana.reply(card, "h 3")
    newsroom.sandbox.rest.fault("GET", "/channels/*/messages", status=503, times=None)

    await newsroom.start()
    await newsroom.report(comment=EDIT)
    await newsroom.card(case, "I take that back")
    newsroom.sandbox.rest.clear_faults()

    async def answered() -> bool:
        seen = ana.sees("moderation") or []
        return any("was edited since" in one.text for one in seen)

    await eventually(answered, "the line to be answered")
    assert await newsroom.decisions() == []

    await ana.reply(card, "h 3")
    await newsroom.card(case, "Hidden")
    [decision] = await newsroom.decisions()
    assert decision.revision == 2


@pytest.mark.usefixtures("in_haste")
async def test_a_slash_command_counts_for_the_text_on_the_card(newsroom: Newsroom):
    ana = newsroom.sandbox.as_user("ana")
    case = await newsroom.report()
    await newsroom.card(case)
    newsroom.sandbox.rest.fault("PATCH", "/channels/*/messages/*", status=503, times=3)
    await newsroom.report(comment=EDIT)

    answer = await ana.slash("moderation", "hide", case=case)

    assert "was edited since" in answer.text
    assert "I take that back" in answer.text
    assert await newsroom.decisions() == []
    await newsroom.card(case, "I take that back")
    await ana.slash("moderation", "hide", case=case)
    [decision] = await newsroom.decisions()
    assert decision.revision == 2


async def test_a_text_that_is_edited_back_is_on_the_card_and_can_be_hidden_and_undone(
    newsroom: Newsroom,
):
    ana = newsroom.sandbox.as_user("ana")
    case = await newsroom.report()
    await newsroom.card(case, "You are all bought")
    await newsroom.report(comment={"text": "I take that back."})
    await newsroom.card(case, "I take that back")
    await newsroom.report()
    card = await newsroom.card(case, "Before: “I take that back.”")

    await ana.press(card, "Hide")
    card = await newsroom.card(case, "Hidden")
    await newsroom.settled()
    assert newsroom.site.hidden == {"c1"}
    await ana.press(card, "Undo")
    await newsroom.card(case, "undid it")
    await newsroom.settled()
    assert newsroom.site.hidden == set()


async def test_a_kinder_text_is_not_taken_down_with_the_one_that_was_judged(newsroom: Newsroom):
    ana = newsroom.sandbox.as_user("ana")
    case = await newsroom.report()
    card = await newsroom.card(case)
    newsroom.site.texts["c1"] = "I take that back."

    await ana.press(card, "Hide")

    card = await newsroom.card(case, "nothing was done there")
    assert "“I take that back.”" in card.text
    assert "You are all bought" in card.text
    assert "Ana" in card.text
    assert newsroom.site.hidden == set()
    assert card.buttons[0]["label"] == "Keep"

    await ana.press(card, "Keep")
    await newsroom.card(case, "Kept")
    await newsroom.settled()
    assert newsroom.site.actions == ["keep"]


async def test_what_was_edited_out_of_sight_stays_hidden_until_it_is_read(newsroom: Newsroom):
    ana = newsroom.sandbox.as_user("ana")
    case = await newsroom.report()
    card = await newsroom.card(case)
    await ana.press(card, "Hide")
    card = await newsroom.card(case, "Hidden")
    await newsroom.settled()
    newsroom.site.texts["c1"] = "And I know where you live."

    await ana.press(card, "Undo")

    card = await newsroom.card(case, "not shown again")
    assert "I know where you live" in card.text
    await newsroom.settled()
    assert newsroom.site.hidden == {"c1"}
    await ana.press(card, "Hide")
    await newsroom.card(case, "Hidden")


@pytest.mark.parametrize("door", ["press", "line"])
async def test_an_answer_says_so_if_the_site_found_another_text(newsroom: Newsroom, door: str):
    ana = newsroom.sandbox.as_user("ana")
    case = await newsroom.report()
    card = await newsroom.card(case)
    newsroom.site.texts["c1"] = "I take that back."

    if door == "press":
        answer = (await ana.press(card, "Hide")).message
    else:
        answer = await newsroom.answer(await newsroom.type("ana", "h", to=card))

    assert answer is not None
    told = answer
    await until(lambda: "nothing was done there" in told.text, what="the answer to say so")
    assert "being told" not in told.text
    assert "Undo" not in told.labels


async def test_an_answer_to_an_undo_says_so_too(newsroom: Newsroom):
    ana = newsroom.sandbox.as_user("ana")
    case = await newsroom.report()
    hidden = await ana.press(await newsroom.card(case), "Hide")
    await newsroom.card(case, "taken down on the site")
    newsroom.site.texts["c1"] = "And I know where you live."
    newsroom.site.answers.clear()
    assert hidden.message is not None

    undone = await ana.press(hidden.message, "Undo")
    assert "being told" in undone.text
    newsroom.site.answers.set()

    await until(lambda: "not shown again" in undone.text, what="the answer to say so")
