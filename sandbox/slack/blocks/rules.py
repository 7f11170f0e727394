"""Check messages, modals and Homes as Slack does; the limits are in block_kit."""

from collections.abc import Iterator
from typing import Any

from sandbox.slack.blocks.block_kit import BLOCKS, OPTION_GROUPS, OPTIONS
from sandbox.slack.blocks.schema import Anything, Flag, Items, Limit, OneOf, Shape, Str, Text, problem
from sandbox.slack.errors import SlackError

_VIEW: dict[str, Limit] = {
    "type": Str(20), "blocks": Anything(), "private_metadata": Str(3000, 0), "callback_id": Str(255, 0),
    "external_id": Str(255, 0),
}  # fmt: skip
MODAL = Shape(
    {**_VIEW, "title": Text(24), "submit": Text(24), "close": Text(24), "clear_on_close": Flag(),
     "notify_on_close": Flag(), "submit_disabled": Flag()},
    required=("title", "blocks"),
)  # fmt: skip
HOME = Shape(_VIEW, required=("blocks",))
ONLY_IN_MESSAGES = frozenset({"markdown", "table"})
ONE_EACH = frozenset({"table"})
MOST_TEXT = 11_000  # undocumented; Slack refused 11,341: github.com/slackapi/bolt-js/issues/2867


def elements(block: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Yield the interactive elements of a block with their JSON pointers."""
    found = [(name, block[name]) for name in ("accessory", "element") if isinstance(block.get(name), dict)]
    if block.get("type") == "actions":
        found += [(f"elements/{index}", item) for index, item in enumerate(block.get("elements") or ())]
    return [(path, item) for path, item in found if isinstance(item, dict) and item.get("type") != "image"]


def check_message(blocks: Any, attachments: Any = None) -> None:
    """Raise SlackError as chat.postMessage does: ``invalid_blocks``, or ``msg_blocks_too_long`` for the sum."""
    found = list(_block_problems(blocks, "/blocks", 50)) if blocks else []
    for index, attachment in enumerate(attachments or ()):
        if isinstance(attachment, dict) and attachment.get("blocks"):
            found += _block_problems(attachment["blocks"], f"/attachments/{index}/blocks", 50)
    if found:
        short = [sentence.removeprefix("[ERROR] ") for sentence in found]
        raise SlackError("invalid_blocks", found, errors=short)
    if sum(map(len, _texts(blocks))) > MOST_TEXT:
        raise SlackError("msg_blocks_too_long")


def check_view(view: Any, surface: str) -> dict[str, Any]:
    """Check a view: 100 blocks at most. Raises SlackError ``invalid_arguments`` as the views methods do."""
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", [problem("must provide an object", "/view")])
    if view.get("type") != surface:
        raise SlackError("invalid_arguments", [problem(f"must be of type {surface}", "/view/type")])
    found = list((MODAL if surface == "modal" else HOME).problems(view, "/view"))
    blocks = view.get("blocks")
    found += _block_problems(blocks, "/view/blocks", 100)
    for index, block in enumerate(blocks if isinstance(blocks, list) else ()):
        if isinstance(block, dict) and block.get("type") in ONLY_IN_MESSAGES:
            found.append(problem(f"unsupported type: {block['type']}", f"/view/blocks/{index}/type"))
    if surface == "modal" and not view.get("submit") and _has_input(blocks):
        found.append(problem("missing required field: submit", "/view"))
    if found:
        raise SlackError("invalid_arguments", found)
    return view


def check_options(answer: dict[str, Any]) -> list[str]:
    """Return the problems of an answer to a block_suggestion."""
    return [
        *OPTIONS.problems(answer.get("options") or [], "/options"),
        *OPTION_GROUPS.problems(answer.get("option_groups") or [], "/option_groups"),
    ]


def _texts(part: Any) -> Iterator[str]:
    """Yield every ``text`` that is a string, at any depth."""
    if isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        part = list(part.values())
    if isinstance(part, list):
        for item in part:
            yield from _texts(item)


def _has_input(blocks: Any) -> bool:
    return isinstance(blocks, list) and any(b.get("type") == "input" for b in blocks if isinstance(b, dict))


def _block_problems(blocks: Any, path: str, most: int) -> Iterator[str]:
    yield from Items(most, OneOf(lambda: BLOCKS), least=0).problems(blocks, path)
    if not isinstance(blocks, list):
        return
    block_ids: set[str] = set()
    kinds: set[str] = set()
    for index, block in enumerate(item for item in blocks if isinstance(item, dict)):
        block_id, kind = block.get("block_id"), str(block.get("type"))
        if block_id and block_id in block_ids:
            yield problem(f'`block_id` "{block_id}" already exists', f"{path}/{index}/block_id")
        if kind in ONE_EACH and kind in kinds:
            yield problem(f"only one {kind} is allowed", f"{path}/{index}")
        block_ids.add(str(block_id))
        kinds.add(kind)
        yield from _twice(block, f"{path}/{index}")


def _twice(block: dict[str, Any], path: str) -> Iterator[str]:
    seen: set[str] = set()
    for where, element in elements(block):
        action_id = element.get("action_id")
        if action_id and action_id in seen:
            yield problem(f'`action_id` "{action_id}" already exists', f"{path}/{where}/action_id")
        seen.add(str(action_id))
        known = [option for option in element.get("options") or () if isinstance(option, dict)]
        initial = element.get("initial_option")
        if known and initial and initial.get("value") not in {option.get("value") for option in known}:
            yield problem("initial_option must be one of the options", f"{path}/{where}/initial_option")
