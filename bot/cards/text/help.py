"""The pages of /help: what a new volunteer asks, answered in the order they ask it."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.domain import bans
from bot.domain.brake import BrakeRules
from bot.domain.lines import count
from bot.domain.policy import Emoji, ReactionBan
from bot.domain.staff import Rank


class Topic(StrEnum):
    """A page of the help."""

    START = "start"
    BUTTONS = "buttons"
    TYPING = "typing"
    RULES = "rules"
    PEOPLE = "people"
    AFTER = "after"
    FINDING = "finding"
    COMMANDS = "commands"


TITLES: Final = {
    Topic.START: "Start here",
    Topic.BUTTONS: "Buttons",
    Topic.TYPING: "Typing",
    Topic.RULES: "House rules",
    Topic.PEOPLE: "Who may what",
    Topic.AFTER: "What happens after",
    Topic.FINDING: "Finding things",
    Topic.COMMANDS: "All commands",
}

RANKS: Final = {
    Rank.NONE: "nobody on the desk",
    Rank.MODERATOR: "a moderator",
    Rank.SENIOR: "a senior moderator",
    Rank.EDITOR: "an editor",
}

GUEST: Final = """\
This bot takes readers' reports of comments to the moderators of this paper. None of your roles \
says that you are one of them, so there is nothing here for you to do or see.
If you should be on the desk, ask its admin for the role. If you want to report a comment, press \
*Report this comment* under it on the site."""

START: Final = """\
**How this works**
A reader pressed *Report this comment* on the site. Each reported comment is one card in the \
channel, however many people reported it. Somebody decides it, once, and the card shrinks.
1. Read the comment on the card, and the line that says what it answers. **More** shows the rest.
2. Press **Keep** if it may stay, or **Hide** if it breaks the rule on the button. **Ban…** also \
keeps its author from writing for a time.
3. The answer that only you see says what was done, and has **Undo** for your own slips.
**Where to begin?** Cards stand as they came in. **Next** on the pinned message, or /next, gives \
you the worst case that nobody has, and claims it for you. **Skip** leaves it to somebody else.
Nothing is ever deleted, and what you decide can be undone.
**Unsure?** Press **More** and hand it to the editors, or talk it over in a thread. If two people \
press at once, the first one counts and the other is told.
**Too much?** /break stops calls for a while. Texts behind a grey bar stay hidden until you \
click them; you never have to."""

FINDING: Final = """\
**Finding things**
/search finds cases by what you remember of them. Words match the beginnings of words, newest first:
`bike` · `"stolen bike"` · `bike -stolen`
`author:salty` · `story:raids` · `rule:3` or `rule:harassment` · `by:ana` · `is:hidden` `is:open`
`after:1/11` · `before:2026-11-01` · `on:monday` · `on:12dec` · `after:7d` · `#1042`
Put several together: `author:salty rule:3 after:1/11 bike`
**A commenter**: press and hold a card, *Apps*, **Author's record**; or /author show. It lists their \
cases, strikes, bans and staff notes. /author note adds one.
**The worst first**: /next for one, /queue for the list. **The few behind the many**: /hotspots.
A line *May be …* on a card says why an account may belong to somebody banned. It is a hint to \
look, not a reason to act."""


_HAMMERS: Final = {
    ReactionBan.ASK: "asks whether you mean to ban, and for how long; for five minutes you alone can "
    "answer.",
    ReactionBan.AT_ONCE: "bans for the length that is recommended.",
    ReactionBan.OFF: "does nothing here; press Ban… instead.",
}


def buttons(emoji: Emoji, ban: ReactionBan) -> str:
    return f"""\
**Buttons on an open card**
**Keep**: the comment stays up. **Hide**: it goes down, citing the rule on the button. \
**Ban…**: asks which rule and for how long, shows the words its author will read, and on **Send** \
hides it and bans its author. **Change…** has the form as you filled it in.
**More**: the whole case, with other rules to hide under, the readers' notes, staff notes, threads, \
and ways to claim it, put it off, assign it or hand it to the editors.
**Read all**: a long comment in full.
**On a decided card**
**Undo** takes the decision back. **Open** shows who decided what. **Try now** asks the site again \
if it did not obey.
**Reactions** do the same as buttons: {emoji.keep} keep, {emoji.hide} hide. {emoji.ban} \
{_HAMMERS[ban]} The bot takes yours off again; that is how you see it was read."""


TYPING: Final = """\
**Typing**
Reply to a card, with its mention left on, and type:
`k` keep · `h` hide under the rule most readers gave · `h 3` hide under rule 3
`b 7d 5` ban for 7 days under rule 5 · `u` undo · `c` claim
A note goes after the rule, or after a dash: `h 3 third time` · `k - fine`
**By number**, with a mention of the bot: `h 3 #1042` · `b 7d 5 #1042`
**By position**, with a mention of the bot: `k h3 - h` keeps and hides the four newest open cards, \
newest first; `-` leaves one as it is. A ban names its case.
A ban always needs a length: `12h` `7d` `2w` `1mo` `1 day 12 hours` `a week` `forever`.
A reply to anything the bot said about one case means that case, and so does a mention in the \
case's own thread. If the bot does not understand all of a line, nothing is done and it says why. \
Edit your line within two minutes and it reads it again.
The bot can read only what mentions it: a bare `h 3` with the reply's mention switched off never \
reaches it."""


def people(rank: Rank, undo_minutes: int, brake: BrakeRules, *, two: list[str]) -> str:
    """Say who may do what; `two` says what takes a second person."""
    alone = (
        f"{count(brake.bans, 'ban')}, {count(brake.hides, 'hide')} or "
        f"{count(brake.overturns, 'undo', 'undos')} within "
        f"{count(brake.within // timedelta(minutes=1), 'minute')}"
    )
    both = f"\n**Takes two people**: {'; '.join(two)}. One asks, another agrees." if two else ""
    return f"""\
**Who may what** · you are {RANKS[rank]}
**Moderators** decide, claim, put off and hand on cases, undo their own decisions for \
{count(undo_minutes, "minute")}, write staff notes, and look up authors and cases.
**Senior moderators** may also undo anybody's decision at any time, and see alerts and trends.
**Editors** may do all of that, decide what is handed to them, and reload the policy.{both}
**A lot at once**: beyond {alone}, twice that for senior moderators and editors, a ban or an \
undo waits for somebody else and a hide is only a hold, in case an account was stolen.
Seeing the channel gives no rights: your role counts, at the moment you press."""


def after(strike_days: int, ladder: tuple[timedelta, ...]) -> str:
    steps = ", ".join(bans.in_words(step) for step in ladder)
    return f"""\
**What happens after you decide**
1. It is in the record within a moment, and nobody can change it there.
2. The site is told. The card says *taken down on the site* once it has done it. If the site does not obey, \
the card says why and the desk tries again by itself.
3. The site is told what to say to the author: which rule it was, never who decided or reported.
4. A hide or ban is a strike for {count(strike_days, "day")}. More strikes make the recommended \
ban longer: {steps}.
**Reported again?** After a hide the card only counts it. A kept comment opens again for another \
reason, or a day later. If it was **edited**, it opens again with the old and the new text.
**Edited meanwhile?** If the desk knows of it or the site says so, nothing is done: the card shows \
the old and the new text, and you decide again.
**Decided on the site itself?** The card says so, and there is nothing to do.
**Contested?** The author, or a reader whose report was answered with Keep, may say once why a decision is wrong. What they say comes as a card of its own. **Uphold…**, **Overturn…** or **Shorten…** asks for your reasons, which they read without your name. Whoever took part in the decision leaves it to somebody else. /contests lists those that wait.
**Notices and complaints** come as cards too: **Read** shows who wrote and what they say, **Answer** closes one. /complaint takes in what came by e-mail, telephone or letter."""


def rules_head(number: int) -> str:
    return f"**The {count(number, 'house rule')}** · /rules shows what each says"


MORE_COMMANDS: Final = "-# and more; type / to see all."
COMMANDS_HEAD: Final = "**All commands** · type / and the beginning of one"
