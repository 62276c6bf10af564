"""Reports wait in order until a person has mended what the desk refuses, and then all of them go."""

import asyncio

import pytest
from aiohttp import web

from .reader import reading

NEW = "whsec_" + "bmV3IHNlY3JldCBvZiBhIHNpdGUgaW4gdGhlIHRlc3Rz"
WRONG = {
    "name": {"site": "Courier"},
    "no such name": {"site": "colchester"},
    "secret": {"secrets": NEW},
}
WORDS = {"name": "by another name", "no such name": "by another name", "secret": "signature"}


async def enqueue(reader, *comments):
    """Report comments, each as a reader of its own does."""
    for comment in comments:
        await reader.php(
            "return CommentDesk\\enqueue( get_comment( $given['c'] ), 'hate', 'reader-' . $given['c'] );",
            c=int(comment),
        )


async def rows(reader):
    return await reader.php(
        "global $wpdb; return $wpdb->get_results( 'SELECT * FROM ' . CommentDesk\\table() . ' ORDER BY id' );"
    )


async def due(reader, *, tried=False, seconds=-1):
    """Let the next attempt be due in so many seconds: at all that wait, or what was tried once."""
    await reader.php(
        """
        global $wpdb;
        $rows = CommentDesk\\table() . ' SET due = UNIX_TIMESTAMP() + %d WHERE attempts >= %d';
        return $wpdb->query( $wpdb->prepare( "UPDATE $rows", $given['s'], $given['n'] ) );
        """,
        s=seconds,
        n=int(tried),
    )


async def mend(reader, **settings):
    """Save the settings as an admin does, who is not kept waiting for the desk."""
    values = await reader.php("return CommentDesk\\settings();")
    await asyncio.to_thread(reader.site.set_up, **(values | settings))


async def status(reader):
    return await reader.php("return CommentDesk\\tell_status();")


def arrived(reader):
    return [report.comment.external_id for report in reader.intake.reports]


@pytest.mark.parametrize("wrong", WRONG)
async def test_what_a_person_can_mend_holds_all_and_mending_it_frees_all(real_wordpress, wrong):
    site = real_wordpress
    async with reading(site, **WRONG[wrong]) as reader:
        right = {"site": "courier", "secrets": reader.secret}
        comments = [site.add_comment() for _ in range(7)]
        await enqueue(reader, *comments)
        for _ in range(2):
            await due(reader)
            await reader.send_due()

        assert arrived(reader) == []
        assert {row["state"] for row in await rows(reader)} == {"waiting"}
        assert [row["attempts"] for row in await rows(reader)] == ["2"] + ["0"] * 6
        told = await status(reader)
        assert (told["held"], told["waiting"], told["refused"]) == (True, 7, 0)
        assert WORDS[wrong] in told["trouble"]
        await reader.log_in("boss")
        _, page = await reader.get("/wp-admin/index.php")
        assert "wait here (7)" in page
        assert WORDS[wrong] in page

        await mend(reader, **right)
        await reader.send_due()

        assert arrived(reader) == comments
        assert not (await status(reader))["held"]
        _, page = await reader.get("/wp-admin/index.php")
        assert "wait here" not in page


async def test_saving_the_right_name_is_all_that_it_takes(real_wordpress):
    site = real_wordpress
    async with reading(site, site="Courier") as reader:
        comments = [site.add_comment() for _ in range(3)]
        await enqueue(reader, *comments)
        await reader.send_due()
        await mend(reader, site="courier")
        assert arrived(reader) == comments


async def test_what_is_asked_for_bears_the_name_of_now_too(real_wordpress, opened):
    site = real_wordpress
    async with reading(site, site="Courier") as reader:
        await enqueue(reader, site.add_comment())
        adapter = await opened(site, read=lambda body, _: heard.append(body))
        heard = []
        await adapter.look_for_reports(None)
        await mend(reader, site="courier", url="http://127.0.0.1:9")
        await adapter.look_for_reports(None)
    assert [b'"site":"Courier"' in body for body in heard] == [True, False]
    assert b'"site":"courier"' in heard[1]


@pytest.mark.parametrize("answer", [301, 400, 403, 404, 405, 410, 413, 415, 422])
async def test_an_answer_that_is_not_the_desks_costs_no_report(real_wordpress, answer):
    """A wrong address often answers as well, and says no to everything."""
    site = real_wordpress
    async with reading(site) as reader:
        url = reader.intake.url.removesuffix("/v1/reports")
        comments = [site.add_comment() for _ in range(2)]

        async def page(_request):
            return web.Response(status=answer, text="<h1>No</h1>", content_type="text/html")

        async with elsewhere(page) as wrong:
            await mend(reader, url=wrong)
            await enqueue(reader, *comments)
            await reader.send_due()
            assert (await status(reader))["held"]
            assert "address of the desk" in (await status(reader))["trouble"]
        await mend(reader, url=url)
        assert arrived(reader) == comments


class elsewhere:  # noqa: N801 - read as a function
    """Something that is not the desk, on a socket of its own."""

    def __init__(self, handler):
        self._app = web.Application()
        self._app.router.add_route("*", "/{path:.*}", handler)

    async def __aenter__(self) -> str:
        self._runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def __aexit__(self, *_raised):
        await self._runner.cleanup()


async def test_an_older_text_never_arrives_after_a_newer_one(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        comment, other = site.add_comment(story), site.add_comment(story)
        reader.intake.troubles = 1
        await enqueue(reader, comment, other)
        await reader.send_due()
        await reader.php(
            "return wp_update_comment( array( 'comment_ID' => $given['id'], 'comment_content' => 'Milder.' ) );",
            id=int(comment),
        )
        # The first one's next attempt is still to come, and the others wait with it.
        await due(reader, tried=True, seconds=60)
        await reader.send_due()
        assert arrived(reader) == []

        await due(reader, tried=True)
        await reader.send_due()
        assert arrived(reader) == [comment, other, comment]
        assert [report.comment.text for report in reader.intake.reports][2] == "Milder."


async def test_one_that_the_desk_cannot_take_does_not_hold_up_the_others(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        bad, good, later = (site.add_comment() for _ in range(3))
        reader.intake.ailing.add(bad)
        await enqueue(reader, bad, good)
        for _ in range(4):
            await due(reader)
            await reader.send_due()
        assert arrived(reader) == [good]
        assert [row["state"] for row in await rows(reader)] == ["alone", "sent"]

        # What is said later passes it, but for what is said of the same comment.
        await reader.php(
            "return CommentDesk\\enqueue( get_comment( $given['c'] ), 'hate', 'another' );",
            c=int(bad),
        )
        await enqueue(reader, later)
        await reader.send_due()
        assert arrived(reader) == [good, later]
        assert (await status(reader))["waiting"] == 2

        reader.intake.ailing.clear()
        await due(reader)
        await reader.send_due()
        assert arrived(reader) == [good, later, bad, bad]


async def test_a_desk_that_is_away_for_days_loses_nothing(real_wordpress):
    site = real_wordpress
    async with reading(site, url="http://127.0.0.1:9") as reader:
        comments = [site.add_comment() for _ in range(2)]
        await enqueue(reader, *comments)
        for _ in range(12):
            await due(reader)
            await reader.send_due()
        assert [row["attempts"] for row in await rows(reader)] == ["12", "0"]
        told = await status(reader)
        assert (told["held"], told["waiting"]) == (False, 2)
        await mend(reader, url=reader.intake.url.removesuffix("/v1/reports"))
        assert arrived(reader) == comments


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "accepts this site's signature and name"),
        ({"site": "Courier"}, "knows this site by another name than “Courier”"),
        ({"site": "courier "}, "knows this site by another name"),
        ({"secrets": NEW}, "does not accept the signature"),
        ({"url": "http://127.0.0.1:9"}, "could not be reached"),
        ({"url": ""}, "Fill in the address"),
    ],
)
async def test_the_connection_test_sends_what_a_report_sends(real_wordpress, settings, words):
    site = real_wordpress
    async with reading(site, **settings) as reader:
        site.add_comment()
        assert words in await reader.php("return CommentDesk\\connection();")
        assert arrived(reader) == []


async def test_the_connection_test_needs_no_comment(real_wordpress):
    async with reading(real_wordpress) as reader:
        said = await reader.php(
            """
            add_filter( 'comments_pre_query', fn() => array() );
            return CommentDesk\\connection();
            """
        )
        assert "accepts this site's signature and name" in said


async def test_the_connection_test_says_which_part_of_a_report_the_desk_would_refuse(
    real_wordpress,
):
    async with reading(real_wordpress) as reader:
        real_wordpress.add_comment()
        said = await reader.php(
            """
            add_filter( 'home_url', fn() => 'ftp://nowhere' );
            add_filter( 'post_link', fn() => '' );
            return CommentDesk\\connection();
            """
        )
        assert "would refuse a report: " in said
        assert "story.url must be an address" in said
