"""A site's settings: asked for, or made where they are only to be random; and as they are kept."""

import json
import re
import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo

from bot.cli.envfile import Draft
from bot.cli.terminal import Talk
from bot.domain.errors import DeskError
from bot.sites.base.platform import Platform
from bot.sites.registry import PLATFORMS, platform_of
from bot.sites.settings import SiteSettings

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
"""What can stand within the name of an environment variable and comes back as it was."""


def note_of(site: str) -> str:
    """Return under what a site is noted while it is not connected yet."""
    return f"site {site}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be connected: a kind of site at an address, under a name, written to a file.

    `given` answers beforehand what the kind would ask for, by the settings' names. `patience` is
    how long to wait for the first report, in seconds. `sitting` says that it is part of a set-up:
    the admin has agreed to what is written, and no reader's report is waited for. `besides` are lines
    that are written in one step with the site's.
    """

    kind: str
    url: str
    name: str
    env_file: Path
    allow_private: bool = False
    patience: float = 600.0
    sitting: bool = False
    given: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    besides: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def note(self) -> str:
        """Under what the site is noted while it is not connected yet."""
        return note_of(self.name)

    @property
    def prefix(self) -> str:
        """How the names of the site's settings begin."""
        return f"DESK_SITES__{self.name.upper()}__"


def platform_in(plan: Plan) -> Platform[Any]:
    """Return the platform that is meant.

    Raises:
        DeskError: There is none of that kind, or the site cannot be called so.
    """
    if not _NAME.fullmatch(plan.name):
        raise DeskError(
            f"A site cannot be called {plan.name}. Take small letters and digits, such as courier."
        )
    try:
        return platform_of(plan.kind)
    except ValueError as error:
        raise DeskError(f"The kind of a site {error}, and not {plan.kind!r}.") from None


def known(plan: Plan, draft: Draft) -> dict[str, Any]:
    """Return what an earlier run was told or made, so that no secret has to be copied twice.

    A site that is not connected yet may turn out to be at another address.

    Raises:
        DeskError: Another site goes by this name.
    """
    noted, found = draft.noted(plan.note), _settled(plan, draft)
    if noted:
        return noted if noted.get("kind") == plan.kind else {}
    kind, url = found.get("kind", next(iter(PLATFORMS))), found.get("url", plan.url)
    if found and (kind, url) != (plan.kind, plan.url):
        raise DeskError(
            f"There is a site {plan.name} already, {kind} at {url}. Give this one another name "
            "with --name."
        )
    return found


def _settled(plan: Plan, draft: Draft) -> dict[str, Any]:
    """Return the site as it stands in `.env`."""
    found: dict[str, Any] = {}
    for name in sorted(draft.names()):
        if name.startswith(plan.prefix):
            *groups, last = name.removeprefix(plan.prefix).lower().split("__")
            inner = found
            for group in groups:
                inner = inner.setdefault(group, {})
            inner[last] = _read(draft.get(name))
    return found


def _read(written: str) -> object:
    if written.startswith(("[", "{")):
        try:
            return json.loads(written)
        except ValueError:
            return written
    return written


def asked(
    plan: Plan, platform: Platform[Any], talk: Talk, before: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the site's settings; what was kept from before stays, and can be given anew."""
    values: dict[str, Any] = {
        "kind": plan.kind,
        "url": plan.url,
        "reporter_salt": before.get("reporter_salt") or secrets.token_urlsafe(24),
    }
    if plan.allow_private or before.get("allow_private") in {True, "true"}:
        values["allow_private"] = True
    if platform.settings is not None:
        values[plan.kind] = _of_kind(plan, platform.settings, talk, before.get(plan.kind, {}))
    return values | _signing(plan, platform, talk, before)


def _of_kind(
    plan: Plan, group: type[BaseModel], talk: Talk, kept: Mapping[str, Any]
) -> dict[str, Any]:
    own = {name: value for name, value in kept.items() if name in group.model_fields}
    return own | _answers(plan, group, talk, kept)


def _signing(
    plan: Plan, platform: Platform[Any], talk: Talk, before: Mapping[str, Any]
) -> dict[str, list[str]]:
    """Return what is signed with, either way."""
    values: dict[str, list[str]] = {}
    ours: list[str] | None = before.get("secrets")
    if platform.sends_reports:
        values["secrets"] = ours or [_new_secret()]
        talk.say(f"Let the site sign its reports with {values['secrets'][0]}")
    elif platform.ping_header:
        values["secrets"] = _of_webhook(plan, talk, ours)
    if platform.takes_orders:
        values["outgoing_secrets"] = before.get("outgoing_secrets") or [_new_secret()]
        talk.say(f"Let the site check the desk's orders with {values['outgoing_secrets'][0]}")
    return values


def _of_webhook(plan: Plan, talk: Talk, ours: Sequence[str] | None) -> list[str]:
    """Ask what a platform signs with that something happened; it may sign with nothing."""
    question, default = "The webhook's signing secret, if any", ours[0] if ours else ""
    secret = plan.given.get("secret") or talk.ask(question, hidden=True, default=default)
    return [secret] if secret else []


def _answers(
    plan: Plan, group: type[BaseModel], talk: Talk, kept: Mapping[str, Any]
) -> dict[str, str]:
    """Ask for what a group needs; what has a default is left for the file, unless it was given."""
    wrong = plan.given.keys() - group.model_fields.keys() - {"secret"}
    if wrong:
        fields = ", ".join(group.model_fields)
        raise DeskError(f"{plan.kind} has no {', '.join(sorted(wrong))}. It has {fields}.")
    return {
        name: _answer(plan, name, info, talk, kept.get(name))
        for name, info in group.model_fields.items()
        if info.is_required() or name in plan.given
    }


def _answer(plan: Plan, name: str, info: FieldInfo, talk: Talk, kept: str | None) -> str:
    if name in plan.given:
        return plan.given[name]
    question = (info.description or name).rstrip(".")
    again = f"{question} (Enter keeps what you gave)" if kept else question
    return talk.ask(again, hidden=info.annotation is SecretStr, default=kept)


def settings_of(plan: Plan, values: Mapping[str, Any]) -> SiteSettings:
    """Return the values as the desk reads them.

    Raises:
        DeskError: They are none; the values themselves are not repeated, as they may be secrets.
    """
    try:
        return SiteSettings.model_validate(values)
    except ValidationError as error:
        found = "; ".join(detail["msg"].removeprefix("Value error, ") for detail in error.errors())
        raise DeskError(f"{plan.name} cannot be connected: {found}.") from None


def _new_secret() -> str:
    return "whsec_" + b64encode(secrets.token_bytes(32)).decode()


def as_settings(plan: Plan, values: Mapping[str, Any]) -> dict[str, str]:
    """Return the values by the names that they have in `.env`."""
    lines: dict[str, str] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            inner = cast("dict[str, object]", value)
            lines |= {f"{plan.prefix}{key}__{name}".upper(): str(inner[name]) for name in inner}
        elif value not in ([], ""):
            lines[f"{plan.prefix}{key}".upper()] = _written(value)
    return lines


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
