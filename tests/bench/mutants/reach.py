"""Which tests reach which line, as `reached.py` noted it."""

import ast
import json
from collections import Counter, defaultdict
from pathlib import Path

from coverage import CoverageData
from faults import ROOT, Fault

_ON_IMPORT = ""
"""What coverage notes where no test was running."""


class Reach:
    """Reads the notes of one run of all the tests.

    Args:
        folder: Where they are.

    Attributes:
        times: How many seconds each test took.
        failed: The tests that failed without any fault; they are left out.
    """

    def __init__(self, folder: Path) -> None:
        self._lines: dict[str, dict[int, set[str]]] = {}
        self._width: Counter[str] = Counter()
        self.times: dict[str, float] = {}
        self.failed: set[str] = set()
        self._sharing: dict[str, set[str]] = defaultdict(set)
        for path in folder.glob("*.json"):
            notes = json.loads(path.read_text(encoding="utf-8"))
            self.times |= notes["times"]
            self.failed |= set(notes["failed"])
            for test, shared in notes["shares"].items():
                for fixture in shared:
                    self._sharing[fixture].add(test)
        for path in folder.glob("*.coverage"):
            data = CoverageData(str(path))
            data.read()
            for name in data.measured_files():
                self._add(name[name.index("/bot/") + 1 :], data.contexts_by_lineno(name))

    def _add(self, path: str, lines: dict[int, list[str]]) -> None:
        known = self._lines.setdefault(path, defaultdict(set))
        for line, contexts in lines.items():
            tests = {test for one in contexts for test in self._sharing.get(one, {one})}
            known[line] |= tests
            self._width.update(tests)

    def tests(self, fault: Fault) -> list[str]:
        """Return the tests that reach a fault, those first that run little else.

        What runs on import, such as a default, is reached by all that run anything in its file.
        """
        lines = self._lines.get(fault.path, {})
        found = lines.get(fault.line) or _of_statement(fault, lines)
        if found == {_ON_IMPORT}:
            found = set().union(*lines.values())
        return sorted(
            found - self.failed - {_ON_IMPORT},
            key=lambda name: (self._width[name], self.times[name], name),
        )


def _of_statement(fault: Fault, lines: dict[int, set[str]]) -> set[str]:
    """Return who runs the smallest statement round a fault's line, of which it is a later line."""
    tree = ast.parse((ROOT / fault.path).read_text(encoding="utf-8"))
    around = [
        (-node.lineno, node.end_lineno or node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= fault.line <= (node.end_lineno or 0)
    ]
    begin, end = min(around)
    found: set[str] = set()
    return found.union(*(lines.get(line, ()) for line in range(-begin, min(end, fault.line) + 1)))
