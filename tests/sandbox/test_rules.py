"""Block Kit's limits: one invalid payload for each, and the longest valid ones."""

from typing import Any

import pytest

from sandbox.slack.blocks.rules import check_message, check_view
from sandbox.slack.errors import SlackError
from tests.sandbox.small_bot import modal, option, plain, section

Block = dict[str, Any]


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def button(**more: Any) -> Block:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def select(**more: Any) -> Block:
    return {"type": "static_select", "action_id": "s", "options": [option("one")], **more}


def field(element: Block | None = None, **more: Any) -> Block:
    typed = {"type": "plain_text_input", "action_id": "a"}
    return {"type": "input", "label": plain("L"), "element": element or typed, **more}


def rich(*leaves: Block, kind: str = "rich_text_section") -> Block:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(leaves)}]}


def long(length: int) -> Block:
    return plain("x" * length)


WRONG_BLOCKS: list[tuple[list[Block], str]] = [
    ([section("x" * 3001)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    ([section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ([section("x")] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    ([{"type": "section"}], "must define either `fields` or `text` [json-pointer:/blocks/0]"),
    ([{"type": "section", "fields": [plain("x")] * 11}], "no more than 10 items allowed"),
    ([{"type": "section", "fields": [long(2001)]}], "less than 2001 characters [json-pointer:/blocks/0/fields/0"),
    ([{"type": "header", "text": long(151)}], "must be less than 151 characters"),
    ([{"type": "header", "text": plain("🔥" * 76)}], "must be less than 151 characters"),
    ([{"type": "header", "text": mrkdwn("x")}], "[json-pointer:/blocks/0/text/type]"),
    ([{"type": "context", "elements": [plain("x")] * 11}], "no more than 10 items allowed"),
    ([{"type": "context", "elements": [button()]}], "unsupported type: button"),
    ([{"type": "sectoin"}], "unsupported type: sectoin [json-pointer:/blocks/0/type]"),
    ([{**section("x"), "colour": "red"}], "invalid additional property: colour [json-pointer:/blocks/0]"),
    ([{**section("x"), "block_id": "b" * 256}], "must be less than 256 characters"),
    ([{"type": "divider", "block_id": "b"}] * 2, '`block_id` "b" already exists [json-pointer:/blocks/1/block_id]'),
    ([actions()], "no less than 1 items allowed [json-pointer:/blocks/0/elements]"),
    ([actions(*[{"type": "button", "text": plain("Go")}] * 26)], "no more than 25 items allowed"),
    ([actions({"type": "knob"})], "unsupported type: knob [json-pointer:/blocks/0/elements/0/type]"),
    ([actions(button(), button())], '`action_id` "go" already exists [json-pointer:/blocks/0/elements/1/action_id]'),
    ([actions(button(text=long(76)))], "must be less than 76 characters"),
    ([actions(button(text=mrkdwn("x")))], "must be a valid enum value: plain_text"),
    ([actions(button(value="x" * 2001))], "must be less than 2001 characters"),
    ([actions(button(action_id="x" * 256))], "must be less than 256 characters"),
    ([actions(button(style="green"))], "must be a valid enum value: primary, danger"),
    ([actions(button(confirm={"title": plain("Sure?")}))], "missing required field: text"),
    ([actions(select(options=[option("x" * 76)]))], "must be less than 76 characters"),
    ([actions(select(options=[option(str(n)) for n in range(101)]))], "no more than 100 items allowed"),
    ([actions(select(placeholder=long(151)))], "must be less than 151 characters"),
    ([actions(select(initial_option=option("two")))], "initial_option must be one of the options"),
    ([{"type": "image", "alt_text": "x"}], "must define either"),
    ([rich({"type": "text"})], "missing required field: text [json-pointer:/blocks/0/elements/0/elements/0]"),
    ([rich({"type": "text", "text": "x", "style": {"loud": True}})], "invalid additional property: loud"),
    ([rich({"type": "knob"})], "unsupported type: knob"),
    ([rich(kind="rich_text_poem")], "unsupported type: rich_text_poem"),
    ([{"type": "table", "rows": [[plain("x")]]}] * 2, "only one table is allowed"),
]  # fmt: skip

WRONG_VIEWS: list[tuple[Block, str]] = [
    (modal(*[section("x")] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
    (modal(title=long(25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
    (modal(title=mrkdwn("x")), "[json-pointer:/view/title/type]"),
    (modal(field(), submit=long(25)), "[json-pointer:/view/submit/text]"),
    (modal(close=long(25)), "[json-pointer:/view/close/text]"),
    (modal(private_metadata="x" * 3001), "must be less than 3001 characters [json-pointer:/view/private_metadata]"),
    (modal(callback_id="x" * 256), "[json-pointer:/view/callback_id]"),
    (modal(field()), "missing required field: submit [json-pointer:/view]"),
    (modal(field(label=long(2001)), submit=plain("Go")), "[json-pointer:/view/blocks/0/label/text]"),
    (modal(field(button()), submit=plain("Go")), "unsupported type: button"),
    (modal({"type": "markdown", "text": "x"}), "unsupported type: markdown [json-pointer:/view/blocks/0/type]"),
    (modal(colour="red"), "invalid additional property: colour [json-pointer:/view]"),
    ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
]


@pytest.mark.parametrize(("blocks", "sentence"), WRONG_BLOCKS)
def test_invalid_message_is_refused_with_a_pointer(blocks: list[Block], sentence: str) -> None:
    with pytest.raises(SlackError) as caught:
        check_message(blocks)
    assert caught.value.code == "invalid_blocks"
    assert any(sentence in message for message in caught.value.messages), caught.value.messages


@pytest.mark.parametrize(("view", "sentence"), WRONG_VIEWS)
def test_invalid_view_is_refused_with_a_pointer(view: Block, sentence: str) -> None:
    with pytest.raises(SlackError) as caught:
        check_view(view, "modal")
    assert caught.value.code == "invalid_arguments"
    assert any(sentence in message for message in caught.value.messages), caught.value.messages


def test_invalid_block_in_an_attachment_is_refused() -> None:
    with pytest.raises(SlackError) as caught:
        check_message([], [{"color": "#ff0000", "blocks": [section("")]}])
    assert "[json-pointer:/attachments/0/blocks/0/text/text]" in caught.value.messages[0]


def test_values_at_the_limit_are_accepted() -> None:
    check_message(
        [section("x" * 3000)] * 3 + [section("x")] * 46 + [actions(*[button(action_id=str(n)) for n in range(25)])]
    )
    check_view(modal(*[field()] * 100, title=long(24), submit=long(24), private_metadata="x" * 3000), "modal")
    check_view({"type": "home", "blocks": [section("x")] * 100}, "home")


def test_blocks_over_the_total_limit_are_refused() -> None:
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        check_message([section("x" * 2_500)] * 5)
