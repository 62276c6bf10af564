"""Real platforms, which take minutes and gigabytes: `make platforms` alone runs them."""

import os
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from tests.journey.conftest import quiet_newsroom, tried_soon
from tests.platforms.results import Run, keep

__all__ = ("quiet_newsroom", "tried_soon")

collect_ignore_glob = [] if os.environ.get("DESK_PLATFORMS") else ["test_*.py"]

Note = Callable[..., None]


@pytest.fixture
def note() -> Note:
    """Keep what a test found a platform to do; called once, at its end."""
    began = time.monotonic()

    def noted(
        kind: str,
        version: str,
        did: Sequence[str],
        megabytes: int | None = None,
        failed: Sequence[str] = (),
        how: str = "",
    ) -> None:
        keep(
            Run(
                kind=kind,
                version=version,
                on=datetime.now(UTC).date().isoformat(),
                did=did,
                seconds=round(time.monotonic() - began),
                megabytes=megabytes,
                failed=failed,
                how=how,
            )
        )

    return noted
