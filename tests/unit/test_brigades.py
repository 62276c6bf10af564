"""Promises about coordinated reporting: what is said, and what is never said."""

import random

import pytest

from bot.domain.brigades import (
    Complaint,
    Coordination,
    Readers,
    Sign,
    Suspicion,
    note_mark,
    tail,
    weigh,
)

ORGANIC = 0.0006


def weighed(complaints: list[Complaint], *, overlap: float = 0.0, sharing: int = 0) -> Coordination:
    return weigh(
        complaints,
        overlap=overlap,
        sharing=sharing,
        organic=ORGANIC,
        referrers={"search.example": 0.5, "home": 0.4},
    )


def strangers(count: int) -> list[Complaint]:
    return [
        Complaint(
            reader=f"r{n}",
            new=n % 3 == 0,
            referrer="search.example" if n % 2 else "home",
            rejected=n % 2,
            decided=2,
        )
        for n in range(count)
    ]


def test_fewer_than_five_readers_are_never_accused() -> None:
    mob = [Complaint(reader=f"r{n}", new=True, referrer="mob", note="ab") for n in range(4)]
    assert weighed(mob, overlap=0.5, sharing=4).suspicion is Suspicion.NONE


def test_one_reader_many_times_is_one_reader() -> None:
    mob = [Complaint(reader="r1", new=True, referrer="mob", note="x") for _ in range(30)]
    assert weighed(mob, overlap=0.5, sharing=4).readers == 1


@pytest.mark.parametrize("count", [5, 10, 20, 40])
def test_strangers_are_not_accused(count: int) -> None:
    assert weighed(strangers(count), overlap=0.0005).suspicion is Suspicion.NONE


def test_a_blatant_mob_is_likely_with_reasons() -> None:
    mob = [
        Complaint(reader=f"r{n}", new=n % 4 != 0, referrer="mob.example", note=note_mark("Ban him now!"))
        for n in range(12)
    ]  # fmt: skip
    verdict = weighed(mob)
    assert verdict.suspicion is Suspicion.LIKELY
    signs = {clue.sign for clue in verdict.clues}
    assert {Sign.NOTE, Sign.REFERRER, Sign.NEW_READERS} <= signs
    note = next(clue for clue in verdict.clues if clue.sign is Sign.NOTE)
    assert (note.readers, note.of) == (12, 12)


def test_an_old_alliance_is_likely_by_its_past_alone() -> None:
    readers = Readers()
    for target in ("a", "b", "c"):
        for n in range(10):
            readers.add(f"r{n}", target)
    mob = [Complaint(reader=f"r{n}", new=False, referrer="home") for n in range(10)]
    overlap, sharing = readers.overlap([m.reader for m in mob], {"victim"})
    assert sharing == 10
    assert weighed(mob, overlap=overlap, sharing=sharing).suspicion is Suspicion.LIKELY


def test_the_spike_itself_is_no_past() -> None:
    readers = Readers()
    for n in range(10):
        assert readers.add(f"r{n}", "victim")
        assert not readers.add(f"r{n}", "victim")
    assert readers.overlap([f"r{n}" for n in range(10)], {"victim"}) == (0.0, 0)


def test_what_everybody_reports_is_no_bond() -> None:
    common, rare = Readers(), Readers()
    for n in range(500):
        common.add(f"other{n}", "troll")
    for n in range(6):
        common.add(f"r{n}", "troll")
        rare.add(f"r{n}", "troll")
    crowd = [f"r{n}" for n in range(6)]
    assert common.overlap(crowd, ()) < rare.overlap(crowd, ())


def test_the_usual_overlap_of_a_site_is_learned() -> None:
    readers = Readers()
    for _ in range(300):
        readers.learn(0.004)
    assert readers.organic() == pytest.approx(0.004, rel=0.1)


def test_accusing_a_crowd_by_chance_is_rare() -> None:
    dice = random.Random(8)  # noqa: S311 - a repeatable crowd, not a secret
    accused = 0
    for _ in range(200):
        crowd = [
            Complaint(
                reader=f"r{n}",
                new=dice.random() < 0.33,
                referrer=dice.choice(["search.example", "home", "search.example", "other"]),
                rejected=dice.randrange(3),
                decided=3,
            )
            for n in range(12)
        ]
        accused += weighed(crowd, overlap=ORGANIC * dice.lognormvariate(0, 0.5)).suspicion != (
            Suspicion.NONE
        )
    assert accused <= 20


def test_short_notes_are_nobodys() -> None:
    assert note_mark("ban him") == ""
    assert note_mark("Please, BAN him!") == note_mark("please ban him")


def test_the_readers_survive_a_restart() -> None:
    readers, again = Readers(), Readers()
    for n in range(50):
        readers.add(f"r{n % 9}", f"t{n % 7}")
    readers.learn(0.01)
    again.restore(readers.snapshot())
    crowd = [f"r{n}" for n in range(9)]
    assert again.overlap(crowd, {"t1"}) == readers.overlap(crowd, {"t1"})
    assert again.snapshot() == readers.snapshot()


@pytest.mark.parametrize(("count", "of"), [(0, 10), (3, 10), (10, 10)])
def test_a_tail_is_between_none_and_its_ceiling(count: int, of: int) -> None:
    assert 0.0 <= tail(count, of, 8.0, 16.0) <= 6.0
    assert tail(count, of, 8.0, 16.0) <= tail(of, of, 8.0, 16.0)
