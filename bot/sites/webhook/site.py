"""Any site that takes a signed webhook: one POST an order. docs/sites.md has the protocol."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Self

from aiohttp.abc import AbstractResolver
from standardwebhooks import Webhook
from yarl import URL

from bot.domain.effects import Order, Outcome
from bot.domain.site import Ability, Finding
from bot.ports import Clock
from bot.sites.base.answers import SiteCallFailed
from bot.sites.base.client import TIMEOUT, HearTime, SiteClient
from bot.sites.base.outcomes import outcome_of, time_there

_ABILITIES = frozenset(
    {
        Ability.PUSH,
        Ability.HIDE,
        Ability.UNHIDE,
        Ability.BAN,
        Ability.TIMED_BAN,
        Ability.UNBAN,
    }
)

VERSION = 1
"""Of the body; raised when a receiver written for the last one would misread it."""

LONGEST_ANSWER = 512 * 1024
"""Bytes of an answer that are read: a state takes some hundred, the longest text, escaped, 240,000."""


class WebhookSite:
    """A site reached by signed webhook; a port `Site`. Use it as an async context manager.

    Args:
        url: Where orders are posted.
        secrets: What they are signed with (``whsec_...``); two while one replaces the other.
        clock: The time now, for the signature's timestamp.
        allow_private: Whether the address may be in a private network or this machine.
        timeout: Seconds for one attempt.
        resolver: Who looks names up, if not the system.
        hear_time: Is told what time the site says it is.
    """

    def __init__(
        self,
        url: str,
        secrets: Sequence[str],
        *,
        clock: Clock,
        allow_private: bool = False,
        timeout: float = TIMEOUT,
        resolver: AbstractResolver | None = None,
        hear_time: HearTime | None = None,
    ) -> None:
        self._url = URL(url)
        self._signers = [Webhook(secret) for secret in secrets]
        self._clock = clock
        self._client = SiteClient(
            url,
            clock=clock,
            allow_private=allow_private,
            timeout=timeout,
            most=LONGEST_ANSWER,
            resolver=resolver,
            hear_time=hear_time,
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *_raised: object) -> None:
        await self._client.close()

    @property
    def abilities(self) -> frozenset[Ability]:
        """Whatever the protocol can say; what a receiver cannot do, it refuses in words."""
        return _ABILITIES

    async def carry_out(self, order: Order) -> Outcome:
        """Post the order once and say how that ended; never raises for what the site does."""
        now = self._clock()
        try:
            status, headers, answer = await self._post(order, now)
            there = time_there(status, headers, now)
            if there is not None:
                # Whichever clock is wrong, a receiver checks the time by its own.
                status, headers, answer = await self._post(order, there)
        except SiteCallFailed as trouble:
            return trouble.outcome
        return outcome_of(status, headers, answer or b"", order, now)

    async def _post(
        self, order: Order, at: datetime
    ) -> tuple[int, Mapping[str, str], bytes | None]:
        body = body_of(order)
        headers = self._headers(order, body, at)
        return await self._client.raw("POST", self._url, data=body, headers=headers)

    async def check(self) -> Sequence[Finding]:
        """Say whether something listens at the address; what it does with orders, they show."""
        name = "Address for decisions"
        try:
            status, _, _ = await self._client.raw("HEAD", self._url)
        except SiteCallFailed as trouble:
            mend = ("Check the URL in the settings, and that the site is up.",)
            return [Finding(name=name, good=False, words=str(trouble), mend=mend)]
        return [Finding(name=name, good=True, words=f"{self._url} answers ({status})")]

    def _headers(self, order: Order, body: bytes, at: datetime) -> Mapping[str, str]:
        now = at.astimezone(UTC)
        text = body.decode()
        signatures = (
            signer.sign(msg_id=order.key, timestamp=now, data=text) for signer in self._signers
        )
        return {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "webhook-id": order.key,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signatures),
        }


def body_of(order: Order) -> bytes:
    """Return the order as JSON, the same bytes at every attempt."""
    body = {
        "type": f"decision.{order.action}",
        "version": VERSION,
        "timestamp": _iso(order.at),
        "data": {
            "site": order.site,
            "case": order.case_id,
            "decision": order.decision_id,
            "action": order.action,
            "comment": {
                "id": order.comment_id,
                "revision": order.revision_key,
                "text_sha256": order.text_sha256,
                "permalink": order.permalink,
                "visible": order.visible,
            },
            "author": {
                "id": order.author_id,
                "banned": order.banned,
                "until": _iso(order.until),
            },
            "rule": None if order.rule is None else {"number": order.rule, "name": order.rule_name},
            "notice": order.notice,
            "statement_url": order.statement_url,
        },
    }
    return json.dumps(body, separators=(",", ":")).encode()


def _iso(time: datetime | None) -> str | None:
    if time is None:
        return None
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
