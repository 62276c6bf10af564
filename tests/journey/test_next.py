"""A moderator works through what waits, the worst first, without looking for it in the channel."""

import pytest

from bot.domain.decisions import Action
from bot.services.staff import overview
from bot.standin.wire import MessageKind
from tests.journey.newsroom import Newsroom
from tests.support.cards import Card
from tests.support.driver import Result
from tests.support.waiting import until


def shown(answer: Result) -> Card:
    assert answer.ephemeral, answer
    assert answer.message is not None
    return answer.message


async def pinned(newsroom: Newsroom) -> Card:
    def there() -> Card | None:
        seen = newsroom.sandbox.as_user("ana").sees("moderation") or []
        return next((one for one in reversed(seen) if one.raw["pinned"]), None)

    return await until(there, what="the overview to be pinned")


async def test_next_gives_one_case_after_the_other(
    quiet_newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(overview, "EVERY", 0.05)
    newsroom = quiet_newsroom
    await newsroom.start()
    ana, ben = (newsroom.sandbox.as_user(name) for name in ("ana", "ben"))
    board = await pinned(newsroom)
    assert board.labels == ["Next"]
    nothing = shown(await ana.press(board, "Next"))
    assert "Nothing waits." in nothing.text

    mild = await newsroom.report(reason="spam")
    grave = await newsroom.report(reason="threats", comment={"id": "c2"})
    rude = await newsroom.report(comment={"id": "c3"})
    given = shown(await ana.press(nothing, "Next"))
    assert given == nothing, "what she looked at was changed, and nothing piles up"
    assert f"#{grave}" in given.text
    assert {"Keep", "Ban…", "More", "Skip"} <= set(given.labels)
    await newsroom.card(grave, "**Ana** has it until")
    other = shown(await ben.slash("moderation", "next"))
    assert f"#{rude}" in other.text

    # Whatever is pressed in between, it goes on from there.
    details = shown(await ana.press(given, "More"))
    assert "Skip" in details.labels
    hidden = shown(await ana.press(details, "Hide:"))
    assert hidden.text.startswith(f"Hidden #{grave}")
    assert {"Undo", "Next"} <= set(hidden.labels)
    last = shown(await ana.press(hidden, "Next"))
    assert f"#{mild}" in last.text
    left = shown(await ana.press(last, "Skip"))
    assert "Nothing waits." in left.text
    kept = shown(await ben.press(other, "Keep"))
    assert f"#{mild}" in shown(await ben.press(kept, "Next")).text
    assert [(one.case_id, one.action) for one in await newsroom.decisions()] == [
        (grave, Action.HIDE),
        (rude, Action.KEEP),
    ]

    # That the overview was pinned is in nobody's way.
    def notices() -> list[Card]:
        seen = ana.sees("moderation") or []
        return [one for one in seen if one.raw["type"] == MessageKind.PIN_ADDED]

    await until(lambda: not notices(), what="the notice of the pin to go")
    assert (await pinned(newsroom)) == board


async def test_of_the_answers_to_presses_each_person_has_one(newsroom: Newsroom):
    ana, ben = (newsroom.sandbox.as_user(name) for name in ("ana", "ben"))
    cases = [await newsroom.report(comment={"id": f"c{number}"}) for number in range(3)]
    cards = [await newsroom.card(case) for case in cases]
    listed = shown(await ana.slash("moderation", "queue"))
    his = shown(await ben.press(cards[2], "More"))
    hidden = shown(await ana.press(cards[0], "Hide"))
    assert hidden.text == (
        f"Hidden #{cases[0]} (salty\\_dog), citing *3 Harassment*. The site is being told."
    )
    assert hidden.labels == ["Undo", "Other rule…"]
    kept = shown(await ana.press(cards[1], "Keep"))
    await until(lambda: not hidden.exists, what="the answer before to go")

    # What took its place counts as the newest, and a form leads to the next one.
    assert shown(await ana.press(kept, "Undo")) == kept
    form = await ana.press(shown(await ana.press(cards[2], "More")), "Staff note")
    await until(lambda: not kept.exists, what="the answer before to go")
    noted = shown(await ana.submit(form, text="Look at the picture."))
    assert noted.exists
    assert listed.exists, "a list is worked through"
    assert his.exists
