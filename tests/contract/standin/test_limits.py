"""Discord's documented limits: one more than each is refused, and the limit itself is not."""

from typing import Any

import pytest

from bot.standin import limits, modal_limits
from bot.standin.emoji import is_emoji
from bot.standin.errors import ApiError
from bot.standin.wire import MessageFlag

V2 = int(MessageFlag.COMPONENTS_V2)


def button(number: int = 0, **more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "x", "custom_id": f"b{number}", **more}


def row(*inside: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(inside)}


def select(count: int = 1, **more: Any) -> dict[str, Any]:
    options = [{"label": str(n), "value": str(n)} for n in range(count)]
    return {"type": 3, "custom_id": "s", "options": options, **more}


def text(content: str = "x") -> dict[str, Any]:
    return {"type": 10, "content": content}


def embed(**parts: Any) -> dict[str, Any]:
    return {"embeds": [parts]}


def old(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"content": "x", "components": list(parts)}


def new(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"flags": V2, "components": list(parts), **more}


def field(**more: Any) -> dict[str, Any]:
    return {"fields": [{"name": "x", "value": "x", **more}]}


GALLERY_ITEM = {"media": {"url": "https://x.example/a.png"}}

REFUSED = [
    ({"content": "x" * 2001}, "content: Must be 2000"),
    ({"content": "x", "nonce": "x" * 26}, "nonce: Must be 25"),
    ({"embeds": [{"title": "x"}] * 11}, "embeds: Must be 10"),
    (embed(title="x" * 257), "embeds.0.title: Must be 256"),
    (embed(description="x" * 4097), "embeds.0.description: Must be 4096"),
    (embed(author={"name": "x" * 257}), "embeds.0.author.name: Must be 256"),
    (embed(footer={"text": "x" * 2049}), "embeds.0.footer.text: Must be 2048"),
    (embed(fields=field()["fields"] * 26), "embeds.0.fields: Must be 25"),
    (embed(**field(name="x" * 257)), "fields.0.name: Must be 256"),
    (embed(**field(value="x" * 1025)), "fields.0.value: Must be 1024"),
    (embed(**field(value=" ")), "fields.0.value: This field is required"),
    ({"embeds": [{"description": "x" * 3001}] * 2}, "maximum size of 6000"),
    (old(*[row(button(n)) for n in range(6)]), "components: Must be 5"),
    (old(row(*[button(n) for n in range(6)])), "between 1 and 5"),
    (old(row()), "between 1 and 5"),
    (old(row(select(), button())), "maximum width"),
    (old(row(button(), button())), "custom_id cannot be duplicated"),
    (old(row(button(1, id=1), button(2, id=1))), "id cannot be duplicated"),
    (old(row(button(custom_id="x" * 101))), "between 1 and 100"),
    (old(row(button(custom_id=""))), "needs custom_id"),
    (old(row(button(label="x" * 81))), "Must be 80"),
    (old(row(button(label=""))), "label or an emoji"),
    (old(row(button(label=None, emoji={"name": "hide"}))), "Invalid emoji"),
    (old(row({"type": 2, "style": 5, "label": "x", "custom_id": "x"})), "style 5 needs url"),
    (old(row({"type": 2, "style": 5, "label": "x", "url": "javascript:x"})), "http or https"),
    (old(row(select(26))), "between 1 and 25"),
    (old(row(select(0))), "between 1 and 25"),
    (old(row(select(2, max_values=3))), "more than there are options"),
    (old(row(select(2, min_values=2, max_values=1))), "do not fit"),
    (old(row(select(placeholder="x" * 151))), "Must be 150"),
    (old(row({**select(), "options": [{"label": "x", "value": "x"}] * 2})), "already used"),
    (old(row({**select(), "options": [{"label": "x" * 101, "value": "x"}]})), "1 and 100"),
    (old(text()), "must be one of (1)"),
    (old(button()), "must be one of (1)"),
    (new(text(), content="x"), "'content' field cannot be used"),
    (new(text(), embeds=[{"title": "x"}]), "'embeds' field cannot be used"),
    (new(), "between 1 and 40"),
    (new(*[text()] * 41), "between 1 and 40"),
    (new(*[row(*[button(5 * n + m) for m in range(5)]) for n in range(7)]), "between 1 and 40"),
    (new(text("x" * 2001), text("x" * 2000)), "maximum size of 4000"),
    (new(text(" ")), "content: This field is required"),
    (new({"type": 17, "components": []}), "between 1 and 39"),
    (new({"type": 17, "components": [{"type": 17, "components": [text()]}]}), "must be one of"),
    (new({"type": 9, "components": [text()]}), "accessory: This field is required"),
    (new({"type": 9, "components": [text()] * 4, "accessory": button()}), "between 1 and 3"),
    (new({"type": 12, "items": []}), "between 1 and 10"),
    (new({"type": 12, "items": [GALLERY_ITEM] * 11}), "between 1 and 10"),
    (new({"type": 12, "items": [{"media": {"url": "ftp://x"}}]}), "http or https"),
    ({}, "empty message"),
    ({"content": ""}, "empty message"),
    (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        "mutually exclusive",
    ),
    ({"content": "x", "allowed_mentions": {"users": ["1"] * 101}}, "Must be 100"),
]

ACCEPTED = [
    {"content": "x" * 2000, "nonce": "x" * 25},
    {"embeds": [{"description": "x" * 3000}] * 2},
    {"embeds": [{"title": "x"}] * 10},
    old(*[row(*[button(5 * n + m) for m in range(5)]) for n in range(5)]),
    old(row(select(25, max_values=25, placeholder="x" * 150))),
    old(row({"type": 2, "style": 5, "label": "x" * 80, "url": "https://x.example"})),
    old(row(button(label=None, emoji={"name": "🔨"}))),
    old(row(button(label=None, emoji={"id": "1", "name": "hammer"}))),
    old(row({"type": 5, "custom_id": "whom"})),
    new(*[text("x" * 100)] * 40),
    new({"type": 17, "components": [text(), {"type": 14}, row(button())]}),
    new({"type": 9, "components": [text()] * 3, "accessory": button()}),
    new({"type": 12, "items": [GALLERY_ITEM] * 10}),
]


@pytest.mark.parametrize(("body", "complaint"), REFUSED)
def test_a_message_beyond_a_limit_is_refused(body: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ApiError) as caught:
        limits.check(body, {})
    assert complaint in str(caught.value)
    assert caught.value.status == 400


@pytest.mark.parametrize("body", ACCEPTED)
def test_a_message_at_the_limit_is_accepted(body: dict[str, Any]) -> None:
    limits.check(body, {})


def test_what_is_chosen_already_keeps_within_bounds_in_a_message() -> None:
    """Discord takes a select without a need in a message, where `required` says nothing."""
    limits.check(old(row(select(2, min_values=0, required=True))), {})


def test_files_are_few_and_small() -> None:
    small = {str(n): ("a.txt", "text/plain", b"x") for n in range(10)}
    limits.check({}, small)
    with pytest.raises(ApiError, match="Must be 10"):
        limits.check({}, small, kept=1)
    with pytest.raises(ApiError, match="too large"):
        limits.check({}, {"0": ("a.txt", "text/plain", b"x" * (limits.FILE_BYTES + 1))})


def label(inside: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": 18, "label": "x", "component": inside, **more}


def entry(number: int = 0, **more: Any) -> dict[str, Any]:
    return {"type": 4, "custom_id": f"f{number}", "style": 1, **more}


def upload(**more: Any) -> dict[str, Any]:
    return {"type": 19, "custom_id": "file", **more}


def modal(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"custom_id": "m", "title": "x", "components": list(parts), **more}


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (modal(), "between 1 and 5"),
        (modal(*[label(entry(n)) for n in range(6)]), "between 1 and 5"),
        (modal(label(entry()), title="x" * 46), "between 1 and 45"),
        (modal(label(entry()), title=""), "between 1 and 45"),
        (modal(label(entry()), custom_id=""), "between 1 and 100"),
        (modal(label(entry(), label="x" * 46)), "between 1 and 45"),
        (modal(label(entry(), description="x" * 101)), "Must be 100"),
        (modal(label(entry(placeholder="x" * 101))), "Must be 100"),
        (modal(label(entry(max_length=4001))), "do not fit"),
        (modal(label(entry(min_length=5, max_length=4))), "do not fit"),
        (modal(label(entry(value="xx", max_length=1))), "Must be 1"),
        (modal(label(entry()), label(entry())), "cannot be duplicated"),
        (modal(row(entry())), "label: Must be between 1 and 45"),
        (modal(row(select())), "label"),
        (modal(label(button())), "cannot be filled in"),
        (modal(button()), "must be one of"),
        (modal({"type": 10, "content": ""}), "required"),
        (modal(label({**select(1), "type": 21})), "between 2 and 10"),
        (modal(label(entry(label="x"))), "The label is the outer one's"),
        (modal(label(select(2, required=True, min_values=0))), "one value or more"),
        (modal(label(select(2, min_values=0))), "one value or more"),
        (modal(label({"type": 5, "custom_id": "who", "min_values": 0})), "one value or more"),
        (modal(label(select(2, disabled=True))), "Nothing in a form is disabled"),
        (modal(label({"type": 6, "custom_id": "r", "disabled": True})), "Nothing in a form is dis"),
        (modal(label({**select(2, min_values=0), "type": 22})), "one value or more"),
        (modal(label({**select(11), "type": 22})), "between 1 and 10"),
        (modal(label({**select(2, max_values=3), "type": 22})), "more than there are options"),
        (modal(label({**select(2, min_values=3), "type": 22})), "3 to 2 do not fit"),
        (modal(label(upload(max_values=11))), "1 to 11 do not fit"),
        (modal(label(upload(max_values=0))), "1 to 0 do not fit"),
        (modal(label(upload(min_values=0))), "one value or more"),
        (modal(label(upload(min_values=3, max_values=2))), "3 to 2 do not fit"),
    ],
)
def test_a_form_beyond_a_limit_is_refused(body: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ApiError) as caught:
        modal_limits.check(body)
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        modal(*[label(entry(n)) for n in range(5)], title="x" * 45),
        modal(row(entry(label="x" * 45, max_length=4000))),
        modal(text(), label(select(25)), label({"type": 5, "custom_id": "who"})),
        modal(label({**select(10), "type": 22}), label({"type": 23, "custom_id": "c"})),
        modal(label(upload())),
        modal(label(upload(min_values=10, max_values=10))),
        modal(label(upload(min_values=0, required=False))),
        modal(label(select(2, disabled=False, min_values=1))),
        modal(label(select(2, min_values=0, required=False))),
        modal(label({**select(3, min_values=0, required=False), "type": 22})),
        modal(label({**select(3, min_values=3), "type": 22})),
        modal(label(entry(label=None))),
    ],
)
def test_a_form_at_the_limit_is_accepted(body: dict[str, Any]) -> None:
    modal_limits.check(body)


@pytest.mark.parametrize(
    "one", ["👍", "✅", "🙈", "🔨", "❤️", "👩‍🚀", "🇬🇧", "1️⃣", "#⃣", "‼️", "↔️", "hammer:123456"]
)
def test_an_emoji_is_an_emoji(one: str) -> None:
    assert is_emoji(one)


@pytest.mark.parametrize("one", ["", "hide", "a", "1", ":)", "👍 hide", "<:x:1>", "привет", "§ 3"])
def test_other_text_is_none(one: str) -> None:
    assert not is_emoji(one)
