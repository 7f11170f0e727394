"""Whether a channel may show the names of a request, asked of Slack again before each message."""

from collections.abc import Awaitable, Callable

from deletion.domain.approvals.authorization import ChannelKind
from deletion.domain.clock import monotonic
from deletion.domain.errors import SlackBusyError, UnreachableError

# One answer serves a burst of messages: Slack allows about 50 of these calls a minute
# (docs.slack.dev/reference/methods/conversations.info).
VALID_FOR_SECONDS = 2.0
DIRECT = ("D", "U", "W")  # a person, and the bot's conversation with one


class Disclosure:
    """Asks what a channel is now; a channel may become shared with another organization at any time."""

    def __init__(self, channel_kind: Callable[[str], Awaitable[ChannelKind]]) -> None:
        self._channel_kind = channel_kind
        self._known: dict[str, tuple[float, ChannelKind]] = {}

    async def may_name(self, channel_id: str) -> bool:
        """Return False for a channel that is shared with another organization, or is about to be.

        Raises UnreachableError where the bot cannot post or may not ask, SlackBusyError where Slack does not say
        what the channel is.
        """
        if channel_id.startswith(DIRECT):
            return True
        kind = await self._kind(channel_id)
        if kind is ChannelKind.WITHOUT_BOT:
            raise UnreachableError("not_in_channel")
        if kind is ChannelKind.ARCHIVED:
            raise UnreachableError("is_archived")
        if kind is ChannelKind.UNKNOWN:
            raise SlackBusyError("channel_unreadable")
        return kind is ChannelKind.OURS

    async def _kind(self, channel_id: str) -> ChannelKind:
        asked_at, kind = self._known.get(channel_id, (0.0, ChannelKind.UNKNOWN))
        if kind is ChannelKind.OURS and monotonic() - asked_at < VALID_FOR_SECONDS:
            return kind
        asked_at = monotonic()
        kind = await self._channel_kind(channel_id)
        self._known[channel_id] = (asked_at, kind)
        return kind
