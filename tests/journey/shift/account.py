"""What is left of a shift: whether all promises were kept, and its figures."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from statistics import quantiles

from bot.cards.presses.cases import OpenCase
from bot.cards.presses.scheme import read
from bot.domain.decisions import Action, Decision
from bot.domain.ids import CaseId
from bot.store.tx import Tx
from tests.journey.shift.day import Day
from tests.support.cards import Card
from tests.support.chains import first_broken

_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the record, the site and the channel hold at the end.

    `waits` are the times from opening to the first decision, by case. `standing` are the
    decisions nobody undid or amended away, by case.
    """

    decisions: Sequence[Decision]
    waits: dict[CaseId, timedelta]
    standing: dict[CaseId, Decision]
    cards: dict[CaseId, list[Card]]
    log: Counter[tuple[str, int]]


async def account_of(day: Day) -> Account:
    """Read everything once."""
    store = day.newsroom.desk.desk.store
    decisions: list[Decision] = []
    while page := await store.read(partial(_after, len(decisions))):
        decisions += page
    first: dict[CaseId, Decision] = {}
    standing: dict[CaseId, Decision] = {}
    for one in decisions:
        first.setdefault(one.case_id, one)
        standing.pop(one.case_id, None)
        if one.reverses is None:
            standing[one.case_id] = one

    def waits(tx: Tx) -> dict[CaseId, timedelta]:
        found: dict[CaseId, timedelta] = {}
        for case_id, decision in first.items():
            case = tx.cases.get(case_id)
            assert case is not None
            found[case_id] = decision.at - case.opened_at
        return found

    return Account(
        decisions=decisions,
        waits=await store.read(waits),
        standing=standing,
        cards=_cards(day),
        log=Counter(
            (f"{method} {_kind(path)}", status)
            for method, path, status in day.newsroom.sandbox.rest.log
        ),
    )


def _after(last: int, tx: Tx) -> Sequence[Decision]:
    return tx.decisions.after(last, limit=_PAGE)


def _cards(day: Day) -> dict[CaseId, list[Card]]:
    """Return the desk's live cards by case: its messages with the buttons that only cards have."""
    world, found = day.newsroom.sandbox.world, dict[CaseId, list[Card]]()
    place = world.place("moderation")
    for message_id, raw in world.messages[place].items():
        if raw["author"]["id"] != world.bot_id or message_id in world.private:
            continue
        card = Card(world, place, message_id, world.bot_id)
        presses = [read(button.get("custom_id", "")) for button in card.buttons]
        if not raw.get("message_reference"):
            for press in presses:
                if isinstance(press, OpenCase):
                    found.setdefault(press.case, []).append(card)
    return found


def _kind(path: str) -> str:
    if "/reactions/" in path:
        return "reaction"
    if "/messages" in path and path.startswith("/channels"):
        return "message"
    return "other"


async def check(day: Day, account: Account) -> None:
    """See that nothing is unanswered, nothing decided twice, and all say the same."""
    newsroom, store = day.newsroom, day.newsroom.desk.desk.store
    assert await store.read(lambda tx: tx.cases.count_open()) == 0
    assert first_broken(account.decisions) is None
    _nothing_decided_twice(account.decisions)
    doubled = {case: len(cards) for case, cards in account.cards.items() if len(cards) > 1}
    assert doubled == {}, f"more than one card: {doubled}"
    _cards_say_what_was_decided(account)
    kept = {
        one.comment_id
        for one in account.standing.values()
        if one.action in (Action.HIDE, Action.BAN)
    }
    assert newsroom.site.hidden ^ kept == set(), "the site does not show what was decided"
    banned = {one.author_id for one in account.decisions if one.action is Action.BAN}
    assert set(newsroom.site.banned) == banned
    orders = [one for one in account.decisions if one.action is not Action.REOPEN]
    assert len(newsroom.site.orders) <= len(orders)
    keys = Counter(order["data"]["decision"] for order in newsroom.site.orders)
    assert max(keys.values()) == 1, "an order was applied twice"
    assert _presses(day, account).most_common(1)[0][0] == 1
    rest = newsroom.sandbox.rest
    assert (rest.crashes, rest.unknown_routes, rest.violations) == ([], [], [])


def _nothing_decided_twice(decisions: Sequence[Decision]) -> None:
    """A case that was decided is only decided again after an undo, an edit or a new complaint."""
    before: dict[CaseId, Decision] = {}
    for one in decisions:
        last = before.get(one.case_id)
        if last is not None and last.reverses is None and one.reverses is None:
            # A hidden comment comes back only with a new text; a kept one also by new reasons.
            assert last.action is Action.KEEP or one.revision > last.revision, (last, one)
        before[one.case_id] = one


def _cards_say_what_was_decided(account: Account) -> None:
    words = {Action.KEEP: "Kept", Action.HIDE: "Hidden", Action.BAN: "anned"}
    for case_id, decision in account.standing.items():
        for card in account.cards.get(case_id, []):
            assert words[decision.action] in card.text, (case_id, decision.action, card.text)


def _presses(day: Day, account: Account) -> Counter[float]:
    """Return how many presses a decision took, by how many plain cases took that many."""
    decided = Counter(one.case_id for one in account.decisions)
    return Counter(
        day.work.presses[case] / many
        for case, many in decided.items()
        if case not in day.work.special
    )


def figures(day: Day, account: Account) -> str:
    """Return the shift's figures in lines."""
    waits = sorted(one.total_seconds() / 60 for one in account.waits.values())
    tenths = quantiles(waits, n=10)
    doors = Counter(str(one.verdict.door) for one in account.decisions)
    people = Counter(one.verdict.by.name for one in account.decisions)
    actions = Counter(str(one.action) for one in account.decisions)
    plain = _presses(day, account)
    log = account.log
    lines = {
        "reports": f"{day.received} taken, {day.known} of them given before",
        "cases": f"{len(account.waits)}, {len(account.cards)} with a card",
        "decisions": f"{len(account.decisions)}: {_listed(actions)}",
        "by door": _listed(doors),
        "by person": _listed(people),
        "time to decision": f"median {tenths[4]:.1f} min, p90 {tenths[8]:.1f} min, "
        f"longest {waits[-1]:.0f} min",
        "presses a plain decision": ", ".join(
            f"{many:g} in {cases} cases" for many, cases in plain.most_common()
        ),
        "messages": f"{_sum(log, 'POST message')} posted, {_sum(log, 'PATCH message')} edited, "
        f"{_sum(log, 'PUT reaction')} reactions put",
        "refused by Discord": f"{sum(n for (_, status), n in log.items() if status == 429)} times "
        f"429, {sum(n for (_, status), n in log.items() if status >= 500)} times 5xx",
        "the site": f"{len(day.newsroom.site.orders)} orders carried out, "
        f"{day.newsroom.site.attempts} tried",
        "presses answered too late": str(day.work.too_late),
    }
    return "\n".join(f"{name:<26}{said}" for name, said in lines.items())


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {many}" for name, many in counts.most_common())


def _sum(log: Counter[tuple[str, int]], kind: str) -> int:
    return sum(many for (name, status), many in log.items() if name == kind and status < 300)
