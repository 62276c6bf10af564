"""Of everything that the desk says of its own accord, how it is drawn: one line a kind."""

import io
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

import discord

from bot.cards import links, parts, stories
from bot.cards.alerts import alert_answers, alert_card
from bot.cards.alerts.chart_worker import PicturesOfAlerts
from bot.cards.cases import backlog_card, case_card, legal_card, life_card, proposals, questions
from bot.cards.cases.handed_card import handed_over
from bot.cards.presses.cases import OpenCase
from bot.cards.presses.persistent_items import presses_on
from bot.cards.presses.scheme import OfAlert
from bot.cards.readers import contest_card, notice_card
from bot.cards.staff import set_up_card, staff_messages
from bot.cards.text import alert_answers as alert_answer_text
from bot.cards.text import common as common_text
from bot.cards.text import staff as staff_text
from bot.domain import sayings
from bot.domain.alerts import Alert, AlertView
from bot.domain.cases import CardRef, Case, CaseView
from bot.domain.decisions import Action
from bot.domain.detection.incidents import Kind
from bot.domain.ids import CaseId, Places, SiteId
from bot.domain.policy import Policy
from bot.domain.sayings import TO_EDITORS, WITHOUT_A_SOUND, Saying, StaffMessage
from bot.ports import Clock

QUIET: Final = discord.AllowedMentions.none()

Kept = Literal[60, 1440, 4320, 10080]
"""Minutes without a word after which Discord puts a thread away."""

_DAY: Final[Kept] = 1440
_THREE_DAYS: Final[Kept] = 4320
_DESCRIBED: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A message, and what is said `plainly` in its place where Discord refuses to show it."""

    view: discord.ui.LayoutView
    plainly: discord.ui.LayoutView
    calls: discord.AllowedMentions = QUIET
    file: discord.File | None = None

    @property
    def plain(self) -> "Drawn":
        """The same, said plainly."""
        return replace(self, view=self.plainly, file=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """What a message is drawn in: `posted` is since when it stands."""

    places: Places
    policy: Policy
    now: datetime
    posted: datetime
    site_can: Callable[[SiteId], frozenset[Action]]

    def link(self, ref: CardRef | None) -> str | None:
        return links.jump(self.places.guild_id, ref) if ref else None

    def links(self, cards: Mapping[CaseId, CardRef]) -> dict[CaseId, str]:
        return {case: links.jump(self.places.guild_id, ref) for case, ref in cards.items()}


class Studio:
    """Draws what is to be said, as things stand at that moment.

    A `mark` stands above each of them.
    """

    def __init__(
        self,
        places: Places,
        policy: Callable[[], Policy],
        clock: Clock,
        site_can: Callable[[SiteId], frozenset[Action]],
        *,
        mark: str | None = None,
    ) -> None:
        self._places = places
        self._policy = policy
        self._clock = clock
        self._site_can = site_can
        self._mark = mark
        self._pictures = PicturesOfAlerts()

    async def draw(self, what: Saying, *, posted: datetime | None = None) -> Drawn:
        """Draw it; `posted` is since when it stands, `None` if it is about to."""
        policy, now = self._policy(), self._clock()
        if isinstance(what, AlertView):
            return await self._alert(what, policy)
        scene = _Scene(
            places=self._places,
            policy=policy,
            now=now,
            posted=posted or now,
            site_can=self._site_can,
        )
        drawn = DRAW[type(what)](what, scene)
        return replace(drawn, view=marked(drawn.view, self._mark)) if self._mark else drawn

    async def _alert(self, view: AlertView, policy: Policy) -> Drawn:
        shown = await self._pictures.of(view, policy.alerts.zone)
        described = alert_card.picture(replace(view, series=shown.series), policy)
        roles = _roused(view, self._places)
        return Drawn(
            view=alert_card.render(view, policy, chart=described, roles=roles),
            plainly=alert_card.unshowable(view.alert, roles=roles),
            calls=_of_roles(roles),
            file=discord.File(
                io.BytesIO(shown.png),
                filename=alert_card.CHART,
                description=described[:_DESCRIBED],
            ),
        )


def _case(view: CaseView, scene: _Scene) -> Drawn:
    can = scene.site_can(view.case.site)
    drawn = case_card.render(view, scene.policy, now=scene.now, posted=scene.posted, site_can=can)
    return Drawn(view=drawn, plainly=case_card.unshowable(view))


def _moved(what: sayings.MovedCard, _scene: _Scene) -> Drawn:
    drawn = stories.moved(what.case_id, what.channel_id)
    return Drawn(view=drawn, plainly=drawn)


def _question(what: sayings.QuestionLine, scene: _Scene) -> Drawn:
    asked, view = what.question, what.view
    drawn = questions.question_line(asked, view, scene.policy, scene.site_can(view.case.site))
    return Drawn(view=drawn, plainly=questions.plainly(asked))


def _staff_call(what: sayings.StaffCall, scene: _Scene) -> Drawn:
    """Call exactly those whom it is for; where none of them is there, a role."""
    message = what.message
    roles = _roles_for(message, scene.places)
    people = () if roles else message.people
    who = " ".join([*(f"<@{one}>" for one in people), _called(roles)]).strip()
    said = staff_messages.in_words(message, who, scene.links(what.cards), by_role=bool(roles))
    calls = discord.AllowedMentions(
        everyone=False,
        users=[] if message.quiet else list(map(discord.Object, people)),
        roles=[] if message.kind in WITHOUT_A_SOUND else list(map(discord.Object, roles)),
        replied_user=False,
    )
    drawn = _text(said)
    if what.view is not None:
        can = scene.site_can(what.view.case.site)
        drawn = handed_over(said, what.view, scene.policy, now=scene.now, can=can)
    return Drawn(view=drawn, plainly=_unsayable(_numbers(message)), calls=calls)


def _roles_for(message: StaffMessage, places: Places) -> Sequence[int]:
    """Return the roles to call, none where people are called by name."""
    if message.kind in TO_EDITORS:
        return places.editor_roles
    # Who is left out had something to be told that somebody should hear.
    return () if message.people else places.moderator_roles


def _thread_opening(what: sayings.ThreadOpening, _scene: _Scene) -> Drawn:
    said = staff_messages.in_words(what.message, "", {})
    return Drawn(view=_text(said), plainly=_unsayable(_numbers(what.message)))


def _overview(what: sayings.PinnedOverview, scene: _Scene) -> Drawn:
    link = links.message(scene.places.guild_id, what.contest) if what.contest else None
    drawn = staff_messages.overview(what.overview, scene.links(what.cards), link=link)
    return Drawn(view=drawn, plainly=staff_messages.plain_overview())


def _backlog(what: sayings.BacklogList, scene: _Scene) -> Drawn:
    guild = scene.places.guild_id
    drawn = backlog_card.backlog(what.backlog, scene.policy, guild_id=guild, cards=what.cards)
    return Drawn(view=drawn, plainly=_unsayable())


def _log(what: sayings.LogLines, scene: _Scene) -> Drawn:
    guild = scene.places.guild_id
    drawn = backlog_card.log_lines(what.decisions, scene.policy, guild_id=guild, cards=what.cards)
    return Drawn(view=drawn, plainly=_unsayable())


def _set_up(what: sayings.SetUpLine, _scene: _Scene) -> Drawn:
    return Drawn(view=set_up_card.line(what.change), plainly=_unsayable())


def _review(what: sayings.StoryReview, _scene: _Scene) -> Drawn:
    return Drawn(view=stories.review(what.story), plainly=_unsayable())


def _life(what: sayings.LifeCall, scene: _Scene) -> Drawn:
    roles = scene.places.editor_roles
    drawn = life_card.call(what.view, scene.policy, roles=roles, link=scene.link(what.card))
    return Drawn(view=drawn, plainly=_unsayable(), calls=_of_roles(roles))


def _run(what: sayings.RunCall, scene: _Scene) -> Drawn:
    places = scene.places
    roles = tuple(dict.fromkeys((*places.senior_roles, *places.editor_roles)))
    drawn = proposals.call(what.run, scene.policy, roles=roles)
    return Drawn(view=drawn, plainly=_unsayable(), calls=_of_roles(roles))


def _legal(what: sayings.LegalCard, scene: _Scene) -> Drawn:
    drawn = legal_card.card(what.notice, what.view, link=scene.link(what.card))
    return Drawn(view=drawn, plainly=_unsayable())


def _legal_call(what: sayings.LegalCall, scene: _Scene) -> Drawn:
    notice, places = what.notice, scene.places
    roles, at = places.editor_roles, notice.at
    link = links.message(places.guild_id, at) if at is not None else None
    drawn = legal_card.call(notice, roles=roles, link=link, over=what.over)
    return Drawn(view=drawn, plainly=_unsayable(), calls=_of_roles(roles))


def _contest(what: sayings.ContestCard, scene: _Scene) -> Drawn:
    seen, link = what.seen, scene.link(what.seen.card)
    drawn = contest_card.contest_card(seen, scene.policy, now=scene.now, link=link)
    return Drawn(view=drawn, plainly=contest_card.unshowable_contest(seen))


def _notice(what: sayings.NoticeCard, scene: _Scene) -> Drawn:
    drawn = notice_card.card(what.notice, what.told, link=scene.link(what.card))
    return Drawn(view=drawn, plainly=_unsayable())


def _notice_call(what: sayings.NoticeCall, scene: _Scene) -> Drawn:
    places, at = scene.places, what.notice.at
    link = links.message(places.guild_id, at) if at is not None else None
    drawn = notice_card.call(what.notice, roles=places.editor_roles, link=link, over=what.over)
    return Drawn(view=drawn, plainly=_unsayable(), calls=_of_roles(places.editor_roles))


def _trouble(what: sayings.TroubleNews, _scene: _Scene) -> Drawn:
    drawn = _text(staff_messages.trouble(what.trouble, over=what.over))
    return Drawn(view=drawn, plainly=drawn)


def _alert_news(what: sayings.AlertNews, scene: _Scene) -> Drawn:
    roles = () if what.kind is Kind.CLOSED else _roused(what.view, scene.places)
    said = alert_answers.under(what.view, what.kind, roles=roles)
    return Drawn(
        view=_text(said),
        plainly=alert_card.unshowable(what.view.alert, roles=roles),
        calls=_of_roles(roles),
    )


def _roused(view: AlertView, places: Places) -> tuple[int, ...]:
    """Return the roles that an alert pings: the editors', if it is urgent and goes on."""
    return places.editor_roles if view.alert.urgent and view.alert.is_live else ()


def _alert_opening(what: sayings.AlertOpening, scene: _Scene) -> Drawn:
    links_there = scene.links(what.cards)
    said = alert_answers.opening(what.view, links_there, what.asked_by, what.question)
    return Drawn(view=_text(said), plainly=alert_card.unshowable(what.view.alert))


def _bulletin(what: sayings.Bulletin, _scene: _Scene) -> Drawn:
    said = alert_answers.bulletin(what.name, what.body)
    return Drawn(view=_text(said), plainly=_text(alert_answer_text.unsayable()))


DRAW: Final[Mapping[type, Callable[[Any, _Scene], Drawn]]] = {
    CaseView: _case,
    sayings.MovedCard: _moved,
    sayings.QuestionLine: _question,
    sayings.StaffCall: _staff_call,
    sayings.ThreadOpening: _thread_opening,
    sayings.PinnedOverview: _overview,
    sayings.BacklogList: _backlog,
    sayings.LogLines: _log,
    sayings.SetUpLine: _set_up,
    sayings.StoryReview: _review,
    sayings.LifeCall: _life,
    sayings.RunCall: _run,
    sayings.LegalCard: _legal,
    sayings.LegalCall: _legal_call,
    sayings.ContestCard: _contest,
    sayings.NoticeCard: _notice,
    sayings.NoticeCall: _notice_call,
    sayings.TroubleNews: _trouble,
    sayings.AlertNews: _alert_news,
    sayings.AlertOpening: _alert_opening,
    sayings.Bulletin: _bulletin,
}
"""Of each kind but the alert's card, whose picture takes a process of its own."""


def in_plain_text(what: sayings.Paged, policy: Policy, places: Places) -> tuple[str, str]:
    """Return what goes by the other ways to editors, as a title and a plain text."""
    match what:
        case AlertView():
            return alert_card.plain(what, policy)
        case sayings.Bulletin():
            return alert_answers.bulletin_plain(what.body)
        case sayings.LifeCall():
            return life_card.plain(what.view, policy, life_card.link_of(places.guild_id, what.card))
        case sayings.RunCall():
            return proposals.plain(what.run, policy)
        case sayings.TroubleNews():
            return staff_messages.plain_trouble(what.trouble, over=what.over)


def marked(drawn: discord.ui.LayoutView, mark: str) -> discord.ui.LayoutView:
    """Return a view with a mark above everything else."""
    items = list(drawn.children)
    drawn.clear_items()
    return parts.plain(parts.text(mark), *items)


def thread_of(about: StaffMessage | AlertView) -> tuple[str, Kept]:
    """Return what a thread is called, and how long it is kept without a word."""
    if isinstance(about, AlertView):
        return alert_answers.thread_name(about), _THREE_DAYS
    return staff_messages.thread_name(about), _DAY


def shows(message: discord.Message, what: Case | Alert) -> bool:
    """Whether a message is the card of a case or an alert.

    Our answers about a case have buttons that name it too, but only cards have one that opens it.
    """
    pressed = presses_on(message)
    if isinstance(what, Case):
        return OpenCase(case=what.id, token=what.token) in pressed
    return any(
        isinstance(press, OfAlert) and (press.alert, press.token) == (what.id, what.token)
        for press in pressed
    )


def _text(said: str) -> discord.ui.LayoutView:
    return parts.plain(parts.text(said))


def _unsayable(about: str = "a case; /queue shows what waits") -> discord.ui.LayoutView:
    return _text(staff_text.unsayable(about))


def _numbers(message: StaffMessage) -> str:
    return ", ".join(common_text.case(case_id) for case_id in message.cases)


def _called(roles: Iterable[int]) -> str:
    return " ".join(f"<@&{one}>" for one in roles)


def _of_roles(roles: Collection[int]) -> discord.AllowedMentions:
    return discord.AllowedMentions(
        everyone=False, users=False, roles=[discord.Object(role) for role in roles]
    )
