"""Settings of one site: what is common to all platforms, and a group for each that has its own."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import (
    Field,
    SecretStr,
    ValidationInfo,
    create_model,
    field_validator,
    model_validator,
)

from bot.domain.ids import SiteId
from bot.domain.readers.site import PublicSite, normal
from bot.domain.site import PingKeys, SiteKeys, signing_key
from bot.sites.base.platform import Platform, PlatformSettings
from bot.sites.registry import PLATFORMS, platform_of

_SALT_LENGTH = 16


def _kinds() -> str:
    *some, last = (
        f"{one.kind} ({one.about})" if one.about else one.kind for one in PLATFORMS.values()
    )
    return f"{', '.join(some)}, or {last}."


class _Common(PlatformSettings):
    kind: str = Field(default=next(iter(PLATFORMS)), description=_kinds())
    secrets: list[SecretStr] = Field(
        default=[],
        description="What the site signs its reports with (whsec_...); several while changing one.",
    )
    reporter_salt: SecretStr = Field(
        description="Hashes readers' keys; keep it for ever, or readers are counted twice."
    )
    url: str = Field(
        description="Where decisions are sent, as a signed POST; for other kinds, the platform's "
        "own address, up to but without /api or /ghost."
    )
    outgoing_secrets: list[SecretStr] = Field(
        default=[],
        description="What the desk signs its decisions with; several while changing one.",
    )
    allow_private: bool = Field(
        default=False, description="Let url be an address of a private network or this machine."
    )
    poll_seconds: int = Field(
        default=30, ge=5, le=3600, description="How often a platform is asked for reports."
    )
    reasons: dict[str, str] = Field(
        default={},
        description='Which house rule the platform\'s own reasons stand for, as {"SPAM": "spam"}.',
    )
    other_rule: str | None = Field(
        default=None, description="The house rule, by its code, for reasons that stand for none."
    )
    origins: list[str] = Field(
        default=[],
        description='Where its stories are read, for the report form: ["https://www.courier.example"].',
    )
    rules_url: str | None = Field(
        default=None, description="Where its house rules are read in full."
    )
    log_in: bool = Field(
        default=False,
        description="Whether only readers who have logged in at the site may use the report form, "
        "for a time of attack: the site names them in its tickets.",
    )


def _makes_secrets(kind: str) -> bool:
    """Whether a platform makes the secrets itself, in a form of its own."""
    platform = PLATFORMS.get(kind)
    return platform is not None and bool(platform.ping_header)


def _require_filled(secrets: Iterable[SecretStr]) -> None:
    if not all(secret.get_secret_value().strip() for secret in secrets):
        raise ValueError("one is empty; copy it from the platform's page of its webhook")


def _with_groups() -> type[_Common]:
    """Return the common settings with a group for each platform that has settings of its own."""
    groups: dict[str, Any] = {
        kind: (platform.settings | None, None)
        for kind, platform in PLATFORMS.items()
        if platform.settings is not None
    }
    return create_model("_WithGroups", __base__=_Common, **groups)


class SiteSettings(_with_groups()):
    """One comment platform: how its reports are known, and how it is told what was decided."""

    @property
    def platform(self) -> Platform[Any]:
        """The platform of the site's kind."""
        return PLATFORMS[self.kind]

    @property
    def own(self) -> PlatformSettings | None:
        """The group of the site's kind, if that has one."""
        return getattr(self, self.kind, None)

    @property
    def keys(self) -> SiteKeys:
        """What the site's own reports are signed with; none if it signs by a scheme of its own."""
        ours = () if self.platform.ping_header else self.secrets
        return SiteKeys(
            secrets=tuple(secret.get_secret_value() for secret in ours),
            salt=self.reporter_salt.get_secret_value().encode(),
        )

    def of_readers(self, name: SiteId) -> PublicSite:
        """Return the site as its readers meet it in the report form."""
        origins = [*self.origins, self.url] if self.platform.read_at_url else self.origins
        return PublicSite(
            id=name,
            keys=self.keys,
            origins=frozenset(map(normal, origins)),
            rules_url=self.rules_url,
            other_rule=self.other_rule,
            log_in=self.log_in,
        )

    @property
    def ping_keys(self) -> PingKeys | None:
        """What it signs with that something happened; none if its platform does not tell."""
        header = self.platform.ping_header
        secrets = [secret.get_secret_value() for secret in self.secrets]
        return PingKeys(header=header, secrets=secrets) if header else None

    @property
    def poll_every(self) -> timedelta:
        """How often the site is asked for reports."""
        return timedelta(seconds=max(self.poll_seconds, self.platform.least_seconds))

    @field_validator("kind")
    @classmethod
    def _there_is(cls, kind: str) -> str:
        return platform_of(kind).kind

    @field_validator("reporter_salt")
    @classmethod
    def _long_enough(cls, salt: SecretStr) -> SecretStr:
        if len(salt.get_secret_value()) < _SALT_LENGTH:
            raise ValueError(f"must have at least {_SALT_LENGTH} characters")
        return salt

    @field_validator("origins")
    @classmethod
    def _origins(cls, origins: list[str]) -> list[str]:
        for origin in origins:
            parts = urlsplit(origin)
            if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
                raise ValueError(
                    "one is not a scheme and a host, such as https://www.courier.example"
                )
        return [origin.rstrip("/") for origin in origins]

    @field_validator("rules_url")
    @classmethod
    def _rules_page(cls, url: str | None) -> str | None:
        if url is not None and not url.lower().startswith(("https://", "http://")):
            raise ValueError("must begin with https://")
        return url

    @field_validator("secrets", "outgoing_secrets")
    @classmethod
    def _made_as_secrets_are(
        cls, secrets: list[SecretStr], info: ValidationInfo
    ) -> list[SecretStr]:
        if info.field_name == "secrets" and _makes_secrets(info.data.get("kind", "")):
            _require_filled(secrets)
            return secrets
        try:
            for secret in secrets:
                signing_key(secret.get_secret_value())
        except ValueError:
            raise ValueError(
                "one is not a secret of whsec_ and at least 24 bytes in base64; the README "
                "has a line that makes one"
            ) from None
        return secrets

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        for group in PLATFORMS:
            if group != self.kind and getattr(self, group, None) is not None:
                raise ValueError(
                    f"the group {group.upper()} is for kind {group}, and KIND is {self.kind}"
                )
        return self

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        platform = self.platform
        for needed, missing in (
            (self.kind, platform.settings is not None and self.own is None),
            ("secrets", platform.sends_reports and not self.secrets),
            ("outgoing_secrets", platform.takes_orders and not self.outgoing_secrets),
        ):
            if missing:
                raise ValueError(f"kind {self.kind} needs {needed.upper()}")
        return self
