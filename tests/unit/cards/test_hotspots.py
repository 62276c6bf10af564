"""The picture of the few behind the many."""

import warnings
from io import BytesIO

import discord
import pytest
from matplotlib.image import imread

from bot.cards import parts
from bot.cards.alerts.hotspots_card import alt, headings, hotspots_card
from bot.cards.alerts.hotspots_chart import draw
from bot.domain.account_similarity import AuthorRef
from bot.domain.hotspots import Reported, hotspots

NAMES = [
    "salty_dog",
    "$x_1$ \\frac",
    "Dan 🎉🎉",
    "بائع",
    "W" * 200,
    "\u202eevil",
    "",
    "[a](b) @everyone",
]


def some(count: int = 40):
    return hotspots(
        [
            Reported(
                case_id=number,
                reports=1 + number % 7,
                author=AuthorRef(site="c", id=str(number % 8)),
                name=NAMES[number % 8],
                story=("c", str(number % 3)),
                title=NAMES[-number % 8],
                answers=NAMES[(number + 1) % 4],
            )
            for number in range(count)
        ]
    )


@pytest.mark.parametrize("count", [1, 40])
def test_the_picture_takes_any_name_without_a_warning(count: int):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        image = imread(BytesIO(draw(some(count), headings())))
    height, width, _ = image.shape
    assert width == 616
    assert 150 < height < 1200
    assert tuple((image[2, 2, :3] * 255).round().astype(int)) == (31, 33, 38), "a ground of its own"


def test_the_picture_is_told_in_words_too():
    words = alt(some(), 7)
    assert words.startswith("Bars: what the reports of the last 7 days were about. Authors: ")
    assert "salty_dog" in words
    assert len(words) <= 1000


def test_nothing_in_a_name_pings_or_links():
    view = hotspots_card(some(), days=7, links={}, image=b"png")
    words = "\n".join(
        item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)
    )
    assert "@everyone" not in words
    assert "](b)" not in words
    assert parts.size(view) < parts.MOST_TEXT
