"""Signed reports, alone and in batches; answered once they are on disk."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import aiohttp
from aiohttp import hdrs, web

from bot.domain.comments import Receipt, Report
from bot.domain.errors import IdUsedBefore, apart
from bot.domain.ids import SiteId
from bot.domain.policy import Policy
from bot.domain.site import SiteKeys
from bot.ports import Clock
from bot.services.about import in_newsroom
from bot.store.errors import StoreBusy
from bot.web.door import Timeouts, is_compressed
from bot.web.health import Metrics
from bot.web.models import ReportBody
from bot.web.problems import (
    FieldProblem,
    id_used_before,
    invalid,
    not_json,
    not_json_by_headers,
    refused_by_store,
    too_large,
    unsigned,
)
from bot.web.reading import Unreadable, read_report
from bot.web.shape import read_batch, read_single
from bot.web.signature import NO_MATCH, Sender, Signatures

Receive = Callable[[Sequence[Report]], Awaitable[Sequence[Receipt]]]

SINGLE_LIMIT = BATCH_LIMIT = 1024 * 1024
"""Bytes of a body: a report of the longest texts, of whose characters each is escaped as
``\\uXXXX``, has three quarters of that."""

_BREATH = 25
"""Reports of a batch that are read before other tasks of the loop get a turn."""

_COUNTED = {
    True: b'{"case": %d, "counted": true}',
    False: b'{"case": %d, "counted": false}',
}
_JSON = {hdrs.CONTENT_TYPE: "application/json"}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Both ways in."""

    receive: Receive
    sites: Mapping[SiteId, SiteKeys]
    signatures: Signatures
    policy_of: Callable[[SiteId], Policy]
    newsroom_of: Callable[[SiteId], str]
    clock: Clock
    metrics: Metrics
    timeouts: Timeouts

    async def single(self, request: web.Request) -> web.Response:
        """Take one report.

        Raises:
            Problem: It is refused, and nothing of it is kept.
        """
        body = await _read(request, SINGLE_LIMIT, self.timeouts.body)
        now = self.clock()
        sender = self.signatures.check(request.headers, body, now)
        shaped = read_single(body)
        _require_own(shaped.site, sender)
        try:
            report = read_report(
                shaped,
                sender,
                sender.delivery,
                self.sites[sender.site],
                self.policy_of(sender.site),
                now,
            )
        except Unreadable as trouble:
            self.metrics.reported(sender.site, "refused")
            raise invalid([trouble.error]) from None
        (receipt,) = await self._store([report])
        return _accepted(_COUNTED[receipt.counted] % receipt.case_id)

    async def batch(self, request: web.Request) -> web.Response:
        """Take up to 500 reports; the good ones are kept even if others are not.

        Raises:
            Problem: The batch is refused, and nothing of it is kept.
        """
        body = await _read(request, BATCH_LIMIT, self.timeouts.body)
        now = self.clock()
        sender = self.signatures.check(request.headers, body, now)
        site, entries = read_batch(body)
        _require_own(site, sender)
        read = await self._read_entries(entries, sender, now)
        reports = [entry for entry in read if isinstance(entry, Report)]
        self.metrics.reported(sender.site, "refused", len(read) - len(reports))
        receipts = iter(await self._store(reports) if reports else ())
        answers = b", ".join(
            _COUNTED[(receipt := next(receipts)).counted] % receipt.case_id
            if isinstance(entry, Report)
            else _refused(index, entry)
            for index, entry in enumerate(read)
        )
        return _accepted(b'{"answers": [%b]}' % answers)

    async def _read_entries(
        self,
        entries: Iterable[ReportBody | list[FieldProblem]],
        sender: Sender,
        now: datetime,
    ) -> list[Report | list[FieldProblem]]:
        """Return each report of a batch, or what is wrong with it, letting others in between."""
        keys, policy = self.sites[sender.site], self.policy_of(sender.site)
        read: list[Report | list[FieldProblem]] = []
        for index, entry in enumerate(entries):
            if index % _BREATH == _BREATH - 1:
                await asyncio.sleep(0)
            if isinstance(entry, list):
                read.append(entry)
                continue
            place = f"{sender.delivery}/{index}"
            try:
                read.append(read_report(entry, sender, place, keys, policy, now))
            except Unreadable as trouble:
                read.append([trouble.error])
        return read

    async def _store(self, reports: Sequence[Report]) -> Sequence[Receipt]:
        started = time.perf_counter()
        receipts: Sequence[Receipt] = ()
        try:
            with apart(IdUsedBefore) as part:
                receipts = await self.receive(reports)
        except IdUsedBefore:
            self.metrics.reported(reports[0].site, "refused", len(reports))
            raise id_used_before() from None
        if isinstance(part.fault, StoreBusy):
            raise refused_by_store()  # no line of the log each: the busier, the more there are
        if part.fault is not None:
            # Whatever hindered the store, the site must send again. The text of the error may quote
            # what was stored, so only its kind is told.
            with in_newsroom(self.newsroom_of(reports[0].site)):
                kind = type(part.fault).__name__
                _log.error("%d reports were not stored: %s", len(reports), kind)
            raise refused_by_store()
        self.metrics.stored(time.perf_counter() - started)
        counted = sum(receipt.counted for receipt in receipts)
        self.metrics.reported(reports[0].site, "counted", counted)
        self.metrics.reported(reports[0].site, "known", len(receipts) - counted)
        return receipts


def _require_own(site: str, sender: Sender) -> None:
    """Refuse a body that speaks for another site, in the words an unknown site gets."""
    if site != sender.site:
        raise unsigned(NO_MATCH)


def _refused(index: int, errors: Sequence[FieldProblem]) -> bytes:
    problem = invalid(errors, again="again, under a new webhook-id")
    return json.dumps({"index": index, "problem": problem.as_json()}).encode()


def _accepted(body: bytes) -> web.Response:
    return web.Response(status=HTTPStatus.ACCEPTED, body=body, headers=_JSON)


async def _read(request: web.Request, limit: int, seconds: float) -> bytes:
    """Return the body.

    Raises:
        Problem: It is no JSON by its headers, too large, or did not arrive.
    """
    _require_json(request)
    length = request.content_length
    if length is not None and length > limit:
        raise too_large(limit)
    try:
        if request.content.is_eof():  # it came with its head, as small ones do
            body = request.content.read_nowait()
        else:
            async with asyncio.timeout(seconds):
                body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise too_large(limit) from None
    except (TimeoutError, aiohttp.ClientError, web.RequestPayloadError, ConnectionError):
        raise not_json("The body did not arrive in full. Send the request again.") from None
    if len(body) > limit:
        raise too_large(limit)
    return body


def _require_json(request: web.Request) -> None:
    headers = request.headers
    if headers.get(hdrs.CONTENT_TYPE) == "application/json" and (
        hdrs.CONTENT_ENCODING not in headers
    ):
        return
    charset = (request.charset or "utf-8").lower()
    if (
        request.content_type != "application/json"
        or charset not in {"utf-8", "utf8"}
        or is_compressed(request)
    ):
        raise not_json_by_headers()
