import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from bot.domain.ids import SiteId
from bot.domain.site import SiteKeys, signing_key
from bot.web.problems import Problem
from bot.web.signature import Signatures

SITE = SiteId("courier")
secrets = st.binary(min_size=24, max_size=64).map(
    lambda key: "whsec_" + base64.b64encode(key).decode()
)
ids = st.text(st.characters(codec="ascii", min_codepoint=0x21, exclude_characters="./\x7f"))


def make_signatures(*secrets: str) -> Signatures:
    return Signatures({SITE: SiteKeys(secrets=secrets, salt=b"salt")})


@given(secret=secrets, webhook_id=ids.filter(bool), body=st.text())
def test_what_the_library_signs_is_taken(secret: str, webhook_id: str, body: str):
    now = datetime.now(UTC)
    headers = {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(webhook_id, now, body),
    }
    sender = make_signatures(secret).check(headers, body.encode(), now)
    assert (sender.site, sender.delivery) == (SITE, webhook_id)


@given(
    secret=secrets,
    signed_with=st.none() | secrets,
    off=st.integers(-400, 400),
    body=st.binary(max_size=20),
    sent=st.none() | st.binary(max_size=20),
)
def test_what_the_library_refuses_is_refused_and_the_other_way_round(
    secret: str, signed_with: str | None, off: int, body: bytes, sent: bytes | None
):
    body, sent = body.hex().encode(), body.hex().encode() if sent is None else sent.hex().encode()
    now = datetime.now(UTC)
    at = now + timedelta(seconds=off)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(signed_with or secret).sign("msg_1", at, body.decode()),
    }
    try:
        Webhook(secret).verify(sent, headers, json_parse=False)
        library = True
    except WebhookVerificationError:
        library = False
    try:
        make_signatures(secret).check(headers, sent, now)
        ours = True
    except Problem:
        ours = False
    if abs(abs(off) - 300) > 2:  # the two read the clock at different moments
        assert ours == library


@given(
    headers=st.fixed_dictionaries(
        {name: st.text() for name in ("webhook-id", "webhook-timestamp", "webhook-signature")}
    ),
    body=st.binary(),
)
def test_hostile_headers_are_refused_as_not_signed(headers: dict[str, str], body: bytes):
    signatures = make_signatures("whsec_" + "A" * 32)
    with pytest.raises(Problem) as refused:
        signatures.check(headers, body, datetime(2026, 3, 2, tzinfo=UTC))
    assert refused.value.status == 401


@pytest.mark.parametrize("prefix", ["whsec_", ""])
def test_a_secret_may_leave_out_its_prefix_and_padding(prefix: str):
    written = base64.b64encode(b"k" * 25).decode().rstrip("=")
    assert signing_key(prefix + written) == b"k" * 25


@pytest.mark.parametrize("secret", ["whsec_", "whsec_c2hvcnQ=", "whsec_%%%", "", "pässwort"])
def test_a_useless_secret_is_refused_without_being_quoted(secret: str):
    with pytest.raises(ValueError, match="site courier: a signing secret") as refused:
        make_signatures(secret)
    assert secret[6:] not in str(refused.value) or not secret[6:]


def test_two_sites_cannot_share_a_secret():
    keys = SiteKeys(secrets=("whsec_" + "A" * 32,), salt=b"salt")
    with pytest.raises(ValueError, match="courier and herald share"):
        Signatures({SITE: keys, SiteId("herald"): keys})


def test_keys_do_not_show_in_a_log():
    keys = SiteKeys(secrets=("whsec_" + "A" * 32,), salt=b"salt")
    assert "AAAA" not in repr(keys)
    assert "salt'" not in repr(keys)
