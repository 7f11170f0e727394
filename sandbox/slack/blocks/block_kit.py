"""Block Kit's limits as one table: docs.slack.dev/reference/block-kit."""

from collections.abc import Mapping

from sandbox.slack.blocks.rich_text import PARTS
from sandbox.slack.blocks.schema import ANY_TEXT, Anything, Flag, Items, Limit, Number, OneOf, Shape, Str, Text

_ANY = Anything()
_TYPE = Str(50)
_ACTION_ID = Str(255)
_PLACEHOLDER = Text(150)
_URL = Str(3000)

_CONFIRM = Shape(
    {"title": Text(100), "text": Text(300, ANY_TEXT), "confirm": Text(30), "deny": Text(30),
     "style": Str(20, choices=("primary", "danger"))},
    required=("title", "text", "confirm", "deny"),
)  # fmt: skip
_FIELDS: dict[str, Limit] = {
    "type": _TYPE,
    "action_id": _ACTION_ID,
    "confirm": _CONFIRM,
    "focus_on_load": Flag(),
}


def _option(kinds: tuple[str, ...] = ("plain_text",)) -> Shape:
    fields: dict[str, Limit] = {
        "text": Text(75, kinds),
        "value": Str(150),
        "description": Text(75, kinds),
        "url": _URL,
    }
    return Shape(fields, required=("text", "value"))


OPTION = _option()
OPTION_GROUP = Shape({"label": Text(75), "options": Items(100, OPTION)}, required=("label", "options"))
OPTIONS = Items(100, OPTION, least=0)
OPTION_GROUPS = Items(100, OPTION_GROUP, least=0)


def _element(fields: Mapping[str, Limit], required: tuple[str, ...] = (), **groups: tuple[str, ...]) -> Shape:
    return Shape({**_FIELDS, **fields}, required=required, one_of=tuple(groups.values()))


def _select(initial: str, fields: Mapping[str, Limit], **groups: tuple[str, ...]) -> Shape:
    return _element({"placeholder": _PLACEHOLDER, initial: _ANY, **fields}, **groups)


def _multi(initial: str, fields: Mapping[str, Limit], **groups: tuple[str, ...]) -> Shape:
    return _select(initial, {"max_selected_items": Number(1, 100), **fields}, **groups)


def _typed_text(longest: int, fields: Mapping[str, Limit]) -> Shape:
    common: dict[str, Limit] = {
        "placeholder": _PLACEHOLDER,
        "initial_value": Str(longest, 0),
        "dispatch_action_config": _ANY,
    }
    return _element({**common, **fields})


_STATIC: dict[str, Limit] = {"options": Items(100, OPTION), "option_groups": Items(100, OPTION_GROUP)}
_BOXES = Items(10, _option(ANY_TEXT))
_EXTERNAL: dict[str, Limit] = {"min_query_length": Number(0, 1000)}
_CONVERSATION: dict[str, Limit] = {
    "default_to_current_conversation": Flag(), "response_url_enabled": Flag(), "filter": _ANY,
}  # fmt: skip
_LENGTHS: dict[str, Limit] = {
    "multiline": Flag(), "min_length": Number(0, 3000), "max_length": Number(1, 3000),
}  # fmt: skip
_NUMBERS: dict[str, Limit] = {"is_decimal_allowed": Flag(), "min_value": Str(100), "max_value": Str(100)}

IMAGE_ELEMENT = Shape(
    {"type": _TYPE, "image_url": _URL, "slack_file": _ANY, "alt_text": Str(2000)}, required=("alt_text",),
    one_of=(("image_url", "slack_file"),),
)  # fmt: skip
_BUTTON = _element(
    {"text": Text(75), "value": Str(2000, 0), "url": _URL, "style": Str(20, choices=("primary", "danger")),
     "accessibility_label": Str(75)},
    required=("text",),
)  # fmt: skip

ELEMENTS: dict[str, Limit] = {
    "button": _BUTTON,
    "checkboxes": _element({"options": _BOXES, "initial_options": _ANY}, required=("options",)),
    "radio_buttons": _element({"options": _BOXES, "initial_option": _ANY}, required=("options",)),
    "overflow": _element({"options": Items(5, OPTION)}, required=("options",)),
    "static_select": _select("initial_option", _STATIC, some=("options", "option_groups")),
    "external_select": _select("initial_option", _EXTERNAL),
    "users_select": _select("initial_user", {}),
    "conversations_select": _select("initial_conversation", _CONVERSATION),
    "channels_select": _select("initial_channel", {"response_url_enabled": Flag()}),
    "multi_static_select": _multi("initial_options", _STATIC, some=("options", "option_groups")),
    "multi_external_select": _multi("initial_options", _EXTERNAL),
    "multi_users_select": _multi("initial_users", {}),
    "multi_conversations_select": _multi("initial_conversations", _CONVERSATION),
    "multi_channels_select": _multi("initial_channels", {}),
    "datepicker": _element({"placeholder": _PLACEHOLDER, "initial_date": Str(10)}),
    "timepicker": _element({"placeholder": _PLACEHOLDER, "initial_time": Str(5), "timezone": Str(100)}),
    "datetimepicker": _element({"initial_date_time": Number(1_000_000_000, 9_999_999_999)}),
    "plain_text_input": _typed_text(3000, _LENGTHS),
    "number_input": _typed_text(100, _NUMBERS),
    "email_text_input": _typed_text(3000, {}),
    "url_text_input": _typed_text(3000, {}),
}
_NOT_INPUTS = ("button", "overflow")
_ACTIONS = {name: limit for name, limit in ELEMENTS.items() if not name.endswith("_input")}
_INPUTS = {name: limit for name, limit in ELEMENTS.items() if name not in _NOT_INPUTS}
_ACCESSORIES = {**_ACTIONS, "image": IMAGE_ELEMENT}
_CONTEXT: dict[str, Limit] = {
    "plain_text": Text(3000), "mrkdwn": Text(3000, ANY_TEXT), "image": IMAGE_ELEMENT,
}  # fmt: skip


def _block(fields: Mapping[str, Limit], required: tuple[str, ...] = (), **groups: tuple[str, ...]) -> Shape:
    common: dict[str, Limit] = {"type": _TYPE, "block_id": Str(255)}
    return Shape({**common, **fields}, required=required, one_of=tuple(groups.values()))


BLOCKS: dict[str, Limit] = {
    "section": _block(
        {"text": Text(3000, ANY_TEXT), "fields": Items(10, Text(2000, ANY_TEXT)), "expand": Flag(),
         "accessory": OneOf(lambda: _ACCESSORIES)},
        some=("fields", "text"),
    ),
    "header": _block({"text": Text(150), "level": Number(1, 6)}, required=("text",)),
    "context": _block({"elements": Items(10, OneOf(lambda: _CONTEXT))}, required=("elements",)),
    "divider": _block({}),
    "actions": _block({"elements": Items(25, OneOf(lambda: _ACTIONS))}, required=("elements",)),
    "input": _block(
        {"label": Text(2000), "element": OneOf(lambda: _INPUTS), "hint": Text(2000), "optional": Flag(),
         "dispatch_action": Flag()},
        required=("label", "element"),
    ),
    "image": _block(
        {"image_url": _URL, "slack_file": _ANY, "alt_text": Str(2000), "title": Text(2000)},
        required=("alt_text",), some=("image_url", "slack_file"),
    ),
    "alert": _block(
        {"text": Text(3000, ANY_TEXT),
         "level": Str(20, choices=("default", "info", "warning", "error", "success"))},
        required=("text",),
    ),
    "rich_text": _block({"elements": Items(1000, OneOf(lambda: PARTS))}, required=("elements",)),
    "table": _block({"rows": Items(100, Items(20, _ANY)), "column_settings": _ANY}, required=("rows",)),
    "markdown": _block({"text": Str(12_000)}, required=("text",)),
}  # fmt: skip
