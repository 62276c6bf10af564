"""Running the desk, and reading its settings anew when the system says so."""

from bot import app
from bot.renewal import Renewal
from config.policy import load_policy
from config.settings import Settings, load


async def run_renewed(settings: Settings, *, new: bool, stands_by: bool) -> None:
    """Run the desk until it is stopped; `new` lets it begin with an empty database.

    `stands_by` lets it wait while another one runs.

    Raises:
        DeskError: It cannot start; the sentence says what to mend.
    """
    renewal = Renewal(_read_anew)
    renewal.hear_hangups()
    await app.run(settings, anew=new, stands_by=stands_by, renewal=renewal)


def _read_anew() -> Settings:
    """Return the settings as they are now, once the policy that they name can be read too."""
    settings = load()
    load_policy(settings.policy)
    return settings
