"""What is known of one commenter: found by name or case, read page by page, and added to."""

from dataclasses import replace

import pytest

from bot.domain.cases import CardRef
from bot.domain.comments import Author
from bot.domain.decisions import Action
from bot.domain.errors import NoSuchAuthor, NoSuchCase, NotAllowed, NotUnderstood
from bot.domain.ids import CaseId
from bot.services.authors import author
from bot.services.cases.receive import receive
from tests.services.desks import ANA, NOON, OLLY, Bench


async def by(bench: Bench, name: str, key: str = "x", cases: int = 1) -> list[CaseId]:
    """Return cases of one author, one a comment."""
    found = []
    for number in range(cases):
        report = bench.report(comment=f"{key}-{number}")
        wrote = Author(external_id=key, name=name)
        [receipt] = await receive(bench.desk, [replace(report, author=wrote)])
        found.append(receipt.case_id)
        bench.clock.pass_by(minutes=1)
    return found


async def test_a_name_finds_the_newest_case_of_its_author(bench: Bench):
    cases = await by(bench, "Salty Dog", cases=2)

    assert await author.find(bench.desk, "salty", ANA) == cases[-1]
    assert await author.find(bench.desk, "  SALTY DOG ", ANA) == cases[-1]


async def test_a_cases_number_will_do_for_a_name(bench: Bench):
    assert await author.find(bench.desk, " #1042", ANA) == 1042
    with pytest.raises(NoSuchAuthor, match=r"^Nobody called “1042” was ever reported"):
        await author.find(bench.desk, "1042", ANA)


async def test_an_exact_name_goes_before_longer_ones(bench: Bench):
    [salty] = await by(bench, "Salty", "a")
    await by(bench, "Salty Dog", "b")

    assert await author.find(bench.desk, "sálty", ANA) == salty


async def test_a_name_that_fits_several_is_asked_back_with_their_cases(bench: Bench):
    [first] = await by(bench, "Salty Cat", "a")
    [second] = await by(bench, "Salty Dog", "b")

    with pytest.raises(NoSuchAuthor) as refused:
        await author.find(bench.desk, "salty", ANA)
    said = str(refused.value)
    assert said.startswith("“salty” fits several authors: ")
    assert f"Salty Cat (#{first})" in said
    assert f"Salty Dog (#{second})" in said
    assert said.endswith("or write the number of one of their cases.")


async def test_two_of_the_same_name_are_told_apart_by_their_cases(bench: Bench):
    await by(bench, "Salty", "a")
    await by(bench, "Salty", "b")
    await by(bench, "Salty Dog", "c")

    with pytest.raises(NoSuchAuthor) as refused:
        await author.find(bench.desk, "salty", ANA)
    assert "Dog" not in str(refused.value)


async def test_no_more_than_eight_are_named_and_as_many_offered_as_discord_lists(bench: Bench):
    for number in range(27):
        await by(bench, f"Salty {number:02}", f"k{number}")

    with pytest.raises(NoSuchAuthor) as refused:
        await author.find(bench.desk, "salty", ANA)
    assert str(refused.value).count("(#") == 8
    assert len(await author.named(bench.desk, "salty", ANA)) == 25
    assert len(await author.named(bench.desk, "salty", ANA, limit=3)) == 3


async def test_the_record_is_read_page_by_page_newest_first(bench: Bench):
    cases = await by(bench, "Salty", cases=6)

    first = await author.sheet(bench.desk, cases[0], ANA)
    second = await author.sheet(bench.desk, cases[0], ANA, page=1)

    assert [view.case.id for view, _ in first.views] == cases[:0:-1]
    assert [view.case.id for view, _ in second.views] == cases[:1]
    assert (first.page, first.offset, first.pages, first.total) == (0, 0, 2, 6)
    assert (second.page, second.offset) == (1, 5)
    assert first.case_id == cases[0]
    assert first.first_at == NOON
    assert first.author.name == "Salty"
    assert (await author.sheet(bench.desk, cases[0], ANA, page=9)).page == 1
    assert (await author.sheet(bench.desk, cases[0], ANA, page=-1)).page == 0


async def test_five_cases_are_one_page(bench: Bench):
    cases = await by(bench, "Salty", cases=5)

    assert (await author.sheet(bench.desk, cases[0], ANA)).pages == 1


async def test_the_record_has_strikes_bans_and_where_the_cards_stand(bench: Bench):
    hidden, banned = await by(bench, "Salty", cases=2)
    strike = await bench.decide(hidden)
    ban = await bench.decide(banned, Action.BAN, lasting=bench.policy.ladder[0])
    ref = CardRef(case_id=hidden, channel_id=7, message_id=500, revision=1, decided=True)
    now = bench.clock.now
    await bench.store.write(lambda tx: tx.cards.drawn(ref, 9, at=now))

    found = await author.sheet(bench.desk, hidden, ANA)

    assert [one.id for one in found.strikes] == [ban.id, strike.id]
    assert [(one.id, undone) for one, undone in found.bans] == [(ban.id, False)]
    assert [card for _, card in found.views] == [None, ref]
    assert found.record.strikes == 2
    assert found.record.banned
    case = await bench.store.read(lambda tx: tx.cases.get(hidden))
    assert case is not None
    assert found.token == case.token


async def test_notes_are_kept_with_who_wrote_them_newest_first(bench: Bench):
    [case] = await by(bench, "Salty")
    for number in range(6):
        bench.clock.pass_by(minutes=1)
        found = await author.add_note(bench.desk, case, f"  note {number} ", ANA)

    assert [one.text for one in found.notes] == [f"note {number}" for number in (5, 4, 3, 2, 1)]
    assert found.notes_total == 6
    assert found.page == 0
    [newest, *_] = found.notes
    assert (newest.by_id, newest.by_name, newest.at) == (ANA.id, "Ana", bench.clock.now)


async def test_a_note_has_at_most_500_characters_and_at_least_one(bench: Bench):
    [case] = await by(bench, "Salty")

    [note] = (await author.add_note(bench.desk, case, "n" * 501, ANA)).notes
    assert len(note.text) == 500
    with pytest.raises(NotUnderstood, match=r"^The note is empty, so nothing was saved\. Write"):
        await author.add_note(bench.desk, case, "  \n ", ANA)


async def test_of_no_case_nothing_is_known(bench: Bench):
    with pytest.raises(NoSuchCase):
        await author.sheet(bench.desk, CaseId(77), ANA)
    with pytest.raises(NoSuchCase):
        await author.add_note(bench.desk, CaseId(77), "note", ANA)


async def test_only_moderators_see_and_write_it(bench: Bench):
    [case] = await by(bench, "Salty")
    for asked in (
        author.sheet(bench.desk, case, OLLY),
        author.named(bench.desk, "salty", OLLY),
        author.find(bench.desk, "salty", OLLY),
        author.add_note(bench.desk, case, "note", OLLY),
    ):
        with pytest.raises(NotAllowed):
            await asked
