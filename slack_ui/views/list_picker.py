"""The picker of a list: up to twenty campaigns from the search of the single picker."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict
from slack_sdk.models.blocks import Block, ExternalDataMultiSelectElement, InputBlock, Option
from slack_sdk.models.views import View

from deletion.catalogue.listed_campaign import CachedList
from deletion.catalogue.search import Hit, meant, with_words
from deletion.domain.campaign_list import MOST_CAMPAIGNS
from deletion.domain.policy import Policy
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.parts.application import banner
from slack_ui.parts.blocks import chosen_options, mrkdwn, note, plain
from slack_ui.parts.text import code
from slack_ui.views.picker_modal import Picking, found, known, option_of, picking, refusal_of


class Form(BaseModel):
    """The submitted values: the chosen campaigns, and the channel of the command."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    campaign_ids: tuple[str, ...]
    channel_id: str


def for_ids(copy: CachedList, opened_with: Picking, typed_ids: Sequence[str]) -> View:
    """Build the modal with all typed ids chosen; the next form says of each that can't be deleted why."""
    listed = {campaign.id: campaign for campaign in copy.campaigns}
    chosen = [
        option_of(listed[each], None) if each in listed else _unlisted(each) for each in typed_ids[:MOST_CAMPAIGNS]
    ]
    said = strings.list_modals.TYPED.get(len(typed_ids), strings.list_modals.TYPED_SEVERAL)
    if len(typed_ids) > MOST_CAMPAIGNS:
        said = strings.list_modals.TYPED_TOO_MANY
    return _view(copy, opened_with, chosen, said.format(count=len(typed_ids), most=MOST_CAMPAIGNS))


def for_words(copy: CachedList, opened_with: Picking, hits: Sequence[Hit], policy: Policy) -> View:
    """Build the modal. Campaigns that the words of the command mean, and that may be deleted, are chosen already."""
    if not opened_with.query:
        return _view(copy, opened_with, [])
    exact = with_words(opened_with.query, meant(hits))
    if not exact:
        return _view(copy, opened_with, [], found(copy, opened_with.query, hits))
    deletable = [campaign for campaign in exact if refusal_of(campaign, policy) is None]
    chosen = [option_of(campaign, None) for campaign in deletable[:MOST_CAMPAIGNS]]
    several = strings.list_modals.PICKED_MOST if len(deletable) > MOST_CAMPAIGNS else strings.list_modals.PICKED_SEVERAL
    said = strings.list_modals.PICKED.get(len(chosen), several)
    return _view(copy, opened_with, chosen, said.format(count=len(chosen), query=code(opened_with.query)))


def _view(copy: CachedList, opened_with: Picking, chosen: list[Option], said: str = "") -> View:
    blocks: list[Block] = [*banner(opened_with.application), *([mrkdwn(said)] if said else [])]
    return View(
        type="modal",
        callback_id=ids.LIST_PICKER_VIEW,
        private_metadata=opened_with.model_dump_json(),
        title=strings.list_modals.TITLE,
        submit=strings.list_modals.PICKER_SUBMIT,
        close=strings.modals.NOTICE_CLOSE,
        blocks=[*blocks, _campaigns(chosen), note(known(copy))],
    )


def parse(view: dict[str, Any]) -> Form:
    """Read the submitted view."""
    chosen = chosen_options(view, ids.CAMPAIGNS_BLOCK, ids.CAMPAIGNS_SELECT)
    return Form(campaign_ids=tuple(dict.fromkeys(chosen)), channel_id=picking(view).channel_id)


def errors(form: Form) -> dict[str, str]:
    """Return the errors by block id."""
    if not form.campaign_ids:
        return {ids.CAMPAIGNS_BLOCK: strings.list_modals.NONE_CHOSEN}
    too_many = strings.list_modals.TOO_MANY.format(most=MOST_CAMPAIGNS)
    return {ids.CAMPAIGNS_BLOCK: too_many} if len(form.campaign_ids) > MOST_CAMPAIGNS else {}


def _unlisted(campaign_id: str) -> Option:
    return Option(value=campaign_id, text=plain(campaign_id), description=plain(strings.list_modals.UNLISTED))


def _campaigns(chosen: list[Option]) -> InputBlock:
    return InputBlock(
        block_id=ids.CAMPAIGNS_BLOCK,
        label=strings.list_modals.PICKER_LABEL,
        hint=strings.list_modals.PICKER_HINT.format(most=MOST_CAMPAIGNS),
        element=ExternalDataMultiSelectElement(
            action_id=ids.CAMPAIGNS_SELECT,
            placeholder=strings.picker.PLACEHOLDER,
            min_query_length=0,
            max_selected_items=MOST_CAMPAIGNS,
            initial_options=chosen or None,
        ),
    )
