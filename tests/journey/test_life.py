"""A report that somebody may be in danger: editors are called, everything is kept and logged."""

from datetime import timedelta

from bot.domain.decisions import Action
from tests.journey.newsroom import Newsroom
from tests.support.waiting import until

URGENT = ('# urgent = "life"', 'urgent = "life"')


async def test_editors_are_called_at_once_and_only_once(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    newsroom.write_policy(URGENT)
    await newsroom.start()
    case = await newsroom.report(reason="abuse", comment={"text": "@everyone I know his street."})
    await newsroom.card(case)
    ed = newsroom.sandbox.as_user("ed")
    assert not [one for one in ed.sees("editors") or [] if "danger" in one.text]

    for _ in range(3):
        await newsroom.report(reason="threats", comment={"text": "@everyone I know his street."})

    call = await ed.wait_for("editors", "Somebody may be in danger")
    assert call.pinged == {"ed"}
    assert f"#{case}" in call.text
    assert "street" not in call.text, "nothing graphic in a notification"
    card = await newsroom.card(case, "Threat to life?")
    assert "999" in card.text
    await newsroom.card(case, "4 readers")
    calls = [one for one in ed.sees("editors") or [] if "in danger" in one.text]
    assert len(calls) == 1


async def test_what_was_done_is_ticked_on_the_card_and_logged(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    newsroom.write_policy(URGENT)
    await newsroom.start()
    case = await newsroom.report(reason="threats")
    card = await newsroom.card(case, "Threat to life?")
    ana, ben, olly = (newsroom.sandbox.as_user(name) for name in ("ana", "ben", "olly"))

    answer = await ana.select(card, "desk:lifestep", ["0"])
    assert "3 left" in answer.text
    await newsroom.card(case, "☑ The police were called")
    await ben.press(await newsroom.card(case), "Hide")
    decided = await newsroom.card(case, "Hidden")
    assert "☐ An editor knows" in decided.text, "what is left stays on the small card"
    for step in ("1", "2", "3"):
        await ben.select(await newsroom.card(case), "desk:lifestep", [step])

    await until(lambda: "Threat to life?" not in decided.text, what="the list to be done with")
    more = await ana.press(await newsroom.card(case), "Open")
    assert "Ben" in more.text
    del olly


async def test_a_case_of_life_and_death_gets_its_card_above_any_backlog_and_is_never_pruned(
    quiet_newsroom: Newsroom,
):
    newsroom = quiet_newsroom
    newsroom.write_policy(URGENT, ("backlog_digest = 50", "backlog_digest = 1"))
    await newsroom.start()
    for number in range(6):
        await newsroom.report(reason="spam", comment={"id": f"s{number}"})

    case = await newsroom.report(reason="threats", comment={"id": "t1"})

    card = await newsroom.card(case, "Threat to life?")
    await newsroom.sandbox.as_user("ana").press(card, "Hide")
    await newsroom.card(case, "Hidden")
    store = newsroom.desk.desk.store
    later = newsroom.clock() + timedelta(days=400)
    await store.prune(later)  # type: ignore[attr-defined]
    held = await store.read(
        lambda tx: tx.run("SELECT COUNT(*) FROM preserved WHERE case_id = ?", (case,)).fetchone()  # type: ignore[attr-defined]
    )
    assert held[0] == 1
    kept = await store.read(
        lambda tx: tx.run("SELECT COUNT(*) FROM receipts WHERE case_id = ?", (case,)).fetchone()  # type: ignore[attr-defined]
    )
    assert kept[0] > 0
    assert [one.action for one in await newsroom.decisions()] == [Action.HIDE]
