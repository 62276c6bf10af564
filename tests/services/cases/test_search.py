"""Finding cases by what is remembered of them."""

import pytest

from bot.domain.errors import NotAllowed, NotUnderstood
from bot.services.cases.lookup import A_PAGE, search
from tests.services.desks import ANA, OLLY, Bench


async def reported(bench: Bench, cases: int) -> list[int]:
    return [
        await bench.take(comment=f"c{number}", text=f"My bike was stolen, part {number}.")
        for number in range(cases)
    ]


async def test_a_page_holds_so_many_and_says_whether_there_are_more(bench: Bench):
    cases = await reported(bench, A_PAGE + 1)

    first = await search(bench.desk, "bike", ANA)
    rest = await search(bench.desk, "bike", ANA, offset=A_PAGE)

    assert [view.case.id for view, _ in first.views] == cases[:0:-1]
    assert first.more
    assert first.offset == 0
    assert [view.case.id for view, _ in rest.views] == cases[:1]
    assert not rest.more
    assert rest.offset == A_PAGE


async def test_a_page_that_is_just_full_has_none_behind_it(bench: Bench):
    await reported(bench, A_PAGE)

    found = await search(bench.desk, "bike", ANA)

    assert len(found.views) == A_PAGE
    assert not found.more
    assert found.query.words


@pytest.mark.parametrize("line", ["", "   ", "-bike", "-bike -stolen"])
async def test_a_line_that_asks_for_nothing_is_refused_with_an_example(bench: Bench, line: str):
    with pytest.raises(NotUnderstood, match=r"^Write what to look for\. For example: author:"):
        await search(bench.desk, line, ANA)


async def test_a_filter_or_a_word_is_enough_and_a_minus_leaves_out(bench: Bench):
    kept, _ = await reported(bench, 2)

    assert len((await search(bench.desk, "is:open", ANA)).views) == 2
    [(view, card)] = (await search(bench.desk, 'bike -"part 1"', ANA)).views
    assert view.case.id == kept
    assert card is None


async def test_strikes_are_counted_on_what_is_found(bench: Bench):
    case = await bench.take(text="A bike")
    await bench.decide(case)

    [(view, _)] = (await search(bench.desk, "bike", ANA)).views
    assert view.record.strikes == 1


async def test_only_moderators_search(bench: Bench):
    with pytest.raises(NotAllowed):
        await search(bench.desk, "bike", OLLY)
