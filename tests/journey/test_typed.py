"""Typed lines hit the comment that was meant, or nothing, and every one is answered."""

from datetime import timedelta

import discord
import pytest

from bot.domain.decisions import Action
from tests.journey.newsroom import Newsroom
from tests.support.cards import Card
from tests.support.waiting import until


@pytest.fixture
async def newsroom(quiet_newsroom: Newsroom) -> Newsroom:
    quiet_newsroom.behind = 7.0
    await quiet_newsroom.start()
    return quiet_newsroom


async def cases(newsroom: Newsroom, number: int) -> list[int]:
    """Report comments, and wait until people have read their cards."""
    found: list[int] = []
    for one in range(number):
        found.append(
            await newsroom.report(
                comment={
                    "id": f"c{one}",
                    "text": f"The {one}th remark of many.",
                    "author": {"id": f"a{one}", "name": f"author_{one}"},
                }
            )
        )
        await newsroom.card(found[-1])
    newsroom.read_cards()
    return found


async def nothing_done(newsroom: Newsroom, line: Card, *said: str) -> Card:
    answer = await newsroom.answer(line)
    for words in said:
        assert words in answer.text
    assert await newsroom.decisions() == []
    return answer


async def decided(newsroom: Newsroom) -> list[tuple[int, Action]]:
    return [(made.case_id, made.action) for made in await newsroom.decisions()]


# ---- what a reply means


async def test_a_reply_to_an_answer_means_its_case(newsroom: Newsroom):
    first, second = await cases(newsroom, 2)
    line = await newsroom.type("ana", "h 3", to=await newsroom.card(first))
    answer = await newsroom.answer(line)
    await until(lambda: f"#{first}" in answer.text, what="the answer")

    undone = await newsroom.answer(await newsroom.type("ana", "u", to=answer))
    assert f"#{first}" in undone.text
    kept = await newsroom.answer(await newsroom.type("ana", "k", to=undone))

    assert f"Kept #{first}" in kept.text
    assert await decided(newsroom) == [
        (first, Action.HIDE),
        (first, Action.UNHIDE),
        (first, Action.KEEP),
    ]
    assert "Keep" in (await newsroom.card(second)).labels


async def test_a_reply_to_a_call_or_a_hand_over_means_its_case(newsroom: Newsroom):
    older, newer = await cases(newsroom, 2)
    ana, ed = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("ed")
    more = await ana.press(await newsroom.card(older), "More")
    await ana.submit(
        await ana.press(more.message or await newsroom.card(older), "To the editors"), text="Look"
    )
    call = await ed.wait_for("editors", "Look")
    await newsroom.type("ed", "h 3", to=call)

    await newsroom.card(older, "Hidden")
    assert await decided(newsroom) == [(older, Action.HIDE)]
    assert "Keep" in (await newsroom.card(newer)).labels


async def test_a_reply_to_an_assignment_hides_what_was_asked_for(newsroom: Newsroom):
    older, newer = await cases(newsroom, 2)
    sam, ben = newsroom.sandbox.as_user("sam"), newsroom.sandbox.as_user("ben")
    more = await sam.press(await newsroom.card(older), "More")
    assert more.message is not None
    await sam.select(more.message, "Ask a colleague", [ben.id])
    asked = await ben.wait_for("moderation", "asks you")

    await newsroom.type("ben", "h 3", to=asked)

    await newsroom.card(older, "Hidden")
    assert await decided(newsroom) == [(older, Action.HIDE)]
    assert "Keep" in (await newsroom.card(newer)).labels


async def test_a_reply_to_a_line_of_the_log_means_its_case(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    newsroom.behind = 7.0
    log_id = newsroom.add_channel("log")
    await newsroom.start(log_channel_id=log_id)
    older, newer = await cases(newsroom, 2)
    await newsroom.type("ana", "h 3", to=await newsroom.card(older))
    logged = await newsroom.sandbox.as_user("ana").wait_for(str(log_id), f"#{older}")

    async def known() -> bool:
        store = newsroom.desk.desk.store
        return bool(await store.read(lambda tx: tx.lines.cases_of(int(logged.id))))

    while not await known():
        pass
    answer = await newsroom.answer(await newsroom.type("ana", "u", to=logged))

    assert f"#{older}" in answer.text
    assert await decided(newsroom) == [(older, Action.HIDE), (older, Action.UNHIDE)]
    assert "Keep" in (await newsroom.card(newer)).labels


async def test_a_reply_means_its_case_after_a_restart_too(newsroom: Newsroom):
    older, newer = await cases(newsroom, 2)
    answer = await newsroom.answer(await newsroom.type("ana", "h 3", to=await newsroom.card(older)))
    await newsroom.stop()
    await newsroom.start()

    await newsroom.answer(await newsroom.type("ana", "u", to=answer))

    assert await decided(newsroom) == [(older, Action.HIDE), (older, Action.UNHIDE)]
    assert "Keep" in (await newsroom.card(newer)).labels


@pytest.mark.usefixtures("in_haste")
async def test_a_reply_to_what_belongs_to_no_case_decides_nothing_and_asks(newsroom: Newsroom):
    [case] = await cases(newsroom, 1)
    puzzled = await newsroom.answer(await newsroom.type("ana", "sing"))
    # It is pinned a while after the start, so all lines are tried in one newsroom.
    overview = await newsroom.sandbox.as_user("ana").wait_for("moderation", "open case")

    for typed in ("h", "h 3", "k", "ban 7d 5", "-", "u", "c"):
        await nothing_done(newsroom, await newsroom.type("ana", typed, to=puzzled), "#1042")
        await nothing_done(newsroom, await newsroom.type("ana", typed, to=overview), "#1042")
    assert "Keep" in (await newsroom.card(case)).labels


async def test_a_reply_to_what_somebody_wrote_or_deleted_decides_nothing(newsroom: Newsroom):
    [case] = await cases(newsroom, 1)
    ana, ben = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("ben")
    words = await ben.send("moderation", f"#{case} is bad")
    bot = newsroom.sandbox.world.bot_id
    line = await ana.send("moderation", f"<@{bot}> h", reply_to=words)
    await nothing_done(newsroom, line, "#1042")

    await newsroom.stop()
    card = await newsroom.card(case)
    late = await ana.reply(card, "h 3")
    newsroom.sandbox.owner.delete_message(card)
    await newsroom.start()
    await nothing_done(newsroom, late, "#1042")


@pytest.mark.usefixtures("in_haste")
async def test_a_number_says_what_a_reply_to_something_else_means(newsroom: Newsroom):
    older, _ = await cases(newsroom, 2)
    overview = await newsroom.sandbox.as_user("ana").wait_for("moderation", "open case")

    await newsroom.answer(await newsroom.type("ana", f"h 3 #{older}", to=overview))

    assert await decided(newsroom) == [(older, Action.HIDE)]


async def test_a_reply_and_a_number_that_differ_are_asked_about(newsroom: Newsroom):
    older, newer = await cases(newsroom, 2)
    line = await newsroom.type("ana", f"h 3 #{newer}", to=await newsroom.card(older))
    await nothing_done(newsroom, line, f"#{older}", f"#{newer}")


async def test_a_reply_to_an_answer_about_several_cases_asks_which(newsroom: Newsroom):
    older, newer = await cases(newsroom, 2)
    answer = await newsroom.answer(await newsroom.type("ana", "k h3"))
    assert await decided(newsroom) == [(newer, Action.KEEP), (older, Action.HIDE)]

    asked = await newsroom.answer(await newsroom.type("ana", "u", to=answer))
    assert "#1042" in asked.text or f"#{older} and #{newer}" in asked.text
    assert len(await newsroom.decisions()) == 2

    await newsroom.answer(await newsroom.type("ana", f"u #{older}", to=answer))
    assert (await decided(newsroom))[2:] == [(older, Action.UNHIDE)]


async def test_in_a_case_s_own_thread_a_mention_means_that_case(newsroom: Newsroom):
    older, newer = await cases(newsroom, 2)
    ana = newsroom.sandbox.as_user("ana")
    card = await newsroom.card(older)
    more = await ana.press(card, "More")
    await ana.press(more.message or card, "Thread")
    thread = await until(lambda: card.thread, what="the thread")
    opening = await until(lambda: (ana.sees(thread) or [None])[-1], what="its opening")

    await newsroom.card(older, thread)
    await newsroom.answer(await newsroom.type("ana", "h 3", place=thread))
    assert await decided(newsroom) == [(older, Action.HIDE)]
    await newsroom.answer(await newsroom.type("ana", "u", to=opening))
    assert (await decided(newsroom))[1:] == [(older, Action.UNHIDE)]

    refused = await newsroom.answer(await newsroom.type("ana", f"k #{newer}", place=thread))
    assert f"#{older}" in refused.text
    assert len(await newsroom.decisions()) == 2


# ---- lines that name no case


async def test_a_card_that_nobody_can_have_read_is_not_hit_by_position(newsroom: Newsroom):
    [seen] = await cases(newsroom, 1)
    fresh = await newsroom.report(comment={"id": "fresh", "author": {"id": "z", "name": "zoe"}})
    await newsroom.card(fresh)

    answer = await newsroom.answer(await newsroom.type("ana", "h"))

    assert await decided(newsroom) == [(seen, Action.HIDE)]
    assert "author" in answer.text
    assert "The 0th remark" in answer.text


@pytest.mark.parametrize("typed", ["b7d5", "ban forever", "c", "u", "h3 k b7d5"])
async def test_only_keep_and_hide_go_by_position(newsroom: Newsroom, typed: str):
    await cases(newsroom, 3)
    await nothing_done(newsroom, await newsroom.type("ana", typed), "#1042")


async def test_a_ban_names_its_case(newsroom: Newsroom):
    older, _ = await cases(newsroom, 2)
    await newsroom.answer(await newsroom.type("ana", f"b7d5 #{older}"))
    assert await decided(newsroom) == [(older, Action.BAN)]


async def test_more_orders_than_cards_do_nothing(newsroom: Newsroom):
    await cases(newsroom, 1)
    await newsroom.report(comment={"id": "fresh"})
    await nothing_done(newsroom, await newsroom.type("ana", "k h"), "2 orders", "1 open card")


async def test_an_unknown_number_in_a_line_stops_all_of_it(newsroom: Newsroom):
    await cases(newsroom, 2)
    await nothing_done(newsroom, await newsroom.type("ana", "k h3 #999"), "There is no case")


async def test_a_case_that_is_named_is_not_counted_by_position_as_well(newsroom: Newsroom):
    older, newer = await cases(newsroom, 2)
    await newsroom.answer(await newsroom.type("ana", f"k #{newer} h3"))
    assert await decided(newsroom) == [(newer, Action.KEEP), (older, Action.HIDE)]


async def test_a_card_that_a_colleague_has_just_decided_makes_a_position_unsure(
    newsroom: Newsroom,
):
    older, newer = await cases(newsroom, 2)
    ben = newsroom.sandbox.as_user("ben")
    await ben.press(await newsroom.card(newer), "Keep")
    await newsroom.card(newer, "Kept")
    line = await newsroom.type("ana", "h")

    answer = await newsroom.answer(line)
    assert await decided(newsroom) == [(newer, Action.KEEP)]
    assert f"#{newer}" in answer.text
    assert "Keep" in (await newsroom.card(older)).labels


async def test_one_s_own_decision_lets_the_next_position_move_on(newsroom: Newsroom):
    older, newer = await cases(newsroom, 2)
    await newsroom.answer(await newsroom.type("ana", "h"))
    await newsroom.answer(await newsroom.type("ana", "k"))
    assert await decided(newsroom) == [(newer, Action.HIDE), (older, Action.KEEP)]


async def test_a_text_that_changed_while_a_reply_was_typed_is_shown_again(newsroom: Newsroom):
    [case] = await cases(newsroom, 1)
    card = await newsroom.card(case)
    newsroom.later = timedelta(minutes=1)
    await newsroom.report(comment={"id": "c0", "text": "A kinder text.", "revision": "2"})
    await newsroom.card(case, "A kinder text.")

    line = await newsroom.type("ana", "h 3", to=card)

    await nothing_done(newsroom, line, "A kinder text.", "The 0th remark")


# ---- what is understood


@pytest.mark.parametrize(
    "typed", ["hide please", "keep it", "h 3 and 5", "hide 3 until friday", "ban 1 decade 5"]
)
async def test_a_half_understood_line_does_nothing_in_a_reply(newsroom: Newsroom, typed: str):
    [case] = await cases(newsroom, 1)
    await nothing_done(newsroom, await newsroom.type("ana", typed, to=await newsroom.card(case)))


@pytest.mark.parametrize("typed", ["help", "?", "", "HELP!"])
async def test_help_is_one_word_away(newsroom: Newsroom, typed: str):
    await cases(newsroom, 1)
    await nothing_done(newsroom, await newsroom.type("ana", typed), "never reaches it")


async def test_the_mention_may_stand_anywhere(newsroom: Newsroom):
    [case] = await cases(newsroom, 1)
    ana, bot = newsroom.sandbox.as_user("ana"), newsroom.sandbox.world.bot_id
    await newsroom.answer(await ana.send("moderation", f"h <@{bot}> 3 #{case}"))
    assert await decided(newsroom) == [(case, Action.HIDE)]


async def test_another_person_s_mention_is_no_case(newsroom: Newsroom):
    await cases(newsroom, 1)
    ben = newsroom.sandbox.as_user("ben")
    await nothing_done(newsroom, await newsroom.type("ana", f"<@{ben.id}> h"), "#1042")
    await nothing_done(newsroom, await newsroom.type("ana", f"h <@{ben.id}>"))


async def test_a_quotation_decides_nothing(newsroom: Newsroom):
    [case] = await cases(newsroom, 1)
    line = await newsroom.type("ana", "> Hidden #1\nh 3", to=await newsroom.card(case))
    await nothing_done(newsroom, line)


async def test_a_ban_of_a_month_lasts_one_by_the_calendar(newsroom: Newsroom):
    [case] = await cases(newsroom, 1)
    await newsroom.answer(await newsroom.type("ana", "ban 1 month 5", to=await newsroom.card(case)))
    [made] = await newsroom.decisions()
    assert made.until is not None
    assert made.verdict.rule == 5
    zone = newsroom.desk.desk.policy().alerts.zone
    began, ends = made.at.astimezone(zone), made.until.astimezone(zone)
    assert (ends.year * 12 + ends.month) - (began.year * 12 + began.month) == 1
    assert ends.time() == began.time()


async def test_half_an_emoji_in_what_staff_write_or_are_called_harms_nothing(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
):
    older, newer = await cases(newsroom, 2)
    ana = newsroom.sandbox.as_user("ana")
    newsroom.sandbox.world.users[ana.id]["global_name"] = "Ana \ud83d"

    await newsroom.answer(await newsroom.type("ana", f"h 3 #{older} no \ud83d"))
    more = await ana.press(await newsroom.card(newer), "More")
    form = await ana.press(more.message or await newsroom.card(newer), "Staff note")
    noted = await ana.submit(form, text="look \ud83d here")
    await ana.slash("moderation", "keep", case=newer, note="half \udc00 a word")

    assert "look \ufffd here" in noted.text
    notes = [(made.verdict.note, made.verdict.by.name) for made in await newsroom.decisions()]
    assert [note for note, _ in notes] == ["no \ufffd", "half \ufffd a word"]
    assert all("\ud83d" not in name for _, name in notes)
    assert [one for one in caplog.records if one.levelname == "ERROR"] == []


async def test_what_contradicts_a_thread_is_told_of_the_thread(newsroom: Newsroom):
    older, newer = await cases(newsroom, 2)
    ana = newsroom.sandbox.as_user("ana")
    card = await newsroom.card(older)
    more = await ana.press(card, "More")
    await ana.press(more.message or card, "Thread")
    thread = await until(lambda: card.thread, what="the thread")
    await newsroom.card(older, thread)

    for typed in (f"h #{newer}", f"b7d5 #{newer}", "k h3"):
        line = await newsroom.type("ana", typed, place=thread)
        answer = await nothing_done(newsroom, line)
        assert "replied" not in answer.text
        assert "reply" not in answer.text


async def test_a_line_has_one_answer_that_says_what_the_site_made_of_all_of_it(
    newsroom: Newsroom,
):
    found = await cases(newsroom, 13)
    hidden = await newsroom.type("ana", "h 3", to=await newsroom.card(found[0]))
    answer = await newsroom.answer(hidden)
    await until(lambda: "Taken down on the site." in answer.text, what="the site's answer")
    assert "is being told" not in answer.text
    assert "Undo" in answer.labels

    line = await newsroom.type("ana", " ".join([f"h #{found[1]}", *(f"k #{n}" for n in found[2:])]))
    answer = await newsroom.answer(line)
    await until(lambda: "Taken down on the site." in answer.text, what="the site's answer")
    assert [f"#{number} (" in answer.text for number in found[1:]] == [True] * 12
    seen = newsroom.sandbox.as_user("ben").sees("moderation") or []
    replies = [(one.raw.get("message_reference") or {}).get("message_id") for one in seen]
    assert (replies.count(line.id), replies.count(hidden.id)) == (1, 1)


async def test_a_line_to_a_desk_that_stopped_before_it_had_settled_in_is_read_later(
    quiet_newsroom: Newsroom,
):
    newsroom, ana = quiet_newsroom, quiet_newsroom.sandbox.as_user("ana")
    newsroom.sandbox.rest.fault("GET", "/channels/*/messages", status=503, times=None)
    await newsroom.start()
    card = await newsroom.card(await newsroom.report())
    await newsroom.stop()
    newsroom.sandbox.rest.clear_faults()
    await ana.reply(card, "h 3")

    await newsroom.start()
    await newsroom.card(1, "Hidden")


async def test_the_desks_own_messages_and_other_bots_decide_nothing(newsroom: Newsroom):
    [case] = await cases(newsroom, 1)
    client = await newsroom.desk.presence.client()
    channel = client.get_channel(int(newsroom.sandbox.world.place("moderation")))
    assert isinstance(channel, discord.TextChannel)
    at_desk = discord.AllowedMentions(users=True)
    await channel.send(f"<@{newsroom.sandbox.world.bot_id}> h 3 #{case}", allowed_mentions=at_desk)
    line = await newsroom.type("ana", f"k #{case}")
    await newsroom.answer(line)
    assert await decided(newsroom) == [(case, Action.KEEP)]
