"""Permissions as Discord computes them, ids, and the life of an interaction's token."""

from typing import Any

import pytest

from bot.demo.scenario import newsroom
from bot.standin import ids, permissions
from bot.standin.errors import ApiError
from bot.standin.interactions import LIFETIME, Interactions
from bot.standin.permissions import Permission, allow, deny, in_channel, union
from bot.standin.wire import Answer, Asked
from bot.standin.world import World

VIEW, SEND, EMBED = Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES, Permission.EMBED_LINKS
BASE = VIEW | SEND | EMBED


def within(*overwrites: dict[str, Any], base: int = BASE) -> int:
    return in_channel(base, overwrites, everyone="e", roles=["a", "b"], person="p")


def test_without_overwrites_the_roles_decide() -> None:
    assert within() == BASE


def test_a_role_gives_back_what_everyone_lost() -> None:
    assert within(deny("e", VIEW)) == 0
    assert within(deny("e", VIEW), allow("a", VIEW)) == BASE


def test_among_roles_allow_beats_deny() -> None:
    assert within(allow("a", SEND), deny("b", SEND)) == BASE


def test_a_persons_own_overwrite_comes_last() -> None:
    assert within(allow("a", SEND), deny("p", SEND, person=True)) == VIEW
    assert within(deny("a", SEND), allow("p", SEND, person=True)) == BASE


def test_who_may_not_send_may_not_embed_either() -> None:
    assert within(deny("e", SEND)) == VIEW


def test_another_roles_overwrite_does_not_matter() -> None:
    assert within(deny("other", VIEW)) == BASE


def test_an_administrator_may_do_everything() -> None:
    assert union([{"permissions": str(int(Permission.ADMINISTRATOR))}]) == permissions.ALL
    assert within(deny("e", VIEW), base=permissions.ALL) == permissions.ALL


def test_a_stranger_may_do_nothing() -> None:
    world = newsroom()
    assert world.permissions("1") == 0
    assert world.permissions("1", world.place("general")) == 0


def test_the_newsrooms_channels_are_for_whom_they_should_be() -> None:
    world = newsroom()
    seen = {
        channel: {
            name
            for name in ("ana", "ben", "sam", "ed", "olly", "Comment Desk")
            if world.permissions(world.person(name), world.place(channel))
        }
        for channel in ("moderation", "editors", "general")
    }
    everybody = {"ana", "ben", "sam", "ed", "olly", "Comment Desk"}
    assert seen == {
        "moderation": everybody - {"olly"},
        "editors": {"sam", "ed", "Comment Desk"},
        "general": everybody,
    }


@pytest.mark.parametrize(
    "name",
    ["everyone", "Here", "discord", "my_discord_bot", "a", "", "a" * 33, "a@b", "a#b", "a:b", " a"],
)
def test_nobody_is_called_what_discord_forbids(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        newsroom().add_person(name)
    with pytest.raises(ValueError, match=r"."):
        World(bot_name=name)


@pytest.mark.parametrize("name", ["ab", "a" * 32, "Comment Desk", "юлия", "everyone2"])
def test_other_names_are_taken(name: str) -> None:
    newsroom().add_person(name)


def test_ids_grow_even_when_the_clock_goes_back() -> None:
    times = iter([2_000_000_000.0, 1_999_999_999.0, 2_000_000_001.0])
    made = ids.Ids(lambda: next(times))
    first, second, third = (int(made.new()) for _ in range(3))
    assert first < second < third
    assert ids.created(str(first)).timestamp() == 2_000_000_000.0


def test_named_ids_are_old_and_their_own() -> None:
    names = [ids.named(kind, name) for kind in ("user", "role") for name in ("ana", "ben")]
    assert len(set(names)) == 4
    assert names[0] == ids.named("user", "ana")
    assert all(ids.created(one).year in range(2020, 2025) for one in names)


async def test_a_token_lives_for_fifteen_minutes() -> None:
    world, now = newsroom(), [0.0]
    interactions = Interactions(world, lambda _event, _data: None, clock=lambda: now[0])
    asked = interactions.start(
        Asked.COMPONENT, world.person("ana"), world.place("moderation"), {"custom_id": "x"}
    )
    with pytest.raises(ApiError, match="Unknown Webhook"):
        interactions.answered(world.app_id, asked.token)
    interactions.settle(asked, Answer.DEFER_UPDATE)
    now[0] = LIFETIME
    assert interactions.answered(world.app_id, asked.token) is asked
    now[0] = LIFETIME + 1
    with pytest.raises(ApiError, match="50027"):
        interactions.answered(world.app_id, asked.token)
    interactions.close()


async def test_an_outsider_starts_nothing() -> None:
    world = newsroom()
    interactions = Interactions(world, lambda _event, _data: None)
    with pytest.raises(ApiError, match="Missing Access"):
        interactions.start(Asked.COMPONENT, world.person("olly"), world.place("moderation"), {})
