"""`comment-desk setup`, from a bot that nobody invited to a desk whose every check is green."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import discord
import pytest
import pytest_asyncio

from bot.cli.setup import account, places
from bot.cli.setup.portal import MAKING, RIGHTS
from bot.cli.setup.sitting import read_answers
from bot.domain.errors import DeskError
from bot.standin.permissions import DESK, EVERYONE, Permission, allow, deny
from config.settings import load
from tests.journey.setting_up import Admin, Scene, open_invitation, set_scene
from tests.support.waiting import until

MAKING_RIGHTS = (Permission.MANAGE_CHANNELS, Permission.MANAGE_ROLES)
NEEDED = discord.Permissions(**dict.fromkeys(RIGHTS, True)).value


@pytest_asyncio.fixture
async def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    monkeypatch.setattr(account, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(places, "LOOK_EVERY", 0.02)
    monkeypatch.chdir(tmp_path)
    async with set_scene(tmp_path) as made:
        for name, value in made.environment.items():
            if name.startswith("DESK_DISCORD__"):
                monkeypatch.setenv(name, value)
        yield made


def staffed(scene: Scene, *, private: bool = True) -> dict[str, str]:
    """Let the server have a channel and roles of its own already."""
    world = scene.world
    roles = {name: world.add_role(name, EVERYONE, mentionable=True) for name in ("Mods", "Chiefs")}
    rights = [deny(world.guild_id, Permission.VIEW_CHANNEL)] if private else []
    shown = [allow(role, Permission.VIEW_CHANNEL) for role in (*roles.values(), world.bot_role)]
    place = world.add_channel("cards", [*rights, *shown])
    return roles | {"cards": place}


# ---- from nothing


async def test_one_script_sets_up_everything(scene: Scene):
    scene.write_answers()
    process = await scene.start("setup", "--token-file", "token", "--answers", "answers.toml")
    assert process.stdout is not None
    lines: list[str] = []
    async for raw in process.stdout:
        lines.append(raw.decode().rstrip())
        if "/oauth2/authorize" in lines[-1]:
            await open_invitation(lines[-1])

    assert await process.wait() == 0, "\n".join(lines)
    assert not [line for line in lines if "✗" in line]
    assert any(line.endswith(" run") for line in lines)
    assert stat.S_IMODE(scene.env_file.stat().st_mode) == 0o600
    assert scene.world.token not in "\n".join(lines)
    scene.settled()


async def test_it_makes_a_private_place_for_those_with_the_roles(scene: Scene):
    scene.sandbox.owner.invite(DESK, *MAKING_RIGHTS)
    scene.world.add_person("ana")

    assert await scene.sit(Admin(), scene.answers(make=True))

    world, env = scene.world, scene.env
    channel, editors = env["DESK_DISCORD__CHANNEL_ID"], env["DESK_DISCORD__EDITORS_CHANNEL_ID"]
    assert world.channels[channel]["name"] == "moderation"
    assert world.channels[editors]["parent_id"] == world.channels[channel]["parent_id"]
    assert not world.permissions(world.person("ana"), channel)
    for name, sees in (("Moderator", False), ("Senior moderator", True), ("Editor", True)):
        person = world.add_person(name.lower().replace(" ", ""), [scene.sandbox.owner.role(name)])
        assert world.permissions(person, channel) & Permission.SEND_MESSAGES
        assert bool(world.permissions(person, editors)) is sees
    [made] = json.loads(env["DESK_DISCORD__EDITOR_ROLES"])
    assert world.roles[str(made)]["mentionable"]
    scene.settled()


async def test_the_rights_for_making_are_asked_for_once_and_given_back(scene: Scene):
    admin = Admin(patience=10)
    opened: list[asyncio.Task[None]] = []

    def invited(words: str) -> None:
        if words.startswith("Waiting until"):
            link = admin.said[-1]
            opened.append(asyncio.ensure_future(open_invitation(link)))

    admin.waits = invited
    assert await scene.sit(admin, scene.answers(make=True))

    assert len(opened) == 1
    asked = discord.Permissions(**dict.fromkeys([*RIGHTS, *MAKING], True)).value
    assert f"permissions={asked}" in "\n".join(admin.said)
    assert "no longer needs Manage Channels and Manage Roles" in admin.heard
    scene.settled()


async def test_a_bot_that_is_there_is_asked_for_the_two_rights_alone(scene: Scene):
    scene.sandbox.owner.invite(DESK)
    words = await scene.refused(Admin(), scene.answers(make=True))
    assert "lacks Manage Channels and Manage Roles" in words


async def test_the_invitation_asks_for_what_is_needed_and_no_more(scene: Scene):
    admin = Admin()
    await scene.refused(admin, scene.answers(make=False, channel="cards"))
    assert f"permissions={NEEDED}" in "\n".join(admin.said)
    assert int(DESK) == NEEDED
    assert f"client_id={scene.world.app_id}" in "\n".join(admin.said)


# ---- what is there already


async def test_channels_and_roles_are_chosen_by_name(scene: Scene):
    scene.sandbox.owner.invite(DESK)
    ids = staffed(scene)
    admin = Admin(
        {
            "Which server": "Colne",
            "Shall it": "no",
            "Channel for the cards": "#cards",
            "Channel for the editors": "None",
            "Roles that keep": "Mods",
            "Roles that also": "Chiefs",
        }
    )

    assert await scene.sit(admin, scene.answers())

    assert scene.env["DESK_DISCORD__CHANNEL_ID"] == ids["cards"]
    assert scene.env["DESK_DISCORD__MODERATOR_ROLES"] == f"[{ids['Mods']}]"
    assert scene.env["DESK_DISCORD__SENIOR_ROLES"] == f"[{ids['Chiefs']}]"
    assert "DESK_DISCORD__EDITORS_CHANNEL_ID" not in scene.env
    scene.settled()


async def test_a_script_chooses_by_name_too(scene: Scene):
    scene.sandbox.owner.invite(DESK)
    ids = staffed(scene)
    named = scene.answers(channel="#cards", moderator_roles=["mods"])

    assert await scene.sit(Admin(insists=False), named)

    assert scene.env["DESK_DISCORD__CHANNEL_ID"] == ids["cards"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"channel": "nowhere"}, "no channel nowhere"),
        ({"moderator_roles": ["Nobody"]}, "no role Nobody"),
        ({"moderator_roles": ["Comment Desk"]}, "no role Comment Desk that people can have"),
        ({"moderator_roles": ["@everyone"]}, "no role @everyone"),
        ({"moderator_roles": []}, "No role may decide"),
        ({"channel": "general"}, "Everybody in the server can read #general"),
        ({"editors_channel": "general"}, "Everybody in the server can read #general"),
    ],
)
async def test_a_name_that_will_not_do_is_said(scene: Scene, wrong: dict[str, object], words: str):
    scene.sandbox.owner.invite(DESK)
    staffed(scene)
    named = scene.answers(**{"channel": "cards", "moderator_roles": ["Mods"]} | wrong)

    assert words in await scene.refused(Admin(insists=False), named)
    assert "DESK_DISCORD__CHANNEL_ID" not in scene.env


async def test_a_channel_name_that_stands_twice_is_told_apart(scene: Scene):
    scene.sandbox.owner.invite(DESK)
    ids = staffed(scene)
    other = dict(scene.world.channels[ids["cards"]], id=scene.world.ids.new())
    scene.world.channels[other["id"]], scene.world.messages[other["id"]] = other, {}
    named = {"moderator_roles": ["Mods"]}

    words = await scene.refused(Admin(), scene.answers(channel="cards", **named))

    assert "2 channels called cards" in words
    assert other["id"] in words
    assert await scene.sit(Admin(), scene.answers(channel=other["id"], **named))
    assert scene.env["DESK_DISCORD__CHANNEL_ID"] == other["id"]


async def test_of_two_servers_one_is_chosen(scene: Scene):
    scene.sandbox.owner.invite(DESK, *MAKING_RIGHTS)
    scene.sandbox.owner.add_elsewhere("Essex Echo")
    wanted = scene.answers(make=True)

    admin = Admin({"Which server": "Colne Courier"})
    assert await scene.sit(admin, wanted)
    assert scene.env["DESK_DISCORD__GUILD_ID"] == scene.world.guild_id


async def test_a_script_has_to_say_which_of_two_servers(scene: Scene):
    scene.sandbox.owner.invite(DESK, *MAKING_RIGHTS)
    scene.sandbox.owner.add_elsewhere("Essex Echo")
    scene.write_answers()
    process = await scene.start("setup", "--token-file", "token", "--answers", "answers.toml")
    out, _ = await process.communicate()
    assert process.returncode == 1
    assert "server in the file of answers" in out.decode()
    assert await scene.sit(Admin(), scene.answers(make=True, server="Colne Courier"))


async def test_a_role_of_ours_does_not_take_over_one_with_people_in_it(scene: Scene):
    theirs = scene.world.add_role("Moderator", EVERYONE)
    scene.sandbox.owner.invite(DESK, *MAKING_RIGHTS)

    assert await scene.sit(Admin(), scene.answers(make=True))

    assert theirs not in scene.env["DESK_DISCORD__MODERATOR_ROLES"]
    assert scene.sandbox.owner.role("Comment moderator")


async def test_rights_that_a_channel_withholds_are_waited_for(scene: Scene):
    scene.sandbox.owner.invite(DESK)
    staffed(scene)
    scene.sandbox.owner.take("cards", Permission.ADD_REACTIONS)
    named = scene.answers(channel="cards", moderator_roles=["Mods"])
    assert "still lacks Add Reactions" in await scene.refused(Admin(), named)

    admin = Admin(patience=10)
    admin.waits = lambda words: (
        scene.sandbox.owner.give("cards", Permission.ADD_REACTIONS)
        if "Add Reactions" in words
        else None
    )
    assert await scene.sit(admin, named)


# ---- the token


async def test_a_wrong_token_is_said_and_asked_for_again(scene: Scene):
    scene.sandbox.owner.invite(DESK, *MAKING_RIGHTS)
    admin = Admin(tokens=["wrong", scene.world.token])

    assert await scene.sit(admin, scene.answers(make=True, server="Colne Courier"), token=None)
    assert "does not know this token" in admin.heard


@pytest.mark.parametrize("token", ["", "  ", "two words", "é"])
async def test_what_is_no_token_is_not_sent_anywhere(scene: Scene, token: str):
    options = scene.answers(make=True)
    words = await scene.refused(Admin(), options, token=token or " ")
    assert "That is no token" in words
    assert not scene.sandbox.rest.log


async def test_a_wrong_token_in_a_script_ends_it(scene: Scene):
    words = await scene.refused(Admin(insists=False), scene.answers(make=True), token="wrong")
    assert "does not know this token" in words
    assert not scene.env_file.exists()


async def test_the_token_comes_by_standard_input_and_never_as_an_argument(scene: Scene):
    scene.sandbox.owner.invite(DESK, *MAKING_RIGHTS)
    scene.write_answers()
    process = await scene.start(
        *("setup", "--token-file", "-", "--answers", "answers.toml"), stdin=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate(scene.world.token.encode() + b"\n")
    assert process.returncode == 0, out.decode()
    assert scene.env["DESK_DISCORD__TOKEN"] == scene.world.token


async def test_discord_that_cannot_be_reached_is_said(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DESK_DISCORD__API_URL", "http://127.0.0.1:9")
    assert "cannot be reached" in await scene.refused(Admin(), scene.answers(make=True))


# ---- the admin's own file


OWN = (
    "# Ours, since 2019\n"
    "TZ=Europe/London\r\n"
    "export SMTP='mail.example' # ask Jo\n"
    "DESK_LOG_LEVEL=WARNING\n"
    "DESK_DISCORD__TOKEN=\n"
    "\n"
    "# the end"
)


async def test_nothing_of_the_admins_own_is_lost(scene: Scene):
    scene.sandbox.owner.invite(DESK, *MAKING_RIGHTS)
    scene.env_file.write_bytes(OWN.encode())

    assert await scene.sit(Admin(), scene.answers(make=True, server="Colne Courier"))

    kept = scene.env_file.read_bytes().decode().splitlines(keepends=True)
    ours = [line for line in kept if line.startswith("DESK_") and "LOG_LEVEL" not in line]
    rest = "".join(line for line in kept if line not in ours)
    assert rest == OWN.replace("DESK_DISCORD__TOKEN=\n", "") + "\n"
    assert not scene.env_file.with_name(".env.setup").exists()


async def test_another_desks_settings_are_left_alone(scene: Scene):
    scene.sandbox.owner.invite(DESK, *MAKING_RIGHTS)
    own = "DESK_DISCORD__TOKEN=another\nDESK_DISCORD__GUILD_ID=42\n"
    scene.env_file.write_text(own)

    words = await scene.refused(Admin(), scene.answers(make=True))

    assert "belongs to another desk" in words
    assert scene.env_file.read_text() == own
    assert len(scene.world.channels) == 1


async def test_settings_of_another_server_are_left_alone(scene: Scene):
    scene.sandbox.owner.invite(DESK, *MAKING_RIGHTS)
    assert await scene.sit(Admin(), scene.answers(make=True, server="Colne Courier"))
    before = scene.env_file.read_bytes()

    assert "belongs to another desk" in await scene.refused(
        Admin(), scene.answers(make=True, server="Essex Echo")
    )
    assert scene.env_file.read_bytes() == before


async def test_a_new_token_of_the_same_bot_takes_the_old_ones_place(scene: Scene):
    scene.sandbox.owner.invite(DESK, *MAKING_RIGHTS)
    wanted = scene.answers(make=True, server="Colne Courier")
    assert await scene.sit(Admin(), wanted)
    scene.world.token = "reset-token"

    assert await scene.sit(Admin(), wanted)

    assert scene.env["DESK_DISCORD__TOKEN"] == "reset-token"


async def test_a_second_run_changes_nothing(scene: Scene):
    scene.sandbox.owner.invite(DESK, *MAKING_RIGHTS)
    wanted = scene.answers(make=True, server="Colne Courier")
    assert await scene.sit(Admin(), wanted)
    before, places_before = scene.env_file.read_bytes(), list(scene.world.channels)

    assert await scene.sit(Admin(), wanted, token=None)

    assert scene.env_file.read_bytes() == before
    assert list(scene.world.channels) == places_before


# ---- interrupted


STEPS: dict[str, Callable[[Scene], bool]] = {
    "token": lambda scene: scene.env_file.exists(),
    "first role": lambda scene: _asked(scene, "POST", "/roles") == 1,
    "category": lambda scene: _asked(scene, "POST", "/channels") == 1,
    "channel": lambda scene: _asked(scene, "POST", "/channels") == 2,
    "site": lambda scene: "DESK_SITES__COURIER__URL" in scene.env,
    "card": lambda scene: _asked(scene, "POST", "/messages") == 1,
    "decided": lambda scene: _asked(scene, "PATCH", "") == 1,
}


def _asked(scene: Scene, method: str, end: str) -> int:
    return sum(how == method and path.endswith(end) for how, path, _ in scene.sandbox.rest.log)


@pytest.mark.parametrize("step", list(STEPS))
async def test_killed_at_any_step_it_goes_on_where_it_was(scene: Scene, step: str):
    scene.sandbox.owner.invite(DESK, *MAKING_RIGHTS)
    scene.write_answers()
    arguments = ("setup", "--token-file", "token", "--answers", "answers.toml")
    first = await scene.start(*arguments)
    reading = asyncio.ensure_future(first.communicate())
    await until(lambda: STEPS[step](scene) or first.returncode is not None, what=step)
    if first.returncode is None:
        first.kill()
    await reading
    kept = scene.env

    again = await scene.start("setup", "--answers", "answers.toml")
    out, _ = await again.communicate()

    assert again.returncode == 0, out.decode()
    assert kept.items() <= scene.env.items()
    names = [channel["name"] for channel in scene.world.channels.values()]
    assert sorted(names) == ["Comment Desk", "editors", "general", "moderation"]
    assert len(scene.world.roles) == 5
    assert sorted(one.name for one in scene.folder.iterdir()) == [".env", "answers.toml", "token"]
    scene.settled()


async def test_notes_that_a_kill_left_behind_a_settled_site_go(scene: Scene):
    scene.sandbox.owner.invite(DESK, *MAKING_RIGHTS)
    wanted = scene.answers(make=True, server="Colne Courier")
    assert await scene.sit(Admin(), wanted)
    notes = scene.env_file.with_name(".env.setup")
    begun = {"kind": "webhook", "url": "https://courier.example/", "name": "courier"}
    notes.write_text(json.dumps({"site": begun, "site courier": {"secrets": ["s"]}}))

    assert await scene.sit(Admin(), wanted)

    assert not notes.exists()


async def test_a_test_card_that_was_left_behind_is_tidied(scene: Scene):
    scene.sandbox.owner.invite(DESK, *MAKING_RIGHTS)
    wanted = scene.answers(make=True, server="Colne Courier")
    scene.sandbox.rest.fault("DELETE", "/channels/*/messages/*", status=403, times=None)
    admin = Admin()
    assert not await scene.sit(admin, wanted)
    assert not next(one for one in admin.found if one.name == "Test card").good
    assert any(scene.world.messages.values())
    scene.sandbox.rest.clear_faults()

    assert await scene.sit(Admin(), wanted)
    scene.settled()


@pytest.mark.parametrize(
    "text",
    ["make = 3", "servr = 'x'", "[site]\nkind = 'webhook'", "not toml", "[site]\nkind = 3\nurl=4"],
)
def test_answers_that_cannot_be_used_are_named(tmp_path: Path, text: str):
    path = tmp_path / "answers.toml"
    path.write_text(text)
    with pytest.raises(DeskError, match="answers in"):
        read_answers(path)


# ---- a further newsroom


async def test_a_further_newsroom_is_added_in_one_sitting_and_the_first_is_left_alone(
    scene: Scene,
):
    herald = {"kind": "webhook", "url": scene.site_url, "name": "herald", "allow_private": True}
    wants = scene.answers(make=True, site=herald)
    assert "Mend" in await scene.refused(Admin(), wants, newsroom="herald")
    scene.sandbox.owner.invite(DESK, *MAKING_RIGHTS)
    assert await scene.sit(Admin(), scene.answers(make=True))
    first, before = scene.env, scene.env_file.read_bytes()

    # What cannot be: another's channel, another's site, a name that none can have.
    taken = scene.answers(
        make=False, channel="moderation", moderator_roles=["Moderator"], site=herald
    )
    for name, answers, words in (
        ("herald", taken, "One of these channels is the newsroom first's"),
        ("herald", scene.answers(make=True), "There is a site courier already"),
        ("first", wants, "A newsroom cannot be called first"),
        ("he rald", wants, "A newsroom cannot be called he rald"),
    ):
        assert words in await scene.refused(Admin(), answers, newsroom=name), name
    # A site that does not answer: nothing is written that the desk could not start with.
    nowhere = scene.answers(make=True, site=herald | {"url": "http://127.0.0.1:9/desk"})
    assert not await scene.sit(Admin(), nowhere, newsroom="herald")
    assert scene.env_file.read_bytes() == before

    admin = Admin()
    assert await scene.sit(admin, wants, newsroom="herald"), admin.heard
    assert "herald: Channel" in admin.heard
    assert {name: scene.env[name] for name in first} == first
    assert scene.env_file.read_bytes().startswith(before)
    read = load(scene.env_file)
    assert [list(one.sites) for one in read.each.values()] == [["courier"], ["herald"]]
    channels = [one.discord.channels for one in read.each.values()]
    assert [len(one) for one in channels] == [2, 2]
    assert not channels[0] & channels[1]
    assert not scene.env_file.with_name(".env.setup").exists()
    scene.settled()
