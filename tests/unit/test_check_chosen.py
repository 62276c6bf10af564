"""What `check` says of a channel or roles that were picked with /setup: nothing of the file."""

from datetime import UTC, datetime

import pytest

from bot.cli.check_chosen import said_by
from bot.domain.ids import PersonId
from bot.domain.set_up import CHANNELS, ROLES, Setting, SetUpChange
from bot.domain.site import Finding
from bot.domain.staff import Person
from config.discord import field_of

VERA = Person(id=PersonId(9), name="Vera")
AT = datetime(2026, 11, 27, 12, tzinfo=UTC)
NAMES = {
    Setting.CHANNEL: "Channel",
    Setting.EDITORS_CHANNEL: "Editors' channel",
    Setting.LOG_CHANNEL: "Log channel",
    Setting.MODERATOR_ROLES: "Roles",
    Setting.SENIOR_ROLES: "Roles",
    Setting.EDITOR_ROLES: "Roles",
}
STEPS = (
    "Open the channel's settings, Permissions, and allow the bot View Channel.",
    "If the channel was deleted, take the line out of .env, and run setup again.",
    "If the channel was deleted, run comment-desk setup, and choose another.",
    "Set DESK_DISCORD__MODERATOR_ROLES to the ids of your roles, as [1, 2].",
)


def cross(setting: Setting, words: str) -> Finding:
    words = words.format(f"DESK_DISCORD__{field_of(setting)}")
    return Finding(name=NAMES[setting], good=False, words=words, mend=STEPS)


def picked(setting: Setting) -> dict[Setting, SetUpChange]:
    return {setting: SetUpChange(setting=setting, value="7", was=None, by=VERA, at=AT)}


@pytest.mark.parametrize("setting", [*CHANNELS, *ROLES])
@pytest.mark.parametrize(
    "words", ["the bot does not see the channel of {}", "it does not see channel 7, named by {}"]
)
def test_a_cross_about_what_was_picked_in_discord_sends_nobody_to_the_file(
    setting: Setting, words: str
):
    said = said_by(cross(setting, words), picked(setting))
    told = "\n".join((said.words, *said.mend))
    assert not said.good
    assert "DESK_DISCORD__" not in told
    assert ".env" not in told
    assert "set in Discord by Vera on 27 November" in said.words
    assert "/setup" in said.words
    assert said.mend[0] == STEPS[0]
    assert said.mend[-1].startswith("Pick another with /setup")


@pytest.mark.parametrize("setting", [*CHANNELS, *ROLES])
def test_a_cross_about_what_the_file_names_says_the_files_name(setting: Setting):
    found = cross(setting, "the bot does not see the channel of {}")
    other = Setting.LOG_CHANNEL if setting is not Setting.LOG_CHANNEL else Setting.CHANNEL
    assert said_by(found, {}) == found
    assert said_by(found, picked(other)) == found
