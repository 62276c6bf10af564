from bot.domain.ids import SiteId
from bot.domain.site import PollCursor

from .makers import LONG_AGO, NOW, SITE


async def test_how_far_a_site_was_read_is_kept_for_each_site(store):
    assert await store.read(lambda tx: tx.cursors.site(SITE)) is None
    first, second = (
        PollCursor(text="page-1", at=LONG_AGO),
        PollCursor(text='{"after": "é"}', at=NOW),
    )
    await store.write(lambda tx: tx.cursors.put_site(SITE, first))
    assert await store.read(lambda tx: tx.cursors.site(SITE)) == first
    await store.write(lambda tx: tx.cursors.put_site(SITE, second))
    assert await store.read(lambda tx: tx.cursors.site(SITE)) == second
    assert await store.read(lambda tx: tx.cursors.site(SiteId("echo"))) is None
