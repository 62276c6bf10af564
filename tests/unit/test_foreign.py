"""JSON from strangers is read whole, and what is bad in it hurts nothing else."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.foreign import evenly_spaced, parsed, whole

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_good_json_is_read_as_it_is(value: object):
    assert whole(parsed(json.dumps(value).encode())) == value


@pytest.mark.parametrize("bad", ["[" * 60_000 + "]" * 60_000, '{"a":' * 9_000 + "1" + "}" * 9_000])
def test_what_is_too_deep_is_left_out_and_its_neighbours_stand(bad: str):
    said = whole(parsed(f'{{"a": [1, {bad}, "]["], "b": "\\\\\\"["}}'.encode()))
    assert (said["a"][0], said["a"][2], said["b"]) == (1, "][", '\\"[')
    assert json.dumps(said)


def test_a_number_that_python_does_not_read_is_none():
    first, second, third = parsed(f"[{'9' * 5_000}, -{'9' * 9_000}, 7]".encode())
    assert math.isnan(first)
    assert math.isnan(second)
    assert third == 7


def test_halves_are_mended_but_not_in_ids():
    said = whole(parsed(b'{"id": "\\ud83d", "x\\udca9": ["\\ud83d\\ude00 \\ude00"]}'), ids={"id"})
    assert said == {"id": "\0", "x\ufffd": ["\U0001f600 \ufffd"]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'\xef\xbb\xbf["a"]', ["a"]),
        (b'["\xed\xa0\xbd\xed\xb8\x80"]', ["\U0001f600"]),
        (b'["\xed\xa0\xbd!"]', ["\ufffd!"]),
        (b'["\xed\xb8\x80\xed\xa0\xbd"]', ["\ufffd\ufffd"]),
    ],
    ids=["mark", "pair", "half", "turned"],
)
def test_what_programs_write_that_count_in_utf_16_is_read(content: bytes, said: object):
    assert whole(parsed(content)) == said


@pytest.mark.parametrize(
    "content", [b"", b"{", b'"', b"[1", b"{]", b'{"a":}', b"[" * 50_000, b'"\\' * 20_000, b"\xff"]
)
def test_what_is_no_json_is_said_to_be_none(content: bytes):
    with pytest.raises(ValueError, match=r".+"):
        parsed(content)


@given(st.text(alphabet=" \t\n\r\x1c\x85\xa0\u2003\u3000\u2028\u200bab\u0301é", max_size=12))
def test_white_space_is_a_blank_each_whatever_it_was(text: str):
    assert evenly_spaced(text) == " ".join(text.split())


def test_only_a_blank_is_white_and_printable():
    white = [chr(code) for code in range(0x110000) if chr(code).isspace()]
    assert [one for one in white if one.isprintable()] == [" "]
