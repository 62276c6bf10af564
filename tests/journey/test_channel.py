"""A channel that stays readable: a digest above a threshold, a log, and no reactions left over."""

from bot.domain.decisions import Action
from tests.journey.newsroom import Newsroom
from tests.support.cards import Card
from tests.support.waiting import until

DIGEST = "wait for a card"


async def crowded(newsroom: Newsroom, most: int, cases: int) -> list[int]:
    """Start with a digest from so many cards on, and report so many comments."""
    newsroom.write_policy(("backlog_digest = 50", f"backlog_digest = {most}"))
    await newsroom.start()
    return [await newsroom.report(comment={"id": f"c{number}"}) for number in range(cases)]


def digest_of(newsroom: Newsroom) -> Card | None:
    seen = newsroom.sandbox.as_user("ana").sees("moderation") or []
    return next((card for card in seen if "The worst of all" in card.text), None)


def case_cards(newsroom: Newsroom) -> list[Card]:
    return [card for card in newsroom.cards() if "More" in card.labels]


async def test_above_the_threshold_further_cases_share_one_message(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    await crowded(newsroom, 3, 9)

    digest = await until(lambda: digest_of(newsroom), what="the digest")
    await until(lambda: "9 open cases" in digest.text, what="the digest to count all")

    carded = len(case_cards(newsroom))
    assert 3 <= carded <= 8, "a few may come at once, never all"
    await until(lambda: f"{9 - carded} wait" in digest.text, what="the digest to say how many wait")
    assert len([label for label in digest.labels if label.startswith("Open #")]) == 9 - carded
    assert digest.pinged == set()


async def test_a_case_is_opened_and_decided_from_the_digest(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    await crowded(newsroom, 2, 8)
    digest = await until(lambda: digest_of(newsroom), what="the digest")
    await until(lambda: "8 open cases" in digest.text, what="the digest to count all")
    label = next(label for label in digest.labels if label.startswith("Open #"))
    case = int(label.removeprefix("Open #"))
    ana = newsroom.sandbox.as_user("ana")

    opened = await ana.press(digest, label)
    assert opened.message is not None
    assert "You are all bought" in opened.text
    answer = await ana.press(opened.message, "Hide")

    assert f"#{case}" in answer.text
    [made] = await newsroom.decisions()
    assert (made.case_id, made.action) == (case, Action.HIDE)
    await until(lambda: "7 open cases" in digest.text, what="the digest to follow")
    assert not [card for card in newsroom.cards(case) if card.id != digest.id]


async def test_the_rest_is_posted_as_the_backlog_shrinks_and_the_digest_goes(
    quiet_newsroom: Newsroom,
):
    newsroom = quiet_newsroom
    cases = await crowded(newsroom, 2, 8)
    await until(lambda: digest_of(newsroom), what="the digest")
    ana = newsroom.sandbox.as_user("ana")

    for case in cases:
        await ana.slash("moderation", "keep", case=case)

    await until(lambda: digest_of(newsroom) is None, what="the digest to go")
    assert case_cards(newsroom) == []
    late = await newsroom.report(comment={"id": "late"})
    await newsroom.card(late)


async def test_a_restart_keeps_the_one_digest(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    await crowded(newsroom, 2, 8)
    digest = await until(lambda: digest_of(newsroom), what="the digest")
    await newsroom.stop()
    await newsroom.start()
    await newsroom.report(comment={"id": "c9"})

    await until(lambda: "9 open cases" in digest.text, what="the same digest to follow")


async def test_decisions_go_to_the_log_channel_as_a_line_each(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    log_id = newsroom.add_channel("log")
    await newsroom.start(log_channel_id=log_id)
    case = await newsroom.report(comment={"text": "@everyone, you are all bought."})
    ana = newsroom.sandbox.as_user("ana")
    await newsroom.card(case)
    await ana.slash("moderation", "hide", case=case, rule=3)
    hidden = await ana.wait_for("log", "Hidden")
    await newsroom.stop()

    await newsroom.start(log_channel_id=log_id)
    card = await newsroom.card(case, "Hidden")
    await ana.press(card, "Undo")

    shown_again = await ana.wait_for("log", "hown again")
    assert "3 Harassment" in hidden.text
    assert "Ana" in hidden.text
    assert "bought" not in hidden.text + shown_again.text
    assert hidden.pinged == shown_again.pinged == set()
    seen = ana.sees("log") or []
    assert len([card for card in seen if "Hidden" in card.text]) == 1


async def test_reactions_go_when_a_card_is_decided_and_come_back_when_it_is_open_again(
    newsroom: Newsroom,
):
    case = await newsroom.report()
    card = await newsroom.card(case)
    await until(lambda: len(card.reactions) == 3, what="the reactions to press")
    ana = newsroom.sandbox.as_user("ana")

    await ana.press(card, "Keep")
    await until(lambda: not any(card.reactions.values()), what="the reactions to go")
    await ana.press(await newsroom.card(case, "Kept"), "Undo")

    await until(lambda: sum(card.reactions.values()) == 3, what="the reactions to come back")
