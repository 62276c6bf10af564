"""The desk and the plugin agree before readers come: names, signatures, rules and a test report."""

from datetime import UTC, datetime

import pytest

from bot.domain.ids import SiteId
from bot.domain.site import SiteKeys
from bot.web.reading import read_queued
from config.policy import load_policy
from tests.contract.wordpress.real import RealWordPress

SECRET = "whsec_" + "TWZLUTlyOEdLWXFyVHdqVVBEOElMUFpJbzJMYUxhU3c="
OTHER = "whsec_" + "b3RoZXItdGhhbi10aGUtc2VjcmV0LW9mLXRoZS1zaXRl"
POLICY = load_policy()


def read(body, delivery):
    keys = SiteKeys(secrets=(SECRET,), salt=b"a salt for the tests only")
    return read_queued(body, SiteId("courier"), delivery, keys, POLICY, datetime.now(UTC))


def filled_in(wordpress, **more):
    values = {"url": "http://127.0.0.1:9", "site": "courier", "secrets": SECRET} | more
    wordpress.set_up(**values)
    if isinstance(wordpress, RealWordPress):
        wordpress.php("return delete_option( 'comment_desk_trouble' );")


def comments(site):
    code = """return array_map(
        fn( $c ) => array( $c->comment_ID, $c->comment_approved, $c->comment_content ),
        get_comments( array( 'status' => 'any', 'include_unapproved' => true ) )
    );"""
    return site.php(code)


async def test_name_and_signatures_are_compared_in_both_directions(real_wordpress, opened):
    filled_in(real_wordpress)
    adapter = await opened(real_wordpress, read=read)

    found = await adapter.greet([SECRET])

    assert [one.good for one in found] == [True, True, True], found
    both = await adapter.greet([OTHER, SECRET])
    assert all(one.good for one in both), "while one replaces the other both are known"


@pytest.mark.parametrize(
    ("settings", "secrets", "words"),
    [
        ({"site": "gazette"}, [SECRET], "calls the site gazette, and the desk courier"),
        ({}, [OTHER], "made with another secret"),
        ({"secrets": OTHER}, [SECRET], "not known to the site"),
        ({"secrets": ""}, [SECRET], "not filled in"),
        ({"url": ""}, [SECRET], "not filled in"),
    ],
)
async def test_where_they_do_not_agree_it_is_said(real_wordpress, opened, settings, secrets, words):
    real_wordpress.php("delete_option( 'comment_desk' ); return true;")
    filled_in(real_wordpress, **settings)
    adapter = await opened(real_wordpress, read=read)

    found = await adapter.greet(secrets)

    assert any(words in one.words for one in found if not one.good), found


async def test_a_report_is_tried_on_a_comment_that_no_reader_sees(real_wordpress, opened):
    filled_in(real_wordpress)
    before = comments(real_wordpress)
    adapter = await opened(real_wordpress, read=read)

    found = await adapter.try_report([SECRET])

    assert [one.good for one in found] == [True, True], found
    assert comments(real_wordpress) == before
    rules = real_wordpress.php("return array_keys( CommentDesk\\rules() );")
    assert rules == [rule.code for rule in POLICY.rules]
    assert all(one.good for one in await adapter.check()), "and the rules are the same now"


async def test_its_comment_is_never_approved_and_is_gone_afterwards(real_wordpress, opened):
    filled_in(real_wordpress)
    made = real_wordpress.php("return CommentDesk\\make_trial();")
    stands = real_wordpress.php(
        "return get_comment( $given['c'] )->comment_approved;", c=made["comment"]
    )
    assert stands == "0"

    adapter = await opened(real_wordpress, read=read)
    assert all(one.good for one in await adapter.try_report([SECRET]))

    left = real_wordpress.php("return null === get_comment( $given['c'] );", c=made["comment"])
    assert left, "one that was left behind goes with the next"


async def test_no_other_comment_is_deleted_by_that_way(real_wordpress, opened):
    filled_in(real_wordpress)
    comment = real_wordpress.add_comment()
    gone = real_wordpress.php(
        """$request = new WP_REST_Request( 'DELETE' );
        $request->set_param( 'comment', $given['c'] );
        return is_wp_error( CommentDesk\\end_trial( $request ) );""",
        c=int(comment),
    )
    assert gone
    assert real_wordpress.php("return null !== get_comment( $given['c'] );", c=int(comment))
    del opened


async def test_a_greeting_signs_nothing_that_could_be_a_report(real_wordpress, opened):
    filled_in(real_wordpress)
    refused = real_wordpress.php(
        """$request = new WP_REST_Request( 'POST' );
        $request->set_param( 'word', '{"site":"courier"}' );
        $request->set_param( 'time', 1 );
        $request->set_param( 'signature', '' );
        return is_wp_error( CommentDesk\\answer_greeting( $request ) );"""
    )
    assert refused
    del opened
