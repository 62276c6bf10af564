import asyncio
import re
from html.parser import HTMLParser

import pytest
from aiohttp import FormData

from bot.domain.decisions import Action
from tests.support.waiting import PATIENCE

from .newsstand import make_order, newsstand


class Outline(HTMLParser):
    """Ids, labels and fields of a page, to see that each field has a label."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.fields: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if values.get("id"):
            self.ids.append(values["id"] or "")
        if tag == "label" and values.get("for"):
            self.labelled.add(values["for"] or "")
        if tag in {"textarea", "select"}:
            self.fields.append(values.get("id") or "")


async def test_the_front_page_leads_to_the_story(tmp_path):
    async with newsstand(tmp_path) as stand:
        status, page = await stand.get("/")
    assert status == 200
    assert "The Colne Courier" in page
    assert "<h1>Three charged after Colchester raids</h1>" in page
    assert page.count("Report this comment") == 10
    assert all(rule.text.split(".")[0] in page for rule in stand.paper.policy.rules)


async def test_the_third_comment_is_the_one_that_answers_maryk(tmp_path):
    async with newsstand(tmp_path) as stand:
        page = (await stand.get("/story"))[1]
    order = re.findall(r'id="comment-(\d+)"', page)
    assert order == [str(place) for place in range(1, 11)]
    assert "to maryk" in page


@pytest.mark.parametrize("path", ["/story", "/story/comments/11/edit"])
async def test_every_field_has_a_label_and_every_id_stands_once(tmp_path, path):
    async with newsstand(tmp_path) as stand:
        await stand.post("/story/comments", text="Mine")
        outline = Outline()
        outline.feed((await stand.get(path))[1])
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.fields) <= outline.labelled


async def test_what_a_reader_writes_is_text_and_nothing_else(tmp_path):
    hostile = "<script>alert(1)</script>\r\n\"'><img src=x onerror=alert(1)>{{ 7 * 7 }}"
    async with newsstand(tmp_path) as stand:
        page = (await stand.post("/story/comments", text=hostile))[1]
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "{{ 7 * 7 }}" in page


@pytest.mark.parametrize("text", ["", "   ", "\r\n", "x" * 2001])
async def test_an_unfit_comment_is_not_posted(tmp_path, text):
    async with newsstand(tmp_path) as stand:
        status, page = await stand.post("/story/comments", text=text)
    assert status == 422
    assert 'role="alert"' in page
    assert len(stand.paper.memory.comments) == 10


async def test_a_comment_outlives_a_restart_and_stands_under_its_readers_name(tmp_path):
    async with newsstand(tmp_path) as stand:
        await stand.read_as("priya_m")
        await stand.post("/story/comments", text="See you on Thursday")
    async with newsstand(tmp_path) as stand:
        page = (await stand.get("/story"))[1]
    assert 'aria-label="Comment by Priya M"' in page.split("See you on Thursday")[0][-900:]


async def test_only_its_author_can_edit_a_comment(tmp_path):
    async with newsstand(tmp_path) as stand:
        await stand.post("/story/comments/3/edit", text="Changed by somebody else")
        assert stand.paper.memory.comments[2].revision == 1
        await stand.read_as("salty_dog")
        assert "Edit" in (await stand.get("/story"))[1]
        page = (await stand.post("/story/comments/3/edit", text="I take that back"))[1]
    assert "I take that back" in page
    assert "edited" in page
    assert stand.paper.memory.comments[2].revision == 2


async def test_saving_a_comment_unchanged_is_no_new_revision(tmp_path):
    async with newsstand(tmp_path) as stand:
        await stand.read_as("maryk")
        text = stand.paper.memory.comments[1].text.replace("\n", "\r\n")
        await stand.post("/story/comments/2/edit", text=text)
    assert stand.paper.memory.comments[1].revision == 1


async def test_a_hidden_comment_can_be_neither_edited_nor_reported(tmp_path):
    async with newsstand(tmp_path) as stand:
        await stand.desk.carry_out(make_order(Action.HIDE, "3", "d-1"))
        await stand.read_as("salty_dog")
        await stand.post("/story/comments/3/edit", text="Again")
        page = (await stand.get("/story"))[1]
    assert stand.paper.memory.comments[2].revision == 1
    of_third = page.split('id="comment-3"')[1].split("</article>")[0]
    assert 'name="ticket"' not in of_third
    assert 'name="ticket"' in page


async def test_an_unknown_reader_is_the_demo_reader(tmp_path):
    async with newsstand(tmp_path) as stand:
        await stand.read_as("nobody")
        assert "Join in as <b>Robin Ashdown</b>" in (await stand.get("/story"))[1]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_forms_from_elsewhere_do_nothing(tmp_path, headers):
    async with newsstand(tmp_path) as stand:
        for path, form in (
            ("/story/comments", {"text": "Hello"}),
            ("/story/reading-as", {"reader": "maryk"}),
            ("/paper/demo", {"do": "stop"}),
        ):
            assert (await stand.post(path, headers, **form))[0] == 403
        assert "Robin Ashdown</b>" in (await stand.get("/story"))[1]
    assert len(stand.paper.memory.comments) == 10
    assert stand.paper.down is False


async def test_a_form_with_a_file_in_place_of_a_text_is_an_empty_one(tmp_path):
    async with newsstand(tmp_path) as stand:
        form = FormData()
        form.add_field("text", b"file", filename="x.txt")
        async with stand.session.post(stand.url + "/story/comments", data=form) as answer:
            assert answer.status == 422


async def test_pages_let_nothing_in_from_elsewhere(tmp_path):
    async with newsstand(tmp_path) as stand, stand.session.get(stand.url + "/story") as answer:
        policy = answer.headers["Content-Security-Policy"]
        page = await answer.text()
    assert "default-src 'none'" in policy
    assert "script-src 'self' https://reports.courier.example;" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<(script|style)>|\son\w+=|\sstyle=", page)


async def test_the_panel_makes_the_paper_fail_and_work_again(tmp_path):
    async with newsstand(tmp_path) as stand:
        page = (await stand.post("/paper/demo", do="stop"))[1]
        assert "Answer the desk again" in page
        assert stand.paper.down is True
        assert "Stop answering the desk" in (await stand.post("/paper/demo", do="start"))[1]
        assert (await stand.post("/paper/demo", do="dance"))[0] == 400
        await stand.post("/paper/demo", do="burst")
        async with asyncio.timeout(PATIENCE):
            await stand.paper.all_sent()
        assert len(stand.intake.reports) == 30


async def test_the_version_tells_that_something_changed(tmp_path):
    async with newsstand(tmp_path) as stand:
        before = await stand.get("/paper/version")
        assert await stand.get("/paper/version") == before
        await stand.desk.carry_out(make_order(Action.HIDE, "3", "d-1"))
        assert await stand.get("/paper/version") != before
