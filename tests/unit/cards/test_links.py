import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import links
from bot.domain.cases import CardRef
from bot.domain.ids import CaseId


def test_a_jump_link_is_the_one_discord_opens():
    ref = CardRef(case_id=CaseId(1), channel_id=2, message_id=3, revision=1)
    assert links.jump(9, ref) == "https://discord.com/channels/9/2/3"


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "ftp://host/",
        "http:///path",
        "https://user:secret@host/",
        "https://user%40host/",
        "https://zürich@post.example/",
        "https://ho st/",
        "https://host/a b",
        "https://[::1",
        "https://host/" + "a" * 600,
        "https://evil)[x](https://host/",
    ],
)
def test_an_address_that_could_mislead_is_not_linked(url: str | None):
    assert links.linkable(url) is None


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://host/a?b=c&d=%20#e", "https://host/a?b=c&d=%20#e"),
        ("http://127.0.0.1:8765/story", "http://127.0.0.1:8765/story"),
        ("http://[::1]:8765/story", "http://[::1]:8765/story"),
        ("https://host/a)b(c", "https://host/a%29b%28c"),
        ("https://host/café", "https://host/caf%C3%A9"),
        ("HTTPS://host/a", "https://host/a"),
        ("https://my_paper.example/a", "https://my_paper.example/a"),
        ("https://zürich-post.example/a", "https://xn--zrich-post-9db.example/a"),
        ("https://z%C3%BCrich-post.example/a", "https://xn--zrich-post-9db.example/a"),
        ("https://новости.example:8443/", "https://xn--b1amnebsh.example:8443/"),
        ("https://[2001:db8::7]/a[1]", "https://[2001:db8::7]/a%5B1%5D"),
        ("https://host/" + "щ" * 62, "https://host/" + "%D1%89" * 62),
    ],
)
def test_an_ordinary_address_is_linked_with_what_could_end_it_encoded(url: str, linked: str):
    assert links.linkable(url) == linked


@given(st.text(max_size=80).map(lambda path: f"https://host/{path}"))
def test_no_link_can_be_ended_early(url: str):
    linked = links.linkable(url)
    assert linked is None or (linked.isascii() and not set(linked) & set("()<>[] \n\\|`*@"))


def test_an_address_is_read_without_its_scheme():
    assert links.address("https://www.courier.example/news/") == "courier.example/news"
