"""The buttons to the pages before and after a list's page."""

from collections.abc import Iterable
from dataclasses import dataclass

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from deletion.domain.stored import Stored
from deletion.stores.request_queries import Cursor


class PageLink(Stored):
    """The value of a button to another page. It grants no right: the handler authorises each click."""

    cursor: Cursor


@dataclass(frozen=True)
class PageButton:
    """A button, unless ``link`` is None because there is no such page."""

    action_id: str
    text: str
    link: PageLink | None


def pager(block_id: str, buttons: Iterable[PageButton], accessibility_label: str = "") -> list[Block]:
    """Return an actions block, or nothing for a list of one page. Screen readers read out the label after the text."""
    elements = []
    for button in buttons:
        if button.link:
            element = ButtonElement(action_id=button.action_id, text=button.text, value=button.link.model_dump_json())
            if accessibility_label:
                element.accessibility_label = f"{button.text}: {accessibility_label}"
            elements.append(element)
    return [ActionsBlock(block_id=block_id, elements=elements)] if elements else []
