"""A table of the record runs nothing in a spreadsheet, and keeps what it shows."""

import csv
import io
import json
import re
import unicodedata
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.export import writer
from bot.cli.verify import ExportUnreadable, Verified, is_digest, verify_lines
from bot.domain.cells import BOM, inert
from bot.domain.chain import GENESIS, seal
from bot.domain.decisions import Decision, to_row
from bot.domain.ids import DecisionId, PersonId
from tests.support.decisions import changed
from tests.unit.cards.samples import decision

LONDON = ZoneInfo("Europe/London")
FORMULAS = [
    "=SUM(A1)",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    " =1",
    "   \t=1",
    "\t=1",
    "\r=1",
    "\n=1",
    "\x00=1",
    "\u00a0=1",
    "\u3000=1",
    "\u200b=1",
    "\ufeff=1",
    "\u202e=1",
    "＝1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    " ＝1",
    "﹦1",
    "﹢1",
    "﹣1",
    "﹫1",
    "\u22121",
    '"=1',
    "'=1",
    ";=1",
    "x;=1",
    "x; =1",
    'x;"=1',
    "x\t=1",
    "x\n=1",
    "x\r\n=1",
    "x\n\n  ＝1",
    "x,=1",
    "x\u2028=1",
    "x\";\"=cmd|' /C calc'!A0",
    "=1;=2;=3",
]
HOSTILE = st.text(st.sampled_from("=+-@＝＋－＠;,\t\r\n \"'x1\u200b\u00a0−"), max_size=12)


def rows(*made: Decision) -> list[dict[str, str]]:
    out = io.StringIO(newline="")
    write = writer(out, LONDON)
    for one in made:
        write(one)
    assert out.getvalue().startswith(BOM)
    return list(csv.DictReader(io.StringIO(out.getvalue().removeprefix(BOM), newline="")))


def runs(cell: str) -> bool:
    """Whether a spreadsheet takes a cell for a formula, however it passes over what is before."""
    shown = "".join(char for char in cell if unicodedata.category(char)[0] not in "ZC")
    return unicodedata.normalize("NFKC", shown.lstrip('"'))[:1] in set("=+-@\u2212")


def cells(written: str) -> list[str]:
    """Return everything that a spreadsheet may take for a cell, if it knows no quotations."""
    return re.split(r"[,;\t\r\n\v\f\u2028\u2029]", written)


@pytest.mark.parametrize("words", FORMULAS)
@pytest.mark.parametrize("field", ["note", "by_name", "second_name", "reason", "author_id"])
def test_no_cell_of_a_table_is_a_formula(words: str, field: str):
    made = changed(decision(), **{field: words})
    [row] = rows(made)
    assert not any(runs(cell) for cell in cells(row[field]))
    assert row[field].replace("'", "") == words.replace("'", ""), "nothing else is changed"


@given(HOSTILE)
def test_no_text_makes_a_formula_anywhere(words: str):
    assert not any(runs(cell) for cell in cells(inert(words)))


@pytest.mark.parametrize(
    "words", ["", "She asked twice.", "a; b, c\nd", "3 = 3", "maryk@courier", "20-24", "1,000"]
)
def test_words_that_are_no_formula_stay_as_they_are(words: str):
    assert inert(words) == words


def test_ids_are_text_and_no_digit_of_them_is_lost():
    made = changed(
        decision(),
        by_id=PersonId(1234567890123456789),
        comment_id="007",
        author_id="1e5",
        second_id=PersonId(9007199254740993),
        second_name="Ben",
    )
    [row] = rows(made)
    assert row["by_id"] == "'1234567890123456789"
    assert row["comment_id"] == "'007"
    assert row["author_id"] == "'1e5"
    assert row["second_id"] == "'9007199254740993"
    assert row["id"] == str(made.id)


def test_names_in_every_script_arrive_and_times_are_the_newsrooms():
    made = changed(decision(), by_name="Zoë Юлия 山田")
    [row] = rows(made)
    assert row["by_name"] == "Zoë Юлия 山田"
    local = made.at.astimezone(ZoneInfo("Asia/Kolkata"))
    out = io.StringIO(newline="")
    writer(out, ZoneInfo("Asia/Kolkata"))(made)
    assert f"{local:%Y-%m-%d %H:%M:%S}+05:30" in out.getvalue()


def exported(made: list[Decision]) -> str:
    values = [to_row(one) for one in made]
    return "".join(
        json.dumps(
            {
                name: value.isoformat() if hasattr(value, "isoformat") else value
                for name, value in one.items()
            },
            ensure_ascii=False,
        )
        + "\n"
        for one in values
    )


def chain(length: int = 3) -> list[Decision]:
    made: list[Decision] = []
    for number in range(1, length + 1):
        before = made[-1].digest if made else GENESIS
        made.append(
            seal(
                changed(
                    decision(id=DecisionId(number)),
                    note="\u2028 =1, a\rb ＝ Zoë",
                    until=decision().at,
                    second_name="Ben",
                ),
                before,
            )
        )
    return made


def test_lines_of_json_verify(tmp_path):
    made, path = chain(), tmp_path / "record.jsonl"
    path.write_text(exported(made), encoding="utf-8", newline="")
    assert verify_lines(path) == Verified(decisions=3, last=made[-1].digest)
    assert verify_lines(path, made[0].digest).missed is False
    assert verify_lines(path, "0" * 64).missed


@pytest.mark.parametrize(
    "miscopy",
    [
        lambda one: one[:20] + ("0" if one[20] != "0" else "1") + one[21:],
        lambda one: one[:-1],
        lambda one: one[1:],
        lambda one: one + "0",
        lambda one: one[:30] + one[31] + one[30] + one[32:],
    ],
)
def test_a_miscopied_digest_is_told_from_a_cut_record(tmp_path, miscopy):
    made, path = chain(), tmp_path / "record.jsonl"
    path.write_text(exported(made), encoding="utf-8", newline="")
    digest = made[1].digest

    found = verify_lines(path, miscopy(digest))

    assert miscopy(digest) == digest or (found.missed and found.like == made[1])
    assert verify_lines(path, "f" * 64).like is None


def test_a_digest_is_known_however_it_was_spaced(tmp_path):
    made, path = chain(), tmp_path / "record.jsonl"
    path.write_text(exported(made), encoding="utf-8", newline="")
    digest = made[1].digest
    assert not verify_lines(path, f"  {digest[:32]} {digest[32:].upper()}\n").missed
    assert [is_digest(one) for one in (digest, digest[:-1], "g" * 64, "")] == [True] + [False] * 3


def test_a_changed_line_is_found(tmp_path):
    made, path = chain(), tmp_path / "record.jsonl"
    path.write_text(exported(made).replace("Ben", "Bea", 1), encoding="utf-8", newline="")
    assert verify_lines(path).broken == 1
    path.write_text(exported([made[0], made[2]]), encoding="utf-8", newline="")
    assert verify_lines(path).broken == 3


@pytest.mark.parametrize("number", [None, "1", True, 1.0, [], {}])
def test_a_line_without_its_number_is_no_end_of_the_record(tmp_path, number):
    made, path = chain(), tmp_path / "record.jsonl"
    lines = exported(made).split("\n")
    lines[1] = json.dumps({**json.loads(lines[1]), "id": number})
    path.write_text("\n".join(lines), encoding="utf-8", newline="")
    with pytest.raises(ExportUnreadable, match="Line 2"):
        verify_lines(path)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": 10**30},
        {"by_id": 10**30},
        {"at": "2026-11-24T12:00:00"},
        {"until": "2026-11-24T12:00:00"},
        {"until": "2026-11-24T13:59:30+02:00"},
        {"note": {"a": 1}},
        {"note": "\ud83d"},
        {"previous": None},
        {"digest": None},
    ],
)
def test_a_line_with_any_other_value_was_changed(tmp_path, changes):
    path = tmp_path / "record.jsonl"
    first = json.loads(exported(chain(1)))
    path.write_text(json.dumps(first | changes) + "\n", encoding="utf-8")
    assert verify_lines(path).broken is not None


@pytest.mark.parametrize("words", ["[" * 100_000 + "\n", '{"id": ' + "9" * 5_000 + "}\n"])
def test_what_no_program_should_read_is_refused_in_a_sentence(tmp_path, words: str):
    path = tmp_path / "record.jsonl"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(ExportUnreadable, match="Line 1"):
        verify_lines(path)


@pytest.mark.parametrize("words", ["id,case_id\r\n1,2\r\n", "[]\n", "{}\n", "1\n", "\ufeffid\n"])
def test_a_table_is_not_taken_for_the_record(tmp_path, words: str):
    path = tmp_path / "record.csv"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(ExportUnreadable):
        verify_lines(path)
    with pytest.raises(ExportUnreadable):
        verify_lines(tmp_path / "missing")
