"""The text of the modals and the private replies."""

from deletion.domain.approvals.approval import Objection
from deletion.domain.policy import REASON_MAX, REASON_MIN
from deletion.domain.text.confirmation import Mistake

UNKNOWN = "unknown"
UNNAMED = "Unnamed campaign"
ID_END = " · …{end}"
ID_SHOWN = " · {id}"
UNNAMED_LIST = "Unnamed list"
UNKNOWN_USER = "Unknown user"
NO_VISIBLE_TEXT = "(no visible text)"
COUNTING = "loading …"

MODAL_TITLE = "Delete campaign"
NOTICE_TITLE = "SMS campaigns"
MODAL_CLOSE = "Keep campaign"
MODAL_SUBMIT = "Delete permanently"
MODAL_SUBMIT_ASK = "Request approval"
NOTICE_CLOSE = "Close"
LOADING = "Loading the campaign from Kore.ai …"
LOADING_REQUEST = "Loading the request …"
LOADING_CAMPAIGNS = "Loading campaigns …"
STILL_WORKING = (
    "This is taking longer than usual. The result will appear here. Closing this window doesn't cancel your submission."
)
WAITING_FOR_KORE = (
    "Kore.ai's rate limit has been reached. I'll try again {after}, and this window will update. "
    "If you close it, nothing is done."
)

NOT_OPENED = "I couldn't open the window. Nothing was done. Please try again."
NOT_OPENED_FROM_BUTTON = "I couldn't open the window. Nothing was approved or deleted. Please press the button again."
NOT_LOADED = (
    "I couldn't load this",
    (
        "Something went wrong on my side. Close this window and try again in a minute. If it happens again, tell the "
        "people who run this bot when it happened."
    ),
)
NOT_AN_ID = (
    "This campaign can't be shown",
    "I can't use an ID of this form, so nothing was done. Check the campaign in Kore.ai's console.",
)
UNEXPECTED = (
    "Something went wrong on my side, and I can't tell whether your action took effect. Check the request's message "
    "in the channel before you try again. If it happens again, tell the people who run this bot when it happened."
)

NO_REQUEST_MADE = "No request was made."
NOTHING_WAS_DONE = "Nothing was done."

REASON_LENGTH = "{least} to {most} characters."
REASON_HINT = "Shown in the channel of the request{approvers}{rooms}."
AND_APPROVERS = ", in the approvals channel"
AND_OPS_ROOMS = ", and with the result in the ops channels"
REASON_TOO_SHORT = f"Enter at least {REASON_MIN} characters."
REASON_TOO_LONG = f"Enter at most {REASON_MAX} characters."
REASON_OF_A_STRIKE = (
    "I write exactly this when an approver strikes one campaign from a list. Give your reason in other words."
)
PHRASE_LABEL = "To confirm, type {what}"
PHRASE_IS_NAME = "the campaign's name or ID"
PHRASE_IS_ID = "the campaign's ID"
PHRASE_HINT = "Paste the ID shown above, or type exactly: {phrase}"
PHRASE_HINT_ID = "This name can't be typed exactly, so type the ID: {phrase}"
PHRASE_WRONG = "This doesn't match. Type {what} exactly; capital letters matter."
TYPING_ERRORS = {
    Mistake.OTHER_ID: "This isn't this campaign's ID. Type {what}.",
    Mistake.CAPITALS: "Only capitals differ. Type exactly: {phrase}",
    Mistake.LOOK_ALIKE: "“{word}” has a letter of another alphabet, which only looks like one of “{expected}”. "
    "Type {what}.",
    Mistake.WORD: "You typed “{word}”, but it is “{expected}”. Type {what} exactly.",
}
ID_END_LABEL = "Also type the last 4 characters of the campaign's ID"
ID_END_HINT_ALIKE = "Other campaigns have nearly the same name. The ID is shown above."
ID_END_HINT_UNCHECKED = "Other campaigns may have nearly the same name. The ID is shown above."
ID_END_WRONG = "These aren't the last 4 characters of this campaign's ID."
APPROVERS_NOT_COUNTED = (
    "I couldn't check that enough people can approve this, because Slack didn't return all approvers just now. You can "
    "request it anyway."
)
ONE_MORE = "one other person"
MORE = "{count} other people"
PREVIEW_LOST = ("This form has expired", "Nothing was done. Please start again; you'll see the campaign as it is now.")
OVER_BUDGET_MEANWHILE = (
    "The hourly limit was reached before you sent this. Nothing was recorded. You can try again at {free_again_at} UTC."
)
ALREADY_ASKED = "This campaign already has a request ({state}). Nothing new was recorded."
LAST_DELETE_UNSETTLED = (
    "The last delete of this campaign got no clear answer, and it may still be deleted (request: {state}). "
    "Nothing new was recorded. Wait until {until} UTC, then check whether it is still there."
)

SINCE_REQUEST = "Since the request"
SAME_CAMPAIGN = "Name, status, text, contact lists, schedule and calling hours are the same."
SAME_COUNTS = "Contacts and messages sent are the same."
COUNTS_NOT_KNOWN_THEN = "Contacts and messages sent were not known when it was requested."
CHECKING = "Re-checking the campaign …"
DOES_NOT_HELP = "None of the missing approvals can come from you. Yours would be recorded, but as many stay missing."
APPROVE_TITLE = "Approve request"  # until it is known what is requested
APPROVE_SUBMIT = "Approve"
APPROVE_CLOSE = "Not now"
APPROVE_LABEL = "To approve, type {what}"
APPROVE_BY_WORD = "the last word of its name, or the last 4 characters of its ID"
APPROVE_BY_ID = "the last 4 characters of its ID"
APPROVE_WRONG = "This doesn't match. Type {what}."
AT_ONCE = "immediately"
AFTER_A_SECOND = "in 1 second"
AFTER_SECONDS = "in {seconds} seconds"
AFTER_MINUTES = "in {count} minutes"
AFTER_HOURS = "in {count} hours"
REJECT_TITLE = "Reject request"
REJECT_SUBMIT = "Reject"
REJECT_HINT = "Shown to the requester, in the channel of the request and in the approvals channel."

NOTHING_DONE = "Nothing was done"
OPEN_AGAIN = "Close this window and start again. Your entries were not saved."
RECORDED = ("Recorded", "The request's message in the channel shows what happens next.")
UNKNOWN_INTERACTION = (
    "This no longer works.",
    (
        "It's probably from an older version of this bot, so nothing was done. "
        "Look for a newer message, or type the command again."
    ),
)
NO_SUCH_REQUEST = ("Request not found", "I have no record of this request, so nothing was done.")
COMMENT_LABEL = "Comment"
COMMENT_HINT = "Shown in the thread of the approval card."
TICKET_LABEL = "Ticket"
TICKET_HINT = "Written as {pattern}."
TICKET_WRONG = "Tickets are written as {pattern}."
TICKET_MEANWHILE = (
    "Requests need a ticket by now, and this form has no field for it. Close this window and start again."
)
OBJECTIONS = {
    Objection.ENDED: "{happened}",
    Objection.ALREADY: "You have already approved it. {happened}",
    Objection.EXPIRED: "The request was not approved in time, so it has expired.",
    Objection.REMINDED: "The request began to wait, or was last reminded, only a few minutes ago. You can remind the "
    "approvers from {remind_at} on.",
    Objection.APPROVED_SINCE: "You approved this after the button was shown, so your approval stays. To withdraw it, "
    "press the button on the updated message.",
    Objection.OUTDATED: "This form is outdated, because my settings, the hourly limit or my version have changed since "
    "it was opened. It may have named more approvals, a longer time to stop it, or an archive. Nothing was approved. "
    "Press Approve again to see what follows now.",
    Objection.FROZEN: "{frozen} The request stays open.",
    Objection.HELD: "The campaign is on hold, so its deletion can't be approved. `/campaign-delete hold` lists the "
    "holds.",
}
CAMPAIGN_UNREADABLE = (
    "I can't read the campaign right now",
    (
        "I can't confirm that it is still the same campaign, so nothing was approved. The request stays open; "
        "press Approve again in a minute."
    ),
)
DRIFTED = (
    "The campaign has changed",
    (
        "It is no longer the campaign that was requested, so I closed the request and deleted nothing. "
        "The card in the channel shows what changed."
    ),
)
VANISHED = (
    "The campaign is gone",
    "Kore.ai neither finds it nor lists it, so I closed the request. I sent no delete.",
)
