"""What is worked out of the same figures, one line each, held against what it came to before.

PYTHONPATH=. python -m tests.unit.readings.sums
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from bot.domain import account_similarity as accounts
from bot.domain import alerts, bans, comments, effects, ids, legal, lengths, priority, rehearsal
from bot.domain.authors import AuthorRef
from bot.domain.brake import Act, BrakeRules, TakenBack
from bot.domain.cases import Case, CaseState, NoticeKind
from bot.domain.decisions import Action
from bot.domain.detection import brigades
from bot.domain.detection.reporter_overlap import Bond
from bot.domain.hotspots import Reported, hotspots
from bot.domain.ids import CaseId, DecisionId, RuleNumber, SiteId
from bot.domain.legal import Stage
from bot.domain.readers import notice, small_groups, waits
from bot.domain.reporters import (
    JudgedReport,
    ReaderStanding,
    UnfoundedRules,
    standing_after,
    unfounded,
)
from bot.domain.routing import Route, home
from bot.domain.set_up import Setting, applied, hours_in_words, listed
from bot.domain.staff import Rank, RotaSpan, ShiftRules, percentile
from bot.domain.stories import StateRules, StoryState, StoryStatus, review_after
from bot.services.alerts import spikes_offline
from config.policy import load_policy
from tests.support.plainly import NOON, plain
from tests.unit.readings.histories import calendar, cases, counted_months
from tests.unit.readings.odds import of_marks, of_platforms, of_staff
from tests.unit.readings.spikes import detected, merged, spikes
from tests.unit.readings.usuals import (
    beginnings,
    first_surges,
    pasts,
    seasons,
    surges,
    tails,
    tracks,
    what_is_usual,
)
from tests.unit.readings.watched import exact_moments, watched

KEPT = Path(__file__).with_name("sums.txt")
POLICY = load_policy()
LONDON = ZoneInfo("Europe/London")
SITE = SiteId("courier")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Sums = Iterator[tuple[str, Any]]


def case(**more: Any) -> Case:
    """Return an open case."""
    usual = Case(
        id=CaseId(7),
        site=SITE,
        comment_id="c7",
        author_id="a1",
        state=CaseState.OPEN,
        revision=1,
        revision_key="r1",
        touched=1,
        reports=1,
        reporters=1,
        reasons={RuleNumber(3): 1},
        strikes=0,
        priority=0,
        opened_at=NOON,
        reported_at=NOON,
    )
    return replace(usual, **more)


def queue() -> Sums:
    """Yield places in the queue, and why."""
    nothing = priority.NOTHING_ELSE
    changes: list[dict[str, Any]] = [
        {},
        {"reasons": {RuleNumber(1): 1}},
        {"reasons": {RuleNumber(9): 2, RuleNumber(1): 2}},
        *({"strikes": one} for one in (1, 2, 5, 6)),
        *({"weight": one, "reporters": 3} for one in (0.5, 1.5, 1.51, 3.0, 4.5, 4.6, 25.0, 26.0)),
        *({"weight": one} for one in (0.4, 0.5, 1.0, 1.5, 3.0)),
        *({"pace": one} for one in (1.0, 3.9, 4.0, 11.0, 12.5)),
        {"raised": True},
        {"taken_back": True},
        {"opened_at": NOON + HOUR, "raised": True, "strikes": 1},
        {"opened_at": NOON - 3 * DAY},
    ]
    for state in StoryState:
        status = StoryStatus(
            site=SITE, story_id="s", state=state, by_id=ids.PersonId(1), by_name="A", at=NOON
        )
        also = priority.of_story(POLICY, status)
        yield f"story {state}", also
        yield f"under {state}", priority.priority(POLICY, case(), also)
        yield f"why under {state}", priority.reasons_for_place(POLICY, case(), also)
    yield "no story", priority.of_story(POLICY, None)
    for change in changes:
        one = case(**change)
        yield f"place {plain(change)}", priority.priority(POLICY, one)
        yield f"why {plain(change)}", priority.reasons_for_place(POLICY, one, nothing)
        yield f"as one {plain(change)}", priority.reasons_for_place(POLICY, one, as_one=True)
    for minutes in (-5, 0, 1, 10, 60):
        at = NOON + timedelta(minutes=minutes)
        yield f"pace after {minutes}", priority.pace_after(case(pace=3.0), at)


def suspicions() -> Sums:
    """Yield how likely readers have agreed."""
    bond = Bond(overlap=0.0, usual=0.1, usual_sharing=0.1, sharing=0, targets=0)
    plainly = brigades.Usual()
    crowd = [brigades.Complaint(reader=f"r{one}", new=False) for one in range(12)]
    kinds: dict[str, list[dict[str, Any]]] = {
        "new": [{"new": True}],
        "one referrer": [{"referrer": "forum.example"}],
        "two referrers": [{"referrer": "forum.example"}, {"referrer": "t.co"}],
        "one note": [{"note": "aa"}],
        "two notes": [{"note": "aa"}, {"note": "bb"}, {}],
        "poor": [{"rejected": 9, "decided": 10}],
        "busy": [{"rejected": 90, "decided": 100}],
        "good": [{"rejected": 1, "decided": 10}],
        "half": [{"rejected": 5, "decided": 10}],
    }
    known = brigades.Usual(
        new=0.6,
        crowd_new=0.7,
        rejected=0.3,
        referrers={"forum.example": 0.7, "t.co": 0.99},
        notes={"aa": 0.4},
    )
    for (name, changes), share, usual in product(kinds.items(), (4, 8, 12), (plainly, known)):
        some = [
            replace(one, **changes[place % len(changes)]) if place < share else one
            for place, one in enumerate(crowd)
        ]
        where = "usual" if usual is plainly else "known"
        yield f"{share} {name}, {where}", brigades.weigh(some, bond, usual)
    for overlap, sharing, targets in product((0.1, 0.11, 0.3, 2.0, 9.0), (1, 6, 12), (1, 2, 5)):
        other = replace(bond, overlap=overlap, sharing=sharing, targets=targets)
        yield f"overlap {overlap} {sharing} {targets}", brigades.weigh(crowd, other, known)
    for number in (1, 4, 5, 6):
        yield f"of {number}", brigades.weigh(crowd[:number], bond, plainly)
    yield "twice the same", brigades.weigh([*crowd, *crowd], bond, plainly)
    many = [replace(one, reader=f"x{place}") for place in range(5) for one in crowd]
    yield (
        "of many",
        brigades.weigh(many, replace(bond, overlap=3.0, sharing=40, targets=9), plainly),
    )
    for numbers in ((0, 5, 1.0, 1.0), (3, 5, 2.0, 3.0), (5, 5, 0.1, 9.0), (60, 60, 0.01, 99.0)):
        yield f"tail {numbers}", brigades.tail(*numbers)
    for numbers in ((3, 10), (9, 20), (90, 100), (0, 0), (21, 21)):
        yield f"record {numbers}", brigades.record(*numbers)
    yield "newcomers", brigades.newcomers([replace(crowd[0], new=True), *crowd[:3]])


def likenesses() -> Sums:
    """Yield how alike names and ways of writing are."""
    names = ("saltydog", "saltydogs", "saltycat", "dog", "doge", "sal", "", "abcdefgh")
    for one, other in product(names, names):
        yield f"{one} and {other}", accounts.name_similarity(one, other)
    yield "groups", sorted(accounts.name_grams("salty"))
    said = "I never said that the council should sell the tip, I never did. " * 8
    also = "You never said whether the council would keep the tip; you never do. " * 8
    else_ = "Lovely weather for ducks and swans and other birds on our pond today. " * 8
    telling = accounts.usual([said, also, else_, "short", "I never"])
    yield "telling", sorted(telling.items())[:40]
    profiles = [accounts.profile([text], telling) for text in (said, also, else_, "short")]
    yield "profile", sorted(profiles[0].items())[:40]
    yield "sizes", [len(one) for one in profiles]
    yield "without usual", sorted(accounts.profile([said], {}).items())[:5]
    for one, other in product(range(4), range(4)):
        yield f"texts {one} {other}", accounts.phrase_similarity(profiles[one], profiles[other])
    syllables = [
        f"{one}{two}{three}" for one in "bdfgklmnprst" for two in "aeiou" for three in "lmst"
    ]
    long = accounts.profile([" ".join(syllables), " ".join(reversed(syllables))], telling)
    yield "long profile", [len(long), sorted(long.items())[:9]]
    for letters in (400, 401, 402):
        yield f"profile of {letters}", len(accounts.profile([("abcd" * 101)[:letters]], {}))
    yield "nothing tells", [accounts.profile([said], {" i n": 0.0}), accounts.profile([], {})]
    for alike in (0.32, 0.33, 0.34, 0.44, 0.45, 0.46):
        one, other = {"abcd": 1.0}, {"abcd": alike, "bcde": 0.5}
        yield f"as alike as {alike}", accounts.phrase_similarity(one, other)
        new = accounts.NewAccount(ref=AuthorRef(site=SITE, id="b"), name="Else", texts=())
        banned = accounts.BannedAccount(
            ref=AuthorRef(site=SITE, id="a"),
            name="Salty",
            case_id=CaseId(1),
            until=NOON,
            skeleton="saltydog",
            profile=other,
        )
        yield f"found as alike as {alike}", accounts.similarity(new, one, banned)
        later = [NOON - HOUR, NOON, NOON + HOUR]
        yield f"banned {alike}", [banned.is_banned_at(moment) for moment in later]
    ref = AuthorRef(site=SITE, id="a")
    for keys, targets, name in product(
        ((), ("network",), ("network", "", "network")),
        ((), ("x",), ("x", "y"), ("w", "x", "y", "z")),
        ("saltydog", "saltydogs", "salty cat", "else"),
    ):
        new = accounts.NewAccount(ref=ref, name=name, texts=())
        banned = accounts.BannedAccount(
            ref=ref,
            name="Salty",
            case_id=CaseId(1),
            until=None,
            skeleton="saltydog",
            profile=profiles[0],
            shared_keys=keys,
            shared_targets=targets,
        )
        found = accounts.similarity(new, profiles[len(targets) % 3], banned)
        yield f"{keys} {targets} {name}", found
    for name in ("Ana", "  Ana   Maria ", "X" * 120):
        yield f"target {name[:9]}", accounts.target(name)


def spots() -> Sums:
    """Yield what most reports are about."""
    rows = [
        Reported(
            case_id=CaseId(number),
            author=AuthorRef(site=SITE, id=f"a{number % 7}"),
            name=f"Name {number % 7}",
            story=(SITE, f"s{number % 4}"),
            title=f"Story {number % 4}",
            reports=1 + number * number % 11,
            answers=(None, "name 1", "Name 2", "NAME 3", "Somebody")[number % 5],
        )
        for number in range(1, 40)
    ]
    for name, some in (("all", rows), ("few", rows[:3]), ("one", rows[:1]), ("none", rows[:0])):
        found = hotspots(some)
        yield f"hotspots: {name}", found
        yield f"their share: {name}", [found.share(found.authors), found.share(found.stories)]
        yield f"quarrels: {name}", [one.total for one in found.quarrels]
    yield "hotspots of more", hotspots(rows, in_all=900, one_in=3)


def times() -> Sums:
    """Yield clocks, holidays, shifts and lengths."""
    starts = [NOON + step * timedelta(hours=7, minutes=13) for step in range(40)]
    starts += [datetime(2026, 12, 23, 15, tzinfo=UTC), datetime(2026, 3, 28, 22, tzinfo=UTC)]
    for start in starts:
        yield f"48 hours from {plain(start)}", legal.due_in_48_hours(start)
        yield f"five days from {plain(start)}", legal.poster_answers_by(start)
    for year in range(2020, 2032):
        yield f"holidays {year}", sorted(one.isoformat() for one in legal.bank_holidays(year))
        yield f"Easter {year}", legal.easter_sunday(year)
    for stage in Stage:
        yield f"act by: {stage}", legal.act_by(stage, NOON)
    for kind in NoticeKind:
        yield f"answer by: {kind}", notice.act_by(kind, NOON)


def shifts() -> Sums:
    """Yield who is on shift, when it is quiet, and when days begin."""
    span = RotaSpan(
        days=frozenset({1, 4}),
        start=NOON.time(),
        end=NOON.replace(hour=20).time(),
        people=(ids.PersonId(1), ids.PersonId(2)),
    )
    night = replace(span, start=span.end, end=NOON.replace(hour=6).time())
    shift = ShiftRules(rota=(span, night))
    nightless = replace(shift, quiet_from=None)
    by_day = replace(shift, quiet_from=NOON.time(), quiet_until=NOON.replace(hour=14).time())
    for step in range(60):
        at = NOON + step * timedelta(hours=3, minutes=1)
        quiet = [one.is_quiet(at) for one in (shift, nightless, by_day)]
        yield f"on shift {plain(at)}", [*shift.on_rota(at), *quiet]
        yield f"day {plain(at)}", [shift.day_began(at), shift.morning_after(at)]


def lasting() -> Sums:
    """Yield lengths of time, and what of them a ban may have."""
    for share, number in product((0.0, 0.5, 0.9, 1.0), (0, 1, 2, 3, 10)):
        yield f"{share} of {number}", percentile([HOUR * one for one in range(number)], share)
    for hours in (0, 0.5, 1, 2, 24, 25, 47.5, 48, 71, 72, 73, 96, 24 * 365):
        yield f"{hours} hours", bans.in_words(HOUR * hours)
    for days in (-9, 0, 1, 730, 731, 9999):
        yield f"{days} days", bans.of_days(days)
    for months, hours in product((0, 1, 12, 13), (0, 0.5, 1, 24 * 365, 24 * 366)):
        length = lengths.Length(months=months, time=HOUR * hours)
        yield f"length {months} {hours}", _try(lambda one=length: bans.of_ban(one, "so long"))
        yield f"end {months} {hours}", length.end(NOON, LONDON)
    for months in (-13, -9, -1, 0, 1, 3, 15):
        at = datetime(2026, 5, 31, 1, 30, tzinfo=UTC)
        yield f"moved {months}", lengths.moved(at, months, LONDON)
    for word in ("1", "1.5", "1,25", "one", "twelve", "a", "thirteen", "0", "1/2", ""):
        found = lengths.number_of(word)
        yield f"number {word}", str(found) if isinstance(found, Fraction) else found


def _try(work: Any) -> Any:
    try:
        return work()
    except Exception as refused:  # noqa: BLE001 - whatever it says is kept
        return refused


def waiting() -> Sums:
    """Yield how long things wait, and how they are tried again."""
    for kind, retry in effects.RETRY.items():
        yield f"{kind} waits", [retry.wait(one, chance=0.25) for one in (1, 2, 3, 9, 19, 99)]
        asked = [timedelta(0), timedelta(hours=1)]
        yield f"{kind} asked", [retry.wait(3, chance=0.9, asked=one) for one in asked]
        tried = (1, 79, 80, 81)
        yield f"{kind} goes on", [[retry.goes_on(verb, n) for n in tried] for verb in effects.Verb]
    yield "what is in no list", [effects.wait_before(n, jitter=0.5) for n in (1, 2, 5)]
    over = [HOUR * one for one in (1, 2, 2, 5, 9)]
    still = [HOUR * one for one in (1, 3, 8)]
    for share, some, rest in product((0.1, 0.5, 0.9, 1.0), (over, over[:1], []), (still, [])):
        yield f"{share} of {len(some)} and {len(rest)}", waits.within(some, rest, share)
    for counts in product((0, 1, 4, 5, 20), (0, 3, 4, 6), (0, 5, 30)):
        yield f"told {counts}", small_groups.told(dict(zip("abc", counts, strict=True)))
    for count in (0, 1, 4, 5, 6):
        yield f"at least {count}", small_groups.at_least(count)
    keys = [cast("Any", key) for key in "abcdef"]
    yield "moved", rehearsal.moved(keys, [keys[3], keys[0], keys[1], keys[5], keys[2]])
    yield "counted", rehearsal.counted([Action.KEEP, Action.HIDE, Action.HIDE])


def weights() -> Sums:
    """Yield what a reader's reports weigh, and which are unfounded."""
    for agreed, disagreed in product((0.0, 2.0, 5.0, 40.0, 100.0), (0.0, 1.0, 5.0, 60.0)):
        record = comments.ReaderRecord(agreed=agreed, disagreed=disagreed)
        yield f"weight {agreed} {disagreed}", comments.weight(record)
        for right in (True, False):
            yield f"judged {agreed} {disagreed} {right}", record.judged(right=right)
            yield f"back {agreed} {disagreed} {right}", record.taken_back(right=right)
    strict = UnfoundedRules(warned=2, last=4, more=1, days=3)
    for fates in ("", "u", "ff", "uu", "ufu", "uuffu", "fuuuu", "uuffff", "uuuuuuuu"):
        judged = [
            JudgedReport(reported_at=NOON + place * HOUR, unfounded=fate == "u")
            for place, fate in enumerate(fates)
        ]
        yield f"unfounded {fates}", [unfounded(judged, one) for one in (strict, UnfoundedRules())]
        standing: ReaderStanding | None = None
        for number in range(1, len(judged) + 1):
            standing = standing_after(
                standing,
                judged[:number],
                strict,
                decision_id=DecisionId(number),
                now=NOON + number * HOUR,
            )
            yield f"standing {fates[:number]}", standing
            if standing is not None:
                later = [NOON, NOON + 3 * DAY, NOON + 9 * DAY]
                counted = [standing.is_uncounted(one) for one in later]
                yield f"uncounted {fates[:number]}", counted
    stands = comments.TextMark(key="k", at=NOON, taken_at=NOON + HOUR)
    for minutes, revision, now in product((-1, 0, 1, 90), ("", "9", "010", "11", "x"), (0, 2)):
        one = comments.Comment(external_id="c", revision=revision, text="t")
        at = NOON + timedelta(minutes=minutes)
        known = replace(stands, at=NOON + now * HOUR)
        newer = comments.is_newer(one, at, NOON + HOUR, known, "10")
        yield f"newer {minutes} {revision} {now}", newer
        exact = comments.is_newer(one, at + timedelta(microseconds=5), NOON + HOUR, known, "10")
        yield f"newer exactly {minutes} {revision} {now}", exact


def rules() -> Sums:
    """Yield what the policy says."""
    for rule, strikes in product(POLICY.rules, (-1, 0, 1, 4, 9)):
        yield f"ban for {rule.number} {strikes}", POLICY.recommended(rule.number, strikes)
    for state in StoryState:
        yield f"holding {state}", [rule.number for rule in POLICY.holding(state)]
        yield f"holds {state}", [POLICY.holds(state, [rule.number]) for rule in POLICY.rules]
        for days in (None, 0, 5):
            yield f"review {state} {days}", review_after(POLICY.stories.of(state), days)
    for action, for_good, hidden in product(Action, (True, False), (True, False)):
        two = POLICY.takes_two(action, for_good=for_good, legal=hidden)
        yield f"two {action} {for_good} {hidden}", two
    yield "former", POLICY.rule(RuleNumber(77))
    yield "mildest", POLICY.mildest.number
    yield "no rules", StateRules()


def brakes_and_routes() -> Sums:
    """Yield how much one person does alone, and where cards belong."""
    for act, rank in product(Act, Rank):
        yield f"most {act} {rank}", BrakeRules(bans=2, hides=3, overturns=5).most(act, rank)
    back = TakenBack(bans=1, hides=20, overturns=300, holds=4000, proposals=50000)
    yield "taken back", back.total
    routes = (
        Route(channel_id=1, section="Sport", site=SITE),
        Route(channel_id=2, state=StoryState.PROTECTED),
        Route(channel_id=3, reason=RuleNumber(2)),
    )
    for section, state, reason in product(
        (None, "sport", "news"), (StoryState.NORMAL, StoryState.PROTECTED), (1, 2)
    ):
        for site in (SITE, SiteId("other")):
            number = [RuleNumber(reason)]
            found = home(routes, site=site, section=section, state=state, reasons=number)
            yield f"home {section} {state} {reason} {site}", found


def settings() -> Sums:
    """Yield what is set in Discord, and the channels and hours that come of it."""
    for chosen in (
        {Setting.RULES_OFF: "1,2,77"},
        {Setting.RULES_OFF: listed([rule.number for rule in POLICY.rules])},
        {Setting.TIME_ZONE: "Asia/Tokyo", Setting.QUIET_HOURS: "never"},
        {Setting.TIME_ZONE: "x", Setting.QUIET_HOURS: "21:00-05:30"},
        {},
    ):
        put = applied(POLICY, chosen)
        numbers = [[one.number for one in some] for some in (put.rules, put.off)]
        zones = [put.shift.zone.key, put.alerts.zone.key]
        hours = [
            hours_in_words((one.quiet_from, one.quiet_until)) for one in (put.shift, put.alerts)
        ]
        yield f"set up {plain(chosen)}", [numbers, zones, hours]
        off = [plain(put.switched_off(RuleNumber(1))), put.rule(RuleNumber(1)).name]
        yield f"off {plain(chosen)}", off
    for editors, log, appeals in product((None, 2), (None, 3), (None, 2, 4)):
        places = ids.Places(
            guild_id=9,
            channel_id=1,
            editors_channel_id=editors,
            log_channel_id=log,
            appeals_channel_id=appeals,
        )
        yield f"places {editors} {log} {appeals}", [places.all, places.editors, places.appeals]
    yield "first id", ids.first_id_of(NOON)
    moments = [NOON + HOUR * one for one in (0, 0, 1, 5, 6)]
    yield "bars", alerts.bars(moments, NOON, 2 * HOUR, 3)
    quiet = POLICY.alerts
    for hours in range(0, 24, 5):
        at = NOON + HOUR * hours
        yield f"quiet {hours}", [quiet.is_quiet(at), quiet.loud_again(at)]
        yield f"offset {hours}", quiet.offset(at.timestamp() + 86_400 * 180)


def logs() -> Sums:
    """Yield what a log of reports from elsewhere says."""
    rows = [
        json.dumps(
            {
                "t": NOON.timestamp() + 3 * number,
                "article": ("s1", 7)[number // 40],
                "comment": f"c{number % 3}",
                "author": ("a", 5)[number % 2],
                "reporter": f"r{number}",
                "reason": "spam",
                "referrer": "forum.example",
                "note": "Vote it down now",
                "published": NOON.timestamp() - 60,
            }
        )
        for number in range(80)
    ]
    rows += [json.dumps({**json.loads(rows[-1]), "t": NOON.timestamp() + 9000})]
    said: list[str] = []
    found = _try(lambda: spikes_offline.run(rows, said.append, budget=1.0, hourly=2.0))
    yield "run", found
    for place, line in enumerate(said):
        yield f"said {place}", line
    read = json.loads(rows[0])
    odd: list[str] = ["", "{}", "[]", "x", rows[0]]
    odd += [json.dumps({**read, name: None}) for name in read]
    odd += [json.dumps({**read, "t": one}) for one in (True, "1", "x", "Infinity", 1e400)]
    odd += [json.dumps({k: v for k, v in read.items() if k != name}) for name in read]
    for place, line in enumerate(odd):
        yield f"row {place}", _try(lambda line=line: spikes_offline.read_row(line, 7))


def sums() -> list[str]:
    """Return each with its name."""
    parts = (
        queue,
        suspicions,
        likenesses,
        spots,
        times,
        shifts,
        lasting,
        waiting,
        weights,
        rules,
        brakes_and_routes,
        settings,
        logs,
        cases,
        counted_months,
        calendar,
        of_platforms,
        of_staff,
        of_marks,
        beginnings,
        seasons,
        tails,
        tracks,
        surges,
        first_surges,
        what_is_usual,
        pasts,
        detected,
        spikes,
        merged,
        exact_moments,
        watched,
    )
    return [f"{name}: {plain(value)}" for part in parts for name, value in part()]


if __name__ == "__main__":
    KEPT.write_text("\n".join(sums()) + "\n", encoding="utf-8")
    sys.stdout.write(f"{KEPT} was written anew.\n")
