"""Post or update one message, and save what was sent, also if no answer says that it arrived."""

import logging
from contextlib import suppress
from datetime import timedelta
from typing import Any

from deletion.domain.clock import now
from deletion.domain.errors import SlackBusyError, UneditableError
from deletion.domain.records import Message
from deletion.messages.projection import Projector, Rendering
from deletion.messages.subject import Subject
from deletion.stores.message_store import MessageStore

UNANSWERED = "unanswered"  # in the place of a digest: the update that was tried last may still arrive
ARRIVES_WITHIN = timedelta(minutes=1)
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
        with suppress(UneditableError):
            if rendering.digest == message.shown or (message.ts and await self._projector.update(rendering, message)):
                await self._save_sent(message, shown)
                return
        first = rendering if rendering.is_final else self._projector.render_first(subject.request, subject.listed)
        posted = await self._projector.post(first, message, thread_ts)
        if first is rendering:
            posted = posted.model_copy(update=shown)
        if not await self._messages.place(message, posted):
            return  # another run was quicker and continues; what was posted here stays true
        if first is rendering:
            return
        if not await self._projector.update(rendering, posted):
            raise SlackBusyError("message_not_found")
        await self._save_sent(posted, shown)

    async def _save_sent(self, before: Message, shown: dict[str, Any]) -> None:
        """Save what was sent.

        If another run saved meanwhile, either may have sent last; and an update without an answer may arrive after this
        one. Then the sweep sends it again.
        """
        doubt: dict[str, Any] = {}
        if before.shown == UNANSWERED and before.tried_at and now() - before.tried_at < ARRIVES_WITHIN:
            doubt = {"shown_version": 0, "shown": UNANSWERED, "tried_at": before.tried_at}
        if not await self._messages.save_shown(before, **shown | doubt):
            log.warning("Message updated twice at once", extra={"channel": before.target_id})
            await self._messages.mark_stale(before, **doubt)

    async def save_unanswered(self, message: Message) -> None:
        """Save that Slack did not answer: the message may have been sent, and an update may still arrive."""
        doubt: dict[str, Any] = {"tried_at": now(), **({"shown": UNANSWERED} if message.ts else {})}
        if not await self._messages.save_shown(message, **doubt):
            await self._messages.mark_stale(message, **doubt)
