"""The statement of reasons: what the author is told of a decision about their comment.

It is read at a secret address that the site hands to the author. The secret is made from a key of
the site's and the decision, so that the order to the site says the same at every attempt, and no
copy of the database holds it; what is kept is its hash.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.decisions import Action, Decision, Door, original
from bot.domain.ids import DecisionId, SiteId
from bot.domain.policy import Rule
from bot.domain.readers.contest import Contest, Party, can_be_contested, is_stated
from bot.domain.site import SiteKeys
from bot.services.desk import Desk
from bot.store.tx import Tx


def new_secret() -> str:
    """Return 256 random bits as 43 letters, digits, hyphens and underscores."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> bytes:
    """Return what is kept of a secret; it has 256 random bits, so it needs no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What the author reads.

    Args:
        decision: What was decided; nothing of who decided is ever shown.
        rule: The house rule that it cites, if any.
        facts: What the newsroom says to whoever breaks that rule, with the moderator's choice.
        text: The author's own words, as they stood when it was decided.
        story: The title of the story, and its address.
        reported: Whether readers' reports led to it.
        automated: Whether the desk did it by itself.
        undone: Whether it was taken back since.
        contest: What the author said against it, if anything.
        until: Until when they may.
    """

    decision: Decision
    rule: Rule | None
    facts: str | None
    text: str
    story: tuple[str, str]
    reported: bool
    automated: bool
    undone: bool
    contest: Contest | None
    until: datetime

    @property
    def may_reword(self) -> bool:
        """Whether the author is invited to say it differently: they may write, and it was the words."""
        return (
            self.decision.did is Action.HIDE
            and not self.undone
            and bool(self.rule and self.rule.wording)
        )

    def may_contest(self, now: datetime) -> bool:
        """Whether the author may still contest it."""
        stands = not self.undone and self.contest is None and now < self.until
        return stands and can_be_contested(self.decision, Party.AUTHOR)


def secret_of(key: bytes, site: SiteId, decision: Decision) -> str:
    """Return the secret of a decision's statement: 256 bits, the same whenever it is asked for."""
    # The digest tells the decision from one of the same number in another record.
    said = f"statement\n{site}\n{decision.id}\n{decision.digest}".encode()
    return base64.urlsafe_b64encode(hmac.digest(key, said, "sha256")).rstrip(b"=").decode()


def addresses(
    url: str | None, keys: Mapping[str, SiteKeys]
) -> Callable[[Decision], str | None] | None:
    """Return what tells where a decision is read about: under `url`, by a key of its site's.

    `None` where there is no such address.
    """
    if url is None:
        return None

    def address(decision: Decision) -> str | None:
        site = keys.get(decision.site)
        if site is None:
            return None
        return f"{url}/decision/{secret_of(site.salt, decision.site, decision)}"

    return address


async def state(desk: Desk, decision_id: DecisionId) -> str | None:
    """Return where the author reads about a decision, once it can be read there.

    `None` for what takes nothing from them, and where there are no readers' pages.
    """
    address = desk.statement_url
    if address is None:
        return None
    decision = await desk.store.read(lambda tx: tx.decisions.get(decision_id))
    if decision is None or not is_stated(decision):
        return None
    url = address(decision)
    if url is not None:
        secret = hash_of(url.rpartition("/")[2])
        await desk.store.write(lambda tx: tx.contests.state(decision.id, secret, desk.clock()))
    return url


async def statement(desk: Desk, secret: str) -> Statement | None:
    """Return the statement that a secret leads to, `None` for whatever else."""
    return await desk.store.read(lambda tx: read_statement(tx, desk, secret))


def read_statement(tx: Tx, desk: Desk, secret: str) -> Statement | None:
    """Return the same within a transaction."""
    decision_id = tx.contests.stated(hash_of(secret))
    decision = tx.decisions.get(decision_id)
    if decision is None or desk.clock() >= decision.at + desk.policy().contests_for * 2:
        return None
    return _statement(tx, desk, decision)


def _statement(tx: Tx, desk: Desk, decision: Decision) -> Statement | None:
    view = tx.cases.view(decision.case_id, strikes_since=desk.strikes_since())
    if view is None:
        return None
    history = tx.decisions.of_case(decision.case_id)
    verdict = decision.verdict
    rule = desk.policy().cited(verdict.rule)
    return Statement(
        decision=decision,
        rule=rule,
        facts=told(rule, decision),
        text=tx.cases.text_of(decision.case_id, decision.revision),
        story=(view.story.title or view.story.url, view.story.url),
        reported=tx.reports.any_before(decision.case_id, decision.at),
        automated=verdict.door is Door.DESK,
        undone=_is_undone(decision, history),
        contest=tx.contests.of(_first(decision, history), Party.AUTHOR, None),
        until=decision.at + desk.policy().contests_for,
    )


def told(rule: Rule | None, decision: Decision) -> str | None:
    """Return what the newsroom says to whoever breaks that rule, with the moderator's choice."""
    return rule.told(decision.verdict.reason) if rule else None


def _first(decision: Decision, history: list[Decision]) -> DecisionId:
    """Return the decision itself, where this one only cites another rule for it."""
    return original(decision, history).id


def _is_undone(decision: Decision, history: list[Decision]) -> bool:
    first = _first(decision, history)
    mine = {made.id for made in history if _first(made, history) == first}
    return any(made.reverses in mine for made in history)
