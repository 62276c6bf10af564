"""An editor's hour: an urgent alert pings, the moderators are asked, a case is handed over."""

from tests.journey.newsroom import Newsroom
from tests.support.waiting import until

TITLE = "Three charged after Colchester raids"


async def test_an_editor_is_pinged_asks_the_moderators_and_decides_what_they_hand_over(
    newsroom: Newsroom,
):
    ana, ed = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("ed")
    for turn in range(12):
        case = await newsroom.report(comment={"id": f"c{turn % 3}"}, reason="threats")

    alert = await ed.wait_for("editors", "Reports are piling up")
    assert alert.text.startswith("🚨 **Urgent** <@&")
    assert alert.pinged == {"ed"}

    form = await ed.press(alert, "Ask moderators")
    await ed.submit(form, text="Do you know this one?")
    opening = await ana.wait_for("moderation", "Do you know this one?")
    thread = await until(lambda: opening.thread, what="the thread")
    assert newsroom.sandbox.world.channels[thread]["name"] == TITLE
    assert f"#{case}" in opening.text
    assert opening.pinged == set(), "the mentions name only whom the desk names"
    await until(lambda: thread in alert.text, what="the alert to lead to the thread")
    assert "Ask moderators" not in alert.labels

    more = await ana.press(await newsroom.card(case), "More")
    assert more.message is not None
    await ana.submit(await ana.press(more.message, "To the editors"), text="Police?")
    handed = await ed.wait_for("editors", f"hands you [#{case}]")
    assert "You are all bought" in handed.text
    await ed.press(handed, "Hide")
    await newsroom.card(case, "Hidden")
    assert {one.verdict.by.name for one in await newsroom.decisions()} == {"Ed"}
