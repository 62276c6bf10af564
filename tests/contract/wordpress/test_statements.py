"""What the author is told: handed over with each order, shown on the page, mailed once."""

from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from bot.domain.decisions import Action
from bot.domain.effects import Verb

from .orders import order
from .reader import reading

URL = "https://reports.courier.example/decision/"
RAT = "rat@harbour.example"
TEXT = "You are all bought, every one of you."
DOWN = [Action.HIDE, Action.HOLD, Action.BAN]


async def done(adapter, asked):
    outcome = await adapter.carry_out(asked)
    assert outcome.verb is Verb.DONE, outcome


def told(site, comment, action=Action.HIDE, number=1, **changes):
    """Return an order that hands over a statement."""
    return order(site, comment, action, statement_url=f"{URL}{number}", **changes)


# ---- over the stand-in too


@pytest.mark.parametrize("action", DOWN)
async def test_a_decision_s_statement_is_handed_over_and_ends_with_it(wordpress, opened, action):
    site = await opened(wordpress)
    comment = wordpress.add_comment()
    await done(site, told(wordpress, comment, action))
    assert wordpress.statement(comment) == URL + "1"
    undone = Action.UNBAN if action is Action.BAN else Action.UNHIDE
    await done(site, order(wordpress, comment, undone))
    assert wordpress.statement(comment) is None


async def test_it_is_handed_over_also_where_the_comment_stood_so_already(wordpress, opened):
    site = await opened(wordpress)
    comment = wordpress.add_comment()
    await done(site, order(wordpress, comment, Action.HIDE))
    assert wordpress.statement(comment) is None
    await done(site, told(wordpress, comment))
    assert wordpress.statement(comment) == URL + "1"


async def test_a_later_decision_takes_the_place_of_an_earlier_one(wordpress, opened):
    site = await opened(wordpress)
    comment = wordpress.add_comment()
    await done(site, told(wordpress, comment, Action.HOLD))
    await done(site, told(wordpress, comment, Action.HIDE, 2))
    assert wordpress.statement(comment) == URL + "2"


async def test_what_could_not_be_done_tells_nobody(wordpress, opened):
    site = await opened(wordpress)
    comment = wordpress.add_comment(user="reporter")
    assert (await site.carry_out(told(wordpress, comment))).verb is Verb.REFUSED
    assert wordpress.statement(comment) is None


async def test_without_the_plugin_and_with_an_older_one_comments_are_hidden_all_the_same(
    opened, fake
):
    fake.new = False
    for plugin in (True, False):
        fake.set_plugin(active=plugin)
        site = await opened(fake, plugin=plugin)
        comment = fake.add_comment()
        await done(site, told(fake, comment))
        assert fake.kept(comment)["status"] == "unapproved"


async def test_a_statement_that_could_not_be_handed_over_is_tried_again_with_its_order(
    opened, fake
):
    site = await opened(fake)
    comment = fake.add_comment()

    async def busy(request):
        busy = "statements" in request.query["rest_route"]
        return web.Response(status=503, text="Later") if busy else None

    fake.fault = busy
    assert (await site.carry_out(told(fake, comment))).verb is Verb.LATER
    fake.fault = None
    await done(site, told(fake, comment))
    assert fake.statement(comment) == URL + "1"


# ---- what people read, on a real WordPress


async def test_the_author_is_mailed_once_a_decision_and_when_it_is_taken_back(
    real_wordpress, opened
):
    site = real_wordpress
    adapter = await opened(site)
    async with reading(site):
        story = site.add_story("Three charged &amp; “held”")
        email = "once@harbour.example"
        comment = site.add_comment(story, comment_author_email=email)
        for _ in range(2):
            await done(adapter, told(site, comment))
        (mail,) = site.mails(email)
        assert mail["subject"] == "[The Colne Courier] Your comment is hidden"
        assert "“Three charged & “held””" in mail["message"]
        assert f"Why, what you wrote, and how to contest it:\n{URL}1\n" in mail["message"]
        assert "cannot comment" not in mail["message"]

        await done(adapter, order(site, comment, Action.UNHIDE))
        await done(adapter, order(site, comment, Action.UNHIDE))
        _, mail = site.mails(email)
        assert mail["subject"] == "[The Colne Courier] Your comment is back"
        assert f"#comment-{comment}" in mail["message"]
        assert URL not in mail["message"]

        await done(adapter, told(site, comment, number=2))
        assert len(site.mails(email)) == 3


@pytest.mark.parametrize("lasting", [timedelta(days=7), None], ids=["timed", "for-good"])
async def test_a_banned_author_is_told_until_when_and_when_they_may_come_back(
    real_wordpress, opened, lasting
):
    site = real_wordpress
    adapter = await opened(site)
    async with reading(site):
        email = f"banned-{lasting is None}@harbour.example"
        comment = site.add_comment(comment_author_email=email)
        until = None if lasting is None else datetime.now(UTC) + lasting
        await done(adapter, told(site, comment, Action.BAN, until=until))
        (mail,) = site.mails(email)
        words = "You can no longer comment here." if until is None else "You cannot comment here un"
        assert words in mail["message"]
        await done(adapter, order(site, comment, Action.UNBAN))
        assert "You can comment again." in site.mails(email)[-1]["message"]


async def test_what_is_on_hold_is_told_as_no_decision(real_wordpress, opened):
    site = real_wordpress
    adapter = await opened(site)
    async with reading(site):
        email = "held@harbour.example"
        comment = site.add_comment(comment_author_email=email)
        await done(adapter, told(site, comment, Action.HOLD))
        await done(adapter, order(site, comment, Action.KEEP))
        held, back = site.mails(email)
        assert held["subject"] == "[The Colne Courier] Your comment is on hold"
        assert "Nothing has been decided about it." in held["message"]
        assert "contest" not in held["message"]
        assert "is back" in back["message"]


@pytest.mark.parametrize("who", ["nobody", "no address", "an account", "switched off"])
async def test_mail_goes_to_the_author_and_to_nobody_else(real_wordpress, opened, who):
    site = real_wordpress
    adapter = await opened(site)
    account = "salty_dog@courier.example"
    async with reading(site, **({"mail": 0} if who == "switched off" else {})):
        before = len(site.mails(account))
        more = {
            "nobody": {"comment_author_email": ""},
            "no address": {"comment_author_email": "not an address"},
            "an account": {"user": "salty_dog"},
            "switched off": {"user": "salty_dog"},
        }[who]
        comment = site.add_comment(**more)
        await done(adapter, told(site, comment))
        assert len(site.mails(account)) - before == (who == "an account")
        assert site.mails("not an address") == []
        assert site.statement(comment) == URL + "1"


async def test_a_mail_that_could_not_leave_leaves_later_and_not_after_an_undo(
    real_wordpress, opened
):
    site = real_wordpress
    adapter = await opened(site)
    async with reading(site) as reader:
        email = "later@harbour.example"
        kept, undone = (site.add_comment(comment_author_email=email) for _ in range(2))
        await reader.php("return update_option( 'test_mail_is_down', 1 );")
        await done(adapter, told(site, kept))
        await done(adapter, told(site, undone, number=2))
        await done(adapter, order(site, undone, Action.UNHIDE))
        await reader.php("return delete_option( 'test_mail_is_down' );")
        for _ in range(2):
            await reader.php("do_action( CommentDesk\\HOOK_SEND );")
        (mail,) = site.mails(email)
        assert URL + "1" in mail["message"]


@pytest.mark.parametrize("status", ["approve", "trash"])
async def test_somebody_in_wordpress_itself_who_shows_it_again_ends_it(
    real_wordpress, opened, status
):
    site = real_wordpress
    adapter = await opened(site)
    async with reading(site):
        email = f"{status}@harbour.example"
        comment = site.add_comment(comment_author_email=email)
        await done(adapter, told(site, comment))
        site.set_status(comment, status)
        assert (site.statement(comment) is None) is (status == "approve")
        assert len(site.mails(email)) == 1 + (status == "approve")


WHY = "Your comment is hidden: why, and how to contest"


async def test_the_page_tells_the_author_alone(real_wordpress, opened):
    site = real_wordpress
    adapter = await opened(site)
    async with reading(site) as reader:
        story = site.add_story()
        comment = site.add_comment(story, user="salty_dog")
        await done(adapter, told(site, comment))
        for name in ("", "mersea_may"):
            if name:
                await reader.log_in(name)
            _, page = await reader.get(f"/?p={story}")
            assert URL not in page
            assert TEXT not in page
    async with reading(site) as reader:
        await reader.log_in("salty_dog")
        _, page = await reader.get(f"/?p={story}")
        assert f'<a href="{URL}1"' in page
        assert WHY in page
        assert TEXT in page
        # A classic theme says so in its own words, which are not shown beside ours.
        hides = (
            ":has(>.comment-content>.comment-desk-held) .comment-awaiting-moderation{display:none}"
        )
        assert "awaiting moderation" not in page or hides in page
        await done(adapter, order(site, comment, Action.UNHIDE))
        _, page = await reader.get(f"/?p={story}")
        assert URL not in page
        assert TEXT in page


@pytest.mark.parametrize(
    ("action", "words"), [(Action.HIDE, WHY), (Action.HOLD, "On hold until"), (Action.BAN, WHY)]
)
async def test_the_page_tells_a_guest_whom_the_browser_remembers(
    real_wordpress, opened, action, words
):
    site = real_wordpress
    adapter = await opened(site)
    async with reading(site) as reader:
        story = site.add_story()
        written = {"author": "harbour_rat", "email": RAT, "wp-comment-cookies-consent": "yes"}
        await reader.comment(story, TEXT, **written)
        comment = str(
            site.php(
                "return get_comments( array( 'post_id' => $given['p'] ) )[0]->comment_ID;", p=story
            )
        )
        await done(adapter, told(site, comment, action))
        _, page = await reader.get(f"/?p={story}")
        assert words in page
        assert URL in page
        assert TEXT in page
    async with reading(site) as reader:
        _, page = await reader.get(f"/?p={story}")
        assert URL not in page
        assert TEXT not in page


@pytest.mark.parametrize(
    "body",
    [
        {"url": "javascript:alert(1)", "action": "hide", "until": None},
        {"url": "", "action": "hide", "until": None},
        {"url": 7, "action": "hide", "until": None},
        {"url": URL, "action": "delete", "until": None},
        {"url": URL, "action": "ban", "until": "never"},
    ],
)
async def test_what_is_no_statement_is_refused(real_wordpress, body):
    site = real_wordpress
    comment = site.add_comment()
    status = site.php(
        """
        wp_set_current_user( get_user_by( 'login', 'desk' )->ID );
        $r = new WP_REST_Request( 'POST', '/comment-desk/v1/statements/' . $given['id'] );
        $r->set_header( 'content-type', 'application/json' );
        $r->set_body( json_encode( $given['body'] ) );
        return rest_do_request( $r )->get_status();
        """,
        id=comment,
        body=body,
    )
    assert status == 400
    assert site.statement(comment) is None
