"""What a person reads of HTML, as lines of text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.markup import MOST_TAGS, from_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<div><div>One</div>x</div><div>Two<br></div>3<br><br>4", "One\nx\nTwo\n3\n\n4"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<ol start=7><li>a<ul><li>x</ul><li>b</ol>", "7. a\n\n- x\n\n8. b"),
        ("<blockquote>He said</blockquote>I say", "> He said\n\nI say"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("a\n  b\tc", "a b c"),
        ("5 &lt; 6 &amp;amp; caf&eacute; &#128512;", "5 < 6 &amp; café 😀"),
        ("<b>bold</b><i>y</i>", "boldy"),
        ("a<script>alert('x')</script>b<style>p{}</style>c", "abc"),
        ("a<iframe src=x>y</iframe><!-- z -->b", "a [embedded page: x] b"),
        ('<a href="https://x.example/?a=1&amp;b=2">here</a>', "here (https://x.example/?a=1&b=2)"),
        ('<a href="https://x.example/">https://x.example/</a>', "https://x.example/"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ('<img src="x.gif" alt="a cat">', "[picture: a cat]"),
        ("<img src=x.gif>", "[picture: not described]"),
        ("<p>a<p><p><p>b", "a\n\nb"),
        ("<scr<script>ipt>alert(1)</script>", "ipt>alert(1)"),
        ("<ol start=-1><li>a<li value=7>b<li>c</ol>", "-1. a\n7. b\n8. c"),
        ("a<dialog open>b</dialog><search>c</search>d", "a\nb\nc\nd"),
        ("<p></p>", ""),
        ("&nbsp;", ""),
    ],
)
def test_html_becomes_what_a_reader_sees(html: str, text: str):
    assert from_html(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<blockquote>One<br>two<p>three</p><blockquote>four</blockquote></blockquote>Mine",
            "> One\n> two\n>\n> three\n>\n> > four\n\nMine",
        ),
        ("<blockquote></blockquote>x", "x"),
        ("I <q>never</q> said it", "I “never” said it"),
        ("He is a <s>liar</s> friend", "He is a [struck out: liar] friend"),
        ("<del>a</del><strike> b </strike>c", "[struck out: a] [struck out: b] c"),
        ("<s>a<blockquote>b</blockquote></s>", "[struck out: a\n\n> b]"),
        ("<s></s>x<del> </del>y", "x y"),
        ("10<sup>6</sup> m<sup>2</sup> H<sub>2</sub>O", "10⁶ m² H₂O"),
        ("as said<sup><a href='#fn1'>1</a></sup>", "as said¹"),
        ("the 5<sup>th</sup>, x<sup>a+b</sup>, v<sub>max</sub>", "the 5th, x^(a+b), v_(max)"),
    ],
)
def test_quotations_struck_text_and_raised_letters_keep_their_meaning(html: str, text: str):
    assert from_html(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('Fine <img class="emoji" alt=":smile:">', "Fine :smile:"),
        ('<img alt="😀"><img alt="👩‍👩‍👧"><img alt="🇬🇧"><img alt="❤️">', "😀👩‍👩‍👧🇬🇧❤️"),
        ('<img class="wp-smiley" alt=":)">', ":)"),
        ('<img class="emoji only-emoji" alt="thumbsup">', "thumbsup"),
        ('<img alt="Ein Haus">', "[picture: Ein Haus]"),
        ('<img alt="家">', "[picture: 家]"),
        (
            'See<iframe src="https://x.example/v?a=1&amp;b=2"><p>y<!-- </iframe>this --&gt;',
            "See [embedded page: https://x.example/v?a=1&b=2] this -->",
        ),
        ("<video src=v.mp4>an <b>old</b> browser</video>", "[film: v.mp4, an old browser]"),
        ("<audio><source src=a.mp3></audio>x", "[sound: a.mp3] x"),
        ("<object data=a.swf></object><embed src=b>", "[embedded page: a.swf] [embedded page: b]"),
        ('<iframe title="a>b" src="c"></iframe>d', "[embedded page: c] d"),
    ],
)
def test_pictures_of_emoji_are_emoji_and_what_is_embedded_is_named(html: str, text: str):
    assert from_html(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<pre>if x:\n    return  1\n\tend</pre>so", "if x:\n    return  1\n end\n\nso"),
        ("<pre><code>a\nb</code></pre>", "a\nb"),
        ("<pre>a<br>  b</pre>", "a\n  b"),
        ("<pre>\n    if x:\n  y  </pre>\n", "    if x:\n  y"),
        ("<pre>  </pre>", ""),
        ("<blockquote><pre>a\n  b</pre></blockquote>", "> a\n>   b"),
        ("a<h2>T</h2>b<section>c</section><aside>d</aside>e", "a\n\nT\n\nb\nc\nd\ne"),
        ("<figure>a<figcaption>b</figcaption></figure>c", "a\nb\nc"),
        ("<details><summary>S</summary>in</details>out", "S\nin\n\nout"),
        ("<dl><dt>a<dd>b</dl>c", "a\nb\n\nc"),
        ("<header>a</header><footer>b</footer><main>c</main><nav>d</nav>", "a\nb\nc\nd"),
        ("<p>a<hr>b", "a\n\nb"),
        ("long<wbr>word", "longword"),
    ],
)
def test_lines_stay_and_blocks_do_not_glue_words(html: str, text: str):
    assert from_html(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            '<a href="https://evil.example/">https://bbc.co.uk</a>',
            "https://bbc.co.uk (https://evil.example/)",
        ),
        ('<a href="http://bbc.co">bbc.co.uk/news</a>', "bbc.co.uk/news (http://bbc.co)"),
        (
            '<a href="https://bbc.co.uk@evil.example">bbc.co.uk</a>',
            "bbc.co.uk (https://bbc.co.uk@evil.example)",
        ),
        ('<a href="//evil.example/x">x</a>', "x (//evil.example/x)"),
        ('<a href="/go?u=9">bbc.co.uk</a>', "bbc.co.uk (/go?u=9)"),
        ('<a href="https://www.X.example/">x.example</a>', "x.example"),
        ('<a href="https://x.example/a/">https://x.example/a</a> b', "https://x.example/a b"),
        ('<a href="mailto:ann@x.example">ann@x.example</a>', "ann@x.example"),
        ('<a class="mention" href="/u/ann">@ann</a>', "@ann"),
        ('<a class="hashtag" href="/tag/raids">#raids</a>', "#raids"),
        ('<a href="//evil.example">@ann</a>', "@ann (//evil.example)"),
        (r'<a href="/\evil.example">@ann</a>', r"@ann (/\evil.example)"),
        ('<a href="/\t/evil.example">@ann</a>', "@ann (//evil.example)"),
        (
            '<a href="https://evil.\nexample/">bbc.co.uk</a>',
            "bbc.co.uk (https://evil.example/)",
        ),
        (
            '<a href="https://evil.example/">bbc\u200b.co.uk</a>',
            "bbc\u200b.co.uk (https://evil.example/)",
        ),
        ('<a href="#top">up</a>', "up"),
        ('<a href="https://x.example/p"></a>', "https://x.example/p"),
        (
            '<a href="https://x.example/p"><img alt="a cat"></a>',
            "[picture: a cat] (https://x.example/p)",
        ),
        ('<a href="https://x.example/p">see </a>this', "see (https://x.example/p) this"),
    ],
)
def test_a_link_shows_where_it_leads_unless_its_words_do(html: str, text: str):
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
