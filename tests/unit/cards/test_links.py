import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import links
from bot.domain import foreign
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
        ("https://faß.example/a", "https://xn--fa-hia.example/a"),
        ("https://my_paper.zürich.example/a", "https://my_paper.xn--zrich-kva.example/a"),
        ("https://новости.example:8443/", "https://xn--b1amnebsh.example:8443/"),
        ("https://[2001:db8::7]/a[1]", "https://[2001:db8::7]/a%5B1%5D"),
        ("https://host/" + "щ" * 62, "https://host/" + "%D1%89" * 62),
    ],
)
def test_an_ordinary_address_is_linked_with_what_could_end_it_encoded(url: str, linked: str):
    assert links.linkable(url) == linked


@pytest.mark.parametrize(
    ("path", "linked"),
    [
        ("a" * 1_976, "a" * 1_976),
        ("a" * 1_900 + "(b)" * 20, "a" * 1_900 + "%28b%29" * 20),
        ("щ" * 1_976, "щ" * 1_976),
        ("%d1%89" * 329, "щ" * 329),
        ("新聞「記事」、（上）" * 190, "新聞「記事」、（上）" * 190),
        ("%E9" * 658, "%E9" * 658),  # not UTF-8
        # Neither a space nor what turns lines round.
        ("я%20%E2%80%AE" * 140, "я%20%E2%80%AE" * 140),
    ],
    ids=["letters", "brackets", "cyrillic", "encoded", "japanese", "latin-1", "unseen"],
)
def test_an_address_of_two_thousand_characters_is_linked_where_it_has_a_card_to_itself(
    path: str, linked: str
):
    url = foreign.address(f"https://courier.example/{path}")
    assert len(path) > 1_800
    assert links.linkable(url, links.ALONE) == f"https://courier.example/{linked}"


@given(
    st.text(min_size=600, max_size=2_000).map(lambda path: foreign.address(f"https://host/{path}"))
)
def test_no_long_link_can_be_ended_early(url: str):
    linked = links.linkable(url, links.ALONE)
    assert linked is None or not set(linked) & set("()<>[] \n\u2028\u202e\u3000\\|`*@")


@given(st.text(max_size=80).map(lambda path: f"https://host/{path}"))
def test_no_link_can_be_ended_early(url: str):
    linked = links.linkable(url)
    assert linked is None or (linked.isascii() and not set(linked) & set("()<>[] \n\\|`*@"))


def test_an_address_is_read_without_its_scheme():
    assert links.address("https://www.courier.example/news/") == "courier.example/news"
