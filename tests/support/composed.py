"""The processes that compose.postgresql.yaml starts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

import yaml

from bot.newsroom import Only

FILE = Path(__file__).parents[2] / "compose.postgresql.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A process of the desk's: its service's name, and what it is started with."""

    name: str
    service: Mapping[str, Any]

    @property
    def only(self) -> Only:
        """Which part of the desk it is."""
        command = self.service["command"]
        assert command[0] == "run"
        [only] = [one for one in get_args(Only) if one == command[command.index("--only") + 1]]
        return only

    @property
    def stands_by(self) -> bool:
        """Whether it waits while another one runs."""
        return "--stand-by" in self.service["command"]


@cache
def composed() -> Mapping[str, Any]:
    """Return what the file says."""
    return yaml.safe_load(FILE.read_text("utf-8"))


def processes() -> Sequence[Composed]:
    """Return the desk's processes, in the order in which they stand in the file."""
    services = composed()["services"].items()
    return [
        Composed(name=name, service=one) for name, one in services if one["image"] == "comment-desk"
    ]
