"""Renders requests and freezes as Slack messages, posts and updates them."""

import hashlib
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from slack_sdk.models.blocks import ActionsBlock, Block
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.campaign_list import CampaignList
from deletion.domain.errors import SlackBusyError, UneditableError, UnreachableError
from deletion.domain.freeze_and_budget import Freeze, FreezeNotice
from deletion.domain.models import Request
from deletion.domain.policies import Policies
from deletion.domain.recipients import is_call, is_pause, is_result_file, is_settled
from deletion.domain.records import WITHHELD, Entry, Message
from deletion.domain.states import TRANSITIONS
from deletion.messages.projection import Rendering, RequestView, under_todays_rule
from slack_ui import strings
from slack_ui.messages import (
    approver_call,
    freeze_notice,
    late_outcome,
    list_card,
    list_csv,
    list_line,
    list_pause,
    request_card,
    thread_line,
)
from slack_ui.messages.file_upload import upload_file
from slack_ui.parts.api_error import SLACK_ERRORS, domain_error
from slack_ui.parts.application import named
from slack_ui.parts.links import Links

NOT_FOUND = "message_not_found"
REPLACED = frozenset({NOT_FOUND, "cant_update_message", "edit_window_closed"})
DIGEST_KEPT = 32  # hex digits, of a message that is withheld
AS_WRITTEN: dict[str, Any] = {"parse": "none"}  # by default chat.update turns addresses and names into links
T = TypeVar("T")
log = logging.getLogger(__name__)


class SlackProjector:
    """Renders, posts and updates messages. Makes no call to a channel before Slack's Retry-After has passed.

    ``client`` must not retry by itself: a retry would hold up the other messages of the channel.
    """

    def __init__(self, client: AsyncWebClient, policies: Policies, links: Links) -> None:
        self._client = client
        self._policies = policies
        self._links = links
        self._limited_until: dict[tuple[str, str], float] = {}  # by method and channel, in monotonic seconds

    def render(self, view: RequestView, message: Message) -> Rendering:
        link, policy = self._link_to(view.card), self._policies.of(view.request)
        view = under_todays_rule(view, policy)
        name = named(view.request.application)
        if is_result_file(message) and view.listed:
            return _file(list_csv.build(view.listed, is_corrected=bool(message.ts)))
        if is_call(message):
            text = f"{name}{approver_call.text(view, message.target_id, policy, link)}"
            return _rendering(text, is_final=view.freeze is None)
        if message.entry and view.listed:
            return self._about_entry(message, message.entry, view, view.listed)
        if message.entry:
            return _rendering(f"{name}{thread_line.line(message.entry, view.request, policy, link)}", is_final=True)
        if view.listed:
            text, blocks = list_card.build(view, view.listed, message, policy)
        else:
            text, blocks = request_card.build(view, message, policy, self._links)
        has_buttons = any(isinstance(block, ActionsBlock) for block in blocks)
        # An unreached channel may be reached later, so a message that names one does not stay true.
        is_final = (
            not TRANSITIONS.get(view.request.state) and not has_buttons and not (view.unreached or view.thread_error)
        )
        return _rendering(text, blocks, is_final=is_final)

    def _about_entry(self, message: Message, entry: Entry, view: RequestView, listed: CampaignList) -> Rendering:
        """Render a line of a list's thread, or a direct message about one of its campaigns."""
        name, link = named(view.request.application), self._link_to(view.card)
        if is_pause(message):
            return _rendering(f"{name}{list_pause.text(entry, listed, view.freeze, link)}")
        if is_settled(message):
            stays_true = not TRANSITIONS.get(list_line.request_of(entry, listed).state)
            return _rendering(f"{name}{late_outcome.text(entry, listed, link, view.freeze)}", is_final=stays_true)
        line = list_line.line(entry, listed, self._policies.of(view.request), link)
        return _rendering(f"{name}{line}", is_final=True)

    def _link_to(self, card: Message | None) -> str:
        return "".join(self._links.to([card])) if card else ""

    def render_first(self, message: Message, request: Request, listed: CampaignList | None = None) -> Rendering:
        first = list_card.first(listed) if listed else request_card.first(request)
        if message.entry and listed and is_pause(message):
            first = list_pause.first(message.entry, listed)
        return _rendering(f"{named(request.application)}{first}")

    def render_withheld(self, request: Request) -> Rendering:
        practice = strings.practice.WITHHELD if request.is_practice else ""
        rendering = _rendering(f"{practice}{strings.cards.WITHHELD[request.purpose]}", is_final=True)
        return replace(rendering, digest=f"{WITHHELD} {rendering.digest[:DIGEST_KEPT]}")

    async def post(self, rendering: Rendering, message: Message, thread_ts: str | None) -> Message:
        if is_result_file(message):
            file_id = await self._call(self._upload, message.target_id, thread_ts=thread_ts, file=rendering.payload)
            return message.model_copy(update={"channel_id": message.target_id, "ts": file_id})
        payload = {name: value for name, value in rendering.payload.items() if value}  # no empty blocks
        posted = await self._call(
            self._client.chat_postMessage, message.target_id, thread_ts=thread_ts, unfurl_links=False, **payload
        )
        return message.model_copy(update={"channel_id": posted["channel"], "ts": posted["ts"]})

    async def update(self, rendering: Rendering, message: Message) -> bool:
        if is_result_file(message):  # never changed: a corrected one follows it
            return False
        return await self._try_update(message.channel_id or "", message.ts or "", rendering.payload)

    async def _try_update(self, channel_id: str, ts: str, payload: Mapping[str, Any]) -> bool:
        """Return False if the message is gone. Raises UneditableError if it was there and could not be edited.

        It is deleted in both cases: in its place comes a new one, and an old one would keep its buttons.
        """
        try:
            await self._call(self._client.chat_update, channel_id, ts=ts, **payload)
        except UnreachableError as error:
            if str(error) not in REPLACED:
                raise
            await self._delete(channel_id, ts)
            if str(error) != NOT_FOUND:
                raise UneditableError(str(error)) from None
            return False
        return True

    async def _delete(self, channel_id: str, ts: str) -> None:
        try:
            await self._call(self._client.chat_delete, channel_id, ts=ts)
        except UnreachableError as error:
            if str(error) != NOT_FOUND:
                log.warning("Outdated message not deleted", extra={"channel": channel_id, "error": str(error)})

    async def tell(self, freeze: Freeze, notice: FreezeNotice, unreached: Mapping[str, str], *, withheld: bool) -> str:
        shown = freeze_notice.build(freeze, notice, unreached)
        text: dict[str, Any] = {"text": freeze_notice.withheld(freeze, notice.event)} if withheld else shown
        payload = {**text, **AS_WRITTEN}
        with suppress(UneditableError):
            if notice.ts and await self._try_update(notice.target_id, notice.ts, payload):
                return notice.ts
        posted = await self._call(self._client.chat_postMessage, notice.target_id, unfurl_links=False, **payload)
        return str(posted["ts"])

    async def _upload(self, channel: str, thread_ts: str | None, file: Mapping[str, Any]) -> str:
        return await upload_file(self._client, file, channel, thread_ts)

    async def _call(self, method: Callable[..., Awaitable[T]], channel_id: str, **payload: Any) -> T:
        """Call a method once. Raises UnreachableError or SlackBusyError."""
        limit = (method.__name__, channel_id)
        left_seconds = self._limited_until.get(limit, 0.0) - time.monotonic()
        if left_seconds > 0:
            raise SlackBusyError("ratelimited", left_seconds)
        self._limited_until.pop(limit, None)
        try:
            return await method(channel=channel_id, **payload)
        except SLACK_ERRORS as error:
            meaning = domain_error(error)
            if isinstance(meaning, SlackBusyError) and meaning.retry_after_seconds is not None:
                self._limited_until[limit] = time.monotonic() + meaning.retry_after_seconds
            raise meaning from None


def _rendering(text: str, blocks: Iterable[Block] = (), *, is_final: bool = False) -> Rendering:
    payload = {"text": text, "blocks": [block.to_dict() for block in blocks], **AS_WRITTEN}
    digest = hashlib.sha256(json.dumps(payload).encode()).hexdigest()
    return Rendering(payload, digest, is_final=is_final)


def _file(payload: Mapping[str, str | bytes]) -> Rendering:
    digest = hashlib.sha256(repr(sorted(payload.items())).encode()).hexdigest()
    return Rendering(payload, digest, is_final=True)
