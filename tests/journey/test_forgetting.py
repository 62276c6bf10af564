"""Somebody is forgotten while the desk runs, and is gone from Discord too."""

from bot.domain.subject import SubjectKind, parse
from bot.services.privacy.person import erase
from bot.store.remembering import Forgotten
from tests.journey.newsroom import Newsroom
from tests.support.waiting import until

TEXT = "A xylophonic thought of mine."
ACCOUNT = {"id": "a1", "name": "Zorblax Quiverwood"}


def said(newsroom: Newsroom) -> str:
    """Return all that stands in the channels; what was answered to one person goes by itself."""
    world = newsroom.sandbox.world
    everywhere = (one for messages in world.messages.values() for one in messages.values())
    return repr([one for one in everywhere if one["id"] not in world.private])


async def test_whoever_is_forgotten_is_gone_from_the_channels(newsroom: Newsroom):
    case = await newsroom.report(comment={"text": TEXT, "author": ACCOUNT})
    other = await newsroom.report(comment={"id": "c2", "author": {"id": "a2", "name": "Bystander"}})
    ana = newsroom.sandbox.as_user("ana")
    await ana.press(await newsroom.card(case), "Hide")
    await newsroom.settled()
    await newsroom.card(case, "Hidden")
    card = await newsroom.card(case)
    await newsroom.card(other, "Bystander")
    assert TEXT in said(newsroom)

    who = parse(SubjectKind.AUTHOR, "courier/a1")
    await erase(newsroom.desk.desk, who, Forgotten(newsroom.database), by="desk")

    def gone() -> bool:
        words = said(newsroom)
        return TEXT not in words and ACCOUNT["name"] not in words

    await until(gone, what="the person to leave the channels")
    assert await newsroom.card(case, "erased") == card, "the card is edited, not posted anew"
    await newsroom.card(other, "Bystander")
