"""What is known of authors, their bans, who may have come back, and what is forgotten of people."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.domain.comments import Author, AuthorKey
from bot.domain.decisions import Action
from bot.domain.ids import CaseId, DecisionId, RuleNumber, SiteId
from bot.domain.subject import Subject, SubjectKind
from bot.services.authors import author, bans
from bot.services.authors.ban_evasion import Usual, deny, look_once
from bot.services.cases import archive, notes
from bot.services.cases.receive import receive
from bot.services.deliver import card_lane
from bot.services.outbox_worker import turn
from bot.services.privacy import person, retention
from bot.services.privacy.unsaying import forget_lane
from bot.services.staff.staff_messages import message_lane
from bot.store.remembering import Forgotten
from tests.services.days.people import report, takes
from tests.services.days.told import Day, orders
from tests.services.desks import ANA, BEN, OLLY, SAM, Bench
from tests.services.outside import CHANNEL, EDITORS, Channel, ObedientSite

COURIER = SiteId("courier")
LOG = 55
KEY = AuthorKey(kind="network", digest=b"k" * 16)
LONG = (
    "Frankly these councillors could not organise a picnic in a brewery, never mind a budget; "
    "honestly, ask anybody who queued at the tip last Saturday."
)


def desk(bench: Bench) -> Bench:
    """Return the desk of this day."""
    return bench


async def told(day: Day) -> None:
    """Go through the day."""
    board = day.board()
    await _bans(day)
    await _sheets(day)
    await _back_again(day)
    await _said(day, board)
    await _forgotten(day, board)
    await _too_old(day)


async def _bans(day: Day) -> None:
    for number, name in enumerate(("dog", "dog", "cat", "owl", "doe"), 1):
        await takes(day, number, author=name, rule=RuleNumber(3), text=f"{LONG} {number}")
    for number, days, rule in ((1, 1, 3), (2, 7, 4), (3, 3, 1), (4, 30, 2)):
        banned = day.bench.decide(
            CaseId(number), Action.BAN, lasting=timedelta(days), rule=RuleNumber(rule)
        )
        await day.do(f"Ana bans who wrote {number}", banned)
        day.bench.clock.pass_by(minutes=1)
    at = day.bench.desk
    await day.do("those in force", bans.bans(at, ANA, limit=2))
    await day.do("the others", bans.bans(at, ANA, limit=2, offset=2))
    await day.do("for Olly", bans.bans(at, OLLY, limit=2))
    for beginning in ("d", "Ca", "x"):
        await day.do(f"beginning with {beginning}", bans.bans_named(at, ANA, beginning))
    await day.do("Ben lifts Ana's", bans.lift(at, DecisionId(3), by=BEN))
    await day.do("Ana lifts hers", bans.lift(at, DecisionId(3), by=ANA, note="Enough."))
    await day.do("and again", bans.lift(at, DecisionId(3), by=ANA))
    await day.do("there is none", bans.lift(at, DecisionId(99), by=SAM))
    day.bench.clock.pass_by(days=1)
    await day.do("one of two has ended", bans.end_due(at, COURIER))
    day.bench.clock.pass_by(days=6)
    await day.do("both have", bans.end_due(at, COURIER))
    await day.do("at another site", bans.end_due(at, SiteId("other")))


async def _sheets(day: Day) -> None:
    at = day.bench.desk
    for number in range(11, 19):
        await takes(day, number, author="dog", rule=RuleNumber(2))
    for page in (0, 1, 9, -1):
        await day.do(f"page {page}", author.sheet(at, CaseId(1), ANA, page=page))
    await day.do("of nobody", author.sheet(at, CaseId(99), ANA))
    await day.do("a note", author.add_note(at, CaseId(1), "  A regular. ", BEN))
    await day.do("a long one", author.add_note(at, CaseId(1), "n" * 501, ANA))
    await day.do("none", author.add_note(at, CaseId(1), " ", ANA))
    await day.do("called d", author.named(at, "d", ANA, limit=2))
    for words in ("#1", "dog", "do", "d", "nobody", "Owl ", "#"):
        await day.do(f"who is {words}", author.find(at, words, ANA))


async def _back_again(day: Day) -> None:
    at, known = day.bench.desk, Usual()
    ban = day.bench.decide(CaseId(6), Action.BAN, lasting=timedelta(days=9))
    await day.do("dog is banned again", ban)
    for number, name, keys in ((21, "d0g", ()), (22, "another", (KEY,)), (23, "third", (KEY,))):
        made = report(day.bench, number, author=name, text=f"{LONG} Really.")
        by = Author(external_id=f"id-{name}", name=name, keys=keys)
        await day.do(f"{name} writes", receive(at, [replace(made, author=by)]))
        if name == "another":
            ban = day.bench.decide(CaseId(15), Action.BAN, lasting=timedelta(days=9))
            await day.do("another is banned", ban)
    for _ in range(3):
        await day.do("accounts are compared", look_once(at, known))
    await day.do("the hints", author.sheet(at, CaseId(14), ANA))
    await day.do("of another", author.sheet(at, CaseId(16), ANA))
    await day.do("they are not the same", deny(at, CaseId(14), BEN))
    await day.do("nor are they", deny(at, CaseId(16), BEN))
    await day.do("nor is nobody", deny(at, CaseId(99), BEN))


async def _said(day: Day, board: Channel) -> None:
    at, site = day.bench.desk, ObedientSite()
    day.bench.clock.pass_by(seconds=30)
    await day.do("a thread is asked for", notes.ask_thread(at, CaseId(5), ANA))
    while await turn(card_lane(at, board)):
        day.note()
    await day.do("the thread is begun", turn(message_lane(at, board)))
    while await turn(orders(at, COURIER, site)):
        day.note()
    for _ in range(3):
        await day.do("the log channel", archive.log_next(at, board, LOG))
    day.lines += [f"applied {one}" for one in site.applied]


async def _forgotten(day: Day, board: Channel) -> None:
    at = day.bench.desk
    with TemporaryDirectory() as folder:
        kept = Forgotten(Path(folder) / "forgotten")
        dog = Subject(kind=SubjectKind.AUTHOR, site="courier", value="id-dog")
        reader = Subject(
            kind=SubjectKind.READER, site="courier", value=(1000 + 11).to_bytes(16, "big").hex()
        )
        for name, subject in (
            ("an author", dog),
            ("a reader", reader),
            ("nobody", replace(dog, value="id-nobody")),
            ("staff", Subject(kind=SubjectKind.STAFF, site="", value=str(BEN.id))),
        ):
            await day.do(f"what is held of {name}", person.held_about(at, subject))
            await day.do(f"{name} is erased", person.erase(at, subject, kept, by="Sam"))
        lane = forget_lane(at, board, lambda: (CHANNEL, EDITORS, LOG))
        while await turn(lane):
            day.note()
        await day.do("none is to be erased again", person.forget_again(at, kept))
    day.lines.append(f"left {len(board.messages)}, threads {sorted(board.dropped)}")


async def _too_old(day: Day) -> None:
    at = day.bench.desk
    await day.do("a purge is due", retention.is_due(at))
    day.bench.clock.pass_by(days=200)
    await day.do("what would go", retention.purge(at, dry=True))
    await day.do("it goes", retention.purge(at))
    await day.do("no purge is due", retention.is_due(at))
    day.bench.clock.pass_by(days=400)
    await day.do("a purge is due again", retention.is_due(at))
    await day.do("what would go then", retention.purge(at, dry=True))
    await day.do("it goes then", retention.purge(at))
