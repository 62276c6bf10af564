"""Reports that the plugin could not send are found by asking, and read as if it had sent them."""

from datetime import UTC, datetime

from bot.domain.ids import SiteId
from bot.domain.site import SiteKeys
from bot.web.reading import read_queued
from config.policy import load_policy
from tests.contract.paper.newsstand import INTAKE_SECRET

from .reader import reading

POLICY = load_policy()
KEYS = SiteKeys(secrets=(INTAKE_SECRET,), salt=b"a salt for the tests only")


def read(body, delivery):
    return read_queued(body, SiteId("courier"), delivery, KEYS, POLICY, datetime.now(UTC))


def enqueue(site, comment, reader, reason="harassment"):
    return site.php(
        "return CommentDesk\\enqueue( get_comment( $given['c'] ), $given['why'], $given['r'] );",
        c=int(comment),
        r=reader,
        why=reason,
    )


async def test_what_was_not_sent_is_found_then_only_what_is_new(real_wordpress, opened):
    site = real_wordpress
    async with reading(site) as reader:
        adapter = await opened(site, read=read)
        comment = site.add_comment()
        enqueue(site, comment, "reader-1")
        first = await adapter.look_for_reports(None)
        assert [one.comment.external_id for one in first.reports] == [comment]

        assert list((await adapter.look_for_reports(first.mark)).reports) == []
        enqueue(site, comment, "reader-2")
        second = await adapter.look_for_reports(first.mark)
        assert len(second.reports) == 1

        await reader.send_due()
        sent = {one.delivery: one for one in reader.intake.reports}
        for one in (*first.reports, *second.reports):
            assert sent[one.delivery] == one


async def test_what_arrived_is_not_asked_for_again_at_the_start(real_wordpress, opened):
    site = real_wordpress
    async with reading(site) as reader:
        enqueue(site, site.add_comment(), "reader-1")
        await reader.send_due()
        found = await (await opened(site, read=read)).look_for_reports(None)
        assert list(found.reports) == []
        assert found.mark == "1"


async def test_many_reports_come_in_parts_and_each_once(real_wordpress, opened):
    site = real_wordpress
    async with reading(site):
        site.php(
            """
            $c = get_comment( $given['c'] );
            for ( $i = 0; $i < 230; $i++ ) { CommentDesk\\enqueue( $c, 'hate', "reader-$i" ); }
            return true;
            """,
            c=int(site.add_comment()),
        )
        adapter, mark, seen, turns = await opened(site, read=read), None, [], 0
        more = True
        while more:
            found = await adapter.look_for_reports(mark)
            mark, more, turns = found.mark, found.more, turns + 1
            seen += [one.delivery for one in found.reports]
        assert (len(seen), len(set(seen)), turns) == (230, 230, 3)


async def test_a_report_that_cannot_be_read_does_not_hold_up_the_others(real_wordpress, opened):
    site = real_wordpress
    async with reading(site):
        comment = site.add_comment()
        enqueue(site, comment, "reader-1", reason="no-such-rule")
        enqueue(site, comment, "reader-2")
        found = await (await opened(site, read=read)).look_for_reports(None)
        assert len(found.reports) == 1
