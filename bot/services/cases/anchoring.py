"""Once a day, sign how far the record reaches: into a file, and to the editors if they want it."""

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from bot.domain.anchors import Anchor, to_line, to_sign
from bot.domain.chain import GENESIS
from bot.domain.effects import EffectKind
from bot.domain.errors import DeskError
from bot.services.desk import Desk
from bot.store.anchors import AnchorFile
from bot.store.tx import Tx

log = logging.getLogger(__name__)

ANCHOR: Final = "anchor"
"""Begins the name of the message to editors."""
_LOOK_EVERY: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchoring:
    """Where anchors are kept, who signs them, and whether the editors get each too.

    `public` returns the public key and `sign` a signature, both in hex; both may raise `DeskError`.
    """

    file: AnchorFile
    public: Callable[[], str]
    sign: Callable[[bytes], str]
    tells_editors: bool


async def keep_anchoring(
    desk: Desk, anchoring: Anchoring, clock_is_wrong: Callable[[], bool]
) -> None:
    """Set an anchor each day, for ever; while it cannot be, say so once."""
    said = ""
    while True:
        words = ""
        if not clock_is_wrong():
            try:
                await anchor_if_due(desk, anchoring)
            except DeskError as trouble:
                words = str(trouble)
        if words and words != said:
            log.error("%s", words)
        said = words
        await asyncio.sleep(_LOOK_EVERY)


async def anchor_if_due(desk: Desk, anchoring: Anchoring) -> Anchor | None:
    """Set today's anchor, by UTC, if there is none yet and something to anchor.

    Raises:
        DeskError: It cannot be signed or written.
    """
    now = desk.clock()
    kept = anchoring.file.all()
    if kept and kept[-1].at.date() >= now.date():
        return None

    def counted(tx: Tx) -> Anchor:
        last, step = tx.decisions.last(), tx.contest_steps.last()
        return Anchor(
            at=now,
            decisions=last.id if last else 0,
            erasures=tx.erasures.count(),
            contest_steps=step.id if step else 0,
            head=tx.decisions.head(),
            contest_head=step.digest if step else GENESIS,
            key="",
        )

    anchor = await desk.store.read(counted)
    if not any(anchor.counts):
        return None
    anchor = replace(anchor, key=anchoring.public())
    signed = replace(anchor, signature=anchoring.sign(to_sign(anchor)))
    if anchoring.tells_editors:
        await desk.store.write(lambda tx: _tell(tx, signed))
    anchoring.file.add(signed)
    return signed


def _tell(tx: Tx, anchor: Anchor) -> None:
    """Let the editors have it; once a day, also if the file could not be written after this."""
    name = f"{ANCHOR}:{anchor.at:%Y-%m-%d}"
    if tx.messages.bulletin(name) is None:
        tx.messages.put_bulletin(name, json.dumps(to_line(anchor)))
        tx.outbox.want_alert(EffectKind.BULLETIN, name=name, due_at=anchor.at, now=anchor.at)
