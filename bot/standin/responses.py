"""What the bot answers to an interaction: the first callback, and the follow-ups after it."""

from collections.abc import Mapping

from bot.standin import command_limits, messages, modal_limits
from bot.standin.errors import Code, form, unknown
from bot.standin.interactions import Interaction, Interactions, metadata
from bot.standin.reading import listed, nested, whole, words
from bot.standin.wire import Answer, Asked, CommandKind, Json, MessageFlag, MessageKind
from bot.standin.world import Upload, World

_ALLOWED = {
    Asked.COMMAND: {Answer.MESSAGE, Answer.DEFER_MESSAGE, Answer.MODAL},
    Asked.COMPONENT: {
        Answer.MESSAGE,
        Answer.DEFER_MESSAGE,
        Answer.DEFER_UPDATE,
        Answer.UPDATE,
        Answer.MODAL,
    },
    Asked.AUTOCOMPLETE: {Answer.CHOICES},
    Asked.MODAL: {Answer.MESSAGE, Answer.DEFER_MESSAGE, Answer.DEFER_UPDATE, Answer.UPDATE},
}
_ON_A_MESSAGE = frozenset({Answer.DEFER_UPDATE, Answer.UPDATE})
_NEW_MESSAGE = frozenset({Answer.MESSAGE, Answer.DEFER_MESSAGE})


def answer(
    world: World,
    interactions: Interactions,
    interaction: Interaction,
    body: Json,
    uploads: Mapping[str, Upload],
) -> Json:
    """Carry out the first answer.

    Args:
        world: Where.
        interactions: Told that the answer came.
        interaction: What is answered.
        body: The callback: `type` and `data`.
        uploads: Files sent with it.

    Returns:
        Discord's account of it, for `with_response`.

    Raises:
        ApiError: The answer does not fit the interaction, or breaks a limit.
    """
    kind = _fitting(interaction, body)
    data = nested(body, "data")
    if kind in _NEW_MESSAGE:
        interaction.response = _first(world, interaction, kind, data, uploads)
    elif kind is Answer.UPDATE and interaction.message is not None:
        interaction.response = messages.edit(world, interaction.message, data, uploads)
    elif kind is Answer.DEFER_UPDATE:
        interaction.response = interaction.message
    elif kind is Answer.MODAL:
        modal_limits.check(data)
        interaction.modal = data
    elif kind is Answer.CHOICES:
        command_limits.check_choices(listed(data, "choices"), "data.choices")
        interaction.choices = listed(data, "choices")
    interactions.settle(interaction, kind)
    return _account(world, interaction, kind)


def _fitting(interaction: Interaction, body: Json) -> Answer:
    kind = body.get("type")
    fits = kind in _ALLOWED[interaction.kind]
    if not fits or (kind in _ON_A_MESSAGE and interaction.message is None):
        raise form(
            "type",
            "INTERACTION_INVALID_CALLBACK_TYPE",
            f"Callback type {kind} does not fit an interaction of type {interaction.kind:d}.",
        )
    return Answer(whole(body, "type"))


def _first(
    world: World,
    interaction: Interaction,
    kind: Answer,
    data: Json,
    uploads: Mapping[str, Upload],
) -> Json:
    if kind is Answer.DEFER_MESSAGE and whole(data, "flags") & ~MessageFlag.EPHEMERAL:
        raise form("data.flags", "MESSAGE_FLAGS_INVALID", "A deferral can only be ephemeral.")
    if kind is Answer.MESSAGE:
        return _say(world, interaction, data, uploads, reference=interaction.message)
    return messages.placeholder(
        world,
        interaction.channel_id,
        _envelope(world, interaction, interaction.message),
        visible_to=_only_reader(interaction, data),
    )


def _account(world: World, interaction: Interaction, kind: Answer) -> Json:
    told: Json = {"id": interaction.id, "type": int(interaction.kind)}
    made = interaction.response
    if made is None or kind is Answer.DEFER_UPDATE:
        return {"interaction": told}
    flags = MessageFlag(made["flags"])
    told |= {
        "response_message_id": made["id"],
        "response_message_loading": bool(flags & MessageFlag.LOADING),
        "response_message_ephemeral": bool(flags & MessageFlag.EPHEMERAL),
    }
    if kind is Answer.DEFER_MESSAGE:
        return {"interaction": told}  # Discord's own file documents no resource of type 5
    resource = {"type": int(kind), "message": world.view(made, world.bot_id)}
    return {"interaction": told, "resource": resource}


def _say(
    world: World,
    interaction: Interaction,
    body: Json,
    uploads: Mapping[str, Upload],
    *,
    reference: Json | None,
) -> Json:
    """Post a message in the bot's name that belongs to an interaction."""
    return messages.create(
        world,
        interaction.channel_id,
        world.bot_id,
        body,
        uploads,
        envelope=_envelope(world, interaction, reference),
        visible_to=_only_reader(interaction, body),
    )


def _only_reader(interaction: Interaction, body: Json) -> str | None:
    ephemeral = whole(body, "flags") & MessageFlag.EPHEMERAL
    return interaction.user_id if ephemeral else None


def _envelope(world: World, interaction: Interaction, reference: Json | None) -> Json:
    envelope: Json = {
        "webhook_id": world.app_id,
        "application_id": world.app_id,
        "interaction_metadata": metadata(world, interaction),
    }
    if interaction.kind is Asked.COMMAND:
        envelope |= _of_a_command(world, interaction)
    if reference is not None:
        where = messages.reply_to(world, interaction.channel_id, reference["id"])
        envelope |= {"type": int(MessageKind.REPLY), "message_reference": where}
    return envelope


def _of_a_command(world: World, interaction: Interaction) -> Json:
    slash = interaction.data["type"] == CommandKind.CHAT_INPUT
    kind = MessageKind.CHAT_INPUT_COMMAND if slash else MessageKind.CONTEXT_MENU_COMMAND
    told = {
        "id": interaction.id,
        "type": int(Asked.COMMAND),
        "name": interaction.data["name"],
        "user": world.users[interaction.user_id],
    }
    return {"type": int(kind), "interaction": told}


def follow_up(
    world: World, interaction: Interaction, body: Json, uploads: Mapping[str, Upload]
) -> Json:
    """Post a further message; the first one after a deferral fills its placeholder.

    Raises:
        ApiError: The message breaks a limit.
    """
    first = interaction.response
    new = interaction.answered in _NEW_MESSAGE
    if first is not None and new and first["flags"] & MessageFlag.LOADING:
        made = messages.edit(world, first, body, uploads, first_filling=True)
    else:
        reference = first if new and first and _exists(world, first) else interaction.message
        made = _say(world, interaction, body, uploads, reference=reference)
    interaction.followups.append(made)
    return made


def _exists(world: World, message: Json) -> bool:
    return message["id"] in world.messages.get(message["channel_id"], {})


def own(world: World, interaction: Interaction, message_id: str) -> Json:
    """Return a message of an interaction: `@original` or the id of a follow-up.

    Raises:
        ApiError: 10008.
    """
    mine = [interaction.response, *interaction.followups]
    if message_id == "@original":
        mine, message_id = mine[:1], words(interaction.response or {}, "id")
    for message in mine:
        if message is not None and message["id"] == message_id and _exists(world, message):
            return message
    return unknown(Code.UNKNOWN_MESSAGE)


def change(world: World, message: Json, body: Json, uploads: Mapping[str, Upload]) -> Json:
    """Edit a message of an interaction; a placeholder is filled by it.

    Raises:
        ApiError: The message breaks a limit.
    """
    loading = bool(message["flags"] & MessageFlag.LOADING)
    return messages.edit(world, message, body, uploads, first_filling=loading)
