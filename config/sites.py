"""Settings of the comment platforms: what is common to all, and what only one kind needs."""

import base64
import binascii
from typing import Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

_SALT_LENGTH = 16
_SECRET_BYTES = 24
"""Bytes of a secret at least, as the Standard Webhooks specification asks."""

Kind = Literal[
    "webhook",
    "wordpress",
    "coral",
    "discourse",
    "ghost",
    "disqus",
    "remark42",
    "comentario",
    "link",
]


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WordpressSettings(_Group):
    """Only for kind wordpress."""

    login: str = Field(description="The user name of the desk's own account there, an editor.")
    password: SecretStr = Field(
        description="An application password of that account, from Users, Profile; not its log-in."
    )
    plugin: bool = Field(
        default=True,
        description="Whether the Comment Desk plugin is active there; without it, no bans.",
    )
    hidden_as: Literal["hold", "spam", "trash"] = Field(
        default="hold", description="What a hidden comment becomes: hold, spam or trash."
    )


class CoralSettings(_Group):
    """Only for kind coral."""

    token: SecretStr = Field(description="A personal token of an account whose role is ADMIN.")
    dsa: dict[str, str] = Field(
        default={},
        description='Coral\'s reason for a house rule, as {"hate": "HATE_SPEECH"}; only where the '
        "Digital Services Act is switched on there.",
    )
    premoderate: bool = Field(
        default=False,
        description="Let a ban that ends hold back what the author writes, rather than suspend.",
    )


class DiscourseSettings(_Group):
    """Only for kind discourse."""

    api_key: SecretStr = Field(description="A global key of a single user, from Admin, API.")
    api_username: str = Field(description="That user, a moderator.")
    silence: bool = Field(
        default=False, description="Silence a banned author (may read and sign in), not suspend."
    )


class GhostSettings(_Group):
    """Only for kind ghost."""

    admin_key: SecretStr = Field(description="Admin API key of a custom integration (id:secret).")


class DisqusSettings(_Group):
    """Only for kind disqus."""

    forum: str = Field(description="The forum's shortname.")
    api_key: SecretStr = Field(description="The application's API key.")
    api_secret: SecretStr = Field(description="The application's API secret.")
    access_token: SecretStr = Field(description="An access token of a moderator of the forum.")


class Remark42Settings(_Group):
    """Only for kind remark42."""

    site_id: str = Field(default="remark", description="The site's id, as SITE names it there.")
    password: SecretStr = Field(description="The server's ADMIN_PASSWD.")


class ComentarioSettings(_Group):
    """Only for kind comentario."""

    email: str = Field(description="The e-mail address of a moderator's or superuser's account.")
    password: SecretStr = Field(description="That account's password.")


class SiteSettings(_Group):
    """One comment platform: how its reports are known, and how it is told what was decided."""

    kind: Kind = Field(
        default="webhook",
        description="webhook (any site that speaks docs/sites.md), wordpress, coral, discourse, "
        "ghost, disqus, remark42, comentario, or link (reports come in, decisions are made over there).",
    )
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
    wordpress: WordpressSettings | None = None
    coral: CoralSettings | None = None
    discourse: DiscourseSettings | None = None
    ghost: GhostSettings | None = None
    disqus: DisqusSettings | None = None
    remark42: Remark42Settings | None = None
    comentario: ComentarioSettings | None = None

    @property
    def own(self) -> "Own | None":
        """The group of the site's kind, if that has one."""
        return getattr(self, self.kind, None)

    @field_validator("reporter_salt")
    @classmethod
    def _long_enough(cls, salt: SecretStr) -> SecretStr:
        if len(salt.get_secret_value()) < _SALT_LENGTH:
            raise ValueError(f"must have at least {_SALT_LENGTH} characters")
        return salt

    @field_validator("secrets", "outgoing_secrets")
    @classmethod
    def _made_as_secrets_are(cls, secrets: list[SecretStr]) -> list[SecretStr]:
        for secret in secrets:
            written = secret.get_secret_value().strip().removeprefix("whsec_")
            try:
                key = base64.b64decode(written + "=" * (-len(written) % 4), validate=True)
            except (binascii.Error, ValueError):
                key = b""
            if len(key) < _SECRET_BYTES:
                raise ValueError(
                    "one is not a secret of whsec_ and at least 24 bytes in base64; the README "
                    "has a line that makes one"
                )
        return secrets

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        for group in _GROUPS:
            if group != self.kind and getattr(self, group) is not None:
                raise ValueError(
                    f"the group {group.upper()} is for kind {group}, and KIND is {self.kind}"
                )
        for needed in (self.kind, *_ALSO_NEEDED.get(self.kind, ())):
            if needed in type(self).model_fields and not getattr(self, needed):
                raise ValueError(f"kind {self.kind} needs {needed.upper()}")
        return self


Own = (
    WordpressSettings
    | CoralSettings
    | DiscourseSettings
    | GhostSettings
    | DisqusSettings
    | Remark42Settings
    | ComentarioSettings
)

_GROUPS = ("wordpress", "coral", "discourse", "ghost", "disqus", "remark42", "comentario")
_ALSO_NEEDED = {
    "webhook": ("secrets", "outgoing_secrets"),
    "wordpress": ("secrets",),
    "remark42": ("secrets",),
    "comentario": ("secrets",),
    "link": ("secrets",),
}
"""Platforms that report by the desk's own protocol sign by a secret, those that obey by another."""


def group_of(kind: str) -> type[BaseModel] | None:
    """Return the group of settings that a kind has of its own, `None` if it has none."""
    return next((group for group in get_args(Own) if _name_of(group) == kind), None)


def _name_of(group: type[BaseModel]) -> str:
    return group.__name__.removesuffix("Settings").lower()
