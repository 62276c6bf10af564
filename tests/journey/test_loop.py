"""The whole loop: a report becomes a card, a press becomes a decision, the site obeys."""

from tests.journey.newsroom import Newsroom


async def test_a_report_becomes_one_card_and_hide_takes_the_comment_down(newsroom: Newsroom):
    case = await newsroom.report()
    card = await newsroom.card(case)

    answer = await newsroom.sandbox.as_user("ana").press(card, "Hide")

    assert answer.ephemeral
    assert "Hidden" in answer.text
    await newsroom.settled()
    assert newsroom.site.hidden == {"c1"}
    card = await newsroom.card(case, "Hidden")
    assert len(newsroom.cards(case)) == 1
