"""Nothing that a log should not hold gets into it."""

import io
import logging

import pytest

from bot import logs


@pytest.fixture
def lines():
    before, level = logging.getLogger().handlers[:], logging.getLogger().level
    stream = io.StringIO()
    logs.set_up("INFO", stream=stream)
    yield stream
    logging.getLogger().handlers[:] = before
    logging.getLogger().setLevel(level)


@pytest.mark.parametrize(
    "secret",
    [
        "whsec_aW5jb21pbmctc2VjcmV0",
        "MTE3NzA1NTQ4NjQ4NzU2MDE5Mg.GhXyzA.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "reader@example.org",
    ],
)
def test_secrets_and_addresses_are_left_out(lines: io.StringIO, secret: str):
    logging.getLogger("bot.test").info("it said %s to us", secret)
    trouble = ValueError(f"bad: {secret}")
    logging.getLogger("bot.test").error("it failed", exc_info=trouble)

    assert "it said" in lines.getvalue()
    assert "it failed" in lines.getvalue()
    assert secret not in lines.getvalue()


def test_interaction_tokens_are_left_out(lines: io.StringIO):
    url = "https://discord.com/api/v10/webhooks/1/aW50ZXJhY3Rpb246token/messages/@original"
    logging.getLogger("bot.test").warning("PATCH %s", url)

    assert "aW50ZXJhY3Rpb246token" not in lines.getvalue()
