"""What goes wrong: outsiders, races, edits, restarts, outages; nothing is lost or done twice."""

import asyncio

import pytest

from bot.domain.decisions import Action, Door
from tests.journey.newsroom import Newsroom, send_ban
from tests.support.waiting import until


async def test_an_outsider_who_sees_the_channel_decides_nothing(newsroom: Newsroom):
    world = newsroom.sandbox.world
    channel = world.channels[world.place("moderation")]
    channel["permission_overwrites"] = []  # somebody opened the channel to everybody
    case = await newsroom.report()
    card = await newsroom.card(case)
    olly = newsroom.sandbox.as_user("olly")

    for button in ("Hide", "Ban"):
        pressed = await olly.press(card, button)
        assert "moderator" in pressed.text
        assert pressed.ephemeral
    commanded = await olly.slash("moderation", "hide", case=case)
    assert "moderator" in commanded.text
    assert commanded.ephemeral
    await olly.react(card, "🙈")
    await olly.reply(card, "h 3")

    await until(lambda: card.reactions.get("🙈") == 1, what="the reaction to be removed")

    def answered() -> bool:
        seen = newsroom.sandbox.as_user("ana").sees("moderation") or []
        return sum("moderator" in one.text for one in seen if one.raw.get("message_reference")) == 2

    await until(answered, what="the reaction and the typed line to be answered")
    assert await newsroom.decisions() == []


async def test_two_moderators_at_once_make_one_decision_and_one_clear_answer(newsroom: Newsroom):
    case = await newsroom.report()
    card = await newsroom.card(case)
    ana, ben = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("ben")

    answers = await asyncio.gather(ana.press(card, "Keep"), ben.press(card, "Hide"))

    [decision] = await newsroom.decisions()
    loser = answers[1] if decision.verdict.by.name == "Ana" else answers[0]
    assert decision.verdict.by.name in loser.text
    await newsroom.settled()
    assert newsroom.site.actions == [decision.action]


async def test_further_reports_edit_the_card_and_never_post_another(newsroom: Newsroom):
    case = await newsroom.report()
    card = await newsroom.card(case)
    for _ in range(6):
        await newsroom.report()

    await newsroom.card(case, "7 readers")

    assert [one.id for one in newsroom.cards()] == [card.id]


async def test_an_edited_comment_is_shown_old_and_new_and_asked_again(newsroom: Newsroom):
    case = await newsroom.report()
    card = await newsroom.card(case)
    stale = newsroom.sandbox.world.view(
        newsroom.sandbox.world.message(card.channel_id, card.id), newsroom.sandbox.world.bot_id
    )
    ana = newsroom.sandbox.as_user("ana")
    hide = next(b["custom_id"] for b in card.buttons if b["label"].startswith("Hide"))
    newsroom.sandbox.rest.fault("PATCH", "/channels/*/messages/*", status=503, times=1)

    await newsroom.report(comment={"text": "I take that back.", "revision": "2"})
    assert stale["components"]
    answer = await ana.press(card, hide)  # the card still shows the old text

    assert "You are all bought" in answer.text
    assert "I take that back" in answer.text
    assert await newsroom.decisions() == []
    again = await ana.press(answer.message or card, "Keep")
    assert "Kept" in again.text


async def test_a_card_posted_before_a_restart_is_pressed_after_it(newsroom: Newsroom):
    case = await newsroom.report()
    card = await newsroom.card(case)
    ana = newsroom.sandbox.as_user("ana")
    form = await ana.press(card, "Ban")

    await newsroom.stop()
    await newsroom.start()
    answer = await send_ban(ana, form, rule=["3"], days=["7"])

    assert "banned until" in answer.text
    assert len(newsroom.cards(case)) == 1
    [decision] = await newsroom.decisions()
    assert decision.action is Action.BAN


async def test_what_was_done_while_the_desk_was_down_is_picked_up(newsroom: Newsroom):
    ana, olly = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("olly")
    cases = [await newsroom.report(comment={"id": f"c{n}"}) for n in range(4)]
    cards = [await newsroom.card(case) for case in cases]
    await until(lambda: all(len(card.reactions) == 3 for card in cards), what="the reactions")

    await newsroom.stop()
    await ana.react(cards[0], "🙈")
    await ana.reply(cards[1], "k")
    await ana.send("moderation", f"<@{newsroom.sandbox.world.bot_id}> h 3 #{cases[3]}")
    assert olly.sees("moderation") is None
    await newsroom.start()

    await newsroom.card(cases[0], "Hidden")
    await newsroom.card(cases[1], "Kept")
    await newsroom.card(cases[3], "Hidden")
    doors = {d.case_id: d.verdict.door for d in await newsroom.decisions()}
    assert doors == {cases[0]: Door.REACTION, cases[1]: Door.TYPED, cases[3]: Door.TYPED}


async def test_reports_are_taken_while_discord_is_down_and_shown_afterwards(
    quiet_newsroom: Newsroom,
):
    newsroom = quiet_newsroom
    newsroom.sandbox.gateway.down = 503
    await newsroom.start(wait=False)

    mild = await newsroom.report(comment={"id": "mild"}, reason="spam")
    worst = await newsroom.report(comment={"id": "worst"}, reason="threats")
    assert newsroom.cards() == []
    newsroom.sandbox.gateway.down = None

    await newsroom.card(mild)
    first, second = newsroom.cards()
    assert f"#{worst}" in first.text.split()
    assert f"#{mild}" in second.text.split()


async def test_a_lost_gateway_connection_is_made_again(newsroom: Newsroom):
    for code in (4000, 1012):
        await newsroom.sandbox.gateway.drop(code)
        case = await newsroom.report(comment={"id": f"after-{code}"})
        await newsroom.card(case)
    card = newsroom.cards(case)[0]

    answer = await newsroom.sandbox.as_user("ana").press(card, "Keep")

    assert "Kept" in answer.text


@pytest.mark.parametrize("trouble", [{"status": 429, "retry_after": 0.2}, {"status": 503}])
async def test_discord_refusing_a_post_for_a_while_delays_the_card(
    newsroom: Newsroom, trouble: dict
):
    newsroom.sandbox.rest.fault("POST", "/channels/*/messages", times=2, **trouble)

    case = await newsroom.report()

    await newsroom.card(case)
    assert len(newsroom.cards()) == 1


async def test_a_reply_lost_after_the_post_gives_no_second_card(newsroom: Newsroom):
    newsroom.sandbox.rest.fault("POST", "/channels/*/messages", drop="after", times=1)

    case = await newsroom.report()
    await newsroom.card(case)
    answer = await newsroom.sandbox.as_user("ana").press(await newsroom.card(case), "Hide")

    assert "Hidden" in answer.text
    await newsroom.card(case, "Hidden")
    assert len(newsroom.cards()) == 1


async def test_a_crash_between_post_and_record_gives_no_second_card(newsroom: Newsroom):
    """The card stands in Discord, and the store only knows that it was to be posted."""
    case = await newsroom.report()
    card = await newsroom.card(case)

    def forget(tx) -> None:
        tx.cards.lost(case)
        tx.cards.intend(case, newsroom.desk.desk.clock())

    await newsroom.desk.desk.store.write(forget)
    await newsroom.report()

    await newsroom.card(case, "2 readers")
    assert [one.id for one in newsroom.cards()] == [card.id]


async def test_a_deleted_card_comes_back_once(newsroom: Newsroom):
    case = await newsroom.report()
    card = await newsroom.card(case)
    await newsroom.sandbox.as_user("sam").delete(card) if False else None
    newsroom.sandbox.world.messages[card.channel_id].pop(card.id)

    await newsroom.report()

    await newsroom.card(case, "2 readers")
    assert len(newsroom.cards()) == 1


async def test_a_site_that_is_down_is_asked_again_and_the_card_says_so(newsroom: Newsroom):
    newsroom.site.status = 503
    newsroom.site.headers = {"Retry-After": "3600"}
    case = await newsroom.report()
    ana = newsroom.sandbox.as_user("ana")
    await ana.press(await newsroom.card(case), "Hide")

    card = await newsroom.card(case, "Trying again")
    assert newsroom.site.hidden == set()
    newsroom.site.status = 200
    answer = await ana.press(card, "Try now")

    assert not answer.failed
    await newsroom.settled()
    assert newsroom.site.hidden == {"c1"}
    await newsroom.card(case, "down on the site")


async def test_a_site_that_refuses_for_good_is_told_on_the_card(newsroom: Newsroom):
    newsroom.site.status = 410
    case = await newsroom.report()
    await newsroom.sandbox.as_user("ana").press(await newsroom.card(case), "Hide")

    card = await newsroom.card(case, "Still visible")
    assert newsroom.site.attempts == 1
    assert "Try now" in card.labels


async def test_a_decision_outlives_a_restart_before_the_site_heard_of_it(newsroom: Newsroom):
    newsroom.site.status = 503
    case = await newsroom.report()
    await newsroom.sandbox.as_user("ana").press(await newsroom.card(case), "Hide")
    await until(lambda: newsroom.site.attempts > 0, what="an attempt")

    await newsroom.stop()
    newsroom.site.status = 200
    await newsroom.start()

    await until(lambda: newsroom.site.hidden == {"c1"}, what="the site to be told")
    assert newsroom.site.actions == ["hide"]


async def test_nothing_a_reader_wrote_pings_anybody(newsroom: Newsroom):
    world = newsroom.sandbox.world
    ana_id = newsroom.sandbox.as_user("ana").id
    case = await newsroom.report(
        comment={
            "text": f"@everyone <@{ana_id}> [click](https://evil.example) **loud**",
            "author": {"id": "a9", "name": f"<@{ana_id}>"},
        },
        note=f"<@{ana_id}>",
    )
    card = await newsroom.card(case)

    assert card.pinged == set()
    assert f"<@{ana_id}>" not in card.text
    assert world.message(card.channel_id, card.id)["mention_everyone"] is False
