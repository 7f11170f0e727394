"""The confirm modal of a list: its campaigns, what is left out and why, and the inputs that confirm it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict
from slack_sdk.models.blocks import Block, DividerBlock, InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from deletion.domain.approvals.form_promise import FormPromise
from deletion.domain.models import Preview
from deletion.domain.policy import Policy
from deletion.domain.text.application_name import after_application
from deletion.domain.text.confirmation import is_approval_phrase, is_end_of_id, last_word
from deletion.domain.text.visible_text import visible_text
from deletion.lifecycle.intake_results import CampaignPreview, Refused
from slack_ui import strings
from slack_ui.parts import approval_rule, form_promise, ids, list_earlier, list_extent, readers, ticket
from slack_ui.parts.application import banner, missing_name, typed_name, with_name
from slack_ui.parts.blocks import alert, details, mrkdwn, note, plain, quoted, typed
from slack_ui.parts.request_form import (
    list_warning,
    other_people,
    reason_errors,
    reason_input,
    undo_phrase,
)
from slack_ui.parts.text import clean, id_among, plain_name

MISTAKABLE = "?"  # after the id of a preview whose campaign's id is typed too


@dataclass(frozen=True)
class Chosen:
    """The campaigns that were read: those of the list, those whose name needs the id, and those left out, with why."""

    previews: Sequence[CampaignPreview]
    mistakable: Sequence[Preview]
    left_out: Sequence[tuple[str, Refused]]
    approvals_required: int


class Form(BaseModel):
    """The submitted values. ``preview_ids`` name the stored previews; the store knows whose they are."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    preview_ids: tuple[str, ...] = ()
    mistakable_ids: tuple[str, ...] = ()
    reason: str = ""
    count: str = ""
    phrase: str = ""
    id_ends: str = ""
    ticket: str | None = ""  # None: the form has no field for it
    promise: FormPromise = FormPromise()


def build(chosen: Chosen, policy: Policy) -> View:
    previews = [each.preview for each in chosen.previews]
    shown = [(each.campaign, each.extent) for each in previews]
    among = [*(each.campaign.campaign_id for each in previews), *(campaign_id for campaign_id, _ in chosen.left_out)]
    marked = {each.id for each in chosen.mistakable}
    carried = " ".join(f"{each.id}{MISTAKABLE if each.id in marked else ''}" for each in previews)
    over_budget = chosen.approvals_required > policy.approvals_required
    blocks: list[Block] = [
        *banner(policy.application),
        alert(list_extent.total(shown)),
        *_table(shown, among),
        *list_earlier.build(_names(shown, among), [each.earlier for each in chosen.previews]),
        *_left_out(chosen.left_out, among),
        reason_input(strings.list_modals.REASON_LABEL, readers.of_reason(policy, chosen.approvals_required)),
        *ticket.field(policy),
        _count_input(len(previews)),
        _phrase_input(previews[0], policy),
        *([_id_ends_input(_numbers(previews, chosen.mistakable))] if chosen.mistakable else []),
        *([note(strings.list_modals.OVER_BUDGET_APPROVAL)] if over_budget else []),
        note(_next(previews[0], chosen.approvals_required, policy)),
        DividerBlock(),
        mrkdwn(list_warning(policy)),
    ]
    return View(
        type="modal",
        callback_id=ids.LIST_CONFIRM_VIEW,
        private_metadata=form_promise.carrying(carried, form_promise.of_new(chosen.approvals_required, policy)),
        title=strings.list_modals.TITLE,
        submit=strings.modals.MODAL_SUBMIT_ASK if chosen.approvals_required else strings.modals.MODAL_SUBMIT,
        close=strings.list_modals.CLOSE,
        blocks=blocks,
    )


def parse(view: dict[str, Any]) -> Form:
    """Read the submitted view. Its metadata grants no right."""
    values = {
        "reason": visible_text(typed(view, ids.REASON_BLOCK, ids.REASON_INPUT)),
        "count": typed(view, ids.COUNT_BLOCK, ids.COUNT_INPUT),
        "phrase": typed(view, ids.PHRASE_BLOCK, ids.PHRASE_INPUT),
        "id_ends": typed(view, ids.ID_END_BLOCK, ids.ID_END_INPUT),
        "ticket": ticket.parse(view),
        "promise": form_promise.parse(view),
    }
    carried = form_promise.ids_of(view).split(" ")
    marked = tuple(each.removesuffix(MISTAKABLE) for each in carried if each.endswith(MISTAKABLE))
    return Form(preview_ids=tuple(each.removesuffix(MISTAKABLE) for each in carried), mistakable_ids=marked, **values)


def errors(form: Form, previews: Sequence[Preview], policy: Policy) -> dict[str, str]:
    """Return the errors by block id."""
    wrong = reason_errors(form.reason) | ticket.errors(form.ticket, policy)
    if visible_text(form.count) != str(len(previews)):
        wrong[ids.COUNT_BLOCK] = strings.list_modals.COUNT_WRONG.format(count=list_extent.count(len(previews)))
    first, own = previews[0].campaign, typed_name(policy)
    phrase = after_application(form.phrase, own)
    if phrase is None:
        wrong[ids.PHRASE_BLOCK] = missing_name(policy.application, _what(previews[0]))
    elif not is_approval_phrase(phrase, first.name, first.campaign_id):
        wrong[ids.PHRASE_BLOCK] = strings.modals.APPROVE_WRONG.format(what=with_name(own, _what(previews[0])))
    mistakable = [each for each in previews if each.id in form.mistakable_ids]
    ends = visible_text(form.id_ends).replace(",", " ").split()
    pairs = list(zip(ends, mistakable, strict=False))
    is_right = all(is_end_of_id(end, each.campaign.campaign_id) for end, each in pairs)
    if len(ends) != len(mistakable) or not is_right:
        numbers = _numbers(previews, mistakable)
        wrong[ids.ID_END_BLOCK] = strings.list_modals.ID_ENDS_WRONG.format(numbers=numbers)
    return wrong


def names_meanwhile(previews: Sequence[Preview], mistakable: Sequence[Preview]) -> dict[str, str]:
    """Return the error for names that others may have by now, as plain text."""
    numbers = _numbers(previews, mistakable)
    return {ids.PHRASE_BLOCK: strings.similar_names.LIST_MEANWHILE.format(numbers=numbers)}


def same_ends(previews: Sequence[Preview], some: Sequence[Preview]) -> dict[str, str]:
    """Return the error for campaigns that the ends of their ids do not tell from others outside the list."""
    return {ids.ID_END_BLOCK: strings.similar_names.LIST_SAME_END.format(numbers=_numbers(previews, some))}


def not_recorded(why: str, previews: Sequence[Preview] = (), campaign_id: str = "") -> dict[str, str]:
    """Return the error for a list that could not be recorded, under the field of the number, as plain text.

    It names the campaign of the list that has this id, if one is in its way.
    """
    shown = [(each.campaign, each.extent) for each in previews]
    among = [each.campaign.campaign_id for each in previews]
    pairs = zip(among, _names(shown, among), strict=True)
    named = [name for each, name in pairs if each.lower() == campaign_id.lower()]
    return {ids.COUNT_BLOCK: strings.list_modals.IN_ITS_WAY.format(name=named[0], why=why) if named else why}


def _table(shown: Sequence[list_extent.Shown], among: Sequence[str]) -> list[Block]:
    """Return one line for each campaign: modals show no tables."""
    return [details((name, list_extent.line(*each))) for name, each in zip(_names(shown, among), shown, strict=True)]


def _names(shown: Sequence[list_extent.Shown], among: Sequence[str]) -> list[str]:
    numbered = enumerate(shown, start=1)
    return [f"{number}. {list_extent.name_and_id(campaign, among)}" for number, (campaign, _) in numbered]


def _left_out(left_out: Sequence[tuple[str, Refused]], among: Sequence[str]) -> list[Block]:
    if not left_out:
        return []
    lines = []
    for campaign_id, refused in left_out:
        name = plain_name(refused.campaign.name) if refused.campaign else strings.list_modals.UNREAD_NAME
        title, _ = strings.refusals.REFUSALS[refused.refusal]
        told = {"name": name, "id": clean(id_among(campaign_id, among)), "why": title}
        lines.append(strings.list_modals.LEFT_OUT_BECAUSE.format(**told))
    return [quoted(strings.list_modals.LEFT_OUT, *lines)]


def none_left(left_out: Sequence[tuple[str, Refused]], policy: Policy) -> View:
    """Return why no campaign of a list can be requested."""
    title, explained = strings.list_modals.NONE_LEFT
    said = mrkdwn(f":no_entry: *{title}*\n{explained}")
    return View(
        type="modal",
        callback_id=ids.NOTICE_VIEW,
        title=strings.list_modals.TITLE,
        close=strings.modals.NOTICE_CLOSE,
        blocks=[*banner(policy.application), said, *_left_out(left_out, [campaign_id for campaign_id, _ in left_out])],
    )


def _numbers(previews: Sequence[Preview], some: Sequence[Preview]) -> str:
    chosen = {each.id for each in some}
    return ", ".join(str(number) for number, each in enumerate(previews, start=1) if each.id in chosen)


def _count_input(count: int) -> InputBlock:
    return InputBlock(
        block_id=ids.COUNT_BLOCK,
        label=strings.list_modals.COUNT_LABEL,
        hint=plain(strings.list_modals.COUNT_HINT.format(count=list_extent.count(count))),
        element=PlainTextInputElement(action_id=ids.COUNT_INPUT),
    )


def _phrase_input(first: Preview, policy: Policy) -> InputBlock:
    what = with_name(typed_name(policy), _what(first))
    return InputBlock(
        block_id=ids.PHRASE_BLOCK,
        label=strings.list_modals.PHRASE_LABEL.format(what=what),
        element=PlainTextInputElement(action_id=ids.PHRASE_INPUT),
    )


def _id_ends_input(numbers: str) -> InputBlock:
    return InputBlock(
        block_id=ids.ID_END_BLOCK,
        label=strings.list_modals.ID_ENDS_LABEL.format(numbers=numbers),
        hint=strings.list_modals.ID_ENDS_HINT,
        element=PlainTextInputElement(action_id=ids.ID_END_INPUT),
    )


def _what(first: Preview) -> str:
    return strings.list_modals.PHRASE_BY_WORD if last_word(first.campaign.name) else strings.list_modals.PHRASE_BY_ID


def _next(first: Preview, approvals_required: int, policy: Policy) -> str:
    said = strings.list_modals.NEXT_WITH_APPROVAL if approvals_required else strings.list_modals.NEXT_WITHOUT_APPROVAL
    if policy.practice:
        alone, together = strings.practice.LIST_NEXT_WITHOUT_APPROVAL, strings.practice.LIST_NEXT_WITH_APPROVAL
        said = together if approvals_required else alone
    rule = policy.approval_rule.more(approvals_required - policy.approvals_required)
    told = said.format(
        count=other_people(approvals_required),
        approvals=f"<#{policy.approvals_channel}>",
        channel=f"<#{first.channel_id}>",
        undo_phrase=undo_phrase(policy.undo_window),
    )
    return f"{told} {approval_rule.in_words(rule)}".rstrip()
