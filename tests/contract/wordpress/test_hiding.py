"""Hiding and showing, with the evidence kept and nothing of anybody else's overwritten."""

from dataclasses import replace

import pytest

from bot.domain.comments import text_key
from bot.domain.decisions import Action
from bot.domain.effects import Verb
from bot.sites.base.answers import SiteCallFailed
from bot.sites.base.client import SiteClient
from bot.sites.wordpress.comments import change, find
from bot.sites.wordpress.rest import Access, Rest
from bot.sites.wordpress.site import Status

from .conftest import now
from .orders import order

EVIDENCE = {"ip": "203.0.113.7", "agent": "Reader's Browser/7.0"}

plugins = pytest.mark.parametrize("plugin", [True, False], ids=["plugin", "core"])


def evidence(site, comment):
    kept = site.kept(comment)
    return {name: kept[name] for name in EVIDENCE}


@plugins
async def test_a_comment_is_hidden_and_shown_again_with_its_evidence(wordpress, opened, plugin):
    wordpress.set_plugin(active=plugin)
    site = await opened(wordpress, plugin=plugin)
    comment = wordpress.add_comment()

    outcome = await site.carry_out(order(wordpress, comment, Action.HIDE))

    assert outcome.verb is Verb.DONE, outcome
    assert wordpress.kept(comment)["status"] == "unapproved"
    assert evidence(wordpress, comment) == EVIDENCE

    outcome = await site.carry_out(order(wordpress, comment, Action.UNHIDE))

    assert outcome.verb is Verb.DONE, outcome
    assert wordpress.kept(comment)["status"] == "approved"
    assert evidence(wordpress, comment) == EVIDENCE


async def test_the_same_order_again_changes_nothing(wordpress, opened):
    site = await opened(wordpress)
    comment = wordpress.add_comment()
    for _ in range(2):
        outcome = await site.carry_out(order(wordpress, comment, Action.HIDE))
        assert outcome.verb is Verb.DONE
    assert wordpress.kept(comment)["status"] == "unapproved"


@plugins
@pytest.mark.parametrize("status", [Status.SPAM, Status.TRASH])
async def test_a_site_may_hide_as_spam_or_trash_and_come_back(wordpress, opened, plugin, status):
    wordpress.set_plugin(active=plugin)
    site = await opened(wordpress, plugin=plugin, hidden_as=status)
    comment = wordpress.add_comment()

    assert (await site.carry_out(order(wordpress, comment, Action.HIDE))).verb is Verb.DONE
    assert wordpress.kept(comment)["status"] == status
    assert evidence(wordpress, comment) == EVIDENCE

    assert (await site.carry_out(order(wordpress, comment, Action.UNHIDE))).verb is Verb.DONE
    assert wordpress.kept(comment)["status"] == "approved"
    assert evidence(wordpress, comment) == EVIDENCE


@plugins
async def test_a_comment_without_evidence_does_not_get_the_desks(wordpress, opened, plugin):
    wordpress.set_plugin(active=plugin)
    site = await opened(wordpress, plugin=plugin)
    comment = wordpress.add_comment(comment_author_IP="", comment_agent="")

    assert (await site.carry_out(order(wordpress, comment, Action.HIDE))).verb is Verb.DONE

    kept = wordpress.kept(comment)
    assert kept["agent"] == ""
    assert kept["ip"] == ("" if plugin else "0.0.0.0")  # noqa: S104 - stands for nobody


async def test_an_address_that_could_not_be_kept_is_not_lost(wordpress, opened):
    wordpress.set_plugin(active=False)
    site = await opened(wordpress, plugin=False)
    comment = wordpress.add_comment(comment_author_IP="203.0.113.x")

    outcome = await site.carry_out(order(wordpress, comment, Action.HIDE))

    assert outcome.verb is Verb.REFUSED
    assert wordpress.kept(comment)["ip"] == "203.0.113.x"
    assert wordpress.kept(comment)["status"] == "approved"


@pytest.mark.parametrize("status", ["spam", "trash"])
async def test_what_staff_took_off_elsewhere_stays_off(wordpress, opened, status):
    site = await opened(wordpress)
    comment = wordpress.add_comment()
    wordpress.set_status(comment, status)

    assert (await site.carry_out(order(wordpress, comment, Action.HIDE))).verb is Verb.DONE
    outcome = await site.carry_out(order(wordpress, comment, Action.UNHIDE))

    assert outcome.verb is Verb.CHANGED
    assert "in WordPress meanwhile" in outcome.words
    assert wordpress.kept(comment)["status"] == status


async def test_a_comment_held_elsewhere_is_shown_when_it_is_kept(wordpress, opened):
    site = await opened(wordpress)
    comment = wordpress.add_comment()
    wordpress.set_status(comment, "hold")

    assert (await site.carry_out(order(wordpress, comment, Action.KEEP))).verb is Verb.DONE
    assert wordpress.kept(comment)["status"] == "approved"


async def test_a_comment_edited_since_it_was_judged_is_left(wordpress, opened):
    site = await opened(wordpress)
    comment = wordpress.add_comment()
    hide = order(wordpress, comment, Action.HIDE)
    wordpress.edit(comment, "You are mistaken, every one of you.")

    outcome = await site.carry_out(hide)

    assert outcome.verb is Verb.CHANGED
    assert "edited in WordPress" in outcome.words
    assert outcome.found.text == "You are mistaken, every one of you."
    assert wordpress.kept(comment)["status"] == "approved"


@plugins
@pytest.mark.parametrize("action", [Action.KEEP, Action.HIDE, Action.UNHIDE])
async def test_nothing_is_done_on_a_text_that_nobody_has_read(
    wordpress, opened, plugin, action: Action
):
    wordpress.set_plugin(active=plugin)
    site = await opened(wordpress, plugin=plugin)
    comment = wordpress.add_comment()
    if action is Action.UNHIDE:
        await site.carry_out(order(wordpress, comment, Action.HIDE))
    before = wordpress.kept(comment)["status"]
    judged = order(wordpress, comment, action, text_key=text_key("You are all bought."))
    wordpress.edit(comment, "It's <b>you</b> who is\nmistaken.")

    outcome = await site.carry_out(judged)

    assert outcome.verb is Verb.CHANGED
    assert outcome.found.text == "It's you who is\nmistaken."
    assert wordpress.kept(comment)["status"] == before
    same = replace(judged, text_key=text_key(outcome.found.text))
    assert (await site.carry_out(same)).verb is Verb.DONE


async def test_an_edit_between_reading_and_writing_is_noticed_by_the_plugin(wordpress):
    access = Access(login=wordpress.login, password=wordpress.password)
    async with SiteClient(wordpress.url, clock=now, allow_private=True) as client:
        rest, comment = Rest(client, access), wordpress.add_comment()
        kept = await find(rest, comment)
        assert kept is not None
        wordpress.edit(comment, "You are mistaken, every one of you.")
        with pytest.raises(SiteCallFailed, match="at this very moment") as refused:
            await change(rest, kept, Status.HOLD)
    assert refused.value.outcome.verb is Verb.LATER
    assert wordpress.kept(comment)["status"] == "approved"


@plugins
async def test_a_comment_that_is_gone_is_said_to_be(wordpress, opened, plugin):
    wordpress.set_plugin(active=plugin)
    site = await opened(wordpress, plugin=plugin)
    comment = wordpress.add_comment()
    hide = order(wordpress, comment, Action.HIDE)
    wordpress.remove(comment)

    outcome = await site.carry_out(hide)

    assert outcome.verb is Verb.GONE
    assert outcome.words == "The comment is no longer in WordPress."


async def test_an_id_of_another_platform_is_refused(wordpress, opened):
    site = await opened(wordpress)
    outcome = await site.carry_out(
        replace(order(wordpress, "1", Action.HIDE), comment_id="c-3/../x")
    )
    assert outcome.verb is Verb.REFUSED


async def test_taking_a_keep_back_asks_nothing_of_the_site(wordpress, opened):
    site = await opened(wordpress, password="wrong")
    outcome = await site.carry_out(order(wordpress, "1", Action.REOPEN))
    assert outcome.verb is Verb.DONE


async def test_staff_are_not_hidden(wordpress, opened):
    site = await opened(wordpress)
    comment = wordpress.add_comment(user="reporter")

    outcome = await site.carry_out(order(wordpress, comment, Action.HIDE))

    assert outcome.verb is Verb.REFUSED
    assert "own staff" in outcome.words
    assert wordpress.kept(comment)["status"] == "approved"


async def test_the_text_is_left_to_the_letter(wordpress, opened):
    site = await opened(wordpress)
    text = 'He said "no" \\ <b>loudly</b> &amp; left — 50 % <i>unclosed, it\'s true 🐟'
    comment = wordpress.add_comment(comment_content=text)

    await site.carry_out(order(wordpress, comment, Action.HIDE))
    await site.carry_out(order(wordpress, comment, Action.UNHIDE))

    assert wordpress.kept(comment)["text"] == text
