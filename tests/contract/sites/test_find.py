"""A comment is found by the address where it is read, as its platform writes addresses."""

from dataclasses import dataclass
from http import HTTPStatus

import pytest
from aiohttp import web

from bot.domain.errors import SiteDown
from bot.ports import AskedSite

from .fake_coral import FakeCoral
from .fake_disqus import FakeDisqus
from .fake_remark42 import FakeRemark42
from .stage import Fake, on_stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A platform, the address of its comment, one of a comment that it has not, and its words."""

    kind: type[Fake]
    address: str
    nobody: str
    text: str
    story: tuple[str, str]


SAMPLES = [
    Sample(
        kind=FakeCoral,
        address="https://courier.example/raids?commentID=com-1",
        nobody="https://courier.example/raids?commentID=com-404",
        text="You are all bought & sold.",
        story=("st-1", "https://courier.example/raids"),
    ),
    Sample(
        kind=FakeDisqus,
        address="https://courier.example/r#comment-8801",
        nobody="https://courier.example/r#comment-404",
        text="You are all bought & sold.",
        story=("71", "https://courier.example/r"),
    ),
    Sample(
        kind=FakeRemark42,
        address="https://courier.example/story#remark42__comment-5c5a1f0e-77aa",
        nobody="https://courier.example/story#remark42__comment-404",
        text="You.",
        story=("https://courier.example/story", "https://courier.example/story"),
    ),
]
every = pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.kind.__name__)


@every
async def test_a_comment_is_found_by_the_address_where_it_is_read(sample: Sample):
    fake = sample.kind()
    async with on_stage(fake) as site:
        assert isinstance(site, AskedSite)
        about = await site.find(sample.address)
    assert about is not None
    assert about.comment.external_id == fake.comment_id
    assert about.comment.permalink == sample.address
    assert about.comment.text == sample.text
    assert (about.author.external_id, about.author.name) == (fake.author_id, "salty_dog")
    assert (about.story.external_id, about.story.url) == sample.story


@every
async def test_what_a_platform_has_not_is_nothing_and_what_names_none_is_not_asked_for(
    sample: Sample,
):
    fake, asked = sample.kind(), list[str]()

    async def hear(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return await fake.respond(request)

    fake.fault = hear
    async with on_stage(fake) as site:
        assert isinstance(site, AskedSite)
        assert await site.find(sample.nobody) is None
        asked.clear()
        for address in (
            "https://courier.example/raids",
            "https://courier.example/raids#",
            "https://courier.example/raids?commentID=",
            "https://courier.example/raids?commentID=com-1&commentID=com-9",
            f"{sample.address}%2f..%2fadmin",
            f"{sample.address}/../../x",
            f"{sample.address}'\"<>",
            "https://[::1",
            f"https://courier.example/?{'a=1&' * 100}commentID=com-1",
            "",
        ):
            assert await site.find(address) is None
        assert asked == []
        fake.remove()
        assert await site.find(sample.address) is None


@every
@pytest.mark.parametrize("status", [HTTPStatus.BAD_GATEWAY, HTTPStatus.UNAUTHORIZED])
async def test_a_platform_that_does_not_answer_is_asked_later(sample: Sample, status: HTTPStatus):
    fake = sample.kind()

    async def refuse(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text="<html>")

    fake.fault = refuse
    async with on_stage(fake) as site:
        assert isinstance(site, AskedSite)
        with pytest.raises(SiteDown):
            await site.find(sample.address)


async def test_a_number_of_another_forum_at_disqus_is_not_ours():
    fake = FakeDisqus()
    fake.posts["8801"]["forum"] = "echo"
    async with on_stage(fake) as site:
        assert isinstance(site, AskedSite)
        assert await site.find("https://courier.example/r#comment-8801") is None
