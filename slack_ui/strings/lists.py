"""The text of a request for many campaigns: its forms, its card, its thread and its summary."""

from deletion.domain.approvals.approval import Objection
from deletion.domain.states import State

TITLE = "Delete campaigns"
PICKER_LABEL = "Which campaigns do you want to delete?"
PICKER_HINT = "Type to search, and choose up to {most}. You'll see the details before you confirm anything."
PICKED = {
    0: "None of the campaigns that match {query} can be deleted as it is. Type something else.",
    1: "One campaign that matches {query} can be deleted, and is chosen. Remove it, or add others.",
}
PICKED_SEVERAL = "{count} campaigns that match {query} can be deleted, and are chosen. Remove some, or add others."
PICKED_MOST = (
    "The first {count} campaigns that match {query} and can be deleted are chosen. Remove some, or add others."
)
TYPED = {1: "You typed one ID. It is chosen, with no other campaign."}
TYPED_SEVERAL = "You typed {count} IDs. All are chosen; the next form says which can't be deleted, and why."
TYPED_TOO_MANY = "You typed {count} IDs. Only the first {most} are chosen."
UNLISTED = "Not in the list that I have"
PICKER_SUBMIT = "Show campaigns"
TOO_MANY = "Choose at most {most} campaigns."
NONE_CHOSEN = "Choose at least one campaign."
LOADING = "Reading the campaigns from Kore.ai …"

NONE_LEFT = ("None of these campaigns can be deleted", "No request was made.")
LEFT_OUT = "Left out of the list"
LEFT_OUT_BECAUSE = "{name} (…{end}): {why}"
UNREAD_NAME = "A campaign that I couldn't read"
UPDATED = "updated {day}"
NOT_DATED = "no update known"
TOTAL = "{count} campaigns"
ONE = "1 campaign"
VERBS = {"are": "is", "were": "was", "wait": "waits"}
CLOSE = "Keep campaigns"
REASON_LABEL = "Why should these campaigns be deleted?"
COUNT_LABEL = "To confirm, type the number of campaigns"
COUNT_HINT = "The list has {count}."
COUNT_WRONG = "The list has {count}. Check it before you continue."
PHRASE_LABEL = "And type {what}"
PHRASE_BY_WORD = "the last word of the first campaign's name"
PHRASE_BY_ID = "the last 4 characters of the first campaign's ID"
ID_ENDS_LABEL = "Type the last 4 characters of the IDs of campaigns {numbers}"
ID_ENDS_HINT = (
    "Campaigns outside the list have, or may have, nearly the same names. In this order, with spaces between them."
)
ID_ENDS_WRONG = "This doesn't match. Type the last 4 characters of the IDs of campaigns {numbers}, in this order."
NAMES_MEANWHILE = (
    "By now, other campaigns have, or may have, nearly the same names as campaigns {numbers}. Nothing was recorded. "
    "Close this window and start again."
)
ALREADY_REQUESTED = "{name}: {why}"
HELD_MEANWHILE = "A campaign of the list was put on hold before you sent this. {why}"
OVER_BUDGET = (
    "So many deletions exceed the hourly limit, and approvals aren't set up here. Nothing was recorded. Choose fewer "
    "campaigns."
)
WARNING = (
    ":warning: *Before you continue*\n"
    "•  You can't undo this: Kore.ai documents no undo.\n"
    "•  Messages already sent are not recalled. Queued messages may still go out.\n"
    "•  Kore.ai doesn't document what happens to reports and history. Export them first if you need them."
)
NEXT_WITH_APPROVAL = (
    "Next: {count} in {approvals} must approve the list. Nothing is deleted before that. Then I delete the campaigns "
    "one after the other, and pause at the first that Kore.ai refuses. I'll post the result in {channel}."
)
NEXT_WITHOUT_APPROVAL = (
    "Next: {undo_phrase}, I re-check and delete the campaigns one after the other, and pause at the first that Kore.ai "
    "refuses. I'll post the result in {channel}."
)
OVER_BUDGET_APPROVAL = ":warning: One extra approval is required: so many deletions exceed the hourly limit."

APPROVE_TITLE = "Approve deletions"
CHECKING = "Re-checking the campaigns …"
ASKED = "{requester} requested that these campaigns be deleted."
STRUCK_LABEL = "Strike campaigns that should be kept"
STRUCK_HINT = "They are closed at once and not deleted."
STRUCK_PLACEHOLDER = "None"
APPROVE_COUNT = "the number of campaigns to delete"
APPROVE_COUNT_HINT = "{count}, less the struck ones."
APPROVE_COUNT_WRONG = "{count} campaigns would be deleted. Check the list, and type this number."
STRUCK_ALL = "To keep all of them, reject the request instead."
NOT_READ = "Left out: Kore.ai didn't show these now. They wait for another approval"
ALREADY_APPROVED = "Left out: you have approved these already"
CLOSED_SINCE = "Closed since the request"
ALIKE_NONE = "No campaign outside this list has nearly the same name as one of these."
ALIKE_ONE = (
    ":mag: *1 campaign has nearly the same name as another outside this list* (in Kore.ai's list as of {when}). Check "
    "that it is the right one:"
)
ALIKE_SEVERAL = (
    ":mag: *{count} campaigns have nearly the same names as others outside this list* (in Kore.ai's list as of "
    "{when}). Check that they are the right ones:"
)
ALIKE_KNOWN = (
    ":mag: *Others outside this list may have nearly the same names.* I don't have Kore.ai's complete list right now. "
    "So far I found:"
)
ALIKE_UNCHECKED = (
    ":mag: *These names are not checked.* Campaigns outside this list may have nearly the same ones; I don't have "
    "Kore.ai's complete list right now."
)
ALIKE_OTHER = "like {other}"
ALIKE_OTHERS = "like {other}, and {count} more"
APPROVE_NEXT = (
    "Next: {undo_phrase}, I re-check and delete the campaigns one after the other, and pause at the first that Kore.ai "
    "refuses. You, the requester and every approver can stop the rest at any time."
)
APPROVE_NEXT_PAUSED = (
    "Next: the list is paused after a campaign that was not deleted, or may not have been. Approved campaigns wait "
    "until the requester or an approver presses Continue."
)
NOTHING_LEFT = (
    "Nothing is left to approve",
    "None of these campaigns waits for approval now. The card in the channel shows what happened to each.",
)
NOTHING_READ = (
    "I can't read the campaigns right now",
    (
        "I can't confirm that they are still the same, so nothing was approved. The request stays open; press Approve "
        "again in a minute."
    ),
)
REJECT_TITLE = "Reject deletions"
REJECT_LABEL = "Why should these campaigns be kept?"

LIST_HEADLINES = {
    State.AWAITING_APPROVAL: "{count} {are} waiting for approval to be deleted.",
    State.APPROVED: "{count} will be deleted unless the deletion is stopped.",
    State.DELETING: "{count} {are} being deleted, one after the other.",
}
PAUSED = "The deletion of a list is paused."
DONE = "{deleted} of {count} {were} deleted."
DONE_AT_LEAST = "At least {deleted} of {count} {were} deleted."
BUDGET = (
    "With this list, the deletions of the hour to {at} are {approved} (limit {limit}), including {theirs} requested by "
    "{requester} (limit {limit_for_one})."
)
THREAD_OVER_BUDGET = "One extra approval is required: with this list, the deletions of the hour exceed a limit."
PROGRESS = "{deleted} of {count} deleted"
# The requests in these states, in this order; "approved" is what waits for its turn.
COUNTS = {
    State.GONE: "{count} gone",
    State.PRACTISED: "{count} practised, not deleted",
    State.CHANGED: "{count} changed",
    State.FAILED: "{count} not deleted",
    State.UNKNOWN: "{count} unknown",
    State.REJECTED: "{count} rejected",
    State.CANCELLED: "{count} withdrawn",
    State.STOPPED: "{count} stopped",
    State.EXPIRED: "{count} expired",
    State.DELETING: "{count} being deleted",
    State.APPROVED: "{count} waiting",
    State.AWAITING_APPROVAL: "{count} awaiting approval",
}
STRUCK = "struck"
BAR_DELETED, BAR_CLOSED, BAR_OPEN = "■", "▨", "□"
COLUMNS = ("Campaign", "When requested", "Now")
RESULTS = {
    State.AWAITING_APPROVAL: "Awaits approval",
    State.APPROVED: "Waiting",
    State.DELETING: "Being deleted",
    State.DELETED: "Deleted",
    State.GONE: "Gone",
    State.PRACTISED: "Practised, not deleted",
    State.CHANGED: "Changed, not deleted",
    State.FAILED: "Not deleted",
    State.UNKNOWN: "May or may not be deleted",
    State.REJECTED: "Rejected, not deleted",
    State.CANCELLED: "Withdrawn, not deleted",
    State.EXPIRED: "Expired, not deleted",
    State.STOPPED: "Stopped, not deleted",
}
RESULT_THERE_AGAIN = "Was gone, and is there again"
RESULT_STRUCK = "Struck, not deleted"
REASON = "Reason for deletion"
PAUSED_ON = ":double_vertical_bar: I paused after {name}: {why}. {count} {wait}. Continue with the rest, or stop it?"
WHY_PAUSED = {State.FAILED: "it was not deleted", State.UNKNOWN: "it may or may not have been deleted"}
WHY_THERE_AGAIN = "it is there again, although it was gone"
WHY_SETTLED = "its result was unclear, and is known now"
SETTLED = (
    ":{emoji}: *{name} {headline}* {why}It is campaign {position} of the list of {count} that you requested "
    "{requested_at}. {link}"
)
SETTLED_BECAUSE = "Its result was unclear, and is known now. "
NEXT = {
    State.AWAITING_APPROVAL: "Next: approval by {more}, in {channel}: {approvers}. If it isn't approved by {until}, "
    "the request expires.",
    State.APPROVED: "Next: I re-check and delete one campaign after the other, no earlier than {after}. What is left "
    "can be stopped at any time.",
    State.DELETING: "Next: I verify that the campaign is gone, and go on. What is left can be stopped at any time.",
}
NEXT_OF_ONE = {
    State.APPROVED: "Next: when the earlier campaigns of its list are done and the list isn't paused, I re-check the "
    "campaign and delete it, no earlier than {after}. Until then it can be stopped.",
}
NEXT_PAUSED = "Next: the requester or an approver continues or stops the rest. If nobody does by {until}, it expires."
NEXT_FROZEN = "Next: after an approver types `/campaign-delete unfreeze`, it goes on from here."
CLOSED = "This request is closed. `/campaign-delete status` with a campaign's ID shows what happened to it."
FIRST = "{requester} requested the deletion of {count} {requested_at}. Request {request_id}."
# The file with the result: its name and whether it is of practice, its title, its columns.
FILE_NAMES = {False: "list-{list_id}.csv", True: "practice-list-{list_id}.csv"}
FILE_TITLE = "Result of list {list_id}, as of {when:%Y-%m-%d %H:%M} UTC"
FILE_COLUMNS = (
    "Position", "Campaign", "Campaign ID", "Status when requested", "Contacts when requested",
    "Messages sent when requested", "Outcome",
    "Message of Kore.ai", "Requester", "Approvers", "Ticket", "Requested at (UTC)", "Deleted at (UTC)", "Practice",
)  # fmt: skip
FILE_AT_LEAST = "at least {count}"
FILE_PRACTICE = {False: "no", True: "yes"}
PART_OF = "Campaign {position} of list {list_id}."
AND_MORE = " and {count} more"

APPROVE = "Approve list …"
REJECT = "Reject list …"
CANCEL = "Withdraw list"
STOP = "Stop the rest"
CONTINUE = "Continue"
CANCEL_TEXT = "No campaign of the list that waits for approval will be deleted. Only the requester can withdraw it."

# The lines of the thread about several campaigns.
LINES = {
    "requested": "{actor} requested the deletion of {count}. {call}",
    "approved": "{actor} approved {count}.",
    "rejected": "{actor} rejected {count}: {reason}",
    "cancelled": "{actor} withdrew the request for {count}.",
    "stopped": "{actor} stopped the rest: {count} {were} not deleted.",
    "approval withdrawn": "{actor} withdrew their approval of {count}. {call}",
    "continued": "{actor} continued the deletion of {count}.",
    "expired": "{count} {were} not approved in time. Nothing was sent to Kore.ai.",
    "expired, unused": "The approval of {count} expired before I could delete them.",
    "escalated": "No decision has been made yet. {escalated} may now decide as well; the number of approvals needed "
    "stays the same. {decide_by}",
    "reminded": "{approvers} The request for {count} is still waiting for a decision. {decide_by} {link}",
}
APPROVED_WITH_COMMENT = "{actor} approved {count}: {reason}"
EXPIRED_AFTER_AN_ATTEMPT = "{count} {were} not approved in time. I sent no further delete."
STRUCK_LINE = "{actor} struck {count} from the list."
# The card of a list shows no reason.
LINES_OF_ONE = {"failed": "It was not deleted. `/campaign-delete status` with its ID says why."}
LINE_OF_ONE = "{name}: {line}"

OBJECTIONS = {
    Objection.ENDED: "The list has changed since this was shown, so nothing was done. Look at the card, and try again.",
    Objection.ALREADY: "You have already approved this list.",
    Objection.EXPIRED: "The request was not approved in time, so it has expired.",
    Objection.REMINDED: "The approvers were called a few minutes ago. Try again later.",
    Objection.APPROVED_SINCE: "You approved this after the button was shown, so your approval stays. To withdraw it, "
    "press the button on the updated message.",
    Objection.FROZEN: "{frozen} The request stays open.",
    Objection.HELD: "A campaign of the list was put on hold, so nothing was approved. Press Approve again: the list is "
    "then shown without it.",
}
APPROVE_NEXT_MORE = "Next: after yours, {missing} more must approve. Nothing is deleted before that."
