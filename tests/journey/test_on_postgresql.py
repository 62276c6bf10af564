"""Three journeys on PostgreSQL, in short; `make test-postgres` lets all of them go there."""

from collections.abc import AsyncGenerator

import pytest
from pydantic import SecretStr

from tests.journey.newsroom import Newsroom
from tests.journey.test_alerts import test_an_editor_says_what_it_was_and_sees_the_cases
from tests.journey.test_contests import (
    test_a_contest_lands_as_a_card_and_is_answered_by_somebody_else,
)
from tests.journey.test_loop import (
    test_a_report_becomes_one_card_and_hide_takes_the_comment_down,
)
from tests.support.databases import ENGINE, new_database

__all__ = (
    "test_a_contest_lands_as_a_card_and_is_answered_by_somebody_else",
    "test_a_report_becomes_one_card_and_hide_takes_the_comment_down",
    "test_an_editor_says_what_it_was_and_sees_the_cases",
)

pytest.importorskip("psycopg", reason="comment-desk[postgres] is not installed")
pytestmark = pytest.mark.skipif(ENGINE == "postgresql", reason="all journeys go there already")


@pytest.fixture
async def quiet_newsroom(quiet_newsroom: Newsroom) -> AsyncGenerator[Newsroom]:
    """The newsroom, whose record is on a server."""
    async with new_database() as server:
        quiet_newsroom.server = SecretStr(server.url)
        yield quiet_newsroom
        await quiet_newsroom.stop()
