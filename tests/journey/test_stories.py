"""Stories that the law cares about: marking them, hiding first, two people, reminders."""

from datetime import timedelta

from bot.domain.decisions import Action, Door
from bot.standin.components import walk
from tests.journey.newsroom import Newsroom
from tests.support.driver import Actor, Result
from tests.support.waiting import until

PROCEEDINGS, PROTECTED, NORMAL = "2", "3", "0"


async def mark(newsroom: Newsroom, case: int, state: str, *, who: str = "sam") -> str:
    """Mark the story of a case from its card, as a moderator does."""
    person = newsroom.sandbox.as_user(who)
    more = await person.press(await newsroom.card(case), "More")
    assert more.message is not None
    shown = await person.press(more.message, "Story")
    assert shown.message is not None
    asked = await person.select(shown.message, "desk:storystate", [state])
    return (await agreed(person, asked)).text


async def agreed(person: Actor, asked: Result) -> Result:
    """Say yes where a person is asked first."""
    if asked.message is None or "Set it" not in asked.message.labels:
        return asked
    return await person.press(asked.message, "Set it")


async def test_a_story_is_marked_from_a_card_and_the_card_says_so(newsroom: Newsroom):
    case = await newsroom.report(reason="court")

    said = await mark(newsroom, case, PROCEEDINGS)

    assert "Active proceedings" in said
    assert "puts a comment on hold until a moderator has looked" in said
    card = await newsroom.card(case, "⚖ Active proceedings")
    card = await newsroom.card(case, "On hold")
    assert "Nothing is decided; Keep shows it, which takes two people." in card.text


async def test_the_first_report_hides_and_two_people_show_it_again(newsroom: Newsroom):
    first = await newsroom.report(reason="court")
    await mark(newsroom, first, PROCEEDINGS)

    case = await newsroom.report(
        comment={"id": "c2", "text": "He has done it before."}, reason="court"
    )
    card = await newsroom.card(case, "On hold")
    await newsroom.settled()
    assert newsroom.site.hidden == {"c1", "c2"}
    assert "Keep" in card.labels

    ana, ben = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("ben")
    answer = await ana.press(card, "Keep")
    assert "two people" in answer.text
    again = await ana.press(await newsroom.card(case, "second pair of eyes"), "Agree")
    assert "yourself" in again.text
    await ben.press(await newsroom.card(case, "second pair of eyes"), "Agree")

    await newsroom.card(case, "Kept")
    await newsroom.settled()
    assert newsroom.site.hidden == {"c1"}
    made = [one for one in await newsroom.decisions() if one.case_id == case]
    assert [(one.action, one.verdict.door) for one in made] == [
        (Action.HOLD, Door.DESK),
        (Action.KEEP, Door.BUTTON),
    ]


async def test_one_press_confirms_what_the_desk_hid(newsroom: Newsroom):
    first = await newsroom.report(reason="court")
    await mark(newsroom, first, PROCEEDINGS)

    await newsroom.sandbox.as_user("ana").press(await newsroom.card(first), "Hide")

    await newsroom.card(first, "Hidden")
    await newsroom.settled()
    assert newsroom.site.hidden == {"c1"}


async def test_a_moderator_tightens_and_only_a_senior_one_loosens(newsroom: Newsroom):
    case = await newsroom.report()

    assert "Active proceedings" in await mark(newsroom, case, PROCEEDINGS, who="ana")
    assert "Only a senior moderator" in await mark(newsroom, case, NORMAL, who="ben")
    newsroom.later = timedelta(minutes=11)
    assert "Only a senior moderator" in await mark(newsroom, case, NORMAL, who="ana")
    assert "Normal" in await mark(newsroom, case, NORMAL, who="sam")


async def test_slash_story_shows_marks_and_lists(newsroom: Newsroom):
    case = await newsroom.report()
    await newsroom.card(case)
    sam, olly = newsroom.sandbox.as_user("sam"), newsroom.sandbox.as_user("olly")

    offered = await sam.autocomplete("moderation", "story", "story", story="three ch")
    assert [choice["value"] for choice in offered] == [f"#{case}"]
    assert await olly.autocomplete("general", "story", "story", story="three ch") == []
    marked = await sam.slash(
        "moderation", "story", story=f"#{case}", state="watch", note="A councillor is in it."
    )
    assert "👁 Watched" in marked.text
    assert "A councillor is in it." in marked.text
    assert "Three charged" in (await sam.slash("moderation", "stories")).text
    long = await sam.slash("moderation", "story", story="9" * 20)
    assert "No case has a number of 20 digits" in long.text
    unknown = await sam.slash("moderation", "story", story="Bridge shut")
    assert "Pick one from the list" in unknown.text
    refused = await olly.slash("general", "story", story=f"#{case}", state="closed")
    assert "Only a moderator" in refused.text


async def test_a_review_is_asked_for_in_the_channel_and_put_off_by_one_press(newsroom: Newsroom):
    case = await newsroom.report()
    sam, ana = newsroom.sandbox.as_user("sam"), newsroom.sandbox.as_user("ana")
    await newsroom.card(case)
    asked = await sam.slash("moderation", "story", story=f"#{case}", state="proceedings", review=2)
    await agreed(sam, asked)

    newsroom.later = timedelta(days=2, minutes=1)
    reminder = await ana.wait_for("moderation", "Does this still hold?")
    assert "Three charged" in reminder.text
    assert reminder.pinged == set()
    answer = await ana.press(reminder, "Still so")

    assert "Active proceedings" in answer.text
    await until(lambda: "Ana looked" in reminder.text, what="the reminder to say who looked")
    assert reminder.labels == []


async def test_a_site_that_cannot_close_a_story_is_said_so(newsroom: Newsroom):
    case = await newsroom.report()
    await newsroom.card(case)
    sam = newsroom.sandbox.as_user("sam")

    refused = await sam.slash("moderation", "story", story=f"#{case}", state="closed")
    assert "by hand" in refused.text
    shown = await sam.slash("moderation", "story", story=f"#{case}")
    assert "by hand" in shown.text
    assert "Status: **Normal**" in shown.text
    assert shown.message is not None
    menus = [one for one in walk(shown.message.raw["components"]) if "options" in one]
    assert [option["value"] for option in menus[0]["options"]] == ["0", "1", "2", "3"]


async def test_without_a_restricted_channel_the_text_is_for_ones_own_eyes(newsroom: Newsroom):
    case = await newsroom.report(comment={"text": "It was the girl next door."})
    await mark(newsroom, case, PROTECTED)

    card = await newsroom.card(case, "The text is not quoted here")
    assert "girl" not in card.text
    assert card.labels == ["More"]
    refused = await newsroom.answer(await newsroom.type("ana", "h 3", to=card))
    assert "nothing was decided" in refused.text
    more = await newsroom.sandbox.as_user("ana").press(card, "More")
    assert {"Keep", "Ban…"} <= set(more.message.labels)
    assert "It was the girl next door." in more.text
    assert more.ephemeral
    assert "girl" not in (await newsroom.sandbox.as_user("ana").slash("moderation", "queue")).text
