"""What editors look up: an alert's cases, the newest alerts, a trend's subject, the week's few."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alerts import Alert, AlertId, AlertState
from bot.domain.cases import CardRef
from bot.domain.comments import Story
from bot.domain.decisions import Action
from bot.domain.detection.events import Tier
from bot.domain.errors import NotAllowed, NotUnderstood
from bot.domain.ids import SiteId
from bot.services.alerts import trends, views
from bot.services.alerts import trends as hotspots
from bot.services.alerts.trends import Subject
from bot.services.alerts.views import NoSuchAlert
from tests.services.desks import ANA, NOON, OLLY, SAM, Bench
from tests.services.newsdesk import SITE, Newsdesk


async def test_the_cases_of_an_alert_come_with_what_was_done_and_their_cards(newsdesk: Newsdesk):
    await newsdesk.burst(13)
    await newsdesk.settle()
    desk, [alert] = newsdesk.bench.desk, await newsdesk.alerts()
    _, [most, *rest] = await views.cases(desk, alert.id, SAM)
    ref = CardRef(case_id=most.case_id, channel_id=7, message_id=500, revision=1)
    now = desk.clock()
    await desk.store.write(lambda tx: tx.cards.drawn(ref, 99, at=now))
    await newsdesk.bench.decide(most.case_id)

    view, lines = await views.cases(desk, alert.id, SAM)

    assert view.alert.id == alert.id
    assert [one.reports for one in lines] == sorted([4, 3, 3, 3], reverse=True)
    assert (lines[0].case_id, lines[0].done) == (most.case_id, Action.HIDE)
    assert lines[0].author == "salty_dog"
    assert lines[0].card is not None
    assert lines[0].card.message_id == 500
    assert {(one.done, one.card) for one in lines[1:]} == {(None, None)}
    assert {one.case_id for one in lines[1:]} == {one.case_id for one in rest}


async def test_the_newest_alerts_are_named_and_counted_up_to_now(newsdesk: Newsdesk):
    await newsdesk.burst(12, "s1")
    await newsdesk.settle()
    [alert] = await newsdesk.alerts()
    await newsdesk.burst(3, "s1")

    [(found, label)] = await views.recent(newsdesk.bench.desk, SAM)

    assert label == "Story s1"
    assert found.id == alert.id
    assert (found.reports, found.readers) == (15, 15)


def alert(number: int, **more: object) -> Alert:
    """Return an alert on a story, as yet without a number of its own."""
    made = Alert(
        id=AlertId(0),
        site=SITE,
        incident=number,
        tier=Tier.STORY,
        key=f"s{number}",
        state=AlertState.OPEN,
        since=NOON,
        opened_at=NOON,
        last_at=NOON,
        usual=6.0,
        chance_weeks=9.0,
        reports=20,
        readers=10,
    )
    return replace(made, **more)  # type: ignore[arg-type]


async def kept(bench: Bench, *alerts: Alert) -> list[AlertId]:
    return await bench.store.write(lambda tx: [tx.alerts.open(one).id for one in alerts])


@pytest.mark.parametrize("tier", [Tier.STORY, Tier.SITE])
@pytest.mark.parametrize(
    ("hours", "minutes", "steps"),
    [
        (2, 5, 49),
        (2.01, 10, 25),
        (6, 10, 49),
        (6.01, 30, 17),
        (22, 30, 49),
        (22.01, 60, 25),
        (69, 60, 72),
        (70, 60, 72),
    ],
)
async def test_the_longer_an_alert_lasts_the_wider_are_the_steps_of_what_is_shown(
    bench: Bench, tier: Tier, hours: float, minutes: int, steps: int
):
    opened = NOON.replace(minute=3, second=4, microsecond=5)
    [number] = await kept(bench, alert(1, tier=tier, opened_at=opened))
    bench.clock.now = NOON + timedelta(minutes=2)
    await bench.take(story=Story(external_id="s1", title="One", url=""))
    bench.clock.now = opened + timedelta(hours=hours)
    shown = (await views.look(bench.desk, number)).series
    assert (shown.step, len(shown.counts)) == (timedelta(minutes=minutes), steps)
    assert shown.start == NOON - timedelta(hours=2)
    assert shown.usual == (minutes / 10,) * steps
    assert shown.counts.index(1) == 120 // minutes
    assert shown.before == ()


async def test_a_sites_reports_of_the_week_before_are_shown_beside_its_own(bench: Bench):
    for days, minutes in ((7, 0), (0, 10), (0, 10)):
        bench.clock.now = NOON - timedelta(days=days, minutes=minutes)
        await bench.take()
    bench.clock.now = NOON
    [number] = await kept(bench, alert(1, tier=Tier.SITE, key=""))
    shown = (await views.look(bench.desk, number)).series
    assert [place for place, count in enumerate(shown.counts) if count] == [22]
    assert [place for place, count in enumerate(shown.before) if count] == [24]


async def test_an_alert_that_is_over_counts_nothing_of_later(bench: Bench):
    over = NOON + timedelta(hours=1)
    [number] = await kept(bench, alert(1, state=AlertState.CLOSED, closed_at=over))
    about = Story(external_id="s1", title="One", url="")
    for minutes in (30, 90):
        bench.clock.now = NOON + timedelta(minutes=minutes)
        await bench.take(story=about)
    seen = await views.look(bench.desk, number)
    assert (seen.tally.reports, sum(seen.series.counts)) == (1, 1)


async def test_a_flood_of_alerts_hides_none_that_matters(bench: Bench):
    outer, *_ = await kept(bench, alert(1, tier=Tier.SITE, key="", reports=90))
    small = [alert(number, reports=number) for number in range(2, 44)]
    within = [alert(number, inside=outer, reports=500) for number in (50, 51)]
    over = [alert(number, state=AlertState.CLOSED, closed_at=NOON) for number in range(60, 75)]
    await kept(bench, *small, *within, *over)
    found = [one.incident for one, _ in await views.recent(bench.desk, SAM)]
    # The newest first: the 40 largest that go on, without those that are told of under another,
    # and those of the twelve newest that are over.
    assert found == [*range(43, 4, -1), 1, *range(74, 62, -1)]


async def test_what_was_forgotten_of_an_alert_makes_it_no_smaller(bench: Bench):
    [_] = await kept(bench, alert(1))
    for reader in range(12):
        await bench.take(comment=f"c{reader}", story=Story(external_id="s1", title="", url=""))
    [(found, label)] = await views.recent(bench.desk, SAM)
    assert (found.reports, found.readers, label) == (20, 12, "s1")


async def test_alerts_of_no_number_are_told_where_to_find_others(newsdesk: Newsdesk):
    desk = newsdesk.bench.desk
    for asked in (views.look(desk, 9), views.cases(desk, 9, SAM)):
        with pytest.raises(NoSuchAlert, match=r"^There is no alert 9\. /spikes lists the recent"):
            await asked


async def test_whether_a_story_can_be_closed_is_the_sites_to_say(newsdesk: Newsdesk):
    await newsdesk.burst()
    await newsdesk.settle()
    [alert] = await newsdesk.alerts()
    desk = newsdesk.bench.desk
    for can in (True, False):
        asked = replace(desk, can_close=lambda site, can=can: can and site == SITE)
        assert (await views.look(asked, alert.id)).closable is can


async def told(bench: Bench, story: str, title: str, **more: object) -> None:
    await bench.take(
        comment=story,
        story=Story(external_id=story, title=title, url="https://courier.example/s"),
        **more,
    )


async def test_stories_are_found_by_words_of_their_titles(bench: Bench):
    await told(bench, "s1", "Council cuts buses")
    await told(bench, "s2", "Council opens pool")
    await told(bench, "s3", "Rain")

    found = await trends.find(bench.desk, Tier.STORY, "council", SAM)

    assert {(site, key) for site, key, _ in found} == {(SITE, "s1"), (SITE, "s2")}
    assert {shown for _, _, shown in found} == {"Council cuts buses", "Council opens pool"}
    assert await trends.find(bench.desk, Tier.STORY, "tram", SAM) == []


async def test_what_was_picked_or_named_is_the_subject(bench: Bench):
    await told(bench, "s1", "Council")
    await told(bench, "s2", "Council opens pool")
    desk = bench.desk

    async def of(tier: Tier, picked: str) -> Subject:
        return await trends.subject_of(desk, tier, picked, SAM)

    assert await of(Tier.STORY, "courier\ns2") == Subject(site=SITE, tier=Tier.STORY, key="s2")
    assert (await of(Tier.STORY, "COUNCIL")).key == "s1", "a whole title goes before a longer one"
    assert (await of(Tier.STORY, "pool")).key == "s2"
    assert await of(Tier.SITE, "") == Subject(site=SITE, tier=Tier.SITE, key="")
    assert (await of(Tier.SITE, "courier")).site == SITE
    with pytest.raises(NotUnderstood, match=r"^Nothing of that name was reported lately\. Pick"):
        await of(Tier.STORY, "tram")
    with pytest.raises(NotUnderstood, match=r"^More than one thing has that name\. Pick one"):
        await of(Tier.STORY, "c")
    with pytest.raises(NotUnderstood, match=r"^Name a site: courier\.$"):
        await of(Tier.SITE, "herald")
    with pytest.raises(NotUnderstood):
        await of(Tier.STORY, "herald\ns2")


async def test_with_several_sites_one_must_be_named(bench: Bench):
    await told(bench, "s1", "Council")
    await told(bench, "s1", "Council", site=SiteId("herald"))

    assert set(await trends.sites(bench.desk, SAM)) == {"courier", "herald"}
    with pytest.raises(NotUnderstood, match=r"^Name a site: "):
        await trends.subject_of(bench.desk, Tier.SITE, "", SAM)


async def test_without_any_report_there_is_no_site_to_name(bench: Bench):
    with pytest.raises(NotUnderstood, match=r"^Name a site: none has reports yet\.$"):
        await trends.subject_of(bench.desk, Tier.SITE, "", SAM)


async def test_the_week_names_those_behind_many_reports_and_their_cards(bench: Bench):
    case = await bench.take(comment="c0", author="busy")
    for number in range(1, 12):
        await bench.take(comment=f"c{number}", author="busy")
    ref = CardRef(case_id=case + 11, channel_id=7, message_id=500, revision=1)
    now = bench.clock.now
    await bench.store.write(lambda tx: tx.cards.drawn(ref, 99, at=now))

    found, cards = await hotspots.week(bench.desk, ANA)

    assert [spot.reports for spot in found.authors] == [12]
    assert {number: card.message_id for number, card in cards.items()} == {case + 11: 500}
    assert (found.one_in, found.in_all) == (1, 12)

    bench.clock.pass_by(days=8)
    found, cards = await hotspots.week(bench.desk, ANA)
    assert (list(found.authors), cards) == ([], {})
    found, _ = await hotspots.week(bench.desk, ANA, days=9)
    assert len(found.authors) == 1


async def test_of_too_many_reports_some_are_looked_at_from_the_whole_time(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(hotspots, "LOOKED_AT", 10)
    for number in range(1, 25):
        author = "busy" if number % 3 else f"other{number}"
        site = SiteId("herald" if number > 12 else "courier")
        await bench.take(comment=f"c{number}", author=author, site=site)
        bench.clock.pass_by(hours=1)

    found, _ = await hotspots.week(bench.desk, ANA)

    assert (found.one_in, found.in_all, found.reports) == (3, 24, 8)
    assert found.comments == 8, "the first day's are among them as the last one's are"


async def test_as_many_reports_as_can_be_are_all_looked_at(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(hotspots, "LOOKED_AT", 12)
    for number in range(12):
        await bench.take(
            comment=f"c{number % 5}", site=SiteId("herald" if number % 2 else "courier")
        )

    found, _ = await hotspots.week(bench.desk, ANA)

    assert (found.one_in, found.in_all, found.reports) == (1, 12, 12)


async def test_who_may_look(bench: Bench):
    desk = bench.desk
    for asked in (
        views.cases(desk, 1, ANA),
        views.recent(desk, ANA),
        trends.find(desk, Tier.STORY, "", ANA),
        trends.sites(desk, ANA),
        trends.subject_of(desk, Tier.SITE, "", ANA),
        hotspots.week(desk, OLLY),
    ):
        with pytest.raises(NotAllowed):
            await asked
