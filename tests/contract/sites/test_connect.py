"""Connecting a site from nothing, and looking at its set-up, against the stand-ins."""

import stat
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.app import pings_of, watches_of
from bot.cli.check_site import check_site
from bot.cli.connect import Plan, connect
from bot.domain.errors import DeskError
from bot.domain.ids import SiteId
from bot.domain.site import Ability, Finding
from bot.sites.base.context import DeskContext
from bot.sites.coral import CoralSettings
from bot.sites.opening import open_site
from bot.sites.registry import PLATFORMS
from bot.sites.settings import SiteSettings
from bot.sites.webhook.site import WebhookSite
from bot.web.reading import read_queued
from config.settings import load

from .fake_comentario import FakeComentario
from .fake_coral import TOKEN, FakeCoral
from .fake_discourse import FakeDiscourse
from .fake_disqus import FakeDisqus
from .fake_ghost import KEY_ID, SECRET, FakeGhost
from .fake_remark42 import FakeRemark42
from .stage import NOW, POLICY, Fake, context_of

AROUND = DeskContext(policy=lambda: POLICY, clock=lambda: NOW, read_report=read_queued)
SALT = "a salt of more than sixteen characters"
OURS = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

ANSWERS: dict[type[Fake], tuple[str, dict[str, str]]] = {
    FakeCoral: ("coral", {"token": TOKEN}),
    FakeDiscourse: ("discourse", {"api_key": "key", "api_username": "desk"}),
    FakeGhost: ("ghost", {"admin_key": f"{KEY_ID}:{SECRET}"}),
    FakeDisqus: (
        "disqus",
        {"forum": "courier", "api_key": "k", "api_secret": "s", "access_token": "t"},
    ),
    FakeRemark42: ("remark42", {"site_id": "courier", "password": "secret"}),
    FakeComentario: ("comentario", {"email": "desk@courier.example", "password": "secret"}),
}
every = pytest.mark.parametrize("kind", list(ANSWERS), ids=lambda kind: kind.__name__)


@dataclass
class Admin:
    """Somebody at the keyboard, who answers in turn and agrees to everything."""

    answers: list[str]
    agrees: bool = True
    heard: list[str] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    def say(self, words: str) -> None:
        self.heard.append(words)

    def show(self, finding: Finding) -> None:
        self.found.append(finding)

    def ask(self, question: str, *, hidden: bool, default: str | None) -> str:
        del default
        answer = self.answers.pop(0)
        if hidden:
            self.hidden.append(answer)
        self.heard.append(question)
        return answer

    def confirm(self, question: str) -> bool:
        self.heard.append(question)
        return self.agrees


@asynccontextmanager
async def served(fake: Fake) -> AsyncGenerator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fake.handle)
    async with TestServer(app) as server:
        yield str(server.make_url("/")).rstrip("/")


def settings(kind: type[Fake], url: str, **more: object) -> SiteSettings:
    name, own = ANSWERS[kind]
    secrets = [OURS] if PLATFORMS[name].sends_reports else []
    common = {"reporter_salt": SALT, "url": url, "allow_private": True, "secrets": secrets}
    return SiteSettings.model_validate(common | {"kind": name, name: own} | more)


@every
async def test_a_sound_set_up_is_found_sound(kind: type[Fake]):
    fake = kind()
    async with served(fake) as url:
        found = [one async for one in check_site("courier", settings(kind, url), AROUND)]
    assert len(found) >= 3
    assert all(one.good for one in found), found
    assert not fake.writes


@every
async def test_wrong_credentials_are_found_with_steps_to_mend_them(kind: type[Fake]):
    async with served(kind(locked_out=True)) as url:
        found = [one async for one in check_site("courier", settings(kind, url), AROUND)]
    assert [one for one in found if not one.good and one.mend]


@every
async def test_a_private_address_is_refused_unless_it_is_allowed(kind: type[Fake]):
    async with served(kind()) as url:
        closed = settings(kind, url, allow_private=False)
        found = [one async for one in check_site("courier", closed, AROUND)]
    assert "private network" in next(one.words for one in found if not one.good)


async def test_a_house_rule_that_is_none_is_named():
    wrong = settings(FakeCoral, "https://coral.example", reasons={"SPAM": "spma"})
    [finding] = [one async for one in check_site("courier", wrong, AROUND)]
    assert "spma" in finding.words
    assert not finding.good


async def test_coral_is_connected_from_nothing_to_a_first_report_and_its_undo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    fake, admin = FakeCoral(), Admin([TOKEN, "whsec_" + "5e" * 32])
    fake.report()
    env = tmp_path / ".env"
    env.write_text("DESK_DISCORD__TOKEN=x\nDESK_DISCORD__GUILD_ID=1\nDESK_DISCORD__CHANNEL_ID=2")
    async with served(fake) as url:
        plan = Plan(
            kind="coral", url=url, name="reef", env_file=env, allow_private=True, patience=5
        )
        assert await connect(plan, admin, AROUND)
    assert fake.writes == ["rejectComment", "approveComment"]
    assert fake.visible()
    assert [one.name for one in admin.found[-2:]] == ["Hidden", "Shown again"]
    assert admin.hidden == [TOKEN, "whsec_" + "5e" * 32]
    assert any("You are all bought & sold." in words for words in admin.heard)
    monkeypatch.chdir(tmp_path)
    site = load().sites["reef"]
    assert site.kind == "coral"
    assert isinstance(site.own, CoralSettings)
    assert site.own.token.get_secret_value() == TOKEN


async def test_nothing_is_written_while_something_is_wrong(tmp_path: Path):
    env, admin = tmp_path / ".env", Admin([TOKEN, ""])
    async with served(FakeCoral(role="MODERATOR")) as url:
        plan = Plan(kind="coral", url=url, name="reef", env_file=env, allow_private=True)
        assert not await connect(plan, admin, AROUND)
    assert not env.exists()
    assert not all(one.good for one in admin.found)


async def test_a_site_that_reports_by_itself_is_given_its_secret(tmp_path: Path):
    env, admin = tmp_path / ".env", Admin(["desk@courier.example", "secret"])
    async with served(FakeComentario()) as url:
        plan = Plan(kind="comentario", url=url, name="com", env_file=env, allow_private=True)
        assert await connect(plan, admin, AROUND)
    written = env.read_text()
    told = next(words for words in admin.heard if "whsec_" in words)
    assert told.rpartition(" ")[2] in written
    assert stat.S_IMODE(env.stat().st_mode) == 0o600


@pytest.mark.parametrize("kind", ["facebook", "", "coral'"])
async def test_an_unknown_kind_is_refused(kind: str, tmp_path: Path):
    plan = Plan(kind=kind, url="https://x.example", name="x", env_file=tmp_path / ".env")
    with pytest.raises(DeskError):
        await connect(plan, Admin([]), AROUND)


@every
async def test_only_what_can_be_asked_is_watched(kind: type[Fake]):
    chosen = settings(kind, "https://site.example", poll_seconds=20)
    async with open_site(SiteId("x"), chosen, AROUND) as site:
        watches = watches_of({"x": chosen}, {SiteId("x"): site})
        pings = pings_of({"x": chosen}, watches)
        assert len(watches) == (Ability.POLL in site.abilities)
    assert all(
        watch.every.total_seconds() == (60 if kind is FakeDisqus else 20) for watch in watches
    )
    assert len(pings) == (kind in (FakeCoral, FakeDiscourse))


async def test_without_a_kind_a_site_is_a_webhook():
    plain = SiteSettings.model_validate(
        {
            "reporter_salt": SALT,
            "url": "https://site.example/desk/",
            "secrets": [OURS],
            "outgoing_secrets": [OURS],
        }
    )
    async with open_site(SiteId("x"), plain, AROUND) as site:
        assert isinstance(site, WebhookSite)


async def test_a_link_needs_nothing_but_its_secret():
    link = SiteSettings.model_validate(
        {"kind": "link", "reporter_salt": SALT, "url": "https://isso.example", "secrets": [OURS]}
    )
    found = [one async for one in check_site("isso", link, AROUND)]
    assert all(one.good for one in found)
    assert "its cards offer keep" in " ".join(one.words for one in found)


@pytest.mark.parametrize(
    ("reason", "more", "code"),
    [
        ("SPAM", {}, "spam"),
        ("SPAM", {"reasons": {"SPAM": "abuse"}}, "abuse"),
        ("NEW", {"other_rule": "libel"}, "libel"),
        ("NEW", {}, "abuse"),
    ],
)
def test_a_platforms_reason_stands_for_the_rule_that_the_newsroom_chose(reason, more, code):
    chosen = settings(FakeGhost, "https://ghost.example", **more)
    context = replace(
        context_of(FakeGhost(), chosen.url), reasons=chosen.reasons, other=chosen.other_rule
    )
    assert POLICY.rule(context.rule(reason, {"SPAM": "spam", "NEW": "no-such-rule"})).code == code


@every
def test_a_secret_of_another_scheme_opens_no_door_of_ours(kind: type[Fake]):
    keys = settings(kind, "https://site.example", secrets=[OURS]).keys
    assert bool(keys.secrets) is (kind not in (FakeCoral, FakeDiscourse))


@pytest.mark.parametrize("kind", [FakeCoral, FakeDiscourse])
@pytest.mark.parametrize(
    "secret", ["twelve chars", "whsec_" + "5e" * 32, "whsec_short", "\N{EURO SIGN}"]
)
def test_a_platforms_own_secret_is_taken_as_the_platform_made_it(kind: type[Fake], secret: str):
    keys = settings(kind, "https://site.example", secrets=[secret]).ping_keys
    assert keys is not None
    assert keys.secrets == [secret]


@every
@pytest.mark.parametrize("secret", ["", " "])
def test_a_secret_that_anybody_could_sign_with_is_refused(kind: type[Fake], secret: str):
    with pytest.raises(ValueError, match=r"one is (empty|not a secret)"):
        settings(kind, "https://site.example", secrets=[secret])


@every
@pytest.mark.parametrize("direction", ["secrets", "outgoing_secrets"])
def test_a_secret_of_the_desks_own_scheme_is_as_long_as_that_asks(kind: type[Fake], direction: str):
    if direction == "secrets" and kind in (FakeCoral, FakeDiscourse):
        pytest.skip("it signs by its own scheme")
    with pytest.raises(ValueError, match="one is not a secret"):
        settings(kind, "https://site.example", **{direction: ["twelve chars"]})


@pytest.mark.parametrize("name", ["Reef", "a-b", "a__b", "", "_a", "ä", "a b"])
async def test_a_name_that_the_settings_would_not_give_back_is_refused(name: str, tmp_path: Path):
    plan = Plan(kind="link", url="https://x.example", name=name, env_file=tmp_path / ".env")
    with pytest.raises(DeskError, match="cannot be called"):
        await connect(plan, Admin([]), AROUND)


async def test_a_second_run_goes_on_with_the_same_secret(tmp_path: Path):
    env = tmp_path / ".env"
    first, second = Admin(["desk@courier.example", "wrong"]), Admin(["", "secret"])
    second.answers = ["desk@courier.example", "secret"]
    async with served(FakeComentario(locked_out=True)) as url:
        plan = Plan(kind="comentario", url=url, name="com", env_file=env, allow_private=True)
        assert not await connect(plan, first, AROUND)
    assert not env.exists()
    async with served(FakeComentario()) as url:
        plan = Plan(kind="comentario", url=url, name="com", env_file=env, allow_private=True)
        assert await connect(plan, second, AROUND)
        told = [next(one for one in admin.heard if "whsec_" in one) for admin in (first, second)]
        assert told[0] == told[1]
        assert not env.with_name(".env.setup").exists()

        third = Admin(["desk@courier.example", "secret"])
        assert await connect(plan, third, AROUND)
    assert next(one for one in third.heard if "whsec_" in one) == told[0]
    assert env.read_text().count("DESK_SITES__COM__SECRETS") == 1


async def test_another_site_under_a_name_that_is_taken_is_refused(tmp_path: Path):
    env = tmp_path / ".env"
    env.write_text("DESK_SITES__COM__KIND=ghost\nDESK_SITES__COM__URL=https://ghost.example\n")
    plan = Plan(kind="comentario", url="https://x.example", name="com", env_file=env)
    with pytest.raises(DeskError, match=r"already, ghost at https://ghost\.example"):
        await connect(plan, Admin([]), AROUND)
