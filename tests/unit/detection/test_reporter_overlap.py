"""Promises about the pasts of readers: whom they reported, and what they share by chance."""

import json
import math

import pytest

from bot.domain.detection.baselines import Share, Table
from bot.domain.detection.reporter_overlap import (
    APART,
    CROWD,
    USUAL_OVERLAP,
    USUAL_SHARING,
    YOUNG,
    Bond,
    Readers,
)

DAY = 86_400.0


def test_a_reader_is_new_once() -> None:
    readers = Readers()
    assert readers.add("r1", "a", 0.0)
    assert not readers.add("r1", "b", 1.0)
    assert readers.add("r2", "a", 2.0)


def test_an_alliance_shares_more_than_is_usual() -> None:
    readers = Readers()
    for place, target in enumerate(("a", "b", "c")):
        for n in range(10):
            readers.add(f"r{n}", target, place * DAY + n)
    bond = readers.bond([f"r{n}" for n in range(10)], {"victim"})
    assert bond.sharing == 10
    assert bond.overlap > 20 * bond.usual


def test_the_spike_itself_is_no_past() -> None:
    readers = Readers()
    for n in range(10):
        readers.add(f"r{n}", "victim", float(n))
    bond = readers.bond([f"r{n}" for n in range(10)], {"victim"})
    assert (bond.overlap, bond.sharing) == (0.0, 0)


def test_a_bond_is_the_mean_over_all_pairs_of_the_crowd() -> None:
    readers = Readers()
    for number, (reader, target) in enumerate(
        [("r1", "a"), ("r2", "a"), ("r1", "b"), ("r3", "c"), ("r2", "victim"), ("r3", "victim")]
    ):
        readers.add(reader, target, float(number))
    found = readers.bond(["r1", "r2", "r3", "unheard of"], {"victim"})
    # r1 and r2 share one target, reported twice, of two.
    assert found == Bond(
        overlap=pytest.approx(1 / math.log2(2.0 + 2) / (2 + YOUNG) / 6),
        sharing=2,
        targets=1,
        usual=pytest.approx(USUAL_OVERLAP),
        usual_sharing=pytest.approx(USUAL_SHARING),
    )
    assert found == readers.bond(["unheard of", "r3", "r2", "r1"], {"victim"})


def test_a_crowd_of_one_has_no_bond_and_one_of_too_many_is_cut() -> None:
    readers = Readers()
    for number in range(CROWD + 1):
        readers.add(f"r{number}", "last" if number >= CROWD - 1 else f"own{number}", 0.0)
    everybody = [f"r{number}" for number in range(CROWD + 1)]
    assert readers.bond(everybody, ()).sharing == 0
    assert readers.bond(everybody[1:], ()).sharing == 2
    assert readers.bond(everybody[:1], ()) == readers.bond((), ())
    assert readers.bond((), ()).overlap == 0.0


def test_what_everybody_reports_is_no_bond() -> None:
    common, rare = Readers(), Readers()
    for n in range(500):
        common.add(f"other{n}", "troll", float(n))
    for n in range(6):
        common.add(f"r{n}", "troll", 500.0 + n)
        rare.add(f"r{n}", "troll", 500.0 + n)
    crowd = [f"r{n}" for n in range(6)]
    assert common.bond(crowd, ()).overlap < rare.bond(crowd, ()).overlap


def test_what_is_usual_is_measured_on_those_who_come_days_apart() -> None:
    readers = Readers()
    for day in range(300):
        readers.add(f"r{day}", "evergreen", day * DAY)
        readers.add(f"r{day}", f"own{day}", day * DAY)
        readers.add(f"r{day}", "troll", day * DAY)
    assert readers.bond((), ()).usual > 10 * USUAL_OVERLAP


def test_a_brigade_is_not_taken_for_usual() -> None:
    readers = Readers()
    for day in range(5):
        for n in range(60):
            readers.add(f"r{n}", f"victim{day}", day * DAY + n)
    assert APART > 60.0
    assert readers.bond((), ()).usual == pytest.approx(USUAL_OVERLAP)


def test_the_readers_survive_a_restart() -> None:
    readers, again = Readers(), Readers()
    for n in range(500):
        readers.add(f"r{n * n % 37}", f"t{n % 11}", n * DAY / 3)
    again.restore(json.loads(json.dumps(readers.snapshot())))
    crowd = [f"r{n}" for n in range(37)]
    assert again.bond(crowd, {"t1"}) == readers.bond(crowd, {"t1"})
    for memory in (readers, again):
        memory.add("r1", "t1", 500 * DAY)
    assert again.snapshot() == readers.snapshot()


def test_a_share_follows_what_is_measured_and_forgets_its_start() -> None:
    share = Share(8.0, 24.0, keep=0.99)
    assert share.mean == pytest.approx(1 / 3)
    for _ in range(2_000):
        share.learn(0.9)
    assert share.mean == pytest.approx(0.9)


def test_a_table_knows_the_frequent_and_is_bounded() -> None:
    table = Table(8, keep=0.99, start=10.0)
    for n in range(5_000):
        table.add("often" if n % 4 == 0 else "" if n % 4 == 1 else f"once{n}")
    assert table.share("often") == pytest.approx(0.25, abs=0.03)
    assert table.share("never") == 0.0
    assert len(table.snapshot()["counts"]) == 8


def test_a_young_table_takes_its_first_crowd_for_no_custom() -> None:
    table = Table(64, keep=0.999, start=500.0)
    for _ in range(20):
        table.add("club.example")
    assert table.share("club.example") < 0.05


def test_a_table_goes_on_for_ever_and_survives_a_restart() -> None:
    table, again = Table(4, keep=0.5, start=1.0), Table(4, keep=0.5, start=1.0)
    for n in range(3_000):
        table.add(f"n{n % 2}")
    again.restore(json.loads(json.dumps(table.snapshot())))
    for one in (table, again):
        one.add("n1")
    assert again.snapshot() == table.snapshot()
    assert table.share("n0") + table.share("n1") == pytest.approx(1.0)
