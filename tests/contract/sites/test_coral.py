"""Coral's own traps: revisions, flags in one moment, its console, its reasons, its errors."""

from datetime import timedelta

import pytest

from bot.domain.decisions import Action
from bot.domain.effects import Outcome, Verb
from bot.ports import ClosingSite, PolledSite, WatchedSite

from .fake_coral import REVOKED, FakeCoral
from .stage import NOW, on_stage
from .test_promises import found_by, order


async def test_an_edited_comment_is_not_decided_on_the_text_that_was_seen():
    fake = FakeCoral()
    async with on_stage(fake) as site:
        fake.edit("com-1", "I am sorry.")
        outcome = await site.carry_out(order(fake, Action.HIDE))
    assert outcome.verb is Verb.CHANGED
    assert "edited" in (outcome.words or "")
    assert fake.visible()
    assert not fake.writes


async def test_a_hidden_comment_that_was_edited_since_can_still_be_shown_again():
    fake = FakeCoral()
    async with on_stage(fake) as site:
        await site.carry_out(order(fake, Action.HIDE))
        fake.edit("com-1", "I am sorry.")
        assert (await site.carry_out(order(fake, Action.UNHIDE))).verb is Verb.DONE
    assert fake.visible()


async def test_what_somebody_decided_in_corals_console_meanwhile_is_left():
    fake = FakeCoral()
    async with on_stage(fake) as site:
        hide = order(fake, Action.HIDE)
        fake.clock.pass_by(seconds=5)
        fake.decide("com-1", "APPROVED")
        outcome = await site.carry_out(hide)
    assert outcome.verb is Verb.CHANGED
    assert (outcome.words or "").startswith("Jane approved this")
    assert fake.visible()


async def test_a_newer_decision_here_overrules_what_was_decided_there_long_before():
    fake = FakeCoral()
    fake.decide("com-1", "APPROVED")
    fake.clock.pass_by(hours=1)
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.HIDE))).verb is Verb.DONE
    assert not fake.visible()


@pytest.mark.parametrize(
    ("rule", "name", "reason"),
    [
        (4, "Hate", {"code": "HATE_SPEECH"}),
        (9, "Spam", {"code": "SPAM"}),
        (7, "Defamation", {"code": "OTHER", "customReason": "Defamation"}),
        (1, "Threats", {"code": "ILLEGAL_CONTENT", "legalGrounds": "Threats"}),
    ],
)
async def test_the_authors_reason_under_the_dsa_comes_from_the_house_rule(rule, name, reason):
    fake = FakeCoral(dsa=True)
    async with on_stage(fake) as site:
        hide = order(fake, Action.HIDE, rule=rule, rule_name=name)
        assert (await site.carry_out(hide)).verb is Verb.DONE
    told = {"detailedExplanation": "Your comment was removed."}
    assert fake.reasons == [reason | told]


async def test_a_suspension_of_another_length_replaces_the_one_there_is():
    fake = FakeCoral()
    fake.users["usr-1"]["until"] = NOW + timedelta(days=1)
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.BAN))).verb is Verb.DONE
    assert fake.banned() == NOW + timedelta(days=7)


async def test_a_ban_for_good_that_was_given_at_coral_is_not_shortened():
    fake = FakeCoral()
    fake.users["usr-1"]["banned"] = True
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.BAN))).verb is Verb.DONE
    assert fake.banned() is None


async def test_the_author_is_mailed_the_notice_and_nothing_else():
    fake = FakeCoral()
    async with on_stage(fake) as site:
        await site.carry_out(order(fake, Action.BAN, until=None))
    assert fake.mailed == ["Your comment was removed."]


@pytest.mark.parametrize("until", [None, NOW + timedelta(days=7)])
async def test_the_mail_leads_to_the_reasons_where_there_is_a_page_of_them(until):
    fake = FakeCoral()
    url = "https://reports.courier.example/decision/x"
    async with on_stage(fake) as site:
        await site.carry_out(order(fake, Action.BAN, until=until, statement_url=url))
    (mail,) = fake.mailed
    assert mail == f"Your comment was removed.\n\nWhy, what you wrote, and how to contest it: {url}"


async def test_a_ban_may_hold_back_what_is_written_instead():
    fake = FakeCoral(premoderate=True)
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.BAN))).verb is Verb.DONE
        assert fake.users["usr-1"]["premod"]
        assert (await site.carry_out(order(fake, Action.UNBAN))).verb is Verb.DONE
        assert not fake.users["usr-1"]["premod"]


async def test_the_ban_of_somebody_whose_comment_is_gone_is_carried_out():
    fake = FakeCoral()
    fake.remove()
    async with on_stage(fake) as site:
        assert (await site.carry_out(order(fake, Action.BAN))).verb is Verb.DONE
    assert fake.banned()


async def test_a_story_is_closed_and_opened():
    fake = FakeCoral()
    async with on_stage(fake) as site:
        assert isinstance(site, ClosingSite)
        assert await site.close_story("st-1", closed=True) == Outcome(verb=Verb.DONE)
        assert fake.stories["st-1"]["isClosed"]
        await site.close_story("st-1", closed=False)
        assert not fake.stories["st-1"]["isClosed"]
        assert (await site.close_story("st-2", closed=True)).verb is Verb.GONE
        fake.lies = True
        assert (await site.close_story("st-1", closed=True)).verb is Verb.LATER


async def test_the_reason_and_the_readers_words_come_along():
    fake = FakeCoral()
    fake.report("<b>He</b> does it @everyone", reason="COMMENT_REPORTED_ABUSIVE")
    async with on_stage(fake) as site:
        [report], _ = await found_by(site)
    assert report.rule == 3
    assert report.note == "<b>He</b> does it @everyone"
    assert report.comment.revision == "r1"


async def test_at_first_what_waits_in_the_queue_is_found_and_nothing_older():
    fake = FakeCoral()
    fake.add_comment("com-2", "usr-1", "Settled long ago.")
    fake.report(comment=fake.comments["com-2"])
    fake.decide("com-2", "APPROVED")
    fake.report()
    async with on_stage(fake) as site:
        reports, _ = await found_by(site)
    assert [report.comment.external_id for report in reports] == ["com-1"]


@pytest.mark.parametrize("many", [50, 51, 130])
async def test_at_first_all_the_flags_of_one_comment_are_found(many: int):
    fake = FakeCoral()
    for number in range(30):
        fake.add_comment(f"more-{number}", "usr-1", "And another one.")
        fake.report(comment=fake.comments[f"more-{number}"])
        fake.clock.pass_by(seconds=20)
    for _ in range(many):
        fake.report()
        fake.clock.pass_by(seconds=20)
    async with on_stage(fake) as site:
        queue, mark = await found_by(site)
        flags, mark = await found_by(site, mark)
        again, _ = await found_by(site, mark)
    found = {report.delivery for report in (*queue, *flags)}
    assert found == {f"flag-{flag['id']}" for flag in fake.flags}
    assert len(again) <= 1, "nothing is read for ever"


async def test_later_reports_that_coral_sends_no_event_for_are_found():
    fake = FakeCoral()
    async with on_stage(fake) as site:
        fake.report()
        _, mark = await found_by(site)
        fake.clock.pass_by(minutes=5)
        fake.decide("com-1", "APPROVED")
        fake.clock.pass_by(minutes=5)
        fake.report("Still there!")
        reports, _ = await found_by(site, mark)
    assert [report.note for report in reports] == ["Still there!"]


async def test_flags_of_one_moment_are_all_found_though_a_page_ends_among_them():
    fake = FakeCoral()
    async with on_stage(fake) as site:
        _, mark = await found_by(site)
        fake.clock.pass_by(minutes=1)
        for _ in range(45):
            fake.report()
        fake.clock.pass_by(milliseconds=1)
        for _ in range(20):
            fake.report()
        reports, _ = await found_by(site, mark)
    assert len({report.delivery for report in reports}) == 65


async def test_a_page_within_one_moment_does_not_hold_up_the_rest():
    fake = FakeCoral()
    async with on_stage(fake) as site:
        _, mark = await found_by(site)
        fake.clock.pass_by(minutes=1)
        for _ in range(120):
            fake.report()
        fake.clock.pass_by(seconds=1)
        fake.report("the last")
        reports, _ = await found_by(site, mark)
    assert "the last" in [report.note for report in reports]


@pytest.mark.parametrize(
    "change",
    [
        {"reviewed": True},
        {"createdAt": "yesterday"},
        {"comment": None},
    ],
)
async def test_a_flag_that_was_dealt_with_or_cannot_be_read_is_left_out(change):
    fake = FakeCoral()
    async with on_stage(fake) as site:
        _, mark = await found_by(site)
        fake.clock.pass_by(minutes=1)
        fake.report("good")
        fake.report(**change)
        reports, _ = await found_by(site, mark)
    assert [report.note for report in reports] == ["good"]


async def test_what_stands_at_coral_says_who_made_it_so():
    fake = FakeCoral()
    fake.add_comment("com-2", "usr-1", "Another.")
    fake.decide("com-1", "REJECTED")
    fake.decide("com-2", "APPROVED", "bot")
    async with on_stage(fake) as site:
        assert isinstance(site, WatchedSite)
        one, two = await site.look_at(["com-1", "com-2", "com-404"])
    assert (one.comment_id, one.visible, one.by, one.at) == ("com-1", False, "Jane", NOW)
    assert (two.comment_id, two.visible) == ("com-2", None)
    assert one.comment is not None
    assert one.comment.text == "You are all bought & sold."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"role": "MODERATOR"}, "role is not ADMIN"),
        ({"token": REVOKED}, "does not accept"),
        ({"token": "wrong"}, "does not accept"),
    ],
)
async def test_a_token_that_is_not_enough_is_said_to_be_so(change, said):
    fake = FakeCoral(**change)
    async with on_stage(fake) as site:
        [finding] = await site.check()
        outcome = await site.carry_out(order(fake, Action.HIDE))
    assert not finding.good
    assert said in finding.words
    assert finding.mend
    assert outcome.verb is Verb.MISCONFIGURED


async def test_it_is_asked_for_reports():
    async with on_stage(FakeCoral()) as site:
        assert isinstance(site, PolledSite)
