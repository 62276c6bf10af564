"""Whatever readers, moderators, Discord, sites and restarts do in whatever order, it holds."""

import asyncio
from collections import Counter
from contextlib import suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from bot.domain.decisions import Action, Door
from bot.domain.errors import AlreadyDecided, CommentEdited, DeskError, TextUnseen
from bot.domain.ids import ReporterKey, RuleNumber
from bot.domain.staff import Person
from bot.services.cases import two_person as second
from bot.services.cases.receive import receive
from bot.services.cases.reverse import amend, reverse
from bot.services.deliver import card_lane, order_lane
from bot.services.outbox_worker import turn
from tests.services.desks import ANA, BEN, OLLY, SAM
from tests.services.machine import COMMENTS, COURIER, DeskMachine, check_each_follows
from tests.support.chains import first_broken

RULES = tuple(map(RuleNumber, (3, 6, 9)))  # 6 is a legal one, which takes two to undo
STAFF = (ANA, BEN, SAM)

comments = st.sampled_from([*COMMENTS])
people = st.sampled_from(STAFF)
rules = st.sampled_from(RULES)
actions = st.sampled_from((Action.KEEP, Action.HIDE, Action.BAN))
troubles = st.sampled_from((None, "down", "lost"))


class AnyDay(DeskMachine):
    """Whatever can happen, and what must be true after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: Counter[str] = Counter()
        self.given: set[tuple[str, int, RuleNumber]] = set()

    # ---- what happens

    @rule(comment=comments, reader=st.integers(1, 4), cited=rules, edited=st.booleans())
    def report(self, comment: str, reader: int, cited: RuleNumber, edited: bool) -> None:
        self.texts[comment] += edited or not self.texts[comment]
        revision = self.texts[comment]
        made = self.bench.report(
            comment=comment,
            author=COMMENTS[comment],
            # Every third edit goes back to a text, and a name, that was there before.
            revision=f"r{revision % 3}",
            text=f"Text {revision % 3}",
            reporter=ReporterKey(reader.to_bytes(16, "big")),
            rule=cited,
        )
        [first] = self.run(receive(self.bench.desk, [made]))
        [again] = self.run(receive(self.bench.desk, [made]))
        assert first == again
        key = (comment, reader, cited)
        assert first.counted == (key not in self.given)
        self.given.add(key)

    @rule(
        comment=comments,
        by=people,
        action=actions,
        days=st.sampled_from((7, 30, None)),
        stale=st.sampled_from((0, 0, 0, 1)),
    )
    def one_decides(
        self, comment: str, by: Person, action: Action, days: int | None, stale: int
    ) -> None:
        case = self.case(comment)
        if case is None:
            return
        refusal: DeskError | None = None
        try:
            self.run(self.verdict(case, by, action, days=days, seen=case.revision - stale))
        except DeskError as error:
            refusal = error
        if isinstance(refusal, AlreadyDecided):
            assert refusal.decision.id == case.decision_id
        assert isinstance(refusal, AlreadyDecided) == (not case.is_open)
        # No text has the number 0: a card that shows it shows no text at all.
        unseen = TextUnseen if case.revision == stale else CommentEdited
        assert isinstance(refusal, unseen) == (case.is_open and stale > 0)

    @rule(comment=comments, first=actions, second=actions)
    def two_decide_at_once(self, comment: str, first: Action, second: Action) -> None:
        case, before = self.case(comment), len(self.record)
        if case is None:
            return

        async def both() -> None:
            pressed = [
                self.verdict(case, by, action, days=7, seen=case.revision)
                for by, action in ((ANA, first), (BEN, second))
            ]
            await asyncio.gather(*pressed, return_exceptions=True)

        self.run(both())
        assert len(self.decisions()) == before + case.is_open

    @rule(comment=comments, action=actions)
    def a_stranger_tries(self, comment: str, action: Action) -> None:
        case, before = self.case(comment), len(self.record)
        if case is not None:
            with suppress(DeskError):
                self.run(self.verdict(case, OLLY, action, days=7, seen=case.revision))
                raise AssertionError("an outsider decided")
        assert len(self.decisions()) == before

    @rule(comment=comments, by=people)
    def one_undoes(self, comment: str, by: Person) -> None:
        case = self.case(comment)
        if case is not None:
            with suppress(DeskError):
                self.run(reverse(self.bench.desk, case.id, by=by, door=Door.BUTTON))

    @rule(comment=comments, by=people, cited=rules)
    def one_cites_another_rule(self, comment: str, by: Person, cited: RuleNumber) -> None:
        case = self.case(comment)
        if case is not None:
            with suppress(DeskError):
                self.run(amend(self.bench.desk, case.id, cited, by=by, door=Door.BUTTON))

    @rule(comment=comments, by=people, agrees=st.booleans())
    def a_second_person_answers(self, comment: str, by: Person, agrees: bool) -> None:
        case = self.case(comment)
        if case is not None:
            answer = second.agree if agrees else second.decline
            with suppress(DeskError):
                self.run(answer(self.bench.desk, case.id, by=by))

    @rule(minutes=st.sampled_from((1, 11, 60 * 13, 60 * 25)))
    def time_passes(self, minutes: int) -> None:
        self.bench.clock.pass_by(minutes=minutes)
        self.run(second.expire(self.bench.desk))

    @rule(trouble=troubles)
    def cards_are_drawn(self, trouble: str | None) -> None:
        self.channel.trouble = trouble
        self.run(turn(card_lane(self.bench.desk, self.channel)))
        self.channel.trouble = None

    @rule(trouble=troubles)
    def the_site_is_told(self, trouble: str | None) -> None:
        self.site.trouble = trouble
        self.run(turn(order_lane(self.bench.desk, COURIER, self.site)))
        self.site.trouble = None

    @precondition(lambda self: self.channel.messages)
    @rule(which=st.integers(0, 9))
    def a_card_is_deleted(self, which: int) -> None:
        numbers = [*self.channel.messages]
        del self.channel.messages[numbers[which % len(numbers)]]

    @rule()
    def the_desk_restarts(self) -> None:
        self.run(self.reopen())

    # ---- what always holds

    @invariant()
    def the_record_only_grows_and_says_how_every_case_stands(self) -> None:
        made = self.decisions()
        assert made[: len(self.record)] == self.record
        assert first_broken(made) is None
        self.record = made
        standing = check_each_follows(made)
        for case in self.cases():
            last = standing.get(case.id)
            assert case.is_open == (case.decision_id is None)
            assert case.is_open or (last is not None and last.id == case.decision_id)

    @invariant()
    def a_case_has_one_card_at_most(self) -> None:
        cards = Counter(card.case_id for card in self.channel.messages.values())
        assert max(cards.values(), default=0) <= 1

    @invariant()
    def every_report_is_on_disk_once(self) -> None:
        for case in self.cases():
            mine = {
                (reader, cited) for name, reader, cited in self.given if name == case.comment_id
            }
            assert case.reports == len(mine) == sum(case.reasons.values())
            assert case.reporters == len({reader for reader, _ in mine})
            assert case.revision == self.texts[case.comment_id]

    @invariant()
    def no_order_is_applied_twice(self) -> None:
        assert max(Counter(self.site.applied).values(), default=0) <= 1


AnyDay.TestCase.settings = settings(max_examples=15, stateful_step_count=30, deadline=None)


class TestDesk(AnyDay.TestCase):
    """The machine as a test."""
