# ruff: noqa: INP001 - a script beside the page that it serves, and no package
"""Write what the desk is made of as a CycloneDX bill of materials: `make sbom`.

Every package of requirements.lock, with its version, the hashes that it is pinned by, its licence and
what it needs in turn; licences and needs are read from what is installed here.
"""

import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parents[1]
LOCK: Final = ROOT / "requirements.lock"
_PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_DESK: Final = _PROJECT["name"]
_PINNED: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill(lock: str) -> Bom:
    """Return the bill of a lock file's text."""
    made = Bom(serial_number=uuid5(NAMESPACE_URL, lock))
    desk = _component(_DESK, _PROJECT["version"], (), ComponentType.APPLICATION)
    made.metadata.component = desk
    parts = defaultdict[str, list[Component]](list)
    for part in _parts(lock):  # of one package there may be a version for each of several systems
        parts[canonicalize_name(part.name)].append(part)
        made.components.add(part)
    made.register_dependency(desk, [one for name in _needs(_DESK) for one in parts[name]])
    for name, several in list(parts.items()):
        for part in several:
            needed = [one for other in _needs(name) for one in parts.get(other, ())]
            made.register_dependency(part, needed)
    return made


def as_json(made: Bom) -> str:
    """Return a bill in CycloneDX's form of version 1.6."""
    return JsonV1Dot6(made).output_as_string(indent=2) + "\n"


def _parts(lock: str) -> Iterator[Component]:
    pins = [*_PINNED.finditer(lock)]
    for pin, after in zip(pins, [*(one.start() for one in pins[1:]), len(lock)], strict=True):
        hashes = _HASH.findall(lock, pin.end(), after)
        yield _component(pin[1], pin[2], hashes, ComponentType.LIBRARY)


def _component(name: str, version: str, hashes: Iterable[str], kind: ComponentType) -> Component:
    return Component(
        type=kind,
        name=name,
        version=version,
        bom_ref=f"{canonicalize_name(name)}@{version}",
        purl=PackageURL("pypi", name=canonicalize_name(name), version=version),
        licenses=[LicenseFactory().make_from_string(said) for said in _licence(name)],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=one) for one in hashes],
    )


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None  # pinned for another system than this one


def _licence(name: str) -> list[str]:
    found = _installed(name)
    if found is None:
        return []
    said = found.metadata.get("License-Expression")
    listed = found.metadata.get_all("Classifier") or []
    of_kind = [one.rpartition(" :: ")[2] for one in listed if one.startswith("License :: ")]
    older = (found.metadata.get("License") or "").strip()
    plain = [older] if older and "\n" not in older else []
    return [said] if said else [*plain, *of_kind][:1]


def _needs(name: str) -> set[str]:
    found = _installed(name)
    # Of the desk itself, what is installed may be older than its own file.
    asked = _PROJECT["dependencies"] if name == _DESK else found.requires if found else None
    needed = [Requirement(one) for one in asked or []]
    return {
        canonicalize_name(one.name)
        for one in needed
        if one.marker is None or one.marker.evaluate({"extra": ""})
    }


if __name__ == "__main__":
    sys.stdout.write(as_json(bill(LOCK.read_text(encoding="utf-8"))))
