"""A real SMTP server that keeps what it was handed, and refuses what a test says."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PASSWORD = "correct horse"


@dataclass
class Mailboxes:
    """Who was sent what, and whether over an encrypted line.

    `answer` is what the server says to a recipient, if not that it is fine.
    """

    port: int = 0
    sent: list[tuple[str, list[str], EmailMessage]] = field(
        default_factory=list[tuple[str, list[str], EmailMessage]]
    )
    answer: str | None = None
    encrypted: list[bool] = field(default_factory=list[bool])

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.answer is not None:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert server.transport is not None
        self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.sent.append((str(envelope.mail_from), list(envelope.rcpt_tos), message))
        return "250 OK"


def _let_in(_server: Any, _session: Any, _envelope: Any, mechanism: str, told: Any) -> AuthResult:
    good = isinstance(told, LoginPassword) and told.password == PASSWORD.encode()
    return AuthResult(success=good and mechanism in {"LOGIN", "PLAIN"}, handled=False)


@asynccontextmanager
async def open_mailboxes(
    *, log_in: bool = False, tls: ssl.SSLContext | None = None, at_once: bool = False
) -> AsyncGenerator[Mailboxes]:
    """Serve on a port of its own; with `log_in` it knows a password.

    With `tls` it speaks in clear until it is asked for STARTTLS, and takes nothing before; what
    speaks TLS `at_once` never does.
    """
    boxes = Mailboxes()
    make = partial(
        SMTP,
        boxes,
        hostname="localhost",
        authenticator=_let_in if log_in else None,
        auth_require_tls=False,
        tls_context=None if at_once else tls,
        require_starttls=tls is not None and not at_once,
    )
    loop = asyncio.get_running_loop()
    server = await loop.create_server(make, "127.0.0.1", 0, ssl=tls if at_once else None)
    boxes.port = server.sockets[0].getsockname()[1]
    try:
        yield boxes
    finally:
        server.close()
        await server.wait_closed()
