"""A platform is one folder: it exports all there is to know of it, and nothing else names it."""

import ast
import re
from contextlib import AbstractAsyncContextManager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import get_type_hints

import pytest

from bot.domain.dsa_terms import CATEGORIES
from bot.ports import Site
from bot.sites.base.platform import Platform, PlatformSettings
from bot.sites.registry import PLATFORMS
from bot.sites.settings import SiteSettings

ROOT = Path(__file__).parents[2]
SITES = ROOT / "bot" / "sites"
ELSEWHERE = [
    path
    for room in ("bot", "cogs", "config")
    for path in (ROOT / room).rglob("*.py")
    if SITES not in path.parents
]
ORDINARY = {"webhook", "link"}
"""Kinds that are words of their own elsewhere: there only a text that is the kind names one."""


def test_every_folder_is_a_platform_and_every_platform_a_folder():
    folders = {
        path.name
        for path in SITES.iterdir()
        if path.is_dir() and not path.name.startswith("__") and path.name != "base"
    }
    assert folders == set(PLATFORMS)


@pytest.mark.parametrize("folder", PLATFORMS)
def test_a_folder_exports_one_complete_platform(folder: str):
    exported = import_module(f"bot.sites.{folder}").PLATFORM

    assert isinstance(exported, Platform)
    assert exported is PLATFORMS[folder]
    assert exported.kind == folder
    hints = get_type_hints(exported.open)
    assert hints["return"] == AbstractAsyncContextManager[Site] or Site in hints["return"].__args__
    assert all(step.endswith(".") or "--" in step for step in exported.steps)
    assert (exported.settings is None) is (folder not in SiteSettings.model_fields)
    if exported.settings is None:
        return
    assert issubclass(exported.settings, PlatformSettings)
    assert exported.settings.__doc__ == f"Only for kind {folder}."
    assert exported.steps, "who sets something has to be told where it comes from"
    assert all(field.description for field in exported.settings.model_fields.values())
    # A secret is of one scheme: read by the other, it would silently be another key.
    assert not (exported.sends_reports and exported.ping_header)


@cache
def texts(path: Path) -> frozenset[str]:
    """Return the texts of a file but its docstrings, which may say whose figure something is."""
    nodes = [*ast.walk(ast.parse(path.read_text()))]
    told = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    return frozenset(
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    )


@cache
def names(path: Path) -> frozenset[str]:
    """Return what a file calls by a name, and what it imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(name=name) | ast.alias(name=name):
                found.add(name)
            case ast.ImportFrom(module=str(module), names=imported):
                found.update(f"{module}.{one.name}" for one in imported)
            case _:
                pass
    return frozenset(found)


@pytest.mark.parametrize("kind", sorted(set(PLATFORMS) - ORDINARY))
def test_nothing_outside_the_platforms_names_one(kind: str):
    found = {
        f"{path.relative_to(ROOT)}: {text}"
        for path in ELSEWHERE
        for text in (*texts(path), *names(path))
        if kind in text.lower() and text not in CATEGORIES
    }
    assert not found


@pytest.mark.parametrize("kind", sorted(ORDINARY))
def test_nothing_outside_the_platforms_asks_for_one_of_an_ordinary_name(kind: str):
    found = {
        f"{path.relative_to(ROOT)}: {text}"
        for path in ELSEWHERE
        if "standin" not in path.parts  # Discord's webhooks are others
        for text in (*texts(path), *names(path))
        if re.match(rf"bot\.sites\.{kind}\b", text)
    } | {
        str(path.relative_to(ROOT))
        for path in ELSEWHERE
        if "standin" not in path.parts and kind in texts(path)
    }
    assert not found


def test_the_registry_alone_lists_them():
    listing = [
        path.relative_to(ROOT).as_posix()
        for path in SITES.rglob("*.py")
        if len({kind for kind in PLATFORMS if f'"{kind}"' in path.read_text()}) > 1
    ]
    assert listing == ["bot/sites/registry.py"]
