"""Pictures of alerts: drawn elsewhere, and not more often than anybody looks."""

import io
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from matplotlib import image

from bot.cards.alerts import chart_worker, charts
from bot.cards.alerts.chart_worker import PicturesOfAlerts
from bot.domain.alerts import AlertState
from tests.unit.cards.test_alert_card import view

VIEW = view()
LONDON = ZoneInfo("Europe/London")
PNG = b"\x89PNG\r\n\x1a\n"


async def test_a_picture_is_drawn_in_another_process():
    series = VIEW.series
    png = await chart_worker.draw(series, VIEW.alert.since, VIEW.alert.opened_at, LONDON)
    assert png.startswith(PNG)


async def test_several_pictures_are_drawn_in_another_process_and_in_their_order():
    week = (chart_worker.Kind.WEEK, ([[1, None, 3] * 8] * 7, ["Mon"] * 7))
    day = (chart_worker.Kind.DAY, (VIEW.series, LONDON))
    drawn = await chart_worker.draw_each(day, week)
    assert list(drawn) == [charts.day(*day[1]), charts.week(*week[1])]


@pytest.fixture
def here(monkeypatch):
    """Draws in this process, as the desk does where no other can be had."""
    monkeypatch.setattr(chart_worker.sys, "executable", "/nowhere/python")


@pytest.mark.usefixtures("here")
async def test_a_picture_is_drawn_here_where_no_process_can_be_had():
    series = VIEW.series
    png = await chart_worker.draw(series, VIEW.alert.since, VIEW.alert.opened_at, LONDON)
    assert png.startswith(PNG)


@pytest.mark.usefixtures("here")
async def test_an_alert_that_only_grows_keeps_its_picture_for_a_while(monkeypatch):
    pictures = PicturesOfAlerts()
    first = await pictures.of(VIEW, LONDON)
    grown = replace(VIEW, series=replace(VIEW.series, counts=(9, *VIEW.series.counts[1:])))

    assert await pictures.of(grown, LONDON) is first
    assert first.series == VIEW.series

    monkeypatch.setattr(chart_worker, "KEPT_FOR", 0.0)
    assert (await pictures.of(grown, LONDON)).series == grown.series


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("changed", [{"state": AlertState.CLOSED}, {"told": 9}])
async def test_what_matters_is_drawn_at_once(changed):
    pictures = PicturesOfAlerts()
    first = await pictures.of(VIEW, LONDON)
    later = await pictures.of(replace(VIEW, alert=replace(VIEW.alert, **changed)), LONDON)
    assert later is not first


def test_discords_sign_covers_no_label():
    """On a telephone a picture is 186 points high, of which the sign takes the lowest 26."""
    png = charts.spike(VIEW.series, VIEW.alert.since, VIEW.alert.opened_at, LONDON)
    pixels = image.imread(io.BytesIO(png))
    foot = pixels[-int(len(pixels) * 26 / 186) :, :, :3].reshape(-1, 3)
    assert len({tuple(one) for one in foot.round(3).tolist()}) == 1
