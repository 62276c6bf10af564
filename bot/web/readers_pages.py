"""Opens the readers' pages on a port of their own, where the settings ask for them."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager

from bot.domain.readers.site import PublicSite
from bot.services.desk import Desk
from bot.web.listening import listening


@asynccontextmanager
async def readers_pages(  # noqa: PLR0913 - one argument for each setting
    desk: Desk,
    sites: Iterable[PublicSite],
    *,
    url: str,
    host: str,
    port: int,
    behind_proxy: bool,
    languages: Sequence[str],
    group: str = "PUBLIC",
) -> AsyncGenerator[str]:
    """Serve the pages; yields the address.

    The arguments are those of `Front`, and `group` is that of the settings which say where.

    Raises:
        CannotListen: Something else is at the address.
    """
    # A desk without them need not load what they are made with.
    from bot.web.public.app import make_public_app  # noqa: PLC0415
    from bot.web.public.front import Front  # noqa: PLC0415

    front = Front(
        desk=desk,
        sites={site.id: site for site in sites},
        url=url,
        languages=languages,
        behind_proxy=behind_proxy,
    )
    async with listening(make_public_app(front), host, port, group=group) as address:
        yield address
