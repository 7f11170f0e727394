"""The picker: a search over all campaigns, the state of the cached list, and the channel for the result."""

import re
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from slack_sdk.models.blocks import (
    Block,
    ConversationFilter,
    ConversationSelectElement,
    ExternalDataSelectElement,
    InputBlock,
    Option,
    OptionGroup,
)
from slack_sdk.models.views import View

from deletion.catalogue.listed_campaign import LONGEST, CachedList, ListedCampaign
from deletion.catalogue.search import MOST_HITS, Closeness, Hit
from deletion.domain.policy import ID_END, Policy, Refusal
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.parts.application import banner
from slack_ui.parts.blocks import OPTION_LIMIT, chosen, mrkdwn, note, plain
from slack_ui.parts.text import clean, code, date, day, short_name
from slack_ui.strings.picker import STOP_FIRST

QUERY_LIMIT = LONGEST  # a part of a name may be that of another campaign
CHANNEL_ID = re.compile("[A-Z0-9]{0,32}")
ChannelId = Annotated[str, StringConstraints(pattern=f"^{CHANNEL_ID.pattern}$")]
PUBLIC_AND_PRIVATE = ConversationFilter(include=["public", "private"], exclude_external_shared_channels=True)


class Picking(BaseModel):
    """The picker's start: the command's channel (empty if the user chooses one) and its words.

    ``application`` is the named Kore.ai application whose campaigns it shows.
    It travels in the view, so it grants no right: the submission is authorised again.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    channel_id: ChannelId = ""
    query: str = ""
    application: str = ""


class Form(BaseModel):
    """The submitted values. ``has_room`` tells whether the form had a channel input."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    campaign_id: str
    channel_id: str
    has_room: bool


def build(copy: CachedList, picking: Picking, hits: Sequence[Hit]) -> View:
    """Build the modal for the list as it is cached now. ``hits`` match the words that it was opened with."""
    blocks: list[Block] = [*banner(picking.application)]
    blocks += [mrkdwn(found(copy, picking.query, hits))] if picking.query else []
    blocks.append(_campaign_input())
    if not picking.channel_id:
        blocks.append(_room_input())
    return View(
        type="modal",
        callback_id=ids.PICKER_VIEW,
        private_metadata=picking.model_dump_json(),
        title=strings.modals.MODAL_TITLE,
        submit=strings.picker.SUBMIT,
        close=strings.modals.NOTICE_CLOSE,
        blocks=[*blocks, note(known(copy))],
    )


def picking(view: dict[str, Any]) -> Picking:
    """Return what the view carries, or the defaults if it does not parse."""
    try:
        return Picking.model_validate_json(view["private_metadata"])
    except ValidationError:
        return Picking()


def parse(view: dict[str, Any]) -> Form:
    """Read the submitted view."""
    opened_with = picking(view)
    room = chosen(view, ids.ROOM_BLOCK, ids.ROOM_SELECT)
    return Form(
        campaign_id=chosen(view, ids.CAMPAIGN_BLOCK, ids.CAMPAIGN_SELECT),
        channel_id=opened_with.channel_id or (room if CHANNEL_ID.fullmatch(room) else ""),
        has_room=not opened_with.channel_id and ids.ROOM_BLOCK in view["state"]["values"],
    )


def answer(campaigns: Sequence[ListedCampaign], policy: Policy, *, in_groups: bool) -> dict[str, Any]:
    """Return the answer to a block_suggestion.

    Options are grouped when nothing is typed. Matches of a query keep their order, because Enter chooses the first one,
    which has to be the closest.
    """
    refusals = [refusal_of(campaign, policy) for campaign in campaigns]
    options = [option_of(campaign, refusal) for campaign, refusal in zip(campaigns, refusals, strict=True)]
    if not in_groups:
        return {"options": [option.to_dict() for option in options]}
    found = list(zip(options, refusals, strict=True))
    deletable = [option for option, refusal in found if refusal is None]
    running = [option for option, refusal in found if refusal is STOP_FIRST]
    others = [option for option, refusal in found if refusal not in (None, STOP_FIRST)]
    groups = (
        (strings.picker.MAY_BE_DELETED, deletable),
        (strings.picker.MAY_BE_STOPPED, running),
        (strings.picker.MAY_NOT_BE_DELETED, others),
    )
    return {"option_groups": [OptionGroup(label=label, options=some).to_dict() for label, some in groups if some]}


def refusal_of(campaign: ListedCampaign, policy: Policy) -> str | None:
    """Return why it may not be deleted as it is: a Refusal, or that it has to be stopped before."""
    if policy.protects(campaign.name):
        return Refusal.PROTECTED
    is_voice, is_sms, status = campaign.is_voice, campaign.is_sms, campaign.status
    if policy.is_kind_to_stop(is_voice=is_voice, is_sms=is_sms, status=status):
        return STOP_FIRST
    return policy.refuse_kind(is_voice=is_voice, is_sms=is_sms, status=status)


def name_of(campaign: ListedCampaign) -> str:
    """Return name and end of the id within the length limit of an option."""
    end = strings.modals.ID_END.format(end=campaign.id[-ID_END:])
    return f"{short_name(campaign.name, OPTION_LIMIT - len(end))}{end}"


def option_of(campaign: ListedCampaign, refusal: str | None) -> Option:
    updated = (
        strings.picker.UPDATED.format(day=day(campaign.updated_at)) if campaign.updated_at else strings.picker.NOT_DATED
    )
    why = strings.picker.WHY_NOT.get(refusal, "{status}") if refusal else "{status}"
    said = why.format(status=clean(campaign.status, OPTION_LIMIT - len(why) - len(updated)) or strings.modals.UNKNOWN)
    return Option(value=campaign.id, text=plain(name_of(campaign)), description=plain(f"{said}{updated}"))


def _campaign_input() -> InputBlock:
    return InputBlock(
        block_id=ids.CAMPAIGN_BLOCK,
        label=strings.picker.LABEL,
        hint=strings.picker.HINT.format(most=MOST_HITS),
        element=ExternalDataSelectElement(
            action_id=ids.CAMPAIGN_SELECT,
            placeholder=strings.picker.PLACEHOLDER,
            min_query_length=0,
            focus_on_load=True,
        ),
    )


def _room_input() -> InputBlock:
    return InputBlock(
        block_id=ids.ROOM_BLOCK,
        label=strings.picker.ROOM_LABEL,
        hint=strings.picker.ROOM_HINT,
        element=ConversationSelectElement(
            action_id=ids.ROOM_SELECT,
            placeholder=strings.picker.ROOM_PLACEHOLDER,
            default_to_current_conversation=True,
            filter=PUBLIC_AND_PRIVATE,
        ),
    )


def found(copy: CachedList, query: str, hits: Sequence[Hit]) -> str:
    """Return how many campaigns match; if none does, whether there are similar ones."""
    count = sum(hit.closeness is not Closeness.FUZZY for hit in hits)
    if count == 0:
        none = strings.picker.FOUND_NONE if copy.is_whole else strings.picker.FOUND_NONE_YET
        said = f"{none} {strings.picker.FOUND_LIKE if hits else strings.picker.FOUND_NOTHING}"
    elif count == 1:
        said = strings.picker.FOUND_ONE
    else:
        said = strings.picker.FOUND_MANY if count >= MOST_HITS else strings.picker.FOUND_SEVERAL
    return said.format(count=count, query=code(query))


def known(copy: CachedList) -> str:
    """Return how many campaigns are loaded, as of when, and why some may be missing."""
    count = len(copy.campaigns)
    campaigns = strings.lists.ONE if count == 1 else strings.lists.TOTAL.format(count=f"{count:,}")
    if copy.as_of:
        said = strings.picker.LIST_AS_OF.format(campaigns=campaigns, when=date(copy.as_of))
        return f"{said} {strings.picker.LIST_TROUBLES[copy.trouble]}" if copy.trouble else said
    if copy.trouble:
        return f"{strings.picker.LIST_TROUBLES[copy.trouble]} {strings.picker.LIST_PART.format(campaigns=campaigns)}"
    if copy.total:
        campaigns = strings.picker.LIST_OF_TOTAL.format(count=f"{count:,}", total=f"{copy.total:,}")
    return strings.picker.LIST_READING.format(campaigns=campaigns)
