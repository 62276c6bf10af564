"""Discourse, spoken to as a moderator through its own pages' JSON."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from pydantic import Field, SecretStr

from bot.ports import Site
from bot.sites.base.context import SiteContext
from bot.sites.base.platform import Platform, PlatformSettings


class DiscourseSettings(PlatformSettings):
    """Only for kind discourse."""

    api_key: SecretStr = Field(description="A global key of a single user, from Admin, API.")
    api_username: str = Field(description="That user, a moderator.")
    silence: bool = Field(
        default=False, description="Silence a banned author (may read and sign in), not suspend."
    )


@asynccontextmanager
async def _open(context: SiteContext, own: DiscourseSettings) -> AsyncGenerator[Site]:
    from bot.sites.base.client import SiteClient
    from bot.sites.discourse.site import DiscourseSite

    async with SiteClient.of(context) as client:
        yield DiscourseSite(
            context, client, own.api_key.get_secret_value(), own.api_username, silence=own.silence
        )


PLATFORM = Platform(
    kind="discourse",
    open=_open,
    settings=DiscourseSettings,
    steps=(
        "In Discourse, make an account for the desk and make it a moderator.",
        "Admin, API, New key: Single user (that account), Global.",
        "Admin, Webhooks, New: https://YOUR-DESK/v1/sites/NAME/events, JSON, a secret of your own "  # noqa: ISC004 - one step
        "of at least 12 characters, the events about reviewables.",
    ),
    ping_header="X-Discourse-Event-Signature",
)
