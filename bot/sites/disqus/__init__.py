"""Disqus, spoken to as a moderator of a forum."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from pydantic import Field, SecretStr

from bot.ports import Site
from bot.sites.base.context import SiteContext
from bot.sites.base.platform import Platform, PlatformSettings


class DisqusSettings(PlatformSettings):
    """Only for kind disqus."""

    forum: str = Field(description="The forum's shortname.")
    api_key: SecretStr = Field(description="The application's API key.")
    api_secret: SecretStr = Field(description="The application's API secret.")
    access_token: SecretStr = Field(description="An access token of a moderator of the forum.")


@asynccontextmanager
async def _open(context: SiteContext, own: DisqusSettings) -> AsyncGenerator[Site]:
    from bot.sites.base.client import SiteClient
    from bot.sites.disqus.site import DisqusKeys, DisqusSite

    keys = DisqusKeys(
        forum=own.forum,
        api_key=own.api_key.get_secret_value(),
        api_secret=own.api_secret.get_secret_value(),
        access_token=own.access_token.get_secret_value(),
    )
    async with SiteClient.of(context) as client:
        yield DisqusSite(context, client, keys)


PLATFORM = Platform(
    kind="disqus",
    open=_open,
    settings=DisqusSettings,
    steps=(
        "At disqus.com/api/applications, make an application as a moderator of the forum.",
        "Copy its API key, its secret, and from the same page the access token.",
    ),
    least_seconds=60,  # it counts a thousand requests an hour, for everything
)
