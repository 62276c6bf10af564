"""Worst first: how far up the queue a case stands, and why, in words."""

from bot.domain.ids import RuleNumber
from bot.domain.policy import Policy, Severity

_SEVERITY_WEIGHT = 100
_REPORTER_WEIGHT = 12
_REPORTER_CAP = 25
_STRIKE_WEIGHT = 20
_STRIKE_CAP = 5


def priority(policy: Policy, rule: RuleNumber, *, reporters: int, strikes: int) -> int:
    """Return a case's place in the queue; the highest number is looked at first.

    A step of severity outweighs eight more readers, and readers stop counting at 25, so that a
    crowd cannot push a mild complaint above a threat. Five strikes weigh one step.
    """
    return (
        policy.rule(rule).severity * _SEVERITY_WEIGHT
        + min(reporters, _REPORTER_CAP) * _REPORTER_WEIGHT
        + min(strikes, _STRIKE_CAP) * _STRIKE_WEIGHT
    )


def reasons_for_place(
    policy: Policy, rule: RuleNumber, *, reporters: int, strikes: int
) -> tuple[str, ...]:
    """Return why a case stands where it stands, the weightiest reason first."""
    cited = policy.rule(rule)
    words = [f"{cited.name.lower()} ({_NAMES[cited.severity]})"]
    if reporters > 1:
        words.append(f"{reporters} readers")
    if strikes:
        words.append(f"{strikes} strike{'s' if strikes > 1 else ''}")
    return tuple(words)


_NAMES = {
    Severity.LOW: "minor",
    Severity.MEDIUM: "medium",
    Severity.HIGH: "serious",
    Severity.CRITICAL: "most serious",
}
