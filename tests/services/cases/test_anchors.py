"""The record's daily anchor: what it shows that a chain alone does not, and who can tell."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.anchors import AnchorFalse, signed_anchors
from bot.cli.entry import cli
from bot.cli.verify import verify, what_is_wrong
from bot.domain.anchors import Anchor, to_line, to_sign
from bot.services import outbox_worker
from bot.services.alerts.delivery import alert_lane
from bot.services.cases.anchoring import Anchoring, anchor_if_due
from bot.signing import KeyUnusable, Signer, is_signed
from bot.store.anchors import AnchorFile
from bot.store.errors import StoreTrouble
from tests.services.desks import Bench
from tests.services.newsdesk import Editors
from tests.support.databases import sqlite_only
from tests.support.records import Row, exported, forged, place, verifier, written

RUNNER = CliRunner()


@pytest.fixture
def anchoring(tmp_path: Path) -> Anchoring:
    signer = Signer(path=tmp_path / "desk.db.anchor-key", makes=True)
    return Anchoring(
        file=AnchorFile(tmp_path / "desk.db.anchors.jsonl"),
        public=signer.public,
        sign=signer.sign,
        tells_editors=True,
    )


@pytest.fixture
async def three(bench: Bench, anchoring: Anchoring) -> list[Anchor]:
    """Three days with two decisions and an anchor each, and one decision more."""
    made: list[Anchor] = []
    for day in range(3):
        for number in range(2):
            await bench.decide(await bench.take(comment=f"c{day}-{number}"), rule=4)
        anchor = await anchor_if_due(bench.desk, anchoring)
        assert anchor is not None
        made.append(anchor)
        bench.clock.pass_by(days=1)
    await bench.decide(await bench.take(comment="last"), rule=4)
    return made


def typed(*said: str) -> tuple[int, str]:
    done = RUNNER.invoke(cli, ["verify", *said])
    return done.exit_code, " ".join(done.output.split())


async def looked_through(database: Path, *keys: str) -> tuple[int, str]:
    """Return through how many anchors a database's record goes, and what is wrong."""
    found = await verify(database, anchors=signed_anchors(None, database, keys))
    return found.anchors, what_is_wrong(found, database, "") or ""


async def test_each_day_has_one_that_anybody_can_check(
    bench: Bench, anchoring: Anchoring, three: list[Anchor]
):
    assert [one.decisions for one in three] == [2, 4, 6]
    assert list(anchoring.file.all()) == three
    assert all(is_signed(to_sign(one), one.signature, one.key) for one in three)
    assert {one.key for one in three} == {anchoring.public()}
    bench.clock.pass_by(hours=-13)
    assert await anchor_if_due(bench.desk, anchoring) is None, "today has one"


async def test_nothing_recorded_has_no_anchor(bench: Bench, anchoring: Anchoring):
    assert await anchor_if_due(bench.desk, anchoring) is None


async def test_editors_get_it_once_a_day_without_a_sound(
    bench: Bench, anchoring: Anchoring, three: list[Anchor]
):
    channel = Editors(bench.clock)
    while await outbox_worker.turn(alert_lane(bench.desk, channel)):
        pass
    told = list(channel.bulletins.values())
    assert [anchor.signature in text for anchor, text in zip(three, told, strict=True)] == [
        True
    ] * 3
    assert all(one.silent for one in channel.said)
    anchoring.file.path.write_text("")  # as if the disk had been full after it was posted
    bench.clock.pass_by(days=-1)
    assert await anchor_if_due(bench.desk, anchoring) is not None
    while await outbox_worker.turn(alert_lane(bench.desk, channel)):
        pass
    assert len(channel.said) == len(three)


async def test_who_did_not_ask_for_it_is_not_told(bench: Bench, anchoring: Anchoring):
    await bench.decide(await bench.take(), rule=4)
    await anchor_if_due(bench.desk, replace(anchoring, tells_editors=False))
    channel = Editors(bench.clock)
    assert not await outbox_worker.turn(alert_lane(bench.desk, channel))


@pytest.mark.usefixtures("three")
async def test_only_its_owner_reads_the_key_and_the_anchors(bench: Bench, tmp_path: Path):
    del bench
    for name in ("desk.db.anchor-key", "desk.db.anchors.jsonl"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


async def test_a_key_that_is_changed_while_the_desk_runs_signs_the_next(
    bench: Bench, anchoring: Anchoring, three: list[Anchor], tmp_path: Path
):
    (tmp_path / "desk.db.anchor-key").unlink()
    after = await anchor_if_due(bench.desk, anchoring)
    assert after is not None
    assert after.key != three[0].key
    database = bench.store.path
    assert await looked_through(database) == (4, "")
    assert await looked_through(database, three[0].key, after.key) == (4, "")
    with pytest.raises(AnchorFalse, match="signed with another key"):
        await looked_through(database, after.key)


@pytest.mark.parametrize("text", ["", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n"])
def test_a_key_that_is_none_is_said(tmp_path: Path, text: str):
    path = tmp_path / "key"
    path.write_text(text)
    with pytest.raises(KeyUnusable, match="cannot be read as a key"):
        Signer(path=path).public()
    with pytest.raises(KeyUnusable):
        Signer(path=tmp_path / "none").public()


def test_a_file_that_was_cut_short_is_said_and_not_added_to(tmp_path: Path):
    path = tmp_path / "anchors"
    path.write_text('{"at": "2026-')
    with pytest.raises(StoreTrouble, match="last line is cut short"):
        AnchorFile(path).all()


def rewrite(lines: list[Row]) -> None:
    """Change decision 3, and seal all that comes after it anew, as who knows how does."""
    at = place(lines, "id", 3)
    for number in range(at, len(lines)):
        lines[number] = forged(lines[number], previous=lines[number - 1]["digest"], note="x")


def cut(lines: list[Row]) -> None:
    del lines[4:]


TAMPERED: dict[str, tuple[Callable[[list[Row]], None], str, str]] = {
    "rewritten": (rewrite, "was written anew since", "was written anew between"),
    "cut off": (cut, "Decisions 5 to 6 in", "lines were removed at the end"),
}


@pytest.mark.parametrize("name", TAMPERED)
async def test_what_a_chain_alone_does_not_show(
    bench: Bench, anchoring: Anchoring, three: list[Anchor], tmp_path: Path, capsys, name: str
):
    tamper, said, independently = TAMPERED[name]
    lines = await exported(bench.store.path)
    path, anchors = tmp_path / "record.jsonl", str(anchoring.file.path)
    written(path, lines)
    code, told = typed("--exported", str(path), "--anchors", anchors)
    assert (code, "It goes through 3 signed anchors, the last of 26 November" in told) == (0, True)
    assert verifier().main([str(path), "--anchors", anchors, "--key", three[0].key]) == 0
    assert "3 anchors hold" in capsys.readouterr().out

    tamper(lines)
    written(path, lines)
    assert typed("--exported", str(path))[0] == 0, "the chain itself is whole"
    code, told = typed("--exported", str(path), "--anchors", anchors)
    assert (code, said in told) == (1, True), told
    assert verifier().main([str(path), "--anchors", anchors]) == 1
    assert independently in capsys.readouterr().err


@sqlite_only
@pytest.mark.usefixtures("three")
async def test_the_database_itself_is_held_against_the_anchors_beside_it(bench: Bench):
    assert await looked_through(bench.store.path) == (3, "")
    with closing(sqlite3.connect(bench.store.path, isolation_level=None)) as attacker:
        attacker.execute("PRAGMA foreign_keys = OFF")
        attacker.execute("DROP TRIGGER decisions_remain")
        attacker.execute("DELETE FROM decisions WHERE id > 5")
    there, told = await looked_through(bench.store.path)
    assert there == 2
    assert f"Decision 6 in {bench.store.path} was removed." in told


CHANGES = {
    "at": "2026-11-24T13:00:00+00:00",
    "decisions": 3,
    "head": "0" * 64,
    "contest_head": "1" * 64,
    "signature": "0" * 128,
    "key": "ab" * 32,
}


@pytest.mark.parametrize("name", CHANGES)
async def test_an_anchor_that_was_changed_is_not_believed(
    bench: Bench, anchoring: Anchoring, three: list[Anchor], tmp_path: Path, capsys, name: str
):
    lines = [to_line(one) for one in three]
    lines[1][name] = CHANGES[name]
    anchoring.file.path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    with pytest.raises(AnchorFalse, match="is not as it was signed"):
        await looked_through(bench.store.path)

    path = written(tmp_path / "record.jsonl", await exported(bench.store.path))
    assert verifier().main([str(path), "--anchors", str(anchoring.file.path)]) == 1
    assert "is not as it was signed" in capsys.readouterr().err


def test_the_verifiers_own_signatures_are_those_of_the_library(tmp_path: Path):
    signer, other = Signer(path=tmp_path / "k", makes=True), verifier()
    public = bytes.fromhex(signer.public())
    for what in (b"", b"r", b"anchor" * 99):
        signature = bytes.fromhex(signer.sign(what))
        assert other.is_signed(public, what, signature)
        for place_ in (0, 31, 32, 63):
            turned = bytearray(signature)
            turned[place_] ^= 1
            assert not other.is_signed(public, what, bytes(turned))
            assert not is_signed(what, turned.hex(), public.hex())
        assert not other.is_signed(public, what + b"x", signature)
    known = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
        "b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert other.is_signed(known, b"", signature)
