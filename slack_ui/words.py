"""Every sentence that people read. Another language is another one of these."""

from deletion.models import AttemptKind, Observation, State
from deletion.policy import REASON_MAX, REASON_MIN, Refusal

UNKNOWN = "unknown"
UNNAMED = "A campaign without a name"
SOMEBODY = "somebody"
COUNTING = "asking Kore.ai …"

MODAL_TITLE = "Delete campaign"
MODAL_CLOSE = "Keep it"
MODAL_SUBMIT = "Delete for good"
NOTICE_CLOSE = "Close"
LOADING = "Reading the campaign from Kore.ai …"

HELP = (
    "*Delete a Kore.ai SMS campaign, safely*\n"
    "`/campaign-delete &lt;campaign id&gt;`  shows the campaign and asks you to confirm, for example\n"
    "`/campaign-delete cd-3aefda80-f98e-5f4f-ad41-92803abb0001`\n"
    "`/campaign-delete help`  shows this.\n"
    "You find the id in Kore.ai's console, in the address of the campaign's page. "
    "Nothing is deleted before you have seen the campaign, said why, and typed its name."
)
NOT_AN_ID = (
    "That is not a campaign id, so nothing was looked up. An id looks like "
    "`cd-3aefda80-f98e-5f4f-ad41-92803abb0001`. Copy it from the campaign's page in Kore.ai's console."
)
TOO_SLOW = "Slack did not let me open the window in time. Nothing was done. Please type the command again."
UNEXPECTED = (
    "Something went wrong on my side, and I did not do what you asked. Please try again; if it happens again, "
    "tell the people who run this bot the time and what you did."
)

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
            "If it runs or is about to, stop it in Kore.ai's console first, then type the command again."
        ),
    ),
    Refusal.KORE_SILENT: (
        "Kore.ai does not answer",
        "The campaign could not be read, so nothing can be deleted now. Wait a minute, then type the command again.",
    ),
    Refusal.KORE_LIMIT: (
        "Kore.ai is busy",
        (
            "Too many calls were made to this Kore.ai account in the last minute. Wait a minute, then type the "
            "command again."
        ),
    ),
    Refusal.KORE_DENIES: (
        "Kore.ai does not let me in",
        (
            "Kore.ai refuses this bot's credentials. Ask the people who run this bot to check the JWT app, its scope "
            '"Campaign Management", and that the app is published.'
        ),
    ),
    Refusal.NOT_A_REQUESTER: (
        "You may not ask for a deletion",
        "Only people on the list of requesters may. Ask the people who run this bot to put you on it.",
    ),
    Refusal.BOT_NOT_IN_CHANNEL: (
        "I am not in this channel",
        (
            "The result has to be told where the command was typed. Type `/invite @Campaign Delete` in this channel, "
            "or go to a channel that I am in, then type the command again."
        ),
    ),
    Refusal.CHANNEL_UNREADABLE: (
        "This channel cannot be checked",
        "Slack did not tell me about this channel just now, so nothing is done. Type the command again in a moment.",
    ),
    Refusal.ALREADY_REQUESTED: (
        "Somebody has asked already",
        "There is an open request for this campaign by {requester}. Wait for its result.",
    ),
}
NOTHING_DELETED = "Nothing was deleted."

WARNING = (
    ":warning: *What deleting does not do*\n"
    "•  It recalls no message: what was sent stays sent, and what is queued may still go out.\n"
    "•  It cannot be taken back: Kore.ai documents no undo.\n"
    "•  What happens to reports and history is not documented. Export them first if you need them.\n"
    "•  Contact lists are not part of the campaign; Kore.ai keeps them apart."
)
REASON_LABEL = "Why should it be deleted?"
REASON_HINT = f"{REASON_MIN} to {REASON_MAX} characters. Everybody who is told of the deletion reads this."
REASON_TOO_SHORT = f"Please say a little more: at least {REASON_MIN} characters."
REASON_TOO_LONG = f"Please say it in at most {REASON_MAX} characters."
PHRASE_LABEL = "To confirm, type {what}"
PHRASE_IS_NAME = "the campaign's name"
PHRASE_IS_ID = "the campaign's id (its name cannot be typed)"
PHRASE_HINT = "Exactly as here: {phrase}"
PHRASE_WRONG = "This is not {what}. Type exactly: {phrase}"
NEXT_WITHOUT_APPROVAL = "Next: the campaign is read once more, deleted, and looked for. The result comes to {channel}."
PREVIEW_LOST = (
    "This window is too old",
    "I no longer know what you were shown, so nothing was done. Type the command again to see the campaign as it is.",
)
ALREADY_ASKED = (
    "Somebody asked for this campaign before you ({requester}); its request is {state}. Nothing new was done."
)

HEADLINES = {
    State.APPROVED: "will be deleted in a moment.",
    State.DELETING: "is being deleted.",
    State.DELETED: "was deleted.",
    State.GONE: "is gone.",
    State.CHANGED: "was not deleted: it is no longer what was shown.",
    State.FAILED: "was not deleted.",
    State.UNKNOWN: "may or may not be deleted.",
}
EMOJI = {
    State.APPROVED: "hourglass_flowing_sand",
    State.DELETING: "hourglass_flowing_sand",
    State.DELETED: "wastebasket",
    State.GONE: "ghost",
    State.CHANGED: "octagonal_sign",
    State.FAILED: "x",
    State.UNKNOWN: "question",
}
NEXT = {
    State.APPROVED: "Next: it is read once more, then deleted. This message will say how it ended.",
    State.DELETING: "Next: I look whether it is gone. This message will say how it ended.",
    State.DELETED: "Nothing more happens. Kore.ai documents no undo.",
    State.GONE: "Nothing more happens. Ask who else deletes campaigns if this surprises you.",
    State.CHANGED: "Nothing more happens. To delete it as it is now, type the command again.",
    State.FAILED: "Nothing more happens. To try again, type the command again.",
    State.UNKNOWN: "Look at it in Kore.ai's console before anybody types the command again.",
}
DECISION = "Decision"
ATTEMPT = "Kore.ai's answer"
OBSERVATION = "Our own look afterwards"
DECIDED_ALONE = "{requester} asked and confirmed; this team asks for no further approval."
ATTEMPTS = {
    AttemptKind.CONFIRMED: "Success",
    AttemptKind.REFUSED: "Refused",
    AttemptKind.NO_ANSWER: "None to our delete, so it may or may not have happened",
    AttemptKind.NOT_SENT: "No delete was sent",
}
NO_ATTEMPT = {
    State.APPROVED: "Not asked yet",
    State.DELETING: "Not here yet",
    State.CHANGED: "No delete was sent",
}
OBSERVATIONS = {
    Observation.ABSENT: "Gone: Kore.ai does not find it and does not list it",
    Observation.PRESENT: "Still there",
    Observation.UNCLEAR: "Could not be seen: Kore.ai did not tell",
}
NO_OBSERVATION = {State.CHANGED: "It is there, and it has changed"}
NOT_LOOKED_YET = "Not looked yet"
CHANGED_FIELD = "{field}: was {before}, now {after}"
NOTHING_THERE = "nothing"
UNREACHED = "Could not be told: {channels}. Please tell them."
ORIGIN_UNREACHED = "I could not post this in {channel}, where you typed the command, so I tell you here."
REASON_GIVEN = "Reason"
KORE_SAYS = "Kore.ai says"
CAMPAIGN_ID = "Campaign id"
CHANGED_FIELDS = "What changed"
AS_OF = "As of {when}."
FIELDS = {
    "name": "Name",
    "status": "Status",
    "format": "Format",
    "schedule": "Schedule",
    "contact_lists": "Contact lists",
    "dialing_strategy": "Calling hours",
    "caller_id": "Caller id",
    "experience_flow": "Experience flow",
    "message": "Message text",
    "updated_at": "Last updated",
}
