"""Reports over HTTP, each one answered after its commit; see intake.py one folder up."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from intake import one_round
from machine import LOAD_CORE, pin

from rows import Run, at_least, at_most, measures


@measures(
    "intake",
    at_least("intake-single", "durable single reports/s, of the floor's", 0.25),
    at_least("intake-no-store", "the same, of the same handler without a store", 0.85),
    at_least("intake-batch", "reports/s in batches of 50, of the floor's", 0.65),
    at_most("intake-lag", "how late the loop is while saturated, p99", 25, "ms"),
    rounds=True,
)
def intake(run: Run) -> Mapping[str, float]:
    pin(LOAD_CORE)
    with tempfile.TemporaryDirectory() as folder:
        return one_round(Path(folder), run.size(20_000, 3_000))
