"""Let cases say that they were likely reported by agreement, and weigh those reports as one."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.alert import Alert
from bot.domain.brigades import FEWEST_ON_A_CASE
from bot.domain.case import Case
from bot.domain.ids import ReporterKey
from bot.domain.policy import Policy
from bot.domain.priority import of_story, priority
from bot.domain.trust import weight
from bot.store.tx import Tx

_MOST = 20
_MOMENT = timedelta(seconds=1)


def mark_cases(tx: Tx, alert: Alert, policy: Policy, now: datetime) -> None:
    """Mark the open cases that the spike's readers reached; nothing is hidden or refused by it."""
    end = alert.last_at + _MOMENT
    for case_id, reports in tx.tallies.cases(
        alert.site, alert.tier, alert.key, alert.since, end, limit=_MOST
    ):
        case = tx.cases.get(case_id)
        if reports < FEWEST_ON_A_CASE or case is None or not case.is_open:
            continue
        new = tx.alerts.brigaded(case_id, alert)
        weighs = _weight(tx, case, alert)
        if new or weighs != case.weight:
            # Reports that count as one did not come fast either.
            _save(tx, replace(case, weight=weighs, pace=1.0), policy, now)


def release_cases(tx: Tx, alert: Alert, policy: Policy, now: datetime) -> None:
    """Let a spike's reports weigh what they would, as its readers no longer seem to have agreed.

    Otherwise a few who come first with copied words would have all who follow count for nothing.
    """
    for case in filter(None, map(tx.cases.get, tx.alerts.release(alert.id))):
        if case.is_open:
            everybody = (ReporterKey(who) for who in tx.tallies.readers(case.id))
            weighs = sum(weight(tx.readers.get(who)) for who in everybody)
            _save(tx, replace(case, weight=weighs), policy, now)


def _save(tx: Tx, case: Case, policy: Policy, now: datetime) -> None:
    story = of_story(policy, tx.stories.of_case(case.id))
    tx.cases.touch(replace(case, priority=priority(policy, case, story)), now)


def _weight(tx: Tx, case: Case, alert: Alert) -> float:
    """Return what a case's readers weigh when those of the spike count as one.

    As the most trusted of them, or a stranger: who has often been right is not to be unheard
    because strangers came at the same time.
    """
    own, spike = 0.0, 0.0
    for who, at in tx.tallies.readers(case.id).items():
        weighs = weight(tx.readers.get(ReporterKey(who)))
        if at < alert.since:
            own += weighs
        else:
            spike = max(spike, weighs, 1.0)
    return own + spike
