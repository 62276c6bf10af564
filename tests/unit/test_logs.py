"""Nothing that a log should not hold gets into it."""

import asyncio
import base64
import io
import json
import logging
from datetime import datetime
from urllib.parse import quote, quote_plus

import pytest

from bot import logs
from bot.domain.errors import DeskError
from bot.services.about import about, in_newsroom


@pytest.fixture(params=["INFO", "DEBUG"])
def lines(request: pytest.FixtureRequest):
    before, level = logging.getLogger().handlers[:], logging.getLogger().level
    stream = io.StringIO()
    logs.set_up(request.param, stream=stream)
    # What other rooms leave out besides is for their own tests; here each line is to arrive.
    others = [logging.getLogger(name) for name in LIBRARIES]
    kept = [(one.filters, one.level) for one in others]
    for one in others:
        one.filters, one.level = [], logging.NOTSET
    yield stream
    for one, (filters, of_its_own) in zip(others, kept, strict=True):
        one.filters, one.level = filters, of_its_own
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


LIBRARIES = (
    *("discord", "discord.http", "discord.gateway", "aiohttp.access", "aiohttp.client", "asyncio"),
    *("aiosqlite", "apprise", "urllib3", "aiosmtplib", "matplotlib", "standardwebhooks", "bot.x"),
)
SECRETS = [
    "abcd efgh ijkl mnop",
    "pass/word+with=signs&more",
    'quo"ted\\back\nline',
    "sixteen characters and more",
    "z\N{LATIN SMALL LETTER U WITH DIAERESIS}rich-is-a-city",
]


def spellings(secret: str) -> list[str]:
    return [
        *(
            secret,
            repr(secret),
            json.dumps(secret),
            f"https://u:{quote(secret, safe='')}@h.example",
        ),
        *(f"a=1&token={quote_plus(secret)}", base64.b64encode(secret.encode()).decode()),
    ]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("library", LIBRARIES)
def test_no_secret_of_the_settings_is_in_any_librarys_line(
    lines: io.StringIO, library: str, secret: str
):
    logs.hide([secret])
    logger = logging.getLogger(library)
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL):
        for said in spellings(secret):
            logger.log(level, "it sent %s and %r", said, {"password": said})
            logger.log(level, f"it sent {said}")  # noqa: G004 - as libraries do
    logger.error("it failed", exc_info=ValueError(secret))
    written = lines.getvalue()
    assert "it sent" in written
    for said in spellings(secret)[0:1]:
        assert said not in written
        assert quote(said, safe="") not in written
        assert base64.b64encode(said.encode()).decode().rstrip("=") not in written
        assert json.dumps(said)[1:-1] not in written


def test_the_parts_of_an_address_that_may_be_secrets_are_left_out(lines: io.StringIO):
    logs.hide(
        ["slack://TA1B2C3D4/B0123ABCD/aBcDeFgHiJkLmNoPqRsTuV", "mailto://me:hush-hush@x.example"]
    )
    logging.getLogger("apprise").error("POST /aBcDeFgHiJkLmNoPqRsTuV failed for hush-hush")
    assert "aBcDeFgHiJ" not in lines.getvalue()
    assert "hush" not in lines.getvalue()
    assert "failed for" in lines.getvalue()


def test_of_an_address_with_a_log_in_the_host_is_still_told(lines: io.StringIO):
    logs.hide(["postgresql://desk:hush-hush@database.example:5432/comment-desk-records"])
    logging.getLogger("bot.test").error("postgresql at database.example refuses hush-hush")
    assert "postgresql at database.example refuses [left out]" in lines.getvalue()


def test_what_is_as_short_as_a_word_is_left_in_all_lines(lines: io.StringIO):
    logs.hide(["a", "at", ""])
    logging.getLogger("bot.test").info("a cat sat")
    assert "a cat sat" in lines.getvalue()


@pytest.fixture
def json_lines():
    before, level = logging.getLogger().handlers[:], logging.getLogger().level
    stream = io.StringIO()
    logs.set_up("INFO", stream=stream, as_json=True)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().handlers[:] = before
    logging.getLogger().setLevel(level)


def test_a_line_of_json_says_when_who_and_what(json_lines):
    logging.getLogger("bot.test").warning("it said\n%s", '"so" \\ ü')
    [line] = json_lines()
    assert line["message"] == 'it said\n"so" \\ ü'
    assert (line["level"], line["logger"]) == ("WARNING", "bot.test")
    assert datetime.fromisoformat(line["at"]).tzinfo is not None
    assert "case" not in line


@pytest.mark.parametrize(
    "secret",
    [
        "whsec_aW5jb21pbmctc2VjcmV0",
        "https://discord.com/api/webhooks/1/abc\\",
        'https://discord.com/api/interactions/1/a"b',
        "reader@example.org",
    ],
)
def test_a_line_of_json_holds_no_secret_and_stays_json(json_lines, secret):
    trouble = DeskError(f"bad: {secret}")
    logging.getLogger("bot.test").error("it said %s", secret, exc_info=trouble)
    [line] = json_lines()
    assert secret not in json.dumps(line)
    assert secret not in line["message"] + line["trace"]
    assert "bad: " in line["trace"]


def test_what_is_logged_about_a_case_names_it(json_lines):
    log = logging.getLogger("bot.test")
    with about(1042):
        log.info("tried later")
        with about(7):
            log.info("within")
        log.info("after")
    log.info("case 12: site courier says done")
    log.info("showcase 13 of 14")
    assert [line.get("case") for line in json_lines()] == [1042, 7, 1042, 12, None]


def test_a_line_of_text_names_the_case_once(lines: io.StringIO):
    log = logging.getLogger("bot.test")
    with about(1042):
        log.info("tried later")
        log.info("case 1042: done")
    log.info("nothing")
    ends = [line.partition("bot.test: ")[2] for line in lines.getvalue().splitlines()]
    assert ends == ["tried later (case 1042)", "case 1042: done", "nothing"]


async def test_tasks_side_by_side_keep_their_cases_apart(json_lines):
    async def work(case: int) -> None:
        with about(case):
            await asyncio.gather(*(asyncio.to_thread(int) for _ in range(2)))
            logging.getLogger("bot.test").info("%s", case)

    await asyncio.gather(*(work(case) for case in range(1, 9)))
    assert all(line["message"] == str(line["case"]) for line in json_lines())


@pytest.mark.parametrize(
    ("newsroom", "case", "words", "ends"),
    [
        ("", 0, "it rains", "bot.test: it rains"),
        ("", 7, "it rains", "it rains (case 7)"),
        ("herald", 0, "it rains", "it rains (newsroom herald)"),
        ("herald", 7, "it rains", "it rains (newsroom herald, case 7)"),
        ("herald", 7, "case 7: it rains", "case 7: it rains (newsroom herald)"),
    ],
)
def test_a_line_names_the_newsroom_where_there_are_several(
    lines: io.StringIO, newsroom: str, case: int, words: str, ends: str
):
    with in_newsroom(newsroom), about(case):
        logging.getLogger("bot.test").warning(words)
    assert lines.getvalue().rstrip("\n").endswith(ends)


@pytest.mark.parametrize("newsroom", ["", "herald"])
def test_a_line_of_json_names_the_newsroom_where_there_are_several(json_lines, newsroom: str):
    with in_newsroom(newsroom):
        logging.getLogger("bot.test").warning("it rains")
    logging.getLogger("bot.test").warning("it shines")
    within, after = json_lines()
    assert within.get("newsroom", "") == newsroom
    assert "newsroom" not in after
