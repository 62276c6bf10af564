"""Join a notice to its comment's case, which is looked for once the notice is on disk.

What could go wrong, and why it cannot: a page that tells by the time it takes whether a comment is
known (it does not look; this does, afterwards), an address that makes the desk call somebody (it is
only read, and the comment's own site is asked by its id), a comment that another address names (what
a site tells of has to stand on the page that was named), and a site that is down (it is asked again
for a day, and the notice's card stands meanwhile).
"""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.domain.cases import NoticeKind
from bot.domain.comments import Receipt, Report
from bot.domain.errors import NoChange, SiteDown, apart
from bot.domain.ids import CaseId, ReporterKey, RuleNumber, SiteId
from bot.domain.legal import Consent
from bot.domain.policy import Policy
from bot.domain.readers.notice import RULE_CODES, Notice, NoticeText, is_same_page
from bot.domain.site import About
from bot.ports import AskedSite
from bot.services.cases import legal
from bot.services.cases.receive import receive
from bot.services.desk import Desk
from bot.services.outbox_worker import keep_on
from bot.services.redraw import draw_notice
from bot.store.tx import Tx

log = logging.getLogger(__name__)

_THE_PAGE = "the readers' pages"
_BATCH = 20
_LOOK_EVERY = 5.0
"""Seconds between looks when no notice comes; sites that are down are asked again by time."""
LOOKED_FOR = timedelta(seconds=2)
"""How long a notice's card waits for its comment to be found, so that it is drawn once."""
_AGAIN = timedelta(minutes=5)
_ASKED_FOR = timedelta(days=1)
"""How long sites that are down are asked again."""


def join_case(tx: Tx, notice: Notice, case_id: CaseId, now: datetime) -> Notice:
    """Let a notice be about a case, whose card tells of it; a legal one starts its clocks there.

    Raises:
        NoChange: It is about a case already, whose legal clocks it started.
    """
    started = None
    if notice.kind is NoticeKind.LEGAL:
        by = notice.taken_by or _THE_PAGE
        said = _complaint(notice.said, case_id)
        started = legal.begin(tx, said, by, now, received=notice.received_at).id
    if not tx.notices.tie(notice, case_id, started):
        raise NoChange("This notice is about a case already. Nothing was changed.")
    case = tx.cases.get(case_id)
    if case is not None:
        tx.cases.touch(case, now)
    tx.notices.seek(notice, None)
    return replace(notice, case_id=case_id, legal_id=started, seek_at=None)


def _complaint(said: NoticeText, case_id: CaseId) -> legal.Complaint:
    return legal.Complaint(
        case_id=case_id,
        name=said.name,
        email=said.email,
        meaning=said.text,
        falsity=said.falsity,
        unknown=said.unknown,
        consent=_consent(said.may_name),
        email_consent=_consent(said.may_email),
    )


def _consent(said: bool | None) -> Consent:
    if said is None:
        return Consent.UNSAID
    return Consent.GIVEN if said else Consent.REFUSED


async def keep_seeking(desk: Desk, sites: Mapping[SiteId, AskedSite]) -> None:
    """Look for the comments that notices name, for ever."""
    await keep_on(desk, partial(seek, desk, sites), look_every=_LOOK_EVERY)


async def seek(desk: Desk, sites: Mapping[SiteId, AskedSite]) -> bool:
    """Look for the comments of some notices; false if there are none to look for."""
    now = desk.clock()
    due = await desk.store.read(lambda tx: tx.notices.to_seek(now, limit=_BATCH))
    # What the desk knows does not wait for a site that is slow to answer.
    known = await desk.store.write(lambda tx: [_joined(tx, one, now) for one in due])
    for notice in (one for one, joined in zip(due, known, strict=True) if not joined):
        await _ask(desk, sites, notice)
    return bool(due)


def _joined(tx: Tx, notice: Notice, now: datetime) -> bool:
    """Join a notice to the case that the desk has of its comment; false if it has none."""
    case_id = notice.case_id or tx.notices.case_at(notice.said.address)
    if case_id is None:
        return False
    _join_late(tx, notice, case_id, now)
    return True


def _join_late(tx: Tx, notice: Notice, case_id: CaseId, now: datetime) -> None:
    notice = tx.notices.get(notice.id) or notice
    if notice.case_id is not None or notice.answered_at is not None:
        tx.notices.seek(notice, None)  # somebody was quicker
        return
    joined = join_case(tx, notice, case_id, now)
    if notice.at is not None or now >= notice.received_at + LOOKED_FOR:
        draw_notice(tx, joined, now, f"tied:{case_id}")  # it may have been drawn without it


async def _ask(desk: Desk, sites: Mapping[SiteId, AskedSite], notice: Notice) -> None:
    """Ask each site for a notice's comment; what none has is looked for no more."""
    again: datetime | None = None
    for name, site in sites.items():
        about: About | None = None
        try:
            with apart(SiteDown) as part:
                about = await site.find(notice.said.address)
            if part.fault is not None:
                log.error("site %s was not asked for a comment", name, exc_info=part.fault)
        except SiteDown as down:
            log.info("site %s was asked for the comment of notice %s: %s", name, notice.id, down)
            again = desk.clock() + _AGAIN
        if about is not None and _stands_there(about, notice.said.address):
            await _open(desk, _report(desk, name, about, notice), notice)
            return
    late = again is not None and again > notice.received_at + _ASKED_FOR
    await desk.store.write(lambda tx: tx.notices.seek(notice, None if late else again))


def _stands_there(about: About, address: str) -> bool:
    return is_same_page(about.comment.permalink or about.story.url, address)


async def _open(desk: Desk, report: Report, notice: Notice) -> None:
    def also(tx: Tx, receipts: list[Receipt]) -> None:
        _join_late(tx, notice, receipts[0].case_id, desk.clock())

    await receive(desk, [report], also=also)


def _report(desk: Desk, site: SiteId, about: About, notice: Notice) -> Report:
    """Return the report by which a comment that was never reported becomes a case."""
    now = desk.clock()
    return Report(
        site=site,
        delivery=f"notice-{notice.id}-{notice.reference}",
        comment=replace(about.comment, read_at=now),
        author=about.author,
        story=about.story,
        # Each notice is somebody of its own, whom no other report tells of.
        reporter=ReporterKey(secrets.token_bytes(16)),
        rule=_rule(notice.kind, desk.policy().at(site)),
        note=None,
        at=now,
    )


def _rule(kind: NoticeKind, policy: Policy) -> RuleNumber:
    """Return the rule that a kind of notice stands for: what the law asks, or the mildest."""
    named = policy.by_code.get(RULE_CODES.get(kind, ""))
    return (named or policy.mildest).number
