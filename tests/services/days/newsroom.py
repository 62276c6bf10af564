"""Alerts and what editors do about them, stories, shifts, the overview, the set-up, the rules."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.alerts import AlertId, Opinion
from bot.domain.comments import Comment, Story
from bot.domain.decisions import Action
from bot.domain.detection.events import Tier
from bot.domain.ids import CaseId, RuleNumber, SiteId
from bot.domain.set_up import ChannelSeen, Manager, Setting
from bot.domain.stories import StoryState
from bot.services.alerts import boost, opinions, trends, views
from bot.services.alerts.digest import digest_if_due
from bot.services.alerts.spike_worker import restore
from bot.services.cases import backlog, escalate, reacting, two_person
from bot.services.cases.receive import receive
from bot.services.deliver import card_lane
from bot.services.desk import Desk, Files
from bot.services.outbox_worker import turn
from bot.services.rules import PolicyHolder, reload, shown
from bot.services.staff import overdue, overview, set_up, shift
from bot.services.staff.reminders import reminder_lane
from bot.services.staff.staff_messages import message_lane
from bot.services.staff.status import status
from bot.services.stories import rights, story
from tests.services.days.people import AUTHORITY, EVE, drawn, how_said, report, takes
from tests.services.days.told import Day, plain
from tests.services.desks import ANA, BEN, OLLY, SAM, Bench
from tests.services.newsdesk import BOTH, Newsdesk
from tests.services.outside import CHANNEL, ObedientSite, Phone

COURIER = SiteId("courier")
EVERYONE = 1


class Newsroom(Bench):
    """A desk with an editor, whose rules are kept where they can be read anew."""

    rules: PolicyHolder

    @property
    def desk(self) -> Desk:
        file = {Setting.CHANNEL: "20", Setting.MODERATOR_ROLES: "11"}
        files = Files(places=file, policy=self.rules.of_file, choose=self.rules.choose)
        return replace(
            super().desk,
            authority=AUTHORITY,
            policy=self.rules,
            reload_policy=self.rules.reload,
            files=files,
        )


def desk(bench: Bench) -> Bench:
    """Return the desk of this day."""
    room = Newsroom(bench.store, bench.clock)
    room.rules = PolicyHolder(lambda: room.policy)
    return room


async def told(day: Day) -> None:
    """Go through the day."""
    await _spike(day)
    await _looked_at(day)
    await _trends(day)
    await _stories(day)
    await _shifts(day)
    await _standing(day)
    await _set_up(day)
    await _rules(day)


async def _burst(day: Day, number: int, readers: int, name: str) -> None:
    """Let many report comments on one story, a few each, told as one step."""
    about = Story(external_id=name, title=f"Story {name}", url=f"https://c.example/{name}")
    for reader in range(readers):
        day.bench.clock.pass_by(seconds=2)
        made = report(
            day.bench,
            number + reader % 4,
            author=f"{name}{reader % 4}",
            reader=100 + reader,
            note="Vote it down." if reader % 3 else None,
            story=about,
            rule=RuleNumber(1 + reader % 4),
        )
        await receive(day.bench.desk, [made])
    day.lines += ["", f"== {readers} report {name}"]
    day.note()


async def _spike(day: Day) -> None:
    at = day.bench.desk
    desk = Newsdesk(day.bench, await restore(at, BOTH))
    await _burst(day, 1, 14, "s1")
    await drawn(day, day.board())
    await day.do("an alert", desk.settle())
    await _burst(day, 11, 30, "s1")
    await day.do("it grows", desk.settle(minutes=6))
    for name, work in (
        ("Ana looks through it", opinions.judge(at, AlertId(1), Opinion.REAL, ANA)),
        ("Sam says it is real", opinions.judge(at, AlertId(1), Opinion.REAL, SAM)),
        ("and again", opinions.judge(at, AlertId(1), Opinion.REAL, SAM)),
        ("Eve says it is none", opinions.judge(at, AlertId(1), Opinion.FALSE, EVE)),
        ("of nothing", opinions.judge(at, AlertId(99), Opinion.FALSE, EVE)),
        ("its cases come first", boost.raise_cases(at, AlertId(1), SAM)),
        ("and again", boost.raise_cases(at, AlertId(1), SAM)),
        ("they are put back", boost.unboost(at, AlertId(1), SAM)),
        ("and again", boost.unboost(at, AlertId(1), SAM)),
        ("was anybody asked", opinions.was_asked(at, AlertId(1), SAM)),
        ("Sam asks", opinions.ask_moderators(at, AlertId(1), SAM, " What is it? ")),
        ("Eve asks", opinions.ask_moderators(at, AlertId(1), EVE)),
        ("was anybody asked then", opinions.was_asked(at, AlertId(1), SAM)),
        ("muted", opinions.mute(at, AlertId(1), SAM)),
        ("muted again", opinions.mute(at, AlertId(1), EVE)),
    ):
        await day.do(name, work)
    await day.do("all that is told", desk.settle(seconds=20))
    await day.do("heard again", opinions.unmute(at, AlertId(1), SAM))
    await day.do("heard as before", opinions.unmute(at, AlertId(1), SAM))
    await day.do("asked with a thread", opinions.was_asked(at, AlertId(1), SAM))
    for state in (StoryState.WATCH, StoryState.CLOSED, StoryState.WATCH):
        work = opinions.mark_story(at, AlertId(1), state, EVE)
        await day.do(f"its story is {state.name}", work)
    await _burst(day, 21, 25, "s2")
    await day.do("another", desk.settle(seconds=20))
    await day.do("looked at", views.look(at, AlertId(2)))
    await day.do("it calms", desk.settle(minutes=40))
    await day.do("it is over", desk.settle(hours=3))
    await day.do("the morning's digest", digest_if_due(at, BOTH))
    day.bench.clock.pass_by(hours=19)
    await day.do("it is due", digest_if_due(at, BOTH))
    await day.do("it was told", digest_if_due(at, BOTH))
    await day.do("all that is told then", desk.settle(seconds=5))
    day.lines += [f"channel {how_said(one)}" for one in desk.board.said]
    day.lines += [f"road {one}" for one in desk.roads.texts]


async def _looked_at(day: Day) -> None:
    at = day.bench.desk
    await day.do("the first", views.look(at, AlertId(1)))
    await day.do("none", views.look(at, AlertId(99)))
    await day.do("its cases", views.cases(at, AlertId(1), SAM))
    await day.do("for Ana", views.cases(at, AlertId(1), ANA))
    await day.do("the last ones", views.recent(at, SAM))
    await day.do("how they are set", opinions.settings(at, SAM))
    for site, a_week in ((None, 2.0), (COURIER, 0.1), (None, 0.09), (SiteId("x"), 1.0), (None, 51)):
        chosen = opinions.choose(at, site, a_week, SAM)
        await day.do(f"{a_week} a week for {site}", chosen)
    await day.do("how they are set then", opinions.settings(at, SAM))


async def _trends(day: Day) -> None:
    at = day.bench.desk
    for tier, key in ((Tier.SITE, ""), (Tier.STORY, "s1"), (Tier.COMMENTER, "id-s11")):
        subject = trends.Subject(site=COURIER, tier=tier, key=key)
        await day.do(f"how {key or 'all'} goes", trends.trend(at, subject, SAM))
    await day.do("called story", trends.find(at, Tier.STORY, "story", SAM))
    for picked in ("courier\ns2", "Story s1", "Story", "nothing", ""):
        await day.do(f"picked {picked}", trends.subject_of(at, Tier.STORY, picked, SAM))
    await day.do("the only site", trends.subject_of(at, Tier.SITE, "", SAM))
    await day.do("no site", trends.subject_of(at, Tier.SITE, "x", SAM))
    await day.do("a week", trends.week(at, ANA))
    await day.do("an hour", trends.week(at, ANA, days=0))


async def _stories(day: Day) -> None:
    at = day.bench.desk

    def said(state: StoryState, **more: Any) -> story.StateChange:
        usual = story.StateChange(site=COURIER, story_id="s2", state=state)
        return replace(usual, **more)

    for name, change, by in (
        ("watched", said(StoryState.WATCH, note="Keep an eye on it.", review_days=3), ANA),
        ("in court", said(StoryState.PROCEEDINGS), BEN),
        ("normal, by Ana", said(StoryState.NORMAL), ANA),
        ("protected", said(StoryState.PROTECTED), SAM),
        ("of nothing", said(StoryState.WATCH, story_id="s99"), SAM),
    ):
        await day.do(f"foreseen: {name}", story.foresee(at, change, by=by))
        await day.do(name, story.mark(at, change, by=by))
    site, board = ObedientSite(), day.board()
    await day.do("the site is asked to close", turn(story.closing_lane(at, COURIER, site)))
    await takes(day, 21, author="s20", reader=900, rule=RuleNumber(1), again="one more")
    fresh = Comment(external_id="c90", revision="r1", text="Under it.")
    made = report(day.bench, 90, author="new", story=Story(external_id="s2", title="T", url="u"))
    await takes(day, 90, what=replace(made, comment=fresh))
    await day.do("held that were missed", story.hold_missed(at))
    await day.do("looked at", story.look(at, COURIER, "s2", ANA))
    await day.do("of a case", story.of_case(at, CaseId(1), ANA))
    await day.do("of no case", story.of_case(at, CaseId(99), ANA))
    await day.do("called story", story.search(at, "story", ANA, limit=1))
    await day.do("those marked", story.marked(at, ANA, limit=1, offset=1))
    await day.do("it stands", story.keep_state(at, COURIER, "s2", by=ANA))
    await day.do("Ana releases", rights.release(at, COURIER, "s2", by=ANA))
    await day.do("Sam releases", rights.release(at, COURIER, "s2", by=SAM))
    held = day.bench.decide(CaseId(9), Action.KEEP)
    await day.do("Ana shows what is on hold", held)
    await day.do("Ben agrees", two_person.agree(at, CaseId(9), by=BEN))
    await day.do("normal again", story.mark(at, said(StoryState.NORMAL), by=SAM))
    day.bench.clock.pass_by(days=29)
    lane = reminder_lane(at, board, Phone())
    for _ in range(2):
        await day.do("reviews are asked for", turn(lane))
    day.lines += [f"shown {how_said(one)}" for one in board.said]


async def _shifts(day: Day) -> None:
    at, hour = day.bench.desk, timedelta(hours=1)
    for name, work in (
        ("Ana starts", shift.start_shift(at, ANA, 8 * hour)),
        ("Ben starts", shift.start_shift(at, BEN, hour)),
        ("Olly starts", shift.start_shift(at, OLLY, hour)),
        ("Ben has a break", shift.take_break(at, BEN, hour / 2)),
        ("who is on", shift.who_is_on(at, ANA)),
        ("Ben is back", shift.take_break(at, BEN, timedelta())),
        ("Ben ends", shift.end_shift(at, BEN)),
        ("Ben ends again", shift.end_shift(at, BEN)),
        ("who is on then", shift.who_is_on(at, ANA)),
        ("a lot", shift.a_lot_today(at, ANA)),
        ("handed on", escalate.escalate(at, CaseId(2), ANA, "Please look.")),
        ("late ones are called", overdue.page_overdue(at)),
    ):
        await day.do(name, work)
    board = day.board()
    for _ in range(2):
        await day.do("people are called", turn(message_lane(at, board)))
    day.lines += [f"called {how_said(one)}" for one in board.said]


async def _standing(day: Day) -> None:
    at, board = day.bench.desk, day.board()
    first = await day.do("the overview", overview.refresh(at, board, None))
    await day.do("as before", overview.refresh(at, board, first))
    await day.do("Ana keeps 3", day.bench.decide(CaseId(3), Action.KEEP))
    await day.do("changed", overview.refresh(at, board, first))
    day.bench.clock.pass_by(minutes=50)
    await day.do("anew", overview.refresh(at, board, None))
    [(number, there)] = board.messages.items()
    day.lines.append(f"pinned {number} {plain(there.what)}")
    while await turn(card_lane(at, board)):
        day.note()
    fewer = replace(day.bench.policy.channel, backlog_digest=4)
    day.bench.policy = replace(day.bench.policy, channel=fewer)
    at.reload_policy()
    await day.do("how it stands", status(at, SAM))
    await day.do("is anything held back", backlog.is_held(at))
    listed = await day.do("the worst", backlog.digest(at, board, None))
    await day.do("the worst as before", backlog.digest(at, board, listed))
    await day.do("nothing to withdraw", reacting.cancel(at, 99))


async def _set_up(day: Day) -> None:
    at = day.bench.desk
    owner, other = (Manager(person=OLLY, manages=manages) for manages in (True, False))
    channel = ChannelSeen(id=30)
    for name, work in (
        ("as it is", set_up.set_up(at, owner)),
        ("for another", set_up.set_up(at, other)),
        ("a channel", set_up.choose_channel(at, Setting.CHANNEL, channel, owner)),
        ("the same", set_up.choose_channel(at, Setting.CHANNEL, channel, owner)),
        (
            "without rights",
            set_up.choose_channel(
                at, Setting.CHANNEL, ChannelSeen(id=31, lacks=("Send", "Pin")), owner
            ),
        ),
        (
            "open to all",
            set_up.choose_channel(at, Setting.CHANNEL, ChannelSeen(id=31, is_open=True), owner),
        ),
        (
            "of rehearsals",
            set_up.choose_channel(at, Setting.CHANNEL, ChannelSeen(id=31, rehearses=True), owner),
        ),
        (
            "roles",
            set_up.choose_roles(at, Setting.MODERATOR_ROLES, [14, 13], owner, everyone=EVERYONE),
        ),
        (
            "everyone",
            set_up.choose_roles(at, Setting.MODERATOR_ROLES, [1], owner, everyone=EVERYONE),
        ),
        ("nobody", set_up.choose_roles(at, Setting.MODERATOR_ROLES, [], owner, everyone=EVERYONE)),
        ("rules", set_up.choose_rules(at, [1, 2, 3], owner)),
        ("no rules", set_up.choose_rules(at, [99], owner)),
        ("hours", set_up.choose_hours(at, "Europe/Berlin", "21:00-06:00", owner)),
        ("the same hours", set_up.choose_hours(at, "Europe/Berlin", "21:00-06:00", owner)),
        ("no zone", set_up.choose_hours(at, "Europe/Nowhere", "21:00-06:00", owner)),
        ("no hours", set_up.choose_hours(at, "Europe/Berlin", "21-6", owner)),
        ("as in the file", set_up.use_file(at, Setting.CHANNEL, owner)),
        ("as it is then", set_up.set_up(at, owner)),
    ):
        await day.do(name, work)
    board = day.board()
    board.places = replace(board.places, log_channel_id=CHANNEL + 1)
    await day.do("changes are told", turn(reminder_lane(at, board, None)))
    day.lines += [f"told {how_said(one)}" for one in board.said]


async def _rules(day: Day) -> None:
    at = day.bench.desk
    first, second, *rest = day.bench.policy.rules
    renamed = replace(first, name="Another name")
    added = replace(second, number=RuleNumber(77), code="another", name="A new rule")
    worse = replace(second, severity=type(second.severity)(4))
    for name, rules in (
        ("as before", day.bench.policy.rules),
        ("one new, one gone, two others", (renamed, added, worse, *rest[1:])),
    ):
        day.bench.policy = replace(day.bench.policy, rules=rules, strike_days=100)
        await day.do(f"rules: {name}", reload(at, EVE))
    await day.do("by Sam", reload(at, SAM))
    await day.do("shown to Olly", shown(at, OLLY))
