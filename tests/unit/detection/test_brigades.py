"""Promises about coordinated reporting: what is said, and what is never said."""

import random
from dataclasses import replace

import pytest

from bot.domain.detection.brigades import (
    Complaint,
    Coordination,
    Sign,
    Suspicion,
    Usual,
    note_mark,
    record,
    tail,
    weigh,
)
from bot.domain.detection.reporter_overlap import Bond

NO_BOND = Bond()
USUAL = Usual(referrers={"search.example": 0.3, "home.example": 0.2})


def strangers(count: int) -> list[Complaint]:
    return [
        Complaint(
            reader=f"r{n}",
            new=n % 3 == 0,
            referrer=("search.example", "home.example", "")[n % 3],
            rejected=n % 2,
            decided=2,
        )
        for n in range(count)
    ]


def mob(count: int) -> list[Complaint]:
    text = note_mark("Ban him now!")
    return [
        Complaint(reader=f"r{n}", new=n % 4 != 0, referrer="mob.example", note=text)
        for n in range(count)
    ]


def weight_of(found: Coordination, sign: Sign) -> float:
    return next((clue.weight for clue in found.clues if clue.sign is sign), 0.0)


def test_fewer_than_five_readers_are_never_accused() -> None:
    bond = Bond(overlap=0.5, sharing=4, targets=4)
    assert weigh(mob(4), bond, USUAL).suspicion is Suspicion.NONE


def test_one_reader_many_times_is_one_reader() -> None:
    many = [replace(one, reader="r1") for one in mob(30)]
    assert weigh(many, Bond(overlap=0.5, sharing=4, targets=4), USUAL).readers == 1


@pytest.mark.parametrize("count", [5, 10, 20, 40])
def test_strangers_are_not_accused(count: int) -> None:
    assert weigh(strangers(count), Bond(overlap=0.0003), USUAL).suspicion is Suspicion.NONE


def test_a_blatant_mob_is_likely_with_reasons() -> None:
    verdict = weigh(mob(12), NO_BOND, USUAL)
    assert verdict.suspicion is Suspicion.LIKELY
    signs = {clue.sign for clue in verdict.clues}
    assert {Sign.NOTE, Sign.REFERRER, Sign.NEW_READERS} <= signs
    note = next(clue for clue in verdict.clues if clue.sign is Sign.NOTE)
    assert (note.readers, note.of) == (12, 12)


def test_an_old_alliance_is_likely_by_its_past_alone() -> None:
    old = [Complaint(reader=f"r{n}", new=False) for n in range(10)]
    verdict = weigh(old, Bond(overlap=0.02, sharing=10, targets=4), USUAL)
    assert verdict.suspicion is Suspicion.LIKELY
    assert [clue.sign for clue in verdict.clues] == [Sign.OVERLAP]


def test_having_been_of_one_mind_once_is_no_alliance() -> None:
    crowd = [Complaint(reader=f"r{n}", new=False) for n in range(12)]
    once = weigh(crowd, Bond(overlap=0.02, sharing=11, targets=1), USUAL)
    often = weigh(crowd, Bond(overlap=0.02, sharing=11, targets=2), USUAL)
    assert once.suspicion is Suspicion.NONE
    assert often.suspicion is Suspicion.LIKELY


def test_a_few_old_friends_do_not_make_a_crowd_theirs() -> None:
    crowd = strangers(20)
    all_of_it = weigh(crowd, Bond(overlap=0.004, sharing=20, targets=4), USUAL)
    a_few = weigh(crowd, Bond(overlap=0.004, sharing=3, targets=4), USUAL)
    assert weight_of(all_of_it, Sign.OVERLAP) > 3 * weight_of(a_few, Sign.OVERLAP)


def test_where_everybody_is_new_new_readers_say_nothing() -> None:
    crowd = [Complaint(reader=f"r{n}", new=True) for n in range(20)]
    assert weight_of(weigh(crowd, NO_BOND, USUAL), Sign.NEW_READERS) > 3.0
    young = Usual(new=0.97)
    assert weight_of(weigh(crowd, NO_BOND, young), Sign.NEW_READERS) == 0.0


def test_where_most_reports_are_in_vain_a_poor_record_says_nothing() -> None:
    crowd = [Complaint(reader=f"r{n}", new=False, rejected=4, decided=5) for n in range(20)]
    assert weight_of(weigh(crowd, NO_BOND, USUAL), Sign.RECORD) > 1.0
    strict = Usual(rejected=0.8)
    assert weight_of(weigh(crowd, NO_BOND, strict), Sign.RECORD) == 0.0


def test_a_text_that_the_site_offers_is_nobodys_copy() -> None:
    preset = note_mark("This comment is spam")
    crowd = [Complaint(reader=f"r{n}", new=False, note=preset) for n in range(10)]
    assert weight_of(weigh(crowd, NO_BOND, USUAL), Sign.NOTE) > 3.0
    offered = Usual(notes={preset: 0.7})
    assert weight_of(weigh(crowd, NO_BOND, offered), Sign.NOTE) < 1.5


def test_that_a_crowd_comes_by_one_link_is_usual_and_that_all_of_it_does_is_not() -> None:
    crowd = [
        Complaint(reader=f"r{n}", new=False, referrer="t.co" if n % 2 else "") for n in range(20)
    ]
    assert weight_of(weigh(crowd, NO_BOND, USUAL), Sign.REFERRER) == 0.0
    herd = [replace(one, referrer="club.example") for one in crowd]
    assert weight_of(weigh(herd, NO_BOND, USUAL), Sign.REFERRER) > 2.0


def test_where_all_readers_come_from_one_place_that_place_says_nothing() -> None:
    herd = [Complaint(reader=f"r{n}", new=False, referrer="portal.example") for n in range(20)]
    portal = Usual(referrers={"portal.example": 0.95})
    assert weight_of(weigh(herd, NO_BOND, portal), Sign.REFERRER) == 0.0


def test_readers_who_came_from_nowhere_are_not_from_the_same_place() -> None:
    crowd = [Complaint(reader=f"r{n}", new=False) for n in range(20)]
    assert weigh(crowd, NO_BOND, USUAL).score == 0.0


def test_the_busiest_reader_s_record_is_scaled_not_cut() -> None:
    assert record(20, 100) == (3, 16)
    assert record(3, 7) == (3, 7)
    assert record(0, 0) == (0, 0)


def test_accusing_a_crowd_by_chance_is_rare() -> None:
    dice = random.Random(8)  # noqa: S311 - a repeatable crowd, not a secret
    accused = 0
    for _ in range(200):
        crowd = [
            Complaint(
                reader=f"r{n}",
                new=dice.random() < 0.33,
                referrer=dice.choice(["search.example", "home.example", "search.example", ""]),
                rejected=dice.randrange(3),
                decided=3,
            )
            for n in range(12)
        ]
        bond = Bond(overlap=0.0003 * dice.lognormvariate(0, 0.8), sharing=4, targets=4)
        accused += weigh(crowd, bond, USUAL).suspicion is not Suspicion.NONE
    assert accused <= 10


def test_short_notes_are_nobodys() -> None:
    assert note_mark("ban him") == ""
    assert note_mark("Please, BAN him!") == note_mark("please ban him")


@pytest.mark.parametrize(("count", "of"), [(0, 10), (3, 10), (10, 10)])
def test_a_tail_is_between_none_and_its_ceiling(count: int, of: int) -> None:
    assert 0.0 <= tail(count, of, 8.0, 16.0) <= 6.0
    assert tail(count, of, 8.0, 16.0) <= tail(of, of, 8.0, 16.0)
