"""Bans, which WordPress has through the plugin."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.decisions import Action
from bot.domain.effects import Verb

from .orders import order


@pytest.mark.parametrize("user", ["salty_dog", None], ids=["account", "guest"])
async def test_an_author_is_banned_and_let_in_again(wordpress, opened, user):
    site = await opened(wordpress)
    comment = wordpress.add_comment(user=user)
    author = wordpress.facts(comment)["author"]

    outcome = await site.carry_out(order(wordpress, comment, Action.BAN))

    assert outcome.verb is Verb.DONE, outcome
    assert wordpress.banned(author)
    assert wordpress.kept(comment)["status"] == "unapproved"

    outcome = await site.carry_out(order(wordpress, comment, Action.UNBAN))

    assert outcome.verb is Verb.DONE, outcome
    assert not wordpress.banned(author)
    assert wordpress.kept(comment)["status"] == "approved"


async def test_a_ban_may_be_for_good(wordpress, opened):
    site = await opened(wordpress)
    comment = wordpress.add_comment()
    outcome = await site.carry_out(order(wordpress, comment, Action.BAN, until=None))
    assert outcome.verb is Verb.DONE
    assert wordpress.banned(wordpress.facts(comment)["author"])


async def test_a_ban_that_is_over_is_not_asked_for(wordpress, opened):
    site = await opened(wordpress)
    comment = wordpress.add_comment(comment_author_email="over@harbour.example")
    past = datetime.now(UTC) - timedelta(minutes=1)
    outcome = await site.carry_out(order(wordpress, comment, Action.BAN, until=past))
    assert outcome.verb is Verb.DONE
    assert not wordpress.banned(wordpress.facts(comment)["author"])


async def test_staff_are_not_banned(wordpress, opened):
    site = await opened(wordpress)
    comment = wordpress.add_comment(user="reporter")
    outcome = await site.carry_out(order(wordpress, comment, Action.BAN))
    assert outcome.verb is Verb.REFUSED
    assert not wordpress.banned(wordpress.facts(comment)["author"])


async def test_staff_are_not_banned_for_somebody_elses_comment(wordpress, opened):
    site = await opened(wordpress)
    staff = wordpress.facts(wordpress.add_comment(user="reporter"))["author"]
    comment = wordpress.add_comment()
    outcome = await site.carry_out(order(wordpress, comment, Action.BAN, author_id=staff))
    assert outcome.verb is Verb.REFUSED


async def test_an_account_that_is_gone_is_said_to_be(wordpress, opened):
    site = await opened(wordpress)
    comment = wordpress.add_comment()
    outcome = await site.carry_out(order(wordpress, comment, Action.BAN, author_id="user-987654"))
    assert outcome.verb is Verb.GONE
    assert "no longer has an account" in outcome.words


async def test_an_authors_id_of_another_kind_is_refused(wordpress, opened):
    site = await opened(wordpress)
    comment = wordpress.add_comment()
    outcome = await site.carry_out(order(wordpress, comment, Action.BAN, author_id="../rules"))
    assert outcome.verb is Verb.REFUSED


async def test_the_author_of_a_comment_that_is_gone_is_still_let_in(wordpress, opened):
    site = await opened(wordpress)
    comment = wordpress.add_comment(user="mersea_may")
    ban, unban = (order(wordpress, comment, action) for action in (Action.BAN, Action.UNBAN))
    await site.carry_out(ban)
    author = wordpress.facts(comment)["author"]
    wordpress.remove(comment)

    outcome = await site.carry_out(unban)

    assert outcome.verb is Verb.GONE
    assert outcome.words == ("The comment is no longer in WordPress. The author was let in again.")
    assert not wordpress.banned(author)


async def test_without_the_plugin_a_ban_says_what_is_missing(wordpress, opened):
    wordpress.set_plugin(active=False)
    site = await opened(wordpress)
    comment = wordpress.add_comment()
    outcome = await site.carry_out(order(wordpress, comment, Action.BAN, author_id="user-4"))
    assert outcome.verb is Verb.MISCONFIGURED
    assert "plugin is not active" in outcome.words


async def test_a_site_without_the_plugin_offers_no_ban(wordpress, opened):
    site = await opened(wordpress, plugin=False)
    names = {ability.value for ability in site.abilities}
    assert names == {"hide", "unhide", "close story", "history"}
