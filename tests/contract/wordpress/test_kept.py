"""Rules that the database does not keep, and a form that a cache does."""

import pytest
from aiohttp import ClientSession, CookieJar

from .reader import Reader, action, hidden, reading

NARROW = "ALTER TABLE {$wpdb->options} MODIFY option_value longtext CHARACTER SET utf8mb3 NOT NULL"
WIDE = "ALTER TABLE {$wpdb->options} MODIFY option_value longtext CHARACTER SET utf8mb4 NOT NULL"


@pytest.fixture
def narrow(real_wordpress):
    """Return a site whose table of options has no room for emoji."""
    real_wordpress.php(f'global $wpdb; return $wpdb->query( "{NARROW}" );')
    yield real_wordpress
    real_wordpress.php(f'global $wpdb; return $wpdb->query( "{WIDE}" );')


async def test_rules_that_were_not_kept_are_not_said_to_be(narrow, opened):
    async with reading(narrow) as reader:
        adapter = await opened(narrow)
        for name, kept in (("Harassment 🐟", False), ("Harassment", True)):
            said = await reader.php(
                """
                wp_set_current_user( 1 );
                $r = new WP_REST_Request( 'POST', '/comment-desk/v1/rules' );
                $rule = array( 'number' => 3, 'code' => 'abuse', 'name' => $given['name'], 'text' => 'x' );
                $r->set_body_params( array( 'rules' => array( $rule ), 'mark' => 'm', 'readers' => '' ) );
                $a = rest_do_request( $r );
                return array( $a->get_status(), $a->get_data() );
                """,
                name=name,
            )
            assert (said[0] == 200) is kept
            found = {one.name: one for one in await adapter.check()}
            assert ("utf8mb3" in found["House rules"].words) is not kept


def test_a_setting_that_would_not_be_kept_does_not_cost_the_others(narrow):
    given = {"url": "https://desk.example", "site": "courier 🐟", "secrets": "whsec_" + "QUFB" * 10}
    said = narrow.php(
        """
        require_once ABSPATH . 'wp-admin/includes/template.php';
        wp_set_current_user( 1 );
        delete_option( 'comment_desk' );
        $clean = CommentDesk\\clean_settings( $given['new'] );
        update_option( 'comment_desk', $clean );
        wp_cache_flush();
        return array( get_option( 'comment_desk' ), array_column( get_settings_errors( 'comment_desk' ), 'message' ) );
        """,
        new=given,
    )
    kept, complaints = said
    assert (kept["url"], kept["site"]) == ("https://desk.example", "")
    assert any("utf8mb3" in one for one in complaints)


async def test_the_form_works_from_a_cached_page_and_for_somebody_else(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        comment = site.add_comment(story)
        page = await reader.form(story, comment)
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
            other = Reader(site, session, reader.intake)
            fields = hidden(page) | {"comment_desk_reason": "hate", "comment_desk_note": ""}
            where = action(page).removeprefix(site.url)
            status, thanks, _ = await other.post(where, **fields)
        assert status == 200
        assert "Our moderators have your report." in thanks


async def test_a_mark_of_a_reader_is_none_of_another_comment_or_account(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        one, two = site.add_comment(story), site.add_comment(story)
        page = await reader.form(story, one)
        mark = hidden(page)["comment_desk_nonce"]
        fields = hidden(await reader.form(story, two)) | {"comment_desk_reason": "hate"}
        path = f"/?p={story}&comment_desk_report={two}"
        status, said, _ = await reader.post(path, **(fields | {"comment_desk_nonce": mark}))
        assert (status, "open for too long" in said) == (422, True)
        await reader.log_in("salty_dog")
        status, said, _ = await reader.post(path, **fields)
        assert (status, "open for too long" in said) == (422, True)


async def test_no_cache_keeps_the_form_or_the_thanks(real_wordpress):
    site = real_wordpress
    sign = site.root / "wp-content" / "mu-plugins" / "cached.php"
    sign.write_text(
        "<?php add_action( 'template_redirect', fn() => defined( 'DONOTCACHEPAGE' ) && "
        "DONOTCACHEPAGE && header( 'X-Not-Cached: yes' ), 99 );"
    )
    try:
        async with reading(site) as reader:
            story = site.add_story()
            comment = site.add_comment(story)
            asked = {"": False, f"&comment_desk_report={comment}": True}
            for query, own in (asked | {f"&comment_desk_thanks={comment}": True}).items():
                async with reader.session.get(f"{site.url}/?p={story}{query}") as answer:
                    assert ("X-Not-Cached" in answer.headers) is own
    finally:
        sign.unlink()
