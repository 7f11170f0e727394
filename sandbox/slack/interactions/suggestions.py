"""Ask the bot for the options of an external select. docs.slack.dev/reference/interaction-payloads."""

from typing import Any

from sandbox.slack.blocks.rules import check_options
from sandbox.slack.errors import NotPossible
from sandbox.slack.interactions import payloads
from sandbox.slack.interactions.delivery import Delivery

Payload = dict[str, Any]
SHORTEST_QUERY = 3
_NONE: Payload = {"options": [], "option_groups": []}


async def ask(delivery: Delivery, user: Payload, element: Payload, target: Payload, place: Payload) -> Payload:
    """Return options and option groups; a query shorter than ``min_query_length`` is not sent."""
    if element["type"] not in ("external_select", "multi_external_select"):
        raise NotPossible("Only an external select asks for its options.")
    query = str(target.get("query") or "")
    if len(query) < element.get("min_query_length", SHORTEST_QUERY):
        return _NONE
    payload = payloads.interaction("block_suggestion", user) | place
    payload |= {"block_id": target["block_id"], "action_id": target["action_id"], "value": query}
    ack = await delivery.deliver("interactive", payload)
    wrong = [] if ack.error else check_options(ack.payload)
    if ack.error or wrong:
        return {**_NONE, "error": ack.error or wrong[0]}
    return {name: ack.payload.get(name) or [] for name in _NONE}
