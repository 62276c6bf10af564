"""The shapes of what is sent and answered; the API's description is made from them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

LONGEST_TEXT = 20_000
"""Characters of a comment, after HTML was taken off."""
MOST_KEYS = 8
"""Keys by which an account may be known again."""
LONGEST_REFERRER = 8_192
"""Characters of a referrer, which may be a search's whole address."""
MOST_REPORTS = 500
"""Reports in one batch."""

ID_PATTERN = r"^[^\x00-\x1f\x7f-\x9f]+$"
# A host may be written in any letters, or be an IPv6 address; before it stands nobody's name.
URL_PATTERN = (
    r"^[Hh][Tt][Tt][Pp][Ss]?://"
    r"([A-Za-z0-9_.-]+|[^\s\x00-\x2c\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x9f]+|\[[0-9A-Fa-f:.]{2,45}\])"
    r"(:[0-9]{1,5})?([/?#][^\s\x00-\x1f\x7f-\x9f]*)?$"
)
# Years from 1700 to 2199; days that a month does not have are found when the time is made. What
# RFC 3339 and ISO 8601 leave open is open here, as each program writes one or the other.
_TIME = (
    r"(1[7-9]|2[01])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"[Tt ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]{1,9})?)?"
    r" ?([Zz]|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"
)
TIME_PATTERN = f"^{_TIME}$"
# Years beyond those are what a program writes that knows of no time: 0001 and 9999, 0000-00-00,
# and what comes of counting from there.
_NO_TIME = (
    r"([+-][0-9]{4,6}|0[0-9]{3}|1[0-6][0-9]{2}|2[2-9][0-9]{2}|[3-9][0-9]{3})-[0-9]{2}-[0-9]{2}"
    r"([Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)? ?([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)?)?"
)
TOLD_TIME_PATTERN = f"^({_TIME}|{_NO_TIME})?$"

Id = Annotated[str, Field(min_length=1, max_length=200, pattern=ID_PATTERN)]
StoryId = Annotated[str, Field(min_length=1, max_length=2_000, pattern=ID_PATTERN)]
"""Many a site knows a story by its address alone."""
Name = Annotated[str, Field(max_length=500)]
Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
Html = Annotated[str, Field(max_length=60_000)]
Url = Annotated[str, Field(max_length=2_048, pattern=URL_PATTERN)]
# Kept as text here, and made a time where a wrong one can be answered with its field's name.
_WRITTEN: dict[str, Any] = {"max_length": 40, "examples": ["2026-03-01T18:30:00Z"]}
Time = Annotated[
    str, Field(pattern=TIME_PATTERN, json_schema_extra={"format": "date-time"}, **_WRITTEN)
]
# For what is told beside the report: one that means "not known" is taken as that.
_DATE_OR_NONE: dict[str, Any] = {"anyOf": [{"format": "date-time"}, {"const": ""}]}
ToldTime = Annotated[
    str, Field(pattern=TOLD_TIME_PATTERN, json_schema_extra=_DATE_OR_NONE, **_WRITTEN)
]


class Body(BaseModel):
    """What a site sends: nothing is guessed, and a field nobody knows is an error."""

    # Keys come again and again and are kept as they are; caching every id would cost more.
    model_config = ConfigDict(
        strict=True, extra="forbid", hide_input_in_errors=True, cache_strings="keys"
    )


class AuthorBody(Body):
    """Who wrote the comment."""

    id: Id
    name: Annotated[Name, Field(description="If empty, the author is shown as Anonymous.")]
    since: Annotated[ToldTime | None, Field(description="When the account was opened.")] = None
    keys: Annotated[
        list[Id] | None,
        Field(
            max_length=MOST_KEYS,
            description="Hashes that are the same for accounts which may be one person's, as of "
            "an e-mail or network address. May begin with network:, email: or device:. Hashed "
            "again before they are kept.",
            examples=[["network:5f2b0c", "email:9ad1e7"]],
        ),
    ] = None


class ParentBody(Body):
    """The comment that was answered, shown for context."""

    author: Name
    text: Text


_TEXT_OR_HTML: dict[str, Any] = {
    "oneOf": [
        {"required": [sent], "properties": {sent: {"type": "string"}, other: {"type": "null"}}}
        for sent, other in (("text", "html"), ("html", "text"))
    ]
}


class CommentBody(Body):
    """The comment as the reader saw it, its text either plain or as HTML."""

    model_config = ConfigDict(json_schema_extra=_TEXT_OR_HTML)

    id: Id
    author: AuthorBody
    text: Annotated[Text | None, Field(description="May be empty if there is a permalink.")] = None
    html: Annotated[
        Html | None,
        Field(description="Made plain text on arrival; at most 2,000 tags, 20,000 characters."),
    ] = None
    revision: Annotated[
        Id | None, Field(description="Changes with the text; made from it if not sent.")
    ] = None
    created: ToldTime | None = None
    permalink: Url | None = None
    parent: ParentBody | None = None


class StoryBody(Body):
    """The article under which the comment stands."""

    id: StoryId
    title: Annotated[Name, Field(description="If empty, the address is shown.")]
    url: Url
    section: Name | None = None
    published: ToldTime | None = None


class ReportBody(Body):
    """One reader's complaint about one comment."""

    comment: CommentBody
    story: StoryBody
    reporter: Annotated[
        Id,
        Field(description="Always the same for the same reader; only a salted hash is kept."),
    ]
    reason: Annotated[str | int, Field(description="A house rule, by its code or its number.")]
    note: Annotated[
        str | None, Field(max_length=500, description="The reader's own words; plain text.")
    ] = None
    referrer: Annotated[
        str | None,
        Field(
            max_length=LONGEST_REFERRER,
            description="Where the reader came from: the address or host in `document.referrer` "
            "of the page. Only a host other than the story's own is kept, for 35 days; what "
            "names no host is passed over.",
            examples=["https://t.co/", "forum.example"],
        ),
    ] = None
    at: Annotated[
        Time | None,
        Field(description="When the reader sent it, at most 10 minutes ahead; now if not sent."),
    ] = None


class SignedReport(ReportBody):
    """One report, as posted alone."""

    site: Id


class SignedBatch(Body):
    """Reports posted together; each one is answered for itself."""

    site: Id
    reports: Annotated[list[ReportBody], Field(min_length=1, max_length=MOST_REPORTS)]


class LooseBatch(Body):
    """A batch in which some reports may be wrong."""

    site: Id
    reports: Annotated[list[Any], Field(min_length=1, max_length=MOST_REPORTS)]


class Accepted(BaseModel):
    """A report that is on disk."""

    case: Annotated[int, Field(description="The number of the comment's case.")]
    counted: Annotated[bool, Field(description="False if this was already reported before.")]


class FieldTrouble(BaseModel):
    """What is wrong with one field."""

    field: Annotated[str, Field(examples=["comment.text"])]
    problem: str


class ProblemDocument(BaseModel):
    """A refusal, as RFC 9457 lays it out."""

    type: str
    title: str
    status: int
    detail: Annotated[str, Field(description="What to do.")]
    errors: list[FieldTrouble] = []


class Refused(BaseModel):
    """A report of a batch that was not stored."""

    index: Annotated[int, Field(description="Its place in the batch, from 0.")]
    problem: ProblemDocument


class BatchAnswer(BaseModel):
    """An answer for each report of a batch, in its order."""

    answers: list[Accepted | Refused]


class PartState(BaseModel):
    """How one part of the desk is."""

    ok: bool
    needed: Annotated[bool, Field(description="Whether reports can be taken without it.")]
    detail: str


class Readiness(BaseModel):
    """Whether reports can be taken."""

    ready: bool
    parts: dict[str, PartState]


class Alive(BaseModel):
    """The process lives."""

    alive: Literal[True]
