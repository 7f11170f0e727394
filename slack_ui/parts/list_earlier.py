"""Which campaigns of a list were requested before, and what became of that."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from deletion.domain.models import EarlierRequest
from slack_ui.parts import earlier_request
from slack_ui.parts.blocks import note
from slack_ui.parts.text import code

IN_A_BLOCK = 10  # docs.slack.dev/reference/block-kit/blocks/context-block


def build(names: Sequence[str], earlier: Sequence[EarlierRequest | None]) -> list[Block]:
    """Return a sentence for each campaign with a request before this one, or nothing.

    ``names`` are the campaigns as the form names them, and ``earlier`` their last requests in the same order.
    """
    told = [f"{code(name)} {earlier_request.text(each)}" for name, each in zip(names, earlier, strict=True) if each]
    return [note(*told[first : first + IN_A_BLOCK]) for first in range(0, len(told), IN_A_BLOCK)]
