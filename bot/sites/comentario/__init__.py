"""Comentario, spoken to as a moderator or superuser."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from pydantic import Field, SecretStr

from bot.ports import Site
from bot.sites.base.context import SiteContext
from bot.sites.base.platform import Platform, PlatformSettings


class ComentarioSettings(PlatformSettings):
    """Only for kind comentario."""

    email: str = Field(description="The e-mail address of a moderator's or superuser's account.")
    password: SecretStr = Field(description="That account's password.")


@asynccontextmanager
async def _open(context: SiteContext, own: ComentarioSettings) -> AsyncGenerator[Site]:
    from bot.sites.base.client import SiteClient
    from bot.sites.comentario.site import ComentarioSite

    async with SiteClient.of(context) as client:
        yield ComentarioSite(context, client, own.email, own.password.get_secret_value())


PLATFORM = Platform(
    kind="comentario",
    open=_open,
    settings=ComentarioSettings,
    steps=("Make an account for the desk; a superuser's, if it is to ban.",),
    sends_reports=True,
)
