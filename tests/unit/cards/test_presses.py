"""The one scheme of custom ids: what a press means survives the way through Discord, for ever."""

from dataclasses import fields
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.presses.alerts import (
    AskModerators,
    CallFalse,
    CallReal,
    CloseStory,
    MuteAlert,
    PutCasesBack,
    RaiseCases,
    ShowAlertCases,
    UnmuteAlert,
    WatchStory,
)
from bot.cards.presses.cases import (
    AddReason,
    Agree,
    AskColleague,
    AskThread,
    BanAsAsked,
    BanAuthor,
    BanForm,
    BanNobody,
    BanOtherwise,
    CiteInstead,
    ClaimCase,
    Decline,
    EscalateForm,
    HideAll,
    HideCase,
    HideUnder,
    KeepCase,
    LegalForm,
    NoteForm,
    OpenCase,
    PutOff,
    ReadNotes,
    ReadText,
    ReleaseCase,
    ShowFound,
    ShowLetters,
    ShowQueue,
    TakeBackCase,
    TakeLegalStep,
    TakeOver,
    TakeRunBack,
    TickLifeStep,
    TryNow,
    UndoDecision,
    WakeCase,
    WriteNote,
    WriteToEditors,
)
from bot.cards.presses.others import (
    DenyLikeness,
    LeaveStory,
    MarkAsAsked,
    MarkStory,
    ReleaseHeld,
    ShowAuthor,
    ShowBans,
    ShowHelp,
    ShowStories,
    ShowStory,
    StillSo,
)
from bot.cards.presses.persistent_items import OURS, PersistentItem, button, menu
from bot.cards.presses.scheme import LONGEST, MOST, Press, Unread, declared, press, read
from bot.domain.ids import CaseId

TOKEN = "Zk3-x_9aQ1vB"

EARLIER: list[tuple[str, Press]] = [
    ("desk:keep:1042:2:3:Zk3-x_9aQ1vB", KeepCase(case=1042, token=TOKEN, seen=2)),
    ("desk:hide:1042:2:3:Zk3-x_9aQ1vB", HideCase(case=1042, token=TOKEN, seen=2, rule=3)),
    ("desk:ban:1042:2:3:Zk3-x_9aQ1vB", BanAuthor(case=1042, token=TOKEN, seen=2)),
    ("desk:more:1042:2:3:Zk3-x_9aQ1vB", OpenCase(case=1042, token=TOKEN)),
    ("desk:open:1042:2:3:Zk3-x_9aQ1vB", OpenCase(case=1042, token=TOKEN)),
    ("desk:undo:1042:2:3:Zk3-x_9aQ1vB", UndoDecision(case=1042, token=TOKEN, decision=3)),
    ("desk:read:1042:2:3:Zk3-x_9aQ1vB", ReadText(case=1042, token=TOKEN, page=3)),
    ("desk:notes:1042:2:3:Zk3-x_9aQ1vB", ReadNotes(case=1042, token=TOKEN, page=3)),
    ("desk:retry:1042:2:3:Zk3-x_9aQ1vB", TryNow(case=1042, token=TOKEN)),
    ("desk:queue:1042:2:3:Zk3-x_9aQ1vB", ShowQueue(offset=3)),
    ("desk:agree:1042:2:3:Zk3-x_9aQ1vB", Agree(case=1042, token=TOKEN, seen=2, proposal=3)),
    ("desk:decline:1042:2:3:Zk3-x_9aQ1vB", Decline(case=1042, token=TOKEN)),
    ("desk:bans:1042:2:3:Zk3-x_9aQ1vB", ShowBans(offset=3)),
    ("desk:claim:1042:2:3:Zk3-x_9aQ1vB", ClaimCase(case=1042, token=TOKEN)),
    ("desk:takeover:1042:2:3:Zk3-x_9aQ1vB", TakeOver(case=1042, token=TOKEN)),
    ("desk:release:1042:2:3:Zk3-x_9aQ1vB", ReleaseCase(case=1042, token=TOKEN)),
    ("desk:staffnote:1042:2:3:Zk3-x_9aQ1vB", WriteNote(case=1042, token=TOKEN)),
    ("desk:escalate:1042:2:3:Zk3-x_9aQ1vB", WriteToEditors(case=1042, token=TOKEN)),
    ("desk:hammer:1042:2:3:Zk3-x_9aQ1vB", BanAsAsked(case=1042, token=TOKEN, question=3)),
    ("desk:hammerchange:1042:2:3:Zk3-x_9aQ1vB", BanOtherwise(case=1042, token=TOKEN, question=3)),
    ("desk:hammercancel:1042:2:3:Zk3-x_9aQ1vB", BanNobody(case=1042, token=TOKEN, question=3)),
    ("desk:takeback:1042:2:3:Zk3-x_9aQ1vB", TakeBackCase(case=1042, token=TOKEN)),
    ("desk:thread:1042:2:3:Zk3-x_9aQ1vB", AskThread(case=1042, token=TOKEN)),
    ("desk:snooze:1042:2:3:Zk3-x_9aQ1vB", PutOff(case=1042, token=TOKEN)),
    ("desk:wake:1042:2:3:Zk3-x_9aQ1vB", WakeCase(case=1042, token=TOKEN)),
    ("desk:reason:1042:2:3:Zk3-x_9aQ1vB", AddReason(case=1042, token=TOKEN, decision=3)),
    ("desk:sweep:1042:2:3:Zk3-x_9aQ1vB", HideAll(case=1042, token=TOKEN, seen=2, hours=3)),
    ("desk:amend:1042:2:3:Zk3-x_9aQ1vB", CiteInstead(case=1042, token=TOKEN, decision=3)),
    ("desk:hideas:1042:2:3:Zk3-x_9aQ1vB", HideUnder(case=1042, token=TOKEN, seen=2)),
    ("desk:story:1042:2:3:Zk3-x_9aQ1vB", ShowStory(case=1042, token=TOKEN)),
    ("desk:storystate:1042:2:3:Zk3-x_9aQ1vB", MarkStory(case=1042, token=TOKEN)),
    ("desk:storyset:1042:2:3:Zk3-x_9aQ1vB", MarkAsAsked(case=1042, token=TOKEN, state=3)),
    ("desk:storyleave:1042:2:3:Zk3-x_9aQ1vB", LeaveStory(case=1042, token=TOKEN)),
    ("desk:storyrelease:1042:2:3:Zk3-x_9aQ1vB", ReleaseHeld(case=1042, token=TOKEN)),
    ("desk:storystill:1042:2:3:Zk3-x_9aQ1vB", StillSo(case=1042, token=TOKEN)),
    ("desk:lifestep:1042:2:3:Zk3-x_9aQ1vB", TickLifeStep(case=1042, token=TOKEN)),
    ("desk:legalstep:1042:2:3:Zk3-x_9aQ1vB", TakeLegalStep(case=1042, token=TOKEN, notice=3)),
    ("desk:legalletters:1042:2:3:Zk3-x_9aQ1vB", ShowLetters(case=1042, token=TOKEN, notice=3)),
    ("desk:runback:1042:2:3:Zk3-x_9aQ1vB", TakeRunBack(run=3, token=TOKEN)),
    ("desk:stories:1042:2:3:Zk3-x_9aQ1vB", ShowStories(offset=3)),
    ("alert:real:12:Zk3-x_9aQ1vB", CallReal(alert=12, token=TOKEN)),
    ("alert:false:12:Zk3-x_9aQ1vB", CallFalse(alert=12, token=TOKEN)),
    ("alert:mute:12:Zk3-x_9aQ1vB", MuteAlert(alert=12, token=TOKEN)),
    ("alert:unmute:12:Zk3-x_9aQ1vB", UnmuteAlert(alert=12, token=TOKEN)),
    ("alert:cases:12:Zk3-x_9aQ1vB", ShowAlertCases(alert=12, token=TOKEN)),
    ("alert:thread:12:Zk3-x_9aQ1vB", AskModerators(alert=12, token=TOKEN)),
    ("alert:watch:12:Zk3-x_9aQ1vB", WatchStory(alert=12, token=TOKEN)),
    ("alert:close:12:Zk3-x_9aQ1vB", CloseStory(alert=12, token=TOKEN)),
    ("alert:raise:12:Zk3-x_9aQ1vB", RaiseCases(alert=12, token=TOKEN)),
    ("alert:back:12:Zk3-x_9aQ1vB", PutCasesBack(alert=12, token=TOKEN)),
    ("turn:author:2:1042:Zk3-x_9aQ1vB", ShowAuthor(case=1042, token=TOKEN, page=2)),
    ("turn:others:2:1042:Zk3-x_9aQ1vB", DenyLikeness(case=1042, token=TOKEN)),
    ("turn:search:2:rule:3, bike", ShowFound(offset=2, line="rule:3, bike")),
    ("turn:help:2:rules", ShowHelp(topic="rules")),
    ("desk:assign:1042:Zk3-x_9aQ1vB", AskColleague(case=1042, token=TOKEN)),
    ("desk:banform:1042:2:Zk3-x_9aQ1vB", BanForm(case=1042, token=TOKEN, seen=2)),
    ("desk:banform:1042:2", BanForm(case=1042, seen=2)),
    ("desk:staffnoteform:1042:Zk3-x_9aQ1vB", NoteForm(case=1042, token=TOKEN)),
    ("desk:staffnoteform:1042", NoteForm(case=1042)),
    ("desk:escalateform:1042:Zk3-x_9aQ1vB", EscalateForm(case=1042, token=TOKEN)),
    ("desk:legalform:1042:Zk3-x_9aQ1vB", LegalForm(case=1042, token=TOKEN)),
    ("desk:assign:1042", AskColleague(case=1042)),
    ("desk:hide:1042:2:3", HideCase(case=1042, seen=2, rule=3)),
    ("alert:mute:12", MuteAlert(alert=12)),
    ("turn:author:0:1042", ShowAuthor(case=1042, page=0)),
    ("turn:help:0:start", ShowHelp(topic="start")),
    ("turn:search:0:", ShowFound(offset=0, line="")),
]
"""Custom ids of every kind as the version before the one scheme wrote them; they stand on messages."""


@pytest.mark.parametrize(("custom_id", "meant"), EARLIER, ids=[one for one, _ in EARLIER])
def test_what_an_earlier_version_wrote_is_still_read(custom_id: str, meant: Press):
    assert read(custom_id) == meant
    assert OURS.fullmatch(custom_id)


def test_every_kind_that_an_earlier_version_had_is_among_them():
    had = {type(meant) for _, meant in EARLIER}
    assert len(had) == 58
    assert had <= set(declared().values())


WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=74)
TOKENS = st.from_regex(r"[A-Za-z0-9_-]{6,22}", fullmatch=True) | st.just("")


@st.composite
def presses(draw: st.DrawFn) -> Press:
    kind = draw(st.sampled_from(sorted(declared())))
    cls: Any = declared()[kind]
    held: dict[str, Any] = {}
    for one in fields(cls):
        words = TOKENS if one.name == "token" else WORDS
        held[one.name] = draw(words if one.type is str else st.integers(0, MOST))
    return cls(**held)


@given(presses())
def test_a_press_is_wholly_in_its_custom_id(made: Press):
    assert len(made.custom_id) <= LONGEST
    assert read(made.custom_id) == made
    assert OURS.fullmatch(made.custom_id)


def test_the_largest_numbers_leave_room_for_the_token():
    for cls in declared().values():
        filled: Any = {one.name: "x" * 22 if one.type is str else MOST for one in fields(cls)}
        made = cls(**filled)
        assert len(made.custom_id) <= LONGEST
        assert read(made.custom_id) == made


def test_a_long_search_is_cut_rather_than_refused_by_discord():
    custom_id = ShowFound(offset=10, line="word " * 40).custom_id
    found = read(custom_id)
    assert len(custom_id) == LONGEST
    assert isinstance(found, ShowFound)
    assert found.line.startswith("word word")


@pytest.mark.parametrize(
    "custom_id",
    [
        *("", "desk", "desk:", "desk::", "alert:", "turn:", "alert:else", "other:hide:1,2,3"),
        *("desk:keep", "desk:keep:", "desk:keep:1", "desk:keep:1:2", "desk:keep:1,2,3"),
        *("desk:keep:1,2:short", "desk:keep:1,2:not a token", "desk:keep:1,,2"),
        *("desk:keep:1,2:" + "x" * 33, "desk:keep:-1,2", "desk:keep:1.0,2", "desk:keep:x,2"),
        *("desk:keep:\u0663,2", "desk:keep:\uff11,2", "desk:keep:1,2\n", "desk:keep:1, 2"),
        *("desk:hide:1:2", "desk:hide:1:2:3:4", "desk:hide:x:2:3", "desk:hide:-1:2:3"),
        *("desk:hide:1:2:\u0663", "desk:hide:1:2:3\n", "desk:keep:1:1:0:", "desk:eat:1:2:3"),
        *("desk:eat:1", "desk:queue:0,0", "desk:queue:10:token-too", "desk:HIDE:1,2,3"),
        *("turn:author:x:1", "turn:nothing:1:1", "turn:help:1", "turn:search:12345678:x"),
        *("alert:mute:x", "alert:mute:1:short", "alert:keep:1", "desk:assign:"),
        "desk:queue:" + "9" * 5000,
    ],
)
def test_what_is_not_ours_is_no_press(custom_id: str):
    assert read(custom_id) is None


def test_a_kind_is_declared_once_and_holds_only_what_can_be_written():
    def declare(kind: str, **annotations: Any) -> None:
        press(kind)(type("Strange", (Press,), {"__annotations__": annotations}))

    for kind, held in (
        ("hide", {"case": int}),
        ("strange", {"when": float}),
        ("strange", {"one": str, "two": str}),
        ("strange", {f"n{number}": int for number in range(5)} | {"token": str}),
    ):
        with pytest.raises(TypeError):
            declare(kind, **held)
    assert "strange" not in declared()


# ---- items


class Client:
    """Keeps what was pressed."""

    def __init__(self) -> None:
        self.heard: list[tuple[Press, Any]] = []

    async def press(self, interaction: Any, press: Press, item: Any) -> None:
        del interaction
        self.heard.append((press, item))


async def rebuilt(item: discord.ui.Item[Any], values: list[str] | None = None) -> tuple[Press, Any]:
    """Press an item as it comes from Discord after a restart, and return what was heard."""
    drawn: Any = item
    interaction: Any = SimpleNamespace(client=Client(), channel_id=77)
    match = OURS.fullmatch(drawn.custom_id)
    assert match is not None
    found = await PersistentItem[Any].from_custom_id(interaction, item, match)
    data: Any = {"custom_id": drawn.custom_id, "component_type": 3, "values": values}
    if values is not None:
        found._refresh_state(interaction, data)
    await found.callback(interaction)
    return interaction.client.heard[0]


async def test_a_press_after_a_restart_reaches_the_client():
    meant = HideCase(case=CaseId(1042), seen=2, rule=3)
    for custom_id in (meant.custom_id, "desk:hide:1042:2:3"):
        heard, _ = await rebuilt(discord.ui.Button(custom_id=custom_id, label="Hide"))
        assert heard == meant


async def test_a_pick_after_a_restart_reaches_the_client_with_its_value():
    meant = CiteInstead(case=CaseId(1042), decision=57)
    heard, item = await rebuilt(discord.ui.Select(custom_id=meant.custom_id), ["5"])
    assert heard == meant
    assert item.values == ["5"]


async def test_what_cannot_be_read_reaches_the_client_too():
    heard, _ = await rebuilt(discord.ui.Button(custom_id="desk:eat:1:2:3", label="?"))
    assert heard == Unread()


def test_a_menu_shows_no_more_than_discord_takes():
    options = [discord.SelectOption(label=str(number)) for number in range(40)]
    drawn = menu(CiteInstead(case=CaseId(1), decision=2), "Pick", options)
    assert len(drawn.item.options) == 25


def test_what_is_drawn_has_the_one_custom_id():
    drawn = button(KeepCase(case=CaseId(1042), seen=2, token=TOKEN), "Keep")
    assert drawn.item.custom_id == f"desk:keep:1042,2:{TOKEN}"
