"""What WordPress tells: how comments stand, what else an author wrote; and closing a story."""

import pytest
from aiohttp import web

from bot.domain.decisions import Action
from bot.domain.effects import Verb
from bot.sites.wordpress.site import Status

from .fake_answers import error
from .orders import order


def stands(site, story):
    if hasattr(site, "story_status"):
        return site.story_status(story)
    return site.php("return get_post( $given['id'] )->comment_status;", id=int(story))


@pytest.mark.parametrize("kind", ["post", "page", "attachment", "review"])
async def test_a_story_is_closed_and_opened(wordpress, opened, kind):
    site = await opened(wordpress)
    story = wordpress.add_story(post_type=kind)

    assert (await site.close_story(story, closed=True)).verb is Verb.DONE
    assert stands(wordpress, story) == "closed"
    assert (await site.close_story(story, closed=False)).verb is Verb.DONE
    assert stands(wordpress, story) == "open"


async def test_a_story_that_is_not_there_is_said_to_be_gone(wordpress, opened):
    site = await opened(wordpress)
    assert (await site.close_story("987654", closed=True)).verb is Verb.GONE
    assert (await site.close_story("x", closed=True)).verb is Verb.REFUSED


async def test_only_kinds_with_comments_are_asked_for_a_story(fake, opened):
    """Others take the number for something else, and are no place for a story of a newspaper."""
    assert (await (await opened(fake)).close_story("987654", closed=True)).verb is Verb.GONE
    assert [route for method, route in fake.asked if method == "POST"] == [
        f"/wp/v2/{kind}/987654" for kind in ("posts", "pages", "media", "reviews")
    ]


@pytest.mark.parametrize("status", [400, 403, 404, 410, 500])
async def test_a_kind_that_fails_does_not_keep_another_from_being_found(fake, opened, status):
    """Plugins answer about a story that is none of theirs as they please."""

    async def fault(request):
        route = request.query["rest_route"]
        if route == "/wp/v2/types":
            kind = {"supports": {"comments": True}}
            kinds = {"deal": kind | {"rest_base": "deals", "rest_namespace": "shop/v1"}}
            return web.json_response(kinds | {"review": kind | {"rest_base": "reviews"}})
        if route.startswith("/shop/v1/deals/"):
            body = {"code": "shop_says_no", "message": "No deal."}
            return web.json_response(body, status=status)
        return None

    fake.fault = fault
    site = await opened(fake)
    story = fake.add_story(post_type="review")
    assert (await site.close_story(story, closed=True)).verb is Verb.DONE
    assert fake.story_status(story) == "closed"
    missing = await site.close_story("987654", closed=True)
    assert missing.verb is not Verb.DONE


async def test_a_story_that_the_account_may_not_edit_is_said_to_be_one(fake, opened):
    async def fault(request):
        if request.query["rest_route"].startswith("/wp/v2/posts/"):
            return error(403, "rest_cannot_edit")
        return None

    fake.fault = fault
    outcome = await (await opened(fake)).close_story(fake.add_story(), closed=True)
    assert outcome.verb is Verb.MISCONFIGURED
    assert "may not edit this story" in outcome.words


async def test_what_staff_decided_in_wordpress_is_seen(wordpress, opened):
    site = await opened(wordpress)
    story = wordpress.add_story()
    untouched, held, spam, kept = (wordpress.add_comment(story) for _ in range(4))
    wordpress.set_status(held, "hold")
    wordpress.set_status(spam, "spam")
    wordpress.set_status(kept, "hold")
    wordpress.set_status(kept, "approve")

    seen = {one.comment_id: one for one in await site.look_at([untouched, held, spam, kept])}

    assert {name: one.visible for name, one in seen.items()} == {
        untouched: None,
        held: False,
        spam: False,
        kept: True,
    }
    assert seen[held].by == "boss"
    assert seen[held].at is not None
    assert seen[untouched].by is None
    assert seen[untouched].comment.text == "You are all bought, every one of you."
    assert seen[untouched].comment.permalink.endswith(f"#comment-{untouched}")


async def test_what_the_desk_did_is_not_taken_for_somebodys_decision(wordpress, opened):
    site = await opened(wordpress)
    comment = wordpress.add_comment()
    wordpress.set_status(comment, "hold")
    await site.carry_out(order(wordpress, comment, Action.KEEP))
    (seen,) = await site.look_at([comment])
    assert (seen.visible, seen.by) == (None, None)


async def test_without_the_plugin_only_spam_and_trash_are_somebodys_decision(wordpress, opened):
    wordpress.set_plugin(active=False)
    site = await opened(wordpress, plugin=False)
    held, spam = (wordpress.add_comment() for _ in range(2))
    wordpress.set_status(held, "hold")
    wordpress.set_status(spam, "trash")
    seen = {one.comment_id: one.visible for one in await site.look_at([held, spam])}
    assert seen == {held: None, spam: False}


async def test_a_comment_that_is_gone_is_not_told_of(wordpress, opened):
    site = await opened(wordpress)
    assert list(await site.look_at(["987654", "not-a-number"])) == []


async def test_an_authors_other_comments_are_told(wordpress, opened):
    site = await opened(wordpress)
    story = wordpress.add_story()
    email = {"comment_author_email": f"history-{story}@harbour.example"}
    asked = wordpress.add_comment(story, **email)
    other = wordpress.add_comment(story, comment_content="Another one.", **email)
    spam = wordpress.add_comment(story, comment_content="Buy this.", **email)
    wordpress.set_status(spam, "spam")
    wordpress.add_comment(story)

    history = await site.history(asked)

    assert history.counts == {Status.APPROVED: 2, Status.HOLD: 0, Status.SPAM: 1, Status.TRASH: 0}
    assert {one.external_id for one in history.newest} == {other, spam}
    assert await site.history("987654") is None


async def test_an_accounts_other_comments_are_told(wordpress, opened):
    site = await opened(wordpress)
    asked = wordpress.add_comment(user="mersea_may")
    other = wordpress.add_comment(user="mersea_may", comment_content="And <b>another</b>.")
    history = await site.history(asked, limit=1)
    assert [(one.external_id, one.text) for one in history.newest] == [(other, "And another.")]


async def test_the_house_rules_on_the_form_are_the_desks_and_stay_so(wordpress, opened):
    site = await opened(wordpress)
    wordpress.set_up(url="http://127.0.0.1:9", site="courier", secrets="whsec_" + "QUFB" * 10)
    for _ in range(2):
        wordpress.set_rules("1 | other | Another | From elsewhere.")
        await site.look_for_reports("0")
        assert "hate" in wordpress.rule_codes()
        await site.look_for_reports("0")
        assert "hate" in wordpress.rule_codes()
