"""Who keeps the desk out of a WordPress is told apart by what is answered, and quoted whole."""

import pytest
from aiohttp import web

from bot.domain.decisions import Action
from bot.domain.effects import Verb
from bot.sites.base.json_value import JsonValue
from bot.sites.wordpress.entering import _passwords
from bot.sites.wordpress.entering import bad as wrong

from .fake_answers import error
from .orders import order

CLOSED = "DRA: Only authenticated users can access the REST API."
FACTOR = "<strong>Error:</strong> API login for user disabled, since a second factor is asked for."
LONG = (
    "You do not have sufficient permission to access this endpoint. Access to REST API requests is "
    "restricted by the security settings of this site, which its administrator made. Ask them to "
    "exempt your account from this under Security, Settings, REST API, and quote the code 4711."
)
NO_ROUTE = "No route was found matching the URL and request method."


def answering(status, code, message, *, where=str.__len__, strangers=True):
    """Return a fault that answers so at some routes, to strangers or only to who logs in."""

    async def fault(request):
        logs_in = "Authorization" in request.headers
        if where(request.query["rest_route"]) and (strangers or logs_in):
            return error(status, code, message)
        return None

    return fault


def users(route):
    return route.startswith("/wp/v2/users")


def comments(route):
    return route.startswith("/wp/v2/comments")


async def found(fake, opened):
    fake.set_up(url="http://127.0.0.1:9", site="courier", secrets="whsec_" + "QUFB" * 10)
    site = await opened(fake)
    return {one.name: one for one in await site.check()}


def bad(findings):
    (one,) = [one for one in findings.values() if not one.good and one.name != "House rules"]
    return one


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("rest_cannot_access", CLOSED),
        ("rest_login_required", "REST API restricted to authenticated users."),
        ("rest_disabled", "The REST API is disabled on this site."),
        ("itsec_rest_api_access_restricted", LONG),
        ("rest_forbidden", "Sorry, you are not allowed to access the REST API."),
    ],
)
async def test_a_closed_rest_api_is_called_closed_by_whoever_closed_it(
    fake, opened, status, code, message
):
    fake.fault = answering(status, code, message)
    one = bad(await found(fake, opened))
    assert one.name == "WordPress"
    assert f"closed to the desk ({status}): “{message}”" in one.words
    assert "allow the REST API" in one.mend[0]


async def test_only_the_index_closed_is_no_trouble(fake, opened):
    fake.fault = answering(403, "rest_cannot_access", CLOSED, where=lambda route: route == "/")
    findings = await found(fake, opened)
    assert [one.name for one in findings.values() if not one.good] == ["House rules"]
    assert f"only the index of its REST API is closed: “{CLOSED}”" in findings["WordPress"].words
    assert "Plugin" in findings


@pytest.mark.parametrize("answer", [301, 404, 403, 200])
async def test_an_index_that_is_a_page_is_no_trouble_either(fake, opened, answer):
    async def fault(request):
        if request.query["rest_route"] == "/":
            return web.Response(status=answer, text="<p>Hello</p>", content_type="text/html")
        return None

    fake.fault = fault
    findings = await found(fake, opened)
    assert [one.name for one in findings.values() if not one.good] == ["House rules"]


@pytest.mark.parametrize("message", [CLOSED, LONG, FACTOR])
async def test_a_login_that_a_plugin_refuses_is_told_from_a_closed_rest_api(fake, opened, message):
    fake.fault = answering(401, "invalid_application_credentials", message, strangers=False)
    findings = await found(fake, opened)
    one = bad(findings)
    assert one.name == "Account"
    assert message.replace("<strong>", "").replace("</strong>", "") in one.words
    assert any("second factor" in step for step in one.mend)
    assert findings["WordPress"].good


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("application_passwords_disabled", "Application passwords are not available."),
        (
            "application_passwords_disabled_for_user",
            "Application passwords are not available for your account. Please contact somebody.",
        ),
    ],
)
async def test_application_passwords_that_are_switched_off_are_said_to_be(
    fake, opened, code, message
):
    fake.fault = answering(401, code, message, strangers=False)
    one = bad(await found(fake, opened))
    assert "switched off" in one.words
    assert message in one.words
    assert "allow them for the desk's account" in one.mend[0]

    outcome = await (await opened(fake)).carry_out(order(fake, fake.add_comment(), Action.HIDE))
    assert outcome.verb is Verb.MISCONFIGURED
    assert message in outcome.words


@pytest.mark.parametrize("code", ["incorrect_password", "invalid_username", "invalid_email"])
async def test_a_login_that_wordpress_does_not_know_takes_a_new_password(fake, opened, code):
    fake.fault = answering(401, code, "The provided password is invalid.", strangers=False)
    one = bad(await found(fake, opened))
    assert one.name == "Account"
    assert any("Application Passwords" in step for step in one.mend)


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (404, "rest_no_route", NO_ROUTE),
        (403, "rest_comments_disabled", "Comments are disabled."),
        (401, "rest_cannot_access", LONG),
        (403, "rest_forbidden", "Comments are not for the REST API."),
    ],
)
async def test_comments_taken_out_of_the_rest_api_are_not_all_good(
    fake, opened, status, code, message
):
    fake.fault = answering(status, code, message, where=comments)
    one = bad(await found(fake, opened))
    assert one.name == "Comments"
    assert message in one.words


@pytest.mark.parametrize(
    ("status", "code"), [(404, "rest_no_route"), (403, "rest_user_cannot_view"), (401, "hidden")]
)
async def test_users_taken_out_of_the_rest_api_are_no_trouble(fake, opened, status, code):
    fake.fault = answering(status, code, NO_ROUTE, where=users)
    findings = await found(fake, opened)
    assert [one.name for one in findings.values() if not one.good] == ["House rules"]
    assert "users are closed to the desk" in findings["Account"].words


async def test_wp_v2_taken_away_is_told_from_another_address(fake, opened):
    async def fault(request):
        if request.query["rest_route"] == "/":
            return web.json_response({"name": "Courier", "namespaces": ["oembed/1.0"]})
        return error(404, "rest_no_route", NO_ROUTE)

    fake.fault = fault
    one = bad(await found(fake, opened))
    assert "without wp/v2" in one.words


@pytest.mark.parametrize("address", ["http", "https"])
async def test_without_application_passwords_the_advice_depends_on_the_address(address):
    said = JsonValue({"authentication": []})
    one = _passwords(said, wrong("Account", ""), None, f"{address}://courier.example")
    assert ("https:// in the settings" in " ".join(one.mend)) is (address == "http")
    assert "switched them off" in one.mend[0 if address == "https" else -1]


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("message", [CLOSED, LONG])
async def test_an_order_that_a_plugin_turns_away_says_which_words_it_used(
    fake, opened, status, message
):
    comment = fake.add_comment()
    fake.fault = answering(status, "rest_cannot_access", message)
    outcome = await (await opened(fake)).carry_out(order(fake, comment, Action.HIDE))
    assert outcome.verb is Verb.MISCONFIGURED
    assert message in outcome.words
    assert "role" not in outcome.words


# ---- the same on the real one


@pytest.fixture
def closing(real_wordpress):
    """Give a function that puts a plugin's line into the site, which is taken out afterwards."""
    file = real_wordpress.root / "wp-content" / "mu-plugins" / "closing.php"

    def put(code):
        file.write_text(f"<?php {code}")

    yield put
    file.unlink(missing_ok=True)


_REST = """
add_filter( 'rest_authentication_errors', fn() => new WP_Error( 'rest_cannot_access', 'DRA: Only nobody can access the REST API.', array( 'status' => 401 ) ) );
"""
_PASSWORDS = "add_filter( 'wp_is_application_passwords_available', '__return_false' );"
_FOR_USER = "add_filter( 'wp_is_application_passwords_available_for_user', '__return_false' );"
_COMMENTS = """
add_filter( 'rest_endpoints', fn( $all ) => array_filter( $all, fn( $path ) => 0 !== strpos( $path, '/wp/v2/comments' ), ARRAY_FILTER_USE_KEY ) );
"""
_FACTOR = """
add_action( 'wp_authenticate_application_password_errors', fn( $error ) => $error->add( 'second_factor', 'API login for user disabled.' ) );
"""
REAL = {
    "rest": (_REST, "WordPress", "“DRA: Only nobody can access the REST API.”"),
    "passwords": (_PASSWORDS, "Application passwords", "cannot be used"),
    "for user": (_FOR_USER, "Account", "for this account"),
    "comments": (_COMMENTS, "Comments", "its REST API has no comments"),
    "factor": (_FACTOR, "Account", "second factor"),
}


@pytest.mark.parametrize("way", REAL)
async def test_each_is_told_apart_on_a_real_wordpress(real_wordpress, opened, closing, way):
    code, name, words = REAL[way]
    closing(code)
    one = bad(await found(real_wordpress, opened))
    assert one.name == name
    # WordPress may keep to itself why a login does not count; the steps name what it can be.
    assert words in " ".join([one.words, *one.mend])


async def test_a_real_wordpress_without_users_or_index_is_no_trouble(
    real_wordpress, opened, closing
):
    closing(
        "add_filter( 'rest_endpoints', fn( $all ) => array_filter( $all, fn( $path ) => "
        "0 !== strpos( $path, '/wp/v2/users' ), ARRAY_FILTER_USE_KEY ) );"
        "add_filter( 'rest_pre_dispatch', fn( $done, $server, $request ) => '/' === "
        "$request->get_route() ? new WP_Error( 'closed', 'Not here.', array( 'status' => 403 ) ) "
        ": $done, 10, 3 );"
    )
    findings = await found(real_wordpress, opened)
    assert {one.name for one in findings.values() if not one.good} <= {"House rules"}
    assert "“Not here.”" in findings["WordPress"].words
