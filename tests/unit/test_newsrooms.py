"""Several newsrooms in one desk: what each one's settings are, and what none may share."""

import json
from pathlib import Path
from typing import Any

import pytest

from config.discord import authority, places_of, sources
from config.policy import load_policy
from config.settings import Settings, SettingsError, load

SITE = {
    "secrets": ["whsec_" + "aW5jb21pbmctc2VjcmV0LWZvci10aGUtam91cm5leXM="],
    "reporter_salt": "a salt of more than sixteen characters",
    "url": "https://courier.example/desk",
    "outgoing_secrets": ["whsec_" + "b3V0Z29pbmctc2VjcmV0LWZvci10aGUtam91cm5leXM="],
}
HERALD: dict[str, Any] = {
    "guild_id": 20,
    "channel_id": 21,
    "appeals_channel_id": 23,
    "moderator_roles": [22],
    "sites": ["herald"],
}


def settings(herald: dict[str, Any] | None = None, **more: Any) -> Settings:
    said: dict[str, Any] = {
        "_env_file": None,
        "discord": {"token": "t", "guild_id": 10, "channel_id": 11, "moderator_roles": [12]},
        "sites": {"courier": SITE, "sport": SITE, "herald": SITE},
        "newsrooms": {"herald": HERALD | (herald or {})},
        "database": Path("/srv/desk.db"),
        "policy": Path("group.toml"),
    }
    return Settings(**said | more)


def test_a_desk_without_further_newsrooms_has_one_with_everything() -> None:
    alone = settings(newsrooms={})
    assert alone.each == {"first": alone}


def test_each_newsroom_has_its_server_its_roles_its_sites_its_rules_and_its_record() -> None:
    first, herald = settings({"policy": "herald.toml"}).each.values()
    assert (first.discord.guild_id, herald.discord.guild_id) == (10, 20)
    assert (first.discord.channel_id, herald.discord.channel_id) == (11, 21)
    assert (set(authority(first.discord).ranks), set(authority(herald.discord).ranks)) == (
        {12},
        {22},
    )
    assert (list(first.sites), list(herald.sites)) == (["courier", "sport"], ["herald"])
    assert (first.policy, herald.policy) == (Path("group.toml"), Path("herald.toml"))
    assert first.database == Path("/srv/desk.db")
    assert herald.database == Path("/srv/desk-herald.db")
    assert herald.discord.token == first.discord.token


def test_a_newsroom_takes_nothing_over_from_the_first_that_would_reach_its_people() -> None:
    first = {
        "token": "t",
        "guild_id": 10,
        "channel_id": 11,
        "editors_channel_id": 13,
        "appeals_channel_id": 14,
        "log_channel_id": 15,
        "senior_roles": [16],
        "editor_roles": [17],
    }
    herald = settings(
        {"appeals_channel_id": None},
        discord=first,
        alerts={"urls": ["json://courier.example"]},
        public={"url": "https://courier.example"},
        anchor={"file": "/mnt/anchors.jsonl"},
    ).of("herald")
    assert set(places_of(herald.discord).all) == {21}
    assert set(authority(herald.discord).ranks) == {22}
    assert herald.alerts.urls == []
    assert herald.public is None
    assert herald.anchor.file == Path("/mnt/anchors-herald.jsonl")


def test_the_rules_of_the_group_stand_in_where_a_newsroom_has_none() -> None:
    assert settings().of("herald").policy == Path("group.toml")


def test_what_names_a_channel_is_said_by_the_newsrooms_own_variable() -> None:
    first, herald = settings().each.values()
    policy = load_policy(None)
    assert sources(policy, first.discord) == {11: "DESK_DISCORD__CHANNEL_ID"}
    assert sources(policy, herald.discord) == {
        21: "DESK_NEWSROOMS__HERALD__CHANNEL_ID",
        23: "DESK_NEWSROOMS__HERALD__APPEALS_CHANNEL_ID",
    }


def test_a_newsroom_that_there_is_not_is_named_with_those_that_there_are() -> None:
    with pytest.raises(SettingsError, match=r"no newsroom gazette. There are: first, herald"):
        settings().of("gazette")


@pytest.mark.parametrize(
    ("herald", "more", "words"),
    [
        ({"channel_id": 11}, {}, "first and herald have the channel 11 in common"),
        ({"log_channel_id": 11}, {}, "first and herald have the channel 11 in common"),
        ({"guild_id": 10, "editors_channel_id": 11}, {}, "have the channel 11 in common"),
        ({"database": "/srv/desk.db"}, {}, "first and herald have the database in common"),
        ({"database": "/srv/../srv/desk.db"}, {}, "have the database in common"),
        (
            {"database": "/srv/herald/desk.db"},
            {"backups": {"folder": "/mnt/copies"}},
            "first and herald have the names of the backups in common",
        ),
        ({"database": "/srv/desk.sqlite"}, {}, "have the names of the backups in common"),
        (
            {"database_url": "postgresql://db.example/herald", "database": "/srv/desk.db"},
            {"database_url": "postgresql://db.example/desk"},
            "have the path /srv/desk.db in common",
        ),
        ({"sites": ["gazette"]}, {}, "names the site gazette, which is not set up"),
        ({"sites": []}, {}, "at least 1 item"),
        ({"sites": ["herald", "courier", "sport"]}, {}, "left without a site"),
        ({"moderator_roles": [20]}, {}, "stands for @everyone"),
        (
            {},
            {"database_url": "postgresql://db.example/desk"},
            "DESK_NEWSROOMS__HERALD__DATABASE_URL",
        ),
        (
            {"database_url": "postgresql://db.example/desk"},
            {"database_url": "postgresql://db.example/desk"},
            "have the database in common",
        ),
        (
            {"public": {"url": "https://herald.example"}},
            {"public": {"url": "https://courier.example"}},
            "have the port of the readers' pages in common",
        ),
        (
            {"public": {"url": "https://courier.example", "port": 8085}},
            {"public": {"url": "https://courier.example"}},
            "have the address of the readers' pages in common",
        ),
        ({}, {"newsrooms": {"first": HERALD}}, "cannot be called first"),
        ({}, {"newsrooms": {"a/b": HERALD}}, "cannot be called a/b"),
        (
            {},
            {
                "newsrooms": {
                    "herald": HERALD,
                    "gazette": HERALD | {"channel_id": 31, "appeals_channel_id": None},
                }
            },
            "The site herald is named by two newsrooms",
        ),
    ],
)
def test_what_two_newsrooms_would_share_by_mistake_is_refused(
    herald: dict[str, Any], more: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        settings(herald, **more)


@pytest.mark.parametrize(
    ("herald", "more"),
    [
        ({"database": "/srv/herald/desk.db"}, {}),
        ({}, {"backups": {"folder": "/mnt/copies"}}),
        (
            {"database_url": "postgresql://db.example/herald"},
            {
                "database_url": "postgresql://db.example/desk",
                "backups": {"folder": "/mnt/copies"},
            },
        ),
    ],
)
def test_what_has_a_name_or_a_folder_of_its_own_is_nothing_shared(
    herald: dict[str, Any], more: dict[str, Any]
) -> None:
    assert list(settings(herald, **more).each) == ["first", "herald"]


def test_two_newsrooms_may_share_a_server_where_each_has_its_own_channels() -> None:
    assert settings({"guild_id": 10}).of("herald").discord.guild_id == 10


def test_the_names_of_sites_are_those_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(settings({"sites": ["HERALD"]}).of("herald").sites) == ["herald"]
    for name, value in {
        "DISCORD__TOKEN": "t",
        "DISCORD__GUILD_ID": "10",
        "DISCORD__CHANNEL_ID": "11",
        "SITES": json.dumps({"courier": SITE, "herald": SITE}),
        "NEWSROOMS__HERALD__GUILD_ID": "20",
        "NEWSROOMS__HERALD__CHANNEL_ID": "21",
        "NEWSROOMS__HERALD__MODERATOR_ROLES": "[22]",
        "NEWSROOMS__HERALD__SITES": '["herald"]',
    }.items():
        monkeypatch.setenv(f"DESK_{name}", value)
    read = Settings.model_validate({})
    assert list(read.of("first").sites) == ["courier"]
    assert list(read.of("herald").sites) == ["herald"]
    assert read.of("herald").discord.moderator_roles == [22]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"DESK_NEWSROOMS__GAZETTE__CHANNEL_ID": None},
            (
                "DESK_NEWSROOMS__GAZETTE__CHANNEL_ID is missing; "
                "see DESK_NEWSROOMS__HERALD__CHANNEL_ID in .env.example and docs/newsrooms.md."
            ),
        ),
        (
            {"DESK_NEWSROOMS__GAZETTE__CHANEL_ID": "31"},
            (
                "DESK_NEWSROOMS__GAZETTE__CHANEL_ID is not a setting of this version; "
                "did you mean DESK_NEWSROOMS__GAZETTE__CHANNEL_ID?"
            ),
        ),
        (
            {"DESK_NEWSROOMS__GAZETTE__SITES": "[]"},
            (
                "DESK_NEWSROOMS__GAZETTE__SITES is an empty list: "
                "it needs at least 1 item between its brackets."
            ),
        ),
        (
            {"DESK_NEWSROOMS__GAZETTE__CHANNEL_ID": "11"},
            "Newsrooms first and gazette have the channel 11 in common. Give each its own.",
        ),
        (
            {"DESK_NEWSROOMS__GAZETTE__SITES": '["gazete"]'},
            (
                "Newsroom gazette names the site gazete, which is not set up. Mend the name, or "
                "connect the site with comment-desk sites connect."
            ),
        ),
        (
            {"DESK_SITES__GAZETTE__REPORTER_SALT": None},
            (
                "DESK_SITES__GAZETTE__REPORTER_SALT is missing; see DESK_SITES__COURIER__REPORTER_SALT "
                "in .env.example, which is copied to .env, or let comment-desk setup ask for it."
            ),
        ),
    ],
    ids=["missing", "misspelt", "empty", "in common", "unknown site", "of its site"],
)
def test_what_is_wrong_with_a_newsroom_is_said_where_it_can_be_read_up(
    tmp_path: Path, changed: dict[str, str | None], sentence: str
) -> None:
    lines = {
        "DESK_DISCORD__TOKEN": "t",
        "DESK_DISCORD__GUILD_ID": "10",
        "DESK_DISCORD__CHANNEL_ID": "11",
        "DESK_DISCORD__MODERATOR_ROLES": "[12]",
        "DESK_NEWSROOMS__GAZETTE__GUILD_ID": "30",
        "DESK_NEWSROOMS__GAZETTE__CHANNEL_ID": "31",
        "DESK_NEWSROOMS__GAZETTE__SITES": '["gazette"]',
    }
    for name in ("COURIER", "GAZETTE"):
        for field, value in SITE.items():
            lines[f"DESK_SITES__{name}__{field.upper()}"] = (
                value if isinstance(value, str) else json.dumps(value)
            )
    env = tmp_path / ".env"
    said = {name: value for name, value in (lines | changed).items() if value is not None}
    env.write_text("".join(f"{name}={value}\n" for name, value in said.items()))
    with pytest.raises(SettingsError) as refused:
        load(env)
    assert sentence in str(refused.value).splitlines()
