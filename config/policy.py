"""Reads the newsroom's policy file, and says line by line what is wrong with a bad one."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from bot.domain.ids import SiteId
from bot.domain.policy import Policy, bare
from config.policy_table import PolicyTable
from config.problems import PolicyError, Problem, line_of, problem, syntax
from config.routes import without_rule
from config.settings import Settings

__all__ = ["PolicyError", "Problem", "Sites", "load_policy", "policy_of"]

_MAX_BYTES = 256 * 1024


def policy_of(settings: Settings) -> Policy:
    """Read the policy of a newsroom, whose settings are given as if it were the only one.

    Raises:
        PolicyError: As `load_policy`, or a site has no rule, or one that a rule names is not there.
    """
    own = frozenset(name.lower() for name in settings.sites)
    sites = Sites(every=settings.all_sites or own, own=own)
    return load_policy(settings.policy, borrowed=settings.borrows_rules, sites=sites)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """The names that a rule may give: of all sites of the desk, and of the newsroom's own."""

    every: frozenset[str]
    own: frozenset[str]


def load_policy(
    path: Path | None = None, *, borrowed: bool = False, sites: Sites | None = None
) -> Policy:
    """Read a policy file; without a path, the policy that is delivered with the project.

    A newsroom that has `borrowed` another's gets its rules, and neither the channels that are
    named in it nor the people on its rota. Without `sites` any may be named; with them, rules that
    count at no site of the newsroom's are left out.

    Raises:
        PolicyError: The file is missing, is not TOML, or says something it must not. Its text
            names every problem with its line and what would be right.
    """
    source = str(path) if path is not None else "policy.toml"
    text = _text(path, source)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(source, [syntax(error, text)]) from error
    try:
        table = PolicyTable.model_validate(data)
    except ValidationError as error:
        found = [problem(detail, text) for detail in error.errors(include_url=False)]
        raise PolicyError(source, sorted(found, key=_by_line)) from error
    found = [*_doubled(table, text), *_unknown_reasons(table, text), *_wrong_holds(table, text)]
    if sites is not None:
        found += _wrong_sites(table, text, sites)
    if found:
        raise PolicyError(source, sorted(found, key=_by_line))
    policy = table.policy()
    if sites is not None:
        policy = _of_its_sites(policy, sites.own)
    return _without_places(policy) if borrowed else policy


def _of_its_sites(policy: Policy, own: frozenset[str]) -> Policy:
    """Leave out what counts at other newsrooms' sites alone, where a group shares one file."""
    rules = [one for one in policy.rules if any(one.counts_at(SiteId(name)) for name in own)]
    return replace(policy, rules=tuple(rules)) if len(rules) < len(policy.rules) else policy


def _without_places(policy: Policy) -> Policy:
    return replace(policy, routes=(), shift=replace(policy.shift, rota=()))


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


def _doubled(table: PolicyTable, text: str) -> Iterator[Problem]:
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
        before = signs.setdefault(bare(sign), action)
        if before != action:
            words = f"`{action}` is the same as `{before}`; it should be a different emoji"
            yield Problem(line_of(text, ("emoji", action)), words)


def _unknown_reasons(table: PolicyTable, text: str) -> Iterator[Problem]:
    codes = [rule.code for rule in table.rules]
    for index, reason in without_rule(table.routes, codes):
        words = f'`reason` is "{reason}", which is no rule\'s `code`; the codes: {", ".join(codes)}'
        yield Problem(line_of(text, ("routes", index, "reason")), words)


def _wrong_holds(table: PolicyTable, text: str) -> Iterator[Problem]:
    codes = ", ".join(rule.code for rule in table.rules)
    for state, place, name in table.stories.unknown(table.rule_numbers()):
        words = f'`hold_rules` names "{name}", which is no house rule; the rules: {codes}'
        yield Problem(line_of(text, ("stories", state, "hold_rules", place)), words)
    for state, rules in table.stories:
        if rules.hold_rules is not None and rules.hide_first is not None:
            words = "`hide_first` is the older name of `hold_rules`; one of the two has to go"
            yield Problem(line_of(text, ("stories", state, "hide_first")), words)


def _wrong_sites(table: PolicyTable, text: str, sites: Sites) -> Iterator[Problem]:
    """Yield the sites that are not there, and those of the newsroom's that no rule is for."""
    known = ", ".join(sorted(sites.every))
    for index, rule in enumerate(table.rules):
        for name in rule.sites or ():
            if name.lower() not in sites.every:
                words = f'`sites` names "{name}", which is not set up; the sites: {known}'
                yield Problem(line_of(text, ("rules", index, "sites")), words)
    rules = [rule.rule() for rule in table.rules]
    for name in sorted(sites.own):
        if not any(rule.counts_at(SiteId(name)) for rule in rules):
            words = f"no house rule counts at the site {name}; leave `sites` out of one, or name it"
            yield Problem(None, words)


def _by_line(problem: Problem) -> int:
    return problem.line or 0
