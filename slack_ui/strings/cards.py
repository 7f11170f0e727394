"""The text of the request cards, their buttons and their threads."""

from deletion.domain.approvals.approval import WITHDRAWN
from deletion.domain.approvals.denial import Denial
from deletion.domain.budget import Overrun
from deletion.domain.models import Purpose, Verdict
from deletion.domain.states import State
from deletion.domain.witnesses import Source

EMOJI = {
    State.AWAITING_APPROVAL: "raised_hand",
    State.APPROVED: "hourglass_flowing_sand",
    State.DELETING: "hourglass_flowing_sand",
    State.DELETED: "wastebasket",
    State.GONE: "ghost",
    State.CHANGED: "octagonal_sign",
    State.FAILED: "x",
    State.UNKNOWN: "question",
    State.REBUILDING: "hourglass_flowing_sand",
    State.REBUILT: "recycle",
    State.REJECTED: "no_entry",
    State.CANCELLED: "leftwards_arrow_with_hook",
    State.EXPIRED: "hourglass",
    State.STOPPED: "octagonal_sign",
    State.PRACTISED: "test_tube",
    State.STOPPING: "hourglass_flowing_sand",
    State.CAMPAIGN_STOPPED: "octagonal_sign",
}
FIRST = {
    Purpose.DELETE: "{requester} requested the deletion of {campaign} ({campaign_id}) {requested_at}. "
    "Request {request_id}.",
    Purpose.REBUILD: "{requester} requested a rebuild of {campaign} ({campaign_id}) {requested_at}. "
    "Request {request_id}.",
    Purpose.STOP: "{requester} requested a stop of {campaign} ({campaign_id}) {requested_at}. Request {request_id}.",
    Purpose.STOP_AND_DELETE: "{requester} requested the stop and deletion of {campaign} ({campaign_id}) "
    "{requested_at}. Request {request_id}.",
}
WITHHELD = {
    purpose: f"There is news about the {what} of a campaign. I don't show names here, because this channel is "
    "shared with another organization. Members of the workspace find the details on my Home tab."
    for purpose, what in {
        Purpose.DELETE: "deletion",
        Purpose.REBUILD: "rebuild",
        Purpose.STOP: "stop",
        Purpose.STOP_AND_DELETE: "stop and deletion",
    }.items()
}
NOT_CURRENT = "This message is no longer updated, so its buttons do nothing. Use the current one."
POINTER = "This is an outdated copy of {link}."
POINTER_LINK = "the message about this request"
HERE = "this message"
CLOSED = "This request is closed."
UNKNOWN_IN_OTHER_ACCOUNT = (
    "I can't check this: its Kore.ai account or application is no longer in my settings. Look at the campaign in "
    "Kore.ai's console."
)
GONE_AFTER_A_LOST_ANSWER = (
    "This request is closed. I sent a delete and got no clear answer; it may have been my delete that removed the "
    "campaign."
)
DECISION = "Decision"
ATTEMPT = "Kore.ai's response"
OBSERVATION = "Verification"
NO_CLEAR_ANSWER = "No clear answer"
# By the second source, beside the read by id.
ABSENT_BY = {
    Source.STATUS: "Not found, and Kore.ai has no status for it",
    Source.LIST_BY_DATE: "Not found, and no longer listed",
    Source.LIST: "Not found, and no longer listed",
}
ASKED = "Requested by {requester}."
DECIDED_ALONE = "Requested and confirmed by {requester}. No approval is required."
APPROVALS = "{count} of {required} approvals{by}."
RULE = "Needed: {parts}."
RULE_PART = "{count} from {group}"
RULE_REST = "{count} from any approver"
RULE_ONE_MORE = "some from 1 more group"
RULE_MORE = "some from {count} more groups"
RULE_SEVERAL = "{count} from several groups"
OR = " or "
STILL_NEEDED = "Still needed: {parts}."
STILL_NEEDED_AFTER_YOURS = "Still needed after yours: {parts}."
ESCALATED = "Escalated {when}: {approvers} may decide as well."
ESCALATED_TO_NO_OTHER = "No decision has been made yet. {approvers} {decide_by}"
WAITS = "This request is waiting for a decision."
DECIDE_BY = "Please approve or reject it by {until}."
DECIDE_AFTER_THE_FREEZE = (
    "All requests are frozen. After an approver types `/campaign-delete unfreeze`, please approve or reject it by "
    "{until}."
)
REMINDER = "{campaign} ({campaign_id}), requested by {requester}. {decide_by} {link}"
CALLED_NO_MORE = "It no longer waits for your decision."
REMINDER_BY = "Reminder sent by {actor}."
LATE_CALLS = {
    "reminded": "The request was still waiting for a decision when this reminder was due.",
    "escalated": "No decision had been made in time, so more people were allowed to decide.",
}
# The lines of a thread that arrive when what they say has passed.
LATE_LINES = {
    "unknown": "The result was unclear at first.",
    "reappeared": "The campaign was there again, although it had been gone.",
    "waiting for Kore.ai": "Kore.ai's rate limit had been reached, so the request had to wait.",
    "stop verified": "The campaign was stopped: its status said so, and so did the campaign itself.",
    "no stop needed": "The campaign was in a status that needed no stop.",
}
REMINDED = "I'm posting the reminder in {channel}."
LACKS_APPROVALS = "lacks approvals that my settings require now."
NEXT_LACKING = "Next: I ask for the missing approvals, no earlier than {after}."
NEXT_LACKING_FROZEN = (
    "Next: after an approver types `/campaign-delete unfreeze`, I ask for the missing approvals, no earlier than "
    "{after}. If requests are still frozen {until}, the request expires."
)
STRUCK = "The approval by {person} no longer counts: {why}."
# Each ends that sentence. A reason that a newer version of the bot wrote is shown as it is.
LAPSES: dict[str, str] = {
    Denial.DEACTIVATED: "their account is deactivated",
    Denial.GUEST: "they are a guest now",
    Denial.STRANGER: "they belong to another workspace now",
    Denial.BOT: "their account is a bot",
    Denial.NOT_AN_APPROVER: "they are no longer an approver",
    Denial.OWN_REQUEST: "they are the requester, with another account",
    Denial.ALREADY_APPROVED_BY_PERSON: "the same person has approved with another account",
    Denial.UNVERIFIED_EMAIL: "Slack shows no confirmed email address for them",
    Denial.UNVERIFIED_REQUESTER: "Slack shows no confirmed email address for the requester",
    WITHDRAWN: "they withdrew it",
}
VERDICTS = {
    Verdict.APPROVED: "Approved by {person}.",
    Verdict.REJECTED: "Rejected by {person}.",
    Verdict.CANCELLED: "Withdrawn by {person}.",
    Verdict.STOPPED: "Stopped by {person}.",
}
# Where a campaign is to be stopped, what the person stopped is the request.
STOPPED_BY = {
    Purpose.STOP: "Taken back by {person}.",
    Purpose.STOP_AND_DELETE: "Deletion stopped by {person}.",
}
NO_OBSERVATION = {State.CHANGED: "It exists, and has changed"}
NOT_CHECKED = "Not checked"
NOT_CHECKED_YET = "Not checked yet"
CHANGED_FIELD = "{field}: was {before}, now {after}"
EMPTY_VALUE = "empty"
MORE_CHANGED = "{count} more fields"
ONE_MORE_CHANGED = "1 more field"
BUDGET_LEFT = (
    "Deletions approved in the hour before {at}: {approved} (limit {limit}), including {theirs} requested by "
    "{requester} (limit {limit_for_one})."
)
BUDGET_USED_UP = {
    Overrun.TEAM: ":warning: One extra approval is required: the hourly limit has been reached. "
    "Deletions approved in the hour before {at}: {approved} (limit {limit}).",
    Overrun.REQUESTER: ":warning: One extra approval is required: {requester} has reached the hourly limit for one "
    "person. Their deletions approved in the hour before {at}: {theirs} (limit {limit_for_one}).",
}
MEMBERS = {None: "(number of members unknown)", 0: "(no members)", 1: "(1 member)"}
MORE_MEMBERS = "({count} members)"
ONE_MORE_APPROVAL = "one more person"
MORE_APPROVALS = "{count} more people"
NO_APPROVER_LEFT = "no other approver is listed; ask the people who run this bot to add some"
NO_APPROVALS_CHANNEL = (
    "It can't be approved: my settings name no channel for approvals. The requester can withdraw it and make a new "
    "request. Otherwise it expires {until}."
)
CAMPAIGN = "Campaign"
ARCHIVED = "In the archive: {content}"
WHEN_ASKED = "When requested: {content}"
TICKET = "Ticket"
APPROVED_WITH_COMMENT = "{actor} approved: {reason}"
WHOLE_ID = "ID {id}"
WHOLE_IDS = "ID {id}, new ID {created}"
DETAILS = "Details"
REJECTED_BECAUSE = "Reason for rejection"
CHANGED_FIELDS = "What changed"
AS_OF = "As of {when}."
FIELDS = {
    "name": "Name",
    "status": "Status",
    "format": "Format",
    "schedule": "Schedule",
    "contact_lists": "Contact lists",
    "dialing_strategy": "Calling hours",
    "caller_id": "Caller ID",
    "experience_flow": "Experience flow",
    "message": "Message text",
    "updated_at": "Last updated",
    "description": "Description",
    "priority": "Priority",
    "dncLists": "Do-not-contact list",
    "campaignInstanceId": "Campaign run",
    "campaignInstanceUpdatedAt": "Last run updated",
    "totalMessagesSent": "Messages sent",
    "dialingMode": "Dialing mode",
    "connection": "Connection",
    "queue": "Queue",
    "createdAt": "Created",
    "more fields": "More fields",
}

APPROVE = "Approve …"
REJECT = "Reject …"
CANCEL = "Withdraw"
CANCEL_TITLE = "Withdraw the request?"
CANCEL_CONFIRM = "Withdraw"
CANCEL_DENY = "Keep it open"
REMIND = "Remind approvers"
WITHDRAW_APPROVAL = "Withdraw approval"
WITHDRAW_APPROVAL_TITLE = "Withdraw your approval?"
WITHDRAW_APPROVAL_TEXT = (
    "The request waits for approval again. Only people who have approved it can withdraw an approval, each their own."
)
WITHDRAW_APPROVAL_CONFIRM = "Withdraw approval"
WITHDRAW_APPROVAL_DENY = "Keep it"

THREAD_OVER_BUDGET = {
    Overrun.TEAM: "One extra approval is required: the hourly limit has been reached "
    "({count} approved in the last hour, limit {limit}).",
    Overrun.REQUESTER: "One extra approval is required: the requester has reached the hourly limit for one person "
    "({count} approved in the last hour, limit {limit}).",
}
THREAD_UNCHECKED = "I can't tell whether it took effect, and I can't check it now. The message above says why."
THREAD_OTHERWISE = "The request changed: {event}."
