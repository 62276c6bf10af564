"""What was typed while the desk was down is not lost when catching up begins badly."""

from bot.domain.decision import Door
from tests.journey.newsroom import Newsroom


async def test_a_missed_line_is_read_though_discord_stumbles_and_a_newer_one_comes_first(
    newsroom: Newsroom,
):
    ana = newsroom.sandbox.as_user("ana")
    missed, newer = [await newsroom.report(comment={"id": f"c{n}"}) for n in range(2)]
    cards = [await newsroom.card(case) for case in (missed, newer)]
    await newsroom.stop()
    await ana.reply(cards[0], "h 3")
    newsroom.sandbox.rest.fault("GET", "/channels/*/messages", status=503, times=1)

    await newsroom.start()
    await ana.reply(cards[1], "k")

    await newsroom.card(newer, "Kept")
    await newsroom.card(missed, "Hidden")
    made = {one.case_id: one.door for one in await newsroom.decisions()}
    assert made == {missed: Door.TYPED, newer: Door.TYPED}


async def test_a_lost_answer_to_a_line_or_a_reaction_does_not_undo_what_it_did(
    newsroom: Newsroom, caplog
):
    ana = newsroom.sandbox.as_user("ana")
    typed, reacted = [await newsroom.report(comment={"id": f"c{n}"}) for n in range(2)]
    cards = [await newsroom.card(case) for case in (typed, reacted)]

    newsroom.sandbox.rest.fault("POST", "/channels/*/messages", drop="before", times=1)
    await ana.reply(cards[0], "h 3")
    await newsroom.card(typed, "Hidden")
    newsroom.sandbox.rest.fault("DELETE", "/channels/*/reactions/*", drop="before", times=1)
    await ana.react(cards[1], "✅")
    await newsroom.card(reacted, "Kept")

    assert len(await newsroom.decisions()) == 2
    assert [one for one in caplog.records if one.levelname == "ERROR"] == []
