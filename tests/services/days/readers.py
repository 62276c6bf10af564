"""What readers send in and say against decisions, what they are written, and what staff answer."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.domain.alerts import AlertId
from bot.domain.cases import Answer, NoticeKind
from bot.domain.comments import Author, Comment, Story
from bot.domain.decisions import Action, Decision, Door
from bot.domain.effects import Outcome as Sent
from bot.domain.effects import Verb
from bot.domain.ids import CaseId, RuleNumber, SiteId
from bot.domain.legal import Consent, Stage
from bot.domain.readers.mail import Letter
from bot.domain.readers.notice import NoticeText, Outcome, Road
from bot.domain.site import Ability, About, SiteKeys
from bot.services import known
from bot.services.cases import legal
from bot.services.cases.reverse import reverse
from bot.services.desk import Desk
from bot.services.outbox_worker import turn
from bot.services.readers import (
    contest,
    contest_card,
    contest_view,
    mail,
    notice,
    pack,
    report,
    statement,
    transparency,
)
from bot.services.readers.complaint import came_at, find_case, name_and_email
from bot.services.readers.notice_case import seek
from bot.services.staff.overdue_contests import call_out_contests
from bot.services.staff.reminders import reminder_lane
from bot.store.tx import Tx
from tests.services.days.people import AUTHORITY, EVE, drawn, how_said, takes
from tests.services.days.people import report as reported
from tests.services.days.told import Day, plain
from tests.services.desks import ANA, BEN, OLLY, SAM, Bench
from tests.services.outside import ObedientSite, Phone

COURIER = SiteId("courier")
KEY = b"a key of the courier's own"
WEEK = timedelta(days=7)
NOWHERE = "a secret that leads nowhere"
LEGAL = NoticeText(
    kind=NoticeKind.LEGAL,
    address="https://courier.example/s1#comment-c3",
    text="It says that I take bribes.",
    falsity="I never took one.",
    name="Jane Doe",
    email="jane@example.org",
    unknown=True,
    may_name=True,
    may_email=False,
)


class Newsroom(Bench):
    """A desk with pages for readers, that writes to them."""

    @property
    def desk(self) -> Desk:
        keys = {COURIER: SiteKeys(secrets=(), salt=KEY)}
        pages = statement.addresses("https://desk.example", keys)
        usual = replace(super().desk, authority=AUTHORITY)
        return replace(usual, statement_url=pages, writes_mail=True)


@dataclass
class Post:
    """What was mailed."""

    verb: Verb = Verb.DONE
    letters: list[Letter] = field(default_factory=list[Letter])

    async def send(self, letter: Letter) -> Sent:
        self.letters.append(letter)
        return Sent(verb=self.verb, words="" if self.verb is Verb.DONE else "No answer.")


def desk(bench: Bench) -> Bench:
    """Return the desk of this day."""
    return Newsroom(bench.store, bench.clock)


async def told(day: Day) -> None:
    """Go through the day."""
    for number in (1, 2, 3):
        await takes(day, number, author=f"writer{number}", rule=RuleNumber(3))
    await drawn(day, day.board())
    post = Post()
    secrets = await _filed(day, post)
    await _contests(day, post, secrets)
    await _notices(day, post)
    await _legal(day)
    await _later(day, post)
    await _figures(day)


async def _mailed(day: Day, post: Post) -> list[Letter]:
    before = len(post.letters)
    await day.do("mail is sent", turn(mail.mail_lane(day.bench.desk, post.send)))
    new = post.letters[before:]
    day.lines += [f"letter {plain(one)}" for one in new]
    return new


async def _filed(day: Day, post: Post) -> list[str]:
    at, found = day.bench.desk, list[str]()
    for number in (1, 2, 4, 4):
        said = reported(day.bench, number, author=f"writer{number}", reader=50, note="Look!")
        filed = await day.do(f"a reader reports c{number}", report.file_report(at, said, "cy"))
        assert filed
        found.append(filed.secret)
    one, two, three, _ = found
    for secret in (one, NOWHERE):
        await day.do("they look", report.look_up(at, secret))
        await day.do("they add to it", report.add_note(at, secret, " And  more. "))
        await day.do("they want mail", mail.ask_for_mail(at, secret, "r@example.org", "de"))
    await day.do("they want it there", mail.ask_for_mail(at, one, "r@example", "en"))
    await day.do("they add too much", report.add_note(at, one, "x" * 500))
    await day.do("they want it elsewhere", mail.ask_for_mail(at, two, "s@example.org", "en"))
    await day.do("and there", mail.ask_for_mail(at, two, "t@example.org", "en"))
    letters = await _mailed(day, post)
    for letter in letters:
        await day.do("whose link it is", mail.mailed_to(at, letter.secret))
        await day.do("a link looked at before", report.look_up(at, letter.secret))
        await day.do("a link is pressed", mail.confirm_mail(at, letter.secret))
        await day.do("and pressed again", mail.confirm_mail(at, letter.secret))
        await day.do("what it leads to", report.look_up(at, letter.secret))
    await day.do("a link of nothing", mail.confirm_mail(at, NOWHERE))
    await day.do("a report is taken back", report.withdraw(at, three))
    await day.do("and once more", report.withdraw(at, three))
    await day.do("nothing is taken back", report.withdraw(at, NOWHERE))
    await day.do("Ana keeps 1", day.bench.decide(CaseId(1), Action.KEEP))
    await day.do("a late addition", report.add_note(at, one, "Still."))
    await day.do("a late change of mind", report.withdraw(at, one))
    await _mailed(day, post)
    day.bench.clock.pass_by(minutes=11)
    await _mailed(day, post)
    await day.do("no more mails", mail.stop_mail(at, letters[-1].secret))
    await day.do("none to stop", mail.stop_mail(at, letters[-1].secret))
    return [one, two, three]


async def _contests(day: Day, post: Post, secrets: list[str]) -> None:
    at, [one, two, three] = day.bench.desk, secrets
    await day.do("an empty word", contest.contest_by_reporter(at, one, " ", "cy"))
    await day.do("too many words", contest.contest_by_reporter(at, one, "x" * 5001, "cy"))
    for secret in (one, one, two, three, NOWHERE):
        said = contest.contest_by_reporter(at, secret, " It is not  all right. ", "cy")
        await day.do("a reader contests that it was kept", said)
    await day.do("not counting", contest.contest_not_counting(at, one, "Why?", "en"))
    hidden = await day.do("Ana hides 2", day.bench.decide(CaseId(2), rule=RuleNumber(4)))
    banned = await day.do("Ana bans 3", day.bench.decide(CaseId(3), Action.BAN, lasting=WEEK))
    pages = [await _stated(day, made) for made in (hidden, banned)]
    for page in (*pages, NOWHERE):
        await day.do("an author reads", statement.statement(at, page))
        said = contest.contest_by_author(at, page, "It was a joke.", "en")
        await day.do("an author contests", said)
    await day.do("an author contests again", contest.contest_by_author(at, pages[0], "No.", "en"))
    board = day.board()
    lane = reminder_lane(at, board, Phone())
    for _ in range(3):
        await day.do("cards of contests", turn(lane))
    await day.do("those that wait", contest_view.waiting_contests(at, ANA, limit=2))
    await day.do("their cards", contest_card.cards_of_waiting(at))
    await day.do("one of them", contest_view.read_contest(at, 2, BEN))
    await day.do("one there is not", contest_view.read_contest(at, 9, BEN))
    await day.do("to be answered by Ben", contest_view.to_answer(at, 2, BEN))
    await day.do("by Ana, who decided", contest_view.to_answer(at, 2, ANA))
    day.bench.clock.pass_by(hours=72)
    await day.do("none is late", call_out_contests(at))
    day.bench.clock.pass_by(hours=25)
    await day.do("they are late", call_out_contests(at))
    for name, which, answer, more in (
        ("Olly answers", 1, Answer.UPHELD, {"by": OLLY}),
        ("Ana answers", 1, Answer.UPHELD, {"by": ANA}),
        ("without reasons", 1, Answer.UPHELD, {"reasons": " "}),
        ("without a rule", 1, Answer.OVERTURNED, {}),
        ("under no rule", 1, Answer.OVERTURNED, {"rule": RuleNumber(77)}),
        ("no ban", 1, Answer.SHORTENED, {}),
        ("kept after all is hidden", 1, Answer.OVERTURNED, {"rule": RuleNumber(5)}),
        ("answered before", 1, Answer.UPHELD, {}),
        ("hidden stays", 2, Answer.UPHELD, {}),
        ("a ban as long", 3, Answer.SHORTENED, {"lasting": WEEK}),
        ("a ban over", 3, Answer.SHORTENED, {"lasting": timedelta(days=1)}),
        ("a shorter ban", 3, Answer.SHORTENED, {"lasting": timedelta(days=6)}),
    ):
        how = {"by": BEN, "reasons": " We  looked again. ", **more}
        await day.do(name, contest.answer_contest(at, which, answer, **how))  # type: ignore[arg-type]
    await _mailed(day, post)
    again = {"by": SAM, "door": Door.SLASH}
    await day.do("Sam undoes 1", reverse(at, CaseId(1), **again))  # type: ignore[arg-type]
    await day.do("what the reader sees", report.look_up(at, one))
    await day.do("what the author sees", statement.statement(at, pages[1]))


async def _stated(day: Day, made: Decision | None) -> str:
    assert made
    url = await day.do("where it can be read", statement.state(day.bench.desk, made.id))
    assert url
    return url.rpartition("/")[2]


class Knowing(ObedientSite):
    """A site that tells of one comment by its address."""

    abilities = frozenset(Ability)

    async def find(self, address: str) -> About | None:
        if not address.endswith("c77"):
            return None
        return About(
            comment=Comment(external_id="c77", revision="r1", text="Never.", permalink=address),
            author=Author(external_id="id-new", name="New"),
            story=Story(external_id="s7", title="Seven", url="https://courier.example/s7"),
        )


async def _notices(day: Day, post: Post) -> None:
    at, sites = day.bench.desk, {COURIER: Knowing()}
    newsroom = NoticeText(kind=NoticeKind.NEWSROOM, address="nowhere at all", text="A plot.")
    illegal = NoticeText(
        kind=NoticeKind.ILLEGAL,
        address="https://courier.example/s7#comment-c77",
        text="It is a threat.",
        name="Jo",
        email="jo@example.org",
        good_faith=True,
    )
    found = list[notice.Taken]()
    for said in (LEGAL, newsroom, illegal):
        taken = await day.do(f"a notice: {said.kind}", notice.take_notice(at, said, "en"))
        assert taken
        found.append(taken)
    with_report = notice.take_notice(
        at, replace(illegal, email=""), "cy", report=reported(day.bench, 78, author="bob")
    )
    await day.do("with its comment", with_report)
    day.bench.clock.pass_by(seconds=3)
    await day.do("comments are looked for", seek(at, sites))
    await day.do("there are none", seek(at, sites))
    letters = await _mailed(day, post)
    for letter in letters:
        await day.do("a link is pressed", mail.confirm_mail(at, letter.secret))
        await day.do("what it leads to", notice.follow_notice(at, letter.secret))
    for name, said, by, about in (
        ("by telephone", newsroom, ANA, CaseId(2)),
        ("about nothing", newsroom, ANA, CaseId(99)),
        ("legal, by Ana", LEGAL, ANA, None),
        ("legal, by Sam", replace(LEGAL, falsity="", may_name=None), SAM, None),
        ("without words", replace(newsroom, text=" "), ANA, None),
        ("of one's data", NoticeText(kind=NoticeKind.DATA, text="Erase me."), SAM, None),
    ):
        when = day.bench.clock.now - timedelta(hours=2)
        entered = notice.enter_notice(at, said, Road.TELEPHONE, by=by, about=about, received=when)
        await day.do(name, entered)
    late = day.bench.clock.now + timedelta(seconds=1)
    await day.do(
        "from tomorrow",
        notice.enter_notice(at, newsroom, Road.TELEPHONE, by=ANA, about=None, received=late),
    )
    await day.do("one, for Ana", notice.read_notice(at, 1, ANA))
    await day.do("one, for Sam", notice.read_notice(at, 1, SAM))
    await day.do("one there is not", notice.read_notice(at, 99, SAM))
    await day.do("2 is tied to 2", notice.tie_notice(at, 2, CaseId(2), by=ANA))
    await day.do("2 is tied to 1", notice.tie_notice(at, 2, CaseId(1), by=ANA))
    await day.do("2 is tied to nothing", notice.tie_notice(at, 2, CaseId(99), by=ANA))
    await day.do("1 is tied to 2", notice.tie_notice(at, 1, CaseId(2), by=SAM))
    await _drawn(day)
    for name, number, words, by in (
        ("2 is answered", 2, " We  acted. ", ANA),
        ("2 is answered again", 2, "No.", ANA),
        ("1 is answered", 1, "No.", SAM),
        ("9 is answered", 9, "No.", SAM),
        ("without words", 3, " ", SAM),
        ("with too many", 3, "x" * 5001, SAM),
        ("3 is declined", 3, "Not illegal.", SAM),
    ):
        outcome = Outcome.DECLINED if number == 3 else Outcome.ACTED
        await day.do(name, notice.answer_notice(at, number, outcome, words, by=by))
    await day.do("what 2 is told", notice.follow_notice(at, found[1].secret))
    await day.do("what nobody is told", notice.follow_notice(at, NOWHERE))
    await _mailed(day, post)
    for about in ("#2", "#99", "2", "c3", LEGAL.address, "", "nothing"):
        await day.do(f"which is {about}", find_case(at, NoticeKind.NEWSROOM, about, ANA))
    for typed in ("3h", "yesterday", "2026-11-20", "", "soon"):

        async def when(typed: str = typed) -> object:
            return came_at(at, typed)

        await day.do(f"it came {typed}", when())
    for typed in ("Jane Doe <jane@example.org>", "jane@example.org", "Jane; Doe", ""):
        day.lines.append(f"typed {name_and_email(typed)}")


async def _drawn(day: Day) -> None:
    board, phone = day.board(), Phone()
    lane = reminder_lane(day.bench.desk, board, phone)
    for _ in range(4):
        await day.do("reminders are said", turn(lane))
    day.lines += [
        f"shown {number} {how_said(one)}" for number, one in sorted(board.messages.items())
    ]


async def _legal(day: Day) -> None:
    at = day.bench.desk
    said = legal.Complaint(
        case_id=CaseId(2),
        name="Al",
        email="al@example.org",
        meaning="That I steal.",
        falsity="I do not.",
        unknown=True,
        consent=Consent.GIVEN,
        email_consent=Consent.REFUSED,
    )
    await day.do("Ana takes a notice in", legal.take_in(at, said, by=ANA))
    made = await day.do("Sam takes it in", legal.take_in(at, said, by=SAM))
    assert made
    defective = legal.take_in(at, replace(said, name="", consent=Consent.UNSAID), by=SAM)
    await day.do("a defective one", defective)
    await day.do("on nothing", legal.take_in(at, replace(said, case_id=CaseId(99)), by=SAM))
    await day.do("those that run", legal.running(at, SAM))
    await day.do("one of them", legal.get(at, made.id, SAM))
    await day.do("one there is not", legal.get(at, 99, SAM))
    for stage in Stage:
        await day.do(f"then {stage.name}", legal.step(at, made.id, stage, by=SAM))
    day.bench.clock.pass_by(days=6)
    await _drawn(day)


async def _later(day: Day, post: Post) -> None:
    at = day.bench.desk
    for require in (
        known.require_case(at, CaseId(2), "x", by=ANA, message_id=1),
        known.require_decision(at, CaseId(2), 99, "x", by=ANA, message_id=1),
        known.require_run(at, 3, "x", by=ANA, message_id=1),
        known.require_legal(at, CaseId(2), 77, "x", by=SAM, message_id=1),
        known.require_contest(at, CaseId(2), 77, "x", by=ANA, message_id=1),
        known.require_notice(at, 2, "x", by=ANA, message_id=1),
        known.require_alert(at, AlertId(1), "x", by=ANA, message_id=1),
    ):
        await day.do("pressed on what is not of this record", require)

    def tokens(tx: Tx) -> tuple[str, str]:
        case, one = tx.cases.get(CaseId(2)), tx.notices.get(2)
        assert case
        assert one
        return case.token, one.token

    case_token, notice_token = await day.bench.store.read(tokens)
    for name, require in (
        ("a case", known.require_case(at, CaseId(2), case_token, by=ANA, message_id=1)),
        ("a contest", known.require_contest(at, CaseId(2), 2, case_token, by=ANA, message_id=1)),
        ("a notice", known.require_notice(at, 2, notice_token, by=ANA, message_id=1)),
    ):
        await day.do(f"pressed on {name}", require)
    day.bench.clock.pass_by(days=8)
    await day.do("addresses are erased", mail.forget_mail(at))
    day.bench.clock.pass_by(days=400)
    await day.do("reports are forgotten", report.forget_reports(at))
    await day.do("notices are erased", notice.erase_notices(at))
    await _mailed(day, post)


async def _figures(day: Day) -> None:
    at = day.bench.desk
    await day.do("November", transparency.month_facts(at, "2026-11", EVE))
    await day.do("no month", transparency.month_facts(at, "2026-13", EVE))
    await day.do("the record is whole", pack.prove(day.bench.store))
    made = pack.pack_of(day.bench.store, day.bench.policy, CaseId(2), day.bench.clock.now)
    await day.do("all about 2", made)
    await day.do("all about 3", pack.pack_for(at, CaseId(3), EVE, where=None))
    await day.do("all about nothing", pack.pack_for(at, CaseId(99), EVE, where=None))
