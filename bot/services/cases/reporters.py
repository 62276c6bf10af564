"""What a decision says of whoever reported the comment: from then on they weigh more or less."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from bot.domain.cases import Case
from bot.domain.decisions import Action, Decision, line_of, original, verdicts
from bot.domain.ids import ReporterKey
from bot.domain.policy import Policy
from bot.domain.reporters import standing_after
from bot.store.tx import Tx

_NEARLY: Final = 0.8
"""Of the unfounded reports that bring a warning; a record forgets a little as it grows."""


def judge_reporters(tx: Tx, policy: Policy, case: Case, decision: Decision, now: datetime) -> None:
    """Let the case's reporters weigh more or less from now on, or take that back.

    Only a person's verdict judges, and each reader once: whoever reported before an earlier
    verdict, which was not undone, was judged by that.
    """
    made = tx.decisions.of_case(case.id)
    undone = line_of(made, decision.reverses)
    judges = original(undone, made) if undone else decision
    if not judges.is_verdict:
        return
    after, until = _verdict_before(made, judges), judges.at if undone else None
    for reader, at in _reporters(tx, case, after=after, until=until):
        if undone:
            _take_back(tx, reader, judges)
            _stand(tx, policy, reader, decision, now)
        elif _judge(tx, reader, judges, at) >= max(1, policy.unfounded.warned) * _NEARLY:
            # Who was seldom wrong cannot have so many unfounded reports; most are such.
            _stand(tx, policy, reader, decision, now)


def _take_back(tx: Tx, reader: ReporterKey, judges: Decision) -> None:
    right = judges.action is not Action.KEEP
    tx.readers.unjudge(reader, judges.id)
    tx.readers.put(reader, tx.readers.get(reader).taken_back(right=right))


def _judge(tx: Tx, reader: ReporterKey, judges: Decision, at: datetime) -> float:
    """Note whether a reader was right; return how often they were not, as far as is remembered."""
    judged = tx.readers.get(reader).judged(right=judges.action is not Action.KEEP)
    tx.readers.judge(reader, judges, at)
    tx.readers.put(reader, judged)
    return judged.disagreed


def _stand(tx: Tx, policy: Policy, reader: ReporterKey, decision: Decision, now: datetime) -> None:
    """Warn a reader with many unfounded reports, count them no more, or hear them again."""
    before, rules = tx.readers.standing(reader), policy.unfounded
    judged = tx.readers.judged(reader)
    after = standing_after(before, judged, rules, decision_id=decision.id, now=now)
    if after != before:
        tx.readers.stand(reader, after)


def _verdict_before(made: Sequence[Decision], judges: Decision) -> datetime | None:
    """Return when people at this desk last decided the case before, as far as it stands."""
    earlier = [line.at for line in verdicts(made) if line.id < judges.id]
    return earlier[-1] if earlier else None


def _reporters(
    tx: Tx, case: Case, *, after: datetime | None, until: datetime | None
) -> Iterator[tuple[ReporterKey, datetime]]:
    """Yield who reported a case first within that time, and when."""
    for reader, at in tx.tallies.readers(case.id).items():
        if (after is None or at > after) and (until is None or at <= until):
            yield ReporterKey(reader), at
