"""Any site that takes a signed webhook."""

from contextlib import AbstractAsyncContextManager

from bot.ports import Site
from bot.sites.base.context import SiteContext
from bot.sites.base.platform import Platform


def _open(context: SiteContext, _own: None) -> AbstractAsyncContextManager[Site]:
    from bot.sites.webhook.site import WebhookSite

    return WebhookSite(
        context.url,
        context.secrets,
        clock=context.clock,
        allow_private=context.allow_private,
        hear_time=context.hear_time,
    )


PLATFORM = Platform(
    kind="webhook",
    open=_open,
    about="any site that speaks docs/sites.md",
    sends_reports=True,
    takes_orders=True,
)
