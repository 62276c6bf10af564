"""The same way through a platform that somebody runs: DESK_TRY_CORAL and the like say where.

Somebody has to be at hand who reports a comment there when asked to. Where there are no reports,
DESK_TRY_REPORT names a file with the body of one, without the site.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from tests.journey.newsroom import Newsroom
from tests.platforms import results
from tests.platforms.asked import asked_for
from tests.platforms.conftest import Note
from tests.platforms.journey import NAME, Trial, walk

pytestmark = pytest.mark.timeout(3_600)

_A_PERSON = 900.0
"""Seconds that somebody has to report a comment."""
_SECRET = "whsec_" + "dHJpYWwtc2VjcmV0LWZvci10aGUtam91cm5leS0wMQ=="


async def _send(newsroom: Newsroom, report: dict[str, Any]) -> None:
    text, key, now = json.dumps({**report, "site": NAME}), "trial-1", datetime.now(UTC)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": key,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(_SECRET).sign(msg_id=key, timestamp=now, data=text),
    }
    url = f"{newsroom.desk.address}/v1/reports"
    async with newsroom.http.post(url, data=text, headers=headers) as answer:
        assert answer.status == 202, await answer.text()


@pytest.mark.parametrize("kind", sorted(asked_for(os.environ)))
async def test_a_platform_that_somebody_runs(kind: str, quiet_newsroom: Newsroom, note: Note):
    settings = asked_for(os.environ)[kind]
    file = os.environ.get("DESK_TRY_REPORT")
    body = json.loads(Path(file).read_text()) if file else None  # noqa: ASYNC240 - nothing runs yet

    async def ask() -> None:
        if body:
            await _send(quiet_newsroom, body)
            return
        print(  # noqa: T201 - somebody is asked to do something
            f"\nNow report a comment at {settings['url']} as a reader would. It will be hidden and "
            "shown again, and its author banned and let in again at once.",
            flush=True,
        )

    signed = {"secrets": [_SECRET]} if body else {}
    trial = Trial(kind=kind, settings=settings | signed, report=ask, patience=_A_PERSON)
    try:
        await walk(quiet_newsroom, trial)
    finally:
        sent = {"is asked for reports"} if body else set[str]()  # it was not asked, but told by us
        did = [row for row in trial.did if row not in sent]
        failed = [row for row in trial.trying if row not in sent]
        if did or failed:
            version = os.environ.get("DESK_TRY_VERSION", "unknown")
            note(kind, version, did, failed=failed)
        can = (await results.abilities())[kind]
        print(results.row_of(kind, can, results.read()))  # noqa: T201 - the row that was asked for
