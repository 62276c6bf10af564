"""The policy file as a whole: what may stand in it, and the same as the desk works with it."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.brake import BrakeRules
from bot.domain.policy import Emoji, Policy, ReactionBan, TwoPeople
from bot.domain.reporters import UnfoundedRules
from config.alerts import AlertsTable
from config.retention import RetentionTable
from config.routes import ChannelTable, RouteTable
from config.rules import RuleTable
from config.shifts import ClocksTable, RotaTable, shift_rules
from config.stories import StoriesTable, folded
from config.table import Table

_MAX_RULES = 25
_DEFAULT = Policy(rules=())


_EMOJI = (
    r"^(<a?:[A-Za-z0-9_]{2,32}:[0-9]{15,21}>|[^\sA-Za-z<>]{0,8}[^\x00-\x7f\s][^\sA-Za-z<>]{0,8})$"
)
_EmojiText = Annotated[
    str,
    Field(
        pattern=_EMOJI,
        description='one emoji, such as "✅", or one of your server\'s own, such as '
        '"<:keep:123456789012345678>"',
    ),
]


class _EmojiTable(Table):
    keep: _EmojiText = _DEFAULT.emoji.keep
    hide: _EmojiText = _DEFAULT.emoji.hide
    ban: _EmojiText = _DEFAULT.emoji.ban


class _BansTable(Table):
    ladder_days: list[Annotated[int, Field(ge=1, le=365)]] = Field(
        [step.days for step in _DEFAULT.ladder],
        min_length=1,
        max_length=10,
        description="1 to 10 whole numbers of days from 1 to 365, such as [1, 3, 7, 30, 90]",
    )


class _TwoPeopleTable(Table):
    actions: list[Literal["ban_for_good", "unhide_legal"]] = Field(
        ["ban_for_good", "unhide_legal"],
        description='a list of "ban_for_good" and "unhide_legal", or [] for neither',
    )
    agree_within_hours: int = Field(
        _DEFAULT.agree_within // timedelta(hours=1),
        ge=1,
        le=168,
        description="a whole number of hours from 1 to 168",
    )


class _BrakeTable(Table):
    bans: int = Field(
        _DEFAULT.brake.bans, ge=1, le=1000, description="a whole number from 1 to 1000"
    )
    hides: int = Field(
        _DEFAULT.brake.hides, ge=1, le=1000, description="a whole number from 1 to 1000"
    )
    overturns: int = Field(
        _DEFAULT.brake.overturns, ge=1, le=1000, description="a whole number from 1 to 1000"
    )
    within_minutes: int = Field(
        _DEFAULT.brake.within // timedelta(minutes=1),
        ge=1,
        le=60,
        description="a whole number of minutes from 1 to 60",
    )

    def rules(self) -> BrakeRules:
        return BrakeRules(
            bans=self.bans,
            hides=self.hides,
            overturns=self.overturns,
            within=timedelta(minutes=self.within_minutes),
        )


class _UnfoundedTable(Table):
    warned: int = Field(
        _DEFAULT.unfounded.warned, ge=0, le=100, description="a whole number from 0 to 100"
    )
    last: int = Field(
        _DEFAULT.unfounded.last, ge=1, le=100, description="a whole number from 1 to 100"
    )
    more: int = Field(
        _DEFAULT.unfounded.more, ge=1, le=100, description="a whole number from 1 to 100"
    )
    days: int = Field(
        _DEFAULT.unfounded.days, ge=1, le=365, description="a whole number of days from 1 to 365"
    )

    def rules(self) -> UnfoundedRules:
        return UnfoundedRules(warned=self.warned, last=self.last, more=self.more, days=self.days)


class PolicyTable(Table):
    """Everything that may stand in a policy file."""

    strike_days: int = Field(
        _DEFAULT.strike_days, ge=1, le=3650, description="a whole number of days from 1 to 3650"
    )
    undo_minutes: int = Field(
        _DEFAULT.undo_minutes, ge=0, le=1440, description="a whole number of minutes from 0 to 1440"
    )
    contests_alone: bool = Field(_DEFAULT.contests_alone, description="true or false")
    contest_days: int = Field(
        _DEFAULT.contests_for.days, ge=1, le=365, description="a whole number of days from 1 to 365"
    )
    contest_hours: int = Field(
        72, ge=0, le=720, description="a whole number of hours from 0 to 720"
    )
    calm_backlog: int = Field(
        _DEFAULT.calm_backlog, ge=0, le=100, description="a whole number of cases from 0 to 100"
    )
    blurred_words: list[Annotated[str, Field(pattern=r"^[^\W_]+(['\u2019-][^\W_]+)*\*?$")]] = Field(
        [],
        max_length=500,
        description='a list of words, such as ["word"], or of beginnings of words, as ["begin*"]',
    )
    reaction_ban: Literal["ask", "at once", "off"] = Field(
        _DEFAULT.reaction_ban.value, description='"ask", "at once" or "off"'
    )
    emoji: _EmojiTable = Field(
        _EmojiTable(), description="a table that begins with the line [emoji]"
    )
    bans: _BansTable = Field(
        default_factory=lambda: _BansTable.model_validate({}),
        description="a table that begins with the line [bans]",
    )
    two_people: _TwoPeopleTable = Field(
        default_factory=lambda: _TwoPeopleTable.model_validate({}),
        description="a table that begins with the line [two_people]",
    )
    unfounded: _UnfoundedTable = Field(
        default_factory=lambda: _UnfoundedTable.model_validate({}),
        description="a table that begins with the line [unfounded]",
    )
    brake: _BrakeTable = Field(
        default_factory=lambda: _BrakeTable.model_validate({}),
        description="a table that begins with the line [brake]",
    )
    alerts: AlertsTable = Field(
        default_factory=lambda: AlertsTable.model_validate({}),
        description="a table that begins with the line [alerts]",
    )
    clocks: ClocksTable = Field(
        default_factory=lambda: ClocksTable.model_validate({}),
        description="a table that begins with the line [clocks]",
    )
    rota: list[RotaTable] = Field(
        [], max_length=100, description="tables that each begin with the line [[rota]]"
    )
    stories: StoriesTable = Field(
        StoriesTable(), description="tables such as [stories.watch], one for each state"
    )
    channel: ChannelTable = Field(
        default_factory=lambda: ChannelTable.model_validate({}),
        description="a table that begins with the line [channel]",
    )
    retention: RetentionTable = Field(
        default_factory=lambda: RetentionTable.model_validate({}),
        description="a table that begins with the line [retention]",
    )
    routes: list[RouteTable] = Field(
        [], max_length=50, description="tables, each beginning with the line [[routes]]"
    )
    rules: list[RuleTable] = Field(
        min_length=1,
        max_length=_MAX_RULES,
        description=f"1 to {_MAX_RULES} tables, each beginning with the line [[rules]]",
    )

    def rule_numbers(self) -> dict[str, int]:
        """Return the house rules' numbers by all that may name them; a code counts before a name."""
        by_name = {folded(rule.name): rule.number for rule in self.rules}
        by_number = {str(rule.number): rule.number for rule in self.rules}
        return by_name | by_number | {folded(rule.code): rule.number for rule in self.rules}

    def policy(self) -> Policy:
        """Return the same as the desk works with it."""
        return Policy(
            rules=tuple(rule.rule() for rule in sorted(self.rules, key=lambda rule: rule.number)),
            reaction_ban=ReactionBan(self.reaction_ban),
            emoji=Emoji(keep=self.emoji.keep, hide=self.emoji.hide, ban=self.emoji.ban),
            strike_days=self.strike_days,
            undo_minutes=self.undo_minutes,
            contests_alone=self.contests_alone,
            contests_for=timedelta(days=self.contest_days),
            contests_within=timedelta(hours=self.contest_hours) if self.contest_hours else None,
            calm_backlog=self.calm_backlog,
            blurred=tuple(word.casefold() for word in self.blurred_words),
            brake=self.brake.rules(),
            unfounded=self.unfounded.rules(),
            alerts=self.alerts.rules(),
            stories=self.stories.rules(self.rule_numbers()),
            channel=self.channel.rules(),
            retention=self.retention.rules(),
            routes=tuple(
                route.route({rule.code: rule.number for rule in self.rules})
                for route in self.routes
            ),
            shift=shift_rules(self.clocks, self.rota, self.alerts.rules().zone),
            ladder=tuple(timedelta(days=days) for days in self.bans.ladder_days),
            two_people=frozenset(TwoPeople(action) for action in self.two_people.actions),
            agree_within=timedelta(hours=self.two_people.agree_within_hours),
        )
