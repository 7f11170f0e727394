"""Every sentence of the command and the modals. With the other files of words, all that people read."""

from deletion.domain.approval import Objection
from deletion.domain.authorization import Denial
from deletion.domain.policy import REASON_MAX, REASON_MIN, Refusal

UNKNOWN = "unknown"
UNNAMED = "A campaign without a name"
UNNAMED_LIST = "a list without a name"
SOMEBODY = "somebody"
NOTHING_TO_SEE = "(nothing that can be seen)"
COUNTING = "asking Kore.ai …"

MODAL_TITLE = "Delete campaign"
MODAL_CLOSE = "Keep it"
MODAL_SUBMIT = "Delete for good"
MODAL_SUBMIT_ASK = "Ask for approval"
NOTICE_CLOSE = "Close"
LOADING = "Reading the campaign from Kore.ai …"
STILL_JUDGING = "This takes longer than usual. This window says by itself what came of it; closing it changes nothing."
WAITING_FOR_KORE = (
    "Kore.ai's limit of calls a minute is used up. This window goes on by itself, not before {after}. "
    "If you close it, nothing happens."
)

HELP = (
    "*Delete a Kore.ai SMS campaign, safely*\n"
    "`/campaign-delete`  lets you search for the campaign.\n"
    "`/campaign-delete spring sale`  searches for these words.\n"
    "`/campaign-delete &lt;campaign id&gt;`  shows the campaign and asks you to confirm, for example\n"
    "`/campaign-delete cd-3aefda80-f98e-5f4f-ad41-92803abb0001`\n"
    "`/campaign-delete status`  what is under way now; after it a campaign id, a link to a message or words of a "
    "name: where that request stands\n"
    "`/campaign-delete history`  all requests; after it `me`, `@name`, a campaign id or `7d`: some of them\n"
    "`/campaign-delete freeze &lt;reason&gt;`  stops all deletes and rebuilds at once, and every room is "
    "told; for approvers\n"
    "`/campaign-delete unfreeze`  lets them go on; for approvers\n"
    "`/campaign-delete help`  this\n"
    "Nothing is deleted before you have seen the campaign, said why, and typed its name. "
    "If your team wants approvals, others must agree first."
)
SEARCHING = "Looking for campaigns …"
NOT_AN_ID = (
    "This campaign cannot be shown",
    "Its id is not one that this bot deletes. Nothing was done. Look at it in Kore.ai's console.",
)

PICKER_LABEL = "Which campaign?"
PICKER_PLACEHOLDER = "Part of its name, or the end of its id"
PICKER_HINT = "Type to search; {most} are listed at most. You see the campaign before anything is asked for."
PICKER_SUBMIT = "Show it"
ROOM_LABEL = "Where should the result be told?"
ROOM_PLACEHOLDER = "Choose a channel"
ROOM_HINT = "A channel that I am in."
MAY_BE_DELETED = "May be deleted"
MAY_NOT_BE_DELETED = "May not be deleted now"
ID_END = " · …{end}"
UPDATED = " · updated {day}"
NOT_DATED = " · last update unknown"
WHY_NOT = {
    Refusal.STATUS: "{status}, so it may not be deleted",
    Refusal.VOICE: "Voice campaign, not deleted here",
    Refusal.NOT_SMS: "Not known to be an SMS campaign",
}
FOUND_NONE = "*No campaign fits* {query}."
FOUND_NONE_YET = "*None of the campaigns read so far fits* {query}."
FOUND_LIKE = "Open the list to see those that resemble it, or type something else."
FOUND_NOTHING = "Type another part of its name, or the end of its id."
FOUND_ONE = "*One campaign fits* {query}. Open the list to see it, or type something else."
FOUND_SEVERAL = "*{count} campaigns fit* {query}. Open the list to choose one, or type something else."
FOUND_MANY = "*Very many campaigns fit* {query}. Open the list to see the first {count}, or type more of the name."
LIST_AS_OF = "{count} campaigns in Kore.ai's list, as of {when}. The one you choose is read again."
LIST_READING = (
    ":hourglass_flowing_sand: {count}{total} campaigns read so far. Those not read yet are not found. "
    "This line changes by itself."
)
LIST_TOTAL = " of about {total}"
LIST_PART = "{count} campaigns are known, and others may not be found. I try again while this is open."
LIST_TROUBLES = {
    Refusal.KORE_SILENT: ":warning: Kore.ai does not give me its list just now.",
    Refusal.KORE_LIMIT: ":warning: Kore.ai allows no more calls in this minute.",
    Refusal.KORE_DENIES: ":warning: Kore.ai refuses my credentials; tell the people who run this bot.",
}
ROOM_WRONG = {
    Denial.BOT_NOT_IN_CHANNEL: "I am not in that channel. Choose another, or type /invite @Campaign Delete there.",
    Denial.SHARED_CHANNEL: "People of another company are in that channel. Choose another.",
    Denial.CHANNEL_UNREADABLE: "Slack did not tell me about that channel just now. Choose another, or try again.",
}

TOO_SLOW = "Slack did not let me open the window in time. Nothing was done. Please type the command again."
TOO_SLOW_TO_PRESS = "Slack did not let me open the window in time. Nothing was done. Please press the button again."
UNEXPECTED = (
    "Something went wrong on my side, and I cannot say whether what you asked was done. Look at the request's "
    "message in the channel before you try again. If it happens again, tell the people who run this bot when it was."
)

NOTHING_DELETED = "Nothing was deleted."
NOTHING_WAS_DONE = "Nothing was done."

WARNING = (
    ":warning: *Before you delete*\n"
    "•  It recalls no message: what was sent stays sent, and what is queued may still go out.\n"
    "•  It cannot be taken back: Kore.ai documents no undo.\n"
    "•  What happens to reports and history is not documented. Export them first if you need them.\n"
    "•  Contact lists are kept apart from campaigns; nothing says that deleting one touches them."
)
REASON_LABEL = "Why should it be deleted?"
REASON_HINT = f"{REASON_MIN} to {REASON_MAX} characters. Everybody who is told of the deletion reads this."
REASON_TOO_SHORT = f"Please say a little more: at least {REASON_MIN} characters."
REASON_TOO_LONG = f"Please say it in at most {REASON_MAX} characters."
PHRASE_LABEL = "To confirm, type {what}"
PHRASE_IS_NAME = "the campaign's name"
PHRASE_IS_ID = "the campaign's id (its name cannot be typed)"
PHRASE_HINT = "Exactly as here: {phrase}"
PHRASE_WRONG = "This is not {what}. Capitals count."
ID_END_LABEL = "And the last 4 characters of its id"
ID_END_HINT_ALIKE = "Its name hardly tells it from others. Its id stands above."
ID_END_HINT_UNCHECKED = "Its name may hardly tell it from others. Its id stands above."
ID_END_WRONG = "These are not the last 4 characters of this campaign's id."
ALIKE_ONE = ":mag: *Another campaign has nearly the same name* (in Kore.ai's list as of {when}):"
ALIKE_SEVERAL = ":mag: *{count} other campaigns have nearly the same name* (in Kore.ai's list as of {when}):"
ALIKE_KNOWN = ":mag: *Other campaigns may have nearly the same name.* Not all are known to me just now. Among them:"
ALIKE_UNCHECKED = (
    ":mag: *Other campaigns may have nearly the same name.* I could not check, because Kore.ai's list is not at hand."
)
ALIKE_LINE = "•  {name}, {status}, {id}, {updated}"
ALIKE_UPDATED = "updated {when}"
ALIKE_NOT_DATED = "last update unknown"
ALIKE_MORE = "•  and {count} more"
ONE_MORE = "one other person"
MORE = "{count} other people"
NEXT_WITH_APPROVAL = (
    "Next: {count} in {approvals} must agree before anything is deleted. The result comes to {channel}."
)
NEXT_WITHOUT_APPROVAL = (
    "Next: I read it once more, delete it {window}, and look whether it is gone. The result comes to {channel}."
)
PREVIEW_LOST = (
    "I no longer have what you were shown",
    "Nothing was done. Type the command again to see the campaign as it is.",
)
OVER_BUDGET_MEANWHILE = (
    "The budget of deletes was used up meanwhile. Nothing was recorded. You can send it again at {free_again_at} UTC."
)
ALREADY_ASKED = "There is a request for this campaign already ({state}). Nothing new was done."

CHECKING = "Reading the request and the campaign …"
APPROVE_TITLE = "Approve deletion"
APPROVE_SUBMIT = "Approve"
APPROVE_CLOSE = "Not now"
APPROVE_ASKED = "{requester} asks to delete this campaign."
APPROVE_LABEL = "To approve, type {what}"
APPROVE_BY_WORD = "the last word of its name, or the last 4 characters of its id"
APPROVE_BY_ID = "the last 4 characters of its id"
APPROVE_WRONG = "This is neither the last word of the campaign's name nor the last 4 characters of its id."
APPROVE_NEXT_MORE = "Next: {missing} more must agree. Nothing is deleted before that."
APPROVE_NEXT_LAST = "Next: it is deleted {window}. Until then you, the requester and every approver can stop it."
APPROVE_NEXT_AT_ONCE = "Next: it is deleted at once, and nobody can stop it."
AT_ONCE = "at once"
AFTER_WINDOW = "after {seconds} seconds"
REJECT_TITLE = "Reject deletion"
REJECT_SUBMIT = "Reject"
REJECT_LABEL = "Why should it stay?"
REJECT_HINT = f"{REASON_MIN} to {REASON_MAX} characters. The requester reads this."

NOTHING_DONE = "Nothing was done"
OPEN_AGAIN = "Close this window and begin again; what you typed is not kept."
RECORDED = ("Recorded", "The request's message in the channel shows what happens next.")
LEFT_OVER = (
    "I no longer know this.",
    "It comes from an older version of me, so nothing was done. Look for a newer message, or type the command again.",
)
NO_SUCH_REQUEST = ("No such request", "I do not know this request, so nothing was done.")
OBJECTIONS = {
    Objection.ENDED: "Nothing was done. {happened}",
    Objection.ALREADY: "Nothing was done. You have approved it already. {happened}",
    Objection.EXPIRED: "Nothing was done. Nobody decided in time, so the request has expired.",
    Objection.FROZEN: "Nothing was approved, because all requests are frozen. {frozen} The request stays open.",
}
CANNOT_LOOK = (
    "The campaign cannot be read now",
    (
        "I cannot check that it is still the same campaign, so nothing was approved. The request stays open; "
        "press Approve again in a minute."
    ),
)
DRIFTED = (
    "The campaign has changed",
    (
        "It is no longer what was asked for, so the request has ended and nothing is deleted. "
        "The card in the channel says what changed."
    ),
)
VANISHED = ("The campaign is gone", "Kore.ai neither finds nor lists it, so the request has ended. No delete was sent.")
