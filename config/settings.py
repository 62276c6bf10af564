"""Settings, read from the environment and `.env`, checked when the desk starts."""

import logging
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.domain.errors import DeskError
from bot.sites.settings import SiteSettings
from config.anchor import AnchorSettings
from config.names import PREFIX, hint, names, needed, unread
from config.newsrooms import FIRST, GuildSettings, NewsroomSettings, beside, require_apart
from config.operations import BackupSettings, HealthSettings, WebSettings
from config.public import PublicSettings, SmtpSettings
from config.secrets import WithFiles

__all__ = [
    "AlertSettings",
    "AnchorSettings",
    "BackupSettings",
    "DiscordSettings",
    "HealthSettings",
    "NewsroomSettings",
    "PublicSettings",
    "Settings",
    "SettingsError",
    "SmtpSettings",
    "WebSettings",
    "load",
]

log = logging.getLogger(__name__)

Place = tuple[int | str, ...]
"""Where a value stands in the nested settings."""

_ANY_SITE = "courier"
_ANY_NEWSROOM = "herald"
"""What .env.example calls a site, which is a name of the newsroom's own choice."""


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Token(_Group):
    token: SecretStr = Field(
        min_length=1, description="The bot's token, from Discord's developer portal."
    )


class DiscordSettings(GuildSettings, _Token):
    """How to reach Discord, where the desk works, and whose roles count."""

    api_url: str | None = Field(
        default=None, description="Another Discord-compatible API, up to but without /api/v10."
    )
    gateway_url: str | None = Field(
        default=None, description="The gateway that goes with it, as ws:// or wss://."
    )
    allow_remote_api: bool = Field(
        default=False, description="Let api_url and gateway_url leave this machine."
    )


class AlertSettings(_Group):
    """Where editors are alerted besides Discord."""

    urls: list[SecretStr] = Field(
        default=[], description="Addresses in Apprise's form: mailto://, slack://, msteams://, ..."
    )


_POSTGRESQL = ("postgresql://", "postgres://")


class Settings(BaseSettings):
    """Everything, in nested groups: `DESK_DISCORD__TOKEN` and so on."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file=".env",
        extra="forbid",
        frozen=True,
    )

    _borrows_rules: bool = PrivateAttr(default=False)
    _all_sites: frozenset[str] = PrivateAttr(default=frozenset())

    discord: DiscordSettings
    sites: Annotated[dict[str, SiteSettings], Field(min_length=1)] = Field(
        description="The comment platforms, by a short name each."
    )
    newsrooms: dict[str, NewsroomSettings] = Field(
        default={}, description="Further newsrooms, by a short name each."
    )
    web: WebSettings = WebSettings()
    health: HealthSettings = HealthSettings()
    public: PublicSettings | None = None
    alerts: AlertSettings = AlertSettings()
    anchor: AnchorSettings = AnchorSettings()
    database: Path = Field(default=Path("desk.db"), description="The SQLite file.")
    database_url: SecretStr | None = Field(
        default=None,
        description="A PostgreSQL database instead: postgresql://desk:password@db.example/desk",
    )
    backups: BackupSettings = BackupSettings()
    policy: Path | None = Field(
        default=None, description="The house rules; the ones that ship with the desk if empty."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="How much is logged."
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="Lines for people, or one JSON object a line."
    )

    @field_validator("database_url")
    @classmethod
    def _of_postgresql(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not url.get_secret_value().startswith(_POSTGRESQL):
            raise ValueError("must begin with postgresql://; a file is named by DESK_DATABASE")
        return url

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if self.newsrooms:
            require_apart(
                self.newsrooms,
                sites=frozenset(name.lower() for name in self.sites),
                first=self.discord,
                database=self.database,
                database_url=self.database_url,
                public=self.public,
                backups=self.backups,
            )
        return self

    @property
    def borrows_rules(self) -> bool:
        """Whether the policy is the one of another newsroom."""
        return self._borrows_rules

    @property
    def all_sites(self) -> frozenset[str]:
        """The names of the sites of all newsrooms, where these are the settings of one."""
        return self._all_sites

    @property
    def each(self) -> Mapping[str, "Settings"]:
        """The settings of every newsroom, each as if it were the only one, by their names."""
        return {name: self.of(name) for name in (FIRST, *self.newsrooms)}

    def of(self, newsroom: str) -> "Settings":
        """Return a newsroom's settings as if it were the only one.

        Raises:
            SettingsError: There is none of that name.
        """
        if newsroom == FIRST:
            elsewhere = {site for one in self.newsrooms.values() for site in one.site_names()}
            sites = {name: one for name, one in self.sites.items() if name.lower() not in elsewhere}
            return self._as_one({"sites": sites, "newsrooms": {}})
        if newsroom not in self.newsrooms:
            known = ", ".join((FIRST, *self.newsrooms))
            raise SettingsError(f"There is no newsroom {newsroom}. There are: {known}.")
        own = self.newsrooms[newsroom]
        found = self._as_one(self._own(newsroom, own))
        found._borrows_rules = own.policy is None  # noqa: SLF001 - a copy of its own
        return found

    def _as_one(self, update: dict[str, object]) -> "Settings":
        found = self.model_copy(update=update)
        if self.newsrooms:
            found._all_sites = frozenset(map(str.lower, self.sites))  # noqa: SLF001 - as below
        return found

    def _own(self, name: str, own: NewsroomSettings) -> dict[str, object]:
        discord = self.discord.model_copy(update=dict(own.places))
        anchors = self.anchor.file and beside(self.anchor.file, name)
        return {
            "discord": discord.called(f"{PREFIX}NEWSROOMS__{name.upper()}__"),
            "sites": {
                site: one for site, one in self.sites.items() if site.lower() in own.site_names()
            },
            "newsrooms": {},
            "public": own.public,
            "alerts": AlertSettings(urls=own.alert_urls),
            "anchor": self.anchor.model_copy(update={"file": anchors}),
            "database": own.database or beside(self.database, name),
            "database_url": own.database_url,
            "policy": own.policy or self.policy,
        }

    @property
    def server(self) -> str | None:
        """The address of the database on a server, if there is one."""
        return self.database_url.get_secret_value() if self.database_url else None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Leave what the admin keeps in `.env` for other programs alone; read secrets' own files."""
        file = WithFiles(settings_cls, _Ours(settings_cls, dotenv_settings))
        return init_settings, WithFiles(settings_cls, env_settings), file, file_secret_settings


class _Ours(PydanticBaseSettingsSource):
    """What of a file is ours: the fields, and what looks like one of them and is none."""

    def __init__(self, settings: type[BaseSettings], file: PydanticBaseSettingsSource) -> None:
        super().__init__(settings)
        self._file = file

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        """Return one field, which nobody asks for: all are read at once."""
        return self._file.get_field_value(field, field_name)

    def __call__(self) -> dict[str, Any]:
        fields = self.settings_cls.model_fields
        return {
            name: value
            for name, value in self._file().items()
            if name in fields or name.startswith(PREFIX.lower())
        }

    @property
    def env_vars(self) -> Mapping[str, str | None]:
        """Everything that stands in the file, as it is called there."""
        return getattr(self._file, "env_vars", {})


class _WithoutDiscord(DiscordSettings):
    token: SecretStr = SecretStr("none")
    guild_id: int = 0
    channel_id: int = 0


class _BesideDiscord(Settings):
    """Of a process that does not speak to Discord, and need not know how."""

    discord: _WithoutDiscord = _WithoutDiscord()  # pyright: ignore[reportIncompatibleVariableOverride] - frozen


class SettingsError(DeskError):
    """The settings cannot be used; each line of the text names one and says what is wrong."""


def load(env_file: Path | None = None, *, speaks_to_discord: bool = True) -> Settings:
    """Read the settings; what looks like one in the environment and is none is warned of.

    `env_file` is read in place of the `.env` of the folder that the desk is started in. A process
    that does not speak to Discord needs no token.

    Raises:
        SettingsError: Something is missing or wrong.
    """
    ignored = [
        f"{name} is not a setting, so it is ignored; {hint(name, names(Settings))}"
        for name in unread(os.environ, Settings)
    ]
    try:
        settings = _read(Settings if speaks_to_discord else _BesideDiscord, env_file)
    except ValidationError as error:
        lines = chain.from_iterable(map(_told, error.errors()))
        raise SettingsError("\n".join([*lines, *ignored])) from None
    for line in ignored:
        log.warning(line)
    return settings


def _read(settings: type[Settings], env_file: Path | None) -> Settings:
    if env_file is None:
        return settings.model_validate({})
    return settings(_env_file=env_file)  # pyright: ignore[reportCallIssue] - read from there


def _told(problem: ErrorDetails) -> Iterable[str]:
    """Return what is said of a problem, a line for each setting."""
    if _is_missing(problem):
        return map(_missing, _within(problem["loc"]))
    return [_in_words(problem["loc"], problem["msg"])]


def _is_missing(problem: ErrorDetails) -> bool:
    """Whether there is nothing: no value, no site, or a line that nobody filled in."""
    empty = problem["type"] == "string_too_short" and not problem["input"]
    no_site = problem["loc"] == ("sites",) and problem["type"] == "too_short"
    return problem["type"] == "missing" or empty or no_site


def _within(place: Place) -> Sequence[Place]:
    """Return what is missing by the names that stand in `.env`: all that a group needs."""
    match place:
        case ["discord"]:
            return [(*place, name) for name in needed(DiscordSettings)]
        case ["sites"]:
            return [(*place, _ANY_SITE, name) for name in needed(SiteSettings)]
        case _:
            return [place]


def _missing(place: Place) -> str:
    variable = _variable(place)
    match place:
        case ["sites", str(), *rest]:
            shown = _variable(("sites", _ANY_SITE, *rest))
        case ["newsrooms", str(), *rest]:
            shown = _variable(("newsrooms", _ANY_NEWSROOM, *rest))
            return f"{variable} is missing; see {shown} in .env.example and docs/newsrooms.md."
        case _:
            shown = variable
    return (
        f"{variable} is missing; see {shown} in .env.example, which is copied to .env, or let "
        "comment-desk setup ask for it."
    )


def _variable(place: Place) -> str:
    # A name of .env that belongs nowhere is given as it was written, in small letters.
    parts = [part for part in place if isinstance(part, str)]
    return PREFIX + "__".join(parts).upper().removeprefix(PREFIX)


_SAID = (
    (
        "valid integer",
        "is empty or not a number: write digits alone, such as 8080 or an id of Discord",
    ),
    ("valid list", "is not a list: write it with brackets, such as [1, 2]"),
    ("at least 1 item", "is an empty list: it needs at least 1 item between its brackets"),
)
"""What is said, by what pydantic's own sentence has in it."""


def _in_words(place: Place, message: str) -> str:
    """Name the environment variable; what stood there is not repeated, as it may be a secret."""
    unparsed = re.search(r'error parsing value for field "(\w+)"', message)
    if unparsed:
        group = f"DESK_{unparsed[1].upper()}"
        return f"A list under {group} is not written as JSON, such as [1, 2]; see .env.example."
    parts = [part for part in place if isinstance(part, str)]
    variable = _variable(place)
    problem = message.removeprefix("Value error, ")
    if not parts:  # it is about several settings, and names them
        return f"{problem}."
    if problem == "Extra inputs are not permitted":
        return f"{variable} is not a setting of this version; {hint(variable, _known(parts))}"
    is_wrong = f"is wrong: {problem[0].lower()}{problem[1:]}"
    return f"{variable} {next((said for sign, said in _SAID if sign in problem), is_wrong)}."


def _known(parts: Sequence[str]) -> Iterable[str]:
    """Return the names that may be meant near a place: of a site, a newsroom, or all else."""
    match parts:
        case ["sites", site, *_]:
            return names(SiteSettings, f"{PREFIX}SITES__{site.upper()}__")
        case ["newsrooms", newsroom, *_]:
            return names(NewsroomSettings, f"{PREFIX}NEWSROOMS__{newsroom.upper()}__")
        case _:
            return names(Settings)
