"""A contest from the author's page to the answer in Discord, over real sockets."""

from bot.domain.ids import CaseId
from bot.services.readers.contest import contest_by_author
from bot.services.readers.secret import hash_of
from tests.journey.newsroom import Newsroom
from tests.support.waiting import until


async def test_a_contest_is_told_listed_and_answered_by_somebody_else(newsroom: Newsroom):
    case = await newsroom.report()
    card = await newsroom.card(case)
    ana, ben = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("ben")
    await ana.press(card, "Hide")
    await newsroom.card(case, "Hidden")
    assert "Nobody contests" in (await ben.slash("moderation", "contests")).text

    desk = newsroom.desk.desk
    [made] = await desk.store.read(lambda tx: tx.decisions.of_case(CaseId(case)))
    await desk.store.write(lambda tx: tx.contests.state(made.id, hash_of("s"), desk.clock()))
    await contest_by_author(desk, "s", "It was @everyone *a joke*", "en")

    told = await ben.wait_for("moderation", "Somebody contests the decision")
    assert told.raw["mention_roles"] == [], "it calls nobody"
    listed = await ben.slash("moderation", "contests")
    assert "**Contest 1**" in listed.text
    assert "It was" in listed.text
    assert "@everyone" not in listed.text

    answer = {"number": 1, "decision": "is changed", "reasons": "A joke indeed"}
    refused = await ana.slash("moderation", "contest", **answer)
    assert "took part in this decision" in refused.text
    olly = newsroom.sandbox.as_user("olly")
    assert "Only a moderator" in (await olly.slash("general", "contests")).text
    assert "Only a moderator" in (await olly.slash("general", "contest", **answer)).text

    done = await ben.slash("moderation", "contest", **answer)
    assert "The decision is changed" in done.text
    await newsroom.card(case, "Kept")
    await until(lambda: newsroom.site.orders[-1]["data"]["comment"]["visible"], what="the order")
    assert "answered before" in (await ben.slash("moderation", "contest", **answer)).text
