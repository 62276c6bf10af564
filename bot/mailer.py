"""Mails by the newsroom's own server, through aiosmtplib: one message to one person."""

import logging
import ssl
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from bot.domain.effects import Outcome, Verb
from bot.domain.readers.mail import Letter, MailServer
from bot.domain.site import Finding
from bot.ports import Clock
from bot.web.public.letters import Written

if TYPE_CHECKING:
    import aiosmtplib

log = logging.getLogger(__name__)

_PATIENCE: Final = 20.0
"""Seconds for each thing that is asked of the server."""
_FOR_GOOD: Final = range(500, 600)
_FIRST_TLS: Final = 530
"""What a server answers to anything before STARTTLS, by RFC 3207."""
_MEND: Final = (
    "Look at DESK_PUBLIC__SMTP__HOST, __PORT and __SECURITY, then at __USER and its password; "
    "whoever runs the mail server knows them."
)
_MEND_CERTIFICATE: Final = (
    "DESK_PUBLIC__SMTP__HOST has to be the name that the certificate is for. If an authority of "
    "your own made it, name the file with that authority's certificate as SSL_CERT_FILE where the "
    "desk is started."
)
_CERTIFICATE: Final = "shows a certificate that does not hold"


@asynccontextmanager
async def _connected(server: MailServer) -> "AsyncGenerator[aiosmtplib.SMTP]":
    """Connect and log in; says good-bye only where all went well, as that may take its time."""
    # Loaded where somebody is written to, which few newsrooms ask for.
    import aiosmtplib  # noqa: PLC0415

    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        timeout=_PATIENCE,
        use_tls=server.security == "tls",
        start_tls=server.security == "starttls",
        username=server.user,
        password=server.password,
    )
    try:
        await client.connect()
        yield client
        with suppress(aiosmtplib.SMTPException, OSError):
            await client.quit()
    finally:
        client.close()


class Mailer:
    """Sends letters; `in_words` puts them into words."""

    def __init__(
        self, server: MailServer, in_words: Callable[[Letter], Written], clock: Clock
    ) -> None:
        self._server = server
        self._in_words = in_words
        self._clock = clock

    async def send(self, letter: Letter) -> Outcome:
        """Hand a letter over; how that ended never names whom it was for."""
        from aiosmtplib import SMTPException  # noqa: PLC0415 - as above

        message = message_of(letter, self._in_words(letter), self._server, self._clock())
        try:
            async with _connected(self._server) as client:
                await client.send_message(
                    message, sender=self._server.sender, recipients=[letter.to.email]
                )
        except (SMTPException, OSError) as error:
            return _outcome(error, self._server)
        return Outcome(verb=Verb.DONE)


def message_of(letter: Letter, written: Written, server: MailServer, now: datetime) -> EmailMessage:
    """Return a letter as it goes over the wire.

    Its headers are made by the standard library's policy, which refuses a line break in any.
    """
    message = EmailMessage(policy=SMTP)
    sender = Address(server.sender_name, addr_spec=server.sender)
    message["From"] = sender
    message["To"] = Address(addr_spec=letter.to.email)
    message["Subject"] = written.subject
    message["Date"] = format_datetime(now)
    # The same at every attempt, so that what came twice is shown once.
    name = sha256(f"{letter.name}\n{letter.to.id}\n{letter.event}".encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{name}@{sender.domain}>"
    message["List-Unsubscribe"] = f"<{written.stop}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(written.body, charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = written.language
    return message


def _outcome(error: Exception, server: MailServer) -> Outcome:
    """Return what an error of the server, or of the way to it, comes to."""
    import aiosmtplib  # noqa: PLC0415 - as above

    private = _of_privacy(error)
    if private is not None:
        return Outcome(verb=Verb.MISCONFIGURED, words=f"{server.place} {private}.")
    plain = (
        (aiosmtplib.SMTPAuthenticationError, Verb.MISCONFIGURED, "refuses the log-in"),
        (aiosmtplib.SMTPSenderRefused, Verb.MISCONFIGURED, "refuses the sender"),
        (aiosmtplib.SMTPNotSupported, Verb.MISCONFIGURED, "takes no log-in"),
        (aiosmtplib.SMTPRecipientsRefused, _verb(error), "does not take mail for that address"),
        (aiosmtplib.SMTPResponseException, _verb(error), "does not take the mail"),
    )
    for kind, verb, words in plain:
        if isinstance(error, kind):
            return Outcome(verb=verb, words=f"{server.place} {words}.")
    return Outcome(verb=Verb.LATER, words=f"{server.place} cannot be reached.")


def _of_privacy(error: Exception) -> str | None:
    """Return what keeps the line from being private as the settings ask, `None` if nothing does."""
    # With TLS from the start the library tells of a connection that failed, and why beneath it.
    why = error.__cause__ if isinstance(error.__cause__, ssl.SSLError) else error
    if isinstance(why, ssl.SSLCertVerificationError):
        return _CERTIFICATE
    if isinstance(why, ssl.SSLError):
        return "does not speak TLS as it is asked to"
    if getattr(error, "code", 0) == _FIRST_TLS:
        return "takes nothing without TLS"
    # This one has no kind of its own.
    return "offers no STARTTLS" if "STARTTLS" in str(error) else None


def _verb(error: Exception) -> Verb:
    """Return whether a server will say the same again: its codes from 500 on are for good."""
    refused: Sequence[object] = getattr(error, "recipients", (error,))
    codes = [getattr(one, "code", 0) for one in refused]
    return Verb.REFUSED if codes and all(code in _FOR_GOOD for code in codes) else Verb.LATER


async def try_server(server: MailServer) -> Finding:
    """Connect and log in, sending nothing; say what is wrong."""
    from aiosmtplib import SMTPException  # noqa: PLC0415 - as above

    try:
        async with _connected(server) as client:
            await client.noop()
    except (SMTPException, OSError) as error:
        outcome = _outcome(error, server)
        return Finding(
            name="Mail to readers",
            good=False,
            words=_in_words(error, outcome),
            mend=(_MEND_CERTIFICATE if _CERTIFICATE in (outcome.words or "") else _MEND,),
        )
    words = f"{server.place} takes mail from {server.sender}"
    return Finding(name="Mail to readers", good=True, words=words)


def _in_words(error: Exception, outcome: Outcome) -> str:
    said = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return f"{(outcome.words or '').rstrip('.')}: {said}"
