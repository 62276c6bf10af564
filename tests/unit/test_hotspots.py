"""Who and what is behind the reports."""

from bot.domain.account_similarity import AuthorRef
from bot.domain.hotspots import Reported, hotspots


def on(case: int, name: str, reports: int = 1, answers: str | None = None, story: str = "s1"):
    return Reported(
        case_id=case,
        reports=reports,
        author=AuthorRef(site="courier", id=name.casefold()),
        name=name,
        story=("courier", story),
        title=f"Story {story}",
        answers=answers,
    )


def test_the_most_reported_come_first_with_their_worst_case():
    found = hotspots([on(1, "dog", 2), on(2, "dog", 5), on(3, "cat", 6, story="s2")])
    assert [(spot.name, spot.reports, spot.case_id) for spot in found.authors] == [
        ("dog", 7, 2),
        ("cat", 6, 3),
    ]
    assert [(spot.name, spot.comments) for spot in found.stories] == [
        ("Story s1", 2),
        ("Story s2", 1),
    ]
    assert (found.reports, found.comments) == (13, 3)


def test_an_author_goes_by_the_newest_name():
    found = hotspots([on(1, "DOG"), on(2, "dog")])
    assert [spot.name for spot in found.authors] == ["dog"]


def test_only_a_few_are_named_and_how_much_they_are_behind_is_said():
    found = hotspots([on(number, f"a{number}", 10 if number < 5 else 1) for number in range(15)])
    assert len(found.authors) == 5
    assert found.authors_in_all == 15
    assert found.share(found.authors) == 83


def test_two_who_answer_each_other_are_one_quarrel_whoever_was_first():
    found = hotspots(
        [
            on(1, "Dog", 2, answers="cat"),
            on(2, "cat", 5, answers="dog"),
            on(3, "dog", 1, answers="CAT"),
        ]
    )
    [quarrel] = found.quarrels
    assert quarrel.names[0] == "cat"
    assert quarrel.names[1].casefold() == "dog"
    assert (quarrel.reports, quarrel.comments, quarrel.case_id) == ((5, 3), 3, 2)


def test_one_answer_or_one_to_oneself_is_no_quarrel():
    found = hotspots(
        [
            on(1, "dog", 2, answers="cat"),
            on(2, "cow", 2, answers="COW"),
            on(3, "cow", 2, answers="cow"),
        ]
    )
    assert found.quarrels == []


def test_nothing_reported_is_nothing():
    assert hotspots([]).share([]) == 0
