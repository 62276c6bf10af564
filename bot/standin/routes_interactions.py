"""Routes with which the bot answers interactions; their token is in the path."""

from bot.standin import messages, responses
from bot.standin.interactions import Interaction
from bot.standin.routing import Call, Routes
from bot.standin.wire import Json

routes = Routes()
_WEBHOOK = "/webhooks/{application_id}/{token}"
_TRUE = frozenset({"1", "true", "True"})


def _interaction(call: Call) -> Interaction:
    return call.interactions.answered(call.path["application_id"], call.path["token"])


def _own(call: Call) -> Json:
    message_id = call.path.get("message_id", "@original")
    return responses.own(call.world, _interaction(call), message_id)


@routes.add("POST", "/interactions/{interaction_id}/{token}/callback", token=False)
def _callback(call: Call) -> Json | None:
    interaction = call.interactions.unanswered(call.path["interaction_id"], call.path["token"])
    told = responses.answer(call.world, call.interactions, interaction, call.body, call.uploads)
    return told if call.query.get("with_response") in _TRUE else None


@routes.add("POST", _WEBHOOK, token=False)
def _follow_up(call: Call) -> Json:
    interaction = _interaction(call)
    made = responses.follow_up(call.world, interaction, call.body, call.uploads)
    return call.world.view(made, call.bot)


@routes.add("GET", _WEBHOOK + "/messages/@original", token=False)
@routes.add("GET", _WEBHOOK + "/messages/{message_id}", token=False)
def _get(call: Call) -> Json:
    return call.world.view(_own(call), call.bot)


@routes.add("PATCH", _WEBHOOK + "/messages/@original", token=False)
@routes.add("PATCH", _WEBHOOK + "/messages/{message_id}", token=False)
def _change(call: Call) -> Json:
    made = responses.change(call.world, _own(call), call.body, call.uploads)
    return call.world.view(made, call.bot)


@routes.add("DELETE", _WEBHOOK + "/messages/@original", token=False)
@routes.add("DELETE", _WEBHOOK + "/messages/{message_id}", token=False)
def _delete(call: Call) -> None:
    messages.delete(call.world, _own(call))
