"""The plugin's form, its queue and what it sends, on a real WordPress."""

import json

import pytest

from tests.contract.paper.newsstand import INTAKE_SECRET
from tests.support.waiting import until as wait_until

from .reader import action, hidden, reading

HARASSMENT = 3


async def until(done, what):
    await wait_until(done, what=what)


def queue(site):
    return site.php(
        "global $wpdb; return $wpdb->get_results( 'SELECT * FROM ' . CommentDesk\\table() );"
    )


async def test_a_reader_reports_and_the_desk_has_it_at_once(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story("Three charged &amp; “held” after raids")
        parent = site.add_comment(story, comment_content="Well <b>said</b>.")
        comment = site.add_comment(
            story,
            user="salty_dog",
            comment_parent=int(parent),
            comment_content="Liars!\n\nAll <i>of</i> you.",
        )
        status, page, url = await reader.report(
            story, comment, comment_desk_note="Every week, \\ 'he'."
        )
        assert status == 200
        assert "Our moderators have your report." in page
        assert f"comment_desk_thanks={comment}" in url

        await until(lambda: reader.intake.reports != [], "the report to arrive")
        (report,) = reader.intake.reports
        assert report.rule == HARASSMENT
        assert report.note == "Every week, \\ 'he'."
        assert report.comment.external_id == comment
        assert report.comment.text == "Liars!\n\nAll of you."
        assert report.comment.revision == site.facts(comment)["revision"]
        assert report.comment.permalink.endswith(f"#comment-{comment}")
        assert report.comment.parent.text == "Well said."
        assert report.author.external_id == site.facts(comment)["author"]
        assert report.author.name == "salty_dog"
        assert report.author.since is not None
        assert (report.story.external_id, report.story.title) == (
            story,
            "Three charged & “held” after raids",
        )
        assert report.story.section == "Uncategorized"


async def test_where_the_reader_came_from_is_sent_as_a_host(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        given = {
            "Forum.Example": "forum.example",
            "https://forum.example/thread/9?p=2": None,
            '"><script>alert(1)</script>': None,
            "127.0.0.1": None,
            "": None,
        }
        for sent in given:
            await reader.report(story, site.add_comment(story), comment_desk_from=sent)
        await until(lambda: len(reader.intake.reports) == len(given), "the reports")
        assert [report.referrer for report in reader.intake.reports] == list(given.values())


async def test_the_host_stays_with_the_form_that_is_drawn_again(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        comment = site.add_comment(story)
        path = f"/?p={story}&comment_desk_report={comment}&comment_desk_from=forum.example"
        _, page = await reader.get(path)
        assert hidden(page)["comment_desk_from"] == "forum.example"
        fields = hidden(page) | {"comment_desk_reason": ""}
        status, page, _ = await reader.post(action(page).removeprefix(site.url), **fields)
        assert status == 422
        assert hidden(page)["comment_desk_from"] == "forum.example"


async def test_the_same_reader_is_counted_once_and_another_anew(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        comment = site.add_comment(story)
        for _ in range(2):
            await reader.report(story, comment)
        await reader.log_in("mersea_may")
        await reader.report(story, comment)
        await until(lambda: len(reader.intake.reports) == 2, "both readers' reports")
        assert len({report.reporter for report in reader.intake.reports}) == 2
        assert len(queue(site)) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"comment_desk_reason": ""}, "Please say which rule"),
        ({"comment_desk_reason": "no-such-rule"}, "Please say which rule"),
        ({"comment_desk_nonce": "0123456789"}, "open for too long"),
    ],
)
async def test_a_wrong_form_is_drawn_again_with_what_was_typed(real_wordpress, changes, words):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        comment = site.add_comment(story)
        page = await reader.form(story, comment)
        fields = hidden(page) | {
            "comment_desk_reason": "hate",
            "comment_desk_note": '"><script>alert(1)</script> & so on',
        }
        status, page, _ = await reader.post(
            action(page).removeprefix(site.url), **(fields | changes)
        )
        assert status == 422
        assert words in page
        assert "so on</textarea>" in page
        assert "<script>alert(1)" not in page
        assert queue(site) == []


async def test_what_may_not_be_reported_has_no_link_and_no_form(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        comment = site.add_comment(story)
        fields = hidden(await reader.form(story, comment))
        staff = site.add_comment(story, user="reporter")
        held = site.add_comment(story)
        site.set_status(held, "hold")
        for closed in (staff, held):
            page = await reader.form(story, closed)
            assert 'class="comment-desk-form"' not in page
            assert f"comment_desk_report={closed}#comment-desk" not in page
            status, _, _ = await reader.post(
                f"/?p={story}",
                **(fields | {"comment_desk_report": closed, "comment_desk_reason": "hate"}),
            )
            assert status == 404
        await reader.log_in("salty_dog")
        own = site.add_comment(story, user="salty_dog")
        assert 'class="comment-desk-form"' not in await reader.form(story, own)
        assert queue(site) == []


async def test_only_accounts_may_report_where_that_is_set(real_wordpress):
    site = real_wordpress
    async with reading(site, who="users") as reader:
        story = site.add_story()
        comment = site.add_comment(story)
        assert 'class="comment-desk-form"' not in await reader.form(story, comment)
        await reader.log_in("salty_dog")
        assert 'class="comment-desk-form"' in await reader.form(story, comment)


async def test_the_link_stands_only_where_a_reader_reads(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        comment = site.add_comment(story)
        link = f"comment_desk_report={comment}"
        for path, there in (
            (f"/?p={story}", True),
            ("/", False),
            ("/comments/feed/", False),
            (f"/?rest_route=/wp/v2/comments/{comment}", False),
        ):
            status, page = await reader.get(path)
            assert status == 200
            assert (link in page) is there, path


async def test_what_rules_and_names_hold_stays_text(real_wordpress):
    site = real_wordpress
    hostile = '3 | harassment | <script>alert(1)</script> | "><img src=x onerror=alert(2)>'
    async with reading(site, rules=hostile) as reader:
        story = site.add_story()
        comment = site.add_comment(
            story,
            comment_author='<script>alert("name")</script>',
            comment_author_url="javascript:x",
        )
        page = await reader.form(story, comment)
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert(1)" in page


async def test_a_flood_of_reports_from_one_reader_is_held_back(real_wordpress):
    site = real_wordpress
    async with reading(site, url="http://127.0.0.1:9") as reader:
        story = site.add_story()
        comment = site.add_comment(story)
        await reader.php(
            """
            $key = 'reader-' . CommentDesk\\masked( '127.0.0.1|' . $given['agent'] );
            return set_transient( 'comment_desk_n_' . CommentDesk\\masked( $key . '|' . intdiv( time(), 600 ) ), 20, 600 );
            """,
            agent="a fast reader",
        )
        reader.session.headers["User-Agent"] = "a fast reader"
        page = await reader.form(story, comment)
        fields = hidden(page) | {"comment_desk_reason": "hate"}
        status, _, _ = await reader.post(action(page).removeprefix(site.url), **fields)
        assert status == 422
        assert queue(site) == []


async def test_a_desk_that_is_away_gets_its_reports_later_under_the_same_name(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        reader.intake.troubles = 1
        story = site.add_story()
        comment = site.add_comment(story)
        _, page, _ = await reader.report(story, comment)
        assert "Our moderators have your report." in page
        await until(lambda: reader.intake.troubles == 0, "the first attempt")
        await until(lambda: queue(site)[0]["attempts"] == "1", "the attempt to be noted")
        (row,) = queue(site)
        assert row["state"] == "waiting"
        assert row["trouble"].startswith("503")
        timer = await reader.php("return wp_next_scheduled( 'comment_desk_retry' ) - time();")
        assert -5 <= timer <= 10

        await reader.php(
            "global $wpdb; return $wpdb->query( 'UPDATE ' . CommentDesk\\table() . ' SET due = 0' );"
        )
        await reader.send_due()

        (report,) = reader.intake.reports
        assert report.delivery == row["webhook_id"]
        (row,) = queue(site)
        assert (row["state"], row["trouble"]) == ("sent", "")


async def test_wordpress_own_timer_sends_what_waits(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        comment = site.add_comment()
        site.php(
            """
            CommentDesk\\enqueue( get_comment( $given['c'] ), 'hate', 'reader-1' );
            wp_clear_scheduled_hook( 'comment_desk_retry' );
            return wp_schedule_single_event( time() - 1, 'comment_desk_retry' );
            """,
            c=int(comment),
        )
        await reader.get("/wp-cron.php?doing_wp_cron")
        await until(lambda: reader.intake.reports != [], "the report to arrive")


async def test_while_the_desk_is_away_readers_do_not_wait_for_it(real_wordpress):
    site = real_wordpress
    async with reading(site, url="http://127.0.0.1:9") as reader:
        story = site.add_story()
        first, second = site.add_comment(story), site.add_comment(story)
        await reader.report(story, first)
        await until(lambda: queue(site)[0]["attempts"] == "1", "the first attempt")
        await reader.report(story, second)
        assert [row["attempts"] for row in queue(site)] == ["1", "0"]


async def test_what_the_desk_will_never_take_is_not_repeated(real_wordpress):
    site = real_wordpress
    async with reading(site, rules="9 | unheard-of | Unheard of | No rule of the desk.") as reader:
        story = site.add_story()
        comment = site.add_comment(story)
        await reader.report(story, comment, comment_desk_reason="unheard-of")
        await until(lambda: queue(site)[0]["state"] == "refused", "the refusal")
        assert queue(site)[0]["trouble"].startswith("422")


async def test_a_report_is_signed_with_both_secrets_while_one_is_replaced(real_wordpress):
    site = real_wordpress
    new = "whsec_" + "bmV3IHNlY3JldCBvZiBhIHNpdGUgaW4gdGhlIHRlc3Rz"
    async with reading(site, secrets=f"{new}\n{INTAKE_SECRET}") as reader:
        story = site.add_story()
        await reader.report(story, site.add_comment(story))
        await until(lambda: reader.intake.reports != [], "the report to be accepted")


async def test_an_edit_of_a_reported_comment_is_shown_to_the_moderators(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        comment = site.add_comment(story)
        await reader.report(story, comment, comment_desk_note="Look.", comment_desk_from="t.co")
        await until(lambda: len(reader.intake.reports) == 1, "the report")

        await reader.php(
            "return wp_update_comment( array( 'comment_ID' => $given['id'], 'comment_content' => 'Milder.' ) );",
            id=int(comment),
        )

        await until(lambda: len(reader.intake.reports) == 2, "the edited text")
        before, after = reader.intake.reports
        assert after.comment.text == "Milder."
        assert after.comment.revision != before.comment.revision
        assert (after.reporter, after.rule, after.note) == (before.reporter, before.rule, "Look.")
        assert after.referrer == before.referrer == "t.co"


async def test_zenos_reports_are_passed_on(real_wordpress):
    site = real_wordpress
    async with reading(site, zeno_reason="hate", link=0) as reader:
        story = site.add_story()
        comment = site.add_comment(story)
        assert "comment_desk_report" not in (await reader.get(f"/?p={story}"))[1]
        await reader.php(
            "do_action( 'zeno_report_comments_add_report', $given['id'] );", id=int(comment)
        )
        await until(lambda: reader.intake.reports != [], "the report")
        (report,) = reader.intake.reports
        assert (report.comment.external_id, report.rule, report.note) == (comment, 4, None)


async def test_a_long_comment_full_of_tags_still_arrives(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        comment = site.add_comment(story, comment_content="<b>a</b> ü " * 5000)
        await reader.report(story, comment)
        await until(lambda: reader.intake.reports != [], "the report")
        (report,) = reader.intake.reports
        assert report.comment.text.startswith("a ü a ü")


@pytest.mark.parametrize(
    "text",
    ["щ" * 19_000, "🐟" * 15_000, '"' * 60_000, "<i>" * 3_000 + "deep", "щ " * 21_000],
    ids=["cyrillic", "fish", "quotes", "tags", "too-long"],
)
async def test_whatever_a_comment_holds_its_report_arrives(real_wordpress, text):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        parent = site.add_comment(story, comment_content="щ" * 9_000)
        comment = site.add_comment(story, comment_content=text, comment_parent=int(parent))
        await reader.report(story, comment, comment_desk_note="🐟" * 500)
        await until(lambda: queue(site)[0]["state"] != "waiting", "an answer")
        assert (queue(site)[0]["state"], queue(site)[0]["trouble"]) == ("sent", "")
        (report,) = reader.intake.reports
        assert report.comment.text[:4] == {"<": "deep"}.get(text[0], text[:4])
        assert report.note == "🐟" * 500


async def test_the_body_of_a_report_holds_no_address_of_anybody(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        await reader.report(story, site.add_comment(story, user="salty_dog"))
        body = queue(site)[0]["body"]
        assert "@" not in body
        assert "203.0.113.7" not in body
        assert "127.0.0.1:" in json.loads(body)["story"]["url"]
        assert "Reader's Browser" not in body
