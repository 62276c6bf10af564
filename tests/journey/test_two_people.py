"""Two people and bans, in the channel."""

from bot.domain.decisions import Action
from tests.journey.newsroom import Newsroom, send_ban


async def test_a_ban_for_good_is_proposed_by_one_and_agreed_to_by_another(newsroom: Newsroom):
    case = await newsroom.report()
    ana, ben = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("ben")
    form = await ana.press(await newsroom.card(case), "Ban")

    proposed = await send_ban(ana, form, rule=["3"], days=["0"], note="third time")

    assert "takes two people" in proposed.text
    card = await newsroom.card(case, "Waiting for a second pair of eyes")
    refused = await ana.press(card, "Agree")
    assert "yourself" in refused.text
    assert newsroom.site.actions == []
    agreed = await ben.press(card, "Agree")
    assert "banned for good" in agreed.text
    await newsroom.settled()
    assert newsroom.site.banned == {"a1": None}
    [decision] = await newsroom.decisions()
    assert (decision.verdict.by.name, decision.second.name) == ("Ana", "Ben")
    assert "by Ana with Ben" in (await ana.slash("moderation", "bans")).text


async def test_a_proposal_is_declined(newsroom: Newsroom):
    case = await newsroom.report()
    ana, ben = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("ben")
    await ana.reply(await newsroom.card(case), "ban forever 3")
    card = await newsroom.card(case, "Waiting for a second pair of eyes")

    declined = await ben.press(card, "Decline")

    assert "Nothing was done" in declined.text
    assert await newsroom.decisions() == []


async def test_bans_are_listed_and_lifted(newsroom: Newsroom):
    case = await newsroom.report()
    ana = newsroom.sandbox.as_user("ana")
    await newsroom.card(case)
    await ana.slash("moderation", "ban", case=case, duration=7)

    listed = await ana.slash("moderation", "bans")
    offered = await ana.autocomplete("moderation", "unban", "author", author="salty", reason="x")
    lifted = await ana.slash(
        "moderation", "unban", author=offered[0]["value"], reason="mistaken identity"
    )

    assert "salty" in listed.text
    assert "is lifted" in lifted.text
    await newsroom.settled()
    assert newsroom.site.banned == {}
    assert newsroom.site.hidden == {"c1"}


async def test_all_of_an_author_is_hidden_after_a_confirmation(newsroom: Newsroom):
    cases = [await newsroom.report(comment={"id": f"c{number}"}) for number in range(3)]
    for case in cases:
        await newsroom.card(case)
    ana = newsroom.sandbox.as_user("ana")

    asked = await ana.slash("moderation", "hide-author", case=cases[0], hours=24)
    assert asked.message is not None
    assert await newsroom.decisions() == []
    done = await ana.press(asked.message, "Hide 3")

    assert not done.failed
    await newsroom.settled()
    assert newsroom.site.hidden == {"c0", "c1", "c2"}
    assert [one.action for one in await newsroom.decisions()] == [Action.HIDE] * 3
