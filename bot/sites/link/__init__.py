"""Sites whose own console alone decides."""

from contextlib import AbstractAsyncContextManager, nullcontext

from bot.ports import Site
from bot.sites.base.context import SiteContext
from bot.sites.base.platform import Platform


def _open(context: SiteContext, _own: None) -> AbstractAsyncContextManager[Site]:
    from bot.sites.link.site import LinkSite

    return nullcontext(LinkSite(context.url))


PLATFORM = Platform(
    kind="link",
    open=_open,
    about="reports come in, decisions are made over there",
    sends_reports=True,
)
