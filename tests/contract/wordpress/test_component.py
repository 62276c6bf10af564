"""The desk's own form on a WordPress: told where it is, and a ticket signed for each comment."""

import html
import re

import pytest

from bot.domain.ids import SiteId
from bot.domain.readers.site import PublicSite
from bot.domain.readers.ticket import read_ticket
from bot.domain.site import SiteKeys
from bot.sites.settings import SiteSettings
from bot.web.public.reports import Form, read_form
from tests.contract.paper.newsstand import INTAKE_SECRET, now
from tests.contract.wordpress.conftest import POLICY

from .reader import reading

READERS = "https://reports.courier.example/desk"
SITE = PublicSite(
    id=SiteId("courier"),
    keys=SiteKeys(secrets=(INTAKE_SECRET,), salt=b"a salt for the tests only"),
)


class Desk:
    """As much of a desk as reading a ticket takes."""

    clock = staticmethod(now)
    policy = staticmethod(lambda: POLICY)


async def hand_over(wordpress, opened, url: str | None = READERS) -> None:
    """Let the desk look for reports, which tells the plugin where the readers' pages are."""
    adapter = await opened(wordpress, readers_url=url)
    await adapter.look_for_reports("0")


def tickets(page: str) -> list[str]:
    found = re.findall(r'name="ticket" value="([^"]*)"', page)
    return [html.unescape(one) for one in found]


async def test_the_desk_hands_its_address_over_and_takes_it_back(wordpress, opened):
    def told():
        if hasattr(wordpress, "readers"):
            return wordpress.readers or ""
        return wordpress.php("return CommentDesk\\readers_url();")

    wordpress.set_rules("1 | abuse | Abusive language | Swearing.")
    for url in (READERS, "https://elsewhere.example", None, READERS):
        await hand_over(wordpress, opened, url)
        assert told() == (url or "")


async def test_what_an_older_plugin_kept_of_the_rules_is_sent_anew(real_wordpress, opened):
    site = real_wordpress
    await hand_over(site, opened)
    site.php(
        """
        $kept = get_option( 'comment_desk_rules' );
        unset( $kept['readers'] );
        return update_option( 'comment_desk_rules', $kept );
        """
    )
    await hand_over(site, opened)
    assert site.php("return CommentDesk\\readers_url();") == READERS


async def test_each_comment_has_a_ticket_that_the_desk_reads_as_a_report(real_wordpress, opened):
    site = real_wordpress
    async with reading(site) as reader:
        await hand_over(site, opened)
        story = site.add_story("Three charged &amp; “held”")
        parent = site.add_comment(story, comment_content="Well <b>said</b>.")
        text = 'Liars — "all" of you & more.'
        comment = site.add_comment(story, comment_parent=int(parent), comment_content=text)
        _, page = await reader.get(f"/?p={story}")
        assert f'action="{READERS}/report/courier"' in page
        script = re.search(r"<script [^>]*report\.js[^>]*>", page)
        assert script
        for part in (f'src="{READERS}/report.js"', 'data-site="courier"', "defer", "data-lang="):
            assert part in script[0].replace("'", '"')
        assert "comment_desk_report=" not in page

        by_id = {read_ticket(one, [INTAKE_SECRET])["comment"]["id"]: one for one in tickets(page)}
        assert by_id.keys() == {parent, comment}
        form = Form(ticket=by_id[comment], reason="abuse", note="", reader="0" * 32)
        report = read_form(form, SITE, Desk())
        assert report.comment.text == text
        assert report.comment.revision == site.facts(comment)["revision"]
        assert report.comment.parent.text == "Well said."
        assert report.author.external_id == site.facts(comment)["author"]
        assert report.story.title == "Three charged & “held”"
        assert "reader" not in read_ticket(by_id[comment], [INTAKE_SECRET])


async def test_a_reader_with_an_account_is_signed_and_the_same_in_every_browser(
    real_wordpress, opened
):
    site = real_wordpress
    story = site.add_story()
    comment = site.add_comment(story)
    own = site.add_comment(story, user="mersea_may")
    staff = site.add_comment(story, user="reporter")
    seen = []
    for _ in range(2):
        async with reading(site) as reader:
            await hand_over(site, opened)
            await reader.log_in("mersea_may")
            _, page = await reader.get(f"/?p={story}")
            said = [read_ticket(one, [INTAKE_SECRET]) for one in tickets(page)]
            assert [one["comment"]["id"] for one in said] == [comment], (own, staff)
            seen += [one["reader"] for one in said]
    assert seen[0] == seen[1]
    assert seen[0].startswith("user-")


@pytest.mark.parametrize(
    "settings",
    [{"link": 0}, {"who": "users"}, {"secrets": ""}],
    ids=["no link", "accounts only", "no secret"],
)
async def test_nothing_is_printed_where_nobody_is_to_report(real_wordpress, opened, settings):
    site = real_wordpress
    async with reading(site, **settings) as reader:
        await hand_over(site, opened)
        story = site.add_story()
        site.add_comment(story)
        _, page = await reader.get(f"/?p={story}")
        assert tickets(page) == []
        assert "comment_desk_report=" not in page


@pytest.mark.parametrize(
    "text", ["ż" * 19_000, "<i>x</i>" * 2_400, '\\u0000 \\ " </script> 😀' * 400]
)
async def test_a_ticket_of_any_comment_is_one_that_the_desk_takes(real_wordpress, opened, text):
    site = real_wordpress
    async with reading(site) as reader:
        await hand_over(site, opened)
        story = site.add_story()
        comment = site.add_comment(story, comment_content=text)
        _, page = await reader.get(f"/?p={story}")
        (one,) = tickets(page)
        report = read_form(Form(ticket=one, reason="abuse", note="", reader=""), SITE, Desk())
        assert report.comment.external_id == comment
        assert report.comment.text != ""


async def test_without_the_desk_s_pages_the_plugin_s_own_form_stays(real_wordpress, opened):
    site = real_wordpress
    async with reading(site) as reader:
        await hand_over(site, opened)
        await hand_over(site, opened, None)
        story = site.add_story()
        comment = site.add_comment(story)
        _, page = await reader.get(f"/?p={story}")
        assert f"comment_desk_report={comment}" in page
        assert "report.js" not in page
        assert tickets(page) == []


@pytest.mark.parametrize(
    ("kind", "allowed"), [("wordpress", True), ("webhook", False)], ids=["wordpress", "webhook"]
)
def test_the_form_may_be_used_on_the_wordpress_itself_without_being_told(kind, allowed):
    settings = SiteSettings.model_validate(
        {
            "kind": kind,
            "secrets": [INTAKE_SECRET],
            "outgoing_secrets": [INTAKE_SECRET] if kind == "webhook" else [],
            "reporter_salt": "a salt of more than sixteen characters",
            "url": "https://courier.example/blog",
            **({"wordpress": {"login": "desk", "password": "x"}} if kind == "wordpress" else {}),
        }
    )
    assert settings.of_readers(SiteId("courier")).allows("https://courier.example") is allowed
