"""The text of the card, the thread and the result file of a list, and the number of its campaigns."""

from deletion.domain.states import State

UPDATED = "updated {day}"
NOT_DATED = "last update unknown"
TOTAL = "{count} campaigns"
ONE = "1 campaign"
VERBS = {"are": "is", "were": "was", "wait": "waits", "lack": "lacks", "them": "it"}

LIST_HEADLINES = {
    State.AWAITING_APPROVAL: "{count} {are} waiting for approval to be deleted.",
    State.APPROVED: "{count} will be deleted unless the deletion is stopped.",
    State.DELETING: "{count} {are} being deleted, one after the other.",
}
LIST_FROZEN = "{count} {are} approved for deletion, but all requests are frozen."
LACKING = "{count} {lack} approvals that my settings require now."
PAUSED = "The deletion of a list is paused."
DONE = "{deleted} of {count} {were} deleted."
DONE_AT_LEAST = "At least {deleted} of {count} {were} deleted."
BUDGET = (
    "With this list, the deletions of the hour before {at} are {approved} (limit {limit}), including {theirs} "
    "requested by {requester} (limit {limit_for_one})."
)
OVER_BUDGET = "One extra approval is required: a limit is exceeded."
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
DECISION_OF_SOME = "{count}: {said}"
DECISION_OF_OTHERS = "{count}: `/campaign-delete status` with the ID shows the decision."
AT_LEAST = "at least {more}"
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
    State.STOPPED: "Deletion stopped, not deleted",
}
RESULT_THERE_AGAIN = "Was gone, and is there again"
RESULT_STRUCK = "Struck, not deleted"
REASON = "Reason for deletion"
PAUSED_ON = ":double_vertical_bar: I paused after {name}: {why}. {count} {wait}."
PAUSED_ON_AND_ASKED = f"{PAUSED_ON} Continue with the rest, or stop it?"
WHY_PAUSED = {State.FAILED: "it was not deleted", State.UNKNOWN: "it may or may not have been deleted"}
# The direct message about a pause; the reasons stay true.
PAUSED_AT = (
    ":double_vertical_bar: *I paused your list of {count} {paused_at}, after {name}: {why}.* You requested it "
    "{requested_at}."
)
WHY_PAUSED_THEN = {True: "it was not deleted", False: "its result was unclear"}  # whether it has failed
PAUSE_WAITS = {
    False: "{count} {wait}. You or an approver can continue with the rest or stop it. If neither does by {until}, it "
    "expires.",
    True: "{count} {wait}. You or an approver can stop the rest now, or continue with it after an approver types "
    "`/campaign-delete unfreeze`. If neither does by {until}, it expires.",
}  # whether requests are frozen
PAUSE_IS_OVER = "It isn't paused any more."
PAUSED_NOW = "I paused the list. {waits}"
WHY_THERE_AGAIN = "it is there again, although it was gone"
WHY_SETTLED = "its result was unclear, and is known now"
SETTLED = (
    ":{emoji}: *{name} {headline}* {why}It is campaign {position} of the list of {count} that you requested "
    "{requested_at}."
)
SETTLED_BECAUSE = "Its result was unclear, and is known now. "
NEXT = {
    State.AWAITING_APPROVAL: "Next: approval by {more}, in {channel}: {approvers}. If it isn't approved by {until}, "
    "the request expires.",
    State.APPROVED: "Next: I re-check and delete one campaign after the other, no earlier than {after}. The rest "
    "can be stopped at any time.",
    State.DELETING: "Next: I verify that the campaign is gone, and go on. The rest can be stopped at any time.",
}
NEXT_OF_ONE = {
    State.APPROVED: "Next: when the earlier campaigns of its list are done and the list isn't paused, I re-check the "
    "campaign and delete it, no earlier than {after}. Until then it can be stopped.",
}
NEXT_OF_ONE_FROZEN = {
    State.APPROVED: "Next: after an approver types `/campaign-delete unfreeze`, when the earlier campaigns of its list "
    "are done and the list isn't paused, I re-check the campaign and delete it, no earlier than {after}. Until then it "
    "can be stopped. If requests are still frozen {until}, I won't delete it.",
}
NEXT_PAUSED = "Next: the requester or an approver continues or stops the rest. If neither does by {until}, it expires."
NEXT_PAUSED_AND_FROZEN = (
    "Next: after an approver types `/campaign-delete unfreeze`, the requester or an approver continues or stops the "
    "rest. If neither does by {until}, it expires."
)
# By whether some campaigns are approved, and whether some await approval.
NEXT_FROZEN = {
    (True, False): "Next: after an approver types `/campaign-delete unfreeze`, I continue with the list. "
    "If requests are still frozen {until}, the rest expires.",
    (False, True): "Next: after an approver types `/campaign-delete unfreeze`, it can be approved. "
    "If it isn't approved by {until}, it expires.",
    (True, True): "Next: after an approver types `/campaign-delete unfreeze`, I continue, and the rest can be "
    "approved. Otherwise they expire from {until} on.",
}
CLOSED = "This request is closed. `/campaign-delete status` with a campaign's ID shows what happened to it."
FIRST = "{requester} requested the deletion of {count} {requested_at}. Request {request_id}."
# The file with the result: its name and whether it is of practice, its title and whether it is corrected, its columns.
FILE_NAMES = {False: "list-{list_id}{corrected}.csv", True: "practice-list-{list_id}{corrected}.csv"}
FILE_CORRECTED = "-corrected"
FILE_TITLES = {
    False: "Result of list {list_id}, as of {when:%Y-%m-%d %H:%M} UTC",
    True: "Corrected result of list {list_id}, as of {when:%Y-%m-%d %H:%M} UTC",
}
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
# The rest of a list after its requester withdrew, or a person stopped, the other part.
STILL_APPROVED = (
    "That withdrew only what was waiting for approval. {count} {were} approved before. To keep what isn't deleted yet, "
    "press Stop the rest on the current message."
)
STILL_AWAITING = (
    "That stopped only what was approved. {count} still {wait} for approval: the requester can withdraw the list, or "
    "an approver can reject it."
)

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
    "expired, unused": "The approval of {count} expired before I could delete {them}.",
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
