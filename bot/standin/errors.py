"""Discord's refusals: an HTTP status, a code of its own and a sentence."""

from collections.abc import Mapping
from enum import IntEnum
from http import HTTPStatus
from typing import NoReturn

from bot.standin.wire import Json


class Code(IntEnum):
    """Discord's JSON error codes that this stand-in can answer."""

    GENERAL = 0
    UNKNOWN_CHANNEL = 10003
    UNKNOWN_GUILD = 10004
    UNKNOWN_MEMBER = 10007
    UNKNOWN_MESSAGE = 10008
    UNKNOWN_ROLE = 10011
    UNKNOWN_USER = 10013
    UNKNOWN_EMOJI = 10014
    UNKNOWN_WEBHOOK = 10015
    UNKNOWN_INTERACTION = 10062
    UNKNOWN_COMMAND = 10063
    TOO_MANY_PINS = 30003
    TOO_MANY_REACTIONS = 30010
    TOO_MANY_COMMANDS_A_DAY = 30034
    TOO_MANY_OLD_EDITS = 30046
    TOO_LARGE = 40005
    ALREADY_ACKNOWLEDGED = 40060
    MISSING_ACCESS = 50001
    FOREIGN_MESSAGE = 50005
    EMPTY_MESSAGE = 50006
    MISSING_PERMISSIONS = 50013
    SYSTEM_MESSAGE = 50021
    INVALID_WEBHOOK_TOKEN = 50027
    TOO_OLD_FOR_BULK = 50034
    INVALID_FORM = 50035
    THREAD_ARCHIVED = 50083
    INVALID_JSON = 50109
    UNREAD_REPLY = 160002
    THREAD_EXISTS = 160004


TOO_MANY_COMMANDS = "Maximum number of daily application command creates has been reached (200)"

_SENTENCES = {
    Code.UNKNOWN_COMMAND: "Unknown application command",
}


class ApiError(Exception):
    """A refusal as Discord words it.

    Attributes:
        status: The HTTP status.
        code: Discord's own code.
        message: Discord's sentence.
        errors: For an invalid form, where the fault lies.
        headers: Further response headers.
    """

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        *,
        errors: Json | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors
        self.headers = dict(headers or {})

    def __str__(self) -> str:
        where = f" {self.errors}" if self.errors else ""
        return f"{self.message} ({self.status}/{self.code}){where}"

    def body(self) -> Json:
        """Return the JSON body of the answer."""
        body: Json = {"message": self.message, "code": int(self.code)}
        if self.errors:
            body["errors"] = self.errors
        return body


def form(path: str, code: str, message: str) -> ApiError:
    """Return an "Invalid Form Body" that points at one field.

    Args:
        path: The field, its steps joined by dots, such as `embeds.0.title`.
        code: Discord's name of the rule, such as `BASE_TYPE_MAX_LENGTH`.
        message: The rule in words.
    """
    root: Json = {}
    leaf = root
    for step in path.split("."):
        leaf[step] = {}
        leaf = leaf[step]
    leaf["_errors"] = [{"code": code, "message": message}]
    return ApiError(
        HTTPStatus.BAD_REQUEST,
        Code.INVALID_FORM,
        f"Invalid Form Body: {path}: {message}",
        errors=root,
    )


def unknown(code: Code) -> NoReturn:
    """Refuse because the thing asked for does not exist.

    Raises:
        ApiError: Always, with status 404.
    """
    words = _SENTENCES.get(code, code.name.replace("_", " ").title())
    raise ApiError(HTTPStatus.NOT_FOUND, code, words)


def missing_access() -> ApiError:
    """Return the refusal for a channel that may not be seen."""
    return ApiError(HTTPStatus.FORBIDDEN, Code.MISSING_ACCESS, "Missing Access")


def missing_permissions(names: str = "") -> ApiError:
    """Return the refusal for a right that is lacking.

    Args:
        names: The rights, for the log; Discord itself does not name them.
    """
    sentence = f"Missing Permissions: {names}" if names else "Missing Permissions"
    return ApiError(HTTPStatus.FORBIDDEN, Code.MISSING_PERMISSIONS, sentence)
