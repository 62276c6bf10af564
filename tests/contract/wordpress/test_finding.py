"""A comment is found by its address, and told as the plugin's reports tell of it."""

from .reader import reading
from .test_asking import enqueue, read


async def test_a_comment_is_found_by_its_address_and_no_other_is(wordpress, opened):
    story = wordpress.add_story("Three charged & held")
    comment = wordpress.add_comment(story, user="salty_dog")
    adapter = await opened(wordpress)
    about = await adapter.find(f"{wordpress.url}/three-charged/#comment-{comment}")

    assert about is not None
    assert about.comment.external_id == comment
    assert about.comment.text == "You are all bought, every one of you."
    assert about.author.name == "salty_dog"
    assert about.author.external_id == wordpress.facts(comment)["author"]
    assert (about.story.external_id, about.story.title) == (story, "Three charged & held")
    for fragment in ("comment-999999", "comment-", f"comment-{comment}x", "respond", ""):
        assert await adapter.find(f"{wordpress.url}/three-charged/#{fragment}") is None

    wordpress.set_status(comment, "hold")
    assert await adapter.find(f"{wordpress.url}/three-charged/#comment-{comment}") is None


async def test_without_the_plugin_nobody_knows_the_author(wordpress, opened):
    comment = wordpress.add_comment()
    wordpress.set_plugin(active=False)
    adapter = await opened(wordpress, plugin=False)
    assert await adapter.find(f"{wordpress.url}/x/#comment-{comment}") is None


async def test_what_an_address_names_is_told_as_its_reports_tell_of_it(real_wordpress, opened):
    site = real_wordpress
    async with reading(site):
        adapter = await opened(site, read=read)
        comment = site.add_comment(user="salty_dog")
        enqueue(site, comment, "reader-1")
        [report] = (await adapter.look_for_reports(None)).reports
        about = await adapter.find(report.comment.permalink)

    assert about is not None
    assert about.comment.external_id == report.comment.external_id
    assert (about.comment.text, about.comment.revision) == (
        report.comment.text,
        report.comment.revision,
    )
    assert about.comment.permalink == report.comment.permalink
    assert about.author.external_id == report.author.external_id
    assert about.author.name == report.author.name
    assert (about.story.external_id, about.story.title, about.story.url) == (
        report.story.external_id,
        report.story.title,
        report.story.url,
    )
