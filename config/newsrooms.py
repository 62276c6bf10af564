"""The settings of a title's newsroom: its Discord server, its sites, its rules and its record."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, SecretStr, model_validator

from config.operations import BackupSettings
from config.public import PublicSettings

FIRST: Final = "first"
"""What the newsroom of DESK_DISCORD is called where there are several."""

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class GuildSettings(BaseModel):
    """Where in Discord a newsroom works, and whose roles count there."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    _named: str = PrivateAttr("DESK_DISCORD__")

    guild_id: int = Field(description="The server's id.")
    channel_id: int = Field(description="The private channel the cards are posted in.")
    editors_channel_id: int | None = Field(
        default=None, description="The private channel editors are alerted in; none without it."
    )
    appeals_channel_id: int | None = Field(
        default=None,
        description="The private channel contested decisions are shown in; the cards' without it.",
    )
    log_channel_id: int | None = Field(
        default=None, description="The channel every decision is put into as a line; none without."
    )
    rehearsal_channel_id: int | None = Field(
        default=None, description="The channel for `comment-desk rehearse`; none without it."
    )
    moderator_roles: list[int] = Field(default=[], description="Roles that may keep, hide and ban.")
    senior_roles: list[int] = Field(
        default=[], description="Roles that may also undo other people's decisions."
    )
    editor_roles: list[int] = Field(
        default=[], description="Roles that may do everything a senior moderator may."
    )

    @property
    def channels(self) -> frozenset[int]:
        """Every channel that is named."""
        named = (
            self.channel_id,
            self.editors_channel_id,
            self.appeals_channel_id,
            self.log_channel_id,
            self.rehearsal_channel_id,
        )
        return frozenset(one for one in named if one is not None)

    @property
    def variables(self) -> str:
        """What the names of these settings begin with, as they stand in the environment."""
        return self._named

    def called(self, variables: str) -> Self:
        """Return the same under names that begin otherwise."""
        renamed = self.model_copy()
        renamed._named = variables  # noqa: SLF001 - a copy of its own
        return renamed

    @model_validator(mode="after")
    def _not_everybody(self) -> Self:
        """Refuse the role that Discord gives to all of a server, which has the server's id."""
        if self.guild_id in {*self.moderator_roles, *self.senior_roles, *self.editor_roles}:
            raise ValueError(
                "One of the roles is the server's own id, which stands for @everyone: whoever "
                "joins could decide. Name a role of your moderators"
            )
        return self


class NewsroomSettings(GuildSettings):
    """A further title's newsroom, under a short name: a server, sites, rules and a record of its own.

    The newsroom of DESK_DISCORD has all sites that no other one names.
    """

    sites: list[str] = Field(
        min_length=1, description='Its sites, by their short names: ["herald"].'
    )
    policy: Path | None = Field(
        default=None, description="Its house rules; those of DESK_POLICY if empty."
    )
    database: Path | None = Field(
        default=None, description="Its SQLite file; beside DESK_DATABASE, with its name, if empty."
    )
    database_url: SecretStr | None = Field(
        default=None, description="Its own PostgreSQL database, where DESK_DATABASE_URL names one."
    )
    alert_urls: list[SecretStr] = Field(
        default=[], description="Where its editors are alerted besides Discord, in Apprise's form."
    )
    public: PublicSettings | None = None

    @property
    def places(self) -> Mapping[str, object]:
        """What it says of Discord, by the names of those settings."""
        return {name: getattr(self, name) for name in GuildSettings.model_fields}

    def site_names(self) -> frozenset[str]:
        """Return its sites as they are called in DESK_SITES."""
        return frozenset(name.lower() for name in self.sites)


def is_name(newsroom: str) -> bool:
    """Whether a further newsroom can be called so."""
    return newsroom != FIRST and _NAME.fullmatch(newsroom) is not None


def beside(path: Path, newsroom: str) -> Path:
    """Return the path for a newsroom's own file, beside the first one's."""
    return path.with_name(f"{path.stem}-{newsroom}{path.suffix}")


def require_apart(
    newsrooms: Mapping[str, NewsroomSettings],
    *,
    sites: frozenset[str],
    first: GuildSettings,
    database: Path,
    database_url: SecretStr | None,
    public: PublicSettings | None,
    backups: BackupSettings,
) -> None:
    """Return if no newsroom shares what is to be its own; the arguments are the first one's, and how all are copied.

    Raises:
        ValueError: One does; the sentence says which, and what.
    """
    owners = dict[object, str]()
    _own(owners, FIRST, first, public, _kept(database, database_url, backups))
    left = sites
    for name, one in newsrooms.items():
        if not is_name(name):
            raise ValueError(
                f"A newsroom cannot be called {name}. Use small letters, digits and hyphens, and "
                f"not {FIRST}, which is the one of DESK_DISCORD"
            )
        unknown = sorted(one.site_names() - sites)
        if unknown:
            raise ValueError(
                f"Newsroom {name} names the site {unknown[0]}, which is not set up. Mend the name, "
                "or connect the site with comment-desk sites connect"
            )
        taken = sorted(one.site_names() - left)
        if taken:
            raise ValueError(f"The site {taken[0]} is named by two newsrooms. Leave it to one")
        if database_url is not None and one.database_url is None:
            raise ValueError(
                f"Newsroom {name} has no database of its own. Name one in "
                f"DESK_NEWSROOMS__{name.upper()}__DATABASE_URL"
            )
        left -= one.site_names()
        own = one.database or beside(database, name)
        _own(owners, name, one, one.public, _kept(own, one.database_url, backups))
    if not left:
        raise ValueError("The newsroom of DESK_DISCORD is left without a site. Leave it one")


def _kept(database: Path, url: SecretStr | None, backups: BackupSettings) -> Mapping[object, str]:
    """Return where a record is kept, and what stands beside it, each with what it is called.

    A copy has the name of its database without the ending, and on a server nothing is copied.
    """
    file = database.absolute().resolve()
    copies = backups.folder_of(database).resolve() / database.stem
    if url is None:
        return {("file", file): "the database", ("copies", copies): "the names of the backups"}
    return {("url", url.get_secret_value()): "the database", ("file", file): f"the path {database}"}


def _own(
    owners: dict[object, str],
    name: str,
    guild: GuildSettings,
    public: PublicSettings | None,
    kept: Mapping[object, str],
) -> None:
    own: dict[object, str] = {
        ("channel", channel): f"the channel {channel}" for channel in guild.channels
    }
    own |= kept
    if public is not None and public.port:
        own["port", public.host, public.port] = "the port of the readers' pages"
    if public is not None:
        own["pages", public.url] = "the address of the readers' pages"
    for what, words in own.items():
        other = owners.setdefault(what, name)
        if other != name:
            raise ValueError(
                f"Newsrooms {other} and {name} have {words} in common. Give each its own"
            )
