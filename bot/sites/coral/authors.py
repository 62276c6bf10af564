"""Bans at Coral: for good, for a while, or by holding back what somebody writes; and their end."""

from datetime import timedelta

from bot.domain.effects import Order
from bot.ports import Clock
from bot.sites.base.json_value import JsonValue
from bot.sites.base.notices import with_statement
from bot.sites.base.refusals import gone, not_done, of_staff, same_end
from bot.sites.coral.api import (
    BAN,
    PREMOD,
    SUSPEND,
    UNBAN,
    UNPREMOD,
    UNSUSPEND,
    USER,
    CoralApi,
    CoralError,
)
from bot.sites.coral.reading import STAFF

_LONGEST = 2**31 - 1
"""Seconds of a suspension that GraphQL's Int can hold."""


def refuse_staff(author: JsonValue) -> None:
    """Let anybody pass but staff, whom Coral itself would let be banned.

    Raises:
        SiteCallFailed: The author is one of them.
    """
    role = author["role"].text()
    if role in STAFF:
        raise of_staff(author["username"].line(60), "Coral")


async def ban(api: CoralApi, order: Order, *, premoderate: bool, clock: Clock) -> None:
    """Make the author be banned as the order says; a ban for good stays if there is one.

    Raises:
        SiteCallFailed: Coral did not, or it cannot be seen that it did.
    """
    user = await _user(api, order.author_id)
    refuse_staff(user)
    status = user["status"]
    if status["ban.active"].flag():
        return
    if order.until is None:
        # The message is mailed to the author, so it holds what they may be told and no more.
        done = await api.change(
            BAN,
            order.key,
            userID=order.author_id,
            message=with_statement(order.notice or "", order),
            rejectExistingComments=False,
        )
        _require(done["user.status.ban.active"].flag(), "banned")
        return
    left = order.until - clock()
    if left > timedelta():
        await (_hold_back if premoderate else _suspend)(api, order, status, left)


async def _suspend(api: CoralApi, order: Order, status: JsonValue, left: timedelta) -> None:
    if status["suspension.active"].flag():
        if same_end(status["suspension.until"].time(), order.until):
            return
        # Coral refuses a second suspension, also one of another length.
        await api.change(UNSUSPEND, order.key, userID=order.author_id)
    seconds = min(int(left.total_seconds()), _LONGEST)
    done = await api.change(
        SUSPEND,
        order.key,
        userID=order.author_id,
        timeout=max(1, seconds),
        message=with_statement(order.notice or "", order),
    )
    suspension = done["user.status.suspension"]
    _require(
        suspension["active"].flag()
        and (seconds == _LONGEST or same_end(suspension["until"].time(), order.until)),
        "suspended until then",
    )


async def _hold_back(api: CoralApi, order: Order, status: JsonValue, left: timedelta) -> None:
    del left  # Coral knows no end of it; the desk takes it back
    if status["premod.active"].flag():
        return
    try:
        done = await api.change(PREMOD, order.key, userID=order.author_id)
    except CoralError as error:
        if error.code == "USER_ALREADY_PREMOD":
            return
        raise
    _require(done["user.status.premod.active"].flag(), "held back")


async def lift(api: CoralApi, order: Order, *, premoderate: bool) -> None:
    """Make the author be free to comment.

    Raises:
        SiteCallFailed: Coral did not, or it cannot be seen that it did.
    """
    status = (await _user(api, order.author_id))["status"]
    bars = {
        UNBAN: status["ban.active"].flag() or status["current"].first().text() == "BANNED",
        UNSUSPEND: status["suspension.active"].flag(),
        UNPREMOD: premoderate and status["premod.active"].flag(),
    }
    for undo, is_barred in bars.items():
        if is_barred:
            await api.change(undo, order.key, userID=order.author_id)
    if _is_kept_out((await _user(api, order.author_id))["status"]):
        raise not_done("Coral", "the author is still banned")


def _is_kept_out(status: JsonValue) -> bool:
    return bool(status["ban.active"].flag() or status["suspension.active"].flag())


async def _user(api: CoralApi, author_id: str) -> JsonValue:
    user = (await api.run(USER, {"id": author_id}))["user"]
    if not user:
        raise gone("Coral", "account")
    return user


def _require(true: object, what: str) -> None:
    if not true:
        raise not_done("Coral", f"the author is not {what}")
