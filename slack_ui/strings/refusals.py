"""The text that says why a campaign can't be requested or why a user isn't allowed to act, and what to do about it."""

from deletion.domain.authorization import Denial
from deletion.domain.policy import Refusal
from kore_api.causes import Cause

REFUSALS = {
    Refusal.NOT_FOUND: (
        "Campaign not found",
        (
            "Kore.ai has no campaign with this ID in this app. Check the ID in Kore.ai's console. "
            "The campaign may already have been deleted."
        ),
    ),
    Refusal.DELETED: ("This campaign was deleted", "{who} deleted this {deleted_at}: {link}.{rebuilt}"),
    Refusal.GONE: (
        "This campaign is gone",
        "It was gone {deleted_at}, when {who} had requested its deletion: {link}.{rebuilt}",
    ),
    Refusal.VOICE: (
        "This is a voice campaign",
        "I delete SMS campaigns only. Delete voice campaigns in Kore.ai's console.",
    ),
    Refusal.NOT_SMS: (
        "Not confirmed to be an SMS campaign",
        "Kore.ai doesn't say that this is an SMS campaign, so I won't delete it. Look at it in Kore.ai's console.",
    ),
    Refusal.STATUS: (
        "This campaign can't be deleted in its current status",
        (
            "Its status is {status}. I delete only campaigns with one of these statuses: {allowed}. "
            "If it is running or scheduled, stop it in Kore.ai's console first, then type the command again."
        ),
    ),
    Refusal.KORE_SILENT: (
        "The campaign couldn't be read",
        (
            "{cause} I couldn't read the campaign, so it can't be deleted now. Wait a minute, then type the command "
            "again. If this continues, tell the people who run this bot."
        ),
    ),
    Refusal.KORE_LIMIT: (
        "Kore.ai's rate limit has been reached",
        (
            "I or other programs made too many calls to this Kore.ai account, so I couldn't read the campaign. "
            "Wait a few minutes, then type the command again."
        ),
    ),
    Refusal.KORE_DENIES: (
        "Kore.ai denies me access",
        (
            "{cause} I couldn't read the campaign. Ask the people who run this bot to check the JWT app, its scope "
            '"Campaign Management", and that the app is published.'
        ),
    ),
    Refusal.ALREADY_REQUESTED: (
        "This campaign already has an open request",
        (
            "It was made by {requester} {asked_at}: {link}. Wait for its result. While it waits for approval, "
            "{requester} can withdraw it."
        ),
    ),
    Refusal.UNSETTLED: (
        "The last delete of this campaign got no clear answer",
        (
            "It was requested by {requester} {asked_at}: {link}. Its result isn't known yet: the campaign may still be "
            "deleted. Wait until {free_again_at}. If the campaign is still there then, type the command again."
        ),
    ),
    Refusal.FROZEN: (
        "All requests are frozen",
        "{frozen} You can't make a request until an approver types `/campaign-delete unfreeze`.",
    ),
    Refusal.OVER_BUDGET: (
        "The hourly limit has been reached",
        (
            "Another deletion now would need an approval, and approvals aren't set up here. "
            "You can try again {free_again_at}. To allow it sooner, the people who run this bot can set "
            "`APPROVALS_CHANNEL` and `APPROVERS`, or raise `DELETES_PER_HOUR` or `DELETES_PER_PERSON_PER_HOUR`."
        ),
    ),
    Refusal.TOO_FEW_APPROVERS: ("Not enough people can approve this", "{too_few}"),
}

YOU = {Refusal.DELETED: "You", Refusal.GONE: "you"}
REBUILT_AS = " It was rebuilt as {created_id}."
TOO_FEW_APPROVERS = (
    "Approvals needed: {needed}. Approvals that you could get now: {found}, so {missing} would be missing.{groups} "
    "Your own accounts, guests and deactivated accounts don't count, and two accounts of one person count once. "
    "Ask the people who run this bot to add approvers. Approvers now: {approvers}."
)
REQUESTER_UNVERIFIED = (
    "Approvals needed: {needed}. None would count, because Slack shows no confirmed email address for you. "
    "Ask the people who run this bot to check the scope `users:read.email`."
)
TOO_FEW_MEANWHILE = (
    "Approvals needed: {needed}. Approvals that you could get now: {found}. Nothing was recorded. Ask the people who "
    "run this bot to add approvers."
)
REFUSED_BY_KORE = "Kore.ai refused to show it."
CAUSES = {
    Cause.CONNECTION: "No connection to Kore.ai could be made.",
    Cause.PROXY: "The proxy between me and Kore.ai refused the connection.",
    Cause.TLS: "No secure connection to Kore.ai could be made: the TLS handshake failed.",
    Cause.NO_ANSWER: "Kore.ai gave no complete answer in time.",
    Cause.SERVER_ERROR: "Kore.ai, or a gateway before it, reported a server error.",
    Cause.REDIRECT: "The answer was a redirect to another page, such as a login.",
    Cause.NOT_KORE: "The answer came from a gateway, proxy or web page and not from Kore.ai.",
    Cause.UNREADABLE: "Kore.ai's answer couldn't be understood.",
    Cause.TOKEN_TIME: "Kore.ai says that my token isn't valid at this time. My clock may be wrong.",
    Cause.CREDENTIALS: "Kore.ai rejects my credentials.",
    Cause.SCOPE: "Kore.ai says that I lack a permission.",
    Cause.APP: "Kore.ai doesn't know the app or account that I'm set up for.",
    Cause.UNEXPECTED: "I ran into an unexpected error before I could get an answer.",
}
ANSWER_SAYS = "The answer says: {message}"

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
        "The channel is shared with another company",
        (
            "People of another company are in the channel, or are invited. I accept no requests or approvals there; "
            "use a channel that belongs to this workspace alone."
        ),
    ),
    Denial.DIRECT_MESSAGE: (
        "Not in direct messages",
        "I take no requests in direct messages. Type the command in a channel that I'm a member of.",
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
    Denial.NOT_ON_A_LIST: (
        "You can't look up requests",
        "Only requesters and approvers can look up requests. Ask the people who run this bot to add you.",
    ),
    Denial.NOT_A_REQUESTER: (
        "You can't make requests",
        "Only people on the list of requesters can make requests. Ask the people who run this bot to add you.",
    ),
    Denial.NOT_AN_APPROVER: ("You can't decide this", "Only people on the list of approvers can do this."),
    Denial.NOT_THE_REQUESTER: ("You can't withdraw this", "Only the requester can withdraw the request."),
    Denial.NEITHER: ("You can't stop this", "Only the requester and the approvers can stop it."),
    Denial.NOT_APPROVED_BY_PERSON: (
        "You haven't approved this",
        "There is no approval of yours to withdraw. To end the request, an approver can reject or stop it.",
    ),
    Denial.ONLY_REQUESTER_REMINDS: ("You can't send a reminder", "Only the requester can remind the approvers."),
    Denial.OWN_REQUEST: (
        "This is your own request",
        "You can't decide your own request. Another approver must do that.",
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
