"""Somebody whose data are asked for or are to be erased, and by what they are known."""

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.errors import DeskError
from bot.domain.readers.report import read_reference

SALT_BYTES: Final = 16
_READER: Final = re.compile(r"[0-9a-fA-F]{32}")
_STAFF: Final = re.compile(r"[1-9][0-9]{0,18}")


class SubjectKind(StrEnum):
    """By what somebody is known."""

    AUTHOR = "author"
    """By an account at a site: `courier/u-77`."""
    READER = "reader"
    """By the key of whoever reported, or the reference of one of their reports."""
    STAFF = "staff"
    """By the id of a Discord user."""
    EMAIL = "email"
    """By an e-mail address that came with a notice."""


class NoSubject(DeskError):
    """What was given names nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One person; `site` is set for authors alone."""

    kind: SubjectKind
    value: str
    site: str = ""

    @property
    def words(self) -> str:
        """What it was given as."""
        return f"{self.site}/{self.value}" if self.site else self.value

    @property
    def number(self) -> int:
        """The id of somebody of the staff."""
        return int(self.value)

    def key(self, salt: bytes) -> bytes:
        """Return what stands for the person where it is kept that they were forgotten."""
        said = f"{self.kind}\0{self.site}\0{self.value}"
        return hmac.new(salt, said.encode(), "sha256").digest()


def parse(kind: SubjectKind, value: str) -> Subject:
    """Return whom a value of a kind names.

    Raises:
        NoSubject: It names nobody; the sentence says what would.
    """
    return _PARSERS[kind](value.strip())


def _author(said: str) -> Subject:
    site, slash, account = said.partition("/")
    if not (site and slash and account):
        raise NoSubject(
            f'"{said}" names no author. Write the site\'s name in the settings, a slash and the '
            "id of the account there, such as courier/u-77."
        )
    return Subject(kind=SubjectKind.AUTHOR, site=site, value=account)


def _reader(said: str) -> Subject:
    if not said:
        raise NoSubject("Write the reader's key, or the reference of one of their reports.")
    value = said.lower() if is_key(said) else read_reference(said) or said
    return Subject(kind=SubjectKind.READER, value=value)


def _staff(said: str) -> Subject:
    if not _STAFF.fullmatch(said):
        raise NoSubject(
            f'"{said}" is no Discord user\'s id, which is a number. In Discord: User Settings, '
            "Advanced, Developer Mode; then press the person's name and Copy User ID."
        )
    return Subject(kind=SubjectKind.STAFF, value=said)


def _email(said: str) -> Subject:
    if "@" not in said:
        raise NoSubject(f'"{said}" is no e-mail address. Write it like name@example.com.')
    return Subject(kind=SubjectKind.EMAIL, value=said.casefold())


_PARSERS: Final[Mapping[SubjectKind, Callable[[str], Subject]]] = {
    SubjectKind.AUTHOR: _author,
    SubjectKind.READER: _reader,
    SubjectKind.STAFF: _staff,
    SubjectKind.EMAIL: _email,
}


def is_key(value: str) -> bool:
    """Whether a reader is named by their key, and not by a reference."""
    return _READER.fullmatch(value) is not None
