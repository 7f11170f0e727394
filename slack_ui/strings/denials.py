"""The text that says why a user isn't allowed to act, and whom to ask."""

from deletion.domain.approvals.authorization import Action
from deletion.domain.approvals.denial import Denial

_ASK = "Ask one of them, or ask the people who run this bot to add you."
DENIALS = {
    Denial.GUEST: ("Guests can't use this bot", "Guests can't do this. Ask a full member of this workspace to do it."),
    Denial.STRANGER: (
        "You're not a member of this workspace",
        "Only members of the workspace that this bot belongs to can use it.",
    ),
    Denial.DEACTIVATED: (
        "Your account is deactivated",
        "Your account is deactivated. Contact the administrators of this workspace.",
    ),
    Denial.BOT: ("Only people can use this bot", "Other bots and workflows can't use this bot."),
    Denial.UNKNOWN_PERSON: (
        "I can't verify who you are",
        "Slack didn't return your account details just now. Try again in a moment.",
    ),
    Denial.UNKNOWN_REQUESTER: (
        "I can't verify who made the request",
        (
            "Slack didn't return the requester's account details just now, so I can't rule out that it is you. "
            "Try again in a moment."
        ),
    ),
    Denial.UNKNOWN_APPROVER: (
        "I can't verify who has approved",
        (
            "Slack didn't return an earlier approver's account details just now, so I can't rule out that it is you. "
            "Try again in a moment."
        ),
    ),
    Denial.UNREAD_GROUP: (
        "I can't read a user group",
        "Slack didn't return the members of a user group that can do this. Try again in a moment.",
    ),
    Denial.UNVERIFIED_EMAIL: (
        "I can't verify your email address",
        (
            "Slack doesn't show a confirmed email address for you, so I can't rule out that you and the requester are "
            "one person, and your approval doesn't count. Ask the people who run this bot to check the scope "
            "`users:read.email`."
        ),
    ),
    Denial.UNVERIFIED_REQUESTER: (
        "I can't verify the requester's email address",
        (
            "Slack doesn't show a confirmed email address for the requester, so I can't rule out that you are one "
            "person, and your approval doesn't count. Ask the people who run this bot to check the scope "
            "`users:read.email`."
        ),
    ),
    Denial.REQUESTER_LAPSED: (
        "The requester can no longer make requests",
        "The requester can no longer make requests, so this one can't be approved. Reject it, or let it expire.",
    ),
    Denial.OTHER_WORKSPACE: (
        "This came from another workspace",
        "I work for one workspace only, and your action came from another one.",
    ),
    Denial.BOT_NOT_IN_CHANNEL: (
        "I'm not in the channel",
        (
            "I can work only in channels that I'm a member of. Type `/invite @Campaign Delete` in the channel, or use "
            "another channel, then try again."
        ),
    ),
    Denial.SHARED_CHANNEL: (
        "The channel is shared with another organization",
        (
            "People of another organization are in the channel, or are invited. I accept no requests or approvals "
            "there; use a channel that belongs to this workspace alone."
        ),
    ),
    Denial.DIRECT_MESSAGE: (
        "Not in direct messages",
        (
            "I take no requests in direct messages. Type the command in a channel that I'm a member of, or open my "
            "Home tab."
        ),
    ),
    Denial.ARCHIVED_CHANNEL: (
        "The channel is archived",
        (
            "I can't post in an archived channel. Use another channel, or ask the people who run this bot to unarchive "
            "the approvals channel."
        ),
    ),
    Denial.NO_CHANNEL_SCOPE: (
        "I can't check the channel",
        (
            "Slack doesn't let me read the channel's details. Ask the people who run this bot to check its scopes: "
            "`channels:read`, and `groups:read` for private channels."
        ),
    ),
    Denial.NO_GROUP_SCOPE: (
        "I can't read a user group",
        (
            "Slack doesn't let me read the user groups that can do this. Ask the people who run this bot to check the "
            "scope `usergroups:read`."
        ),
    ),
    Denial.NO_USER_SCOPE: (
        "I can't verify who you are",
        (
            "Slack doesn't let me read users' account details. Ask the people who run this bot to check the scope "
            "`users:read`."
        ),
    ),
    Denial.BOT_REJECTED: (
        "Slack rejects my token",
        "Slack no longer accepts my token, so I can't do anything. Tell the people who run this bot.",
    ),
    Denial.CHANNEL_UNREADABLE: (
        "I can't check the channel",
        "Slack didn't return the channel's details just now. Try again in a moment.",
    ),
    Denial.NO_APPROVALS_CHANNEL: (
        "It can't be approved",
        (
            "It can't be approved: my settings name no channel for approvals. The requester can withdraw it and make "
            "a new request."
        ),
    ),
    Denial.NOT_ON_A_LIST: (
        "You can't look up requests",
        f"Only requesters ({{requesters}}) and approvers ({{approvers}}) can look up requests. {_ASK}",
    ),
    Denial.NOT_A_REQUESTER: (
        "You can't request deletions",
        f"Only requesters can request deletions: {{requesters}}. {_ASK}",
    ),
    Denial.NOT_AN_APPROVER: (
        "You can't decide this",
        f"Only approvers can decide requests: {{approvers}}. {_ASK}",
    ),
    Denial.OTHER_APPLICATION: (
        "Not a channel of this application",
        "Campaigns of {application} are requested in its own channels: {channels}.",
    ),
    Denial.NOT_THE_REQUESTER: ("You can't withdraw this", "Only the requester can withdraw the request: {requester}."),
    Denial.NEITHER: ("You can't stop this", "Only the requester and the approvers can stop it: {parties}."),
    Denial.NOT_APPROVED_BY_PERSON: (
        "You haven't approved this",
        "There is no approval of yours to withdraw. To end the request, an approver can reject or stop it.",
    ),
    Denial.ONLY_REQUESTER_REMINDS: (
        "You can't send a reminder",
        "Only the requester can remind the approvers: {requester}.",
    ),
    Denial.OWN_REQUEST: (
        "This is your own request",
        "You asked for this, so someone else decides: {deciders}.",
    ),
    Denial.ALREADY_APPROVED_BY_PERSON: (
        "You have already approved this",
        "You have already approved it with another account. A different person must approve it too.",
    ),
    Denial.DUPLICATE_PAYLOAD: (
        "I have already received this",
        "Slack sent me the same action twice, so I ignored the repeat. If nothing happened, please try again.",
    ),
}
# A denial of a right in the words of the action.
DENIALS_OF_ACTIONS = {
    (Denial.NOT_A_REQUESTER, Action.REBUILD): (
        "You can't request rebuilds",
        f"Only requesters can request rebuilds: {{requesters}}. {_ASK}",
    ),
    (Denial.NOT_ON_A_LIST, Action.HOLD): (
        "You can't put campaigns on hold",
        f"Only requesters ({{requesters}}) and approvers ({{approvers}}) can put a campaign on hold. {_ASK}",
    ),
    (Denial.NOT_ON_A_LIST, Action.STOP_CAMPAIGN): (
        "You can't stop campaigns",
        f"Only requesters ({{requesters}}) and approvers ({{approvers}}) can stop a campaign. {_ASK}",
    ),
    (Denial.NEITHER, Action.CONTINUE): (
        "You can't continue this",
        "Only the requester and the approvers can continue it: {parties}.",
    ),
    (Denial.NOT_AN_APPROVER, Action.FREEZE): (
        "You can't freeze requests",
        f"Only approvers can freeze all requests: {{approvers}}. {_ASK}",
    ),
    (Denial.NOT_AN_APPROVER, Action.RELEASE): (
        "You can't release campaigns",
        f"Only approvers can release a campaign that is on hold: {{approvers}}. {_ASK}",
    ),
    (Denial.NOT_AN_APPROVER, Action.UNFREEZE): (
        "You can't unfreeze requests",
        f"Only approvers can unfreeze all requests: {{approvers}}. {_ASK}",
    ),
}
# Of a request to stop a campaign, whose button says "Don't stop it".
NOT_TAKEN_BACK = ("You can't take this back", "Only the requester and the approvers can take it back: {parties}.")
NO_ONE = "no one is listed"
