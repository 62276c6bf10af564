"""`sites connect wordpress URL` on a fresh site, whole: one sitting, and one that was broken off."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.cli import connect as connecting
from bot.cli.connect import Plan, connect
from bot.domain.site import Finding
from bot.sites.base.context import DeskContext
from bot.web.reading import read_queued
from config.settings import load
from tests.contract.wordpress.conftest import POLICY, SITE, now
from tests.contract.wordpress.real import RealWordPress

AROUND = DeskContext(policy=lambda: POLICY, clock=now, read_report=read_queued)
DISCORD = "DESK_DISCORD__TOKEN=x\nDESK_DISCORD__GUILD_ID=1\nDESK_DISCORD__CHANNEL_ID=2\n"


@dataclass
class Admin:
    """Somebody at the keyboard, with the site's settings open in another window.

    Attributes:
        fills_in: Whether they put the secret that is shown into the plugin once it is asked for.
    """

    site: RealWordPress
    fills_in: bool = True
    heard: list[str] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)

    @property
    def secret(self) -> str:
        words = " ".join(self.heard).split()
        return next(word.strip(".,") for word in words if word.startswith("whsec_"))

    def say(self, words: str) -> None:
        self.heard.append(words)

    def show(self, finding: Finding) -> None:
        self.found.append(finding)
        if self.fills_in and "not filled in" in finding.words:
            self.site.set_up(url="http://127.0.0.1:9", site=SITE, secrets=self.secret)

    def ask(self, question: str, *, hidden: bool, default: str | None) -> str:
        del question, default
        return self.site.password if hidden else self.site.login

    def confirm(self, question: str) -> bool:
        self.heard.append(question)
        return True

    def waiting(self, words: str) -> AbstractContextManager[object]:
        self.heard.append(words)
        return nullcontext()


@pytest.fixture
def fresh(
    real_wordpress: RealWordPress, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RealWordPress]:
    """Return a site whose plugin is active and knows nothing yet."""
    monkeypatch.setattr(connecting, "ASK_EVERY", 0.05)
    real_wordpress.php(
        "delete_option( 'comment_desk' ); delete_option( 'comment_desk_rules' ); return true;"
    )
    yield real_wordpress
    real_wordpress.php("delete_option( 'comment_desk' ); return true;")


def plan(site: RealWordPress, folder: Path, patience: float) -> Plan:
    env = folder / ".env"
    return Plan(
        kind="wordpress",
        url=site.url,
        name=SITE,
        env_file=env,
        allow_private=True,
        patience=patience,
    )


async def test_it_waits_for_the_secret_tries_a_report_and_settles(
    fresh: RealWordPress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    admin = Admin(fresh)
    (tmp_path / ".env").write_text(DISCORD)

    assert await connect(plan(fresh, tmp_path, patience=60), admin, AROUND), admin.found

    crossed = [one for one in admin.found if not one.good]
    assert [one.words.count("not filled in") for one in crossed] == [1], crossed
    rules = fresh.php("return array_keys( CommentDesk\\rules() );")
    assert rules == [rule.code for rule in POLICY.rules], "the rules were sent"
    assert not (tmp_path / ".env.setup").exists()
    monkeypatch.chdir(tmp_path)
    settled = load().sites[SITE]
    assert [one.get_secret_value() for one in settled.secrets] == [admin.secret]


async def test_broken_off_it_goes_on_with_the_same_secret(fresh: RealWordPress, tmp_path: Path):
    impatient = Admin(fresh, fills_in=False)
    (tmp_path / ".env").write_text(DISCORD)
    assert not await connect(plan(fresh, tmp_path, patience=0.1), impatient, AROUND)
    assert SITE.upper() not in (tmp_path / ".env").read_text()

    fresh.set_up(url="http://127.0.0.1:9", site=SITE, secrets=impatient.secret)
    admin = Admin(fresh, fills_in=False)
    assert await connect(plan(fresh, tmp_path, patience=0.1), admin, AROUND), admin.found

    assert admin.secret == impatient.secret
    assert all(one.good for one in admin.found), admin.found


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"site": "\u200b courier\u00a0\ufeff"}, {"site": "courier"}),
        ({"site": "Courier"}, {"site": "Courier"}),
        ({"site": "zürich  post"}, {"site": "zürich post"}),
        ({"url": "https://desk.example/v1/reports/"}, {"url": "https://desk.example"}),
        ({"url": "https://desk.example/desk"}, {"url": "https://desk.example/desk"}),
        ({"url": "javascript:alert(1)"}, {"url": ""}),
    ],
)
def test_a_setting_is_kept_without_what_nobody_sees(real_wordpress, typed, kept):
    said = real_wordpress.php("return CommentDesk\\clean_settings( $given['new'] );", new=typed)
    assert {name: said[name] for name in kept} == kept
