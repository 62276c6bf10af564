"""Promises about what is kept of where a reader came from: a host, or nothing."""

import pytest

from bot.web.reading import came_from, host_of

STORY = "https://www.courier.example/story/17"


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("https://t.co/abc?x=1#y", "t.co"),
        ("t.co", "t.co"),
        (" T.CO. ", "t.co"),
        ("t.co/abc", "t.co"),
        ("t.co:443/abc", "t.co"),
        ("t.co?next=https://other.example/", "t.co"),
        ("//t.co/abc", "t.co"),
        ("https://www.facebook.com/", "facebook.com"),
        ("http://ann:secret@forum.example:8080/thread/9", "forum.example"),
        ("android-app://com.reddit.frontpage/", "com.reddit.frontpage"),
        ("https://bücher.example/x", "xn--bcher-kva.example"),
        ("https://straße.example/x", "xn--strae-oqa.example"),
        ("https://xn--e1aybc.xn--p1ai/", "xn--e1aybc.xn--p1ai"),
    ],
)
def test_only_the_host_of_an_address_is_kept(written: str, host: str) -> None:
    assert came_from(written, STORY) == host


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "about:blank",
        "https://",
        "https:///path",
        "localhost",
        "mailto:ann@forum.example",
        "ann@forum.example",
        "file://share.example/x",
        "chrome-extension://abcdefgh.example/x",
        "http://203.0.113.7/x",
        "https://[2001:db8::1]/",
        "https://[broken/",
        "http://a..example",
        "two words.example",
        "forum.example\x00",
        "https://\ud800.example",
        "a" * 300 + ".example",
        "https://" + "ü" * 8_000 + ".example",
        "." * 8_000,
    ],
)
def test_what_names_no_host_is_passed_over(written: str) -> None:
    assert came_from(written, STORY) is None


@pytest.mark.parametrize(
    "written",
    [
        "https://www.courier.example/story/17",
        "courier.example",
        "https://amp.courier.example/story/17",
        "https://COURIER.example:443/",
    ],
)
def test_to_come_from_the_paper_itself_says_nothing(written: str) -> None:
    assert came_from(written, STORY) is None


def test_a_name_that_only_ends_alike_is_another_host() -> None:
    assert came_from("https://notcourier.example/", STORY) == "notcourier.example"


def test_a_story_at_a_network_address_has_no_host_of_its_own() -> None:
    assert host_of("http://127.0.0.1:8080/story") is None
    assert came_from("https://t.co/", "http://127.0.0.1:8080/story") == "t.co"


@pytest.mark.parametrize("own", ["https://straße.example/a", "https://xn--strae-oqa.example/a"])
@pytest.mark.parametrize("sent", ["https://STRASSE.example/", "https://straße.example/b"])
def test_the_papers_own_host_is_known_in_any_letters(own: str, sent: str):
    told = came_from(sent, own)
    assert told == ("strasse.example" if "STRASSE" in sent else None)
