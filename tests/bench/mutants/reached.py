"""What `mutants.py` adds to pytest: notes which lines each test runs, and takes tests in an order.

Told by two variables of the environment: `REACHED_INTO`, a folder for the notes, and
`TESTS_FROM`, a JSON file with the names of the tests to run, in order.
"""

import json
import os
import time
from collections.abc import Generator
from pathlib import Path

import coverage
import hypothesis
import pytest

ROOMS = ("bot/domain", "bot/services")
_SHORT = "a fault is found"


class _Notes:
    """Coverage with a context a test, and how long each test took.

    What a fixture runs that several tests share has a context of its own: each of them may be the
    one that looks at what came of it.
    """

    def __init__(self, folder: Path, worker: str) -> None:
        self._times: dict[str, float] = {}
        self._shares: dict[str, list[str]] = {}
        self._failed: set[str] = set()
        self._context = ""
        self._path = folder / f"{worker}.json"
        self._coverage = coverage.Coverage(
            data_file=folder / f"{worker}.coverage",
            config_file=False,
            source=[str(Path(room).absolute()) for room in ROOMS],
        )
        self._coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self._context = item.nodeid
        self._coverage.switch_context(item.nodeid)
        self._shares[item.nodeid] = _shared(item)
        begun = time.monotonic()
        try:
            return (yield)
        finally:
            self._times[item.nodeid] = time.monotonic() - begun
            self._coverage.switch_context("")

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object]
    ) -> Generator[None, object, object]:
        if fixturedef.scope == "function":
            return (yield)
        before, self._context = self._context, _name_of(fixturedef)
        self._coverage.switch_context(self._context)
        try:
            return (yield)
        finally:
            self._context = before
            self._coverage.switch_context(before)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self._coverage.stop()
        self._coverage.save()
        notes = {"times": self._times, "failed": sorted(self._failed), "shares": self._shares}
        self._path.write_text(json.dumps(notes), encoding="utf-8")


def _shared(item: pytest.Item) -> list[str]:
    """Return the names of the fixtures that a test shares with others."""
    known = item._fixtureinfo.name2fixturedefs if isinstance(item, pytest.Function) else {}
    latest = (found[-1] for found in known.values())
    return [_name_of(one) for one in latest if one.scope != "function"]


def _name_of(fixture: pytest.FixtureDef[object]) -> str:
    return f"fixture {fixture.argname} of {fixture.baseid}"


class _Chosen:
    """Runs some tests of those collected, in an order of its own."""

    def __init__(self, names: list[str]) -> None:
        self._place = {name: place for place, name in enumerate(names)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid in self._place]
        items.sort(key=lambda item: self._place[item.nodeid])


def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Set up what the environment asks for, before any line of ours is run."""
    hypothesis.settings.register_profile(
        _SHORT, database=None, phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate]
    )
    hypothesis.settings.load_profile(_SHORT)  # nobody reads a smaller example here
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if (folder := os.environ.get("REACHED_INTO")) and worker:
        early_config.pluginmanager.register(_Notes(Path(folder), worker))
    if names := os.environ.get("TESTS_FROM"):
        chosen = json.loads(Path(names).read_text(encoding="utf-8"))
        early_config.pluginmanager.register(_Chosen(chosen))
