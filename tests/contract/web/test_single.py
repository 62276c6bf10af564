import asyncio
import json
import logging
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.comments import Author, Comment, Parent, Report, Story
from bot.domain.errors import DeskError

from .caller import NOW, SITE, SITES, calling, make_body, problem_of, wrong_field


async def test_a_report_is_kept_as_it_was_sent():
    async with calling() as site:
        response = await site.post(make_body(), webhook_id="msg_a")
        assert response.status == 202
        assert response.content_type == "application/json"
        assert site.shelf.kept == [
            Report(
                site=SITE,
                delivery="msg_a",
                comment=Comment(
                    external_id="c-3",
                    revision="52ec6bd0aa23039e",
                    text="You are all fools.",
                    permalink="https://courier.example/story#c-3",
                    created=datetime(2026, 3, 2, 13, tzinfo=UTC),
                    parent=Parent(author="ann", text="Is it?"),
                ),
                author=Author(
                    external_id="u-9", name="salty_dog", since=datetime(2019, 5, 1, tzinfo=UTC)
                ),
                story=Story(
                    external_id="s-1",
                    title="Bridge closed",
                    url="https://courier.example/story",
                    section="news",
                    published=datetime(2026, 3, 2, 7, tzinfo=UTC),
                ),
                reporter=SITES[SITE].reporter("reader-77"),
                rule=1,
                note="Not nice.",
                at=NOW - timedelta(minutes=1),
            )
        ]


async def test_a_report_may_say_no_more_than_it_must():
    body = make_body(
        comment__author__since=...,
        comment__created=...,
        comment__permalink=...,
        comment__parent=...,
        story__section=...,
        story__published=...,
        note=...,
        at=...,
    )
    async with calling() as site:
        assert (await site.post(body)).status == 202
        (kept,) = site.shelf.kept
        assert kept.at == NOW
        assert (kept.note, kept.comment.parent, kept.story.section) == (None, None, None)
        assert kept.referrer is None


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("https://t.co/abc?x", "t.co"),
        ("https://courier.example/front", None),
        ("", None),
        ("about:blank", None),
        (None, None),
    ],
)
async def test_of_where_the_reader_came_from_a_strange_host_is_kept(sent, kept):
    async with calling() as site:
        assert (await site.post(make_body(referrer=sent))).status == 202
        assert (await site.batch(make_body(referrer=sent))).status == 202
        assert [report.referrer for report in site.shelf.kept] == [kept, kept]


async def test_a_null_is_the_same_as_nothing():
    body = make_body(
        comment__html=None,
        comment__parent=None,
        story__section=None,
        note=None,
        at=None,
        referrer=None,
    )
    async with calling() as site:
        assert (await site.post(body)).status == 202


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"comment__id": ...}, "comment.id", "is required"),
        ({"comment__id": 3}, "comment.id", "must be a string"),
        ({"referrer": ["t.co"]}, "referrer", "must be a string"),
        ({"referrer": "https://t.co/" + "x" * 8_192}, "referrer", "at most 8192"),
        ({"comment__id": ""}, "comment.id", "at least 1"),
        ({"comment__id": "a\x00b"}, "comment.id", "control characters"),
        ({"comment__id": "x" * 201}, "comment.id", "at most 200"),
        ({"comment__author__since": "2019"}, "comment.author.since", "with its zone"),
        ({"comment__created": "2026-03-02T13:00:00"}, "comment.created", "with its zone"),
        ({"comment__created": "1772460180"}, "comment.created", "with its zone"),
        ({"comment__created": 1772460180}, "comment.created", "must be a string"),
        ({"comment__created": "2026-02-30T13:00:00Z"}, "comment.created", "that exists"),
        ({"comment__text": ...}, "comment.text", "is required"),
        ({"comment__html": "<p>Hi</p>"}, "comment.html", "together"),
        ({"comment__text": "x" * 20_001}, "comment.text", "at most 20000"),
        ({"comment__permalink": "javascript:alert(1)"}, "comment.permalink", "https://"),
        ({"comment__permalink": "https://"}, "comment.permalink", "https://"),
        ({"story__url": "https://a b"}, "story.url", "https://"),
        ({"story__url": "https://me@courier.example/"}, "story.url", "user name"),
        ({"story__url": "https://me:secret@courier.example/"}, "story.url", "user name"),
        ({"comment__permalink": "https://ü@courier.example/"}, "comment.permalink", "user name"),
        ({"story__url": "https://[courier]/"}, "story.url", "https://"),
        ({"story__url": "ftp://courier.example"}, "story.url", "https://"),
        ({"story__url": "https://x.example/" + "x" * 2048}, "story.url", "at most 2048"),
        ({"reporter": ""}, "reporter", "at least 1"),
        ({"reason": True}, "reason", "a string or a whole number"),
        ({"reason": []}, "reason", "a string or a whole number"),
        ({"note": "x" * 501}, "note", "at most 500"),
        ({"at": "2026-03-02T14:13:01Z"}, "at", "10 minutes ahead"),
        ({"at": "0001-01-01T00:00:00Z"}, "at", "1700"),
        ({"at": "9999-12-31T23:59:59Z"}, "at", "2199"),
        ({"at": "1970-01-01T00:00:00Z"}, "at", "before the year 2000"),
        ({"notes": "x"}, "notes", "not a field"),
        ({"comment__author__email": "x@y.example"}, "comment.author.email", "not a field"),
    ],
)
async def test_a_wrong_field_is_named_with_what_to_do(
    changes: dict[str, object], field: str, words: str
):
    async with calling() as site:
        told, why = await wrong_field(await site.post(make_body(**changes)))
        assert told == field
        assert words in why
        assert not site.shelf.kept


@pytest.mark.parametrize("reason", ["rudeness", "", "1", 3, -1, 10**300])
async def test_an_unknown_reason_is_told_the_rules(reason: object):
    async with calling() as site:
        field, why = await wrong_field(await site.post(make_body(reason=reason)))
        assert field == "reason"
        assert "abuse (1), spam (2), off-topic (7)" in why


@pytest.mark.parametrize(("reason", "number"), [("spam", 2), (7, 7)])
async def test_a_reason_is_a_rules_code_or_its_number(reason: str | int, number: int):
    async with calling() as site:
        assert (await site.post(make_body(reason=reason))).status == 202
        assert site.shelf.kept[0].rule == number


async def test_all_wrong_shapes_are_told_at_once_but_not_without_end():
    body = make_body(comment__id=3, note=4, **{f"extra{n}": 1 for n in range(40)})
    async with calling() as site:
        errors = (await problem_of(await site.post(body), 422))["errors"]
        assert len(errors) == 20
        assert {"comment.id", "note"} <= {error["field"] for error in errors}


async def test_a_time_up_to_ten_minutes_ahead_or_long_ago_is_taken():
    async with calling() as site:
        for at in ("2026-03-02T14:13:00Z", "2020-01-01T00:00:00Z"):
            assert (await site.post(make_body(at=at))).status == 202


async def test_html_becomes_the_text_a_reader_saw():
    html = "<p>Fools &amp; <b>knaves</b></p><script>steal()</script><p>All<br>of you</p>"
    async with calling() as site:
        await site.post(make_body(comment__text=..., comment__html=html))
        assert site.shelf.kept[0].comment.text == "Fools & knaves\n\nAll\nof you"


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<i>" * 2_001, "2000 tags"),
        ("x" * 20_001, "20000 characters of text"),
        ("<script>x</script>", "permalink"),
    ],
)
async def test_html_that_cannot_be_a_comment_is_refused(html: str, words: str):
    body = make_body(comment__text=..., comment__html=html, comment__permalink=...)
    async with calling() as site:
        field, why = await wrong_field(await site.post(body))
        assert field == "comment.html"
        assert words in why


async def test_a_comment_without_text_needs_a_link_to_be_judged_by():
    async with calling() as site:
        assert (await site.post(make_body(comment__text=" \x00\n"))).status == 202
        assert site.shelf.kept[0].comment.text == ""
        body = make_body(comment__text="", comment__permalink=...)
        assert (await wrong_field(await site.post(body)))[0] == "comment.text"


async def test_the_same_text_has_the_same_revision_and_another_text_another():
    async with calling() as site:
        for text in ("one", "one", "two"):
            await site.post(make_body(comment__text=text))
        first, again, other = (report.comment.revision for report in site.shelf.kept)
        assert first == again != other


async def test_a_revision_the_site_names_is_kept():
    async with calling() as site:
        await site.post(make_body(comment__revision="r7"))
        assert site.shelf.kept[0].comment.revision == "r7"


async def test_an_author_without_a_name_is_not_given_the_id_for_one():
    async with calling() as site:
        await site.post(make_body(comment__author__name=" \n"))
        assert site.shelf.kept[0].author.name == ""


async def test_a_reader_is_kept_as_a_hash_that_differs_from_site_to_site():
    keys = {site: keys.reporter("reader-77") for site, keys in SITES.items()}
    assert {len(key) for key in keys.values()} == {16}
    assert len(set(keys.values())) == len(SITES)
    async with calling() as site:
        await site.post(make_body())
        assert site.shelf.kept[0].reporter == keys[SITE]
        assert "reader-77" not in repr(site.shelf.kept)


@pytest.mark.parametrize(
    "trouble", [DeskError("the disk is full"), OSError("x"), RuntimeError("x"), TimeoutError()]
)
async def test_a_store_that_refuses_makes_the_site_send_again(trouble: Exception):
    async with calling() as site:
        site.shelf.trouble = trouble
        response = await site.post(make_body(), webhook_id="msg_a")
        await problem_of(response, 503)
        assert int(response.headers["Retry-After"]) > 0
        site.shelf.trouble = None
        assert (await site.post(make_body(), webhook_id="msg_a")).status == 202


async def test_nothing_is_answered_before_the_store_has_it():
    async with calling() as site:
        site.shelf.gate.clear()
        request = asyncio.ensure_future(site.post(make_body()))
        await site.shelf.asked.wait()
        assert not request.done()
        site.shelf.gate.set()
        assert (await request).status == 202


async def test_nothing_private_is_logged(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    async with calling() as site:
        await site.post(make_body())
        await site.post(make_body(reason="secret reason"))
        await site.post(make_body(comment__id=[]))
        site.shelf.trouble = RuntimeError("You are all fools.")
        await site.post(make_body())
    assert "RuntimeError" in caplog.text
    written = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    for private in ("fools", "reader-77", "Not nice", "whsec_", "secret reason", "salty_dog"):
        assert private not in written


HALF = "\ud83d"


async def test_half_a_character_becomes_the_sign_for_one_that_was_lost():
    body = make_body(
        comment__text=f"Fools {HALF}!",
        comment__author__name=f"salty{HALF}",
        comment__parent={"author": HALF, "text": f"{HALF}\udca9 yes"},
        comment__permalink=f"https://courier.example/story#{HALF}",
        story__title=f"Bridge {HALF}",
        story__section=f"news {HALF}",
        story__url=f"https://courier.example/{HALF}",
        note=f"\udca9{HALF}",
        referrer=f"https://t.co/{HALF}",
    )
    async with calling() as site:
        assert (await site.post(body)).status == 202
        (kept,) = site.shelf.kept
    assert (kept.comment.text, kept.author.name) == ("Fools \ufffd!", "salty\ufffd")
    assert kept.comment.parent == Parent(author="\ufffd", text="\U0001f4a9 yes")
    assert (kept.story.title, kept.story.section) == ("Bridge \ufffd", "news \ufffd")
    assert (kept.note, kept.referrer) == ("\ufffd\ufffd", "t.co")
    assert kept.comment.permalink == "https://courier.example/story#%EF%BF%BD"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"comment__id": f"c{HALF}"}, "comment.id"),
        ({"comment__revision": HALF}, "comment.revision"),
        ({"comment__author__id": f"{HALF}u"}, "comment.author.id"),
        ({"comment__author__keys": ["email:1", HALF]}, "comment.author.keys.1"),
        ({"story__id": HALF}, "story.id"),
        ({"reporter": HALF}, "reporter"),
        ({"reason": HALF}, "reason"),
        ({"at": HALF}, "at"),
        ({f"no{HALF}te": 1}, "no\ufffdte"),
        ({"reason": "NUMBER"}, "reason"),
        ({"comment__id": "NUMBER"}, "comment.id"),
        ({"comment__created": "NUMBER"}, "comment.created"),
        ({"more": "NUMBER"}, "more"),
        ({"note": "LIST"}, "note"),
        ({"comment__author": "OBJECT"}, "comment.author.a"),
    ],
)
async def test_what_cannot_be_an_id_or_a_value_is_named_and_fails_nothing(
    changes: dict[str, object], field: str
):
    """Values that a careless reader of JSON stumbles over stand in for the words."""
    content = json.dumps(make_body(**changes))
    content = content.replace('"NUMBER"', "9" * 5_000)
    content = content.replace('"LIST"', "[" * 20_000 + "]" * 20_000)
    content = content.replace('"OBJECT"', '{"a":' * 5_000 + "1" + "}" * 5_000)
    async with calling() as site:
        problem = await problem_of(await site.post(content.encode()), 422)
        assert field in [error["field"] for error in problem["errors"]]
        assert not site.shelf.kept


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("https://zürich-post.example/a", None),
        ("HTTPS://courier.example/a", None),
        ("https://[2001:db8::7]:8443/a", None),
        ("https://my_paper.example/a", None),
        ("https://courier.example/" + "a" * 1900, None),
        ("https://новости.example/щ", "https://новости.example/%D1%89"),
        ("https://courier.example/" + "щ" * 62, "https://courier.example/" + "%D1%89" * 62),
    ],
)
async def test_an_honest_address_is_taken_and_its_host_kept_as_written(sent, kept):
    body = make_body(story__url=sent, story__id=sent, comment__permalink=sent)
    async with calling() as site:
        assert (await site.post(body)).status == 202
        (report,) = site.shelf.kept
    assert (report.story.url, report.comment.permalink) == (kept or sent, kept or sent)
    assert report.story.external_id == sent
