"""Running the desk, and reading its settings anew when the system says so."""

from functools import partial

from bot import app
from bot.newsroom import Only
from bot.renewal import Renewal
from config.policy import policy_of
from config.settings import Settings, load


def read(only: Only | None) -> Settings:
    """Return the settings for a desk, or for `only` one of its processes.

    Raises:
        SettingsError: Something is missing or wrong.
    """
    return load(speaks_to_discord=only not in {"web", "deliver"})


async def run_renewed(
    settings: Settings, *, new: bool, stands_by: bool, only: Only | None = None
) -> None:
    """Run the desk until it is stopped; `new` lets it begin with an empty database.

    `stands_by` lets it wait while another one runs, and `only` names the part of it that is run.

    Raises:
        DeskError: It cannot start; the sentence says what to mend.
    """
    renewal = Renewal(partial(read_anew, only))
    renewal.hear_hangups()
    await app.run(settings, anew=new, stands_by=stands_by, only=only, renewal=renewal)


def read_anew(only: Only | None) -> Settings:
    """Return the settings as they are now, once the policy that they name can be read too."""
    settings = read(only)
    for one in settings.each.values():
        policy_of(one)
    return settings
