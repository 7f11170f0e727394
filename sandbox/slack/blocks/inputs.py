"""The fields of a view: their state, and what Slack's client checks before it submits."""

from typing import Any

from sandbox.slack.blocks.rules import elements

Payload = dict[str, Any]
REQUIRED = "Please complete this required field."
_STATE_KEYS = {
    "plain_text_input": "value", "number_input": "value", "email_text_input": "value", "url_text_input": "value",
    "static_select": "selected_option", "external_select": "selected_option",
    "radio_buttons": "selected_option", "checkboxes": "selected_options",
    "multi_static_select": "selected_options", "multi_external_select": "selected_options",
    "users_select": "selected_user", "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation", "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel", "multi_channels_select": "selected_channels",
    "datepicker": "selected_date", "timepicker": "selected_time", "datetimepicker": "selected_date_time",
}  # fmt: skip


def find_element(blocks: list[Payload], block_id: Any, action_id: Any) -> tuple[Payload, Payload] | None:
    """Return the block and its element, or None."""
    for block in blocks:
        for _, element in elements(block):
            if block.get("block_id") == block_id and element.get("action_id") == action_id:
                return block, element
    return None


def filled(view: Payload, values: Payload) -> Payload:
    """Return ``view.state.values`` for every field: the given value, else the previous one, else the initial one."""
    state: Payload = {}
    for block in view["blocks"]:
        for _, element in elements(block):
            key = _STATE_KEYS.get(element["type"])
            if key is not None:
                block_id, action_id = block["block_id"], element["action_id"]
                before = view["state"]["values"].get(block_id, {}).get(action_id)
                given = values.get(block_id, {}).get(action_id, before)
                state.setdefault(block_id, {})[action_id] = _state_of(element, key, given)
    return state


def refused(view: Payload, state: Payload) -> dict[str, str]:
    """Return the errors that Slack's client shows by itself, by block id."""
    found = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            key = _STATE_KEYS.get(element["type"], "value")
            value = state.get(block["block_id"], {}).get(element["action_id"], {}).get(key)
            sentence = _refusal(block, element, value)
            if sentence:
                found[block["block_id"]] = sentence
    return found


def _refusal(block: Payload, element: Payload, value: Any) -> str | None:
    if value in (None, "", []):
        return None if block.get("optional") else REQUIRED
    shortest, longest = element.get("min_length"), element.get("max_length")
    if shortest and len(value) < shortest:
        return f"Please enter at least {shortest} characters."
    if longest and len(value) > longest:
        return f"Please enter at most {longest} characters."
    return None


def _state_of(element: Payload, key: str, given: Any) -> Payload:
    """Return one entry of ``state.values``. A bare string is the value of a text field."""
    if isinstance(given, str):
        given = {key: given}
    initial = element.get("initial_value" if key == "value" else key.replace("selected", "initial"))
    nothing: Any = [] if key.endswith("s") else None
    value = (given or {}).get(key, nothing) if given is not None else initial or nothing
    return {"type": element["type"], key: value or nothing}
