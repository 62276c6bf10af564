"""Remark42, spoken to as its administrator."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from pydantic import Field, SecretStr

from bot.ports import Site
from bot.sites.base.context import SiteContext
from bot.sites.base.platform import Platform, PlatformSettings


class Remark42Settings(PlatformSettings):
    """Only for kind remark42."""

    site_id: str = Field(default="remark", description="The site's id, as SITE names it there.")
    password: SecretStr = Field(description="The server's ADMIN_PASSWD.")


@asynccontextmanager
async def _open(context: SiteContext, own: Remark42Settings) -> AsyncGenerator[Site]:
    from bot.sites.base.client import SiteClient
    from bot.sites.remark42.site import Remark42Site

    async with SiteClient.of(context) as client:
        yield Remark42Site(context, client, own.site_id, own.password.get_secret_value())


PLATFORM = Platform(
    kind="remark42",
    open=_open,
    settings=Remark42Settings,
    steps=("Start Remark42 with ADMIN_PASSWD set.",),
    sends_reports=True,
)
