"""What was decided in the last moments reaches its site before the desk ends."""

import asyncio
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.app import _flush_all
from bot.domain.decisions import Action
from bot.domain.effects import Order, Outcome
from bot.domain.ids import SiteId
from bot.store.errors import StoreTrouble
from bot.store.sqlite import open_store
from tests.services.desks import Bench
from tests.services.outside import ObedientSite

COURIER = SiteId("courier")


class SlowSite(ObedientSite):
    async def carry_out(self, order: Order) -> Outcome:
        for _ in range(50):
            await asyncio.sleep(0)
        return await super().carry_out(order)


async def test_a_newsroom_whose_record_is_gone_costs_no_other_its_last_orders(
    bench: Bench, tmp_path: Path
):
    async with open_store(tmp_path / "gone.db") as gone:
        pass
    site = SlowSite()
    await bench.decide(await bench.take(), Action.HIDE)
    broken = SimpleNamespace(
        name="broken", desk=replace(bench.desk, store=gone), sites={COURIER: site}
    )
    well = SimpleNamespace(name="well", desk=bench.desk, sites={COURIER: site})
    rooms: Any = [broken, well]

    with pytest.raises(StoreTrouble):
        await _flush_all(rooms)

    assert site.hidden == {"c1"}
