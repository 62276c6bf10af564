"""The settings of the readers' pages, and of the mail server by which readers are written to."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from bot.domain.errors import DeskError
from bot.domain.readers.email import is_email
from bot.domain.readers.mail import MailServer, Security

LANGUAGES: Final = ("en", "cy", "de", "es", "fr", "pl")
"""What the readers' pages can speak: each is a file in `bot/web/public/strings`."""

_MAIL_PORTS: Final[Mapping[Security, int]] = {"starttls": 587, "tls": 465, "none": 25}


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SmtpSettings(_Group):
    """The mail server by which readers are written to."""

    host: str = Field(min_length=1, description="The server's name, as smtp.courier.example.")
    port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Its port; 587 for starttls, 465 for tls and 25 for none without it.",
    )
    security: Security = Field(
        default="starttls",
        description="How the connection is made private: starttls, tls, or none for a server on "
        "this machine.",
    )
    user: str | None = Field(default=None, description="Whom to log in as; nobody without it.")
    password: SecretStr | None = Field(default=None, description="The password that goes with it.")
    password_file: Path | None = Field(
        default=None, description="A file with the password alone, in place of the line above."
    )
    sender: str = Field(
        description="The address that mails come from, as reports@courier.example; replies go there."
    )
    sender_name: str = Field(
        default="", max_length=100, description="The newsroom's name beside that address."
    )

    @property
    def server(self) -> MailServer:
        """The server, its password read from the file that names it.

        Raises:
            DeskError: That file cannot be read.
        """
        secret = self.password.get_secret_value() if self.password else None
        if self.password_file is not None:
            try:
                secret = self.password_file.read_text("utf-8").strip()
            except (OSError, UnicodeError) as error:
                raise DeskError(
                    f"DESK_PUBLIC__SMTP__PASSWORD_FILE cannot be read: {self.password_file}"
                ) from error
        return MailServer(
            host=self.host,
            port=self.port or _MAIL_PORTS[self.security],
            security=self.security,
            sender=self.sender,
            sender_name=self.sender_name,
            user=self.user,
            password=secret,
        )

    @field_validator("sender")
    @classmethod
    def _one_address(cls, sender: str) -> str:
        if not is_email(sender):
            raise ValueError("must be one e-mail address, such as reports@courier.example")
        return sender

    @field_validator("sender_name")
    @classmethod
    def _one_line(cls, name: str) -> str:
        if not name.isprintable():
            raise ValueError("must be a name on one line")
        return name

    @model_validator(mode="after")
    def _private(self) -> Self:
        """Refuse to send a password over the network in the clear."""
        if self.password is not None and self.password_file is not None:
            raise ValueError("The password stands both in a line and in a file. Keep one of them")
        secret = self.password is not None or self.password_file is not None
        if secret != (self.user is not None):
            raise ValueError("A user and a password go together. Give both, or neither")
        local = self.host in {"localhost", "127.0.0.1", "::1"}
        if secret and self.security == "none" and not local:
            raise ValueError("The password would go over the network in the clear. Say starttls")
        return self


class PublicSettings(_Group):
    """The readers' pages: the report form, and what became of a report. Off without this group."""

    url: str = Field(
        description="The address under which readers reach these pages: https://, behind your "
        "proxy, with nothing else under it."
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=8081, ge=0, le=65535, description="The port to listen on.")
    behind_proxy: bool = Field(
        default=True,
        description="Whether a proxy of yours says in X-Forwarded-For who asks. Say false if "
        "there is none, as anybody could write that then.",
    )
    languages: list[str] = Field(
        default=["en"],
        description="The languages that are switched on, your own first: " + ", ".join(LANGUAGES),
    )
    smtp: SmtpSettings | None = None

    @field_validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        parts = urlsplit(url)
        local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
        if not parts.hostname or parts.scheme not in ({"https", "http"} if local else {"https"}):
            raise ValueError(
                "must begin with https:// and name a host, as readers' browsers see it"
            )
        if parts.query or parts.fragment or parts.username:
            raise ValueError("must be an address alone, without a log-in, ? or #")
        return url.rstrip("/")

    @field_validator("languages")
    @classmethod
    def _spoken(cls, languages: list[str]) -> list[str]:
        wrong = [code for code in languages if code not in LANGUAGES]
        if wrong or not languages:
            raise ValueError(f"must be some of {', '.join(LANGUAGES)}")
        return languages
