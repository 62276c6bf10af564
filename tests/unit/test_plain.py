import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.plain import MOST_TAGS, address, from_html, one_line, tidy


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<div><div>One</div>x</div><div>Two<br></div>3<br><br>4", "One\nx\nTwo\n3\n\n4"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<blockquote>He said</blockquote>I say", "He said\n\nI say"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("a\n  b\tc", "a b c"),
        ("5 &lt; 6 &amp;amp; caf&eacute; &#128512;", "5 < 6 &amp; café 😀"),
        ("<b>bold</b><i>y</i>", "boldy"),
        ("a<script>alert('x')</script>b<style>p{}</style>c", "abc"),
        ("a<iframe src=x>y</iframe><!-- z -->b", "ab"),
        ('<a href="https://x.example/?a=1&amp;b=2">here</a>', "here (https://x.example/?a=1&b=2)"),
        ('<a href="https://x.example/">https://x.example/</a>', "https://x.example/"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ('<img src="x.gif" alt="a cat">', "[picture: a cat]"),
        ("<img src=x.gif>", "[picture: not described]"),
        ("<p>a<p><p><p>b", "a\n\nb"),
        ("<scr<script>ipt>alert(1)</script>", "ipt>alert(1)"),
        ("<p></p>", ""),
        ("&nbsp;", ""),
    ],
)
def test_html_becomes_what_a_reader_sees(html: str, text: str):
    assert from_html(html) == text


@given(st.text())
def test_any_html_becomes_text_without_control_characters(html: str):
    text = from_html(html)
    assert not any(letter < " " and letter != "\n" for letter in text)


@pytest.mark.parametrize("piece", ["<div>", "<b><p>", "<a href=x>", "<table><tr>", "<ul><li>"])
def test_the_most_tags_that_are_taken_do_not_hold_the_desk_up(piece: str):
    html = piece * (MOST_TAGS // piece.count("<"))
    started = time.process_time()
    from_html(html)
    assert time.process_time() - started < 0.25


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
        ("a\x00b\x1b[31mc\x7f\x9b", "ab[31mc"),
        ("a\tb", "a b"),
        ("  a  ", "a"),
        ("Zoë 👩‍👩‍👧 שלום \u202eabc", "Zoë 👩‍👩‍👧 שלום \u202eabc"),
    ],
)
def test_control_characters_go_and_all_else_stays(text: str, tidied: str):
    assert tidy(text) == tidied


def test_a_name_is_on_one_line():
    assert one_line(" Ann\n\tOther\u2029 ") == "Ann Other"


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://x.example/a%20b?c=d#e", "https://x.example/a%20b?c=d#e"),
        ("https://x.example/zoë?q=é%C3#ü", "https://x.example/zo%C3%AB?q=%C3%A9%C3#%C3%BC"),
    ],
)
def test_an_address_is_plain_ascii(url: str, plain: str):
    assert address(url) == plain
