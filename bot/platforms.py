"""Opens each site of the settings through the adapter of its platform."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import timedelta
from typing import Protocol

from bot.domain.errors import DeskError
from bot.domain.ids import SiteId
from bot.domain.policy import Policy
from bot.domain.site import Ability
from bot.ports import Clock, PolledSite, Site
from bot.services.poll import Watch
from bot.sites.base.client import HearTime, SiteClient
from bot.sites.base.context import SiteContext
from bot.sites.comentario.site import ComentarioSite
from bot.sites.coral.site import CoralSite
from bot.sites.discourse.site import DiscourseSite
from bot.sites.disqus.site import DisqusKeys, DisqusSite
from bot.sites.ghost.site import GhostSite
from bot.sites.link.site import LinkSite
from bot.sites.remark42.site import Remark42Site
from bot.sites.webhook.site import WebhookSite
from bot.sites.wordpress.site import Access, Status, WordPressSite
from bot.web.keys import SiteKeys
from bot.web.knocks import Knocker
from bot.web.queued import read_queued
from bot.web.signature import Sender
from config.sites import (
    ComentarioSettings,
    CoralSettings,
    DiscourseSettings,
    DisqusSettings,
    GhostSettings,
    Own,
    Remark42Settings,
    SiteSettings,
)


class Around(Protocol):
    """What an adapter needs of a desk."""

    @property
    def policy(self) -> Callable[[], Policy]:
        """The house rules as they now are."""
        ...

    @property
    def clock(self) -> Clock:
        """The time now."""
        ...


def open_site(
    name: SiteId,
    settings: SiteSettings,
    desk: Around,
    *,
    hear_time: HearTime | None = None,
) -> AbstractAsyncContextManager[Site]:
    """Return the site's adapter, to be entered before it is used.

    `hear_time` is told what time the site says it is, with each of its answers.

    Raises:
        DeskError: The settings name a house rule that there is not.
    """
    context = _context(name, settings, desk)
    match settings.kind:
        case "wordpress":
            return open_wordpress(settings, desk, context, hear_time)
        case "link":
            return nullcontext(LinkSite(context.url))
        case "webhook":
            return WebhookSite(
                context.url,
                [secret.get_secret_value() for secret in settings.outgoing_secrets],
                clock=context.clock,
                allow_private=context.allow_private,
                hear_time=hear_time,
            )
        case _:
            return _open(context, settings.own, hear_time)


def open_wordpress(
    settings: SiteSettings, desk: Around, context: SiteContext, hear_time: HearTime | None = None
) -> WordPressSite:
    """Return the adapter of a WordPress, whose plugin keeps reports as it would send them."""
    group, keys = settings.wordpress, keys_of(settings)
    if group is None:
        raise DeskError("kind wordpress needs WORDPRESS")
    return WordPressSite(
        context,
        Access(
            login=group.login,
            password=group.password.get_secret_value(),
            plugin=group.plugin,
            hidden_as=Status(group.hidden_as),
        ),
        read=lambda body, delivery: read_queued(
            body, Sender(site=context.site, delivery=delivery), keys, desk.policy(), desk.clock()
        ),
        hear_time=hear_time,
    )


@asynccontextmanager
async def _open(
    context: SiteContext, own: Own | None, hear_time: HearTime | None
) -> AsyncGenerator[Site]:
    async with SiteClient(
        context.url, clock=context.clock, allow_private=context.allow_private, hear_time=hear_time
    ) as client:
        yield _adapter(context, client, own)


def _adapter(context: SiteContext, client: SiteClient, own: Own | None) -> Site:
    match own:
        case CoralSettings():
            token = own.token.get_secret_value()
            return CoralSite(context, client, token, dsa=own.dsa, premoderate=own.premoderate)
        case DiscourseSettings():
            key = own.api_key.get_secret_value()
            return DiscourseSite(context, client, key, own.api_username, silence=own.silence)
        case GhostSettings():
            return GhostSite(context, client, own.admin_key.get_secret_value())
        case DisqusSettings():
            keys = DisqusKeys(
                forum=own.forum,
                api_key=own.api_key.get_secret_value(),
                api_secret=own.api_secret.get_secret_value(),
                access_token=own.access_token.get_secret_value(),
            )
            return DisqusSite(context, client, keys)
        case Remark42Settings():
            return Remark42Site(context, client, own.site_id, own.password.get_secret_value())
        case ComentarioSettings():
            return ComentarioSite(context, client, own.email, own.password.get_secret_value())
        case _:
            raise DeskError("the kind of the site has no adapter that is opened this way")


def keys_of(settings: SiteSettings) -> SiteKeys:
    """Return what the site's own reports are signed with.

    Coral's and Discourse's secrets are not among them: they sign in other ways, and a Coral
    secret read as one of ours would silently be another key.
    """
    own = settings.kind in SIGNATURES
    return SiteKeys(
        secrets=() if own else tuple(secret.get_secret_value() for secret in settings.secrets),
        salt=settings.reporter_salt.get_secret_value().encode(),
    )


SIGNATURES = {"coral": "X-Coral-Signature", "discourse": "X-Discourse-Event-Signature"}
"""The header in which platforms sign that only tell that something happened."""


def watches_of(settings: Mapping[str, SiteSettings], sites: Mapping[SiteId, Site]) -> list[Watch]:
    """Return a watch for each site that can be asked for reports."""
    return [
        Watch(name=name, site=site, every=_pace(settings[name]))
        for name, site in sites.items()
        if Ability.POLL in site.abilities and isinstance(site, PolledSite)
    ]


def _pace(settings: SiteSettings) -> timedelta:
    """Return how often a site is asked; Disqus counts a thousand requests an hour for all."""
    return timedelta(seconds=max(settings.poll_seconds, 60 if settings.kind == "disqus" else 0))


def knockers_of(
    settings: Mapping[str, SiteSettings], watches: Sequence[Watch]
) -> dict[SiteId, Knocker]:
    """Return the sites that may tell that there is something to look up."""
    return {
        watch.name: Knocker(
            header=SIGNATURES[site.kind],
            secrets=[secret.get_secret_value() for secret in site.secrets],
            knock=watch.knock.set,
        )
        for watch in watches
        if (site := settings[watch.name]).kind in SIGNATURES
    }


def _context(name: SiteId, settings: SiteSettings, desk: Around) -> SiteContext:
    rules = desk.policy().by_code
    for code in (*settings.reasons.values(), settings.other_rule):
        if code is not None and code not in rules:
            raise DeskError(
                f"DESK_SITES__{name.upper()} names the house rule {code}, which there is not. "
                f"The rules are {', '.join(rules)}."
            )
    return SiteContext(
        site=name,
        url=settings.url,
        clock=desk.clock,
        policy=desk.policy,
        reader=keys_of(settings).reporter,
        reasons=settings.reasons,
        other=settings.other_rule,
        allow_private=settings.allow_private,
    )
