"""Whom WordPress lets do what, and what the desk makes of being turned away."""

import pytest

from bot.domain.decisions import Action
from bot.domain.effects import Verb

from .orders import order


async def test_a_wrong_password_is_a_matter_of_the_set_up(wordpress, opened):
    site = await opened(wordpress, password="wrong wrong wrong wrong")
    comment = wordpress.add_comment()
    outcome = await site.carry_out(order(wordpress, comment, Action.HIDE))
    assert outcome.verb is Verb.MISCONFIGURED
    assert "application password is wrong or was revoked" in outcome.words
    assert wordpress.kept(comment)["status"] == "approved"


async def test_a_revoked_password_is_a_matter_of_the_set_up(wordpress, opened):
    site = await opened(wordpress, login="boss", password=wordpress.new_password("boss"))
    comment = wordpress.add_comment()
    assert (await site.carry_out(order(wordpress, comment, Action.HIDE))).verb is Verb.DONE
    wordpress.revoke_all("boss")

    outcome = await site.carry_out(order(wordpress, comment, Action.UNHIDE))

    assert outcome.verb is Verb.MISCONFIGURED
    assert wordpress.kept(comment)["status"] == "unapproved"


async def test_an_account_that_may_not_moderate_is_told_apart(wordpress, opened):
    password = wordpress.new_password("salty_dog")
    site = await opened(wordpress, login="salty_dog", password=password)
    comment = wordpress.add_comment()
    outcome = await site.carry_out(order(wordpress, comment, Action.HIDE))
    assert outcome.verb is Verb.MISCONFIGURED
    assert "role of an editor" in outcome.words


async def test_everything_is_found_well(wordpress, opened):
    wordpress.set_up(url="http://127.0.0.1:9", site="courier", secrets="whsec_" + "QUFB" * 10)
    site = await opened(wordpress)
    await site.look_for_reports(None)  # also tells WordPress the rules
    found = {finding.name: finding for finding in await site.check()}
    assert [name for name, finding in found.items() if not finding.good] == []
    # Newer versions have notes beside comments, which is said after the clocks.
    assert [name for name in found if name != "Notes"] == [
        "WordPress",
        "Application passwords",
        "Account",
        "Plugin",
        "Reports",
        "Clocks",
        "House rules",
    ]


async def test_other_rules_on_the_form_are_found(wordpress, opened):
    wordpress.set_up(url="http://127.0.0.1:9", site="courier", secrets="whsec_" + "QUFB" * 10)
    wordpress.set_rules("1 | other | Another | Rule")
    found = {finding.name: finding for finding in await (await opened(wordpress)).check()}
    assert not found["House rules"].good


async def test_a_wrong_password_is_found_with_steps_to_mend_it(wordpress, opened):
    found = await (await opened(wordpress, password="wrong")).check()
    assert [finding.name for finding in found if not finding.good] == ["Account"]
    assert any("Application Passwords" in step for step in found[-1].mend)


async def test_an_account_of_too_few_rights_is_found(wordpress, opened):
    for login, words in (("salty_dog", "may not moderate"), ("reporter", "may not moderate")):
        password = wordpress.new_password(login)
        found = await (await opened(wordpress, login=login, password=password)).check()
        assert [finding.name for finding in found if not finding.good] == ["Account"]
        assert words in found[-1].words


async def test_a_missing_plugin_is_found(wordpress, opened):
    wordpress.set_plugin(active=False)
    found = await (await opened(wordpress)).check()
    assert [finding.name for finding in found if not finding.good] == ["Plugin"]
    assert "comment-desk.php" in found[-1].mend[0]


async def test_a_plugin_without_settings_is_found(wordpress, opened):
    wordpress.set_up(url="", site="", secrets="")
    found = await (await opened(wordpress)).check()
    assert [finding.name for finding in found if not finding.good] == ["Plugin"]
    assert "not filled in" in found[-1].words


@pytest.mark.parametrize("name", ["Courier", "courier ", "kourier", "another"])
async def test_a_site_that_goes_by_another_name_is_found(wordpress, opened, name):
    wordpress.set_up(url="http://127.0.0.1:9", site=name, secrets="whsec_" + "QUFB" * 10)
    found = await (await opened(wordpress)).check()
    (bad,) = [finding for finding in found if not finding.good]
    assert bad.name == "Plugin"
    assert f"calls the site “{name.strip()}”, and the desk “courier”" in bad.words
    assert "exactly as it stands in the desk's settings" in bad.mend[0]
