"""What editors are answered about alerts, the lists of them, and the morning's summary."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.cards.text.alerts import reports
from bot.cards.text.common import ago, date_and_clock
from bot.domain.alerts import Record, Sensitivity
from bot.domain.anchors import Anchor
from bot.domain.lines import count

NO_CASES: Final = "There are no cases to show; the reports are gone from the record."
NO_ALERTS: Final = "Reports have not piled up anywhere so far."
ASK_TITLE: Final = "Ask the moderators"
ASK_FIELD: Final = "What do you want to know?"
ASK_HELP: Final = "It opens a thread with them, with the cases. May be left empty."
ASKED_MODERATORS: Final = (
    "The moderators are being asked, in a thread. The alert will link to it, or say why it could "
    "not be opened."
)
WATCHED: Final = "The story is on watch now. /story shows its status and changes it."
WATCHED_ALREADY: Final = "The story is on watch already. /story shows its status."
CLOSED: Final = (
    "The site is being asked to take no more comments on this story. The alert will say how that "
    "went."
)
CLOSED_ALREADY: Final = "The site has been asked that already. The alert says how that went."
NOT_MUTED: Final = "That was not muted."
UNMUTED: Final = "You will hear of it again."
NOTHING_TO_RAISE: Final = (
    "None of its cases is waiting for a decision, so there is nothing to raise."
)
NOTHING_TO_PUT_BACK: Final = "None of its cases is raised any more. Nothing was changed."
SETTINGS_TITLE: Final = "**Alerts**"
SETTINGS_HELP: Final = (
    "More false alarms mean earlier alerts. Mark each alert as real or false: the desk learns from "
    "it, and the figures above get better."
)
LIVE: Final = "**Happening now**"
ENDED: Final = "**Over**"
COOLING: Final = "calming down"
OPINIONS: Final = {True: "real", False: "false alarm"}
MUTED_HERE: Final = "muted"
RAISED_HERE: Final = "raised in the queue"


def thanks(*, real: bool, counted: bool) -> str:
    if not counted:
        return "That was already said; nothing has changed."
    return (
        "Thank you. Alerts like this one will keep coming."
        if real
        else "Thank you. You will hear no more about this one, and the next alert takes more reports."
    )


def muted(what: str, until: datetime) -> str:
    return (
        f"You will hear nothing of {what} until {date_and_clock(until)}. The reports still count."
    )


def muted_already(what: str, until: datetime, name: str) -> str:
    return f"{what} is muted already, until {date_and_clock(until)}, by {name}."


def raised(moved: int, there: int) -> str:
    if not moved and not there:
        return NOTHING_TO_RAISE
    if not moved:
        return f"{_cases(there)} at the front of the moderators' queue already."
    before = f" {count(there, 'more stood', 'more stood')} there already." if there else ""
    return (
        f"{_cases(moved)} at the front of the moderators' queue now.{before} What joins this "
        "alert later will go there too."
    )


def unboosted(moved: int) -> str:
    if not moved:
        return NOTHING_TO_PUT_BACK
    return f"{count(moved, 'case stands', 'cases stand')} in the usual order again."


def _cases(number: int) -> str:
    return count(number, "case stands", "cases stand")


def asked_already(name: str) -> str:
    return f"{name} asked already. The alert will link to the thread as soon as it is open."


def thread_is_there(thread_id: int) -> str:
    return f"There is a thread about it already: <#{thread_id}>."


def mute_line(what: str, until: datetime, name: str) -> str:
    return f"{what} is muted until {date_and_clock(until)}, by {name}."


def settings(site: str, chosen: Sensitivity, record: Record) -> str:
    who = f"as {chosen.by_name} chose" if chosen.by_name else "as the policy says"
    wanted = f"**{site}**: you accept {_false_alarms(chosen.a_week)}, {who}."
    if not record.alerts:
        return f"{wanted} There was no alert {_period(record.days)}."
    unsaid = record.alerts - record.real - record.false
    measured = (
        f"{count(record.alerts, 'alert')} {_period(record.days)}: {record.real} real, "
        f"{record.false} false, {unsaid} not judged."
    )
    if record.days < 7:  # noqa: PLR2004 - a week is what the figure is about
        return f"{wanted}\n{measured} It is too early to say how many false alarms a week that is."
    low, high = record.false_a_week, (record.false + unsaid) * 7 / record.days
    weekly = f"{low:.1f}" if unsaid == 0 else f"between {low:.1f} and {high:.1f}"
    return f"{wanted}\n{measured} Measured: {weekly} false alarms a week."


def _false_alarms(a_week: float) -> str:
    return "one false alarm a week" if a_week == 1 else f"{a_week:g} false alarms a week"


def _period(days: float) -> str:
    return f"in {count(max(1, round(days)), 'day')}"


def chosen(site: str, a_week: float) -> str:
    return f"{site}: {_false_alarms(a_week)} from now on."


def case_line(case: str, author: str, reports: int, done: str | None, link: str | None) -> str:
    named = f"[{case}]({link})" if link else case
    state = f" · {done}" if done else " · waits"
    return f"{named} · {author} · {count(reports, 'report')}{state}"


def spike_line(what: str, alert: int, opened: datetime, tail: str, link: str | None) -> str:
    named = f"[alert {alert}]({link})" if link else f"alert {alert}"
    return f"{named} · {what} · {ago(opened)} · {tail}"


def more_alerts(number: int) -> str:
    return f"and {count(number, 'more alert')}"


def folded(alert: int) -> str:
    return f"part of alert {alert}"


def cases_title(what: str) -> str:
    return f"**The cases on {what}**, the most reported first"


def more_cases(number: int) -> str:
    return f"and {count(number, 'case')} with fewer reports; /queue lists those still waiting"


def thread_opening(what: str, number: int, asked_by: str) -> str:
    return f"**{asked_by} asks about the reports on {what}** ({reports(number)})."


def thread_name(alert: int, title: str) -> str:
    return title or f"Alert {alert}"


def about_author(name: str) -> str:
    return f"Comments by {name}"


def trend(what: str, today: int, before: int, last_week: int) -> str:
    earlier = f"{before:,}" if before else "none"
    return (
        f"**{what}**\n{count(today, 'report')} today; {earlier} by this time a week ago. "
        f"{count(last_week, 'report')} in the last seven days."
    )


def unsayable() -> str:
    return (
        "There is a summary for you, and Discord refuses to show it here. /trends has the figures."
    )


def title(day: str) -> str:
    """Head the summary; `day` is yesterday, in words."""
    return f"**☕ Good morning. This was {day}:**"


def figures(number: int, week_before: int | None) -> str:
    told = count(number, "report")
    return (
        f"{told}; a week before it was {week_before:,}." if week_before is not None else f"{told}."
    )


def decided(kept: int, hidden: int, banned: int) -> str:
    return f"Decided: {kept:,} kept, {hidden:,} hidden, {banned:,} banned."


def spikes(found: Sequence[tuple[str, int]]) -> str:
    if not found:
        return "Reports did not pile up anywhere in the last 24 hours."
    named = "; ".join(f"{name} ({count(number, 'report')})" for name, number in found)
    return f"In the last 24 hours reports piled up on {named}."


def busiest(stories: Sequence[tuple[str, int]]) -> str:
    if not stories:
        return ""
    named = "; ".join(f"{title} ({count(number, 'report')})" for title, number in stories)
    return f"Most reported: {named}."


def waiting(number: int, oldest: str | None, since: str) -> str:
    if not number:
        return "Nothing waits for a decision."
    return f"{count(number, 'case waits', 'cases wait')}; the oldest is {oldest}, {since}."


def stories(titles: Sequence[str]) -> str:
    return f"Stories to watch: {'; '.join(titles)}." if titles else ""


def anchor(found: Anchor) -> str:
    """Return the record's anchor of a day; who keeps it can tell later that nothing was changed."""
    reach = [count(found.decisions, "decision")]
    if found.contest_steps:
        reach.append(count(found.contest_steps, "contest step"))
    if found.erasures:
        reach.append(count(found.erasures, "erasure"))
    steps = f"\nContests: `{found.contest_head}`" if found.contest_steps else ""
    return (
        f"**Anchor of the record, {date_and_clock(found.at)}**\n"
        f"{', '.join(reach)}. Nothing to do: while this message is here, nobody can change the "
        "record up to now unseen.\n"
        f"Digest: `{found.head}`{steps}\n"
        f"Signed: `{found.signature}`\nKey: `{found.key}`"
    )
