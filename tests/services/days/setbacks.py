"""What does not go as it should: cards that are deleted or barred, people who are back, late words."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.domain.alerts import AlertId, Opinion
from bot.domain.cases import NoticeKind
from bot.domain.comments import Story
from bot.domain.decisions import Action, Door
from bot.domain.detection.brigades import Clue, Coordination, Sign, Suspicion
from bot.domain.detection.events import Tier
from bot.domain.detection.incidents import Facts, Kind, Notice, Stage
from bot.domain.errors import BoardBarred, BoardDown, CardGone
from bot.domain.ids import CaseId, MessageRef, ReporterKey, RuleNumber, SiteId
from bot.domain.legal import Stage as LegalStage
from bot.domain.readers.notice import NoticeText, Outcome
from bot.domain.routing import Route
from bot.domain.sayings import Saying
from bot.domain.staff import Trouble
from bot.domain.stories import StoryState
from bot.domain.subject import Subject, SubjectKind
from bot.services import messages
from bot.services.alerts import boost, opinions, views
from bot.services.alerts.lifecycle import keep_alert
from bot.services.alerts.spike_worker import restore
from bot.services.cases import legal, lookup
from bot.services.cases.claim import claim
from bot.services.cases.notes import look_in
from bot.services.cases.receive import receive
from bot.services.cases.reverse import reverse
from bot.services.deliver import card_lane
from bot.services.desk import Desk
from bot.services.outbox_worker import Lane, turn
from bot.services.privacy import person
from bot.services.privacy.unsaying import forget_lane
from bot.services.readers import contest, mail, notice, report
from bot.services.redraw import draw_again, want_card_again
from bot.services.staff import overview
from bot.store.remembering import Forgotten
from bot.store.tx import Tx
from tests.services.days.people import how_said, takes
from tests.services.days.people import report as reported
from tests.services.days.readers import LEGAL, Newsroom, Post
from tests.services.days.told import Day, orders, plain
from tests.services.desks import ANA, BEN, OLLY, SAM, Bench
from tests.services.newsdesk import BOTH, Newsdesk
from tests.services.outside import CHANNEL, EDITORS, Channel, ObedientSite
from tests.support.plainly import NOON

COURIER = SiteId("courier")
SPORT = 710
MISSING = Trouble(
    name="x", words="It may not.", over="It may.", mend="Allow it.", channel_id=CHANNEL
)
AGREED = Coordination(
    suspicion=Suspicion.LIKELY,
    score=6.5,
    readers=9,
    clues=(Clue(sign=Sign.NEW_READERS, weight=4.5, readers=8, of=9),),
)
SITE_ALERT = Facts(
    number=900,
    tier=Tier.SITE,
    key="",
    stage=Stage.OPEN,
    began_at=0.0,
    opened_at=0.0,
    last_at=0.0,
    reports=40,
    readers=30,
    usual=2.5,
    chance_weeks=9.0,
    comments=(),
    authors=(),
    stories=(),
    reasons=(),
    joined=((Tier.STORY, "s9"), (Tier.COMMENTER, "id-w1"), (Tier.STORY, "s-unknown")),
    parent=None,
    coordination=None,
    muted=False,
    real=None,
    times_opened=1,
)


@dataclass
class Barring(Channel):
    """Channels in which some of what the desk does is barred, or a message gone."""

    bars: set[str] = field(default_factory=set[str])

    def _check(self, what: str) -> None:
        if what in self.bars:
            raise BoardBarred(MISSING)
        if f"gone: {what}" in self.bars:
            raise CardGone("It was deleted.")
        if f"down: {what}" in self.bars:
            raise BoardDown("Nobody is there.")

    async def post(self, channel_id: int, what: Saying, **how: Any) -> Any:
        self._check("post")
        return await super().post(channel_id, what, **how)

    async def edit(self, at: MessageRef, what: Saying) -> bool:
        self._check("edit")
        return await super().edit(at, what)

    async def delete(self, at: MessageRef, *, noted: bool = True) -> None:
        self._check(f"delete in {at.channel_id}")
        await super().delete(at, noted=noted)

    async def drop_thread(self, thread_id: int) -> None:
        self._check("thread")
        await super().drop_thread(thread_id)


def desk(bench: Bench) -> Bench:
    """Return the desk of this day."""
    return Newsroom(bench.store, bench.clock)


async def told(day: Day) -> None:
    """Go through the day."""
    board = Barring(day.bench.clock)
    for number in (1, 2, 3):
        await takes(day, number, author=f"a{number}", rule=RuleNumber(3))
    await _cards(day, board)
    await _looked_up(day)
    await _moved(day, board)
    await _mails(day)
    await _notices(day)
    await _back_again(day)
    await _unsaid(day, board)
    await _spike(day)


async def _all(day: Day, name: str, lane: Lane) -> None:
    day.lines += ["", f"== {name}"]
    while await turn(lane):
        pass
    day.note()


async def _cards(day: Day, board: Barring) -> None:
    at = day.bench.desk
    for bars in ({"post"}, {"down: post"}, {"post"}, set[str]()):
        board.bars = bars
        day.bench.clock.pass_by(minutes=20)
        await _all(day, f"cards are posted: {sorted(bars)}", card_lane(at, board))
    edited = reported(day.bench, 1, author="a1", reader=12, revision="r2", text="Edited.")
    await takes(day, 1, what=edited, again="1 is edited")
    for bars in ({"edit"}, {"down: edit"}, set[str]()):
        board.bars = bars
        day.bench.clock.pass_by(minutes=20)
        await _all(day, f"cards are edited: {sorted(bars)}", card_lane(at, board))
    shown = {one.case_id: number for number, one in board.messages.items()}
    place = MessageRef(channel_id=CHANNEL, message_id=shown[CaseId(1)])
    ref = await day.do("the card of 1", lookup.card_at(at, place.message_id))
    assert ref
    await day.do("2 is to be drawn", draw_again(at, CaseId(2)))
    del board.messages[shown[CaseId(2)]]
    await _all(day, "2 was deleted", card_lane(at, board))
    await day.do("1 was deleted", want_card_again(at, ref))
    await day.do("and told again", want_card_again(at, ref))
    await _all(day, "1 is posted anew", card_lane(at, board))
    await day.do("Ana hides 3", day.bench.decide(CaseId(3)))
    del board.messages[shown[CaseId(3)]]
    await _all(day, "3 is decided and its card gone", card_lane(at, board))
    await day.do("3 is to be drawn", draw_again(at, CaseId(3)))
    await _all(day, "3 needs no card", card_lane(at, board))
    await day.do("3 is open again", reverse(at, CaseId(3), by=ANA, door=Door.BUTTON))
    await _all(day, "3 is posted anew", card_lane(at, board))
    for nonce in ("a", "a", "b"):
        await day.do(f"tried {nonce}", messages.first_tried(at, nonce))
    await day.do("not sent", messages.not_sent(at, "a"))
    await day.do("tried once more", messages.first_tried(at, "a"))
    await day.do("an overview", overview.refresh(at, board, None))
    for message in (1, max(board.messages)):
        gone = MessageRef(channel_id=CHANNEL, message_id=message)
        await day.do(f"message {message} is gone", overview.forget(at, gone))


async def _looked_up(day: Day) -> None:
    at = day.bench.desk
    await day.do("Ana claims 1", claim(at, CaseId(1), ANA))
    await day.do("Ana claims 2", claim(at, CaseId(2), ANA))
    await day.do("Ana keeps 2", day.bench.decide(CaseId(2), Action.KEEP))
    for number, by in ((1, ANA), (1, BEN), (2, ANA), (3, ANA), (99, ANA)):
        hand = lookup.is_in_hand(at, CaseId(number), by)
        await day.do(f"is {number} in {by.name}'s hand", hand)
    for who, seconds in ((ANA, 0), (BEN, 119), (ANA, 1), (SAM, 0), (BEN, 120), (ANA, 1)):
        day.bench.clock.pass_by(seconds=seconds)
        await day.do(f"{who.name} looks into 1", look_in(at, CaseId(1), who))
    await day.do("1 itself", lookup.case(at, CaseId(1)))
    await day.do("no case", lookup.case(at, CaseId(99)))
    for number in (1, 99):
        await day.do(f"where {number} stands", lookup.card_of(at, CaseId(number)))
    await day.do("no card", lookup.card_at(at, 98765))
    for back in (0, 30, 50, 70, 1000):
        then = day.bench.clock.now - timedelta(minutes=back)
        for number in (1, 99):
            seen = lookup.seen_on_card(at, CaseId(number), then)
            await day.do(f"seen on {number} {back} minutes ago", seen)
    day.bench.clock.pass_by(hours=1)
    await day.do("is 1 in her hand an hour later", lookup.is_in_hand(at, CaseId(1), ANA))
    for line in (
        "after:yesterday",
        "before:3h",
        "before:yesterday",
        "author:a1 3h",
        "by:@Ana",
        "r",
    ):
        await day.do(f"looked for {line}", lookup.search(at, line, ANA))
    await day.do("the second page", lookup.search(at, "bought", ANA, offset=1))
    await day.do("for Olly", lookup.search(at, "bought", OLLY))
    day.bench.clock.pass_by(hours=24)
    for line in ("after:yesterday", "after:today", "before:yesterday", "before:today"):
        await day.do(f"looked for {line} a day later", lookup.search(at, line, ANA))
    await day.do("the queue", lookup.queue(at, ANA, limit=2))
    await day.do("the rest of it", lookup.queue(at, ANA, limit=2, offset=2))
    await day.do("the worst", lookup.worst(at, limit=1))


async def _moved(day: Day, board: Barring) -> None:
    usual = day.bench.policy
    for bars, channel in (({"edit"}, SPORT), ({"gone: edit"}, SPORT + 1), (set[str](), SPORT + 2)):
        route = Route(channel_id=channel, reason=RuleNumber(3))
        day.bench.policy = replace(usual, routes=(route,))
        board.bars = bars
        at = day.bench.desk
        await day.do("1 belongs elsewhere", draw_again(at, CaseId(1)))
        await _all(day, f"its old card: {sorted(bars)}", card_lane(at, board))
    day.bench.policy, board.bars = usual, set()
    stand = sorted(board.messages.items())
    day.lines += [
        f"stands {number} in {one.channel_id} {type(one.what).__name__}" for number, one in stand
    ]


async def _mailed(day: Day, post: Post) -> list[str]:
    before = len(post.letters)
    await day.do("mail is sent", turn(mail.mail_lane(day.bench.desk, post.send)))
    new = post.letters[before:]
    day.lines += [f"letter {plain(one)}" for one in new]
    return [one.secret for one in new]


async def _mails(day: Day) -> None:
    """Let reporters confirm their address before, between and after what is decided."""
    at, post = day.bench.desk, Post()
    secrets = list[str]()
    for number in (11, 12, 13, 14):
        said = reported(day.bench, number, author=f"w{number}", reader=60, rule=RuleNumber(5))
        filed = await day.do(f"a reader reports c{number}", report.file_report(at, said, "de"))
        assert filed
        secrets.append(filed.secret)
        asked = mail.ask_for_mail(at, filed.secret, f"r{number}@example.org", "de")
        await day.do("they want mail", asked)
    links = await _mailed(day, post)
    cases = [CaseId(number) for number in (4, 5, 6)]
    await day.do("Ana keeps the first", day.bench.decide(cases[0], Action.KEEP))
    await day.do("the first confirms", mail.confirm_mail(at, links[0]))
    await day.do("Ana hides the second", day.bench.decide(cases[1], rule=RuleNumber(5)))
    day.bench.clock.pass_by(minutes=30)
    await day.do("the second confirms", mail.confirm_mail(at, links[1]))
    await day.do("the third confirms", mail.confirm_mail(at, links[2]))
    await day.do("Ana hides the third", day.bench.decide(cases[2], rule=RuleNumber(5)))
    await day.do("and undoes it", reverse(at, cases[2], by=ANA, door=Door.BUTTON))
    day.bench.clock.pass_by(minutes=30)
    await _mailed(day, post)
    await day.do("Ben keeps the third", day.bench.decide(cases[2], Action.KEEP, by=BEN))
    day.bench.clock.pass_by(minutes=30)
    await _mailed(day, post)
    for number, secret in enumerate(secrets[:3], start=1):
        said = contest.contest_by_reporter(at, secret, "No.", "de")
        await day.do(f"reporter {number} contests", said)
    answer = contest.Answer.UPHELD
    for number in (1, 2):
        how = contest.answer_contest(at, number, answer, by=SAM, reasons="We looked.")
        await day.do(f"contest {number} is answered", how)
    await _mailed(day, post)
    await day.do("the first stops it by the report", mail.stop_mail(at, secrets[0]))
    await day.do("nobody stops nothing", mail.stop_mail(at, "nothing"))
    await day.do("the second by a mail", mail.stop_mail(at, links[1]))
    await day.do("who never confirmed", mail.forget_mail(at))
    day.bench.clock.pass_by(days=7)
    await day.do("who never confirmed, a week later", mail.forget_mail(at))
    day.bench.clock.pass_by(seconds=1)
    await day.do("and a second", mail.forget_mail(at))


async def _notices(day: Day) -> None:
    at, post = day.bench.desk, Post()
    said = NoticeText(
        kind=NoticeKind.ILLEGAL,
        address="https://courier.example/s1#comment-c1",
        text="It is a threat.",
        name="Jo",
        email="jo@example.org",
        good_faith=True,
    )
    taken = await day.do("a notice", notice.take_notice(at, said, "en", mails=False))
    assert taken
    for email in ("jo@example.org", "jill@example.org"):
        asked = mail.ask_for_mail(at, taken.secret, email, "cy")
        await day.do(f"its sender wants mail to {email}", asked)
    [link] = await _mailed(day, post)
    await day.do("it is tied to 1", notice.tie_notice(at, 1, CaseId(1), by=ANA))
    await day.do("it is answered", notice.answer_notice(at, 1, Outcome.ACTED, "Done.", by=ANA))
    await day.do("the sender confirms later", mail.confirm_mail(at, link))
    await _mailed(day, post)
    await day.do("and stops it", mail.stop_mail(at, taken.secret))
    about = reported(day.bench, 15, author="w")
    complaint = notice.take_notice(at, LEGAL, "en", report=about)
    made = await day.do("a legal notice with its comment", complaint)
    assert made
    [first] = await _mailed(day, post)
    await day.do("confirmed", mail.confirm_mail(at, first))
    for stage in LegalStage:
        await day.do(f"then {stage.name}", legal.step(at, 1, stage, by=SAM))
        await _mailed(day, post)
    await day.do("what it came to", notice.follow_notice(at, made.secret))
    lacks = replace(LEGAL, falsity="", may_name=None)
    for number, at_once in ((2, True), (3, False)):
        about = reported(day.bench, 14 + number, author="w")
        await day.do("one that lacks something", notice.take_notice(at, lacks, "en", report=about))
        [link] = await _mailed(day, post)
        await day.do("confirmed too", mail.confirm_mail(at, link))
        for stage in (LegalStage.ANSWERED, LegalStage.POSTER_TOLD, LegalStage.REMOVED):
            await day.do(f"{number} then {stage.name}", legal.step(at, number, stage, by=SAM))
            if at_once:
                await _mailed(day, post)
    await _mailed(day, post)


async def _back_again(day: Day) -> None:
    """Let a database be put back that knows people who were erased since."""
    at, now = day.bench.desk, day.bench.clock.now
    await _all(day, "the site is told", orders(at, COURIER, ObedientSite()))
    await day.do("Ana hides 3 again", day.bench.decide(CaseId(3)))
    author = Subject(kind=SubjectKind.AUTHOR, site=COURIER, value="id-a2")
    busy = replace(author, value="id-a3")
    reader = Subject(
        kind=SubjectKind.READER, site=COURIER, value=ReporterKey((1011).to_bytes(16, "big")).hex()
    )
    staff = Subject(kind=SubjectKind.STAFF, site="", value=str(BEN.id))
    email = Subject(kind=SubjectKind.EMAIL, site="", value="r13@example.org")
    nobody = replace(author, value="id-nobody")
    with TemporaryDirectory() as folder:
        kept = Forgotten(Path(folder) / "desk.db")
        for place, one in enumerate((author, busy, reader, staff, email, nobody)):
            salt = bytes([place]) * 16
            kept.keep([(one.key(salt), salt, one.kind, now)])
        for name in ("the database was put back", "and looked at again"):
            await day.do(name, person.forget_again(at, kept))
        day.lines.append(f"in the file {len(kept.all())}")
    for one in (author, busy, reader, staff, email, nobody):
        held = person.held_about(at, one)
        await day.do(f"what is held of {one.kind} {one.value[-6:]}", held)


async def _unsaid(day: Day, board: Barring) -> None:
    lane = forget_lane(day.bench.desk, board, lambda: (CHANNEL, EDITORS))
    for bars in (
        {"thread", f"delete in {CHANNEL}"},
        {f"down: delete in {EDITORS}"},
        set[str](),
    ):
        board.bars = bars
        day.bench.clock.pass_by(hours=2)
        await _all(day, f"messages go: {sorted(bars)}", lane)
    day.lines.append(f"left {sorted(board.messages)}, threads {sorted(board.dropped)}")


async def _spike(day: Day) -> None:
    """Let reports rise, and an editor change their mind about it."""
    at = day.bench.desk
    room = Newsdesk(day.bench, await restore(at, BOTH))
    for reader in range(24):
        day.bench.clock.pass_by(seconds=4)
        about = Story(external_id="s9", title="Nine", url="https://c.example/9", published=NOON)
        made = reported(
            day.bench, 200 + reader % 3, author=f"w{reader % 3}", reader=reader, story=about
        )
        await receive(at, [made])
    day.lines += ["", "== 24 report a story"]
    day.note()
    await day.do("it is told", room.settle(seconds=30))
    for said in (Opinion.REAL, Opinion.FALSE, None):
        await day.do(f"they say {said}", _says(at, said))
        await day.do("it is heard", room.settle(seconds=30))
        day.lines.append(f"heard {plain(dict(room.state.opinions))}")
    now = day.bench.clock.now.timestamp()
    week = (NOON + timedelta(days=7, minutes=20)).timestamp()
    site = replace(SITE_ALERT, began_at=now - 900, opened_at=now - 300, last_at=now)
    story = replace(site, number=901, tier=Tier.STORY, key="s9", parent=900, joined=())
    likely = replace(story, coordination=AGREED)
    possible = replace(story, coordination=replace(AGREED, suspicion=Suspicion.POSSIBLE))
    for name, kind, facts in (
        ("the whole site", Kind.OPENED, site),
        ("a story of it", Kind.OPENED, story),
        ("it was agreed upon", Kind.DOUBLED, likely),
        ("as before", Kind.UPDATED, likely),
        ("it may have been", Kind.UPDATED, possible),
        ("agreed after all", Kind.JOINED, likely),
        ("it was not", Kind.UPDATED, story),
        ("as a week before", Kind.OPENED, replace(site, number=902, began_at=week, opened_at=week)),
        ("the site calms", Kind.COOLED, replace(site, stage=Stage.COOLING)),
        ("the site is calm", Kind.CLOSED, replace(site, stage=Stage.CLOSED)),
        ("the story outlives it", Kind.UPDATED, story),
    ):
        told = Notice(kind=kind, at=now, facts=facts, aloud=True)

        def keep(tx: Tx, told: Notice = told) -> None:
            keep_alert(tx, COURIER, told, day.bench.policy, day.bench.clock.now, BOTH)

        await day.do(name, at.store.write(keep))
        for alert in (2, 3, 4):
            await day.do(f"alert {alert}", views.look(at, AlertId(alert)))
    await day.do("all of it is told", room.settle(seconds=30))
    for alert in (1, 2, 3):
        await day.do(f"the cases of {alert} come first", boost.raise_cases(at, AlertId(alert), SAM))
        await day.do(f"those of {alert} go back", boost.unboost(at, AlertId(alert), SAM))
    ghost = replace(story, number=903, key="s-unknown", parent=None, usual=0.0)
    last = Notice(kind=Kind.OPENED, at=now, facts=ghost, aloud=True)

    def keep_last(tx: Tx) -> None:
        keep_alert(tx, COURIER, last, day.bench.policy, day.bench.clock.now, BOTH)

    await day.do("a story that nobody knows", at.store.write(keep_last))
    await day.do("alert 5", views.look(at, AlertId(5)))
    for alert, state in ((2, StoryState.WATCH), (1, StoryState.CLOSED), (5, StoryState.WATCH)):
        await day.do(f"{alert} is {state}", opinions.mark_story(at, AlertId(alert), state, SAM))
    moved = replace(room.board.places, editors_channel_id=6)
    room.board.places = moved
    await day.do("editors have another channel", room.settle(minutes=1))
    await day.do("it is over", room.settle(hours=4))
    day.lines += [f"said {how_said(one)}" for one in room.board.said]


async def _says(at: Desk, said: Opinion | None) -> object:
    if said is not None:
        return await opinions.judge(at, AlertId(1), said, SAM)

    def unsay(tx: Tx) -> None:
        alert = tx.alerts.get(AlertId(1))
        assert alert
        tx.alerts.save(replace(alert, opinion=None))

    return await at.store.write(unsay)
