"""WordPress: driven over its REST API, and the plugin that gives it reports and bans."""

from contextlib import AbstractAsyncContextManager
from typing import Literal

from pydantic import Field, SecretStr

from bot.ports import Site
from bot.sites.base.context import SiteContext
from bot.sites.base.platform import Platform, PlatformSettings


class WordPressSettings(PlatformSettings):
    """Only for kind wordpress."""

    login: str = Field(description="The user name of the desk's own account there, an editor.")
    password: SecretStr = Field(
        description="An application password of that account, from Users, Profile; not its log-in."
    )
    plugin: bool = Field(
        default=True,
        description="Whether the Comment Desk plugin is active there; without it, no bans.",
    )
    hidden_as: Literal["hold", "spam", "trash"] = Field(
        default="hold", description="What a hidden comment becomes: hold, spam or trash."
    )


def _open(context: SiteContext, own: WordPressSettings) -> AbstractAsyncContextManager[Site]:
    from bot.sites.wordpress.site import Access, Status, WordPressSite

    access = Access(
        login=own.login,
        password=own.password.get_secret_value(),
        plugin=own.plugin,
        hidden_as=Status(own.hidden_as),
    )
    return WordPressSite(context, access)


PLATFORM = Platform(
    kind="wordpress",
    open=_open,
    settings=WordPressSettings,
    steps=(
        "In WordPress, make an account for the desk with the role Editor.",
        "As that account: Users, Profile, Application Passwords. Copy the one it shows.",
        "Copy bot/sites/wordpress/comment-desk.php into wp-content/plugins, and activate it.",
        "There, open Settings > Comment Desk. Fill in the desk's address, NAME, and the secret below.",
    ),
    sends_reports=True,
    read_at_url=True,
)
