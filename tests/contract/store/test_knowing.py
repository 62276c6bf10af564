"""What is kept about authors, and the finding of cases by words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.account_similarity import AuthorRef, Similarity, skeleton
from bot.domain.authors import StaffNote
from bot.domain.comments import Author
from bot.domain.decisions import Action
from bot.domain.ids import CaseId
from bot.domain.search import Query, Stand, parse
from bot.store.cases import Opened
from bot.store.engine.sqlite import IN_A_SPAN
from bot.store.names import Names
from config.policy import load_policy
from tests.contract.store.makers import NOW, SITE, decide, make_case, make_report

POLICY = load_policy(None)
REF = AuthorRef(site=SITE, id="u-1")


def opened_with(comment_id: str, text: str, name: str = "salty_dog", **changes):
    report = make_report(comment_id, comment={"text": text}, **changes)
    told = replace(report, author=Author(external_id=report.author.external_id, name=name))
    return lambda tx: tx.cases.open(told, make_case(told))


def found(**asked):
    return lambda tx: list(tx.search.cases(Query(**asked), limit=10))


async def test_words_find_the_beginnings_of_words(store):
    case = await store.write(opened_with("c-1", "Die Brücke wäre zu — the bridge is SHUT."))

    for words in ("bridge", "BRID", "brucke", "the bridge is", "is sh"):
        assert await store.read(found(words=(words,))) == [case.id], words
    for words in ("ridge", "bridge shut", "is the"):
        assert await store.read(found(words=(words,))) == [], words


FAR_APART = (1, IN_A_SPAN - 1, IN_A_SPAN, 2 * IN_A_SPAN + 5, 9 * IN_A_SPAN)
"""Cases' numbers so far apart that their words are kept by themselves."""


def opened_as(number: int, text: str, name: str, title: str):
    report = make_report(f"c-{number}", comment={"text": text})
    told = replace(
        report,
        author=Author(external_id=f"u-{number}", name=name),
        story=replace(report.story, external_id=f"s-{number}", title=title),
    )
    case = replace(make_case(told), id=CaseId(number), token=f"t{number}")

    def work(tx):
        keep_names(tx, told)
        tx.cases.open_all([Opened(case, told, name, title)])
        return case

    return work


async def test_cases_are_found_by_their_words_however_many_there_are(store):
    texts = ["the banned bike", "The théâtre", "a bike was theirs", "bikes then", "this is bán"]
    for number, text in zip(FAR_APART, texts, strict=True):
        await store.write(opened_as(number, text, f"salty_{number}", f"Night {number}"))
    one, two, three, four, five = FAR_APART

    for words, without, expected in (
        (("the",), (), [four, three, two, one]),
        (("t",), (), [five, four, three, two, one]),
        (("bike",), (), [four, three, one]),
        (("bike", "the"), (), [four, three, one]),
        (("bike",), ("ban",), [four, three]),
        (("ban",), (), [five, one]),
        (("a bike",), (), [three]),
        (("the ba",), (), [one]),
        (("banner",), (), []),
        (("bike", "banner"), (), []),
    ):
        query = Query(words=words, without=without)
        assert list(await store.read(found(words=words, without=without))) == expected, query
        rest = await store.read(lambda tx, asked=query: tx.search.cases(asked, limit=2, offset=1))
        assert list(rest) == expected[1:3], query
    for asked, expected in (
        ({"author": ("salty",)}, [five, four, three, two, one]),
        ({"author": (f"salty {two}",)}, [two]),
        ({"story": ("night",), "words": ("bike",)}, [four, three, one]),
        ({"author": (f"salty {four}",), "words": ("bike",)}, [four]),
        ({"words": ("the",), "case_id": CaseId(two)}, [two]),
        ({"words": ("the",), "before": NOW}, []),
        ({"words": ("the",), "stand": Stand.OPEN, "site": SITE}, [four, three, two, one]),
    ):
        assert await store.read(found(**asked)) == expected, asked


async def test_authors_are_found_by_a_later_word_of_their_name_however_many_cases_there_are(store):
    for number in FAR_APART:
        await store.write(opened_as(number, "a bike", f"dog number_{number}", "Night"))

    for limit in (1, 3, 9):
        known = await store.read(lambda tx, most=limit: tx.authors.named("number", limit=most))
        assert [one.case_id for one in known] == [*reversed(FAR_APART)][:limit]


async def test_a_text_of_later_is_found_and_a_forgotten_one_is_not(store):
    number = 3 * IN_A_SPAN + 1
    case = await store.write(opened_as(number, "a bike", "salty", "Night"))
    edited = make_report(f"c-{number}", comment={"text": "a boat", "revision": "rev-2"})
    await store.write(lambda tx: tx.cases.revise(case, edited.comment))
    for words in ("bike", "boa"):
        assert await store.read(found(words=(words,))) == [number], words

    await store.write(lambda tx: tx.connection.run(tx.connection.words.forget, (number,)))
    for words in ("bike", "boa", "b"):
        assert await store.read(found(words=(words,))) == [], words


@pytest.mark.parametrize("words", ['"', "AND", "NOT", "a OR", "text:", "(", "*", "^x", "NEAR(a b)"])
async def test_nothing_in_words_is_taken_for_the_search_engines_own(store, words):
    await store.write(opened_with("c-1", "nothing of that"))
    await store.read(found(words=("nothing", words)))


async def test_the_newest_case_comes_first_and_each_once(store):
    first = await store.write(opened_with("c-1", "a bike"))
    second = await store.write(opened_with("c-2", "another bike"))
    edited = make_report("c-1", comment={"text": "still a bike", "revision": "rev-2"})
    await store.write(lambda tx: tx.cases.revise(first, edited.comment))

    assert await store.read(found(words=("bike",))) == [second.id, first.id]
    paged = await store.read(lambda tx: tx.search.cases(Query(words=("bike",)), limit=1, offset=1))
    assert list(paged) == [first.id]


async def test_what_became_of_a_case_narrows_the_search(store):
    hidden = await store.write(opened_with("c-1", "a bike"))
    kept = await store.write(opened_with("c-2", "a bike"))
    waiting = await store.write(opened_with("c-3", "a bike"))
    await store.write(lambda tx: decide(tx, hidden, Action.HIDE, by_id=1, by_name="Ana Bell"))
    await store.write(lambda tx: decide(tx, kept, Action.KEEP, rule=None, by_id=2, by_name="Ben"))

    cases = [
        ({"stand": Stand.HIDDEN}, [hidden]),
        ({"stand": Stand.KEPT}, [kept]),
        ({"stand": Stand.DECIDED}, [kept, hidden]),
        ({"stand": Stand.OPEN}, [waiting]),
        ({"stand": Stand.BANNED}, []),
        ({"rule": 3}, [waiting, kept, hidden]),
        ({"rule": 4}, []),
        ({"by": "ana"}, [hidden]),
        ({"by": "bell"}, [hidden]),
        ({"by": "b"}, [kept, hidden]),
        ({"by": "nobody"}, []),
        ({"after": NOW}, [waiting, kept, hidden]),
        ({"after": NOW + timedelta(seconds=1)}, []),
        ({"before": NOW}, []),
        ({"site": "COURIER"}, [waiting, kept, hidden]),
        ({"site": "echo"}, []),
        ({"case_id": kept.id}, [kept]),
    ]
    for asked, expected in cases:
        ids = [case.id for case in expected]
        assert await store.read(found(**asked)) == ids, asked
        assert await store.read(found(**asked, words=("bike",))) == ids, asked


async def test_what_came_before_a_day_is_found_whatever_its_number(store):
    """Cases are not numbered by when they were reported: a site may be asked for older ones later."""
    days = (5, 3, 9, 4, 1, 3)
    cases = [
        await store.write(opened_with(f"c-{n}", "a bike", at=NOW + timedelta(days=day)))
        for n, day in enumerate(days)
    ]
    for day in range(11):
        for minutes in (-1, 0, 1):
            before = NOW + timedelta(days=day, minutes=minutes)
            early = [case.id for case in reversed(cases) if case.opened_at < before]
            assert await store.read(found(before=before)) == early
            assert await store.read(found(before=before, words=("bike",))) == early


async def test_a_decider_is_found_by_old_and_new_names_and_shown_under_the_newest(store):
    first = await store.write(opened_with("c-1", "a bike"))
    second = await store.write(opened_with("c-2", "a bike"))
    await store.write(lambda tx: decide(tx, first, Action.HIDE, by_id=1, by_name="Ana"))
    await store.write(lambda tx: decide(tx, second, Action.HIDE, by_id=1, by_name="Anna Bell"))

    assert await store.read(found(by="anna")) == [second.id, first.id]
    assert await store.read(found(by="ana")) == [second.id, first.id]
    shown = await store.read(lambda tx: tx.cases.view(first.id, strikes_since=NOW))
    assert [made.verdict.by.name for made in shown.history] == ["Anna Bell"]
    kept = await store.read(lambda tx: tx.decisions.of_case(first.id))
    assert [made.verdict.by.name for made in kept] == ["Ana"]


def keep_names(tx, report):
    """Keep how a report's author and story are called, and return what that renames."""
    names = Names(tx.connection, [report])
    renamed = names.keep(report)
    names.write()
    return renamed


def told(comment_id="c-1", *, at=NOW, name=None, title=None):
    """Return a work that takes a further report's names, under which a comment is now known."""
    report = make_report(comment_id, at=at)
    author, story = report.author, report.story
    report = replace(
        report,
        author=replace(author, name=name or author.name),
        story=replace(story, title=title or story.title),
    )
    return lambda tx: keep_names(tx, report)


async def names_shown(store, case):
    view = await store.read(lambda tx: tx.cases.view(case.id, strikes_since=NOW))
    return view.author.name, view.story.title


async def test_author_and_story_are_shown_and_found_under_their_newest_names(store):
    case = await store.write(opened_with("c-1", "a bike"))
    other = await store.write(opened_with("c-2", "a boat"))

    later = NOW + timedelta(minutes=5)
    redrawn = await store.write(told(at=later, name="Sweet Dog", title="Bridge open again"))
    assert set(redrawn) == {case.id, other.id}
    assert await names_shown(store, case) == ("Sweet Dog", "Bridge open again")
    for asked in ({"author": ("sweet",)}, {"author": ("salty",)}, {"story": ("open again",)}):
        assert await store.read(found(**asked)) == [other.id, case.id], asked
    assert await store.read(found(words=("bike",), author=("sweet",))) == [case.id]
    assert await store.write(told(at=later, name="Sweet Dog", title="Bridge open again")) == []


async def test_a_report_that_comes_late_brings_back_no_old_name(store):
    case = await store.write(opened_with("c-1", "a bike"))
    await store.write(told(at=NOW + timedelta(minutes=5), name="New", title="New title"))
    await store.write(told(at=NOW + timedelta(minutes=1), name="Older", title="Older title"))

    assert await names_shown(store, case) == ("New", "New title")


async def test_a_report_without_a_title_takes_none_away(store):
    case = await store.write(opened_with("c-1", "a bike"))
    report = make_report("c-1", at=NOW + timedelta(minutes=1))
    bare = replace(report, story=replace(report.story, title=""))
    await store.write(lambda tx: keep_names(tx, bare))

    assert (await names_shown(store, case))[1] == "Bridge closed"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("buy cry\u200bpto now", "crypto"),
        ("buy cry\u00adpto", "CRYPTO"),
        ("Ｓｃａｍ here", "scam"),
        ("Die Straße", "strasse"),
        ("ЮЛИЯ пишет", "юлия"),
        ("毎日東京都にいる", "東京"),
        ("สวัสดีครับ", "สวัสดี"),
        ("मैं हिन्दी जानता", "हिन्दी"),
        ("café au lait", "cafe\u0301"),
        ("İstanbul'da", "istanbul"),
    ],
)
async def test_a_search_reads_what_the_card_shows(store, text, words):
    case = await store.write(opened_with("c-1", text))
    query = parse(words, POLICY, NOW)

    assert await store.read(lambda tx: list(tx.search.cases(query, limit=9))) == [case.id]


@pytest.mark.parametrize(
    ("typed", "name"),
    [("юлия", "ЮЛИЯ"), ("zoe", "Zoë"), ("strasse", "Anna Straße"), ("o'neill", "O’Neill")],
)
async def test_an_author_and_a_ban_are_found_by_a_name_in_any_script(store, typed, name):
    case = await store.write(opened_with("c-1", "x", name))
    await store.write(lambda tx: decide(tx, case, Action.BAN))

    assert [one.name for one in await store.read(lambda tx: tx.authors.named(typed, limit=9))] == [
        name
    ]
    assert [one.author_name for one in await store.read(lambda tx: tx.bans.named(typed, NOW))] == [
        name
    ]


async def test_authors_are_found_by_the_beginning_of_any_word_of_their_name(store):
    await store.write(opened_with("c-1", "x", "salty_dog", author_id="u-1"))
    await store.write(opened_with("c-2", "x", "Old Salt", author_id="u-2"))
    await store.write(opened_with("c-3", "x", "%_'\"", author_id="u-3"))

    async def named(words):
        return [one.name for one in await store.read(lambda tx: tx.authors.named(words, limit=9))]

    assert await named("SALT") == ["salty_dog", "Old Salt"]
    assert await named("dog") == ["salty_dog"]
    assert await named("%_") == ["%_'\""]
    assert await named("") == ["%_'\"", "Old Salt", "salty_dog"]
    assert await named("nobody") == []


async def test_bans_say_whether_they_were_undone(store):
    one = await store.write(opened_with("c-1", "x"))
    two = await store.write(opened_with("c-2", "y"))
    banned = await store.write(lambda tx: decide(tx, one, Action.BAN))
    await store.write(lambda tx: decide(tx, one, Action.UNBAN, reverses=banned.id))
    again = await store.write(lambda tx: decide(tx, two, Action.BAN, at=NOW + timedelta(1)))

    bans = await store.read(lambda tx: tx.authors.bans(REF, limit=5))
    assert [(made.id, undone) for made, undone in bans] == [(again.id, False), (banned.id, True)]


async def test_notes_stay_in_the_order_they_were_made(store):
    for number in range(3):
        note = StaffNote(text=f"note {number}", by_id=1, by_name="Ana", at=NOW)
        await store.write(lambda tx, note=note: tx.authors.add_note(REF, note))

    notes = await store.read(lambda tx: tx.authors.notes(REF, limit=2))
    assert [note.text for note in notes] == ["note 2", "note 1"]
    assert await store.read(lambda tx: tx.authors.count_notes(REF)) == 3


async def banned_account(store, name="salty_dog", author="u-1", comment="c-1"):
    case = await store.write(opened_with(comment, "x" * 9, name, author_id=author))
    made = await store.write(lambda tx: decide(tx, case, Action.BAN))

    def keep(tx):
        account = tx.ban_evasion.writings(AuthorRef(site=SITE, id=author), limit=5)
        tx.ban_evasion.keep_barred(account, skeleton(name), {"fool": 1.0})

    await store.write(keep)
    return case, made


async def candidates(store, author):
    def read(tx):
        account = tx.ban_evasion.writings(AuthorRef(site=SITE, id=author), limit=5)
        return list(tx.ban_evasion.candidates(account, NOW))

    return await store.read(read)


async def test_who_is_banned_no_more_is_no_candidate(store):
    case, made = await banned_account(store)
    await store.write(opened_with("c-2", "y", "saltydog2", author_id="u-2"))
    assert [one.name for one in await candidates(store, "u-2")] == ["salty_dog"]

    await store.write(lambda tx: decide(tx, case, Action.UNBAN, reverses=made.id))
    assert await candidates(store, "u-2") == []


async def test_looking_begins_with_the_newest_cases_and_then_misses_none(store, monkeypatch):
    monkeypatch.setattr("bot.store.ban_evasion._LOOKED_BACK", 2)
    for number in range(4):
        await store.write(opened_with(f"c-{number}", "x", author_id=f"u-{number}"))

    async def after(case_id):
        upto, refs = await store.read(lambda tx: tx.ban_evasion.cases_after(case_id, limit=9))
        return upto, [ref.id for ref in refs]

    assert await after(0) == (4, ["u-2", "u-3"])
    assert await after(1) == (4, ["u-1", "u-2", "u-3"])
    assert await after(4) == (4, [])


async def test_a_hint_is_kept_once_and_not_again_once_denied(store):
    await banned_account(store)
    await store.write(opened_with("c-2", "y", "saltydog2", author_id="u-2"))
    new = AuthorRef(site=SITE, id="u-2")
    told = Similarity(strength=1.0, reasons=("nearly the same name",))

    def keep(tx):
        return tx.ban_evasion.keep_hint(new, REF, told, NOW)

    assert await store.write(keep)
    assert not await store.write(keep)
    [hint] = await store.read(lambda tx: tx.ban_evasion.hints(new))
    assert (hint.name, hint.reasons) == ("salty_dog", told.reasons)
    assert await store.write(lambda tx: tx.ban_evasion.deny(new, "Ana")) == 1
    assert not await store.write(keep)
    assert await store.read(lambda tx: tx.ban_evasion.hints(new)) == []
