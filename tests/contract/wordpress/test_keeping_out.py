"""Bans as the plugin enforces them, and who may use its paths, on a real WordPress."""

import time

import pytest

from tests.support.waiting import until

from .reader import basic, reading

GUEST = {"author": "harbour_rat", "email": "Rat@Harbour.example"}


async def ban(reader, author, seconds=3600):
    """Ban as the desk asks for it, but with an end of any length."""
    await reader.php(
        "return update_option( 'comment_desk_ban_' . $given['a'], array( 'until' => $given['u'], 'since' => 1 ), false );",
        a=author,
        u=int(time.time()) + seconds if seconds else 0,
    )


def key(site, story, **comment):
    return site.facts(site.add_comment(story, **comment))["author"]


async def test_a_banned_guest_is_refused_and_let_in_when_it_is_over(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        author = key(site, story)
        assert (await reader.comment(story, "Before.", **GUEST))[0] == 200

        await ban(reader, author)
        status, page = await reader.comment(story, "During.", **GUEST)
        assert status == 403
        assert "You cannot comment here until" in page
        status, _ = await reader.comment(story, "Another.", author="other", email="o@x.example")
        assert status == 200

        await ban(reader, author, -1)
        assert (await reader.comment(story, "After.", **GUEST))[0] == 200


async def test_a_ban_for_good_says_no_date(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        await ban(reader, key(site, story), 0)
        status, page = await reader.comment(story, "Hello.", **GUEST)
        assert status == 403
        assert "You can no longer comment here." in page


async def test_a_banned_account_is_refused_logged_in_or_out(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        await ban(reader, key(site, story, user="salty_dog"))
        out = {"author": "somebody else", "email": "SALTY_DOG@courier.example"}
        assert (await reader.comment(story, "Logged out.", **out))[0] == 403
        await reader.log_in("salty_dog")
        assert (await reader.comment(story, "Logged in."))[0] == 403


async def test_over_rest_a_banned_account_is_refused_with_403_too(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        await ban(reader, key(site, story, user="mersea_may"))
        password = site.new_password("mersea_may")
        async with reader.session.post(
            f"{site.url}/?rest_route=/wp/v2/comments",
            json={"post": int(story), "content": "Over REST."},
            headers=basic("mersea_may", password),
        ) as answer:
            assert answer.status == 403
            assert (await answer.json())["code"] == "comment_desk_banned"


async def test_staff_get_in_whatever_is_stored(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        await ban(reader, key(site, story, user="reporter"))
        await reader.log_in("reporter")
        assert (await reader.comment(story, "From the newsroom."))[0] == 200


async def test_bans_that_are_over_are_tidied_away(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        await ban(reader, "user-4", -1)
        await ban(reader, "user-5", 3600)
        await reader.php("return CommentDesk\\tidy();")
        assert list(await reader.php("return CommentDesk\\bans();")) == ["user-5"]


@pytest.mark.parametrize("login", [None, "salty_dog", "reporter"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "status"),
        ("GET", "reports"),
        ("POST", "rules"),
        ("GET", "bans/user-4"),
        ("POST", "bans/user-4"),
    ],
)
async def test_the_plugins_paths_are_for_moderators_only(real_wordpress, login, method, path):
    site = real_wordpress
    async with reading(site) as reader:
        headers = basic(login, site.new_password(login)) if login else {}
        async with reader.session.request(
            method,
            f"{site.url}/?rest_route=/comment-desk/v1/{path}",
            json={"banned": True, "until": None} if method == "POST" else None,
            headers=headers,
        ) as answer:
            assert answer.status == (403 if login else 401)
        assert not site.banned("user-4")


async def test_strangers_do_not_see_what_the_plugin_tells_of_a_comment(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        comment = site.add_comment()
        _, page = await reader.get(f"/?rest_route=/wp/v2/comments/{comment}")
        assert "comment_desk" not in page


async def test_any_change_over_rest_keeps_the_evidence(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        comment = site.add_comment()
        async with reader.session.post(
            f"{site.url}/?rest_route=/wp/v2/comments/{comment}",
            json={"status": "hold"},
            headers=basic(site.login, site.password),
        ) as answer:
            assert answer.status == 200
        kept = site.kept(comment)
        assert (kept["ip"], kept["agent"]) == ("203.0.113.7", "Reader's Browser/7.0")


@pytest.mark.parametrize(
    "body",
    [
        {"banned": "yes", "until": None},
        {"banned": True, "until": "some day"},
        {"until": None},
        {},
    ],
)
async def test_a_ban_that_says_nothing_clear_is_refused(real_wordpress, body):
    site = real_wordpress
    async with reading(site) as reader:
        async with reader.session.post(
            f"{site.url}/?rest_route=/comment-desk/v1/bans/user-4",
            json=body,
            headers=basic(site.login, site.password),
        ) as answer:
            assert answer.status == 400
        assert not site.banned("user-4")


async def test_only_an_admin_may_use_the_settings_page(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        await ban(reader, "user-5")
        await reader.log_in("salty_dog")
        status, _ = await reader.get("/wp-admin/options-general.php?page=comment-desk")
        assert status == 403
        status, _, _ = await reader.post(
            "/wp-admin/admin-post.php", action="comment_desk_act", lift="user-5"
        )
        assert status == 403
        await reader.log_in("boss")
        status, _, _ = await reader.post(
            "/wp-admin/admin-post.php", action="comment_desk_act", lift="user-5", _wpnonce="forged"
        )
        assert status == 403
        assert site.banned("user-5")
        status, page = await reader.get("/wp-admin/options-general.php?page=comment-desk")
        assert status == 200
        assert "whsec_" not in page.replace("whsec_...", "")


async def test_an_author_without_an_address_is_known_by_name_and_network(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        who = {"comment_author": "Nameless", "comment_author_email": ""}
        await ban(reader, key(site, story, **who, comment_author_IP="127.0.0.1"))
        site.php("return update_option( 'require_name_email', 0 );")
        try:
            assert (await reader.comment(story, "Me again.", author="nameless"))[0] == 403
            assert (await reader.comment(story, "Not me.", author="somebody"))[0] == 200
        finally:
            site.php("return update_option( 'require_name_email', 1 );")


async def test_removing_the_plugin_removes_what_it_wrote(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        await ban(reader, "user-5")
        left = site.php(
            """
            global $wpdb;
            CommentDesk\\uninstall();
            $tables = $wpdb->get_col( "SHOW TABLES LIKE '%comment_desk%'" );
            $options = $wpdb->get_col( "SELECT option_name FROM {$wpdb->options} WHERE option_name LIKE 'comment_desk%'" );
            $timers = array( wp_next_scheduled( 'comment_desk_send' ), wp_next_scheduled( 'comment_desk_tidy' ) );
            CommentDesk\\set_up();
            return array( $tables, $options, $timers );
            """
        )
        assert left == [[], [], [False, False]]


async def test_the_file_alone_among_the_must_use_plugins_is_enough(real_wordpress):
    site = real_wordpress
    content = site.root / "wp-content"
    site.set_plugin(active=False)
    copy = content / "mu-plugins" / "comment-desk.php"
    copy.write_bytes((content / "plugins" / "comment-desk" / "comment-desk.php").read_bytes())
    try:
        async with reading(site) as reader:
            story = site.add_story()
            await reader.report(story, site.add_comment(story))
            await until(lambda: reader.intake.reports != [], what="the report")
    finally:
        copy.unlink()
        site.set_plugin(active=True)
