"""The text of whoami: what the reader may do, why, and what is missing."""

from deletion.domain.approvals.authorization import ChannelKind
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.rights import Role

HEADING = "*What you ({person}) may do here*, as Slack and my settings say now:"
TITLES = {
    Role.REQUESTER: "Request deletions and rebuilds, stop campaigns",
    Role.APPROVER: "Approve and reject requests of others, release holds of others, freeze and unfreeze, "
    "stop campaigns",
    Role.ESCALATION_APPROVER: "Approve and reject requests that were escalated",
}
YES = ":white_check_mark: *{title}*: yes. {why}"
NO = ":no_entry: *{title}*: no. {why}"
UNKNOWN = ":question: *{title}*: I can't tell. {why}"
BY_ID = "`{role}` names you."
BY_GROUP = "`{role}` names {groups}, and you are a member."
# The missing right, by the reason for a "no".
MISSING = {
    Denial.NOT_A_REQUESTER: "`{role}` names {listed}, but neither you nor a group of yours. "
    "Ask the people who run this bot to add you.",
    Denial.NOT_AN_APPROVER: "`{role}` names {listed}, but neither you nor a group of yours. "
    "Ask the people who run this bot to add you.",
    Denial.UNREAD_GROUP: "`{role}` names {listed}. Slack didn't return the members of every group just now. "
    "Try again in a moment.",
    Denial.NO_GROUP_SCOPE: "`{role}` names {listed}. Slack doesn't let me read the members of every group. "
    "Ask the people who run this bot to check the scope `usergroups:read`.",
    Denial.BOT_REJECTED: "`{role}` names {listed}. Slack no longer accepts my token, so I can't read every group. "
    "Tell the people who run this bot.",
    Denial.UNVERIFIED_EMAIL: "{granted} But Slack shows no confirmed email address for you, so no approval by you or "
    "for you counts. Ask the people who run this bot to check the scope `users:read.email`.",
}
NO_ONE = "no one"
LOOK_UP = {
    None: ":white_check_mark: *Look up requests*: yes, with `status`, `history` and `report`. "
    "You can also put a campaign on hold, with `hold`.",
    Denial.NOT_ON_A_LIST: ":no_entry: *Look up requests*: no. Only requesters and approvers can.",
    Denial.UNREAD_GROUP: ":question: *Look up requests*: I can't tell. Slack didn't return the members of every group "
    "just now.",
    Denial.NO_GROUP_SCOPE: ":question: *Look up requests*: I can't tell. I lack the scope `usergroups:read`.",
    Denial.BOT_REJECTED: ":question: *Look up requests*: I can't tell. Slack no longer accepts my token.",
}
ALWAYS = "Your own requests you can withdraw and stop. You can't approve them, with any account."
CHANNELS = {
    ChannelKind.OURS: "Requests can be made in this channel.",
    ChannelKind.WITHOUT_BOT: "Requests can't be made in this channel: I'm not a member. Type "
    "`/invite @Campaign Delete` here, or use another channel.",
    ChannelKind.SHARED: "Requests can't be made in this channel: it is shared with another organization.",
    ChannelKind.UNKNOWN: "I can't tell whether requests can be made in this channel: Slack didn't return its details.",
    ChannelKind.DIRECT: "Requests can't be made in a direct message. Use a channel that I'm a member of, or my Home "
    "tab.",
    ChannelKind.ARCHIVED: "Requests can't be made in this channel: it is archived.",
    ChannelKind.WITHOUT_SCOPE: "I can't tell whether requests can be made in this channel: Slack doesn't let me read "
    "its details. Ask the people who run this bot to check the scopes `channels:read` and `groups:read`.",
}
APPROVALS = {
    0: "Here a deletion or rebuild needs no approval.",
    1: "Here a deletion or rebuild needs one approval.",
}
MORE_APPROVALS = "Here a deletion or rebuild needs {count} approvals."
