"""The approve modal of a list: its campaigns as they are now, which to strike, and the number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict
from slack_sdk.models.blocks import Block, InputBlock, Option, PlainTextInputElement, StaticMultiSelectElement
from slack_sdk.models.views import View

from deletion.catalogue.similar_names import SimilarNames
from deletion.domain.models import Request
from deletion.domain.policy import REASON_MAX, Policy
from deletion.domain.text.application_name import after_application
from deletion.domain.text.visible_text import visible_text
from deletion.lifecycle.list_decisions import ListMissing, ListReview
from slack_ui import strings
from slack_ui.messages import list_progress
from slack_ui.parts import (
    budget_note,
    form_promise,
    ids,
    list_earlier,
    list_extent,
    list_missing,
    list_similar_names,
)
from slack_ui.parts.application import banner, missing_name, typed_name, with_name
from slack_ui.parts.blocks import (
    OPTION_LIMIT,
    alert,
    chosen_options,
    details,
    mrkdwn,
    note,
    plain,
    quoted,
    typed,
)
from slack_ui.parts.form_promise import ListPromise
from slack_ui.parts.request_form import comment_input, list_warning, undo_phrase
from slack_ui.parts.text import KORE_MESSAGE_LIMIT, clean


@dataclass(frozen=True)
class Shown:
    """A list after its campaigns were read again.

    ``missing_after`` is what the approvals of each of ``requests`` lack after the reader's. ``similar_names`` are those
    outside the list.
    """

    review: ListReview
    reader_id: str
    missing_after: ListMissing
    similar_names: Sequence[SimilarNames]

    @property
    def requests(self) -> tuple[Request, ...]:
        return self.review.to_decide(self.reader_id)


class Form(BaseModel):
    """The submitted values: the requests that were shown, and those to strike."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    list_id: str = ""
    shown_ids: tuple[str, ...] = ()
    struck_ids: tuple[str, ...] = ()
    count: str = ""
    comment: str = ""
    promise: ListPromise = ListPromise()


def build(shown: Shown, policy: Policy) -> View:
    listed, requests = shown.review.listed, shown.requests
    first, carried = requests[0], " ".join([listed.id, *(each.id for each in requests)])
    among = [each.campaign.campaign_id for each in listed.requests]
    names = [_name(each, among) for each in requests]
    blocks: list[Block] = [
        *banner(first.application),
        alert(list_extent.total(list_extent.shown(requests))),
        mrkdwn(strings.list_modals.ASKED.format(requester=f"<@{first.requester_id}>")),
        *_campaigns(requests, among),
        *list_earlier.build(names, [each.earlier for each in requests]),
        *list_similar_names.build(names, shown.similar_names),
        *_others(shown, among),
        quoted(strings.lists.REASON, clean(first.reason, KORE_MESSAGE_LIMIT)),
        *([details((strings.cards.TICKET, first.ticket))] if first.ticket else []),
        mrkdwn(list_warning(policy)),
        _struck_input(requests, among),
        _count_input(len(requests), typed_name(policy)),
        comment_input(),
        *(note(text) for text in budget_note.of_list(first, shown.missing_after.budget)),
        *(note(text) for text in list_missing.sentences(shown.missing_after)),
        note(_next(shown, policy)),
    ]
    return View(
        type="modal",
        callback_id=ids.LIST_APPROVE_VIEW,
        private_metadata=form_promise.carrying(carried, _promise(shown, policy)),
        title=strings.list_modals.APPROVE_TITLE,
        submit=strings.modals.APPROVE_SUBMIT,
        close=strings.modals.APPROVE_CLOSE,
        blocks=blocks,
    )


def parse(view: dict[str, Any]) -> Form:
    """Read the submitted view. Its metadata grants no right."""
    values: dict[str, Any] = {
        "struck_ids": chosen_options(view, ids.STRUCK_BLOCK, ids.STRUCK_SELECT),
        "count": typed(view, ids.COUNT_BLOCK, ids.COUNT_INPUT),
        "comment": visible_text(typed(view, ids.COMMENT_BLOCK, ids.COMMENT_INPUT))[:REASON_MAX],
        "promise": form_promise.parse_of_list(view),
    }
    list_id, *shown_ids = form_promise.ids_of(view).split(" ")
    return Form(list_id=list_id, shown_ids=tuple(shown_ids), **values)


def errors(form: Form, policy: Policy) -> dict[str, str]:
    """Return the errors by block id."""
    left = set(form.shown_ids) - set(form.struck_ids)
    if form.shown_ids and not left:
        return {ids.STRUCK_BLOCK: strings.list_modals.STRUCK_ALL}
    number = after_application(form.count, typed_name(policy))
    if number is None:
        return {ids.COUNT_BLOCK: missing_name(policy.application, strings.list_modals.APPROVE_COUNT)}
    if visible_text(number) != str(len(left)):
        return {ids.COUNT_BLOCK: strings.list_modals.APPROVE_COUNT_WRONG.format(count=list_extent.count(len(left)))}
    return {}


def _campaigns(requests: tuple[Request, ...], among: Sequence[str]) -> list[Block]:
    return [details((_name(each, among), list_extent.line(each.campaign, each.extent))) for each in requests]


def _others(shown: Shown, among: Sequence[str]) -> list[Block]:
    """Return the campaigns that this approval does not concern, and why."""
    left = [each for each in shown.review.unread if each.is_open and not each.is_approved_by(shown.reader_id)]
    unread = [_name(each, among) for each in left]
    ended = [each for each in shown.review.listed.requests if not each.is_open]
    closed = [f"{_name(each, among)}: {list_progress.result(each)}" for each in ended]
    decided = [_name(each, among) for each in shown.review.listed.awaiting if each.is_approved_by(shown.reader_id)]
    parts = (
        (strings.list_modals.NOT_READ, unread),
        (strings.list_modals.ALREADY_APPROVED, decided),
        (strings.list_modals.BARRED, [_name(each, among) for each in shown.review.barred]),
        (strings.list_modals.CLOSED_SINCE, closed),
    )
    return [quoted(label, *lines) for label, lines in parts if lines]


def _name(request: Request, among: Sequence[str]) -> str:
    """Return the number, the name, and what tells the id from ``among``, the ids of the list."""
    return f"{request.list_position}. {list_extent.name_and_id(request.campaign, among)}"


def _option(request: Request, among: Sequence[str]) -> Option:
    number = f"{request.list_position}. "
    named = list_extent.short_name_and_id(request.campaign, among, OPTION_LIMIT - len(number))
    return Option(value=request.id, text=plain(f"{number}{named}"))


def _struck_input(requests: tuple[Request, ...], among: Sequence[str]) -> InputBlock:
    options = [_option(each, among) for each in requests]
    return InputBlock(
        block_id=ids.STRUCK_BLOCK,
        label=strings.list_modals.STRUCK_LABEL,
        hint=strings.list_modals.STRUCK_HINT,
        optional=True,
        element=StaticMultiSelectElement(
            action_id=ids.STRUCK_SELECT, placeholder=strings.list_modals.STRUCK_PLACEHOLDER, options=options
        ),
    )


def _count_input(count: int, application: str) -> InputBlock:
    return InputBlock(
        block_id=ids.COUNT_BLOCK,
        label=strings.modals.APPROVE_LABEL.format(what=with_name(application, strings.list_modals.APPROVE_COUNT)),
        hint=plain(strings.list_modals.APPROVE_COUNT_HINT.format(count=list_extent.count(count))),
        element=PlainTextInputElement(action_id=ids.COUNT_INPUT),
    )


def _next(shown: Shown, policy: Policy) -> str:
    last, more = strings.list_modals.APPROVE_NEXT, strings.list_modals.APPROVE_NEXT_MORE
    if policy.practice:
        last, more = strings.practice.LIST_APPROVE_NEXT, strings.practice.LIST_APPROVE_NEXT_MORE
    missing, of_one = _counts(shown)
    if all(missing):
        unless = "" if all(of_one) else f" {strings.list_modals.LAST_IF_STRUCK}"
        return f"{more.format(missing=min(missing))}{unless}"
    said = strings.list_modals.APPROVE_NEXT_PAUSED if shown.review.listed.paused_on else last
    told = said.format(undo_phrase=undo_phrase(policy.undo_window))
    if not any(missing):
        return told
    return f"{strings.list_modals.LAST_FOR_SOME.format(count=list_extent.count(missing.count(0)))} {told}"


def _promise(shown: Shown, policy: Policy) -> ListPromise:
    given = [len(each.approvals) + 1 for each in shown.requests]
    lacking = zip(given, *_counts(shown), strict=True)
    approvals = tuple((count + together, count + alone) for count, together, alone in lacking)
    return ListPromise(approvals=approvals, room=shown.missing_after.room, undo_window=policy.undo_window)


def _counts(shown: Shown) -> tuple[list[int], list[int]]:
    """Return how many approvals are missing of each request, if all are approved and if it alone is."""
    lacking = shown.missing_after
    return [each.count for each in lacking.together], [each.count for each in lacking.alone]
