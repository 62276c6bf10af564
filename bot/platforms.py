"""Opens each site of the settings through the adapter of its platform."""

from contextlib import AbstractAsyncContextManager

from bot.domain.ids import SiteId
from bot.ports import Site
from bot.services.desk import Desk
from bot.sites.webhook import WebhookSite
from config.settings import SiteSettings


def open_site(
    name: SiteId, settings: SiteSettings, desk: Desk
) -> AbstractAsyncContextManager[Site]:
    """Return the site's adapter, to be entered before it is used."""
    del name
    return WebhookSite(
        settings.url,
        [secret.get_secret_value() for secret in settings.outgoing_secrets],
        clock=desk.clock,
        allow_private=settings.allow_private,
    )
