"""Reading what a site said: anything may be anything, and nothing of it is raised."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.markup import MOST_TAGS
from bot.sites.base.json_value import LONGEST_TEXT, JsonValue

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)


@given(VALUES, st.text(max_size=12))
def test_no_value_is_too_odd_to_be_read(value, path):
    said = JsonValue(value)
    for one in (said, said[path], said.first(), said.only(), *said):
        assert isinstance(one.text(), str)
        assert "\n" not in one.line() + one.title()
        assert isinstance(one.prose(), str)
        assert isinstance(one.number(), int)
        assert one.flag() in (True, False, None)
        assert one.key().isprintable()
        assert one.address() is None or one.address().startswith("http")  # type: ignore[union-attr]
        assert one.time() is None or one.time().tzinfo is UTC  # type: ignore[union-attr]


def test_a_path_leads_through_objects_only():
    said = JsonValue(json.loads('{"a": {"b": [{"c": 1}]}, "n": null}'))
    assert said["a.b"].first()["c"].number() == 1
    assert not said["a.b.c"]
    assert not said["n.x"]
    assert not said["nothing"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-02T14:03:00", datetime(2026, 3, 2, 14, 3, tzinfo=UTC)),
        ("2026-03-02T14:03:00Z", datetime(2026, 3, 2, 14, 3, tzinfo=UTC)),
        ("2026-03-02T16:03:00+02:00", datetime(2026, 3, 2, 14, 3, tzinfo=UTC)),
        ("0001-01-01T00:00:00+10:00", None),
        ("yesterday", None),
        (5, None),
    ],
)
def test_a_moment_without_a_zone_is_in_utc(written, meant):
    assert JsonValue(written).time() == meant


def test_a_name_keeps_what_only_looks_like_html_and_a_title_is_read():
    assert JsonValue("<b>ad\nam</b> &amp; <3").line() == "<b>ad am</b> &amp; <3"
    assert JsonValue("Raids &amp; <em>arrests</em>").title() == "Raids & arrests"


@pytest.mark.parametrize("key", ["a\nb", "\x00", True, 1.5, [], {}])
def test_an_id_is_one_line_of_text_or_a_number(key):
    assert JsonValue(key).key() == ""
    assert JsonValue(17).key() == "17"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//x.example", "https://a b", 5, ""])
def test_an_address_is_one_of_the_web(address):
    assert JsonValue(address).address() is None


@pytest.mark.parametrize("html", ["<p>" + "x" * 30_000, "<b>x</b>" * 9_000, "y" * 200_000])
def test_a_comment_that_is_too_long_is_cut_and_says_so(html):
    text = JsonValue(html).prose()
    assert len(text) <= LONGEST_TEXT + 2
    assert text.endswith("…")


def test_a_comment_of_many_tags_is_read_as_far_as_is_quick():
    assert JsonValue("<i>x</i>" * (MOST_TAGS // 2 - 1)).prose() == "x" * (MOST_TAGS // 2 - 1)


def test_a_title_that_is_plain_text_is_not_read_as_html():
    assert JsonValue("Where is the <title>?").line() == "Where is the <title>?"
