"""The picker of a list: up to twenty campaigns from the search of the single picker."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict
from slack_sdk.models.blocks import Block, ExternalDataMultiSelectElement, InputBlock
from slack_sdk.models.views import View

from deletion.catalogue.listed_campaign import CachedList
from deletion.catalogue.search import Hit
from deletion.domain.campaign_list import MOST_CAMPAIGNS
from deletion.domain.policy import Policy
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.parts.application import banner
from slack_ui.parts.blocks import chosen_options, mrkdwn, note
from slack_ui.views.picker_modal import Picking, found, known, option_of, picking, refusal_of


class Form(BaseModel):
    """The submitted values: the chosen campaigns, and the channel of the command."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    campaign_ids: tuple[str, ...]
    channel_id: str


def build(copy: CachedList, opened_with: Picking, hits: Sequence[Hit], policy: Policy) -> View:
    """Build the modal. Campaigns that the words of the command mean, and that may be deleted, are chosen already."""
    blocks: list[Block] = [*banner(opened_with.application)]
    blocks += [mrkdwn(found(copy, opened_with.query, hits))] if opened_with.query else []
    return View(
        type="modal",
        callback_id=ids.LIST_PICKER_VIEW,
        private_metadata=opened_with.model_dump_json(),
        title=strings.lists.TITLE,
        submit=strings.lists.PICKER_SUBMIT,
        close=strings.modals.NOTICE_CLOSE,
        blocks=[*blocks, _campaigns(hits if opened_with.query else (), policy), note(known(copy))],
    )


def parse(view: dict[str, Any]) -> Form:
    """Read the submitted view."""
    chosen = chosen_options(view, ids.CAMPAIGNS_BLOCK, ids.CAMPAIGNS_SELECT)
    return Form(campaign_ids=tuple(dict.fromkeys(chosen)), channel_id=picking(view).channel_id)


def errors(form: Form) -> dict[str, str]:
    """Return the errors by block id."""
    if not form.campaign_ids:
        return {ids.CAMPAIGNS_BLOCK: strings.lists.NONE_CHOSEN}
    too_many = strings.lists.TOO_MANY.format(most=MOST_CAMPAIGNS)
    return {ids.CAMPAIGNS_BLOCK: too_many} if len(form.campaign_ids) > MOST_CAMPAIGNS else {}


def _campaigns(hits: Sequence[Hit], policy: Policy) -> InputBlock:
    deletable = [hit.campaign for hit in hits if refusal_of(hit.campaign, policy) is None]
    meant = [option_of(campaign, None) for campaign in deletable[:MOST_CAMPAIGNS]]
    return InputBlock(
        block_id=ids.CAMPAIGNS_BLOCK,
        label=strings.lists.PICKER_LABEL,
        hint=strings.lists.PICKER_HINT.format(most=MOST_CAMPAIGNS),
        element=ExternalDataMultiSelectElement(
            action_id=ids.CAMPAIGNS_SELECT,
            placeholder=strings.modals.PICKER_PLACEHOLDER,
            min_query_length=0,
            max_selected_items=MOST_CAMPAIGNS,
            initial_options=meant or None,
        ),
    )
