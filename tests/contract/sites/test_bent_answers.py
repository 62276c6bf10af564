"""Good answers with one value in them bent: an adapter ends in an outcome, never in a fault."""

import json
import random
from typing import Any

import pytest
from aiohttp import web

from bot.domain.decisions import Action
from bot.domain.effects import Outcome
from bot.domain.errors import SiteDown
from bot.domain.site import Ability, Found
from bot.ports import ClosingSite, PolledSite, WatchedSite

from .stage import Fake, on_stage
from .test_promises import abilities_of, every, order

BENT: list[Any] = [None, True, 0, -1, 2.5, "", "x" * 3000, [], {}, [[]], {"id": []}, "2026-13-99"]
TRIES = 12


def bend(value: Any, chance: random.Random) -> Any:
    """Replace one value somewhere in it by one of another kind."""
    places: list[Any] = []
    if isinstance(value, dict | list):
        places = list(value.items() if isinstance(value, dict) else enumerate(value))
    if not places or chance.random() < 0.15:
        return chance.choice(BENT)
    key, inner = chance.choice(places)
    bent = dict(value) if isinstance(value, dict) else list(value)
    bent[key] = bend(inner, chance)
    return bent


def bending(fake: Fake, chance: random.Random):
    async def answer(request: web.Request) -> web.StreamResponse:
        good = await fake.respond(request)
        if not isinstance(good, web.Response) or not good.body or chance.random() < 0.3:
            return good
        try:
            value = json.loads(good.body)  # type: ignore[arg-type]
        except ValueError:
            return good
        good.body = json.dumps(bend(value, chance)).encode()
        return good

    return answer


@every
@pytest.mark.parametrize("seed", range(TRIES))
async def test_one_bent_value_never_makes_an_adapter_fail(kind: type[Fake], seed: int):
    fake = kind()
    if Ability.POLL in abilities_of(kind):
        fake.report("a note")
    fake.fault = bending(fake, random.Random(seed))  # noqa: S311 - bends, guards nothing
    async with on_stage(fake) as site:
        for action in (Action.BAN, Action.UNBAN, Action.HIDE, Action.KEEP):
            assert isinstance(await site.carry_out(order(fake, action)), Outcome)
        if isinstance(site, ClosingSite):
            for story in ("9", "../x", ""):
                assert isinstance(await site.close_story(story, closed=True), Outcome)
        if isinstance(site, WatchedSite):
            await quietly(site.look_at([fake.comment_id]))
        mark: str | None = None
        for _ in range(3):
            if isinstance(site, PolledSite) and Ability.POLL in site.abilities:
                found = await quietly(site.look_for_reports(mark))
                if found is None:
                    continue
                assert isinstance(found, Found)
                mark = found.mark
                for report in found.reports:
                    assert report.comment.external_id
                    assert report.comment.revision
                    assert report.author.external_id
                    assert report.author.name
                    assert report.story.url.startswith("http")


async def quietly(asking: Any) -> Any:
    try:
        return await asking
    except SiteDown:
        return None
