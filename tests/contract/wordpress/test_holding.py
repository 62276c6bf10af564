"""A comment on hold: not to be seen, no verdict, and said so to readers and to its author."""

import pytest

from bot.domain.decisions import Action
from bot.domain.effects import Verb
from bot.sites.wordpress.site import Status

from .orders import order
from .reader import reading

ON_HOLD = "On hold until a moderator has looked at it."
SECRET = "He has done it before."
plugins = pytest.mark.parametrize("plugin", [True, False], ids=["plugin", "core"])
NO_RULE = {"rule": None, "rule_name": None, "notice": "Your comment is on hold."}


def held(site, comment, **changes):
    return order(site, comment, Action.HOLD, **(NO_RULE | changes))


async def done(adapter, asked):
    outcome = await adapter.carry_out(asked)
    assert outcome.verb is Verb.DONE, outcome


@plugins
@pytest.mark.parametrize("shows", [Action.KEEP, Action.UNHIDE])
async def test_a_comment_is_held_and_shown_again(wordpress, opened, plugin, shows):
    wordpress.set_plugin(active=plugin)
    site = await opened(wordpress, plugin=plugin)
    comment = wordpress.add_comment()
    for _ in range(2):
        await done(site, held(wordpress, comment))
        assert wordpress.kept(comment)["status"] == "unapproved"
    await done(site, order(wordpress, comment, shows))
    assert wordpress.kept(comment)["status"] == "approved"
    assert wordpress.kept(comment)["ip"] == "203.0.113.7"


@plugins
@pytest.mark.parametrize("status", [Status.SPAM, Status.TRASH])
async def test_what_is_on_hold_is_never_spam_or_rubbish_before_it_is_hidden(
    wordpress, opened, plugin, status
):
    wordpress.set_plugin(active=plugin)
    site = await opened(wordpress, plugin=plugin, hidden_as=status)
    comment = wordpress.add_comment()
    await done(site, held(wordpress, comment))
    assert wordpress.kept(comment)["status"] == "unapproved"
    await done(site, order(wordpress, comment, Action.UNHIDE))
    assert wordpress.kept(comment)["status"] == "approved"


async def test_a_hold_judges_no_text_and_so_no_edit_stops_it(wordpress, opened):
    site = await opened(wordpress)
    comment = wordpress.add_comment()
    asked = held(wordpress, comment)
    wordpress.edit(comment, "You are mistaken, every one of you.")
    await done(site, asked)
    assert wordpress.kept(comment)["status"] == "unapproved"


@pytest.mark.parametrize("status", ["spam", "trash"])
async def test_what_staff_took_off_stays_as_they_put_it(wordpress, opened, status):
    site = await opened(wordpress)
    comment = wordpress.add_comment()
    wordpress.set_status(comment, status)
    await done(site, held(wordpress, comment))
    assert wordpress.kept(comment)["status"] == status


async def test_staff_are_not_held(wordpress, opened):
    site = await opened(wordpress)
    comment = wordpress.add_comment(user="reporter")
    outcome = await site.carry_out(held(wordpress, comment))
    assert outcome.verb is Verb.REFUSED
    assert wordpress.kept(comment)["status"] == "approved"


# ---- what people read, on a real WordPress


async def test_readers_are_told_and_read_neither_text_nor_name_nor_rule(real_wordpress, opened):
    site = real_wordpress
    adapter = await opened(site)
    async with reading(site) as reader:
        story = site.add_story()
        comment = site.add_comment(story, comment_content=SECRET, comment_author="estuary_eel")
        said = {"comment_content": "Well said.", "comment_author": "maryk"}
        answer = site.add_comment(story, comment_parent=int(comment), **said)
        await done(adapter, held(site, comment))

        _, page = await reader.get(f"/?p={story}")
        assert ON_HOLD in page
        assert "Well said." in page, "what answers it stays where it is"
        assert page.index(ON_HOLD) < page.index("Well said.")
        for kept_back in (SECRET, "estuary_eel", "House rule", "awaiting moderation"):
            assert kept_back not in page
        assert f"comment_desk_report={answer}" in page
        assert f"comment_desk_report={comment}" not in page
        status, _ = await reader.get(f"/?p={story}&comment_desk_report={comment}")
        assert status == 200

        for elsewhere in (
            f"/?feed=rss2&p={story}",
            "/?feed=comments-rss2",
            f"/index.php?rest_route=/wp/v2/comments&post={story}",
            f"/index.php?rest_route=/wp/v2/comments/{comment}",
            "/",
        ):
            _, page = await reader.get(elsewhere)
            assert SECRET not in page, elsewhere


async def test_its_author_reads_it_and_is_told_the_same(real_wordpress, opened):
    site = real_wordpress
    adapter = await opened(site)
    async with reading(site) as reader:
        story = site.add_story()
        comment = site.add_comment(story, user="salty_dog", comment_content=SECRET)
        await done(adapter, held(site, comment))
        await reader.log_in("mersea_may")
        _, page = await reader.get(f"/?p={story}")
        assert ON_HOLD in page
        assert SECRET not in page
    async with reading(site) as reader:
        await reader.log_in("salty_dog")
        _, page = await reader.get(f"/?p={story}")
        assert ON_HOLD in page
        assert SECRET in page
        assert "House rule" not in page


@pytest.mark.parametrize(
    ("action", "sees"), [(Action.KEEP, True), (Action.UNHIDE, True), (Action.HIDE, False)]
)
async def test_a_verdict_ends_it_for_readers(real_wordpress, opened, action, sees):
    site = real_wordpress
    adapter = await opened(site)
    async with reading(site) as reader:
        story = site.add_story()
        comment = site.add_comment(story, comment_content=SECRET)
        await done(adapter, held(site, comment))
        await done(adapter, order(site, comment, action))
        _, page = await reader.get(f"/?p={story}")
        assert ON_HOLD not in page
        assert (SECRET in page) is sees
        # And back on hold, as nobody has decided any more.
        await done(adapter, held(site, comment))
        _, page = await reader.get(f"/?p={story}")
        assert ON_HOLD in page
        assert SECRET not in page


@pytest.mark.parametrize("status", ["approve", "spam", "trash"])
async def test_so_does_somebody_in_wordpress_itself(real_wordpress, opened, status):
    site = real_wordpress
    adapter = await opened(site)
    async with reading(site) as reader:
        story = site.add_story()
        comment = site.add_comment(story, comment_content=SECRET)
        await done(adapter, held(site, comment))
        site.set_status(comment, status)
        site.set_status(comment, "hold")
        _, page = await reader.get(f"/?p={story}")
        assert ON_HOLD not in page
        assert SECRET not in page


async def test_what_waits_for_wordpress_own_moderation_is_not_said_to_be_on_hold(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        site.add_comment(story, comment_content=SECRET, comment_approved=0)
        _, page = await reader.get(f"/?p={story}")
        assert ON_HOLD not in page
        assert SECRET not in page


async def test_the_answer_to_a_held_comment_is_reported_without_its_text(real_wordpress, opened):
    site = real_wordpress
    adapter = await opened(site)
    async with reading(site) as reader:
        story = site.add_story()
        comment = site.add_comment(story, comment_content=SECRET)
        answer = site.add_comment(story, comment_content="Liar!", comment_parent=int(comment))
        await done(adapter, held(site, comment))
        await reader.report(story, answer)
        await reader.send_due()
        (report,) = reader.intake.reports
        assert report.comment.parent is None
