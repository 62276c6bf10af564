"""The page of dependencies names what is asked for, and the bill of materials what is pinned."""

import json
import re
import tomllib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import cyclonedx.schema
import jsonschema_rs
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS: dict[str, list[Any]] = PROJECT["dependency-groups"]
ASKED = {
    "To run": PROJECT["project"]["dependencies"],
    "On request": [
        one for many in PROJECT["project"]["optional-dependencies"].values() for one in many
    ],
    "To build": GROUPS["build"],
    "To test and check": GROUPS["dev"],
}
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


@pytest.mark.parametrize("section", ASKED)
def test_the_page_names_exactly_what_is_asked_for(section: str):
    text = PAGE.split(f"\n## {section}\n", 1)[1].split("\n## ", 1)[0]
    named = re.findall(r"^\| `([^`]+)` \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    asked = {Requirement(one).name for one in ASKED[section] if isinstance(one, str)}
    assert [name for name, _, _ in named] == sorted(asked)
    assert all(what.strip() and instead.strip() for _, what, instead in named)


def test_everything_is_pinned_by_hash():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
        assert [pin for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []
        assert "://" not in text


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    spec = spec_from_file_location("sbom", ROOT / "docs/sbom.py")
    assert spec is not None
    assert spec.loader is not None
    program = module_from_spec(spec)
    spec.loader.exec_module(program)
    return json.loads(program.as_json(program.bill(LOCK)))


def test_the_bill_of_materials_names_every_pin_and_its_hashes(bill: dict[str, Any]):
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", LOCK, re.MULTILINE)
    assert sorted((part["name"], part["version"]) for part in bill["components"]) == sorted(pins)
    hashes = {one["content"] for part in bill["components"] for one in part["hashes"]}
    assert hashes == set(re.findall(r"sha256:([0-9a-f]{64})", LOCK))


def test_the_bill_says_what_the_desk_asks_for_and_every_licence(bill: dict[str, Any]):
    [needs] = [one for one in bill["dependencies"] if one["ref"].startswith("comment-desk@")]
    asked = {canonicalize_name(Requirement(one).name) for one in ASKED["To run"]}
    assert {one.partition("@")[0] for one in needs["dependsOn"]} == asked
    needed = {ref for one in bill["dependencies"] for ref in one.get("dependsOn", ())}
    bare = [part["name"] for part in bill["components"] if not part.get("licenses")]
    assert [name for name in bare if any(ref.startswith(f"{name}@") for ref in needed)] == []


def test_the_bill_is_of_the_form_that_cyclonedx_says(bill: dict[str, Any]):
    shapes = Path(cyclonedx.schema.__file__).parent / "_res"

    def shape(address: str) -> Any:
        return json.loads((shapes / address.rpartition("/")[2]).read_text(encoding="utf-8"))

    checker = jsonschema_rs.validator_for(shape("bom-1.6.SNAPSHOT.schema.json"), retriever=shape)
    checker.validate(bill)
    with pytest.raises(jsonschema_rs.ValidationError):
        checker.validate({**bill, "components": 1})
