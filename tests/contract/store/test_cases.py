from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cases import AuthorRecord, CaseState, Counts
from bot.domain.comments import Author, Story
from bot.domain.decisions import Action
from bot.domain.errors import DeskError
from bot.domain.ids import CaseId, RuleNumber, SiteId

from .makers import (
    LONG_AGO,
    NOW,
    ON_DISK,
    SITE,
    decide,
    make_case,
    make_order,
    make_report,
    opening,
)


async def test_a_case_comes_back_as_it_was_opened(store):
    opened = await store.write(opening())
    assert opened.id > 0
    assert await store.read(lambda tx: tx.cases.find(SITE, "c-1")) == opened
    assert await store.read(lambda tx: tx.cases.get(opened.id)) == opened


async def test_a_comment_never_reported_has_no_case(store):
    await store.write(opening())
    assert await store.read(lambda tx: tx.cases.find(SITE, "c-2")) is None
    assert await store.read(lambda tx: tx.cases.find(SiteId("echo"), "c-1")) is None
    assert await store.read(lambda tx: tx.cases.get(CaseId(99))) is None


async def test_a_comment_has_one_case(store):
    await store.write(opening())
    with pytest.raises(DeskError):
        await store.write(opening())
    assert await store.read(lambda tx: tx.cases.count_open()) == 1


async def test_sites_may_number_their_comments_alike(store):
    report = make_report(site=SiteId("echo"))
    here = await store.write(opening())
    there = await store.write(lambda tx: tx.cases.open(report, make_case(report)))
    assert here.id != there.id


@ON_DISK
@given(
    state=st.sampled_from(CaseState),
    counts=st.tuples(*[st.integers(0, 10_000)] * 5),
    reasons=st.dictionaries(st.integers(1, 99).map(RuleNumber), st.integers(1, 9999), min_size=1),
    reported_at=st.datetimes(),
)
async def test_whatever_is_saved_comes_back(store, state, counts, reasons, reported_at):
    touched, reports, reporters, strikes, priority = counts
    case = await store.write(lambda tx: tx.cases.find(SITE, "c-1") or opening()(tx))
    changed = replace(
        case,
        state=state,
        touched=touched,
        reports=reports,
        reporters=reporters,
        strikes=strikes,
        priority=priority,
        reasons=reasons,
        reported_at=reported_at.replace(tzinfo=NOW.tzinfo),
    )
    await store.write(lambda tx: tx.cases.save(changed))
    assert await store.read(lambda tx: tx.cases.get(case.id)) == changed


async def test_counting_a_report_keeps_what_it_changed_and_leaves_the_rest(store):
    opened = await store.write(opening())
    counts = Counts(
        reports=7,
        reporters=5,
        reasons={RuleNumber(3): 4, RuleNumber(8): 3},
        weight=6.5,
        pace=2.25,
        priority=410,
        reported_at=NOW + timedelta(minutes=9),
    )
    await store.write(lambda tx: tx.cases.count(opened.id, counts))
    assert await store.read(lambda tx: tx.cases.get(opened.id)) == opened.counted(counts)


async def test_what_one_reader_of_a_case_does_to_its_counts_stays_theirs(store):
    case = await store.write(opening())
    seen = await store.read(lambda tx: tx.cases.get(case.id))
    seen.reasons[RuleNumber(9)] = 1
    assert await store.read(lambda tx: tx.cases.get(case.id)) == case


async def test_the_queue_is_worst_first_and_the_older_first_where_level(store):
    for comment, priority, minutes in (("a", 200, 5), ("b", 300, 9), ("c", 200, 1), ("d", 200, 5)):
        opened_at = NOW + timedelta(minutes=minutes)
        await store.write(opening(comment, priority=priority, opened_at=opened_at))
    await store.write(opening("e", priority=999, state=CaseState.DECIDED))
    queue = await store.read(lambda tx: tx.cases.queue(limit=10))
    assert [case.comment_id for case in queue] == ["b", "c", "a", "d"]
    page = await store.read(lambda tx: tx.cases.queue(limit=2, offset=1))
    assert [case.comment_id for case in page] == ["c", "a"]
    assert await store.read(lambda tx: tx.cases.count_open()) == 4


async def test_every_state_but_decided_is_open(store):
    for state in CaseState:
        await store.write(opening(state.value, state=state))
    queue = await store.read(lambda tx: tx.cases.queue(limit=10))
    assert {case.state for case in queue} == set(CaseState) - {CaseState.DECIDED}


async def test_an_authors_open_cases_are_theirs_at_that_site(store):
    await store.write(opening("a"))
    await store.write(opening("b", state=CaseState.DECIDED))
    await store.write(opening("c", author_id="u-2"))
    echo = make_report("d", site=SiteId("echo"))
    await store.write(lambda tx: tx.cases.open(echo, make_case(echo)))
    mine = await store.read(lambda tx: tx.cases.open_of_author(SITE, "u-1"))
    assert [case.comment_id for case in mine] == ["a"]


async def test_a_sites_open_cases_can_be_paged_through(store):
    cases = [await store.write(opening(name)) for name in "abcde"]
    await store.write(opening("f", state=CaseState.DECIDED))
    echo = make_report("g", site=SiteId("echo"))
    await store.write(lambda tx: tx.cases.open(echo, make_case(echo)))
    first = await store.read(lambda tx: tx.cases.open_at(SITE, after=CaseId(0), limit=3))
    assert first == cases[:3]
    rest = await store.read(lambda tx: tx.cases.open_at(SITE, after=first[-1].id, limit=3))
    assert rest == cases[3:]


async def test_a_new_text_is_a_revision_whatever_it_is_called(store):
    case = await store.write(opening())
    edited = make_report(reader=2, comment={"revision": "rev-2", "text": "You are all wise."})
    await store.write(lambda tx: tx.cases.revise(case, edited.comment))
    case = replace(case, revision=2, revision_key="rev-2")
    await store.write(lambda tx: tx.cases.save(case))
    view = await store.read(lambda tx: tx.cases.view(case.id, strikes_since=LONG_AGO))
    assert view.comment == edited.comment
    assert view.before == "You are all fools."

    await store.write(lambda tx: tx.cases.revise(case, make_report(reader=3).comment))
    case = replace(case, revision=3, revision_key="rev-1")
    await store.write(lambda tx: tx.cases.save(case))
    view = await store.read(lambda tx: tx.cases.view(case.id, strikes_since=LONG_AGO))
    assert (view.comment.text, view.before) == ("You are all fools.", "You are all wise.")


async def test_a_text_that_is_called_otherwise_is_no_new_one(store):
    case = await store.write(opening())
    renamed = replace(make_report().comment, revision="rev-1b", sent="ab" * 32)
    await store.write(lambda tx: tx.cases.rename(case, renamed))
    view = await store.read(lambda tx: tx.cases.view(case.id, strikes_since=LONG_AGO))
    assert (view.case.revision, view.case.revision_key) == (1, "rev-1b")
    assert (view.comment, view.before) == (renamed, None)


async def test_which_revision_a_card_showed_at_a_time_is_known(store):
    case = await store.write(opening())
    edited = make_report(reader=2, comment={"revision": "rev-2", "text": "You are all wise."})
    await store.write(lambda tx: tx.cases.revise(case, edited.comment))
    at = [NOW + timedelta(minutes=number) for number in range(4)]

    async def shown(then):
        return await store.read(lambda tx: tx.cases.revision_shown(case.id, then))

    assert await shown(at[3]) is None
    await store.write(lambda tx: tx.cases.shown(case.id, 1, at[1]))
    await store.write(lambda tx: tx.cases.shown(case.id, 2, at[2]))
    await store.write(lambda tx: tx.cases.shown(case.id, 1, at[3]))
    assert [await shown(then) for then in at] == [None, 1, 2, 2]


async def test_a_view_shows_the_first_report_whole(store):
    case = await store.write(opening())
    report = make_report()
    view = await store.read(lambda tx: tx.cases.view(case.id, strikes_since=LONG_AGO))
    assert (view.case, view.comment, view.author, view.story) == (
        case,
        report.comment,
        report.author,
        report.story,
    )
    assert view.record == AuthorRecord(reported=1, hidden=0, strikes=0)
    assert (view.decision, view.history, view.delivery, view.before) == (None, (), None, None)
    assert (view.notes, view.why) == (0, ())


async def test_a_view_of_a_bare_comment_has_no_more_than_was_sent(store):
    bare = {"permalink": None, "created": None, "parent": None}
    report = make_report(comment=bare, author=Author(external_id="u-1", name="Jo"))
    case = await store.write(lambda tx: tx.cases.open(report, make_case(report)))
    view = await store.read(lambda tx: tx.cases.view(case.id, strikes_since=LONG_AGO))
    assert (view.comment, view.author) == (report.comment, report.author)


async def test_there_is_no_view_of_no_case(store):
    assert await store.read(lambda tx: tx.cases.view(CaseId(4), strikes_since=NOW)) is None


async def test_a_view_counts_notes_and_shows_the_decision_that_stands(store):
    case = await store.write(opening())

    def work(tx):
        tx.reports.add(case.id, make_report(reader=2, note="rude"))
        tx.reports.add(case.id, make_report(reader=3, note="very"))
        kept = decide(tx, case, Action.KEEP)
        undone = decide(tx, case, Action.REOPEN, reverses=kept.id)
        hidden = decide(tx, case, Action.HIDE)
        tx.outbox.want_order(make_order(hidden))
        return kept, undone, hidden

    made = await store.write(work)
    view = await store.read(lambda tx: tx.cases.view(case.id, strikes_since=LONG_AGO))
    assert view.notes == 2
    assert view.history == made
    assert view.decision == made[-1]
    assert view.delivery.due_at == NOW


async def test_a_later_report_adds_to_what_is_known_and_takes_nothing_away(store):
    await store.write(opening("a"))
    poorer = make_report(
        "b",
        author=Author(external_id="u-1", name="salty_dog_2"),
        story=Story(external_id="s-1", title="", url="https://courier.example/moved"),
    )
    case = await store.write(lambda tx: tx.cases.open(poorer, make_case(poorer)))
    view = await store.read(lambda tx: tx.cases.view(case.id, strikes_since=LONG_AGO))
    assert view.author == replace(make_report().author, name="salty_dog_2")
    assert view.story == replace(make_report().story, url="https://courier.example/moved")
