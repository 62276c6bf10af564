"""A process that has loaded what every test needs, and forks a pytest for each line it is given.

Nothing of the house itself is loaded before the fork, so that each run reads the files as they
then are. A line is JSON: the arguments, and what the environment says besides. The answers are the
number of the new process, which leads a group of its own, and, once it has ended, its exit code.
"""

import json
import os
import sys

import aiohttp
import discord
import hypothesis
import numpy as np
import pydantic
import pytest
import schemathesis

LOADED = (aiohttp, discord, hypothesis, np, pydantic, schemathesis)
_LOG = "pytest.log"


def main() -> None:
    """Serve until the input ends."""
    for line in sys.stdin:
        arguments, told = json.loads(line)
        child = os.fork()
        if child == 0:
            os._exit(_run(arguments, told))
        _answer(child)
        _answer(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _run(arguments: list[str], told: dict[str, str]) -> int:
    os.setsid()
    os.environ.update(told)
    log = os.open(_LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(log, stream)
    code = int(pytest.main(arguments))
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    main()
