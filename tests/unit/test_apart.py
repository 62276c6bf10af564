"""One part's fault stays its own, and nothing else is swallowed with it."""

import asyncio

import pytest

from bot.domain.errors import DeskError, SiteDown, apart


def test_what_ends_well_has_no_fault():
    with apart() as part:
        pass
    assert part.fault is None


@pytest.mark.parametrize("fault", [ValueError("a"), KeyError(), RecursionError(), DeskError("b")])
def test_a_fault_is_handed_back_and_what_comes_after_goes_on(fault: Exception):
    with apart() as part:
        raise fault
    assert part.fault is fault


@pytest.mark.parametrize("known", [SiteDown("down"), DeskError("the store")])
def test_what_is_known_reaches_whom_it_is_meant_for(known: DeskError):
    with pytest.raises(type(known)), apart(DeskError):
        raise known


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit, asyncio.CancelledError])
def test_nobody_who_ends_the_desk_is_stopped(end: type[BaseException]):
    with pytest.raises(end), apart():
        raise end
