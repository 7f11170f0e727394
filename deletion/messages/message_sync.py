"""Keeps the Slack messages of a request up to date with its row. A message may be late, never wrong."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import NamedTuple

from deletion.domain import log_context
from deletion.domain.clock import monotonic, now
from deletion.domain.errors import SlackBusyError, UnreachableError
from deletion.domain.models import Request
from deletion.domain.recipients import alert, card, direct, is_result_file
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from deletion.messages import message_order as order
from deletion.messages.disclosure import Disclosure
from deletion.messages.message_sender import SHARED, MessageSender
from deletion.messages.progress import Progress
from deletion.messages.projection import GroupSizes, Projector, Rebuilds, RequestView
from deletion.messages.refusal_log import RefusalLog
from deletion.messages.subject import subject_of
from deletion.stores.message_store import RETRIED_FOR, MessageStore
from deletion.stores.request_store import RequestStore

ONCE = "once"
COMPARES_EVERY_SECONDS = 60.0  # with 10,000 requests, a look takes 20 ms
log = logging.getLogger(__name__)


class MessageRef(NamedTuple):
    """One message: its request, its key in the request, and the channel or user it goes to.

    ``occasion`` names the version of the request and the freeze generation that it should show; it may be empty. A line
    of a thread shows neither, so that it is queued once: the lines of a list wait while its version grows. A corrected
    file is the exception.
    """

    request_id: str
    key: str
    target_id: str
    occasion: str = ""
    importance: order.Importance = order.Importance.BUTTONS


class MessageSync:
    """Brings one message at a time up to date with its row: reads, compares, sends the difference."""

    def __init__(  # noqa: PLR0913 - the parts of a message
        self,
        store: RequestStore,
        messages: MessageStore,
        projector: Projector,
        disclosure: Disclosure,
        *,
        rebuilds: Rebuilds,
        groups: GroupSizes,
        approvals_channels: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._store, self._messages = store, messages
        self._projector, self._disclosure = projector, disclosure
        self._rebuilds, self._groups = rebuilds, groups
        self._approvals_channels = approvals_channels  # by application
        self._sender = MessageSender(messages, projector)
        self._refusals = RefusalLog()
        self._compares_at = 0.0

    async def pending(self, request_id: str) -> list[MessageRef]:
        """Return the messages that do not show the present version, the card before its thread.

        After a rebuild also those of the deletion, which name the new campaign.
        """
        subject = await subject_of(self._store, request_id)
        if subject is None:
            return []
        request = subject.request
        is_rebuilt = request.rebuilds and request.state is State.REBUILT
        of_deletion = await self.pending(request.rebuilds) if request.rebuilds and is_rebuilt else []
        _, freeze_generation = await self._store.current_freeze()
        messages = await self._messages.messages(request.id)
        behind = [
            message
            for message in messages
            if order.is_behind(message, request, freeze_generation)
            and not order.awaits_card(message, messages)
            and not order.is_not_due(message, request)
        ]
        occasion = f"{request.version}-{freeze_generation}"
        refs = [
            _ref(message)._replace(occasion=ONCE if message.kind is MessageKind.STORY and not message.ts else occasion)
            for message in order.in_order(behind)
        ]
        return [*refs, *(ref._replace(occasion=f"{ref.occasion}-{request_id}") for ref in of_deletion)]

    async def posted(self, request_id: str) -> list[MessageRef]:
        """Return the messages with buttons that Slack has, of a request outside a list.

        A list's card changes with each of its campaigns, more often than Slack allows updates.
        """
        subject = await subject_of(self._store, request_id)
        if subject is None or subject.listed:
            return []
        posted = [message for message in await self._messages.messages(request_id) if message.ts and not message.error]
        return [ref for ref in map(_ref, posted) if ref.importance is order.Importance.BUTTONS]

    async def at(self, request_id: str, channel_id: str, ts: str) -> list[MessageRef]:
        """Return the message of the request at this place, if it has one there."""
        messages = await self._messages.messages(request_id)
        return [_ref(message) for message in messages if (message.channel_id, message.ts) == (channel_id, ts)]

    async def restarted(self) -> None:
        """Let the next sweep show what depends on the settings, which may be others now.

        Unknown outcomes, approved requests and those that await approval are compared, and the last have a card in the
        channel named now.
        """
        await self._messages.mark_for_new_settings()
        self._compares_at = 0.0
        for application, channel_id in self._approvals_channels.items():
            for request_id in await self._messages.requests_without_card(application, channel_id):
                await self._messages.add(card(request_id, channel_id))

    async def stopped(self) -> None:
        """Let the replicas that stay compare what this one showed: in a rolling update, by the former settings."""
        await self._messages.mark_for_new_settings()

    async def overdue(self, older_than: timedelta, within: timedelta | None = None) -> list[MessageRef]:
        """Return lost messages, and one refused message of each channel to find out whether it accepts them again.

        After all others come some that ``restarted`` has marked; while there are none, it looks for them once a minute.
        """
        late = await self._messages.overdue_messages(older_than, within)
        refs = [_ref(message) for message in order.in_order([*late, *await self._messages.probes()])]
        if monotonic() < self._compares_at:
            return refs
        compared = await self._messages.compared_messages()
        self._compares_at = 0.0 if compared else monotonic() + COMPARES_EVERY_SECONDS
        return [*refs, *(_ref(message)._replace(importance=order.Importance.LAST) for message in compared)]

    async def show(self, ref: MessageRef) -> Progress[MessageRef]:
        """Bring one message up to date, and before a line of a thread the lines that it follows."""
        found = await self._messages.messages(ref.request_id)
        shown: Progress[MessageRef] = Progress()
        asked_for = [message for message in found if message.key == ref.key]
        for place, message in enumerate([*order.untried_lines_before(ref.key, found), *asked_for]):
            current = await self._messages.messages(ref.request_id) if place else found  # each may change others
            try:
                shown.owed.extend(await self._show(message, current))
            except SlackBusyError as error:
                shown.busy.append((_ref(message), error))
        return shown

    async def report(self, ref: MessageRef, code: str) -> list[MessageRef]:
        """Record that Slack has failed a message for long, and return those that say so. It stays owed."""
        messages = {message.key: message for message in await self._messages.messages(ref.request_id)}
        subject, message = await subject_of(self._store, ref.request_id), messages.get(ref.key)
        if subject is None or message is None or message.kind is MessageKind.STORY:
            return []
        log_context.begin(subject.request)
        if not await self._messages.save_shown(message, error=code, tried_at=now()):
            return []  # another run has shown it meanwhile
        return await self._refused(subject.request, message, messages, code)

    async def _show(self, asked: Message, current: list[Message]) -> list[MessageRef]:
        freeze, freeze_generation = await self._store.current_freeze()
        subject = await subject_of(self._store, asked.request_id)
        messages = {message.key: message for message in current}
        message = messages.get(asked.key)
        if subject is None or message is None or order.is_not_due(message, subject.request):
            return []
        request = subject.request
        log_context.begin(request)
        handled = {"shown_version": request.version, "shown_freeze_generation": freeze_generation, "tried_at": now()}
        view = RequestView(
            request,
            order.unreached(messages.values(), message),
            freeze if request.is_open and request.heeds_freeze else None,
            order.thread_error(messages.values(), message),
            order.card_of(messages.values()),
            listed=subject.listed,
        )
        if message.entry is None and not is_result_file(message):  # the others show neither, and do not wait for Slack
            rebuildable, sizes = await self._rebuilds.state_of(request), await self._groups.of_approvers(request)
            view = replace(view, rebuildable=rebuildable, group_sizes=sizes)
        rendering = self._projector.render(view, message)
        is_needless = order.is_needless(message, request, subject.listed, view.unreached)
        if rendering.digest == message.shown or is_needless:
            await self._messages.save_shown(message, **handled, error="")
            # Nothing was sent, which says nothing about the channel.
            return [_ref(other) for other in order.naming_rooms(messages.values())] if message.error else []
        try:
            thread_ts = order.thread_of(messages.values(), message)
            if order.awaits_card(message, messages.values()):
                return []
            if not (may_name := await self._disclosure.may_name(message.target_id)):
                rendering = self._sender.withheld(request, message)
            version = {"shown_version": order.shows(message, request)}
            shown = {**handled, **version, "error": "", "shown": rendering.digest}
            await self._sender.send(subject, message, rendering, thread_ts, shown)
        except (UnreachableError, SlackBusyError) as error:
            is_given_up = is_result_file(message) and now() - request.changed_at > RETRIED_FOR
            if isinstance(error, UnreachableError) or is_given_up:
                await self._sender.save_refused(message, **handled, error=str(error))
                return await self._refused(request, message, messages, str(error))
            if error.retry_after_seconds is None:  # at a rate limit the lines of a thread keep their order
                await self._sender.save_unanswered(message)
            raise
        return [] if message.is_withheld and not may_name else await self._sent(message, messages)

    async def _sent(self, message: Message, messages: dict[str, Message]) -> list[MessageRef]:
        """Return what waited for this message: its thread, and after a refusal the next that its channel refused."""
        was_refused = message.error or message.is_withheld
        is_new = message.ts is None or was_refused
        lines = order.waiting_for(message, messages.values()) if is_new else []
        if not was_refused:
            return [_ref(line) for line in lines]
        self._refusals.accepted(message.target_id, message.error)
        refused_too = await self._messages.refused(message.target_id)  # one at a time: each brings the next
        return [_ref(other) for other in (*order.naming_rooms(messages.values()), *lines, *refused_too[:1])]

    async def _refused(
        self, request: Request, message: Message, messages: dict[str, Message], code: str
    ) -> list[MessageRef]:
        """Return the messages that say so: the card, and for a channel with buttons one to the requester as well."""
        if is_result_file(message):  # the table of the message says the same
            log.warning("File not posted", extra={"channel": message.target_id, "error": code})
            return []
        self._refusals.refused(message.target_id, code)
        if message.kind is MessageKind.STORY:
            card = order.card_of(messages.values(), message.target_id)
            is_news = card and not card.error and code != SHARED and not order.thread_error(messages.values(), card)
            return [_ref(card)] if card and is_news else []
        others = [other for other in order.naming_rooms(messages.values()) if other != message]
        told = others if message.error != code else []
        if message.kind in (MessageKind.CARD, MessageKind.ORIGIN):
            to_requester = alert(request) if request.is_open else direct(request)
            if to_requester.key not in messages:
                await self._messages.add(to_requester)
                told.append(to_requester)
        return [_ref(other) for other in told]


def _ref(message: Message) -> MessageRef:
    return MessageRef(message.request_id, message.key, message.target_id, importance=order.importance(message))
