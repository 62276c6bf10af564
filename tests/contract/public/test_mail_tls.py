"""The way to the mail server, made private: by STARTTLS and by TLS from the start, or not gone."""

import ssl
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from bot.domain.effects import Verb
from bot.domain.readers.mail import Correspondent, Letter, MailEvent, MailServer, Security
from bot.domain.site import Finding
from bot.mailer import Mailer, try_server
from bot.web.public.letters import Written
from tests.contract.public.mailboxes import PASSWORD, Mailboxes, open_mailboxes

HERE = "127.0.0.1"
PRIVATE: tuple[Security, ...] = ("starttls", "tls")
NOW = datetime(2026, 11, 27, 14, tzinfo=UTC)
LETTER = Letter(
    name="m1",
    event=MailEvent.CONFIRM,
    to=Correspondent(id=7, email="jane@example.org", locale="en", at=NOW),
    reference="ABCDEFGHJ",
    secret="s" * 43,
)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Return who issues certificates, known on this machine as an admin makes one known."""
    authority = trustme.CA()
    file = tmp_path / "authorities.pem"
    authority.cert_pem.write_to_path(file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return authority


@asynccontextmanager
async def serving(certificate: trustme.LeafCert, security: Security) -> AsyncGenerator[Mailboxes]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)  # pyright: ignore[reportUnknownMemberType] - also OpenSSL's
    at_once = security == "tls"
    async with open_mailboxes(log_in=True, tls=context, at_once=at_once) as boxes:
        yield boxes


def server(boxes: Mailboxes, security: Security) -> MailServer:
    return MailServer(
        host=HERE,
        port=boxes.port,
        security=security,
        sender="reports@courier.example",
        user="desk",
        password=PASSWORD,
    )


async def sent(to: MailServer) -> tuple[Verb, str]:
    written = Written(subject="Your report", body="Words\n", stop="https://x", language="en")
    outcome = await Mailer(to, lambda _: written, lambda: NOW).send(LETTER)
    return outcome.verb, outcome.words or ""


@pytest.mark.parametrize("security", PRIVATE)
async def test_mail_and_password_go_over_an_encrypted_line(
    authority: trustme.CA, security: Security
):
    async with serving(authority.issue_cert(HERE), security) as boxes:
        tried = await try_server(server(boxes, security))
        assert tried.good, tried
        assert await sent(server(boxes, security)) == (Verb.DONE, "")
        assert [to for _, to, _ in boxes.sent] == [["jane@example.org"]]
        assert boxes.encrypted == [True]


Issue = Callable[[trustme.CA], trustme.LeafCert]
REFUSED: dict[str, Issue] = {
    "made by nobody that this machine knows": lambda _: trustme.CA().issue_cert(HERE),
    "of another server": lambda known: known.issue_cert("mail.elsewhere.example"),
    "out of date": lambda known: known.issue_cert(
        HERE, not_after=datetime.now(UTC) - timedelta(days=1)
    ),
}


@pytest.mark.parametrize("security", PRIVATE)
@pytest.mark.parametrize("issue", REFUSED.values(), ids=REFUSED)
async def test_a_certificate_that_does_not_hold_gets_no_mail_and_is_named(
    authority: trustme.CA, security: Security, issue: Issue
):
    async with serving(issue(authority), security) as boxes:
        verb, words = await sent(server(boxes, security))
        tried = await try_server(server(boxes, security))
        assert boxes.sent == []

    assert verb is Verb.MISCONFIGURED, "it waits for the admin, and is sent then"
    assert words == f"{HERE}:{boxes.port} shows a certificate that does not hold."
    assert_told(tried, "certificate")
    assert "SSL_CERT_FILE" in tried.mend[0]


def assert_told(tried: Finding, what: str) -> None:
    assert not tried.good
    assert what in tried.words
    assert tried.mend
    assert PASSWORD not in tried.words


async def test_a_server_that_offers_no_privacy_gets_neither_mail_nor_password():
    async with open_mailboxes(log_in=True) as boxes:
        verb, words = await sent(server(boxes, "starttls"))
        assert (verb, boxes.sent) == (Verb.MISCONFIGURED, [])
        assert "offers no STARTTLS" in words
        verb, words = await sent(server(boxes, "tls"))
        assert (verb, boxes.sent) == (Verb.MISCONFIGURED, [])
        assert "does not speak TLS" in words
        assert_told(await try_server(server(boxes, "tls")), "does not speak TLS")


async def test_a_server_that_takes_nothing_in_clear_is_told_from_one_that_is_down(
    authority: trustme.CA,
):
    async with serving(authority.issue_cert(HERE), "starttls") as boxes:
        verb, words = await sent(server(boxes, "none"))
        assert (verb, boxes.sent) == (Verb.MISCONFIGURED, [])
        assert words == f"{HERE}:{boxes.port} takes nothing without TLS."
        assert_told(await try_server(server(boxes, "none")), "takes nothing without TLS")
