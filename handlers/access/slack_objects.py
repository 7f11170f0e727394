"""Read what Slack's user and channel objects say about an account and a channel. Pure.

docs.slack.dev/reference/objects/user-object and conversation-object. A field that is missing or malformed counts as
unknown.
"""

from dataclasses import dataclass
from typing import Any

from deletion.domain.approvals.authorization import ChannelKind
from deletion.domain.approvals.people import Membership

User = dict[str, Any]


@dataclass(frozen=True)
class Workspace:
    """The workspace that this bot serves, and its organisation if it has one."""

    team_id: str
    enterprise_id: str | None = None


def membership_of(user: User, workspace: Workspace) -> Membership:
    """Return how Slack's user object describes an account. Slack omits the role flags of deactivated accounts."""
    if user.get("deleted") is True:
        return Membership.DEACTIVATED
    if user.get("is_bot") is True or user.get("is_workflow_bot") is True or user.get("id") == "USLACKBOT":
        return Membership.BOT
    if user and (team_of(user, workspace) != workspace.team_id or user.get("is_stranger") is True):
        return Membership.STRANGER
    if user.get("is_restricted") is True or user.get("is_ultra_restricted") is True:
        return Membership.GUEST
    all_false = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted")
    is_clear = all(user.get(flag) is False for flag in all_false) and user.get("is_stranger") in (None, False)
    return Membership.MEMBER if is_clear else Membership.UNKNOWN


def identities(user: User) -> frozenset[str]:
    """Return the ids and addresses of one person: the organisation's id, and the address without its ``+`` part."""
    organisation_id = str((user.get("enterprise_user") or {}).get("id") or "")
    return frozenset({str(user.get("id") or ""), organisation_id, email_of(user)} - {""})


def channel_kind_of(channel: dict[str, Any]) -> ChannelKind:
    if channel.get("is_archived") is True:
        return ChannelKind.ARCHIVED
    if channel.get("is_member") is not True:
        return ChannelKind.WITHOUT_BOT if channel.get("is_member") is False else ChannelKind.UNKNOWN
    shared = (channel.get("is_ext_shared"), channel.get("is_pending_ext_shared"))
    if True in shared or channel.get("pending_shared"):
        return ChannelKind.SHARED
    return ChannelKind.OURS if shared == (False, False) else ChannelKind.UNKNOWN


def email_of(user: User) -> str:
    """Return the address in lower case and without its ``+`` part, or nothing where Slack shows none."""
    name, at, domain = str((user.get("profile") or {}).get("email") or "").casefold().rpartition("@")
    return f"{name.partition('+')[0]}{at}{domain}" if name and domain else ""


def team_of(user: User, workspace: Workspace) -> str:
    """Return an account's workspace: ours, if its organisation lists ours among its workspaces."""
    enterprise = user.get("enterprise_user") or {}
    is_ours = workspace.enterprise_id and enterprise.get("enterprise_id") == workspace.enterprise_id
    if is_ours and workspace.team_id in (enterprise.get("teams") or ()):
        return workspace.team_id
    return str(user.get("team_id") or "")
