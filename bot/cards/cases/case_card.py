"""The card: one case as moderators see it in their channel."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import discord

from bot.cards import escape, parts
from bot.cards.cases import case_lines, facts, life_card, progress, proposals
from bot.cards.presses.cases import OpenCase, ReadNotes, ReadText, SkipCase, TryNow
from bot.cards.presses.persistent_items import PressButton, button
from bot.cards.presses.scheme import on_case
from bot.cards.text import alerts as alert_text
from bot.cards.text import cases as case_text
from bot.cards.text import common as common_text
from bot.cards.text import contests as contest_text
from bot.cards.text import staff as staff_text
from bot.domain.cases import CaseView
from bot.domain.decisions import Action, Decision
from bot.domain.policy import Policy

LATE: Final = timedelta(minutes=10)
"""How long after its report a card may be posted without saying so."""

_LENGTHS: Final = (600, 400, 250, 120)
"""Characters shown of a comment; the later ones where escaping made much of it longer."""
_LEAST: Final = 60
"""Where not even those fit, beside a link of thousands, what else is known is left to “More”."""
_DECIDED_LENGTH: Final = 80
_LARGE: Final = 100
"""A comment up to this long is printed large."""


def render(
    view: CaseView,
    policy: Policy,
    *,
    now: datetime,
    posted: datetime | None = None,
    site_can: Collection[Action] = frozenset(Action),
    skip: bool = False,
) -> discord.ui.LayoutView:
    """Draw the card as the case stands at `now`; `skip` offers to let go of an open one.

    `posted` is when the card's message was posted, `None` if it is about to be; a card posted
    long after its report says so. A button that the site cannot honour (`site_can`) is left out.
    Send it with `allowed_mentions=AllowedMentions.none()`.
    """
    card = _Card(
        view=view,
        policy=policy,
        now=now,
        late=(posted or now) - view.case.opened_at > LATE,
        site_can=frozenset(site_can),
        skip=skip,
    )
    if view.decision is not None:
        return card.decided(view.decision)
    return parts.fitting(card.open, (*_LENGTHS, _LEAST))


def unshowable(view: CaseView) -> discord.ui.LayoutView:
    """Draw a card with none of what a reader wrote, for Discord refuses to show that.

    It has no button that decides: nobody decides about a text they have not seen.
    """
    case, label = view.case, case_text.MORE if view.case.is_open else case_text.OPEN
    opens = button(on_case(OpenCase, case), label)
    return parts.card((parts.text(case_text.unshowable(case.id, label)), parts.row(opens)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    """One card being drawn."""

    view: CaseView
    policy: Policy
    now: datetime
    late: bool
    site_can: frozenset[Action]
    skip: bool

    def open(self, length: int) -> discord.ui.LayoutView:
        """Draw a case that waits, with so much of its text."""
        rule = self.policy.rule(self.view.case.top_rule)
        troubled = progress.is_troubled(self.view)
        colour = case_text.TROUBLE_COLOUR if troubled else case_text.COLOURS[rule.severity]
        return parts.card(self._open_items(length), colour)

    def decided(self, decision: Decision) -> discord.ui.LayoutView:
        """Draw a case that is settled: small, with what was done and how to undo it."""
        troubled = progress.is_troubled(self.view)
        colour = (
            case_text.TROUBLE_COLOUR if troubled else case_text.DECIDED_COLOURS[decision.action]
        )
        return parts.card(self._decided_items(decision), colour)

    def _open_items(self, length: int) -> Iterator[parts.Item]:
        view, policy = self.view, self.policy
        yield parts.text(
            facts.headline(view, policy),
            case_text.received_late(view.case.opened_at) if self.late else None,
            progress.story(view, policy),
            progress.reopened(view),
            progress.notices(view.notices),
            facts.taken_back(view),
            facts.reasons(view, policy),
            facts.uncounted(view),
            facts.warning(view, policy),
        )
        yield from life_card.checklist(view)
        yield parts.text(self._comment(length))
        if escape.is_longer(view.comment.text, length):
            yield parts.row(self._read_all())
        yield self._known(length)
        yield from facts.on_card(view, self.now)
        yield from proposals.waiting(view, policy, self.now)
        said = progress.trouble(view)
        if said is not None:
            yield parts.text(said)
            yield parts.row(self._try_now())
        yield parts.row(*self._to_press())
        if self.skip:
            yield parts.row(button(on_case(SkipCase, view.case), staff_text.SKIP))

    def _known(self, length: int) -> parts.Item:
        view, policy = self.view, self.policy
        if length == _LEAST:
            return parts.text(facts.author(view, self.now), facts.story(view))
        return parts.text(
            facts.edited(view, policy, length),
            facts.author(view, self.now),
            *case_lines.said(view.hints, self.now, most=2),
            facts.story(view),
            facts.parent(view, policy),
            facts.why(view) if view.why else None,
            parts.small(alert_text.brigade_on_case(view.brigade))
            if view.brigade is not None
            else None,
        )

    def _to_press(self) -> Iterator[PressButton]:
        view, case = self.view, self.view.case
        # Nobody decides about a text they have not seen.
        if view.withheld is None:
            yield from parts.verdicts(view, self.policy, self.site_can)
        if view.notes:
            yield button(on_case(ReadNotes, case), case_text.READERS_NOTES)
        yield button(on_case(OpenCase, case), case_text.MORE)

    def _comment(self, length: int) -> str:
        quoted = parts.quote(self.view, self.policy, self.view.comment.text, length)
        has_text = self.view.withheld is None and quoted != case_text.NO_TEXT
        is_short = len(quoted) <= _LARGE and "\n" not in quoted and has_text
        return f"### {quoted}" if is_short else quoted

    def _decided_items(self, decision: Decision) -> Iterator[parts.Item]:
        view = self.view
        text = parts.quote(view, self.policy, view.comment.text, _DECIDED_LENGTH, lines=1)
        yield parts.text(
            parts.joined(
                progress.verdict(view, decision, self.policy),
                progress.site(view),
                common_text.case(view.case.id),
                progress.story_mark(view),
            ),
            parts.small(parts.joined(text, parts.name(view.author.name))),
            parts.small(case_text.reported_since(view.again, view.case.reported_at))
            if view.again
            else None,
            parts.small(contest_text.on_case(view.contests[-1])) if view.contests else None,
            progress.notices(view.notices),
        )
        yield from proposals.waiting(view, self.policy, self.now)
        said = progress.trouble(view)
        if said is not None:
            yield parts.text(said)
        if view.life is not None and view.life.left:
            yield from life_card.checklist(view)
        yield parts.row(*self._afterwards(decision))

    def _afterwards(self, decision: Decision) -> Iterator[PressButton]:
        if progress.is_troubled(self.view):
            yield self._try_now()
        yield from parts.undo(decision, self.site_can)
        yield button(on_case(OpenCase, self.view.case), case_text.OPEN)

    def _try_now(self) -> PressButton:
        return button(
            on_case(TryNow, self.view.case), case_text.TRY_NOW, discord.ButtonStyle.primary
        )

    def _read_all(self) -> PressButton:
        label = case_text.read_all(self.view.comment.text)
        return button(on_case(ReadText, self.view.case), label)
