"""The markdown renderer, in the browser: a corpus, and what readers might try with it."""

import random
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.contract.page.conftest import Windows, opened

pytestmark = pytest.mark.asyncio(loop_scope="session")

RENDER = """async (text) => {
  const { richText } = await import('/discord/static/js/text.js');
  return richText(text).innerHTML;
}"""

PLAIN = """async (text) => {
  const { richText } = await import('/discord/static/js/text.js');
  return richText(text).textContent;
}"""

ELEMENTS = """async (texts) => {
  const { richText } = await import('/discord/static/js/text.js');
  const found = new Set();
  for (const text of texts) {
    const box = richText(text);
    document.body.append(box);
    for (const element of box.querySelectorAll('*')) {
      found.add(element.localName);
      for (const attribute of element.attributes) {
        found.add(attribute.name === 'href'
          ? `href=${new URL(element.href).protocol}` : `@${attribute.name}`);
      }
    }
    box.remove();
  }
  return [...found];
}"""

SAFE_ELEMENTS = {
    "a",
    "blockquote",
    "button",
    "code",
    "em",
    "h1",
    "h2",
    "h3",
    "li",
    "path",
    "pre",
    "s",
    "small",
    "span",
    "strong",
    "svg",
    "time",
    "u",
    "ul",
}
SAFE_ATTRIBUTES = {
    "@aria-hidden",
    "@aria-label",
    "@class",
    "@d",
    "@data-live",
    "@datetime",
    "@dir",
    "@fill",
    "@fill-rule",
    "@height",
    "@rel",
    "@role",
    "@style",  # a role's colour, set through the object model
    "@tabindex",
    "@target",
    "@title",
    "@type",
    "@value",
    "@viewBox",
    "@width",
    "href=http:",
    "href=https:",
}

CORPUS = {
    "**bold**": "<strong>bold</strong>",
    "*one* _two_": "<em>one</em> <em>two</em>",
    "__under__": "<u>under</u>",
    "~~gone~~": "<s>gone</s>",
    "***both***": "<strong><em>both</em></strong>",
    "__**nested *three* deep**__": "<u><strong>nested <em>three</em> deep</strong></u>",
    "snake_case_name stays": "snake_case_name stays",
    "2 * 3 * 4": "2 * 3 * 4",
    "**open": "**open",
    "****": "****",
    r"\*not italics\*": "*not italics*",
    r"\*\*not bold\*\*": "**not bold**",
    r"**a \** b**": "<strong>a ** b</strong>",
    r"\# no heading": "# no heading",
    r"\> no quote": "&gt; no quote",
    r"1\. no list": "1. no list",
    r"\||no spoiler||": "||no spoiler||",
    r"\[a](https://a.example)": None,
    r"back\\slash": "back\\slash",
    r"\a stays": "\\a stays",
    "`**code**`": "<code>**code**</code>",
    "`` a`b ``": "<code>a`b</code>",
    "```py\nx = 1\n```": "<pre><code>x = 1</code></pre>",
    "```\n<b>\n```after": "<pre><code>&lt;b&gt;</code></pre>after",
    "a `*b` c*": "a <code>*b</code> c*",
    "line\nbreak": "line\nbreak",
    "# Big": '<h1 dir="auto">Big</h1>',
    "### Small **bold**": '<h3 dir="auto">Small <strong>bold</strong></h3>',
    "#no heading": "#no heading",
    "#### too deep": "#### too deep",
    "-# small print": '<small class="subtext" dir="auto">small print</small>',
    "> quoted\n> twice\nafter": '<blockquote dir="auto">quoted\ntwice</blockquote>after',
    ">>> all\nthe rest": '<blockquote dir="auto">all\nthe rest</blockquote>',
    ">no quote": "&gt;no quote",
    "> # heading inside": '<blockquote dir="auto"><h1 dir="auto">heading inside</h1></blockquote>',
    "- one\n- two": '<ul class="list"><li dir="auto">one</li><li dir="auto">two</li></ul>',
    "- one\n  - deep": (
        '<ul class="list"><li dir="auto">one<ul class="list"><li dir="auto">deep</li></ul></li></ul>'
    ),
    "3. third": '<ul class="list"><li dir="auto" value="3" class="numbered">third</li></ul>',
    "-no list": "-no list",
    "<@1>": None,
    "@everyone": '<span class="mention">@everyone</span>',
    "me@everyone.example": None,
    "<:smile:123456789012345678>": ":smile:",
    "</hide:123456789012345678>": '<span class="mention">/hide</span>',
    "<b>html</b> &amp;": "&lt;b&gt;html&lt;/b&gt; &amp;amp;",
    "zero\u200bwidth **b\u200bold**": "zero\u200bwidth <strong>b\u200bold</strong>",
    "*\u200b*": "<em>\u200b</em>",
    "\u202eevil\u202c **x**": "\u202eevil\u202c <strong>x</strong>",
    "مرحبا **بالعالم**": "مرحبا <strong>بالعالم</strong>",
    "": "",
}

HOSTILE = (
    "<script>window.pwned = 1</script>",
    "<img src=x onerror=window.pwned=1>",
    "<svg/onload=window.pwned=1>",
    "[x](javascript:window.pwned=1)",
    "[x](JaVaScRiPt:window.pwned=1)",
    "[x](data:text/html,<script>window.pwned=1</script>)",
    '[x](https://a.example/"onmouseover="window.pwned=1)',
    "[x](https://a.example 'onmouseover=window.pwned=1')",
    "[x](<https://a.example/><img src=x onerror=window.pwned=1>)",
    'https://a.example/"><script>window.pwned=1</script>',
    "<https://a.example/'onclick='window.pwned=1>",
    "`<img src=x onerror=window.pwned=1>`",
    "```html\n<img src=x onerror=window.pwned=1>\n```",
    "||<img src=x onerror=window.pwned=1>||",
    "**<iframe srcdoc='<script>parent.pwned=1</script>'>**",
    '<@1"><img src=x onerror=window.pwned=1>',
    '<:a"onerror=1:1>',
    '<t:1:R"><img src=x onerror=window.pwned=1>',
    "</a onclick=window.pwned=1:1>",
    "\x00<script>window.pwned=1</script>\x00",
    "[**[x](javascript:1)**](https://a.example)",
    "[https://bank.example](https://evil.example)",
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def tab(windows: Windows) -> AsyncIterator[Page]:
    async with opened() as sandbox:
        page = await (await windows.window(0)).new_page()
        await page.goto(f"{sandbox.url}/discord?user=ana")
        await page.wait_for_selector("body[data-ready]")
        yield page
        await page.close()


@pytest.mark.parametrize(("text", "wanted"), [(k, v) for k, v in CORPUS.items() if v is not None])
async def test_text_is_shown_as_discord_shows_it(tab: Page, text: str, wanted: str) -> None:
    assert await tab.evaluate(RENDER, text) == wanted


async def test_links_are_links_and_others_are_not(tab: Page) -> None:
    cases = {
        "[words](https://a.example/b)": [("https://a.example/b", "words")],
        "[**bold** words](https://a.example)": [("https://a.example/", "bold words")],
        "see https://a.example/b.": [("https://a.example/b", "https://a.example/b")],
        "(https://a.example/b_(c))": [("https://a.example/b_(c)", "https://a.example/b_(c)")],
        "<https://a.example>": [("https://a.example/", "https://a.example")],
        "**https://a.example/x**": [("https://a.example/x", "https://a.example/x")],
        r"\[a](https://a.example)": [("https://a.example/", "https://a.example")],
        "`https://a.example`": [],
        "ftp://a.example": [],
        "[x](/relative)": [],
    }
    script = """async (text) => {
      const { richText } = await import('/discord/static/js/text.js');
      return [...richText(text).querySelectorAll('a')].map(a => [a.href, a.textContent]);
    }"""
    for text, wanted in cases.items():
        assert [tuple(one) for one in await tab.evaluate(script, text)] == wanted, text


async def test_a_link_that_names_another_address_is_no_link(tab: Page) -> None:
    shown = await tab.evaluate(RENDER, "[https://bank.example](https://evil.example)")
    assert 'href="https://evil.example' not in shown.split("](")[0]
    assert "[" in await tab.evaluate(PLAIN, "[https://bank.example](https://evil.example)")


@pytest.mark.parametrize("text", HOSTILE)
async def test_nothing_a_reader_wrote_becomes_code(tab: Page, text: str) -> None:
    found = set(await tab.evaluate(ELEMENTS, [text]))
    assert found <= SAFE_ELEMENTS | SAFE_ATTRIBUTES
    assert await tab.evaluate("window.pwned") is None


async def test_random_marks_are_safe_and_quick(tab: Page) -> None:
    seed = random.Random(11)  # noqa: S311 - the same texts on every run
    marks = ["*", "**", "_", "__", "~~", "||", "`", "```", "\\", "[", "](", ")", "<", ">", "\n"]
    marks += ["> ", "# ", "-# ", "- ", "1. ", "<@1>", "https://a.example/", "word ", " ", "<t:1:R>"]
    texts = ["".join(seed.choices(marks, k=60)) for _ in range(300)]
    found = set(await tab.evaluate(ELEMENTS, texts))
    assert found <= SAFE_ELEMENTS | SAFE_ATTRIBUTES


@pytest.mark.parametrize("mark", ["*", "**a ", "||", "`", "[", "> ", "_", "\\", "<", "~~a", "- "])
async def test_a_long_run_of_one_mark_does_not_hang_the_page(tab: Page, mark: str) -> None:
    text = mark * (4000 // len(mark))
    took = await tab.evaluate(
        """async (text) => {
          const { parse } = await import('/discord/static/js/markdown.js');
          const once = () => {
            const begun = performance.now();
            parse(text);
            return performance.now() - begun;
          };
          // The best of three: what is measured is the parser, not who else wants the processor.
          return Math.min(once(), once(), once());
        }""",
        text,
    )
    assert took < 1000


async def test_a_spoiler_is_covered_until_pressed(tab: Page) -> None:
    await tab.evaluate(
        """async () => {
          const { richText } = await import('/discord/static/js/text.js');
          document.getElementById('messages').replaceChildren(richText('||secret||'));
        }"""
    )
    spoiler = tab.locator(".spoiler")
    await spoiler.press("Enter")
    assert await spoiler.get_attribute("class") == "spoiler shown"


async def test_relative_times_count_on(tab: Page) -> None:
    script = """async ([then, now]) => {
      const { formatTime } = await import('/discord/static/js/times.js');
      return formatTime(then * 1000, 'R', now * 1000);
    }"""
    steps = {0: "now", 30: "30 seconds ago", 90: "1 minute ago", 7200: "2 hours ago"}
    for seconds, wanted in steps.items():
        assert await tab.evaluate(script, [1000, 1000 + seconds]) == wanted
    assert await tab.evaluate(script, [1000, 820]) == "in 3 minutes"


async def test_a_text_of_emoji_alone_is_large(tab: Page) -> None:
    script = """async (text) => {
      const { isOnlyEmoji } = await import('/discord/static/js/plain.js');
      return isOnlyEmoji(text);
    }"""
    assert await tab.evaluate(script, "😀 🎉❤️")
    assert not await tab.evaluate(script, "ok 👍")
    assert not await tab.evaluate(script, "")
