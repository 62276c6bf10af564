"""Reports that are the same each time."""

from dataclasses import replace

from bot.domain.comments import Author, Comment, Report
from bot.domain.ids import PersonId, ReporterKey
from bot.domain.staff import Authority, Person, Rank
from bot.services.cases.receive import receive
from bot.services.deliver import card_lane
from bot.services.outbox_worker import turn
from tests.services.days.told import Day
from tests.services.desks import MODERATOR, SENIOR, Bench
from tests.services.outside import Channel, Shown
from tests.support.plainly import plain

EDITOR = 13
EVE = Person(id=PersonId(5), name="Eve", roles=frozenset({EDITOR}))
AUTHORITY = Authority(ranks={MODERATOR: Rank.MODERATOR, SENIOR: Rank.SENIOR, EDITOR: Rank.EDITOR})


def report(
    bench: Bench,
    number: int,
    *,
    author: str,
    reader: int = 11,
    revision: str = "r1",
    text: str = "You are all bought.",
    **more: object,
) -> Report:
    """Return a report on the comment of that number, by a reader of that number."""
    usual = replace(
        bench.report(),
        delivery=f"msg-{number}-{reader}-{revision}",
        comment=Comment(
            external_id=f"c{number}",
            revision=revision,
            text=text,
            permalink=f"https://courier.example/s1#comment-c{number}",
        ),
        author=Author(external_id=f"id-{author}", name=author.title()),
        reporter=ReporterKey((1000 * number + reader).to_bytes(16, "big")),
    )
    return replace(usual, **more)  # type: ignore[arg-type]


async def drawn(day: Day, board: Channel) -> None:
    """Draw the cards that are due, and tell of it as one step."""
    day.lines += ["", "== cards are drawn"]
    while await turn(card_lane(day.bench.desk, board)):
        pass
    day.note()


async def takes(
    day: Day, number: int, *, what: Report | None = None, again: str = "", **how: object
) -> None:
    """Take a report in, seven seconds later, and tell of it."""
    day.bench.clock.pass_by(seconds=7)
    taken = what or report(day.bench, number, **how)  # type: ignore[arg-type]
    name = again or f"a report on c{number} by {taken.reporter.hex()[-6:]}"
    await day.do(name, receive(day.bench.desk, [taken]))


def how_said(one: Shown) -> str:
    """Return what was said, where, how and as which message, in words."""
    loud = "silent" if one.silent else "loud"
    where = f"under {one.under.message_id} " if one.under else ""
    looked = "looked " if one.looked else ""
    nonce = one.nonce or "edited"
    return f"{one.channel_id} {where}{loud} {looked}{nonce} {plain(one.what)}"
