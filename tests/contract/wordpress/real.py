"""A real WordPress, started on loopback with a database of its own.

It is the one of Debian's packages, with the newest block theme it has, pretty permalinks and PHP's
own server, unless `make platforms` says otherwise: `DESK_WORDPRESS` names the folder of another,
`DESK_WORDPRESS_THEME` that of a theme, `DESK_WORDPRESS_PERMALINKS` may be `plain`, and `DESK_NGINX`
and `DESK_PHP_FPM` name the programs that serve it.
"""

import contextlib
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.contract.wordpress.serving import with_nginx, with_php
from tests.support.machine import database, free_port, program, run

CORE = Path(os.environ.get("DESK_WORDPRESS", "/usr/share/wordpress"))
HERE = Path(__file__).parent / "site"
PLUGIN = Path(__file__).parents[3] / "bot" / "sites" / "wordpress" / "comment-desk.php"
THEMES = (
    "twentytwentythree",
    "twentytwentytwo",
    "twentytwentyone",
    "twentytwentyfour",
    "twentytwentyfive",
)
PATIENCE = 60.0

_UNTIL_ALONE = """
    global $wpdb;
    for ( $tries = 0; $tries < 500; $tries++ ) {
        if ( 1 === (int) $wpdb->get_var( 'SELECT COUNT(*) FROM information_schema.PROCESSLIST' ) ) {
            return true;
        }
        usleep( 20000 );
    }
    return false;
"""


def missing() -> str | None:
    """Say what of the packages is not here, `None` if a WordPress can be started."""
    wanted = {
        "php": "php-cli",
        "mariadbd": "mariadb-server-core",
        "mariadb-install-db": "mariadb-server-core",
    }
    for name, package in wanted.items():
        if program(name) is None:
            return f"{name} is not installed (Debian package {package})"
    if not (CORE / "wp-load.php").exists():
        return "WordPress is not installed (Debian package wordpress)"
    if _theme() is None:
        return "no theme is installed (Debian package wordpress-theme-twentytwentythree)"
    loaded = run("php", "-m")
    return None if "mysqli" in loaded else "php has no mysqli (Debian package php-mysql)"


def _http(
    url: str, method: str, path: str, body: str = "", headers: Mapping[str, str] | None = None
) -> tuple[int, str]:
    connection = HTTPConnection(url.removeprefix("http://"), timeout=PATIENCE)
    try:
        connection.request(method, path, body.encode(), dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def _theme() -> Path | None:
    themes = CORE / "wp-content" / "themes"
    named = os.environ.get("DESK_WORDPRESS_THEME")
    tried = [Path(named)] if named else [themes / name for name in THEMES]
    return next((theme for theme in tried if theme.exists()), None)


@dataclass
class RealWordPress:
    """One running WordPress. What tests change inside it goes through `php`."""

    root: Path
    url: str
    environment: dict[str, str]
    login: str = "desk"
    password: str = field(default="", repr=False)

    def php(self, code: str, **given: Any) -> Any:
        """Run PHP inside the site; `$given` holds what is passed, what it returns comes back.

        What the plugin does once a page is out is done then as well.
        """
        said = self._hand(code, given)
        self.settle()
        return said

    def settle(self) -> None:
        """Wait until nothing is done any more for a page that is out, as php-fpm lets it be."""
        if "DESK_NGINX" in os.environ:
            self._hand(_UNTIL_ALONE, {})

    def _hand(self, code: str, given: Mapping[str, Any]) -> Any:
        _, said = _http(
            self.url,
            "POST",
            "/hand-of-the-test",
            json.dumps({"code": code, "given": given}),
            {"X-Hand": self.environment["SITE_DB_PASSWORD"]},
        )
        try:
            return json.loads(said)
        except ValueError:
            raise AssertionError(f"PHP said {said!r}") from None

    # ---- what there is

    def add_story(self, title: str = "Three charged after Colchester raids", **more: Any) -> str:
        values = {
            "post_title": title,
            "post_content": "<!-- wp:paragraph --><p>Officers forced the doors of four homes."
            "</p><!-- /wp:paragraph -->",
            "post_status": "publish",
            "comment_status": "open",
            "post_author": 1,
        } | more
        return str(self.php("return wp_insert_post( wp_slash( $given['post'] ) );", post=values))

    def add_comment(self, story: str | None = None, **more: Any) -> str:
        """Add a comment as a guest or, with `user`, as somebody with an account."""
        user = more.pop("user", None)
        values = {
            "comment_post_ID": story or self.add_story(),
            "comment_content": "You are all bought, every one of you.",
            "comment_author": "harbour_rat",
            "comment_author_email": "rat@harbour.example",
            "comment_author_IP": "203.0.113.7",
            "comment_agent": "Reader's Browser/7.0",
            "comment_approved": 1,
        } | more
        return str(
            self.php(
                """
                $c = $given['comment'];
                if ( $given['user'] ) {
                    $u = get_user_by( 'login', $given['user'] );
                    $c = array( 'user_id' => $u->ID, 'comment_author' => $u->display_name,
                                'comment_author_email' => $u->user_email ) + $c;
                }
                return wp_insert_comment( wp_slash( $c ) );
                """,
                comment=values,
                user=user,
            )
        )

    def kept(self, comment_id: str) -> dict[str, Any] | None:
        """Return what the database holds of a comment: status, address and browser."""
        return self.php(
            """
            $c = get_comment( $given['id'] );
            return $c ? array( 'status' => wp_get_comment_status( $c ), 'ip' => $c->comment_author_IP,
                'agent' => $c->comment_agent, 'text' => $c->comment_content ) : null;
            """,
            id=int(comment_id),
        )

    def set_status(self, comment_id: str, status: str) -> None:
        """Change a comment's status as somebody in WordPress' own pages does."""
        self.php(
            "wp_set_current_user( 1 ); return wp_set_comment_status( $given['id'], $given['s'] );",
            id=int(comment_id),
            s=status,
        )

    def trash_story(self, story: str) -> None:
        self.php("wp_trash_post( $given['id'] ); return true;", id=int(story))

    def restore_story(self, story: str) -> None:
        self.php("wp_untrash_post( $given['id'] ); return true;", id=int(story))

    def set_trash(self, *, kept: bool) -> None:
        """Let WordPress keep a trash, or delete at once."""
        sign = self.root / "no-trash"
        sign.unlink(missing_ok=True) if kept else sign.touch()

    def edit(self, comment_id: str, text: str) -> None:
        self.php(
            """
            wp_set_current_user( 1 );
            return wp_update_comment( array( 'comment_ID' => $given['id'], 'comment_content' => $given['text'] ) );
            """,
            id=int(comment_id),
            text=text,
        )

    def remove(self, comment_id: str) -> None:
        self.php("return wp_delete_comment( $given['id'], true );", id=int(comment_id))

    def facts(self, comment_id: str) -> dict[str, str]:
        """Return how the plugin names a comment's author and text."""
        return self.php(
            """
            $c = get_comment( $given['id'] );
            return array( 'author' => CommentDesk\\author_key( $c ), 'revision' => CommentDesk\\revision( $c ) );
            """,
            id=int(comment_id),
        )

    def statement(self, comment_id: str) -> str | None:
        """Return where the author reads about the decision that stands."""
        return self.php(
            "return CommentDesk\\standing( $given['id'] )['url'] ?? null;", id=int(comment_id)
        )

    def banned(self, author: str) -> bool:
        return self.php("return null !== CommentDesk\\ban_of( $given['a'] );", a=author)

    # ---- how it is set up

    def set_plugin(self, *, active: bool) -> None:
        act = "activate_plugin" if active else "deactivate_plugins"
        self.php(f"return {act}( 'comment-desk/comment-desk.php' );")

    def set_up(self, **settings: Any) -> None:
        """Fill in the plugin's settings, as an admin does."""
        self.php("return update_option( 'comment_desk', $given['s'] );", s=settings)

    def set_rules(self, text: str) -> None:
        """Make the rules be others than the desk's."""
        self.php(
            "return update_option( 'comment_desk_rules', array( 'mark' => '', 'text' => $given['t'] ) );",
            t=text,
        )

    def rule_codes(self) -> list[str]:
        return self.php("return array_keys( CommentDesk\\rules() );")

    def new_password(self, login: str = "desk") -> str:
        return self.php(
            """
            $u = get_user_by( 'login', $given['login'] )->ID;
            return WP_Application_Passwords::create_new_application_password( $u, array( 'name' => uniqid( 'test' ) ) )[0];
            """,
            login=login,
        )

    def revoke_all(self, login: str) -> None:
        self.php(
            "return WP_Application_Passwords::delete_all_application_passwords("
            " get_user_by( 'login', $given['login'] )->ID );",
            login=login,
        )

    def mails(self, to: str) -> list[dict[str, str]]:
        """Return what was mailed to an address, oldest first."""
        self.settle()
        box = self.root / "mail.jsonl"
        lines = box.read_text().splitlines() if box.exists() else []
        return [mail for mail in map(json.loads, lines) if mail["to"] == to]

    def troubles(self) -> str:
        """Return what PHP complained of in the plugin."""
        log = self.root / "debug.log"
        lines = log.read_text().splitlines() if log.exists() else []
        return "\n".join(line for line in lines if "comment-desk" in line)


@contextlib.contextmanager
def running_wordpress() -> Iterator[RealWordPress]:
    """Run a WordPress for as long as the context lasts; nothing of it stays."""
    # A path of a socket may have 107 characters, which a test's own folder can exceed.
    folder = Path(tempfile.mkdtemp(prefix="desk-wp-"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        password = secrets.token_hex(16)
        sock = database(stack, folder, "wordpress", password)
        theme, address = _theme(), f"127.0.0.1:{free_port()}"
        assert theme is not None
        root, url = _root(folder, theme), f"http://{address}"
        environment = {
            "SITE_ROOT": str(root),
            "SITE_URL": url,
            "SITE_THEME": theme.name,
            "SITE_PERMALINKS": _permalinks(),
            "SITE_DB_PASSWORD": password,
            "SITE_DB_SOCKET": str(sock),
            "PHP_CLI_SERVER_WORKERS": "4",
        }
        site = RealWordPress(root=root, url=url, environment=environment)
        installed = run("php", str(HERE / "install.php"), **environment)
        site.password = json.loads(installed)["password"]
        serve = with_nginx if "DESK_NGINX" in os.environ else with_php
        serve(stack, root, address, environment).until(lambda: _answers(url))
        yield site


def _permalinks() -> str:
    return "" if os.environ.get("DESK_WORDPRESS_PERMALINKS") == "plain" else "/%postname%/"


def _answers(url: str) -> bool:
    try:
        status, said = _http(url, "GET", "/?rest_route=/")
    except OSError:
        return False
    assert status == 200, said[:2000]
    return True


def _root(folder: Path, theme: Path) -> Path:
    root = folder / "site"
    (root / "wp-content" / "plugins" / "comment-desk").mkdir(parents=True)
    (root / "wp-content" / "mu-plugins").mkdir()
    # Copied, as its files find each other by where they stand, which a link leads astray.
    shutil.copytree(CORE, root, ignore=_own_parts, dirs_exist_ok=True)
    (root / "wp-content" / "themes").symlink_to(theme.parent)
    shutil.copy(HERE / "config.php", root / "wp-config.php")
    shutil.copy(HERE / "quiet.php", root / "wp-content" / "mu-plugins" / "quiet.php")
    shutil.copy(PLUGIN, root / "wp-content" / "plugins" / "comment-desk" / "comment-desk.php")
    return root


def _own_parts(folder: str, names: Sequence[str]) -> set[str]:
    """Return what of a WordPress belongs to the site rather than to the core."""
    own = {"wp-config.php", "wp-content", ".htaccess"} if Path(folder) == CORE else set[str]()
    return own.intersection(names)
