"""The content of a request's message, and the interfaces that render it and say what can be rebuilt."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from deletion.domain.approvals import approval
from deletion.domain.campaign_list import CampaignList
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.rebuildable import NOT_REBUILDABLE, Rebuildable
from deletion.domain.records import Message


@dataclass(frozen=True)
class RequestView:
    """The content of a message: request, channels that refuse messages (with Slack's code), and current freeze.

    ``thread_error`` is the code with which Slack refuses lines in the message's thread; ``card`` is what links lead to.
    ``rebuildable`` is about a deleted campaign. ``group_sizes`` are the numbers of members of the user groups that may
    still approve, None where unknown. With ``listed`` it shows the whole list, for which ``request`` stands.
    """

    request: Request
    unreached: Mapping[str, str] = field(default_factory=dict)
    freeze: Freeze | None = None
    thread_error: str = ""
    card: Message | None = None
    rebuildable: Rebuildable = NOT_REBUILDABLE
    group_sizes: Mapping[str, int | None] = field(default_factory=dict)
    listed: CampaignList | None = None


def under_todays_rule(seen: RequestView, policy: Policy) -> RequestView:
    """Return the content with what awaits approval or execution as that judges it."""
    if seen.listed is None:
        return replace(seen, request=approval.under_todays_rule(seen.request, policy))
    requests = tuple(approval.under_todays_rule(each, policy) for each in seen.listed.requests)
    listed = replace(seen.listed, requests=requests)
    return replace(seen, request=listed.overall, listed=listed)


@dataclass(frozen=True)
class Rendering:
    """A rendered Slack message. The same digest (SHA-256, in hex) means that nothing has to be sent.

    ``is_final``: it stays true for ever and has no buttons, so a copy of it that is left behind is harmless.
    """

    payload: Mapping[str, Any]
    digest: str
    is_final: bool = False


class Projector(Protocol):
    """Renders a request into a Slack message and sends it.

    ``post`` and ``update`` raise UnreachableError (retrying alone does not help) or SlackBusyError (retry later).
    """

    def render(self, view: RequestView, message: Message) -> Rendering:
        """Render the present state."""

    def render_first(self, message: Message, request: Request, listed: CampaignList | None = None) -> Rendering:
        """Render what stays true: who requested what and when, or when a list was paused."""

    def render_withheld(self, request: Request) -> Rendering:
        """Render a line without names, for a channel that is shared with another organization."""

    async def post(self, rendering: Rendering, message: Message, thread_ts: str | None) -> Message:
        """Return the message with its channel and ts."""

    async def update(self, rendering: Rendering, message: Message) -> bool:
        """Return False if it has to be posted: it no longer exists in Slack, or is a file, which never changes.

        Raises UneditableError if it has to be replaced.
        """


class GroupSizes(Protocol):
    """How many members user groups have."""

    async def of_approvers(self, request: Request) -> Mapping[str, int | None]:
        """Return the sizes of the groups that may still approve a request, by id, None where unknown. Never raises."""


class Rebuilds(Protocol):
    """Looks up whether deleted campaigns can be rebuilt from the archive."""

    async def state_of(self, deleted: Request) -> Rebuildable:
        """Return whether a closed request's campaign can be made again, or was."""
