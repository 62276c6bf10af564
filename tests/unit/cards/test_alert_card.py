"""The alert in all its states: what it says, that nothing in it is alive, and Discord's limits."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import discord
import pytest

from bot.cards.alerts import alert_answers, alert_card, charts
from bot.cards.text import alert_answers as alert_answer_text
from bot.cards.text import alerts as alert_text
from bot.domain.alerts import (
    Alert,
    AlertId,
    AlertState,
    AlertView,
    Asked,
    Mute,
    Opinion,
    Record,
    Sensitivity,
    Series,
    Tally,
    TopComment,
)
from bot.domain.decisions import Action
from bot.domain.detection.brigades import Clue, Coordination, Sign, Suspicion
from bot.domain.detection.events import Tier
from bot.domain.ids import CaseId, RuleNumber, SiteId
from bot.domain.stories import Closing, StoryState
from config.policy import load_policy

NOON = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)
POLICY = load_policy(None)
BRIGADE = Coordination(
    suspicion=Suspicion.LIKELY,
    score=6.0,
    readers=9,
    clues=(Clue(sign=Sign.OVERLAP, weight=6.0, readers=7, of=9),),
)


MUTE = Mute(
    site=SiteId("courier"),
    tier=Tier.STORY,
    key="s1",
    until=NOON + timedelta(hours=24),
    by_name="Ed",
)


def view(*, tally: Tally | None = None, story: dict | None = None, **changes) -> AlertView:
    alert = Alert(
        id=AlertId(12),
        site=SiteId("courier"),
        incident=1,
        tier=Tier.STORY,
        key="s1",
        state=AlertState.OPEN,
        since=NOON - timedelta(minutes=6),
        opened_at=NOON,
        last_at=NOON,
        usual=0.04,
        chance_weeks=40.0,
        reports=12,
        readers=9,
    )
    tops = (
        TopComment(case_id=CaseId(1), author="salty_dog", reports=6),
        TopComment(case_id=CaseId(2), author="j_b_1962", reports=5),
        TopComment(case_id=CaseId(3), author="somebody", reports=1),
    )
    counted = Tally(
        reports=12,
        readers=9,
        authors=3,
        comments=3,
        reasons={RuleNumber(3): 8, RuleNumber(4): 3, RuleNumber(9): 1},
        tops=tops,
        waiting=3,
        last_at=NOON,
    )
    series = Series(
        start=NOON - timedelta(hours=2),
        step=timedelta(minutes=5),
        counts=(*[0] * 23, 9, 3),
        usual=(0.1,) * 25,
    )
    shown = AlertView(
        alert=replace(alert, **changes),
        title="Three charged after Colchester raids",
        url="https://courier.example/raids",
        name="salty_dog",
        tally=tally or counted,
        series=series,
    )
    return replace(shown, **(story or {}))


def words(shown: AlertView) -> str:
    drawn = alert_card.render(shown, POLICY, chart="a picture")
    return "\n".join(
        item.content for item in drawn.walk_children() if isinstance(item, discord.ui.TextDisplay)
    )


def labels(shown: AlertView) -> list[str]:
    drawn = alert_card.render(shown, POLICY, chart=None)
    found = [getattr(item, "item", item) for item in drawn.walk_children()]
    return [str(item.label) for item in found if isinstance(item, discord.ui.Button)]


def test_an_alert_says_what_how_much_and_how_sure():
    said = words(view(brigade=BRIGADE))
    assert "Reports are piling up on “[Three charged" in said
    assert (
        "12 reports by 9 readers in 6 minutes. Usual at this hour: one a day. "
        "Very unusual: about once in 40 weeks." in said
    )
    assert "Mostly about two comments by salty\\_dog and j\\_b\\_1962" in said
    assert "harassment 8, hate 3, spam 1" in said
    assert "Likely coordinated: 7 of the 9 readers reported the same commenters before." in said


def test_the_end_has_totals_and_no_statistics_name():
    tally = replace(view().tally, decided={Action.HIDE: 1, Action.BAN: 1}, waiting=1)
    said = words(view(tally=tally, state=AlertState.CLOSED, closed_at=NOON))
    assert "Reports piled up on" in said
    assert "12 reports, 1 comment hidden, 1 ban, 1 comment still waits." in said
    for jargon in ("sigma", "p-value", "likelihood", "Poisson", "threshold"):
        assert jargon not in said


@pytest.mark.parametrize(
    ("hourly", "said"),
    [
        (0.01, "less than one a day"),
        (0.04, "one a day"),
        (0.3, "about 7 a day"),
        (1.0, "one an hour"),
        (12.4, "about 12 an hour"),
    ],
)
def test_the_usual_is_said_in_the_unit_people_count_in(hourly: float, said: str):
    assert alert_text.rate(hourly) == said


@pytest.mark.parametrize(
    ("weeks", "said"),
    [
        (0.5, "once a week"),
        (40, "once in 40 weeks"),
        (300, "once in 6 years"),
        (1e6, "practically never"),
    ],
)
def test_chance_is_said_in_words(weeks: float, said: str):
    assert said in alert_text.chance(weeks)


def test_buttons_follow_what_was_said_and_how_the_story_stands():
    assert labels(view())[:4] == [
        "Show the cases",
        "Real alert",
        "False alarm",
        "Mute 24 h",
    ]
    assert "Real alert" not in labels(view(opinion=Opinion.REAL, opinion_by="Ed"))
    assert "Unmute" in labels(view(story={"mute": MUTE}))
    assert "Watch story" in labels(view())
    watched = labels(view(story={"state": StoryState.WATCH}))
    assert "Watch story" not in watched
    assert "Close comments" in watched
    assert "Close comments" not in labels(view(story={"state": StoryState.PROCEEDINGS}))
    assert "Watch story" not in labels(view(tier=Tier.COMMENTER))


def test_the_card_says_until_when_it_is_muted_and_by_whom():
    until = int(MUTE.until.timestamp())
    assert f"muted until <t:{until}:f> by Ed" in words(view(story={"mute": MUTE}))


def test_the_card_says_who_raised_its_cases_and_how_many_are_left():
    assert "Raise its cases" in labels(view())
    some = view(raised_by="Ed", story={"raised": 2})
    assert "raised in the queue by Ed: 2 cases still wait" in words(some)
    assert "Put its cases back" in labels(some)
    none = view(raised_by="Ed")
    assert "raised in the queue by Ed: all are decided" in words(none)
    decided = replace(view().tally, decided={Action.HIDE: 3}, waiting=0)
    assert "Raise its cases" not in labels(view(tally=decided))


def test_asking_the_moderators_comes_to_an_end_on_the_card():
    waits = view(story={"asked": Asked(by_name="Ed")})
    assert "Ed is asking the moderators" in words(waits)
    assert "Ask moderators" not in labels(waits)
    failed = view(story={"asked": Asked(by_name="Ed", trouble="It may not open threads.")})
    assert "The moderators could not be asked:** It may not open threads." in words(failed)
    assert "Ask moderators" in labels(failed)
    there = view(thread_id=77)
    assert "with the moderators: <#77>" in words(there)
    assert "Ask moderators" not in labels(there)


def test_closing_is_offered_only_where_the_site_can():
    assert "Close comments" in labels(view())
    assert "Close comments" not in labels(view(story={"closable": False}))


def test_closing_the_comments_comes_to_an_end_on_the_card():
    asked = Closing(site=SiteId("courier"), story_id="s1", closed=True)
    state = {"state": StoryState.CLOSED}
    assert "the site is being asked" in words(view(story={**state, "closing": asked}))
    done = replace(asked, is_done=True)
    assert "comments closed on the site" in words(view(story={**state, "closing": done}))
    failed = view(story={**state, "closing": replace(asked, trouble="It said no.")})
    assert "The comments are not closed on the site:** It said no." in words(failed)
    assert "Close comments" in labels(failed)


@pytest.mark.parametrize("tier", list(Tier))
def test_what_readers_wrote_cannot_ping_format_or_break_the_card(tier: Tier):
    evil = "@everyone **<@1>** [x](https://evil.example) `" + "\u202e" + "a\u0300" * 500
    tops = tuple(replace(top, author=evil) for top in view().tally.tops)
    shown = view(
        tier=tier,
        tally=replace(view().tally, tops=tops),
        story={"title": evil, "name": evil, "inside": (evil,) * 40},
    )
    said = words(shown)
    assert "@everyone" not in said
    assert "<@1>" not in said
    assert "](https://evil" not in said
    assert len(said) < 4000
    title, body = alert_card.plain(shown, POLICY)
    assert "\u202e" not in title + body


def test_a_card_of_everything_keeps_to_discords_limits():
    shown = view(
        tier=Tier.SITE,
        brigade=BRIGADE,
        opinion=Opinion.FALSE,
        opinion_by="E" * 100,
        muted=True,
        thread_id=10**18,
        story={"title": "t" * 4000, "inside": ("s" * 300,) * 60},
    )
    drawn = alert_card.render(shown, POLICY, chart="p" * 1000)
    assert drawn.content_length() < 4000
    assert drawn.total_children_count <= 40


def test_other_roads_get_plain_text():
    title, body = alert_card.plain(view(), POLICY)
    assert title == "Reports are piling up on “Three charged after Colchester raids”"
    assert "**" not in body
    assert "<t:" not in body
    assert "https://courier.example/raids" in body
    over = view(state=AlertState.CLOSED, closed_at=NOON)
    assert "Over at 14:02: 12 reports" in alert_card.plain(over, POLICY)[1]


def test_the_picture_is_described_and_is_a_png_of_a_readable_size():
    shown = view()
    assert alert_card.picture(shown, POLICY) == (
        "Bars of reports in 5 min from 12:02 to 14:07: 9 before the alert at 14:02, 3 since. "
        "The highest bar is 9, at 13:57. Usual: one a day."
    )
    png = charts.spike(shown.series, NOON, NOON, POLICY.alerts.zone)
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") >= 800


@pytest.mark.parametrize("counts", [(), (0,), (0, 0, 0), (10**6, 0)])
def test_a_picture_can_be_drawn_of_anything(counts: tuple[int, ...]):
    series = Series(start=NOON, step=timedelta(minutes=5), counts=counts, before=counts)
    assert charts.spike(series, NOON, NOON, POLICY.alerts.zone).startswith(b"\x89PNG")
    hours = replace(series, step=timedelta(hours=1))
    assert charts.day(hours, POLICY.alerts.zone).startswith(b"\x89PNG")


def test_the_measured_false_alarms_are_a_range_while_some_alerts_are_not_judged():
    chosen = Sensitivity(a_week=1.0)
    record = Record(days=28, alerts=8, real=4, false=2)
    said = alert_answer_text.settings("courier", chosen, record)
    assert "Measured: between 0.5 and 1.0 false alarms a week." in said
    assert "too early" in alert_answer_text.settings("courier", chosen, replace(record, days=0.1))


def test_a_held_back_line_counts():
    body = json.dumps({"more": 3, "overnight": False})
    assert alert_answers.bulletin("held:x", body).startswith("**3 more alerts this hour**")
    assert alert_answers.bulletin_plain(body)[0].startswith("3 more alerts this hour")


def test_spikes_counts_what_it_has_no_room_for():
    alerts = [(view(id=AlertId(number)).alert, "t" * 200) for number in range(90, 0, -1)]
    drawn = alert_answers.spikes(alerts, 1)
    said = "\n".join(
        item.content for item in drawn.walk_children() if isinstance(item, discord.ui.TextDisplay)
    )
    listed = said.count("alert ")
    assert listed < 90
    assert f"and {90 - listed} more alerts" in said
    assert len(said) <= 4000


def test_what_is_urgent_begins_with_the_roles_that_it_calls():
    drawn = alert_card.render(view(urgent=True), POLICY, chart=None, roles=(5, 6))
    first = next(one for one in drawn.walk_children() if isinstance(one, discord.ui.TextDisplay))
    assert first.content.startswith("🚨 **Urgent** <@&5> <@&6>\n")
    assert "<@&" not in words(view(urgent=True))


@pytest.mark.parametrize(
    ("changes", "story", "name"),
    [
        ({}, {}, "Three charged after Colchester raids"),
        ({}, {"title": ""}, "Alert 12"),
        ({}, {"title": "long " * 60}, ("long " * 60)[:99].rstrip() + "…"),
        ({"tier": Tier.COMMENTER}, {}, "Comments by salty_dog"),
        ({"tier": Tier.COMMENTER}, {"name": ""}, "Alert 12"),
        ({"tier": Tier.SITE}, {}, "courier"),
    ],
)
def test_a_thread_is_named_after_what_it_is_about(changes: dict, story: dict, name: str):
    said = alert_answers.thread_name(view(story=story, **changes))
    assert len(said) <= 100
    assert said == name


@pytest.mark.parametrize("question", ["", "  ", "Is it one person?", "@everyone **look** <@1>"])
def test_what_an_editor_asks_is_inert_and_stands_before_the_cases(question: str):
    said = alert_answers.opening(view(), {}, "Ed", question)
    lines = said.split("\n")
    assert "Ed asks about the reports" in lines[0]
    assert lines[1].startswith("“" if question.strip() else "#1")
    assert "@everyone" not in said
    assert "<@1>" not in said
