"""Post or update one message, and save what was sent, also if no answer says that it arrived."""

import logging
from contextlib import suppress
from typing import Any

from deletion.domain.clock import now
from deletion.domain.errors import SlackBusyError, UneditableError, UnreachableError
from deletion.domain.models import Request
from deletion.domain.records import ARRIVES_WITHIN, UNANSWERED, Message, MessageKind
from deletion.messages.projection import Projector, Rendering
from deletion.messages.subject import Subject
from deletion.stores.message_store import MessageStore

SHARED = "shared_channel"
log = logging.getLogger(__name__)


class MessageSender:
    """Posts a message with facts that stay true and no buttons, and adds state and buttons once its row holds its ts.

    A crash between Slack's answer and the database leaves a copy of a message that no row knows.
    """

    def __init__(self, messages: MessageStore, projector: Projector) -> None:
        self._messages = messages
        self._projector = projector

    async def send(
        self, subject: Subject, message: Message, rendering: Rendering, thread_ts: str | None, shown: dict[str, Any]
    ) -> None:
        """Update the message and save it as ``shown``; post it first if it does not exist (any more).

        Raises UneditableError if not even a new message can be edited: then each try would leave another one.
        """
        if rendering.digest == message.shown:
            await self._save_sent(message, shown)
            return
        with suppress(UneditableError):
            if message.ts and await self._update(rendering, *await self._begin(message), shown):
                return
        facts = self._projector.render_first(message, subject.request, subject.listed)
        first = rendering if rendering.is_final else facts
        posted = await self._projector.post(first, message, thread_ts)
        posted = posted.model_copy(update=shown if first is rendering else _begun())
        if not await self._messages.place(message, posted):
            return  # another run was quicker and continues; what was posted here stays true
        if first is rendering:
            return
        if not await self._update(rendering, _replacing(message), posted, shown):
            raise SlackBusyError("message_not_found")

    def withheld(self, request: Request, message: Message) -> Rendering:
        """Return the message without names. Raises UnreachableError for a line of a thread: the card says it once."""
        if not message.is_withheld:
            extra = {"channel": message.target_id}
            log.warning("Channel is shared with another organization; names withheld", extra=extra)
        if message.kind is MessageKind.STORY:
            raise UnreachableError(SHARED)
        return self._projector.render_withheld(request)

    async def _begin(self, message: Message) -> tuple[Message, Message]:
        """Save that an update leaves now: it may arrive after later ones, also if this process ends before it knows.

        Return the message before and after that. If its row was changed since it was read, another update may have left
        meanwhile, and what is sent now may be outdated.
        """
        begun = message.model_copy(update=_begun())
        changes = begun.model_dump(include={"shown", "tried_at"})
        if await self._messages.save_shown(message, **changes):
            return message, begun
        await self._messages.mark_stale(message, **changes)
        return begun, begun

    async def _update(self, rendering: Rendering, before: Message, begun: Message, shown: dict[str, Any]) -> bool:
        """Update a message that exists; return False if Slack can't find it."""
        try:
            is_found = await self._projector.update(rendering, begun)
        except (UnreachableError, SlackBusyError) as error:
            if isinstance(error, UnreachableError) or error.retry_after_seconds is not None:
                await self._forget(begun, before)
            raise
        if is_found:
            await self._save_sent(begun, {**shown, **_doubt_of(before, begun)})
        else:
            await self._forget(begun, before)
        return is_found

    async def _forget(self, begun: Message, before: Message) -> None:
        """Take back what ``_begin`` saved: this update can't arrive."""
        await self._messages.save_shown(begun, shown=before.shown, tried_at=before.tried_at)

    async def _save_sent(self, before: Message, shown: dict[str, Any]) -> None:
        """Save what was sent. If another run saved meanwhile, either may have sent last: the sweep sends it again."""
        if not await self._messages.save_shown(before, **shown):
            log.warning("Message updated twice at once", extra={"channel": before.target_id})
            await self._messages.mark_stale(before)

    async def save_unanswered(self, message: Message) -> None:
        """Save that Slack did not answer: the message may have been sent, and an update may still arrive."""
        await self._messages.mark_stale(message, **(_begun() if message.ts else {"tried_at": now()}))

    async def save_refused(self, message: Message, **changes: Any) -> None:
        """Save that Slack refuses the message, or the one that replaced it."""
        if not await self._messages.save_shown(message, **changes):
            await self._messages.save_shown(_replacing(message), **changes)


def _replacing(message: Message) -> Message:
    """Return a message as it is once another one replaces it, which shows nothing of what it showed."""
    return message.model_copy(update={"shown": ""})


def _begun() -> dict[str, Any]:
    return {"shown": UNANSWERED, "tried_at": now()}


def _doubt_of(before: Message, begun: Message) -> dict[str, Any]:
    """Return what to save with an update that another one, which left before it, may still overwrite."""
    if not (before.may_be_overwritten and before.tried_at and begun.tried_at):
        return {}
    if begun.tried_at - before.tried_at >= ARRIVES_WITHIN:
        return {}
    return {"shown_version": 0, "shown": UNANSWERED, "tried_at": before.tried_at}
