"""The ban form never loses work: it is looked over, changed, and sent off once."""

from bot.domain.decisions import Action
from bot.standin.wire import Json
from tests.journey.newsroom import Newsroom
from tests.support.driver import Result


def chosen(form: Result) -> dict[str, list[str]]:
    """Return what a form is filled in with."""
    assert form.modal is not None
    fields: list[Json] = [label["component"] for label in form.modal["components"]]
    return {
        field["custom_id"]: [one["value"] for one in field.get("options", ()) if one.get("default")]
        or [field.get("value") or ""]
        for field in fields
    }


async def test_a_ban_is_looked_over_changed_and_sent_once_over_a_restart(newsroom: Newsroom):
    ana, case = newsroom.sandbox.as_user("ana"), await newsroom.report()
    card = await newsroom.card(case)
    form = await ana.press(card, "Ban")
    reason = "It is aimed at a victim or their family."
    filled_in = {"rule": ["5"], "days": ["30"], "reason": [reason], "note": ["third time"]}
    shown = await ana.submit(form, **{**filled_in, "note": "third time"})
    assert shown.ephemeral
    assert f"“{reason}” belongs to another rule" in shown.text
    assert shown.labels == ["Send", "Change…", "Cancel"]
    assert await newsroom.decisions() == []
    assert shown.message is not None

    # It is filled in as it was, from there and from the card, whatever happens to the desk.
    await newsroom.stop()
    await newsroom.start()
    again = await ana.press(card, "Ban")
    assert chosen(again) == filled_in
    changed = await ana.press(shown.message, "Change")
    assert chosen(changed) == filled_in
    fits = await ana.submit(changed, rule=["3"], days=["7"], reason=[reason], note="third time")
    assert fits.message == shown.message
    assert "is left out" not in fits.text
    words = fits.text.partition("“")[2].partition("”")[0].replace("\\", "")
    assert words.endswith(reason)

    sent = await ana.press(shown.message, "Send")
    assert "banned until" in sent.text
    await newsroom.card(case, "Banned")
    await newsroom.settled()
    [decision] = await newsroom.decisions()
    assert (decision.action, decision.verdict.rule) == (Action.BAN, 3)
    assert newsroom.site.orders[-1]["data"]["notice"] == words

    other = await newsroom.report(comment={"id": "c2"})
    form = await ana.press(await newsroom.card(other), "Ban")
    shown = await ana.submit(form, rule=["3"], days=["7"])
    assert shown.message is not None
    cancelled = await ana.press(shown.message, "Cancel")
    assert "Nobody was banned." in cancelled.text
    assert len(await newsroom.decisions()) == 1
