"""A desk over the real store, with a clock that tests set."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.domain.comments import Author, Comment, Report, Story
from bot.domain.decisions import Action, Decision, Door, Verdict
from bot.domain.ids import CaseId, PersonId, ReporterKey, RuleNumber, SiteId
from bot.domain.policy import Policy
from bot.domain.staff import Authority, Person, Rank
from bot.services.cases.decide import decide
from bot.services.cases.receive import receive
from bot.services.desk import Desk
from bot.store.sqlite import Store
from config.policy import load_policy

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MODERATOR, SENIOR = 11, 12

ANA = Person(id=PersonId(1), name="Ana", roles=frozenset({MODERATOR}))
BEN = Person(id=PersonId(2), name="Ben", roles=frozenset({MODERATOR}))
SAM = Person(id=PersonId(3), name="Sam", roles=frozenset({SENIOR}))
OLLY = Person(id=PersonId(4), name="Olly", roles=frozenset({99}))

_POLICY = load_policy()

_numbers = count(1)


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **how: float) -> None:
        self.now += timedelta(**how)


@dataclass
class Bench:
    """A desk to try things on."""

    store: Store
    clock: Clock = field(default_factory=Clock)
    policy: Policy = _POLICY

    @property
    def desk(self) -> Desk:
        return Desk(
            store=self.store,
            policy=lambda: self.policy,
            authority=Authority(ranks={MODERATOR: Rank.MODERATOR, SENIOR: Rank.SENIOR}),
            clock=self.clock,
        )

    def report(self, **changes: object) -> Report:
        number = next(_numbers)
        comment = changes.pop("comment", "c1")
        text = changes.pop("text", "You are all bought.")
        revision = changes.pop("revision", "r1")
        report = Report(
            site=SiteId("courier"),
            delivery=f"msg_{number}",
            comment=Comment(external_id=str(comment), revision=str(revision), text=str(text)),
            author=Author(external_id=str(changes.pop("author", "a1")), name="salty_dog"),
            story=Story(external_id="s1", title="Raids", url="https://courier.example/s1"),
            reporter=ReporterKey(number.to_bytes(16, "big")),
            rule=RuleNumber(3),
            note=None,
            at=self.clock.now,
        )
        return replace(report, **changes)  # type: ignore[arg-type]

    async def take(self, **changes: object) -> CaseId:
        [receipt] = await receive(self.desk, [self.report(**changes)])
        return receipt.case_id

    async def decide(
        self,
        case_id: CaseId,
        action: Action = Action.HIDE,
        *,
        seen: int | None = None,
        **more: object,
    ) -> Decision:
        verdict = Verdict(action=action, by=ANA, door=Door.BUTTON)
        changed = replace(verdict, **more)  # type: ignore[arg-type]
        return await decide(self.desk, case_id, changed, seen=seen)
