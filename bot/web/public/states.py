"""How far a report or a notice has got, in words: the same on its page and in a mail."""

from collections.abc import Iterable

from bot.domain.cases import NoticeKind
from bot.domain.policy import Policy
from bot.domain.readers.notice import Told
from bot.domain.readers.report import Progress, Stage
from bot.web.public.words import Language


def state_of_report(where: Progress, said: Language, policy: Policy) -> str:
    """Return what became of a report."""
    if where.stage is Stage.REMOVED and where.rule is not None:
        return said.receipt["removed_rule"].format(rule=policy.rule(where.rule).name)
    return said.receipt[where.stage.value.replace(" ", "_")]


def state_of_notice(told: Told, said: Language, policy: Policy) -> str:
    """Return what became of a notice."""
    if told.rule is not None:
        return said.receipt["removed_rule"].format(rule=policy.rule(told.rule).name)
    return said.notices[f"stage_{told.stage.value.replace(' ', '_')}"]


def labels(fields: Iterable[str], kind: NoticeKind, said: Language) -> list[str]:
    """Return what the form of a kind of notice calls its fields."""
    return [said.notices.get(f"{name}_{kind}") or said.notices[name] for name in fields]
