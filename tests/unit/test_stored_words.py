"""The words that databases and old cards hold: they stay what they are, whatever is renamed."""

import importlib
import pkgutil
from enum import Enum

import pytest

import bot.domain

STORED = {
    "alerts.AlertState": "open cooling closed",
    "alerts.Opinion": "real false",
    "brake.Act": "ban hide overturn",
    "detection.brigades.Suspicion": "none possible likely",
    "detection.brigades.Sign": "overlap|new readers|referrer|note|record",
    "cases.CaseState": "open claimed escalated reopened decided",
    "decisions.Action": "keep hide ban hold reopen unhide unban",
    "decisions.Door": "button reaction slash typed run contest site author desk",
    "legal.Consent": "unsaid given refused",
    "legal.Stage": (
        "received|defective|poster told|poster silent|poster agrees|poster insists|removed|answered"
        "|handed on"
    ),
    "triage.LifeStep": "police editor kept reference",
    "policy.TwoPeople": "ban_for_good unhide_legal",
    "policy.ReactionBan": "ask|at once|off",
    "reactions.QuestionKind": "ban late",
    "site.Ability": (
        "push|poll|hide|unhide|ban|timed ban|unban|close story|history|staff check|find"
    ),
    "detection.incidents.Stage": "open growing cooling closed",
    "detection.incidents.Kind": "opened reopened joined updated doubled cooled closed",
    "detection.events.Tier": "story commenter site",
    "stories.StoryState": "normal watch proceedings protected closed",
    "stories.HoldRules": "none serious all",
}


def values() -> dict[str, list[object]]:
    return {
        f"{module.name.removeprefix('bot.domain.')}.{found.__name__}": [one.value for one in found]
        for module in pkgutil.walk_packages(bot.domain.__path__, "bot.domain.")
        for found in vars(importlib.import_module(module.name)).values()
        if isinstance(found, type) and issubclass(found, Enum) and found.__module__ == module.name
    }


@pytest.mark.parametrize("name", STORED)
def test_what_is_stored_keeps_its_words(name: str):
    assert values()[name] == STORED[name].split("|" if "|" in STORED[name] else " ")


def test_ranks_and_severities_are_ordered_as_they_are_kept():
    assert values()["staff.Rank"] == [0, 1, 2, 3]
    assert values()["policy.Severity"] == [1, 2, 3, 4]
