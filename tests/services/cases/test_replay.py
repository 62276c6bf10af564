import asyncio
import json
import random

import pytest
from typer.testing import CliRunner

from bot.cli.entry import cli as app
from tests.services.desks import NOON, Bench
from tests.support.databases import sqlite_only

RUNNER = CliRunner()


def calm_and_a_burst(days=10):
    """Four reports an hour on many stories, then thirty readers on one."""
    chance = random.Random(7)  # noqa: S311 - the same reports at every run
    rows, at = [], NOON.timestamp() - days * 86_400
    while at < NOON.timestamp():
        at += chance.expovariate(4 / 3600)
        story = f"s{int(at // 21_600)}-{chance.randrange(6)}"
        rows.append((at, story, chance.randrange(10**6)))
    rows += [(NOON.timestamp() + n, "raids", n) for n in range(30)]
    return [
        {
            "t": at,
            "article": story,
            "published": at - 3600,
            "comment": f"{story}-{reader % 5}",
            "author": f"a{reader % 400}",
            "reporter": f"r{reader}",
        }
        for at, story, reader in rows
    ]


def lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_reports_in_alerts_out():
    result = RUNNER.invoke(app, ["spikes", "--budget", "1"], input=lines(calm_and_a_burst()))
    alerts = [json.loads(line) for line in result.stdout.splitlines()]
    assert next(alert["kind"] for alert in alerts if alert["key"] == "raids") == "open"


def test_a_line_that_is_no_report_is_named():
    result = RUNNER.invoke(app, ["spikes", "--budget", "1"], input="{}\n")
    assert result.exit_code == 1
    assert "Line 1 is no report" in result.stderr


def test_replaying_a_file_tells_what_it_would_have_alerted(tmp_path):
    source = tmp_path / "reports.jsonl"
    source.write_text(lines(calm_and_a_burst()), encoding="utf-8")
    result = RUNNER.invoke(app, ["spikes", "replay", str(source)])
    assert result.exit_code == 0, result.exception
    assert "the story “raids”: 30 reports by 30 readers" in result.stdout
    assert "reports in 10 days would have given" in result.stdout


@sqlite_only
@pytest.mark.parametrize("readers", [0, 12])
async def test_replaying_a_database_names_the_stories(bench: Bench, tmp_path, readers: int):
    for number in range(readers):
        await bench.take(comment=f"c{number % 3}", author=f"a{number}")
    result = await asyncio.to_thread(
        RUNNER.invoke, app, ["spikes", "replay", str(tmp_path / "desk.db")]
    )
    assert result.exit_code == 0, result.exception
    assert ("the story “Raids”" in result.stdout) is (readers > 0)
    assert ("There are no reports in it" in result.stdout) is (readers == 0)
