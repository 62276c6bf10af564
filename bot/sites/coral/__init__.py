"""Coral, spoken to as an administrator in GraphQL."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from pydantic import Field, SecretStr

from bot.ports import Site
from bot.sites.base.context import SiteContext
from bot.sites.base.platform import Platform, PlatformSettings


class CoralSettings(PlatformSettings):
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


@asynccontextmanager
async def _open(context: SiteContext, own: CoralSettings) -> AsyncGenerator[Site]:
    from bot.sites.base.client import SiteClient
    from bot.sites.coral.site import CoralSite

    async with SiteClient.of(context) as client:
        yield CoralSite(
            context, client, own.token.get_secret_value(), dsa=own.dsa, premoderate=own.premoderate
        )


PLATFORM = Platform(
    kind="coral",
    open=_open,
    settings=CoralSettings,
    steps=(
        "On the machine that runs Coral, make a token for an account whose role is ADMIN: "  # noqa: ISC004 - one step
        "coral-cli token:create --domain URL --name comment-desk --json",
        "In Coral: Configure, Webhooks, Add; the address is https://YOUR-DESK/v1/sites/NAME/events, "  # noqa: ISC004 - one step
        "the events are all about moderation queues. Copy its signing secret.",
    ),
    ping_header="X-Coral-Signature",
    trying_out="Where Coral tells authors why (DSA), this author is told.",
)
