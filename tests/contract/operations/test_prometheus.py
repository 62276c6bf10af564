"""The rules and the dashboard name what the desk tells, and Prometheus' own tool takes them."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.services.desk import Desk
from bot.services.upkeep import ClockWatch
from bot.store.backups import Backups
from bot.store.sqlite import Store, open_store
from bot.web.gauges import DeskGauges, DiscordState, Watched
from bot.web.health import Metrics
from tests.services.desks import Bench
from tests.support.fresh import new_desk

OPERATIONS = Path(__file__).parents[3] / "docs/operations"
RULES = OPERATIONS / "alerts.yml"
NAMES = re.compile(r"\b(?:comment_desk|process)_\w+")
ALERTS = re.compile(r"^      - alert: (\w+)$", re.MULTILINE)
PROMTOOL = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(
    PROMTOOL is None, reason="needs promtool, of Debian's prometheus package"
)


def dashboard() -> list[dict[str, Any]]:
    return json.loads((OPERATIONS / "dashboard.json").read_text("utf-8"))["panels"]


def queries() -> Iterator[str]:
    for panel in dashboard():
        for target in panel.get("targets", []):
            yield target["expr"]


async def everything_told(store: Store) -> set[str]:
    """Return the names of all that a desk can tell, whether or not there is any of it now."""
    (store.path.parent / "desk-2026-11-24T03-00-00Z.db").touch()
    desk: Desk = Bench(store).desk
    watched = Watched(
        desk=desk,
        clock=ClockWatch(desk.clock),
        watches=[],
        discord=lambda: DiscordState(latency=0.1),
        backups=Backups(store.path, store.path.parent, keep=1, every=timedelta(days=1)),
    )
    metrics = Metrics(DeskGauges(watched))
    await metrics.page(None)  # type: ignore[arg-type] - it asks nothing of it
    endings = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
    return {
        f"{family.name}{'_info' if family.type == 'info' else ending}"
        for family in metrics.registry.collect()
        for ending in endings.get(family.type, ("",))
    }


async def test_nothing_is_asked_for_that_the_desk_does_not_tell(tmp_path: Path):
    async with open_store(new_desk(tmp_path / "desk.db")) as store:
        told = await everything_told(store)
    asked = {
        name for text in [RULES.read_text("utf-8"), *queries()] for name in NAMES.findall(text)
    }
    assert len(asked) > 20
    assert asked - told == set()
    shown = {name for text in queries() for name in NAMES.findall(text)}
    never = {"_sum", "_count", "_bucket"}
    ours = {name for name in told if name.startswith("comment_desk")}
    assert {one for one in ours - shown if not one.endswith(tuple(never))} == set()


def test_every_panel_has_a_place_of_its_own_and_a_title():
    taken = set[tuple[int, int]]()
    for panel in dashboard():
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        assert panel["title"]
        taken |= cells


@needs_promtool
def test_promtool_takes_the_rules_the_configuration_and_every_query_of_the_dashboard(
    tmp_path: Path,
):
    exprs = [query.replace('{instance=~"$instance"', '{instance=~".+"') for query in queries()]
    rules = [
        {"record": f"panel:number{number}", "expr": query} for number, query in enumerate(exprs)
    ]
    groups = {"groups": [{"name": "dashboard", "rules": rules}]}
    (tmp_path / "dashboard.yml").write_text(json.dumps(groups))  # JSON is YAML
    for check in (
        ("check", "config", str(OPERATIONS / "prometheus.yml")),
        ("check", "rules", "--lint-fatal", str(RULES), str(tmp_path / "dashboard.yml")),
    ):
        said = promtool(*check)
        assert said.returncode == 0, said.stdout + said.stderr


STANDS = {  # what each alert fires at, and what it does not
    "CommentDeskDown": ('up{job="comment-desk"}', "0", "1"),
    "CommentDeskCannotStore": ("comment_desk_store_ok", "0", "1"),
    "CommentDeskDiscordAway": ("comment_desk_discord_connected", "0", "1"),
    "CommentDeskRefused": ('comment_desk_refused_now{grave="true"}', "1", "0"),
    "CommentDeskOrdersWait": (
        'comment_desk_outbox_oldest_seconds{kind="site",site="courier"}',
        "901",
        "899",
    ),
    "CommentDeskCardsWait": ('comment_desk_outbox_oldest_seconds{kind="card"}', "601", "599"),
    "CommentDeskOutboxWaits": ('comment_desk_outbox_oldest_seconds{kind="mail"}', "3601", "3599"),
    "CommentDeskQueueOld": ("comment_desk_queue_oldest_seconds", "86401", "86399"),
    "CommentDeskFaults": ('comment_desk_attempts_total{result="fault",kind="card"}', "0+1", "7"),
    "CommentDeskTooFast": ('comment_desk_discord_responses_total{status="429"}', "0+20", "0+5"),
    "CommentDeskSiteAway": ('comment_desk_site_ok{site="courier"}', "0", "1"),
    "CommentDeskReportsRefused": (
        'comment_desk_reports_total{result="refused",site="courier"}',
        "0+1",
        "5",
    ),
    "CommentDeskClockWrong": ("comment_desk_clock_ahead_seconds", "-61", "-59"),
    "CommentDeskBackupOld": ("comment_desk_backup_timestamp_seconds", "-172801", "-90000"),
    "CommentDeskNoBackup": ('up{job="comment-desk"}', "1", "0"),
}


def tried(alert: str, value: str, *, fires: bool) -> dict[str, Any]:
    series = [{"series": STANDS[alert][0], "values": f"{value}x300"}]
    if alert == "CommentDeskCardsWait":
        series.append({"series": "comment_desk_discord_connected", "values": "1x300"})
    sample = [{"labels": f'{{alertname="{alert}"}}', "value": 1}] if fires else []
    return {
        "interval": "1m",
        "name": f"{alert} {value}",
        "input_series": series,
        "promql_expr_test": [
            {
                "expr": f'count by (alertname) (ALERTS{{alertname="{alert}",alertstate="firing"}})',
                "eval_time": "4h",
                "exp_samples": sample,
            }
        ],
    }


@needs_promtool
def test_every_alert_fires_when_it_should_and_only_then(tmp_path: Path):
    assert ALERTS.findall(RULES.read_text("utf-8")) == [*STANDS]
    cases = [
        one
        for alert, (_, at, calm) in STANDS.items()
        for one in (tried(alert, at, fires=True), tried(alert, calm, fires=False))
    ]
    file = {"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": cases}
    (tmp_path / "tests.yml").write_text(json.dumps(file))
    said = promtool("test", "rules", str(tmp_path / "tests.yml"))
    assert said.returncode == 0, said.stdout + said.stderr


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    assert PROMTOOL is not None
    return subprocess.run(  # noqa: S603 - found above
        [PROMTOOL, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
