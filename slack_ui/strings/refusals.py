"""The text that says why a campaign can't be requested, and what to do about it."""

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
    Refusal.DELETED: ("This campaign was deleted", "I deleted it {ended_at}. {who} asked for that: {link}.{rebuilt}"),
    Refusal.GONE: (
        "This campaign is gone",
        "I found it gone {ended_at}. {who} had asked me to delete it: {link}.{rebuilt}",
    ),
    Refusal.VOICE: (
        "This is a voice campaign",
        "I delete and stop SMS campaigns only. Use Kore.ai's console for voice campaigns.",
    ),
    Refusal.NOT_SMS: (
        "Not confirmed to be an SMS campaign",
        "Kore.ai doesn't say that this is an SMS campaign, so I leave it alone. Look at it in Kore.ai's console.",
    ),
    Refusal.PROTECTED: (
        "This campaign is protected",
        "The people who run this bot protect campaigns whose name matches {protected}. I never delete them.",
    ),
    Refusal.HELD: ("This campaign is on hold", "{held}"),
    Refusal.STATUS: (
        "This campaign can't be deleted in its current status",
        (
            "Its status is {status}. I delete only campaigns with one of these statuses: {allowed}. "
            "Bring it to one of these in Kore.ai's console first, then type the command again."
        ),
    ),
    Refusal.NOT_STOPPABLE: (
        "This campaign can't be stopped in its current status",
        "Its status is {status}. I stop only campaigns with one of these statuses: {stoppable}.",
    ),
    Refusal.KORE_SILENT: (
        "The campaign couldn't be read",
        (
            "{cause} I couldn't read the campaign. Wait a minute, then type the command again. If this continues, tell "
            "the people who run this bot."
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
        ("{who} asked {asked_at}: {link}. Wait for its result. {who} can withdraw it while it waits for approval."),
    ),
    Refusal.UNSETTLED: (
        "The last delete of this campaign got no clear answer",
        (
            "{who} asked {asked_at}: {link}. Its result isn't known yet: the campaign may still be "
            "deleted. Wait until {free_again_at}. If the campaign is still there then, type the command again."
        ),
    ),
    Refusal.FROZEN: (
        "All requests are frozen",
        (
            "{frozen} You can't make a request until an approver types `/campaign-delete unfreeze`. A running campaign "
            "can be stopped meanwhile: type `/campaign-delete stop` and its ID."
        ),
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

YOU = "You"
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
