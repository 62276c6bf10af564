"""What the desk does not serve in a WordPress: `check` says so, and it is left alone."""

import pytest

from .reader import reading

SECRET = "whsec_" + "QUFB" * 10


async def told(fake, opened, **beside):
    fake.set_up(url="http://127.0.0.1:9", site="courier", secrets=SECRET)
    fake.beside = beside
    site = await opened(fake)
    return {one.name: one for one in await site.check()}


@pytest.mark.parametrize(
    ("flag", "name", "words"),
    [
        ("network", "Network", "its other sites need the plugin and a name of their own each"),
        ("shop", "Shop", "reviews of products cannot be reported, and are left alone"),
        ("notes", "Notes", "of editors on blocks are no readers' comments, and are left alone"),
    ],
)
async def test_check_says_what_is_there_and_left_alone(fake, opened, flag, name, words):
    found = await told(fake, opened, **{flag: True})
    assert words in found[name].words
    assert found[name].good  # nothing has to be mended
    assert name not in await told(fake, opened, **{flag: False})
    assert name not in await told(fake, opened)  # an older plugin does not say


@pytest.mark.parametrize(
    ("flag", "makes_it_so"),
    [
        ("shop", "class WooCommerce {}"),
        ("notes", "$GLOBALS['wp_version'] = '6.9-beta1';"),
    ],
)
def test_the_plugin_sees_what_it_does_not_serve(real_wordpress, flag, makes_it_so):
    says = f"return CommentDesk\\tell_status()['{flag}'];"
    if flag == "notes":
        was = "$GLOBALS['wp_version'] = '6.8.3';"
        assert real_wordpress.php(f"{was} {says}") is False
    else:
        assert real_wordpress.php(says) is False
    assert real_wordpress.php(f"{makes_it_so} {says}") is True


@pytest.mark.parametrize("kind", ["review", "note", "order_note", "pingback", "trackback"])
async def test_only_what_readers_wrote_can_be_reported(real_wordpress, kind):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        comment = site.add_comment(story, comment_type=kind)
        status, _, _ = await reader.post(
            f"/?p={story}&comment_desk_report={comment}",
            comment_desk_report=comment,
            comment_desk_reason="hate",
            comment_desk_nonce="x",
        )
        assert status == 404
        assert "Report this comment" not in (await reader.get(f"/?p={story}"))[1]


def test_each_column_of_the_bans_has_a_heading_and_nobody_is_said(real_wordpress):
    draw = """
        wp_set_current_user( 1 );
        require_once ABSPATH . 'wp-admin/includes/template.php';
        require_once ABSPATH . 'wp-admin/includes/plugin.php';
        ob_start();
        CommentDesk\\settings_page();
        return ob_get_clean();
    """
    ban = "update_option( 'comment_desk_ban_user-5', array( 'until' => 0, 'since' => 1 ), false );"
    page = real_wordpress.php(ban + draw)
    headings = page.partition("<thead><tr>")[2].partition("</tr>")[0]
    assert headings == "<th>Author</th><th>Until</th><th>Lift the ban</th>"
    page = real_wordpress.php("delete_option( 'comment_desk_ban_user-5' );" + draw)
    assert "<thead>" not in page
    assert "<p>Nobody.</p>" in page
