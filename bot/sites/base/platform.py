"""What the folder of a comment platform exports: everything the desk has to know of it, in one."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from bot.ports import Site
from bot.sites.base.context import SiteContext


class PlatformSettings(BaseModel):
    """The settings that only one platform has; a subclass says of which kind they are.

    They are read from the group of the kind's name, as in ``DESK_SITES__COURIER__KIND__FIELD``.
    What is a `SecretStr` is not shown while it is typed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


OwnSettings = TypeVar("OwnSettings", bound=PlatformSettings | None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform(Generic[OwnSettings]):
    """One kind of site.

    Args:
        kind: Its name in the settings and that of its folder.
        open: Returns the adapter of one site, to be entered before it is used. It may import the
            adapter itself only now: most commands read settings and open no site.
        settings: What is set for this kind alone; none if nothing is.
        about: What it is, where the name does not say.
        steps: What an admin does before the desk can be connected. NAME stands for the site's
            name in the settings, URL for its address.
        sends_reports: Whether reports come by the desk's own protocol, signed with its secrets.
        takes_orders: Whether decisions are sent by the desk's own protocol, signed with those.
        read_at_url: Whether its stories are read at its own address, so that the report form may be
            used there without being told so.
        ping_header: The header in which it signs that something happened and no more, by its own
            scheme. Its secrets open no other door: read as one of the desk's own, such a secret
            would silently be another key.
        least_seconds: Between two times of asking for reports at least, whatever is set.
        trying_out: What else comes of hiding a comment and showing it again, as a sentence.
    """

    kind: str
    open: Callable[[SiteContext, OwnSettings], AbstractAsyncContextManager[Site]]
    settings: type[OwnSettings] | None = None
    about: str = ""
    steps: Sequence[str] = ()
    sends_reports: bool = False
    takes_orders: bool = False
    read_at_url: bool = False
    ping_header: str | None = None
    least_seconds: int = 0
    trying_out: str = ""
