"""The bot's payloads in the sandbox's recorded traffic."""

from collections.abc import Iterator

from proof.oracles import Surface
from proof.payload_roundtrip import Json

MESSAGES = ("chat.postMessage", "chat.update", "chat.postEphemeral")


def payloads(traffic: list[Json]) -> Iterator[tuple[str, Surface, Json]]:
    """Yield each view and message that the bot sent, and how: a Web API method, or its answer to a form."""
    for exchange in traffic:
        what, sent, answered = exchange["what"], exchange["request"], exchange["response"]
        if exchange["direction"] == "to_slack" and what in MESSAGES:
            yield what, "message", {name: sent[name] for name in ("text", "blocks") if name in sent}
        elif exchange["direction"] == "to_slack" and isinstance(sent.get("view"), dict):
            yield what, _surface(sent["view"]), sent["view"]
        elif exchange["direction"] == "to_bot" and isinstance((answered or {}).get("view"), dict):
            yield f"the answer to {what}", _surface(answered["view"]), answered["view"]


def _surface(view: Json) -> Surface:
    return "home" if view.get("type") == "home" else "modal"
