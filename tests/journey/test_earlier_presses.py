"""Cards stand for years: what the version before the one scheme drew is answered as it was then."""

import pytest

from bot.standin.wire import Asked, Component
from tests.journey.attackers import Scene, ask, forged, forms, pressed, presses, told
from tests.journey.newsroom import Newsroom
from tests.journey.test_legal import WHOLE

ANOTHER = "This card is from another record"
WRONG = "Something went wrong"
_FORMS_OF_THEN = frozenset({"banform", "legalform", "staffnoteform", "escalateform"})


@pytest.fixture
async def scene(newsroom: Newsroom) -> Scene:
    ed = newsroom.sandbox.as_user("ed")
    case = await newsroom.report(note="I overheard him boast of it")
    await newsroom.card(case)
    form = await ed.slash("moderation", "legal notice", case=case)
    answer = await ed.submit(form, **WHOLE)  # type: ignore[arg-type]
    assert "was taken in" in answer.text
    await newsroom.settled()
    return Scene(newsroom=newsroom, olly=ed, open_case=case, decided=0, banned=0, waiting=0)


async def test_every_press_and_form_on_a_card_of_then_reaches_its_handler(
    scene: Scene, caplog: pytest.LogCaptureFixture
):
    """They have no token, and count because they stand on the card that the record keeps.

    A run beyond the brake and an alert are none of that card's, so those are read in a unit test.
    """
    tried = 0
    for custom_id, kind, values in presses(scene):
        if not _stood_on_the_card(custom_id, scene.open_case):
            continue
        tried += 1
        asked = await pressed(scene, custom_id, kind, values)
        assert not asked.late, custom_id
        said = told(asked)
        assert said.strip(), custom_id
        assert ANOTHER not in said, custom_id
        assert WRONG not in said, custom_id
    assert tried > 40

    card = forged(scene, "desk:x", Component.BUTTON, [])
    for form in forms(scene):
        kind = form["custom_id"].split(":")[1]
        if kind not in _FORMS_OF_THEN or ":0" in form["custom_id"]:
            continue
        tried += 1
        said = told(await ask(scene, Asked.MODAL, form, message=card))
        assert said.strip(), form["custom_id"]
        assert ANOTHER not in said, form["custom_id"]
        assert WRONG not in said, form["custom_id"]
    assert tried > 44

    assert [one for one in caplog.records if one.levelname == "ERROR"] == []


def _stood_on_the_card(custom_id: str, case: int) -> bool:
    scheme, name, *said = custom_id.split(":")
    if scheme == "turn":
        return True
    if scheme != "desk" or name == "runback":
        return False
    return said == ([str(case)] if name == "assign" else [str(case), "1", "1"])


async def test_what_was_drawn_then_decides_with_the_rule_that_it_said(newsroom: Newsroom):
    case = await newsroom.report()
    await newsroom.card(case)
    token = (await newsroom.card(case)).buttons[0]["custom_id"].rsplit(":", 1)[1]
    ana = newsroom.sandbox.as_user("ana")
    scene = Scene(newsroom=newsroom, olly=ana, open_case=case, decided=0, banned=0, waiting=0)

    said = told(await pressed(scene, f"desk:hide:{case}:1:5:{token}", Component.BUTTON, []))

    assert "Hidden" in said
    [decision] = await newsroom.decisions()
    assert (decision.action, decision.verdict.rule) == ("hide", 5)
    undone = f"desk:undo:{case}:1:{decision.id}:{decision.digest[:12]}"
    await pressed(scene, undone, Component.BUTTON, [])
    assert [made.action for made in await newsroom.decisions()] == ["hide", "unhide"]
