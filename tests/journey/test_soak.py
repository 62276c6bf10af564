"""The desk killed under load: 500 times by `make soak`, some here where there is time for it."""

import os

import pytest

from tests.journey.newsroom import Newsroom
from tests.journey.soak import Soak, check, figures

KILLS = 25


@pytest.mark.skipif("CI_FULL" not in os.environ, reason="takes two minutes; CI_FULL=1 runs it")
@pytest.mark.timeout(600)
async def test_a_desk_killed_again_and_again_loses_nothing_and_does_nothing_twice(
    quiet_newsroom: Newsroom,
):
    soak = Soak(quiet_newsroom)

    await soak.run(KILLS)

    await check(soak)
    assert f"{KILLS} times" in await figures(soak)
