"""A contest from the author's page to the answer in Discord, over real sockets."""

from bot.domain.ids import CaseId
from bot.services.readers.contest import contest_by_author
from bot.services.readers.statement import hash_of
from bot.standin import messages
from tests.journey.newsroom import Newsroom
from tests.support.waiting import until


async def test_a_contest_lands_as_a_card_and_is_answered_by_somebody_else(newsroom: Newsroom):
    await newsroom.stop()
    appeals = newsroom.add_channel("appeals")
    await newsroom.start(appeals_channel_id=appeals)
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

    told = await ben.wait_for("appeals", "Somebody contests the decision")
    assert told.raw["mention_roles"] == [], "it calls nobody"
    assert told.pinged == set()
    assert "by Ana" in told.text
    assert "You are all bought" in told.text
    assert told.labels == ["Uphold…", "Overturn…", "Author's record"]
    listed = await ben.slash("moderation", "contests")
    assert "**Contest 1**" in listed.text
    assert "It was" in listed.text
    assert "@everyone" not in listed.text

    messages.delete(newsroom.sandbox.world, told.raw)
    told = await ben.wait_for("appeals", "Somebody contests the decision")

    answer = {"number": 1, "decision": "is changed", "reasons": "A joke indeed"}
    refused = await ana.slash("moderation", "contest", **answer)
    assert "took part in this decision" in refused.text
    assert "took part in this decision" in (await ana.press(told, "Overturn")).text
    olly = newsroom.sandbox.as_user("olly")
    assert "Only a moderator" in (await olly.slash("general", "contests")).text
    assert "Only a moderator" in (await olly.slash("general", "contest", **answer)).text

    form = await ben.press(told, "Overturn")
    done = await ben.submit(form, reasons="A joke indeed")
    assert "The decision is changed" in done.text
    await newsroom.card(case, "Kept")
    await until(lambda: newsroom.site.orders[-1]["data"]["comment"]["visible"], what="the order")
    answered = await ben.wait_for("appeals", "the decision was changed")
    assert "A joke indeed" in answered.text
    assert answered.labels == ["Author's record"]
    assert "answered before" in (await ben.slash("moderation", "contest", **answer)).text
    shown = await ben.slash("moderation", "case", case=case)
    assert "the decision was changed" in shown.text
    await take_away(newsroom, case)


async def take_away(newsroom: Newsroom, case: int) -> None:
    """Let an editor have the case's pack and the month's figures, which nobody else has."""
    ana, ed = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("ed")
    pack = await ed.slash("moderation", "pack", case=case)
    assert pack.ephemeral
    assert f"The pack of case #{case}" in pack.text
    assert pack.message is not None
    page, data = pack.message.raw["attachments"]
    assert (page["filename"], data["filename"]) == (f"pack-{case}.html", f"pack-{case}.json")
    figures = await ed.slash(
        "moderation", "transparency", month=f"{newsroom.desk.desk.clock():%Y-%m}"
    )
    assert figures.message is not None
    names = [one["filename"].rpartition(".")[2] for one in figures.message.raw["attachments"]]
    assert names == ["html", "csv", "json"]
    assert "is no month" in (await ed.slash("moderation", "transparency", month="soon")).text
    for command, asked in (("pack", {"case": case}), ("transparency", {})):
        assert "Only an editor" in (await ana.slash("moderation", command, **asked)).text
