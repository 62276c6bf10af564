"""What the tests of spikes start from."""

import pytest

from bot.domain.detection.events import ReportEvent
from bot.domain.detection.thresholds import Budget
from bot.domain.detection.watch import Watch
from tests.unit.detection.town import ordinary


@pytest.fixture(scope="session")
def fortnight() -> list[ReportEvent]:
    return ordinary(14)


@pytest.fixture
def watch() -> Watch:
    return Watch(Budget(a_week=1.0))
