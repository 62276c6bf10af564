"""The first route that fits a case names its channel."""

import pytest

from bot.domain.ids import RuleNumber, SiteId
from bot.domain.routing import Home, Route, home
from bot.domain.stories import StoryState

COURIER, HERALD = SiteId("courier"), SiteId("herald")
CASE = {
    "site": COURIER,
    "section": "Sport",
    "state": StoryState.PROCEEDINGS,
    "reasons": (RuleNumber(3), RuleNumber(5)),
}


def of(*routes: Route, **changes: object) -> Home:
    return home(routes, **(CASE | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("route", "fits"),
    [
        ({}, True),
        ({"site": COURIER}, True),
        ({"site": HERALD}, False),
        ({"section": "spórt"}, True),
        ({"section": "News"}, False),
        ({"state": StoryState.PROCEEDINGS}, True),
        ({"state": StoryState.WATCH}, False),
        ({"reason": RuleNumber(5)}, True),
        ({"reason": RuleNumber(4)}, False),
        ({"site": COURIER, "section": "Sport", "reason": RuleNumber(3)}, True),
        ({"site": COURIER, "section": "Sport", "reason": RuleNumber(4)}, False),
        ({"site": HERALD, "reason": RuleNumber(3)}, False),
    ],
)
def test_a_route_fits_where_all_that_it_asks_is_so(route: dict[str, object], fits: bool):
    assert (of(Route(channel_id=7, **route)).channel_id == 7) is fits  # type: ignore[arg-type]


def test_a_story_without_a_section_is_in_none():
    assert of(Route(channel_id=7, section="Sport"), section=None) == Home()


def test_the_first_that_fits_counts():
    other = Route(channel_id=1, site=HERALD)
    assert of(other, Route(channel_id=2), Route(channel_id=3)).channel_id == 2


def test_only_a_route_for_the_storys_state_may_show_what_is_restricted():
    assert of(Route(channel_id=7, state=StoryState.PROCEEDINGS)).is_restricted
    assert not of(Route(channel_id=7)).is_restricted
