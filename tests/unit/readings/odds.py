"""What little follows from settings, abilities, orders and marks."""

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

from bot.domain import site
from bot.domain.decisions import Action
from bot.domain.detection.events import Signal, Tier, bit, distinct
from bot.domain.detection.incident_merging import Part
from bot.domain.effects import Order
from bot.domain.ids import CaseId, DecisionId, PersonId, SiteId
from bot.domain.readers.mail import MailServer
from bot.domain.staff import Authority, Person, Rank
from tests.support.plainly import NOON

Sums = Iterator[tuple[str, Any]]


def of_platforms() -> Sums:
    """Yield what platforms can carry out, and what orders to them come to."""
    told = (site.Ability.HIDE, site.Ability.UNHIDE, site.Ability.BAN, site.Ability.UNBAN)
    for count in range(len(told) + 1):
        for some in combinations(told, count):
            names = " ".join(some)
            yield f"who can {names}", site.actions_of(frozenset(some))
    for action, banned, until in product(Action, (True, False, None), (None, NOON)):
        order = Order(
            key="k",
            decision_id=DecisionId(1),
            case_id=CaseId(1),
            site=SiteId("courier"),
            action=action,
            comment_id="c",
            revision_key="r",
            author_id="a",
            banned=banned,
            until=until,
            permalink=None,
            visible=None,
            notice=None,
            rule=None,
            rule_name=None,
            at=NOON,
        )
        yield f"ordered {action} {banned} {until}", [order.takes_back, order.ban_ends]


def of_staff() -> Sums:
    """Yield ranks, and the roles that give them."""
    authority = Authority(
        ranks={1: Rank.MODERATOR, 2: Rank.SENIOR, 3: Rank.EDITOR, 4: Rank.SENIOR, 5: Rank.NONE}
    )
    for rank in Rank:
        yield f"who holds {rank}", authority.holding(rank)
    for roles in ((), (1,), (1, 2), (2, 1), (5,), (9,), (9, 3)):
        person = Person(id=PersonId(1), name="A", roles=frozenset(roles))
        yield f"rank of {roles}", authority.rank(person)
    for port in (25, 465):
        server = MailServer(
            host="mail.example", port=port, security="tls", sender="desk@example.org"
        )
        yield f"server {port}", server.place


def of_marks() -> Sums:
    """Yield how many readers marks stand for, and keys told of under another's incident."""
    for bits, mark in product((8, 64), (0, 1, 0b101, 0xFF, 2**63, 2**64 - 1)):
        yield f"readers in {mark:x} of {bits}", distinct(mark % 2**bits, bits, 50)
    yield "most", [distinct(0b111, 8, most) for most in (1, 2, 3, 4)]
    yield "bits", [[bit(f"r{number}", bits) for number in range(6)] for bits in (8, 1024)]
    signal = Signal(tier=Tier.STORY, key="s", at=1.0, since=0.5, evidence=9.0, chance_weeks=3.0)
    part = Part((Tier.COMMENTER, "a"), signal, 2, 3)
    yield "part", [part.pack(), part.pair]
    again = Part.unpack(part.pack())
    yield "part again", [again.pack(), again.pair, again == part, again.signal.tier is Tier.STORY]
