"""The words that say why there is nothing to confirm or why somebody may not, each with the way out."""

from deletion.domain.authorization import Denial
from deletion.domain.policy import Refusal

REFUSALS = {
    Refusal.NOT_FOUND: (
        "No such campaign",
        (
            "Kore.ai knows no campaign with this id in this app. Check the id in Kore.ai's console; "
            "it may also have been deleted already."
        ),
    ),
    Refusal.VOICE: (
        "This is a voice campaign",
        "This bot deletes SMS campaigns only. Delete a voice campaign in Kore.ai's console.",
    ),
    Refusal.NOT_SMS: (
        "Not known to be an SMS campaign",
        "Kore.ai does not say that this is an SMS campaign, so it is left alone. Look at it in Kore.ai's console.",
    ),
    Refusal.STATUS: (
        "This campaign may not be deleted as it is",
        (
            "Its status is {status}; only these may be deleted: {allowed}. "
            "If it is running or scheduled, stop it in Kore.ai's console first, then type the command again."
        ),
    ),
    Refusal.KORE_SILENT: (
        "Kore.ai does not answer",
        "The campaign could not be read, so nothing can be deleted now. Wait a minute, then type the command again.",
    ),
    Refusal.KORE_LIMIT: (
        "Kore.ai is busy",
        (
            "Too many calls are made to this Kore.ai account, by me or by others, so the campaign could not be read. "
            "Wait a few minutes, then type the command again."
        ),
    ),
    Refusal.KORE_DENIES: (
        "Kore.ai refuses my credentials",
        (
            "The campaign could not be read. Ask the people who run this bot to check the JWT app, its scope "
            '"Campaign Management", and that the app is published.'
        ),
    ),
    Refusal.ALREADY_REQUESTED: (
        "There is an open request already",
        "It is by {requester}. Wait for its result, or have it withdrawn first.",
    ),
    Refusal.FROZEN: (
        "All requests are frozen",
        "{frozen} Nothing can be asked for until an approver types `/campaign-delete unfreeze`.",
    ),
    Refusal.OVER_BUDGET: (
        "The budget of deletes is used up",
        (
            "As many as may be were approved within the last hour, so somebody would have to approve this one, and "
            "nobody here is set up for that. You can ask again {free_again_at}. To allow it before, the people who "
            "run this bot set `APPROVALS_CHANNEL` and `APPROVERS`, or raise `DELETES_PER_HOUR` or "
            "`DELETES_PER_PERSON_PER_HOUR`."
        ),
    ),
}

DENIALS = {
    Denial.GUEST: ("Guests may not use this", "Ask a full member of this workspace to do it."),
    Denial.STRANGER: (
        "You are not of this workspace",
        "Only people of the workspace that this bot belongs to may use it.",
    ),
    Denial.DEACTIVATED: ("Your account is deactivated", "Ask the administrators of this workspace."),
    Denial.BOT: ("Only people may use this", "Bots and workflows may not."),
    Denial.UNKNOWN_PERSON: (
        "I cannot tell who you are",
        "Slack did not tell me enough about you just now. Try again in a moment.",
    ),
    Denial.UNKNOWN_REQUESTER: (
        "I cannot tell who asked",
        (
            "Slack did not tell me about the requester just now, so I cannot see that it is not you. "
            "Try again in a moment."
        ),
    ),
    Denial.OTHER_WORKSPACE: (
        "This came from another workspace",
        "This bot serves one workspace, and this is not it.",
    ),
    Denial.BOT_NOT_IN_CHANNEL: (
        "I am not in this channel",
        (
            "I post the result where the command was typed, so I have to be there. "
            "Type `/invite @Campaign Delete` here, or go to a channel that I am in, then type the command again."
        ),
    ),
    Denial.SHARED_CHANNEL: (
        "This channel is shared with others",
        (
            "People of another company are in it, or are invited. Nothing is asked for or approved here; "
            "go to a channel of this workspace alone."
        ),
    ),
    Denial.CHANNEL_UNREADABLE: (
        "This channel cannot be checked",
        "Slack did not tell me about this channel just now. Try again in a moment.",
    ),
    Denial.NOT_ON_A_LIST: (
        "You may not look requests up",
        (
            "Only people on the lists of requesters and approvers may look requests up. "
            "Ask the people who run this bot to put you on one."
        ),
    ),
    Denial.NOT_A_REQUESTER: (
        "You may not ask for a deletion",
        "Only people on the list of requesters may. Ask the people who run this bot to put you on it.",
    ),
    Denial.NOT_AN_APPROVER: ("You may not decide this", "Only people on the list of approvers may."),
    Denial.NOT_THE_REQUESTER: (
        "You may not withdraw this",
        "Only the person who asked may withdraw the request.",
    ),
    Denial.NEITHER: ("You may not stop this", "Only the person who asked and the approvers may stop it."),
    Denial.OWN_REQUEST: ("This is your own request", "It is your own request, so somebody else has to decide it."),
    Denial.ALREADY_APPROVED_BY_PERSON: (
        "You have approved it already",
        "Somebody with your address has approved it already, so another person has to.",
    ),
    Denial.DUPLICATE_PAYLOAD: (
        "I have seen this before",
        (
            "Slack sent me the very same thing before, so I do no more about it. "
            "If nothing came of it, type the command again."
        ),
    ),
}
