"""What was reported, as it stood when it was reported."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorKey:
    """A hash by which a site says that accounts may be one person's.

    `kind` says of what: ``network``, ``email``, ``device``, or nothing.
    """

    kind: str
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote a comment, as the site names them. `since` is when the account was opened."""

    external_id: str
    name: str
    since: datetime | None = None
    keys: tuple[AuthorKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The article under which a comment stands. An empty title is shown as its address."""

    external_id: str
    title: str
    url: str
    section: str | None = None
    published: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """The comment that was answered, shown for context only."""

    author: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment in one revision. `text` is plain text; HTML was taken off at the door."""

    external_id: str
    revision: str
    text: str
    permalink: str | None = None
    created: datetime | None = None
    parent: Parent | None = None
