"""Opens a site of the settings through the adapter of its platform."""

from contextlib import AbstractAsyncContextManager

from bot.domain.errors import DeskError
from bot.domain.ids import SiteId
from bot.ports import Site
from bot.sites.base.context import DeskContext, HearTime, SiteContext
from bot.sites.settings import SiteSettings


def open_site(
    name: SiteId,
    settings: SiteSettings,
    desk: DeskContext,
    *,
    hear_time: HearTime | None = None,
) -> AbstractAsyncContextManager[Site]:
    """Return the site's adapter, to be entered before it is used.

    `hear_time` is told what time the site says it is, with each of its answers.

    Raises:
        DeskError: The settings name a house rule that there is not.
    """
    _require_rules(name, settings, desk)
    keys = settings.keys
    context = SiteContext(
        site=name,
        url=settings.url,
        clock=desk.clock,
        policy=lambda: desk.policy().at(name),
        reader=keys.reporter,
        read=lambda body, delivery: desk.read_report(
            body, name, delivery, keys, desk.policy().at(name), desk.clock()
        ),
        reasons=settings.reasons,
        other=settings.other_rule,
        allow_private=settings.allow_private,
        secrets=[secret.get_secret_value() for secret in settings.outgoing_secrets],
        hear_time=hear_time,
        readers_url=desk.readers_url,
    )
    return settings.platform.open(context, settings.own)


def _require_rules(name: SiteId, settings: SiteSettings, desk: DeskContext) -> None:
    rules = desk.policy().at(name).by_code
    for code in (*settings.reasons.values(), settings.other_rule):
        if code is not None and code not in rules:
            raise DeskError(
                f"DESK_SITES__{name.upper()} names the house rule {code}, which there is not. "
                f"The rules are {', '.join(rules)}."
            )
