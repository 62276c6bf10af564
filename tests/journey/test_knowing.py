"""Knowing what came before: an author's record, searching, and who is behind it all."""

from bot.domain.ids import CaseId
from tests.journey.newsroom import Newsroom
from tests.support.waiting import eventually, until

MENU = "Author's record"


async def carded(newsroom: Newsroom, case: int):
    """Return a case's card once the desk knows where it stands."""
    card = await newsroom.card(case)
    store = newsroom.desk.desk.store

    async def known():
        return await store.read(lambda tx: tx.cards.get(CaseId(case)))

    await eventually(known, "the desk to know where the card stands")
    return card


async def decide(newsroom: Newsroom, case: int, label: str = "Hide"):
    await newsroom.sandbox.as_user("ana").press(await newsroom.card(case), label)
    await newsroom.card(case, "Hidden" if label == "Hide" else "Kept")


async def test_a_card_leads_to_its_authors_record(newsroom: Newsroom):
    first = await newsroom.report()
    await decide(newsroom, first)
    second = await newsroom.report(comment={"id": "c2", "text": "And you are bought too."})
    card = await carded(newsroom, second)
    ana = newsroom.sandbox.as_user("ana")

    record = await ana.context(card, MENU)

    assert record.ephemeral
    assert "2 reported, 1 hidden · 1 strike" in record.text
    assert f"#{first}" in record.text
    assert "Still open" in record.text
    assert "counts until" in record.text
    assert f"/{card.id})" in record.text, "the case links to its card"

    more = await ana.press(card, "More")
    assert more.message is not None
    await ana.press(more.message, MENU)
    assert "counts until" in more.text, "the record is one press away under More too"


async def test_a_message_that_is_no_card_has_no_author(newsroom: Newsroom):
    ana = newsroom.sandbox.as_user("ana")
    message = await ana.send("moderation", "Morning all")

    answer = await ana.context(message, MENU)

    assert "not one of my cards" in answer.text


async def test_a_note_on_an_author_is_seen_by_the_next_moderator(newsroom: Newsroom):
    case = await newsroom.report()
    await newsroom.card(case)
    ana, ben = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("ben")

    offered = await ana.autocomplete("moderation", "author note", "name", name="SALT")
    noted = await ana.slash(
        "moderation", "author note", name=offered[0]["value"], text="Writes in @everyone at night"
    )
    seen = await ben.slash("moderation", "author show", name="salty")
    assert "on Courier" in seen.text

    assert [choice["value"] for choice in offered] == [f"#{case}"]
    assert "Noted on salty" in noted.text
    assert "at night" in seen.text
    assert "Ana" in seen.text
    assert "@everyone" not in seen.text.replace("\u200b", "@ ")


async def test_a_long_record_is_paged(newsroom: Newsroom):
    cases = [await newsroom.report(comment={"id": f"c{n}"}) for n in range(12)]
    ana = newsroom.sandbox.as_user("ana")

    first = await ana.slash("moderation", "author show", name=f"#{cases[3]}")
    assert "Cases 1 to 5 of 12" in first.text
    assert first.message is not None
    await ana.press(first.message, "Next page")
    assert "Cases 6 to 10 of 12" in first.text
    await ana.press(first.message, "Next page")
    assert "Cases 11 to 12 of 12" in first.text
    await ana.press(first.message, "First page")
    assert "Cases 1 to 5 of 12" in first.text


async def test_a_name_that_fits_several_is_asked_back(newsroom: Newsroom):
    one = await newsroom.report()
    other = await newsroom.report(comment={"id": "c2", "author": {"id": "a2", "name": "salty_cat"}})
    ana = newsroom.sandbox.as_user("ana")

    both = await ana.slash("moderation", "author show", name="salty")
    none = await ana.slash("moderation", "author show", name="pepper")
    long = await ana.slash("moderation", "author show", name="#" + "9" * 20)
    assert "No case has a number of 20 digits" in long.text
    by_second_word = await ana.slash("moderation", "author show", name="cat")

    assert f"#{one}" in both.text
    assert f"#{other}" in both.text
    assert "Nobody called" in none.text
    assert "salty\\_cat" in by_second_word.text


async def test_what_is_remembered_is_found(newsroom: Newsroom):
    bike = await newsroom.report(comment={"text": "That bike was stolen, and we know by whom."})
    other = await newsroom.report(
        comment={"id": "c2", "text": "Nice bike.", "author": {"id": "a2", "name": "tess"}}
    )
    await decide(newsroom, bike)
    await carded(newsroom, bike)
    await carded(newsroom, other)
    ana = newsroom.sandbox.as_user("ana")

    async def found(text: str) -> tuple[bool, bool]:
        answer = await ana.slash("moderation", "search", text=text)
        return f"[#{bike}]" in answer.text, f"[#{other}]" in answer.text

    assert await found("bike") == (True, True)
    assert await found("stol bike") == (True, False)
    assert await found("bike -stolen") == (False, True)
    assert await found("author:tess") == (False, True)
    assert await found("story:colchester") == (True, True)
    assert await found("is:hidden rule:harassment") == (True, False)
    assert await found("by:ana") == (True, False)
    assert await found("by:ana is:open") == (False, False)
    assert await found("on:today bike is:open") == (False, True)
    assert await found("before:yesterday bike") == (False, False)
    assert await found(f"#{other}") == (False, True)


async def test_an_edited_text_is_found_by_its_old_words_too(newsroom: Newsroom):
    case = await newsroom.report(comment={"text": "First I wrote rhubarb."})
    await newsroom.report(comment={"text": "Now I write custard."})
    ana = newsroom.sandbox.as_user("ana")

    old = await ana.slash("moderation", "search", text="rhubarb")
    new = await ana.slash("moderation", "search", text="custard")

    assert f"#{case}" in old.text
    assert f"#{case}" in new.text


async def test_found_cases_are_paged_after_a_restart_too(newsroom: Newsroom):
    for number in range(8):
        await newsroom.report(comment={"id": f"c{number}"})
    ana = newsroom.sandbox.as_user("ana")
    answer = await ana.slash("moderation", "search", text="bought")
    assert "Found cases 1 to 6" in answer.text
    assert answer.message is not None

    await newsroom.stop()
    await newsroom.start()
    await ana.press(answer.message, "Next page")

    assert "Found cases 7 to 8" in answer.text


async def test_what_is_not_understood_is_said(newsroom: Newsroom):
    ana = newsroom.sandbox.as_user("ana")

    refused = await ana.slash("moderation", "search", text="after:soonish bike")
    nothing = await ana.slash("moderation", "search", text="xylophone")

    assert "no day that I know" in refused.text
    assert "Nothing fits" in nothing.text


async def test_a_guest_learns_nothing(newsroom: Newsroom):
    await newsroom.report()
    olly = newsroom.sandbox.as_user("olly")

    for answer in (
        await olly.slash("general", "author show", name="salty"),
        await olly.slash("general", "author note", name="salty", text="Hello"),
        await olly.slash("general", "search", text="bought"),
    ):
        assert "Only a moderator" in answer.text
    assert await olly.autocomplete("general", "author show", "name", name="sal") == []


async def test_a_returning_author_is_hinted_at_and_a_moderator_may_say_no(newsroom: Newsroom):
    salty = {"id": "a1", "name": "salty_dog", "keys": ["network:5f2b0c"]}
    first = await newsroom.report(comment={"author": salty})
    ana = newsroom.sandbox.as_user("ana")
    await ana.slash("moderation", "ban", case=first, duration=7, rule=3)
    new = {"id": "a2", "name": "harmless", "keys": ["email:9ad1", "network:5f2b0c"]}
    second = await newsroom.report(comment={"id": "c2", "author": new})

    card = await newsroom.card(second, "May be salty")
    assert "same network key" in card.text
    assert newsroom.site.banned.keys() == {"a1"}, "never a ban by itself"

    record = await ana.slash("moderation", "author show", name="harmless")
    assert "Only a hint" in record.text
    assert record.message is not None
    denied = await ana.press(record.message, "Not the same person")

    assert "somebody else" in denied.text
    await until(lambda: "May be" not in newsroom.cards(second)[0].text, what="the hint to go")


async def test_hotspots_name_the_few_behind_the_many_and_draw_them(newsroom: Newsroom):
    ana = newsroom.sandbox.as_user("ana")
    nothing = await ana.slash("moderation", "hotspots")
    assert "Nothing was reported in the last 7 days" in nothing.text
    tess = {"id": "a2", "name": "tess"}
    for number in range(3):
        answering = {"id": f"s{number}", "parent": {"author": "tess", "text": "No."}}
        await newsroom.report(comment=answering)
        back = {"id": f"t{number}", "author": tess, "parent": {"author": "salty_dog", "text": "!"}}
        await newsroom.report(comment=back)
    await newsroom.report(comment={"id": "s0", "parent": {"author": "tess", "text": "No."}})

    answer = await ana.slash("moderation", "hotspots", days=3)

    # The first picture takes its time, and Discord is told to wait meanwhile.
    await until(lambda: "7 reports on 6 comments" in answer.text, what="the pictures")
    assert "**salty\\_dog** 4 ⇄ **tess** 3 · 7 reports" in answer.text
    assert answer.ephemeral
    assert answer.message is not None
    [file] = answer.message.raw["attachments"]
    assert file["filename"] == "hotspots.png"
    gallery = next(one for one in answer.message.raw["components"] if one["type"] == 12)
    assert "salty_dog 4, tess 3" in gallery["items"][0]["description"]
    assert (
        "Only a moderator"
        in (await newsroom.sandbox.as_user("olly").slash("general", "hotspots")).text
    )


async def test_a_decided_card_counts_what_is_reported_since(newsroom: Newsroom):
    case = await newsroom.report()
    await decide(newsroom, case)

    for _ in range(5):
        await newsroom.report()
    card = await newsroom.card(case, "Reported again 5 times since")
    assert "Hidden" in card.text

    for reason in (3, "hate"):
        await newsroom.report(reason=reason)
    await newsroom.card(case, "Reported again 7 times since")
    assert len(newsroom.cards(case)) == 1


async def test_an_edit_after_the_decision_stands_beside_the_old_text(newsroom: Newsroom):
    case = await newsroom.report()
    await decide(newsroom, case)

    await newsroom.report(comment={"text": "You are all lovely."})

    card = await newsroom.card(case, "Edited and reported again")
    assert "You are all lovely" in card.text
    assert "You are all bought" in card.text
    assert "Keep" in card.labels


async def test_help_answers_page_after_page_and_knows_who_asks(newsroom: Newsroom):
    ana, sam = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("sam")

    start = await ana.slash("moderation", "help")
    assert "How this works" in start.text
    assert start.ephemeral
    assert start.message is not None
    for title, words in [
        ("Buttons", "✅ keep"),
        ("Typing", "b 7d 5"),
        ("House rules", "3 Harassment"),
        ("Who may what", "you are a moderator"),
        ("What happens after", "strike for 365 days"),
        ("Finding things", "/hotspots"),
        ("All commands", "**/author note** · Note something"),
        ("Start here", "How this works"),
    ]:
        page = await ana.press(start.message, title)
        assert words in page.text
        assert title not in page.labels
    assert (
        "you are a senior moderator" in (await sam.slash("moderation", "help", about="people")).text
    )


async def test_help_tells_a_guest_whom_to_ask(newsroom: Newsroom):
    answer = await newsroom.sandbox.as_user("olly").slash("general", "help", about="buttons")
    assert "ask its admin" in answer.text
    assert answer.labels == []
