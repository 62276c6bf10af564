"""A notice of complaint from its form to its end, with both clocks."""

from datetime import timedelta

from bot.domain.legal import Stage
from tests.journey.newsroom import Newsroom
from tests.support.cards import Card
from tests.support.waiting import until

WHOLE = {
    "name": "Jane Doe",
    "email": "jane@example.org",
    "meaning": "It says that I take bribes.",
    "falsity": "I never took one.",
    "says": ["unknown", "refused"],
}


async def notice(newsroom: Newsroom, **changes: object) -> int:
    case = await newsroom.report()
    await newsroom.card(case)
    sam = newsroom.sandbox.as_user("sam")
    form = await sam.slash("moderation", "legal notice", case=case)
    answer = await sam.submit(form, **(WHOLE | changes))  # type: ignore[arg-type]
    assert "was taken in" in answer.text, answer
    assert answer.ephemeral
    return case


async def card_of(newsroom: Newsroom, saying: str) -> Card:
    ed = newsroom.sandbox.as_user("ed")

    def there() -> Card | None:
        seen = ed.sees("editors") or []
        found = [one for one in seen if "**Legal notice" in one.text and saying in one.text]
        return found[-1] if found else None

    return await until(there, what=f"the card of the legal notice saying {saying!r}")


async def step(newsroom: Newsroom, card: Card, stage: Stage) -> str:
    place = str(list(Stage).index(stage))
    answer = await newsroom.sandbox.as_user("ed").select(card, "desk:legalstep", [place])
    return answer.text


async def test_a_whole_notice_starts_the_48_hours_and_goes_to_the_poster(newsroom: Newsroom):
    case = await notice(newsroom)

    card = await card_of(newsroom, "Send the notice to the poster")
    assert "Jane Doe" in card.text
    assert "jane@example.org" not in card.text
    assert "weekends" in card.text
    [kept] = await newsroom.desk.desk.store.read(lambda tx: tx.legal.of_case(case))
    assert kept.act_by is not None
    assert kept.act_by - kept.received_at >= timedelta(hours=48)
    letters = await newsroom.sandbox.as_user("ed").press(card, "Letters")
    assert letters.ephemeral
    assert "I never took one." in letters.text
    assert "Jane" not in letters.text, "no consent, so the poster is not told who complains"
    assert "not legal advice" in letters.text

    assert "The poster may answer" in await step(newsroom, card, Stage.POSTER_TOLD)
    told = await card_of(newsroom, "The poster may answer")
    assert "weekends" not in told.text
    assert told.id == card.id, "the one card is edited"
    kept = "SELECT 1 FROM preserved WHERE case_id = ?"
    assert await newsroom.desk.desk.store.read(lambda tx: tx.run(kept, (case,)).fetchone())


async def test_with_consent_the_poster_is_told_who_complains(newsroom: Newsroom):
    await notice(newsroom, says=["unknown", "given"])
    card = await card_of(newsroom, "Send the notice")

    letters = await newsroom.sandbox.as_user("ed").press(card, "Letters")

    assert "Jane Doe" in letters.text
    assert "jane@example.org" in letters.text


async def test_a_defective_notice_is_answered_within_48_hours_too(newsroom: Newsroom):
    await notice(newsroom, falsity="", says=[])

    card = await card_of(newsroom, "Tell the complainant what is missing")

    assert "what in it is untrue" in card.text
    assert "whether the poster may be told" in card.text
    letters = await newsroom.sandbox.as_user("ed").press(card, "Letters")
    assert "what in it is untrue" in letters.text
    await step(newsroom, card, Stage.ANSWERED)
    ended = await card_of(newsroom, "knows what is missing")
    assert ended.labels == []
    listed = await newsroom.sandbox.as_user("ed").slash("editors", "legal list")
    assert "No clock" in listed.text


async def test_editors_are_called_before_the_clock_runs_out_and_when_it_has(newsroom: Newsroom):
    await notice(newsroom)
    await card_of(newsroom, "Send the notice")
    ed = newsroom.sandbox.as_user("ed")
    [kept] = await newsroom.desk.desk.store.read(lambda tx: tx.legal.running())
    assert kept.act_by is not None

    newsroom.later = kept.act_by - timedelta(hours=5) - kept.received_at
    soon = await ed.wait_for("editors", "runs out soon")
    newsroom.later += timedelta(hours=6)
    over = await ed.wait_for("editors", "has run out")

    assert "ed" in soon.pinged
    assert "ed" in over.pinged
    assert "ana" not in soon.pinged | over.pinged
    assert "Jane" not in soon.text + over.text


async def test_a_silent_poster_starts_the_next_clock_by_itself(newsroom: Newsroom):
    await notice(newsroom)
    await step(newsroom, await card_of(newsroom, "Send the notice"), Stage.POSTER_TOLD)
    [told] = await newsroom.desk.desk.store.read(lambda tx: tx.legal.running())
    assert told.act_by is not None

    newsroom.later = told.act_by - told.received_at + timedelta(minutes=1)

    ed = newsroom.sandbox.as_user("ed")
    call = await ed.wait_for("editors", "five days are over")
    assert "ed" in call.pinged
    card = await card_of(newsroom, "No answer: take the comment down")
    await step(newsroom, card, Stage.REMOVED)
    await card_of(newsroom, "The comment is down")


async def test_a_step_that_does_not_follow_is_refused(newsroom: Newsroom):
    await notice(newsroom)
    card = await card_of(newsroom, "Send the notice")
    await step(newsroom, card, Stage.POSTER_TOLD)

    assert "got further since" in await step(newsroom, card, Stage.POSTER_TOLD)


async def test_only_seniors_take_notices_in_and_the_form_is_understood_after_a_restart(
    newsroom: Newsroom,
):
    case = await newsroom.report()
    await newsroom.card(case)
    refused = await newsroom.sandbox.as_user("ana").slash("moderation", "legal notice", case=case)
    assert "Only a senior moderator" in refused.text
    unknown = await newsroom.sandbox.as_user("sam").slash("moderation", "legal notice", case=99)
    assert "There is no case" in unknown.text
    sam = newsroom.sandbox.as_user("sam")
    form = await sam.slash("moderation", "legal notice", case=case)

    await newsroom.stop()
    await newsroom.start()
    await sam.submit(form, **WHOLE)

    await card_of(newsroom, "Send the notice")
    assert "1" in (await sam.slash("moderation", "legal list")).text
