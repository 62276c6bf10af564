"""What the readers' pages know of a site, and what the site vouches for."""

import base64
import hmac
import json

import pytest

from bot.domain.ids import RuleNumber, SiteId
from bot.domain.policy import Severity
from bot.domain.readers.site import PublicSite, normal
from bot.domain.readers.ticket import LONGEST, BadTicket, read_ticket, write_ticket
from bot.domain.site import SiteKeys
from config.policy import load_policy

POLICY = load_policy(None)
NEW = "whsec_" + base64.b64encode(b"n" * 24).decode()
OLD = "whsec_" + base64.b64encode(b"o" * 24).decode()
KEYS = SiteKeys(secrets=(NEW,), salt=b"salt")
CONTENT = {"site": "courier", "comment": {"id": "c1", "text": "Crême brûlée ?>"}}


def site(**changes) -> PublicSite:
    return PublicSite(id=SiteId("courier"), keys=KEYS, **changes)


@pytest.mark.parametrize(
    ("origin", "same"),
    [
        ("https://courier.example", "https://courier.example"),
        (" HTTPS://Courier.Example/story?x#y ", "https://courier.example"),
        ("https://courier.example:443", "https://courier.example"),
        ("http://courier.example:80", "http://courier.example"),
        ("http://courier.example:443", "http://courier.example:443"),
        ("https://courier.example:80", "https://courier.example:80"),
        ("https://courier.example:8443", "https://courier.example:8443"),
        ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443"),
        ("https://Zürich-Post.example", "https://xn--zrich-post-9db.example"),
        ("https://faß.example:8443/", "https://xn--fa-hia.example:8443"),
        ("https://my_paper.example", "https://my_paper.example"),
        ("https://courier.example:99999", ""),
        ("https://[::1", ""),
        ("null", ""),
        ("", ""),
    ],
)
def test_origins_are_compared_as_browsers_write_them(origin: str, same: str):
    assert normal(origin) == same


def test_only_pages_of_the_site_may_use_the_form():
    courier = site(origins=frozenset({"https://courier.example"}))

    assert courier.allows("https://COURIER.example:443")
    assert not courier.allows("https://courier.example.evil.example")
    other = site(origins=frozenset(map(normal, ["https://zürich-post.example"])))
    assert other.allows("https://xn--zrich-post-9db.example")  # as browsers say it
    assert not courier.allows("http://courier.example")
    assert not courier.allows(None)
    assert not site().allows("https://courier.example")


def test_a_reason_is_a_rule_by_its_code():
    third = POLICY.rule(RuleNumber(3))

    assert site().rule_for(third.code, POLICY) == third.number
    assert site().rule_for("no such code", POLICY) is None


def test_what_no_rule_names_is_the_named_one_or_the_mildest():
    named = POLICY.rules[0]
    mildest = min(rule.severity for rule in POLICY.rules)
    last = max(rule.number for rule in POLICY.rules if rule.severity is Severity(mildest))

    assert site(other_rule=named.code).rule_for("other", POLICY) == named.number
    assert site().rule_for("other", POLICY) == last
    assert site(other_rule="gone").rule_for("other", POLICY) == last


def test_a_ticket_says_what_the_site_put_into_it():
    assert read_ticket(write_ticket(CONTENT, NEW), [NEW]) == CONTENT


def test_any_secret_of_the_site_will_do_while_one_replaces_the_other():
    for secret in (OLD, NEW):
        assert read_ticket(write_ticket(CONTENT, secret), [NEW, OLD]) == CONTENT


def test_a_ticket_is_url_safe_and_written_as_the_docs_say():
    ticket = write_ticket(CONTENT, NEW)
    payload, signature = ticket.split(".")

    assert set(ticket) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
    padded = payload + "=" * (-len(payload) % 4)
    assert json.loads(base64.urlsafe_b64decode(padded)) == CONTENT
    mac = hmac.digest(b"n" * 24, b"comment ticket\n" + payload.encode(), "sha256")
    assert signature == base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def signed(payload: str) -> str:
    mac = hmac.digest(b"n" * 24, b"comment ticket\n" + payload.encode(), "sha256")
    return f"{payload}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "ticket",
    [
        "",
        "no stop",
        encoded("{}"),
        signed(encoded("{")),
        signed("!!!"),
        signed(encoded("[" * 9000)),
        "é." + "A" * 43,
        write_ticket(CONTENT, NEW) + "é",
        write_ticket({"text": "x" * LONGEST}, NEW),
    ],
)
def test_what_is_cut_off_or_no_ticket_names_no_comment(ticket: str):
    with pytest.raises(BadTicket, match=r"^The report does not say which comment it is about\.$"):
        read_ticket(ticket, [NEW])


@pytest.mark.parametrize(
    ("ticket", "secrets"),
    [
        (write_ticket(CONTENT, OLD), [NEW]),
        (write_ticket(CONTENT, NEW), []),
        (signed(encoded("[]")), [NEW]),
        (signed(encoded('"courier"')), [NEW]),
        (f"{encoded('{}')}.{signed(encoded('{ }')).partition('.')[2]}", [NEW]),
    ],
)
def test_what_the_site_did_not_sign_is_no_comment_of_it(ticket: str, secrets: list[str]):
    with pytest.raises(BadTicket, match=r"^The comment that is named is not one of this site\.$"):
        read_ticket(ticket, secrets)


def test_a_ticket_may_be_so_long_and_no_longer():
    room = LONGEST - len(write_ticket({"text": ""}, NEW))
    long = write_ticket({"text": "x" * (room * 3 // 4 - 2)}, NEW)
    assert LONGEST - 8 <= len(long) <= LONGEST
    assert read_ticket(long, [NEW])
