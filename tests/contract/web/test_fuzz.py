import asyncio
import json
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .caller import Caller, calling, make_body

texts = st.text(max_size=50) | st.text(st.characters(exclude_categories=()), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
fields = st.sampled_from(
    [
        "site",
        "comment",
        "comment__id",
        "comment__text",
        "comment__html",
        "comment__author",
        "comment__author__since",
        "comment__created",
        "comment__permalink",
        "comment__parent__text",
        "story__url",
        "story__title",
        "reporter",
        "reason",
        "note",
        "at",
        "more",
    ]
)


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, object]:
    """A report that is right but for up to three fields."""
    body = make_body()
    for path in draw(st.lists(fields, max_size=3, unique=True)):
        *parents, last = path.split("__")
        place = body
        for parent in parents:
            place = place[parent] if isinstance(place.get(parent), dict) else {}
        place[last] = draw(values)
    return body


Ask = Callable[..., tuple[int, bytes]]


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Return a way to post to one running desk, for functions that cannot await."""
    with asyncio.Runner() as runner:
        context = calling()
        site: Caller = runner.run(context.__aenter__())

        def post(content: bytes, path: str) -> tuple[int, bytes]:
            async def answer() -> tuple[int, bytes]:
                kept = len(site.shelf.kept)
                response = await site.post(content, path=path)
                if response.status != 202:
                    assert len(site.shelf.kept) == kept
                return response.status, await response.read()

            return runner.run(answer())

        yield post
        runner.run(context.__aexit__(None, None, None))


fuzz = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@fuzz
@given(body=bodies())
def test_no_report_makes_the_desk_fail(ask: Ask, body: dict[str, object]):
    status, answer = ask(json.dumps(body).encode(), "/v1/reports")
    assert status in {202, 400, 401, 422}
    assert json.loads(answer)


@fuzz
@given(entries=st.lists(bodies() | values, min_size=1, max_size=4))
def test_no_batch_makes_the_desk_fail(ask: Ask, entries: list[object]):
    for entry in entries:
        if isinstance(entry, dict):
            entry.pop("site", None)
    body = {"site": "courier", "reports": entries}
    status, answer = ask(json.dumps(body).encode(), "/v1/reports/batch")
    assert status in {202, 400}
    if status == 202:
        assert len(json.loads(answer)["answers"]) == len(entries)


@fuzz
@given(
    content=st.binary(max_size=200) | values.map(lambda value: json.dumps(value).encode()),
    path=st.sampled_from(["/v1/reports", "/v1/reports/batch"]),
)
def test_no_bytes_make_the_desk_fail(ask: Ask, content: bytes, path: str):
    assert ask(content, path)[0] in {400, 401, 422}


@fuzz
@given(at=st.integers(0, 600), letter=st.binary(min_size=1, max_size=3))
def test_no_damage_to_a_report_makes_the_desk_fail(ask: Ask, at: int, letter: bytes):
    content = bytearray(json.dumps(make_body()).encode())
    content[at : at + len(letter)] = letter
    assert ask(bytes(content), "/v1/reports")[0] in {202, 400, 401, 422}
