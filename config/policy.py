"""Reads the newsroom's policy file, and says line by line what is wrong with a bad one."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from bot.domain.errors import DeskError
from bot.domain.ids import RuleNumber
from bot.domain.policy import Emoji, Policy, Rule, Severity, TwoPeople
from config.alerts import AlertsTable
from config.lines import Key, line_of
from config.routes import ChannelTable, RouteTable, without_rule
from config.shifts import ClocksTable, RotaTable, shift_rules
from config.stories import StoriesTable

_MAX_RULES = 25
_MAX_BYTES = 256 * 1024
_MOST_SHOWN = 40
_DEFAULT = Policy(rules=())


class Problem(NamedTuple):
    """One thing wrong in a policy file. `line` counts from 1; `None` is the file as a whole."""

    line: int | None
    words: str


class PolicyError(DeskError):
    """The policy file cannot be used; each problem is a line of the text."""

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        super().__init__(
            "\n".join(
                f"{source}: {words}" if line is None else f"{source}, line {line}: {words}"
                for line, words in problems
            )
        )
        self.source = source
        self.problems = tuple(problems)


class _Table(BaseModel):
    # Each field's description completes the sentence "`key` is ...; it should be ...".
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


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


class _EmojiTable(_Table):
    keep: _EmojiText = _DEFAULT.emoji.keep
    hide: _EmojiText = _DEFAULT.emoji.hide
    ban: _EmojiText = _DEFAULT.emoji.ban


def _sentence(most: int) -> Any:
    return Field(
        pattern=r"^\s*\S",
        max_length=most,
        description=f"text in quotes, not empty, of at most {most} characters",
    )


class _RuleTable(_Table):
    number: int = Field(ge=1, le=999, description="a whole number from 1 to 999, such as 3")
    code: str = Field(
        pattern=r"^[a-z][a-z0-9-]{1,31}$",
        description="2 to 32 small letters, digits and hyphens, beginning with a letter, such as "
        '"harassment"',
    )
    name: str = Field(
        pattern=r"^[^\W\d_][^\x00-\x1f]*$",
        max_length=40,
        description="at most 40 characters on one line, beginning with a letter, such as "
        '"Harassment"',
    )
    text: str = _sentence(500)
    severity: Literal["low", "medium", "high", "critical"] = Field(
        description='"low", "medium", "high" or "critical"'
    )
    notice: str = _sentence(500)
    spoiler: bool = Field(False, description="true or false, without quotes")
    legal: bool = Field(False, description="true or false, without quotes")
    urgent: Literal["", "life"] = Field("", description='"life", or left out')
    reasons: list[Annotated[str, Field(min_length=1, max_length=90)]] = Field(
        [],
        max_length=10,
        description='at most 10 texts of at most 90 characters, such as ["It names a victim."]',
    )


class _BansTable(_Table):
    ladder_days: list[Annotated[int, Field(ge=1, le=365)]] = Field(
        [step.days for step in _DEFAULT.ladder],
        min_length=1,
        max_length=10,
        description="1 to 10 whole numbers of days from 1 to 365, such as [1, 3, 7, 30, 90]",
    )


class _TwoPeopleTable(_Table):
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


class _PolicyTable(_Table):
    strike_days: int = Field(
        _DEFAULT.strike_days, ge=1, le=3650, description="a whole number of days from 1 to 3650"
    )
    undo_minutes: int = Field(
        _DEFAULT.undo_minutes, ge=0, le=1440, description="a whole number of minutes from 0 to 1440"
    )
    calm_backlog: int = Field(
        _DEFAULT.calm_backlog, ge=0, le=100, description="a whole number of cases from 0 to 100"
    )
    blurred_words: list[Annotated[str, Field(pattern=r"^[^\W_]+(['\u2019-][^\W_]+)*\*?$")]] = Field(
        [],
        max_length=500,
        description='a list of words, such as ["word"], or of beginnings of words, as ["begin*"]',
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
    routes: list[RouteTable] = Field(
        [], max_length=50, description="tables, each beginning with the line [[routes]]"
    )
    rules: list[_RuleTable] = Field(
        min_length=1,
        max_length=_MAX_RULES,
        description=f"1 to {_MAX_RULES} tables, each beginning with the line [[rules]]",
    )


def load_policy(path: Path | None = None) -> Policy:
    """Read a policy file; without a path, the policy that is delivered with the project.

    Raises:
        PolicyError: The file is missing, is not TOML, or says something it must not. Its text
            names every problem with its line and what would be right.
    """
    source = str(path) if path is not None else "policy.toml"
    text = _text(path, source)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(source, [_syntax(error, text)]) from error
    try:
        table = _PolicyTable.model_validate(data)
    except ValidationError as error:
        found = [_problem(detail, text) for detail in error.errors(include_url=False)]
        raise PolicyError(source, sorted(found, key=_by_line)) from error
    doubled = [*_doubled(table, text), *_unknown_reasons(table, text)]
    if doubled:
        raise PolicyError(source, sorted(doubled, key=_by_line))
    return _policy(table)


def _text(path: Path | None, source: str) -> str:
    try:
        raw = (path or files("config") / "policy.toml").read_bytes()
    except OSError as error:
        words = f"the file cannot be read ({error.strerror}); check the path and who may read it"
        raise PolicyError(source, [Problem(None, words)]) from error
    if len(raw) > _MAX_BYTES:
        raise PolicyError(source, [Problem(None, "the file is far too large for a policy")])
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        words = "this line is not UTF-8 text; save the file with UTF-8 encoding"
        raise PolicyError(source, [Problem(line, words)]) from error


def _syntax(error: tomllib.TOMLDecodeError, text: str) -> Problem:
    said = str(error)
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", said)
    line = int(place[1]) if place and place[1] else text.count("\n") + 1
    said = said[: place.start()] if place else said
    right = 'a line is  key = "value",  a table or a comment after #, and quotes come in pairs'
    return Problem(line, f"this is not TOML: {said[:1].lower()}{said[1:]}; {right}")


def _problem(detail: ErrorDetails, text: str) -> Problem:
    path: Key = detail["loc"]
    key = str(path[-1])
    line = line_of(text, path)
    if detail["type"] == "missing":
        return Problem(line, f"`{key}` is missing{_owner(path)}; it should be {_right(path)}")
    if detail["type"] == "extra_forbidden":
        known = list(_model_at(path[:-1]).model_fields)
        close = get_close_matches(key, known, n=1, cutoff=0.6)
        hint = f"did you mean `{close[0]}`?" if close else "what may stand here: "
        listed = "" if close else ", ".join(known)
        return Problem(line, f"`{key}` is not known{_owner(path)}; {hint}{listed}")
    if isinstance(path[-1], int) and path[-2] not in {"rules", "rota", "routes"}:
        words = f"`{path[-2]}` holds {_shown(detail['input'])}; it should be {_right(path[:-1])}"
        return Problem(line, words)
    if isinstance(path[-1], int):
        return Problem(line, f"this rule is {_shown(detail['input'])}; it should be a table")
    return Problem(line, f"`{key}` is {_shown(detail['input'])}; it should be {_right(path)}")


def _owner(path: Key) -> str:
    match path:
        case ("rules", int(index), _):
            return f" in rule {index + 1} of the file"
        case ("rota", int(index), _):
            return f" in rota {index + 1} of the file"
        case ("routes", int(index), _):
            return f" in route {index + 1} of the file"
        case ("stories", str(state), _):
            return f" under [stories.{state}]"
        case (str(table), _) if table != "rules":
            return f" under [{table}]"
        case _:
            return ""


def _model_at(path: Key) -> type[BaseModel]:
    model: type[BaseModel] = _PolicyTable
    for key in path:
        info = model.model_fields.get(str(key))
        inside = [*get_args(info.annotation), info.annotation] if info else []
        tables = (one for one in inside if isinstance(one, type) and issubclass(one, BaseModel))
        model = next(tables, model)
    return model


def _right(path: Key) -> str:
    return _model_at(path[:-1]).model_fields[str(path[-1])].description or ""


def _shown(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            cut = value if len(value) <= _MOST_SHOWN else value[:_MOST_SHOWN] + "…"
            return f'"{cut}"' + (f" ({len(value)} characters)" if cut != value else "")
        case list():
            return f"a list of {len(value)}"  # pyright: ignore[reportUnknownArgumentType] - of whatever was written
        case dict():
            return "a table"
        case _:
            return str(value)


def _doubled(table: _PolicyTable, text: str) -> Iterator[Problem]:
    for key in ("number", "code", "name"):
        first: dict[str, int] = {}
        for index, rule in enumerate(table.rules):
            value = str(getattr(rule, key))
            before = first.setdefault(value.casefold(), index)
            if before != index:
                there = line_of(text, ("rules", before, key))
                yield Problem(
                    line_of(text, ("rules", index, key)),
                    f"`{key}` {value} is taken by the rule in line {there}; give each rule its own",
                )
    signs: dict[str, str] = {}
    for action, sign in table.emoji:
        before = signs.setdefault(sign, action)
        if before != action:
            words = f"`{action}` is the same as `{before}`; it should be a different emoji"
            yield Problem(line_of(text, ("emoji", action)), words)


def _unknown_reasons(table: _PolicyTable, text: str) -> Iterator[Problem]:
    codes = [rule.code for rule in table.rules]
    for index, reason in without_rule(table.routes, codes):
        words = f'`reason` is "{reason}", which is no rule\'s `code`; the codes: {", ".join(codes)}'
        yield Problem(line_of(text, ("routes", index, "reason")), words)


def _by_line(problem: Problem) -> int:
    return problem.line or 0


def _policy(table: _PolicyTable) -> Policy:
    return Policy(
        rules=tuple(
            Rule(
                number=RuleNumber(rule.number),
                code=rule.code,
                name=rule.name.strip(),
                text=rule.text.strip(),
                severity=Severity[rule.severity.upper()],
                notice=rule.notice.strip(),
                spoiler=rule.spoiler,
                legal=rule.legal,
                life=rule.urgent == "life",
                reasons=tuple(reason.strip() for reason in rule.reasons),
            )
            for rule in sorted(table.rules, key=lambda rule: rule.number)
        ),
        emoji=Emoji(keep=table.emoji.keep, hide=table.emoji.hide, ban=table.emoji.ban),
        strike_days=table.strike_days,
        undo_minutes=table.undo_minutes,
        calm_backlog=table.calm_backlog,
        blurred=tuple(word.casefold() for word in table.blurred_words),
        alerts=table.alerts.rules(),
        stories=table.stories.rules(),
        channel=table.channel.rules(),
        routes=tuple(
            route.route({rule.code: rule.number for rule in table.rules}) for route in table.routes
        ),
        shift=shift_rules(table.clocks, table.rota, table.alerts.rules().zone),
        ladder=tuple(timedelta(days=days) for days in table.bans.ladder_days),
        two_people=frozenset(TwoPeople(action) for action in table.two_people.actions),
        agree_within=timedelta(hours=table.two_people.agree_within_hours),
    )
