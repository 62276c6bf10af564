"""What somebody without a role can try: every press, form and command, and how it was met."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import product
from typing import Any

from bot.cards.presses.scheme import Form, OfAlert, declared
from bot.standin.components import texts
from bot.standin.interactions import Interaction
from bot.standin.neighbours import Neighbour
from bot.standin.wire import SELECTS, Asked, Component, Json
from tests.journey.newsroom import SITE, Newsroom
from tests.support.beneath import rows, tables
from tests.support.driver import Actor
from tests.support.sandbox import Sandbox
from tests.support.waiting import until

REFUSED = "none of your roles says you are one"
NO_MANAGER = "Only somebody with the Manage Server right"
"""How those are refused who knock at the set-up, which asks for no role."""
SECRETS = (
    "bought",  # the comment
    "salty",  # its author
    "overheard",  # a reporter's note
    "Colchester",  # the story
    "staff only",  # a colleague's note
    "Ana",
    SITE,
)
NEXT_DOOR = "herald-desk"
"""The channel of the newsroom next door."""
FOR_EVERYBODY: frozenset[str] = frozenset({"help"})
"""Commands that tell nothing but how the desk is used."""

# What the desk itself keeps up, whoever knocks.
_ITS_OWN = frozenset(
    {
        *("cursors", "outbox", "cards", "looked", "messages", "readers"),
        *("judged", "evidence", "bulletins", "barred", "barred_grams", "barred_targets", "hints"),
        *("alerts", "called_out"),
    }
)
_SAID_OF_ALERTS = "SELECT id, opinion, muted FROM alerts WHERE opinion IS NOT NULL OR muted = 1"
_ASKED_BY_PEOPLE = "SELECT * FROM outbox WHERE kind IN ('reminder', 'closing')"
_MENUS = frozenset({"hideas", "snooze", "reason", "storystate", "lifestep", "legalstep", "amend"})
_EARLIER_OF_CASES = (
    *("keep", "hide", "ban", "more", "open", "undo", "read", "notes", "retry", "queue", "agree"),
    *("decline", "bans", "claim", "takeover", "release", "staffnote", "escalate", "hammer"),
    *("hammerchange", "hammercancel", "takeback", "thread", "snooze", "wake", "reason", "sweep"),
    *("amend", "hideas", "story", "storystate", "storyset", "storyleave", "storyrelease"),
    *("storystill", "lifestep", "legalstep", "legalletters", "runback", "stories"),
)
_EARLIER_OF_ALERTS = (
    *("real", "false", "mute", "unmute", "cases", "thread", "watch", "close", "raise", "back"),
)
_MAKESHIFTS: dict[int, Any] = {3: "1", 4: 1, 5: True, 10: 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A channel that everybody sees by mistake, with something of everything in it."""

    newsroom: Newsroom
    olly: Actor
    open_case: int
    decided: int
    banned: int
    waiting: int
    next_door: Neighbour | None = None
    """Where it is tried, if not in the newsroom's own server."""

    @property
    def there(self) -> Sandbox | Neighbour:
        return self.next_door or self.newsroom.sandbox

    @property
    def cases(self) -> tuple[int, ...]:
        return (self.open_case, self.decided, self.banned, self.waiting)


def kept(newsroom: Newsroom) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that the desk knows of cases, people and stories, table by table."""
    place = newsroom.place
    asked = {"alerts": _SAID_OF_ALERTS, "asked": _ASKED_BY_PEOPLE}
    asked |= {name: f"SELECT * FROM {name}" for name in tables(place) if name not in _ITS_OWN}  # noqa: S608 - the base's own names
    # A server has no order of its own.
    return {name: sorted(rows(place, one), key=repr) for name, one in asked.items()}


def told(asked: Interaction) -> str:
    """Return all words of an answer, and of what followed it."""
    answers = [one for one in (asked.response, *asked.followups) if one]
    words = [*(str(one["content"]) for one in answers)]
    for one in answers:
        words += texts(one["components"])
        # Labels and placeholders tell as well as texts do.
        words.append(str(one["components"]))
    if asked.modal is not None:
        words.append(str(asked.modal))
    return "\n".join(words)


def is_of_set_up(door: str) -> bool:
    """Whether a command or a custom id is one of /setup."""
    return door == "setup" or door.startswith("desk:setup")


def check_refused(asked: Interaction, door: str) -> None:
    said = told(asked)
    assert not asked.late, f"{door} did not answer"
    assert asked.modal is None, f"{door} opened a form"
    refusal = NO_MANAGER if is_of_set_up(door) else REFUSED
    assert refusal in said, f"{door} said {said!r}"
    assert [secret for secret in SECRETS if secret in said] == [], f"{door} told {said!r}"
    for answer in (asked.response, *asked.followups):
        assert answer is None or answer["flags"] & 64, f"{door} answered before everybody"


async def ask(
    scene: Scene, kind: Asked, data: Json, *, message: Json | None = None, who: Actor | None = None
) -> Interaction:
    asked = scene.there.interactions.start(
        kind,
        (who or scene.olly).id,
        scene.there.world.place(NEXT_DOOR if scene.next_door else "moderation"),
        data,
        message=message,
    )
    await asked.settled.wait()
    if asked.response is None and asked.answered is not None and asked.choices is None:
        # The answer was put off, or is a form.
        with contextlib.suppress(AssertionError):
            await until(lambda: asked.modal or asked.response or asked.followups)
    return asked


def presses(scene: Scene) -> Iterator[tuple[str, Component, list[str]]]:
    """Yield every custom id that the desk reads, as crafted for every case."""
    for name, case in product(_EARLIER_OF_CASES, scene.cases):
        yield f"desk:{name}:{case}:1:1", *_control(name)
    for name in _EARLIER_OF_ALERTS:
        yield f"alert:{name}:1", Component.BUTTON, []
    for leaf in ("author", "others", "search", "help"):
        yield f"turn:{leaf}:0:{scene.open_case}", Component.BUTTON, []
    for case in scene.cases:
        yield f"desk:assign:{case}", Component.USER_SELECT, [scene.olly.id]
    for name, kind in declared().items():
        if not issubclass(kind, Form):
            yield crafted(name, scene.open_case), *_control(name)


def crafted(name: str, case: int, *, number: int = 1, word: str = "") -> str:
    """Return a custom id of a kind, with one number in all its fields but the case's."""
    held: dict[str, Any] = {
        one.name: word if one.type is str else number for one in fields(declared()[name])
    }
    if "case" in held:
        held["case"] = case
    return declared()[name](**held).custom_id


def pressable() -> list[str]:
    """Return every kind of press that stands under a message."""
    return [name for name, kind in declared().items() if not issubclass(kind, Form)]


def alert_presses(number: int) -> list[str]:
    """Return a custom id of every kind of press under an alert."""
    kinds = [
        name
        for name, kind in declared().items()
        if issubclass(kind, OfAlert) and not issubclass(kind, Form)
    ]
    return [crafted(name, 0, number=number) for name in kinds]


def _control(name: str) -> tuple[Component, list[str]]:
    return (Component.STRING_SELECT, ["1"]) if name in _MENUS else (Component.BUTTON, [])


def forged(scene: Scene, custom_id: str, kind: Component, values: list[str]) -> Json:
    """Return a message of the bot's with one control that reads as we like."""
    control: Json = {"type": int(kind), "custom_id": custom_id, "id": 901}
    if kind is Component.BUTTON:
        control |= {"style": 2, "label": "?"}
    elif kind is Component.STRING_SELECT:
        control |= {"options": [{"label": one, "value": one} for one in values]}
    if kind in SELECTS:
        control |= {"min_values": 1, "max_values": 1}
    row: Json = {"type": int(Component.ROW), "id": 900, "components": [control]}
    return {**_message(scene), "components": [row]}


def _message(scene: Scene) -> Json:
    world = scene.there.world
    if scene.next_door is None:
        card = scene.newsroom.cards(scene.open_case)[0]
        return world.message(card.channel_id, card.id)
    said = world.messages[world.place(NEXT_DOOR)].values()
    return next(one for one in said if one["author"]["id"] == world.bot_id)


async def pressed(
    scene: Scene, custom_id: str, kind: Component, values: list[str], who: Actor | None = None
) -> Interaction:
    data: Json = {"component_type": int(kind), "custom_id": custom_id, "id": 901}
    if kind is not Component.BUTTON:
        data["values"] = values
    if kind is Component.USER_SELECT:
        world = scene.there.world
        member = {key: value for key, value in world.members[values[0]].items() if key != "user"}
        data["resolved"] = {
            "users": {values[0]: world.users[values[0]]},
            "members": {values[0]: member},
        }
    message = forged(scene, custom_id, kind, values)
    return await ask(scene, Asked.COMPONENT, data, message=message, who=who)


def forms(scene: Scene) -> Iterator[Json]:
    """Yield a submission of each form."""

    def field(name: str, **held: Any) -> Json:
        inner: Json = {"type": 3 if "values" in held else 4, "id": 2, "custom_id": name, **held}
        return {"type": int(Component.LABEL), "id": 1, "component": inner}

    yield {
        "custom_id": "desk:alertaskform:1",
        "components": [field("text", value="olly was here")],
    }
    yield {
        "custom_id": crafted("noticeanswerform", 0),
        "components": [field("outcome", values=["removed"]), field("words", value="x")],
    }
    yield {
        "custom_id": crafted("setuphoursform", 0),
        "components": [field("zone", value="Europe/Paris"), field("hours", value="never")],
    }
    yield {
        "custom_id": crafted("noticetieform", 0),
        "components": [field("case", value=str(scene.open_case))],
    }
    for case in scene.cases:
        yield {
            "custom_id": crafted("contestform", case),
            "components": [field("rule", values=["3"]), field("reasons", value="olly was here")],
        }
        yield {
            "custom_id": crafted("complaintform", case),
            "components": [field("who", value="Olly"), field("text", value="olly was here")],
        }
        yield {
            "custom_id": f"desk:banform:{case}:1",
            "components": [
                field("rule", values=["3"]),
                field("days", values=["7"]),
                field("note", value="x"),
            ],
        }
        yield {
            "custom_id": f"desk:legalform:{case}",
            "components": [
                field("name", value="Olly"),
                field("email", value="olly@courier.example"),
                field("meaning", value="x"),
                field("falsity", value="x"),
                field("says", values=[]),
            ],
        }
        for kind in ("staffnote", "escalate"):
            yield {
                "custom_id": f"desk:{kind}form:{case}",
                "components": [field("text", value="olly was here")],
            }


def leaves(command: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    """Yield what can be sent of a command: itself, or its subcommands."""
    here = f"{path} {command['name']}".strip()
    inner = [one for one in command.get("options", []) if one["type"] <= 2]
    if not inner:
        yield here, command
    for one in inner:
        yield from leaves(one, here)


def commands(newsroom: Newsroom, kind: int) -> list[Json]:
    return [one for one in newsroom.sandbox.world.commands.values() if one["type"] == kind]


def filled_in(scene: Scene, option: Json) -> Any:
    if option.get("choices"):
        return option["choices"][0]["value"]
    if option["name"] == "case":
        return scene.open_case
    if option["type"] in {6, 9}:
        return scene.olly.id
    low = option.get("min_value", 0)
    value = _MAKESHIFTS[option["type"]]
    return max(value, low) if option["type"] in {4, 10} else value
