"""What a shift does with a case besides deciding it, through the real discord.py over sockets."""

import re
from datetime import timedelta

import pytest

from bot.domain.decisions import Action
from bot.services.staff import overview
from bot.standin import messages
from tests.journey.newsroom import Newsroom, send_ban
from tests.support.cards import Card
from tests.support.driver import Actor, Result
from tests.support.waiting import until


def somebody(newsroom: Newsroom, name: str) -> Actor:
    return newsroom.sandbox.as_user(name)


async def more(newsroom: Newsroom, case: int, name: str = "ana") -> Card:
    answer = await somebody(newsroom, name).press(await newsroom.card(case), "More")
    assert answer.message is not None
    return answer.message


async def press(newsroom: Newsroom, case: int, button: str, name: str = "ana") -> Result:
    """Open the details and press something there."""
    return await somebody(newsroom, name).press(await more(newsroom, case, name), button)


async def message(newsroom: Newsroom, saying: str, channel: str = "moderation") -> Card:
    return await somebody(newsroom, "ed").wait_for(channel, saying)


async def test_a_claim_is_on_the_card_and_stops_a_colleague_until_taken_over(newsroom: Newsroom):
    case = await newsroom.report()
    answer = await press(newsroom, case, "Claim")
    assert "It is yours until" in answer.text
    assert {"Keep", "Hide: harassment", "Release"} <= set(answer.labels)
    card = await newsroom.card(case, "**Ana** has it until")
    queue = await somebody(newsroom, "ben").slash("moderation", "queue")
    assert "Ana has it" in queue.text

    refused = await somebody(newsroom, "ben").press(card, "Keep")
    assert refused.text.startswith("Ana ")
    assert "take it over" in refused.text
    assert await newsroom.decisions() == []
    assert refused.message is not None
    taken = await somebody(newsroom, "ben").press(refused.message, "Take over")
    assert "It is yours" in taken.text
    assert taken.message is not None
    await somebody(newsroom, "ben").press(taken.message, "Keep")

    await newsroom.card(case, "Kept")
    [decision] = await newsroom.decisions()
    assert (decision.action, decision.verdict.by.name) == (Action.KEEP, "Ben")


async def test_a_claim_ends_by_itself_and_by_hand(newsroom: Newsroom):
    case = await newsroom.report()
    await press(newsroom, case, "Claim")
    await newsroom.card(case, "👤 Claimed")
    released = await press(newsroom, case, "Release")
    assert "Released" in released.text
    assert "Claim" in released.labels

    await press(newsroom, case, "Claim")
    await newsroom.card(case, "has it until")
    newsroom.later = timedelta(minutes=16)
    await until(lambda: "has it" not in newsroom.cards(case)[0].text, what="the claim to run out")


async def test_a_claim_is_typed_and_a_slash_command(newsroom: Newsroom):
    case = await newsroom.report()
    card = await newsroom.card(case)
    await somebody(newsroom, "ana").reply(card, "c")
    await message(newsroom, f"#{case} is yours until")
    await newsroom.card(case, "**Ana** has it")

    ben = somebody(newsroom, "ben")
    refused = await ben.slash("moderation", "claim", case=case)
    assert refused.text.startswith("Ana ")
    assert "take it over" in refused.text
    taken = await ben.slash("moderation", "claim", case=case, take_over=True)
    assert "It is yours" in taken.text
    await newsroom.card(case, "**Ben** has it")

    await somebody(newsroom, "ana").reply(card, "claim")
    said = await message(newsroom, "take it over")
    assert "Take over" in said.labels


async def test_a_claim_outlives_a_restart(newsroom: Newsroom):
    case = await newsroom.report()
    await press(newsroom, case, "Claim")
    await newsroom.card(case, "has it until")
    await newsroom.stop()
    await newsroom.start()
    refused = await somebody(newsroom, "ben").press(await newsroom.card(case), "Hide")
    assert refused.text.startswith("Ana ")
    assert "take it over" in refused.text


async def test_who_opens_the_details_sees_who_else_did(newsroom: Newsroom):
    case = await newsroom.report()
    alone = await more(newsroom, case, "ana")
    assert "looking" not in alone.text
    assert "Ana is looking at this too" in (await more(newsroom, case, "ben")).text


async def test_a_note_is_on_the_card_and_pings_nobody(newsroom: Newsroom):
    case = await newsroom.report()
    form = await press(newsroom, case, "Staff note")
    words = "Third this week, see <@1> @everyone **now**"
    answer = await somebody(newsroom, "ana").submit(form, text=words)
    assert "Your staff note is on the card" in answer.text

    card = await newsroom.card(case, "🗒 Staff note by Ana")
    assert "Third this week" in card.text
    assert "@everyone" not in card.text
    assert "**now**" not in card.text
    assert card.pinged == set()


async def test_the_editors_are_called_once_to_what_is_handed_to_them(newsroom: Newsroom):
    case = await newsroom.report()
    form = await press(newsroom, case, "To the editors")
    answer = await somebody(newsroom, "ana").submit(form, text="Is this about the trial?")
    assert "Handed to the editors" in answer.text

    called = await message(newsroom, "hands you", "editors")
    assert called.pinged == {"ed"}
    assert "Is this about the trial?" in called.text
    assert called.text.startswith("<@&"), "a telephone shows no comment on its locked screen"
    assert "You are all bought" in called.text
    assert {"Keep", "Hide: harassment"} <= set(called.labels)
    card = await newsroom.card(case, "⏫ With the editors")
    refused = await somebody(newsroom, "ben").press(card, "Keep")
    assert "handed to the editors" in refused.text
    await somebody(newsroom, "ed").press(called, "Keep")
    await newsroom.card(case, "Kept")
    found = somebody(newsroom, "ed").sees("editors") or []
    assert len([one for one in found if "hands you" in one.text]) == 1


async def test_a_case_is_taken_back_from_the_editors(newsroom: Newsroom):
    case = await newsroom.report()
    form = await press(newsroom, case, "To the editors")
    await somebody(newsroom, "ana").submit(form)
    await newsroom.card(case, "With the editors")
    answer = await press(newsroom, case, "Take back", "ben")
    assert "Taken back" in answer.text
    await somebody(newsroom, "ben").press(await newsroom.card(case, "⚠ Harassment"), "Keep")
    await newsroom.card(case, "Kept")


async def test_without_an_editors_channel_the_editors_are_called_where_the_cards_are(
    quiet_newsroom: Newsroom,
):
    await quiet_newsroom.start(editors_channel_id=None)
    case = await quiet_newsroom.report()
    form = await press(quiet_newsroom, case, "To the editors")
    await somebody(quiet_newsroom, "ana").submit(form)
    called = await message(quiet_newsroom, "hands you")
    assert called.pinged == {"ed"}


async def test_a_colleague_is_asked_by_name_and_only_they_are_called(newsroom: Newsroom):
    case = await newsroom.report()
    ana, ben, olly = (somebody(newsroom, name) for name in ("ana", "ben", "olly"))
    opened = await more(newsroom, case)
    answer = await ana.select(opened, "Ask a colleague", [ben.id])
    assert "Ben is asked to take it" in answer.text
    called = await message(newsroom, "asks you to take")
    assert called.pinged == {"ben"}
    await newsroom.card(case, "Ana asked **Ben** to take it")

    assert answer.message is not None
    refused = await ana.select(answer.message, "Ask a colleague", [olly.id])
    assert "Olly is no moderator" in refused.text


async def test_a_case_that_is_put_off_comes_back_and_calls_who_put_it_off(newsroom: Newsroom):
    case = await newsroom.report()
    ana = somebody(newsroom, "ana")
    answer = await ana.select(await more(newsroom, case), "Put off", ["60"])
    assert "Put off until" in answer.text
    await newsroom.card(case, "💤 Ana put it off")
    assert f"#{case}" not in (await ana.slash("moderation", "queue")).text

    newsroom.later = timedelta(minutes=61)
    called = await message(newsroom, "is back in the queue")
    assert called.pinged == {"ana"}
    assert f"#{case}" in (await ana.slash("moderation", "queue")).text


async def test_a_case_is_put_back_by_hand(newsroom: Newsroom):
    case = await newsroom.report()
    ana = somebody(newsroom, "ana")
    answer = await ana.select(await more(newsroom, case), "Put off", ["0"])
    assert answer.message is not None
    woken = await ana.press(answer.message, "Back in the queue")
    assert "It is back" in woken.text
    assert f"#{case}" in (await ana.slash("moderation", "queue")).text


async def test_a_thread_is_opened_under_the_card_once(newsroom: Newsroom):
    case = await newsroom.report()
    await press(newsroom, case, "Thread")
    card = await newsroom.card(case, "💬")
    assert card.thread is not None
    assert newsroom.sandbox.world.channels[card.thread]["name"] == f"Case {case}: Harassment"
    await until(lambda: newsroom.sandbox.world.messages[card.thread], what="the thread's opening")
    assert "Thread" not in (await more(newsroom, case)).labels


async def overview_of(newsroom: Newsroom, saying: str) -> Card:
    card = await message(newsroom, saying)
    await until(lambda: card.raw["pinned"], what="the overview to be pinned")
    return card


async def test_the_overview_is_pinned_edited_in_place_and_found_after_a_restart(
    quiet_newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(overview, "EVERY", 0.05)
    await quiet_newsroom.start()
    first = await overview_of(quiet_newsroom, "Nothing waits.")
    case = await quiet_newsroom.report()
    await press(quiet_newsroom, case, "Claim")
    assert await overview_of(quiet_newsroom, "In hand:") == first
    assert "**1 open case**, 0 of them free" in first.text

    await quiet_newsroom.stop()
    await quiet_newsroom.start()
    await somebody(quiet_newsroom, "ana").press(await quiet_newsroom.card(case), "Keep")
    assert await overview_of(quiet_newsroom, "1 decided") == first

    await somebody(quiet_newsroom, "ana").slash("moderation", "shift start")
    await overview_of(quiet_newsroom, "On shift:")
    assert first.pinged == set()


async def test_a_deleted_overview_is_posted_anew(
    quiet_newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(overview, "EVERY", 0.05)
    await quiet_newsroom.start()
    first = await overview_of(quiet_newsroom, "Nothing waits.")
    messages.delete(quiet_newsroom.sandbox.world, first.raw)
    # Nothing else has to happen for that.
    second = await overview_of(quiet_newsroom, "Nothing waits.")
    assert second != first


async def test_what_nobody_takes_calls_the_shift_and_then_the_editors(newsroom: Newsroom):
    ben, ana = somebody(newsroom, "ben"), somebody(newsroom, "ana")
    started = await ben.slash("moderation", "shift start", hours=4)
    assert "You are on shift until" in started.text
    await ana.slash("moderation", "shift start")
    rest = await ana.slash("moderation", "break", minutes=45)
    assert "No calls until" in rest.text
    on = await ana.slash("moderation", "shift who")
    assert f"<@{ben.id}>, <@{ana.id}> (on a break until" in on.text
    case = await newsroom.report(reason="threats")
    await newsroom.card(case)

    newsroom.later = timedelta(minutes=25)
    called = await message(newsroom, "nobody has taken it")
    assert called.pinged == {"ben"}
    assert f"#{case}" in called.text
    assert "You are all bought" not in called.text

    newsroom.later = timedelta(minutes=61)
    called = await message(newsroom, "nobody has taken it", "editors")
    assert called.pinged == {"ed"}


async def test_with_nobody_on_shift_the_moderators_role_is_called(newsroom: Newsroom):
    ana = somebody(newsroom, "ana")
    await ana.slash("moderation", "shift start")
    ended = await ana.slash("moderation", "shift end")
    assert "Your shift is over" in ended.text
    again = await ana.slash("moderation", "shift end")
    assert "You are not on shift" in again.text
    nobody = (await ana.slash("moderation", "shift who")).text
    assert re.search(r"Nobody is on shift. Overdue cases ping (@|<@&)\w+", nobody), nobody
    await newsroom.report(reason="threats")
    newsroom.later = timedelta(minutes=25)
    called = await message(newsroom, "nobody has taken it")
    assert called.pinged == {"ana", "ben"}


async def test_a_stranger_is_refused_at_each_of_these_doors(newsroom: Newsroom):
    case = await newsroom.report()
    await newsroom.card(case)
    olly = somebody(newsroom, "olly")
    for command, options in (
        ("claim", {"case": case}),
        ("shift start", {}),
        ("shift end", {}),
        ("shift who", {}),
        ("break", {}),
        ("status", {}),
    ):
        answer = await olly.slash("general", command, **options)
        assert "Only a moderator can do that" in answer.text, command
        assert answer.ephemeral


async def test_what_a_telephone_shows_of_a_card_is_nothing_a_reader_wrote(newsroom: Newsroom):
    case = await newsroom.report(reason="graphic", comment={"text": "gore, and much of it"})
    card = await newsroom.card(case)
    first = card.text.split("\n")[0]
    assert first.startswith("**⚠ Graphic content**")
    assert "Reported under *Graphic content*" in card.text
    assert card.text.index("Reported under") < card.text.index("||“gore")


async def test_the_author_is_told_more_by_one_pick_after_hiding_or_in_the_ban_form(
    newsroom: Newsroom,
):
    ana = somebody(newsroom, "ana")
    hidden = await ana.press(await newsroom.card(await newsroom.report()), "Hide")
    assert hidden.message is not None
    reason = "It is aimed at a victim or their family."
    other = await ana.press(hidden.message, "Other rule")
    assert other.message is not None
    told = await ana.select(other.message, "Tell the author more", [reason])
    assert f"The author is also told: “{reason}”" in told.text

    other = await newsroom.report(comment={"id": "c2"})
    form = await ana.press(await newsroom.card(other), "Ban")
    await send_ban(ana, form, rule=["3"], days=["3"], reason=[reason])
    await newsroom.card(other, "Banned")
    await newsroom.settled()
    notices = [order["data"]["notice"] for order in newsroom.site.orders]
    assert [reason in notice for notice in notices] == [False, True, True]


@pytest.mark.parametrize("how", ["left", "lost the role"])
async def test_who_is_gone_is_neither_called_nor_listed_and_the_role_is_called(
    quiet_newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, how: str
):
    monkeypatch.setattr(overview, "EVERY", 0.05)
    await quiet_newsroom.start()
    newsroom, owner = quiet_newsroom, quiet_newsroom.sandbox.owner
    ben, ana = somebody(newsroom, "ben"), somebody(newsroom, "ana")
    await ben.slash("moderation", "shift start")
    await ana.slash("moderation", "shift start")
    await overview_of(newsroom, f"On shift: <@{ben.id}>, <@{ana.id}>")
    if how == "left":
        owner.remove("ben")
    else:
        owner.take_from("ben", "Moderator")

    case = await newsroom.report(reason="threats")
    await newsroom.card(case)
    shown = await overview_of(newsroom, "1 open case")
    assert f"On shift: <@{ana.id}>" in shown.text
    assert f"<@{ben.id}>" not in shown.text
    listed = await ana.slash("moderation", "shift who")
    assert f"<@{ana.id}>" in listed.text
    assert f"<@{ben.id}>" not in listed.text
    newsroom.later = timedelta(minutes=25)
    called = await message(newsroom, "nobody has taken it")
    assert called.pinged == {"ana"}


async def test_where_all_who_are_on_shift_are_gone_the_role_is_called(newsroom: Newsroom):
    ben = somebody(newsroom, "ben")
    await ben.slash("moderation", "shift start")
    newsroom.sandbox.owner.take_from("ben", "Moderator")
    await newsroom.report(reason="threats")
    newsroom.later = timedelta(minutes=25)
    called = await message(newsroom, "nobody has taken it")
    assert called.pinged == {"ana"}
    assert f"<@{ben.id}>" not in called.text
