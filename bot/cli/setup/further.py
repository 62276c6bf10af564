"""The set-up of a further newsroom: its lines wait until all of them can stand in `.env` together."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bot.cli import envfile
from bot.cli.envfile import Draft
from bot.domain.errors import DeskError
from config.newsrooms import FIRST, GuildSettings, is_name
from config.settings import Settings, SettingsError, load

_OF_DISCORD: Final = "DESK_DISCORD__"
_OWN: Final = frozenset(_OF_DISCORD + field.upper() for field in GuildSettings.model_fields)
WAITING: Final = "waiting"


class NewsroomDraft(Draft):
    """The settings as a further newsroom's set-up sees them, with its own in the first one's place.

    What is settled of it is noted until its site is connected, as the desk could not start with
    half of it, and a site without its newsroom would be the first one's.

    Args:
        env_file: The admin's `.env`.
        newsroom: The newsroom's name.
    """

    def __init__(self, env_file: Path, newsroom: str) -> None:
        super().__init__(env_file)
        self.newsroom = newsroom
        self.prefix = f"DESK_NEWSROOMS__{newsroom.upper()}__"

    @property
    def waiting(self) -> Mapping[str, str]:
        """The lines that are not in `.env` yet."""
        return self.noted(WAITING)

    @property
    def sites(self) -> str:
        """The name of the setting with its sites."""
        return f"{self.prefix}SITES"

    def get(self, name: str) -> str:
        """Return a setting, a newsroom's own by the name that the first one's has."""
        name = self._own(name)
        return self.waiting.get(name, "") or super().get(name)

    def settle(self, values: Mapping[str, str]) -> None:
        """Note the newsroom's own settings, and write what all share into `.env`."""
        own = {self._own(name): value for name, value in values.items() if name in _OWN}
        super().settle({name: value for name, value in values.items() if name not in _OWN})
        if own:
            self.note(WAITING, {**self.waiting, **own})

    def write_waiting(self, values: Mapping[str, str]) -> None:
        """Write what waits into `.env`, and `values` with it, in one step.

        Raises:
            DeskError: The file cannot be written.
        """
        envfile.write(self.env_file, {**self.waiting, **values})
        self.forget(WAITING)

    def noted(self, name: str) -> dict[str, Any]:
        """Return what was noted for the newsroom under a name."""
        return super().noted(self._note(name))

    def note(self, name: str, values: Mapping[str, Any]) -> None:
        """Keep something of the newsroom's for the next time."""
        super().note(self._note(name), values)

    def _note(self, name: str) -> str:
        return f"newsroom {self.newsroom}: {name}"

    def _own(self, name: str) -> str:
        return self.prefix + name.removeprefix(_OF_DISCORD) if name in _OWN else name


def require_room_for(draft: NewsroomDraft) -> Settings:
    """Return the settings as they stand, to which a newsroom can be added.

    Raises:
        DeskError: There is no desk yet, or a newsroom cannot be called so.
    """
    try:
        settings = load(draft.env_file)
    except SettingsError as wrong:
        raise DeskError(
            f"A further newsroom is added to a desk that is set up. Mend {draft.env_file} first, or "
            f"run setup without --newsroom: {wrong}"
        ) from wrong
    if not is_name(draft.newsroom):
        raise DeskError(
            f"A newsroom cannot be called {draft.newsroom}. Use small letters, digits and hyphens, "
            f"and not {FIRST}, which is the one that there was before."
        )
    return settings


def require_free(draft: NewsroomDraft, settings: Settings, channels: Sequence[str]) -> None:
    """Return if no other newsroom has the channels; forget them otherwise.

    Raises:
        DeskError: One has; the sentence names it.
    """
    others = {name: one for name, one in settings.each.items() if name != draft.newsroom}
    for name, one in others.items():
        if any(draft.get(channel) in map(str, one.discord.channels) for channel in channels):
            draft.forget(WAITING)
            raise DeskError(
                f"One of these channels is the newsroom {name}'s, whose moderators would see the "
                "cards. Nothing was written. Run set-up again, and name channels of its own."
            )
