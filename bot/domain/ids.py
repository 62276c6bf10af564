"""Identifiers, kept apart by type so that none is passed for another; and places in Discord."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, NewType

_DISCORDS_FIRST: Final = datetime(2015, 1, 1, tzinfo=UTC)

SiteId = NewType("SiteId", str)
"""The name an operator gave a comment platform in the settings, such as ``courier``."""

CaseId = NewType("CaseId", int)
"""The number people say aloud: case 1042."""

DecisionId = NewType("DecisionId", int)
"""Position of a decision in the record, from 1; also the idempotency key at the site."""

EffectId = NewType("EffectId", int)
"""A row of the outbox."""

RuleNumber = NewType("RuleNumber", int)
"""The number of a house rule, as printed."""

PersonId = NewType("PersonId", int)
"""A Discord user."""

ReporterKey = NewType("ReporterKey", bytes)
"""16 bytes standing for one reader at one site; made with the site's secret, not reversible."""


def first_id_of(moment: datetime) -> int:
    """Return the least id that a message of that moment can have.

    The upper 42 of its 64 bits are milliseconds since 2015 (Discord's reference, "Snowflakes").
    """
    return int((moment - _DISCORDS_FIRST).total_seconds() * 1000) << 22


class MessageKind(StrEnum):
    """A message that stays where it is and is edited."""

    OVERVIEW = "overview"
    BACKLOG = "backlog"
    """Of each channel one: the cases that wait for a card."""
    BULLETIN = "bulletin"
    """Of each name one: the editors' summaries, and lines for what is held back."""
    LEGAL = "legal"
    """Of each legal notice one."""
    CONTEST = "contest"
    """Of each contest one."""
    NOTICE = "notice"
    """Of each other notice one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRef:
    """Where a message stands."""

    channel_id: int
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The channels in which the desk speaks, and the roles that it calls there."""

    guild_id: int
    channel_id: int
    """The moderators' channel, where a card stands that no route sends elsewhere."""
    log_channel_id: int | None = None
    editors_channel_id: int | None = None
    appeals_channel_id: int | None = None
    moderator_roles: tuple[int, ...] = ()
    senior_roles: tuple[int, ...] = ()
    editor_roles: tuple[int, ...] = ()

    @property
    def editors(self) -> int:
        """Where editors are called: their own channel or, without one, the moderators'."""
        return self.editors_channel_id or self.channel_id

    @property
    def appeals(self) -> int:
        """Where contests stand: in a channel of their own or, without one, the moderators'."""
        return self.appeals_channel_id or self.channel_id

    @property
    def all(self) -> tuple[int, ...]:
        """Every one of them once, the moderators' first."""
        named = (
            self.channel_id,
            self.editors_channel_id,
            self.log_channel_id,
            self.appeals_channel_id,
        )
        return tuple(dict.fromkeys(one for one in named if one is not None))
