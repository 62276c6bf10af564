"""`comment-desk check`: one line a thing, and under each cross what to do."""

import os
import socket
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.check_alerts import roads
from bot.cli.check_chosen import Changes, changes_in, chosen_in, said_by, with_changes
from bot.cli.check_discord import check_discord
from bot.cli.check_secrets import check_files, check_secrets
from bot.cli.check_site import check_site
from bot.cli.verify import verify, what_is_wrong
from bot.domain.errors import DeskError
from bot.domain.lines import count
from bot.domain.routing import Route
from bot.domain.set_up import applied
from bot.domain.site import Finding
from bot.mailer import try_server
from bot.sites.base.context import DeskContext
from bot.store.anchors import AnchorFile
from bot.store.opening import beside, place_of
from bot.store.store import Place
from bot.web.reading import read_queued
from config.policy import policy_of
from config.settings import Settings, SmtpSettings


async def check(
    settings: Settings, only: str | None = None, *, listens: bool = True
) -> AsyncGenerator[Finding]:
    """Yield a finding a thing, in the order in which an admin would mend them.

    With `only`, nothing but that site is looked at. A newsroom that is not the first has no address
    for reports of its own, so it `listens` nowhere.

    Raises:
        DeskError: There is no site of that name.
    """
    if only is not None and only not in settings.sites:
        names = ", ".join(settings.sites)
        raise DeskError(f"There is no site {only} in the settings. The sites are {names}.")
    async for finding in (
        _everything(settings, listens=listens) if only is None else _site(settings, only)
    ):
        yield finding


async def _everything(settings: Settings, *, listens: bool) -> AsyncGenerator[Finding]:
    place = place_of(settings.database, settings.server)
    is_there = not isinstance(place, Path) or place.exists()
    changes = await changes_in(place, is_there=is_there)
    settings = settings.model_copy(update={"discord": with_changes(settings.discord, changes)})
    yield said_by(_policy(settings, changes), changes)
    yield await _database(settings, place)
    yield check_files(settings)
    for finding in (*check_secrets(settings, datetime.now(UTC)), *_ports(settings, listens)):
        yield finding
    routes, alone = _routes(settings), _answers_alone(settings)
    async for finding in check_discord(settings.discord, routes, alone=alone):
        yield said_by(finding, changes)
    for finding in await roads(settings.alerts):
        yield finding
    async for finding in _outside(settings):
        yield finding


async def _outside(settings: Settings) -> AsyncGenerator[Finding]:
    """Yield what there is to say of the mail server, and of each site."""
    if settings.public is not None and settings.public.smtp is not None:
        yield await _mail(settings.public.smtp)
    for name in settings.sites:
        async for finding in _site(settings, name):
            yield finding


async def _mail(settings: SmtpSettings) -> Finding:
    try:
        server = settings.server
    except DeskError as error:
        return Finding(name="Mail to readers", good=False, words=str(error))
    return await try_server(server)


def _routes(settings: Settings) -> tuple[Route, ...]:
    try:
        return policy_of(settings).routes
    except DeskError:
        return ()  # what is wrong with it is said on a line of its own


def _answers_alone(settings: Settings) -> bool | None:
    """Whether whoever decided may answer who contests it; `None` without pages to contest on."""
    if settings.public is None:
        return None
    try:
        return policy_of(settings).contests_alone
    except DeskError:
        return False


def _policy(settings: Settings, changes: Changes) -> Finding:
    try:
        policy = applied(policy_of(settings), chosen_in(changes))
    except DeskError as error:
        return Finding(name="House rules", good=False, words=str(error))
    return Finding(name="House rules", good=True, words=count(len(policy.rules), "rule"))


async def _database(settings: Settings, path: Place) -> Finding:
    if isinstance(path, Path) and not path.exists():
        return _new_database(path)
    try:
        found = await verify(path, anchors=AnchorFile(settings.anchor.file_of(beside(path))).all())
    except DeskError as error:
        return Finding(name="Database", good=False, words=str(error))
    wrong = what_is_wrong(found, path, "")
    if wrong is not None:
        return Finding(
            name="Database",
            good=False,
            words=wrong[0].lower() + wrong[1:].removesuffix("."),
            mend=(
                "Keep this file as it is: it shows that somebody edited the record.",
                "Compare it with your last backup: comment-desk verify --database BACKUP",
            ),
        )
    return Finding(
        name="Database",
        good=True,
        words=f"{path}, {count(found.decisions, 'decision')}, record unbroken",
    )


def _new_database(path: Path) -> Finding:
    folder = path.absolute().parent
    if not folder.is_dir():
        return Finding(
            name="Database",
            good=False,
            words=f"{path} cannot be made: there is no folder {folder}",
            mend=("Make the folder, or mend DESK_DATABASE if it is misspelt.",),
        )
    if not os.access(folder, os.W_OK):
        return Finding(
            name="Database",
            good=False,
            words=f"{path} cannot be made: {folder} cannot be written to",
            mend=("Set DESK_DATABASE to a file in a folder that the desk may write to.",),
        )
    return Finding(name="Database", good=True, words=f"{path} will be made at the first start")


def _ports(settings: Settings, listens: bool) -> list[Finding]:
    return [_port(settings)] if listens else []


def _port(settings: Settings) -> Finding:
    host, port = settings.web.host, settings.web.port
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        return Finding(
            name="Address for reports",
            good=False,
            words=f"{host}:{port} cannot be listened on: {error.strerror or error}",
            mend=(
                "If the desk is running, this is as it should be.",
                "Otherwise set DESK_WEB__HOST and DESK_WEB__PORT to a free address of this machine.",
            ),
        )
    return Finding(name="Address for reports", good=True, words=f"{host}:{port} is free")


async def _site(settings: Settings, name: str) -> AsyncGenerator[Finding]:
    try:
        policy = policy_of(settings)
    except DeskError:
        return  # said above; without the rules no site can be looked at
    desk = DeskContext(
        policy=lambda: policy,
        clock=lambda: datetime.now(UTC),
        read_report=read_queued,
        readers_url=settings.public and settings.public.url,
    )
    async for finding in check_site(name, settings.sites[name], desk):
        yield finding
