"""The one place where what happened, good or bad, becomes an answer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import aiohttp
import discord

from bot.cards.cases import case_answers, facts
from bot.cards.parts import Pictured
from bot.cards.text import decisions as decision_text
from bot.domain.errors import AlreadyClaimed, AlreadyDecided, CommentEdited, DeskError
from bot.services.cases import lookup
from bot.services.cases.reverse import may_change
from bot.services.desk import Desk
from bot.store.errors import StoreTrouble
from cogs import way_back
from cogs.going_on import going_on
from cogs.people import person
from cogs.site_answer import heard, was_not_done
from cogs.way_back import is_answer

T = TypeVar("T")

log = logging.getLogger(__name__)

_PATIENCE = 1.5
"""Seconds before the answer is put off; Discord gives three, and the way there takes some."""


UNHEARD = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError)
"""What is raised when Discord cannot be told something; discord.py lets some of it through."""


async def reply(
    interaction: discord.Interaction[Any],
    desk: Desk,
    work: Callable[[], Awaitable[discord.ui.LayoutView]],
    *,
    passing: bool = False,
) -> None:
    """Do the work and answer with what it returns, for the person's eyes only.

    What the work raises on purpose is explained instead. Where the work takes long, Discord is
    told to wait, so that nobody reads "This interaction failed" over a decision that was kept.
    An answer to a press on an earlier answer takes its place, and any other answer to a press makes
    the one before it go; a command's stays, unless it is `passing` as a press's is. What a site
    then does not do is said in place of that it is being told.
    """
    task = asyncio.ensure_future(_explained(interaction, desk, work))
    await asyncio.wait({task}, timeout=_PATIENCE)
    passes = passing or interaction.type is not discord.InteractionType.application_command
    try:
        if not task.done():
            await interaction.response.defer(ephemeral=True, thinking=not is_answer(interaction))
        sent = await _answer(interaction, await task, passing=passes)
    except UNHEARD as error:
        # The work is done and on disk; only the answer is lost, and the card will show it.
        await task
        log.warning("an answer did not arrive: %s", error)
        return
    shown = await task
    if isinstance(shown, case_answers.Ruled):
        await _say_what_was_not_done(interaction, desk, shown, sent)


async def _say_what_was_not_done(
    interaction: discord.Interaction[Any], desk: Desk, shown: case_answers.Ruled, sent: int
) -> None:
    """Change an answer once its site has not done what it says, unless it says something else now."""
    client = interaction.client
    try:
        new = await heard(desk, [shown.done], client.is_closed)
        if new is None or not was_not_done(new[0]) or not client.passing.stands(interaction, sent):
            return
        by = interaction.user.id
        said = case_answers.typed(new, desk.policy(), site_can=desk.site_can, asked_by=by)
        said = await going_on(interaction, desk, said)
        await interaction.edit_original_response(view=said)
    except (*UNHEARD, StoreTrouble) as error:
        log.info("an answer stays as it is: %s", error)


async def ask(
    interaction: discord.Interaction[Any],
    desk: Desk,
    form: Callable[[], Awaitable[discord.ui.Modal | discord.ui.LayoutView]],
) -> None:
    """Show the form that `form` returns, or the answer that it returns instead of one.

    What it raises is explained, so that nobody fills in what they could not send off. A form
    cannot be put off as an answer can, so `form` must do no more than look something up.
    """
    shown = await _explained(interaction, desk, form)
    try:
        if isinstance(shown, discord.ui.Modal):
            await interaction.response.send_modal(shown)
        else:
            await _answer(interaction, shown, passing=True)
    except UNHEARD as error:
        log.warning("a form was not shown: %s", error)


async def _answer(
    interaction: discord.Interaction[Any], view: discord.ui.LayoutView, *, passing: bool
) -> int:
    """Give an answer, in place of the one that was pressed or as a new one; return its message."""
    passed = interaction.client.passing
    if is_answer(interaction):
        put_off = interaction.response.is_done()
        edit = interaction.edit_original_response if put_off else interaction.response.edit_message
        await edit(view=view, attachments=_files(view))
        passed.changed(interaction)
        return interaction.message.id if interaction.message else 0
    sent = await _send(interaction, view)
    passed.wrote(interaction, sent)
    if passing:
        await passed.given(interaction, sent)
    return sent


async def _send(interaction: discord.Interaction[Any], view: discord.ui.LayoutView) -> int:
    """Give an answer of its own, and return its message, 0 if Discord does not say which."""
    how: dict[str, Any] = {"view": view, "files": _files(view), "ephemeral": True}
    if interaction.response.is_done():
        return (await interaction.followup.send(**how, wait=True)).id
    return (await interaction.response.send_message(**how)).message_id or 0


def _files(view: discord.ui.LayoutView) -> list[discord.File]:
    return list(view.files) if isinstance(view, Pictured) else []


async def _explained(
    interaction: discord.Interaction[Any],
    desk: Desk,
    work: Callable[[], Awaitable[T]],
) -> T | discord.ui.LayoutView:
    try:
        shown = await work()
    except DeskError as error:
        said = await explain(desk, error, interaction.user, interaction.channel_id)
        said = await way_back.offered(said, interaction, desk, refused=error)
        return await going_on(interaction, desk, said)
    except Exception:  # an interaction is a task of its own; the person must hear of it
        log.exception("a press or command failed")
        return case_answers.saying(decision_text.FAILED_PRESS)
    if isinstance(shown, discord.ui.LayoutView):
        shown = await way_back.offered(shown, interaction, desk)
        return await going_on(interaction, desk, shown)
    return shown


async def explain(
    desk: Desk,
    error: DeskError,
    user: discord.User | discord.Member,
    where: int | None = None,
) -> discord.ui.LayoutView:
    """Return the answer that says what went wrong and what to do."""
    policy = desk.policy()
    if isinstance(error, AlreadyDecided):
        return case_answers.already_decided(
            error.decision,
            policy,
            site_can=desk.site_can,
            asked_by=user.id,
            may_change=await may_change(desk, error.decision, person(user)),
        )
    if isinstance(error, AlreadyClaimed):
        return facts.claimed_by_other(error)
    if isinstance(error, CommentEdited):
        view = await lookup.view(desk, error.case_id, person(user), where=where)
        return case_answers.edited(view, policy, site_can=desk.site_can)
    return case_answers.trouble(error, policy)
