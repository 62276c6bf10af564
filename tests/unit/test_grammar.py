import re
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.errors import NotUnderstood
from bot.domain.grammar import MOST_ORDERS, asks_help, parse
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.lengths import Length
from bot.domain.policy import Policy, Rule, Severity
from bot.domain.typed_note import NOTE_LENGTH
from bot.domain.typed_order import Typed, Verb

NAMES = (
    "Threats",
    "Private details",
    "Harassment",
    "Hate",
    "Abusive language",
    "Contempt of court",
    "Defamation",
    "Graphic content",
    "Spam",
    "Spam links",
)


def house_rule(number: int, name: str) -> Rule:
    return Rule(
        number=RuleNumber(number),
        code=f"r{number}",
        name=name,
        text="",
        severity=Severity.LOW,
        notice="",
    )


POLICY = Policy(rules=tuple(house_rule(number, name) for number, name in enumerate(NAMES, 1)))
WEEK = timedelta(days=7)
MONTH = Length(months=1)


def hide(rule: int | None = None, case: int | None = None, note: str | None = None) -> Typed:
    return Typed(verb=Verb.HIDE, rule=_rule(rule), case_id=_case(case), note=note)


def ban(
    lasting: timedelta | Length | None,
    rule: int | None = None,
    case: int | None = None,
    note: str | None = None,
) -> Typed:
    length = Length(time=lasting) if isinstance(lasting, timedelta) else lasting
    return Typed(verb=Verb.BAN, length=length, rule=_rule(rule), case_id=_case(case), note=note)


KEEP, SKIP = Typed(verb=Verb.KEEP), Typed(verb=Verb.SKIP)


def _rule(number: int | None) -> RuleNumber | None:
    return None if number is None else RuleNumber(number)


def _case(number: int | None) -> CaseId | None:
    return None if number is None else CaseId(number)


def refusal(text: str, *, reply: bool = False) -> str:
    with pytest.raises(NotUnderstood) as caught:
        parse(text, POLICY, reply=reply)
    return str(caught.value)


ONE_ORDER: list[tuple[str, Typed]] = [
    ("k", KEEP),
    ("keep", KEEP),
    ("KEEP.", KEEP),
    ("h", hide()),
    ("h 3", hide(3)),
    ("h3", hide(3)),
    ("H3!", hide(3)),
    ("hide3", hide(3)),
    ("hide 3", hide(3)),
    ("hide rule 3", hide(3)),
    ("hide har", hide(3)),
    ("hide harassment", hide(3)),
    ("hide contempt of court", hide(6)),
    ("hide abusive language", hide(5)),
    ("hide spam", hide(9)),
    ("hide spam links", hide(10)),
    ("hide #1042 3", hide(3, 1042)),
    ("hide 3 #1042", hide(3, 1042)),
    ("hide 1042 3", hide(3, 1042)),
    ("hide case 7 3", hide(3, 7)),
    ("h#1042", hide(None, 1042)),
    ("hide 3 third time", hide(3, note="third time")),
    ("hide 3 Third time, really: enough.", hide(3, note="Third time, really: enough.")),
    ("hide 3 2nd warning", hide(3, note="2nd warning")),
    ("hide har third time", hide(3, note="third time")),
    ("hide thr", hide(1)),
    ("hide 3 of no use to anybody", hide(3, note="of no use to anybody")),
    ("keep #14 fine by me", Typed(verb=Verb.KEEP, case_id=CaseId(14), note="fine by me")),
    ("hide under rule 3", hide(3)),
    ("hide as spam", hide(9)),
    ("hide for spam", hide(9)),
    ("hide 3 case 14", hide(3, 14)),
    ("hide card #14", hide(None, 14)),
    ("hide 3 # 14", hide(3, 14)),
    ("hide 3 second warning", hide(3, note="second warning")),
    ("hide \uff13", hide(3)),
    ("\uff28\uff29\uff24\uff25 3", hide(3)),
    ("hide \u0663", hide(3)),
    ("h\u200b3\u2060", hide(3)),
    ("h 3\ufe0f\u20e3", hide(3)),
    ("\u201ch 3\u201d", hide(3)),
    ("Hide\u00a03!", hide(3)),
    ("**h 3**", hide(3)),
    ("h\n3", hide(3)),
    ("ban 7d 5 third time", ban(WEEK, 5, note="third time")),
    ("ban 7d 5", ban(WEEK, 5)),
    ("ban 5 7d", ban(WEEK, 5)),
    ("b7d5", ban(WEEK, 5)),
    ("b5 7d", ban(WEEK, 5)),
    ("ban 7 days 5", ban(WEEK, 5)),
    ("ban for 7 days", ban(WEEK)),
    ("ban 1 week", ban(WEEK)),
    ("ban 12h", ban(timedelta(hours=12))),
    ("b12h5", ban(timedelta(hours=12), 5)),
    ("ban 2w spam", ban(timedelta(weeks=2), 9)),
    ("ban forever", ban(None)),
    ("ban forever 3", ban(None, 3)),
    ("ban for good 3", ban(None, 3)),
    ("ban #1042 7d 5 enough", ban(WEEK, 5, 1042, "enough")),
    ("ban 7d for spam", ban(WEEK, 9)),
    ("ban 7d 5 house rules", ban(WEEK, 5, note="house rules")),
    ("b7d5#14", ban(WEEK, 5, 14)),
    ("ban 1 month 5", ban(MONTH, 5)),
    ("ban 5 1 month", ban(MONTH, 5)),
    ("ban 1mo 5", ban(MONTH, 5)),
    ("b1mo5", ban(MONTH, 5)),
    ("ban one month 5", ban(MONTH, 5)),
    ("ban 1 year", ban(Length(months=12))),
    ("ban 12 months", ban(Length(months=12))),
    ("ban 1y 5", ban(Length(months=12), 5)),
    ("ban 1d12h", ban(timedelta(hours=36))),
    ("b1d12h5", ban(timedelta(hours=36), 5)),
    ("ban 1 day 12 hours 5", ban(timedelta(hours=36), 5)),
    ("ban 1 day and 12 hours 5", ban(timedelta(hours=36), 5)),
    ("ban 1d 12h 5", ban(timedelta(hours=36), 5)),
    ("ban 1 month 2 weeks", ban(Length(months=1, time=timedelta(weeks=2)))),
    ("ban a week 5", ban(WEEK, 5)),
    ("ban for a week", ban(WEEK)),
    ("ban two weeks spam", ban(2 * WEEK, 9)),
    ("ban a fortnight", ban(2 * WEEK)),
    ("ban 1.5d", ban(timedelta(hours=36))),
    ("ban 1,5d", ban(timedelta(hours=36))),
    ("ban 1.5 days 5", ban(timedelta(hours=36), 5)),
    ("ban half a day", ban(timedelta(hours=12))),
    ("ban a day and a half", ban(timedelta(hours=36))),
    ("ban 7 d 5", ban(WEEK, 5)),
    ("ban 12 h 5", ban(timedelta(hours=12), 5)),
    ("ban 7-days", ban(WEEK)),
    ("ban 7DAYS", ban(WEEK)),
    ("ban 90 minutes", ban(timedelta(minutes=90))),
    ("ban \u0667d \u0665", ban(WEEK, 5)),
    ("ban indefinitely", ban(None)),
    ("<@123456> h 3", hide(3)),
]


@pytest.mark.parametrize("reply", [True, False])
@pytest.mark.parametrize(("text", "order"), ONE_ORDER)
def test_one_order_is_read_alike_in_a_reply_and_in_a_mention(
    text: str, order: Typed, *, reply: bool
):
    if order.verb is Verb.BAN and order.case_id is None and not reply:
        assert "names its case" in refusal(text)
    else:
        assert parse(text, POLICY, reply=reply) == (order,)


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("h3 k - h", (hide(3), KEEP, SKIP, hide())),
        ("h3 k - b7d5#14", (hide(3), KEEP, SKIP, ban(WEEK, 5, 14))),
        ("b #14 7d 5, h3", (ban(WEEK, 5, 14), hide(3))),
        ("h 3 h 5", (hide(3), hide(5))),
        ("h 3 -- k", (hide(3), SKIP, KEEP)),
        ("h, k, -", (hide(), KEEP, SKIP)),
        ("h,k,-", (hide(), KEEP, SKIP)),
        ("h k \N{EN DASH}", (hide(), KEEP, SKIP)),
        ("hide 3\nkeep\nskip", (hide(3), KEEP, SKIP)),
        ("hide #7 3, keep", (hide(3, 7), KEEP)),
        ("k k", (KEEP, KEEP)),
        ("-", (SKIP,)),
    ],
)
def test_several_orders_are_read_for_the_newest_cards_in_turn(text: str, orders: tuple[Typed, ...]):
    assert parse(text, POLICY, reply=False) == orders


def test_a_dash_begins_a_note_in_a_reply():
    assert parse("h 3 - hide it every time", POLICY, reply=True) == (
        hide(3, note="hide it every time"),
    )
    assert parse("k -", POLICY, reply=True) == (KEEP,)
    assert parse("k - fine", POLICY, reply=True) == (Typed(verb=Verb.KEEP, note="fine"),)
    assert parse("h \N{EM DASH} see #12", POLICY, reply=True) == (hide(note="see #12"),)


@pytest.mark.parametrize("text", ["ban 7 jours", "ban 1 1/2 days 5", "ban 3 lots of days"])
def test_a_number_before_what_is_not_known_is_not_said_to_be_a_rule(text: str):
    assert refusal(text, reply=True).endswith("ban 7d, or ban forever.")


@pytest.mark.parametrize("text", ["h - 3", "hide \N{EM DASH} 3", "h - 7d", "k - #14", "h -3"])
def test_a_number_after_a_dash_is_no_note(text: str):
    """Phones make a dash of much, and a rule that was meant must not become a note."""
    with pytest.raises(NotUnderstood):
        parse(text, POLICY, reply=True)


def test_undo_needs_a_reply_or_a_case():
    assert parse("u", POLICY, reply=True) == (Typed(verb=Verb.UNDO),)
    assert parse("undo #9 misread it", POLICY, reply=False) == (
        Typed(verb=Verb.UNDO, case_id=CaseId(9), note="misread it"),
    )
    assert "undo #1042" in refusal("undo")
    assert "undo #1042" in refusal("h3 u")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "nothing to do"),
        ("<@1>", "nothing to do"),
        ("hello", '"hello"'),
        ("banish 7d 5", '"banish"'),
        ("bann 7d 5", '"bann"'),
        ("please hide 3", '"please"'),
        ("#1042 hide 3", '"#1042"'),
        ("delete", '"delete"'),
        ("hk-", '"hk-"'),
        ("hide 3 5", "3 and 5"),
        ("hide 11", "no rule 11"),
        ("hide 0", "no rule 0"),
        ("hide 3 7d", '"7d"'),
        ("keep 3", "#3"),
        ("undo #9 3", "#3"),
        ("hide #7 #8", '"#8"'),
        ("hide 3x", '"3x"'),
        ("h3x", '"h3x"'),
        ("ban 7d 5x", '"5x"'),
        ("ban 7d 5 7d", '"7d"'),
        ("ban 7d forever", '"forever"'),
        ("ban 0d", '"0d"'),
        ("ban 400d", '"400d"'),
        ("ban 7d harrassment", "write 3"),
        ("hide spa", "Spam (9) and Spam links (10)"),
        ("hide #abc", '"#abc"'),
        ("hide please", '"please"'),
        ("hide this one", '"this"'),
        ("hide th", '"th"'),
        ("hide him 3", '"him"'),
        ("keep it", '"it"'),
        ("k thanks", '"thanks"'),
        ("h \N{THUMBS UP SIGN}", '"\N{THUMBS UP SIGN}"'),
        ("> h 3", '">"'),
        ("hide 3/5", '"3/5"'),
        ("hide 3,5", '"3,5"'),
        ("hide 3 and 5", '"and"'),
        ("hide 3 or 5", '"or"'),
        ("hide 3 and ban", '"and"'),
        ("hide 3 no 14", '"no"'),
        ("hide 3 https://discord.com/channels/1/2/3", '"https:'),
        ("hide 3 same as #12", '"same"'),
        ("hide 3 again\nkeep", '"again"'),
        ("hide?", '"hide?"'),
        ("hide 3?", '"3?"'),
        ("h 3 ?", '"?"'),
        ("h3 k?", '"k?"'),
        ("k #14?", '"#14?"'),
        ("ban 7d?", '"7d?"'),
        ("hide spam?", "spam?"),
        ("hide 3 / k", '"/"'),
        ("hide 3 for 7 days", '"7 days"'),
        ("h 3 #99999999999999999999", "20 digits"),
        ("k #\uff11234567890123456", "16 digits"),
        ("hide 3 until friday", "until friday"),
        ("hide 3 a week", "Only a ban"),
        ("claim #14 mine", '"mine"'),
        ("ban until friday", "until friday"),
        ("ban 5 until 2026-12-01", "until 2026-12-01"),
        ("ban 2 years", '"2 years"'),
        ("ban 13 months 5", '"13 months"'),
        ("ban 1 year 1 day", '"1 year 1 day"'),
        ("ban 53 weeks", '"53 weeks"'),
        ("ban 5m", "minutes or months"),
        ("ban 5 m", "minutes or months"),
        ("ban 1.5 months", '"1.5 months"'),
        ("ban 30 minutes", '"30 minutes"'),
        ("ban half an hour", '"half an hour"'),
        ("ban 1 decade 5", '"1 decade"'),
        ("ban 10 working days", '"10 working"'),
        ("ban 1 moth 5", '"1 moth"'),
        ("ban 7d12", '"7d12"'),
        ("ban 12h1d", '"12h1d"'),
        ("ban 1 day 1 month", '"1 month"'),
        ("ban week 5", '"week"'),
        ("ban 7d 5 a week", '"a week"'),
        ("ban 1e3d", '"1e3d"'),
        ("ban 99999999d", '"99999999d"'),
        ("ban seven days five", '"five"'),
        ("ban one month five.", '"five'),
        ("hide #14 three", '"three"'),
        ("ban 1 1/2 days 5", '"1/2"'),
        ("ban 1:30 5", '"1:30"'),
    ],
)
@pytest.mark.parametrize("reply", [True, False])
def test_what_is_not_understood_is_named_and_does_nothing(text: str, named: str, *, reply: bool):
    assert named in refusal(text, reply=reply)


@pytest.mark.parametrize("text", ["ban", "b", "ban 5", "b5", "ban #7", "ban spam", "ban him"])
@pytest.mark.parametrize("reply", [True, False])
def test_a_ban_without_a_length_is_refused_rather_than_made_for_good(text: str, *, reply: bool):
    words = refusal(text, reply=reply)
    assert "how long" in words
    assert "7d" in words
    assert "forever" in words


def test_the_refusal_of_a_ban_keeps_the_rule_that_was_said():
    assert "ban 7d 5" in refusal("ban 5")


@pytest.mark.parametrize(
    "text", ["b7d5", "ban 7d", "h3 k b7d5", "ban forever 3", "c", "claim", "h c"]
)
def test_by_position_is_only_kept_and_hidden(text: str):
    assert "#1042" in refusal(text)


def test_a_case_that_is_named_twice_in_a_line_is_not_decided_two_ways():
    assert "#3 twice" in refusal("k #3 h #3")


@pytest.mark.parametrize(
    "text", ["", "<@1>", " ", "help", "Help!", "HELP", "?", "??", "<@1> ?", "help me", "\u200b"]
)
def test_a_line_that_says_nothing_or_help_asks_for_help(text: str):
    assert asks_help(text)


@pytest.mark.parametrize("text", ["h 3", "k", "hello", "helpful", "-", "what?"])
def test_other_lines_do_not_ask_for_help(text: str):
    assert not asks_help(text)


@pytest.mark.parametrize("text", ["h3 k third time", "h 3 - third time", "h k b", "h3 k x"])
def test_a_line_of_orders_is_done_whole_or_not_at_all(text: str):
    refusal(text)


@pytest.mark.parametrize("text", ["h 3 k", "h3 ban him", "k h 3", "h 3 b7d5"])
def test_a_second_order_in_a_reply_is_refused(text: str):
    assert "one card" in refusal(text, reply=True)


def test_there_is_nothing_to_skip_in_a_reply():
    assert "skip" in refusal("-", reply=True)


def test_a_note_may_be_so_long_and_no_longer():
    assert parse("h3 " + "x" * NOTE_LENGTH, POLICY, reply=True)[0].note == "x" * NOTE_LENGTH
    assert str(NOTE_LENGTH) in refusal("h3 " + "x" * (NOTE_LENGTH + 1), reply=True)


def test_a_line_holds_so_many_orders_and_no_more():
    assert len(parse("k " * MOST_ORDERS, POLICY, reply=False)) == MOST_ORDERS
    assert str(MOST_ORDERS) in refusal("k " * (MOST_ORDERS + 1))


def test_a_rule_whose_number_is_large_is_not_taken_for_a_case():
    policy = Policy(rules=(house_rule(101, "Threats"),))
    assert parse("h 101", policy, reply=True) == (hide(101),)
    assert parse("h 102", policy, reply=True) == (hide(None, 102),)


PIECES = st.sampled_from(
    [
        "k",
        "h",
        "b",
        "u",
        "-",
        "keep",
        "hide",
        "ban",
        "h3",
        "b7d5",
        "b7d",
        "#1042",
        "1042",
        "3",
        "7d",
        "12h",
        "forever",
        "spam",
        "har",
        "for",
        "days",
        "7",
        "rule",
        "note",
        "third",
        ",",
        "x",
    ]
)
LINES = st.lists(PIECES, max_size=8).map(" ".join) | st.text(max_size=60)


@given(text=LINES, reply=st.booleans())
@example(text="b 1\u0661d", reply=True)
def test_every_line_is_orders_or_a_refusal_in_a_sentence(text: str, *, reply: bool):
    words = ""
    orders: tuple[Typed, ...] = ()
    try:
        orders = parse(text, POLICY, reply=reply)
    except NotUnderstood as refused:
        words = str(refused)
    assert bool(orders) != words.endswith(".")
    assert len(orders) <= 1 or not (reply or any(order.note for order in orders))
    for order in orders:
        assert order.rule is None or order.rule in POLICY.by_number


@given(text=LINES, reply=st.booleans())
def test_nobody_is_banned_by_a_line_that_does_not_say_ban_and_for_how_long(
    text: str, *, reply: bool
):
    try:
        orders = parse(text, POLICY, reply=reply)
    except NotUnderstood:
        return
    bans = [order for order in orders if order.verb is Verb.BAN]
    said = re.findall(r"(?<!\w)(?:ban|b)(?![a-z])", text.lower())
    assert len(bans) <= len(said)
    if any(order.length is None for order in bans):
        assert re.search("forever|permanent|perm|for good", text.lower())
    assert reply or all(order.case_id is not None for order in bans)


@given(text=LINES, reply=st.booleans())
def test_capitals_and_spaces_make_no_difference(text: str, *, reply: bool):
    ascii_text = text.encode("ascii", "ignore").decode()

    def read(line: str) -> list[tuple[object, ...]] | None:
        try:
            orders = parse(line, POLICY, reply=reply)
        except NotUnderstood:
            return None
        return [(o.verb, o.case_id, o.rule, o.length) for o in orders]

    assert read(ascii_text) == read(f"  {ascii_text.upper()}  ")


def test_a_note_behind_a_dash_outside_a_reply_is_told_where_to_go():
    said = refusal("h 3 #1042 - third time")

    assert '"-" leaves a card as it is' in said
    assert "h 3 #1042 third time" in said
