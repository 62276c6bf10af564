"""Ghost, spoken to as a custom integration of its admin."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from pydantic import Field, SecretStr

from bot.ports import Site
from bot.sites.base.context import SiteContext
from bot.sites.base.platform import Platform, PlatformSettings


class GhostSettings(PlatformSettings):
    """Only for kind ghost."""

    admin_key: SecretStr = Field(description="Admin API key of a custom integration (id:secret).")


@asynccontextmanager
async def _open(context: SiteContext, own: GhostSettings) -> AsyncGenerator[Site]:
    from bot.sites.base.client import SiteClient
    from bot.sites.ghost.site import GhostSite

    async with SiteClient.of(context) as client:
        yield GhostSite(context, client, own.admin_key.get_secret_value())


PLATFORM = Platform(
    kind="ghost",
    open=_open,
    settings=GhostSettings,
    steps=("In Ghost: Settings, Integrations, Add custom integration. Copy its Admin API key.",),
)
