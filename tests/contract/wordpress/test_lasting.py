"""What was hidden stays hidden, nothing is deleted for good, and nobody's decision is missed."""

import pytest
from aiohttp import ClientSession

from bot.domain.decisions import Action
from bot.domain.effects import Verb
from bot.sites.wordpress.site import Status

from .orders import order
from .reader import basic, reading

plugins = pytest.mark.parametrize("plugin", [True, False], ids=["plugin", "core"])
DOWN = [Action.HIDE, Action.HOLD, Action.BAN]


async def done(adapter, asked):
    outcome = await adapter.carry_out(asked)
    assert outcome.verb is Verb.DONE, outcome


# ---- a story that is in the trash, and comes back


@pytest.mark.parametrize("action", DOWN)
async def test_what_is_hidden_while_its_story_is_in_the_trash_stays_so(wordpress, opened, action):
    site, story = await opened(wordpress), wordpress.add_story()
    comment, other = (wordpress.add_comment(story) for _ in range(2))
    asked = order(wordpress, comment, action)
    wordpress.trash_story(story)
    for _ in range(2):
        await done(site, asked)
    wordpress.restore_story(story)
    assert wordpress.kept(comment)["status"] == "unapproved"
    assert wordpress.kept(other)["status"] == "approved"


@plugins
async def test_what_was_hidden_before_comes_back_hidden(wordpress, opened, plugin):
    wordpress.set_plugin(active=plugin)
    site, story = await opened(wordpress, plugin=plugin), wordpress.add_story()
    comment = wordpress.add_comment(story)
    hide = order(wordpress, comment, Action.HIDE)
    await done(site, hide)
    wordpress.trash_story(story)
    if plugin:
        await done(site, hide)
    wordpress.restore_story(story)
    assert wordpress.kept(comment)["status"] == "unapproved"


@pytest.mark.parametrize("action", DOWN)
async def test_without_the_plugin_it_is_said_that_it_would_be_shown_again(
    wordpress, opened, action
):
    wordpress.set_plugin(active=False)
    site, story = await opened(wordpress, plugin=False), wordpress.add_story()
    comment = wordpress.add_comment(story)
    wordpress.trash_story(story)
    outcome = await site.carry_out(order(wordpress, comment, action))
    assert outcome.verb is Verb.REFUSED
    assert "WordPress shows the comment again" in outcome.words


async def test_an_older_plugin_is_not_taken_for_one_that_remembers(fake, opened):
    fake.old = True
    site, story = await opened(fake), fake.add_story()
    comment = fake.add_comment(story)
    fake.trash_story(story)
    outcome = await site.carry_out(order(fake, comment, Action.HIDE))
    assert outcome.verb is Verb.REFUSED
    assert "1.5 or newer" in outcome.words


async def test_what_an_editor_decides_meanwhile_outlasts_the_trash_too(wordpress):
    story = wordpress.add_story()
    comment = wordpress.add_comment(story)
    wordpress.trash_story(story)
    wordpress.set_status(comment, "spam")
    wordpress.restore_story(story)
    assert wordpress.kept(comment)["status"] == "spam"


# ---- a WordPress that keeps no trash


@pytest.fixture
def trashless(wordpress):
    wordpress.set_trash(kept=False)
    yield wordpress
    wordpress.set_trash(kept=True)


@plugins
async def test_nothing_is_hidden_where_that_would_delete_it(trashless, opened, plugin):
    trashless.set_plugin(active=plugin)
    site = await opened(trashless, plugin=plugin, hidden_as=Status.TRASH)
    comment = trashless.add_comment()

    outcome = await site.carry_out(order(trashless, comment, Action.HIDE))

    assert outcome.verb is Verb.REFUSED
    assert "EMPTY_TRASH_DAYS" in outcome.words
    assert trashless.kept(comment)["status"] == "approved"


async def test_a_plugin_that_does_not_tell_of_the_trash_is_no_danger(fake, opened):
    fake.old, fake.trash_days = True, 0
    site, comment = await opened(fake, hidden_as=Status.TRASH), fake.add_comment()
    outcome = await site.carry_out(order(fake, comment, Action.HIDE))
    assert outcome.verb is Verb.REFUSED
    assert fake.kept(comment)["status"] == "approved"


async def test_a_hold_needs_no_trash(trashless, opened):
    site, comment = await opened(trashless, hidden_as=Status.TRASH), trashless.add_comment()
    await done(site, order(trashless, comment, Action.HOLD))
    assert trashless.kept(comment)["status"] == "unapproved"


async def test_the_check_says_that_hiding_would_delete(trashless, opened):
    trashless.set_up(url="http://127.0.0.1:9", site="courier", secrets="whsec_" + "QUFB" * 10)
    site = await opened(trashless, hidden_as=Status.TRASH)
    await site.look_for_reports(None)
    (bad,) = [finding for finding in await site.check() if not finding.good]
    assert (bad.name, bad.mend) == ("Hiding", ("Use hidden_as = hold.",))
    assert "for good" in bad.words


async def test_the_test_comment_is_tried_without_a_trash_as_well(real_wordpress, opened):
    site = real_wordpress
    site.set_trash(kept=False)
    try:
        async with reading(site) as reader:
            site.add_story()
            adapter = await opened(site, read=lambda *_: True)
            found = await adapter.try_report([reader.secret])
    finally:
        site.set_trash(kept=True)
    assert [finding for finding in found if not finding.good] == []
    assert site.php("return get_comments( array( 'meta_key' => CommentDesk\\TRIAL ) );") == []


# ---- what editors decide at WordPress


@pytest.mark.parametrize("login", ["boss", "desk"])
@pytest.mark.parametrize("status", ["hold", "spam", "trash", "approved"])
async def test_a_decision_over_rest_is_seen_whoever_s_password_it_is(
    wordpress, opened, login, status
):
    """The desk's own account too: an app on a telephone may have another password of it."""
    site = await opened(wordpress)
    comment = wordpress.add_comment()
    if status == "approved":
        await done(site, order(wordpress, comment, Action.HIDE))
    (seen,) = await site.look_at([comment])
    assert seen.visible is None
    password = wordpress.new_password(login)
    async with (
        ClientSession() as session,
        session.post(
            f"{wordpress.url}/?rest_route=/wp/v2/comments/{comment}",
            json={"status": status},
            headers=basic(login, password),
        ) as answer,
    ):
        assert answer.status == 200

    (seen,) = await site.look_at([comment])
    assert (seen.visible, seen.by) == (status == "approved", login)
    assert seen.at is not None


async def test_what_the_desk_did_itself_is_nobody_s_decision(wordpress, opened):
    site = await opened(wordpress)
    comment = wordpress.add_comment()
    for action in (Action.HOLD, Action.HIDE, Action.UNHIDE):
        await done(site, order(wordpress, comment, action))
        (seen,) = await site.look_at([comment])
        assert (seen.visible, seen.by) == (None, None)


async def test_a_client_that_sends_all_back_that_it_read_decides_as_well(real_wordpress, opened):
    """Several apps read a comment, change its status, and write the whole of it."""
    site = real_wordpress
    adapter, comment = await opened(site), site.add_comment()
    headers = basic("boss", site.new_password("boss"))
    url = f"{site.url}/?rest_route=/wp/v2/comments/{comment}&context=edit"
    async with ClientSession(headers=headers) as session:
        async with session.get(url) as answer:
            read = await answer.json()
        kept = {name: read[name] for name in ("comment_desk", "comment_desk_on_hold", "post")}
        async with session.post(url, json=kept | {"status": "hold"}) as answer:
            assert answer.status == 200
    (seen,) = await adapter.look_at([comment])
    assert (seen.visible, seen.by) == (False, "boss")


# ---- authors whom nothing tells from others


@pytest.mark.parametrize("address", ["", "0.0.0.0", "::"])  # noqa: S104 - of nobody
async def test_a_guest_without_any_address_is_not_banned_with_all_of_that_name(
    wordpress, opened, address
):
    site = await opened(wordpress)
    blank = {
        "comment_author": "Guest",
        "comment_author_email": "",
        "comment_author_IP": address,
    }
    one, other = (wordpress.add_comment(**blank) for _ in range(2))
    authors = [wordpress.facts(each)["author"] for each in (one, other)]
    assert authors[0] != authors[1]

    outcome = await site.carry_out(order(wordpress, one, Action.BAN))

    assert outcome.verb is Verb.REFUSED
    assert outcome.words.startswith("The comment is hidden. WordPress keeps neither")
    assert wordpress.kept(one)["status"] == "unapproved"
    assert not any(map(wordpress.banned, authors))
    await done(site, order(wordpress, one, Action.UNBAN))


async def test_a_name_that_an_older_plugin_gave_to_all_guests_is_not_banned(wordpress, opened):
    site = await opened(wordpress)
    comment = wordpress.add_comment(
        comment_author="Guest", comment_author_email="", comment_author_IP=""
    )
    everybody = "name-" + "ab12" * 6
    outcome = await site.carry_out(order(wordpress, comment, Action.BAN, author_id=everybody))
    assert outcome.verb is Verb.REFUSED
    assert not wordpress.banned(everybody)


@pytest.mark.parametrize(
    ("address", "telling"),
    [
        ("203.0.113.7", True),
        ("203.0.113.0", True),
        ("203.0.113.x", True),
        ("2001:db8::7", True),
        ("2001:db8::", True),
        ("", False),
        ("0.0.0.0", False),  # noqa: S104 - of nobody
        ("000.000.000.000", False),
        ("x.x.x.x", False),
        ("::", False),
        ("0:0:0:0:0:0:0:0", False),
        ("255.255.255.255", False),
        ("unknown", False),
        ("deleted", False),
        ("-", False),
    ],
)
async def test_which_addresses_tell_people_apart(real_wordpress, address, telling):
    said = real_wordpress.php("return CommentDesk\\is_telling( $given['a'] );", a=address)
    assert said is telling


# ---- what a reader writes


@pytest.mark.parametrize(
    "note",
    [
        "caf%C3%A9 and 100%25 true",
        "5 < 6 and 7 > 6",
        "if a<b then <b>bold</b>",
        "&lt;b&gt; &amp; &eacute;",
        "It's \"so\" \\ \\' \\\\ bad",
        "two\nlines\n\nand more",
        "<script>alert(1)</script>",
        "ends with %",
        "🐟 щ 漢",
        "  in   between  ".strip(),
    ],
)
async def test_a_note_arrives_to_the_letter(real_wordpress, note):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        comment = site.add_comment(story)
        sent = note.replace("\n", "\r\n")  # as browsers send it
        await reader.report(story, comment, comment_desk_note=f"  {sent}\r\n")
        await reader.send_due()
        (report,) = reader.intake.reports
        assert report.note == note


async def test_a_long_note_of_many_lines_keeps_its_end(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        story = site.add_story()
        note = "a\n" * 249 + "zz"
        await reader.report(
            story, site.add_comment(story), comment_desk_note=note.replace("\n", "\r\n")
        )
        await reader.send_due()
        (report,) = reader.intake.reports
        assert report.note == note


async def test_house_rules_stand_on_the_form_to_the_letter(real_wordpress):
    site = real_wordpress
    async with reading(site) as reader:
        text = "Under 5 < 6, <group> & 100%25 | more"
        rules = [{"number": 1, "code": "abuse", "name": "A < B", "text": text}]
        async with reader.session.post(
            f"{site.url}/?rest_route=/comment-desk/v1/rules",
            json={"rules": rules, "mark": "m", "readers": None},
            headers=basic(site.login, site.password),
        ) as answer:
            assert answer.status == 200
        story = site.add_story()
        page = await reader.form(story, site.add_comment(story))
        assert "A &lt; B" in page
        assert "Under 5 &lt; 6, &lt;group&gt; &amp; 100%25 / more" in page
