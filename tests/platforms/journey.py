"""The way of one comment through desk and platform, the same for each that can be tried.

A reader's report becomes a card; a moderator hides the comment and undoes it, bans its author with
an end and lets them in again, and hides it once more; the author contests that, a colleague
overturns it, and the comment is back. What a platform cannot do is passed over, by what its cards
offer. Each step is looked at where readers would see it, if that can be.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.domain.cases import Case
from bot.domain.effects import EffectState
from bot.domain.ids import CaseId, SiteId
from bot.services.readers.contest import contest_by_author
from bot.services.readers.statement import hash_of
from bot.sites.settings import SiteSettings
from config.settings import Settings
from tests.journey.newsroom import Newsroom, send_ban
from tests.support.cards import Card
from tests.support.waiting import eventually

NAME = SiteId("trial")
_SALT = "a salt of more than sixteen characters"
_ASKED_EVERY = 5
_WAIT = 120.0


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A platform that is to be tried.

    Args:
        kind: Which it is.
        settings: Its settings, as under ``DESK_SITES__NAME__``.
        report: Has a reader report a comment, or asks somebody to.
        is_seen: Whether readers see that comment, where it can be looked at.
        can_comment: Whether its author may write, where that can be tried.
        patience: Seconds that a report may take, which may be a person's.
    """

    kind: str
    settings: Mapping[str, Any]
    report: Callable[[], Awaitable[None]]
    is_seen: Callable[[], Awaitable[bool]] | None = None
    can_comment: Callable[[], Awaitable[bool]] | None = None
    patience: float = _WAIT
    did: list[str] = field(default_factory=list[str])
    trying: list[str] = field(default_factory=list[str])


async def walk(newsroom: Newsroom, trial: Trial) -> None:
    """Go the whole way.

    The rows of the table that it shows are in `did` as far as it came; where it fails, those that it
    was about to show are in `trying`.
    """
    appeals = newsroom.add_channel("appeals")
    add_site(newsroom, trial)
    await newsroom.start(appeals_channel_id=appeals)
    with _showing(trial, "is asked for reports"):
        await trial.report()
        case = (await case_of(newsroom, trial.patience)).id
        card = await newsroom.card(case)
    if _offers(card, "Hide"):
        with _showing(trial, "hides", "shows again"):
            await _hidden(newsroom, trial, case)
            await _undone(newsroom, trial, case)
    if _offers(card, "Ban"):
        with _showing(trial, "bans", "unbans"):
            await _banned(newsroom, trial, case)
    if _offers(card, "Hide"):
        await _contested(newsroom, trial, case)


@contextmanager
def _showing(trial: Trial, *rows: str) -> Iterator[None]:
    trial.trying[:] = rows
    yield
    trial.did.extend(rows)
    trial.trying.clear()


def _offers(card: Card, what: str) -> bool:
    return any(label.startswith(what) for label in card.labels)


def add_site(newsroom: Newsroom, trial: Trial) -> None:
    """Connect the platform to the newsroom's desk, besides the site it has."""
    plain = newsroom.settings
    common = {"kind": trial.kind, "reporter_salt": _SALT, "poll_seconds": _ASKED_EVERY}
    site = SiteSettings.model_validate({**common, "allow_private": True, **trial.settings})

    def settings(**discord: Any) -> Settings:
        before = plain(**discord)
        return before.model_copy(update={"sites": {**before.sites, NAME: site}})

    newsroom.settings = settings  # type: ignore[method-assign]


async def case_of(newsroom: Newsroom, patience: float = _WAIT, comment: str | None = None) -> Case:
    """Wait for the case of what was reported, or of one comment."""

    async def found() -> Case | None:
        store = newsroom.desk.desk.store
        cases = await store.read(lambda tx: list(tx.cases.queue(limit=50)))
        ours = (case for case in cases if case.site == NAME)
        return next((case for case in ours if comment in (None, case.comment_id)), None)

    return await eventually(found, "the report to arrive", patience)


async def _hidden(newsroom: Newsroom, trial: Trial, case: CaseId) -> Card:
    await newsroom.sandbox.as_user("ana").press(await newsroom.card(case), "Hide")
    card = await newsroom.card(case, "taken down on the site")
    await _require(trial.is_seen, is_so=False)
    return card


async def _undone(newsroom: Newsroom, trial: Trial, case: CaseId) -> None:
    await newsroom.sandbox.as_user("ana").press(await newsroom.card(case), "Undo")
    await newsroom.card(case, "Open again")
    await _told(newsroom, case)
    await _require(trial.is_seen, is_so=True)


async def _banned(newsroom: Newsroom, trial: Trial, case: CaseId) -> None:
    ana = newsroom.sandbox.as_user("ana")
    form = await ana.press(await newsroom.card(case), "Ban")
    await send_ban(ana, form, rule=["3"], days=["7"])
    await newsroom.card(case, "taken down on the site")
    await _require(trial.is_seen, is_so=False)
    await _require(trial.can_comment, is_so=False)
    await _undone(newsroom, trial, case)
    await _require(trial.can_comment, is_so=True)


async def _contested(newsroom: Newsroom, trial: Trial, case: CaseId) -> None:
    ben, desk = newsroom.sandbox.as_user("ben"), newsroom.desk.desk
    await _hidden(newsroom, trial, case)
    *_, made = await desk.store.read(lambda tx: tx.decisions.of_case(case))
    await desk.store.write(lambda tx: tx.contests.state(made.id, hash_of("s"), desk.clock()))
    await contest_by_author(desk, "s", "It was a joke.", "en")
    told = await ben.wait_for("appeals", "Somebody contests the decision")
    done = await ben.submit(await ben.press(told, "Overturn"), reasons="A joke indeed")
    assert "The decision is changed" in done.text
    await newsroom.card(case, "Kept")
    await _told(newsroom, case)
    await _require(trial.is_seen, is_so=True)


async def _told(newsroom: Newsroom, case: CaseId) -> None:
    """Wait until the platform has done what it was asked last, and was read back."""

    async def done() -> bool:
        delivery = await newsroom.desk.desk.store.read(lambda tx: tx.deliveries.delivery(case))
        assert delivery is not None
        assert delivery.state is not EffectState.FAILED, delivery.trouble
        return delivery.state is EffectState.DONE

    await eventually(done, "the platform to do as it is asked", _WAIT)


async def _require(look: Callable[[], Awaitable[bool]] | None, *, is_so: bool) -> None:
    """Look at the platform where it can be looked at, which may take it a moment to show."""
    if look is None:
        return
    seen = look

    async def as_asked() -> bool:
        return await seen() is is_so

    await eventually(as_asked, f"readers to find it {'so' if is_so else 'not so'}")
