"""What a command does not need is not loaded for it."""

import subprocess
import sys

import pytest

_LOADED = """
import sys
{what}
print(*sys.modules)
"""


@pytest.mark.parametrize(
    ("what", "never"),
    [
        ("import bot.__main__", ("discord", "aiohttp", "pydantic", "sqlite3", "bot.app")),
        ("import bot.cli.export", ("discord", "aiohttp", "pydantic", "uvloop")),
        (
            "import bot.app, cogs.cases.typed, cogs.alerts.trends",
            ("bot.standin", "bot.demo", "jinja2", "matplotlib"),
        ),
        ("import bot.cli.check", ("bot.standin", "bot.demo", "jinja2", "matplotlib")),
    ],
)
def test_a_command_loads_only_what_it_needs(what, never):
    code = _LOADED.format(what=what)
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    loaded = set(ran.stdout.split())

    assert what.split()[1].rstrip(",") in loaded
    assert loaded.isdisjoint(never)
