"""The text of the request cards, their buttons and their threads."""

from deletion.domain.models import AttemptKind, Observation, Overrun, State, Verdict

HEADLINES = {
    State.AWAITING_APPROVAL: "is waiting for approval to be deleted.",
    State.APPROVED: "will be deleted unless it is stopped.",
    State.DELETING: "is being deleted.",
    State.DELETED: "was deleted.",
    State.GONE: "is gone.",
    State.CHANGED: "was not deleted: it has changed since the request.",
    State.FAILED: "was not deleted.",
    State.UNKNOWN: "may or may not have been deleted.",
    State.REBUILDING: "is being rebuilt.",
    State.REBUILT: "was rebuilt as a new campaign. I did not start it.",
    State.REJECTED: "was not deleted: the request was rejected.",
    State.CANCELLED: "was not deleted: the request was withdrawn.",
    State.EXPIRED: "was not deleted: the request was not approved in time.",
    State.STOPPED: "was not deleted: it was stopped in time.",
}
EXPIRED_UNUSED = "was not deleted: the approval expired before I could delete it."
APPROVED_AND_FROZEN = "is approved for deletion, but all requests are frozen."
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
}
NEXT = {
    State.AWAITING_APPROVAL: "Next: approvers in {channel} decide. If they don't approve it by {until}, the request "
    "expires.",
    State.APPROVED: "Next: I re-check the campaign and delete it, no earlier than {after}. Until then it can be "
    "stopped.",
    State.DELETING: "Next: I verify that it is gone, then update {here}.",
    State.DELETED: "This request is closed. Kore.ai documents no undo.",
    State.GONE: "This request is closed. If you didn't expect this, ask who else can delete campaigns in Kore.ai.",
    State.CHANGED: "This request is closed. To delete the campaign as it is now, type the command again.",
    State.FAILED: "This request is closed. To try again, type the command again.",
    State.UNKNOWN: "Next: I keep checking until {watched} and update {here}. "
    "Look at the campaign in Kore.ai's console before you type the command again.",
    State.REBUILDING: "Next: I verify that the new campaign exists, then update {here}.",
    State.REBUILT: "This request is closed. Review and start the new campaign in Kore.ai's console.",
    State.REJECTED: "This request is closed. Talk to the approver who rejected it before you request it again.",
    State.CANCELLED: "This request is closed.",
    State.EXPIRED: "This request is closed. To make a new one, type the command again.",
    State.STOPPED: "This request is closed. To delete the campaign after all, type the command again.",
}
NEXT_WHILE_WAITING = {
    State.APPROVED: "Kore.ai's rate limit has been reached. Next: I re-check the campaign and delete it, no earlier "
    "than {after}. Until then it can be stopped.",
    State.DELETING: "Kore.ai's rate limit has been reached. Next: I check whether the campaign is gone, no earlier "
    "than {after}, then update {here}.",
}
HERE = "this message"
FROZEN_FALLBACK = "All requests are frozen."
UNFREEZE = "`/campaign-delete unfreeze`"
FROZEN_NEXT = {
    State.AWAITING_APPROVAL: f"Next: after an approver types {UNFREEZE}, it can be approved. Until then it can only be "
    "rejected or withdrawn. If it isn't approved by {until}, the request expires.",
    State.APPROVED: f"Next: after an approver types {UNFREEZE}, I re-check the campaign and delete it, no earlier than "
    "{after}. Until then it can be stopped. If requests are still frozen {until}, I won't delete it.",
    State.REBUILDING: "Its rebuild began before the freeze. Next: I verify that the new campaign exists, then update "
    "{here}.",
    State.DELETING: "Its deletion began before the freeze. Next: I verify that it is gone, then update {here}.",
}
GONE_AFTER_A_LOST_ANSWER = (
    "This request is closed. I sent a delete and got no response; it may have been my delete that removed the campaign."
)
DECISION = "Decision"
ATTEMPT = "Kore.ai's response"
OBSERVATION = "Verification"
ASKED = "Requested by {requester}."
DECIDED_ALONE = "Requested and confirmed by {requester}. No approval is required."
APPROVALS = "{count} of {required} approvals{by}."
VERDICTS = {
    Verdict.APPROVED: "Approved by {person}.",
    Verdict.REJECTED: "Rejected by {person}.",
    Verdict.CANCELLED: "Withdrawn by {person}.",
    Verdict.STOPPED: "Stopped by {person}.",
}
ATTEMPTS = {
    AttemptKind.CONFIRMED: "Success",
    AttemptKind.REFUSED: "Refused",
    AttemptKind.NO_ANSWER: "No response; it may or may not have been deleted",
    AttemptKind.NOT_SENT: "No delete was sent",
}
NO_ATTEMPT = {
    State.DELETING: "None yet",
}
NOT_SENT = "No delete was sent"
OBSERVATIONS = {
    Observation.ABSENT: "Not found, and no longer listed",
    Observation.PRESENT: "Still there",
    Observation.UNCLEAR: "Unknown: Kore.ai gave no clear answer",
}
NO_OBSERVATION = {State.CHANGED: "It exists, and has changed", State.STOPPED: "Not checked"}
NOT_LOOKED_YET = "Not checked yet"
CHANGED_FIELD = "{field}: was {before}, now {after}"
NOTHING_THERE = "empty"
MORE_CHANGED = "{count} more fields"
BUDGET_LEFT = (
    "Approved in the hour before {at}: {approved} deletions (limit {limit}), of which {requester} requested {theirs} "
    "(limit {limit_for_one})."
)
BUDGET_USED_UP = {
    Overrun.TEAM: ":warning: One extra approval is required: the hourly limit has been reached. "
    "Approved in the hour before {at}: {approved} deletions (limit {limit}).",
    Overrun.REQUESTER: ":warning: One extra approval is required: {requester} has reached the hourly limit for one "
    "person. Approved in the hour before {at}: {theirs} deletions (limit {limit_for_one}).",
}
APPROVERS_UNREACHED = (
    "The approvers haven't seen this: I can't post in {channel}. Invite me there; I retry for an hour."
)
UNREACHED = "I couldn't post this in {channels}. I retry for an hour; please tell people there yourself."
ORIGIN_UNREACHED = "I couldn't post this in {channel}, where you typed the command, so I'm telling you here."
REASON_GIVEN = "Reason for deletion"
KORE_SAYS = "Kore.ai's message"
CAMPAIGN = "Campaign"
ONE_LIST = "1 contact list"
LISTS = "{count} contact lists"
WHEN_ASKED = "When requested: {content}"
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
STOP = "Stop deletion"
CANCEL_TITLE = "Withdraw the request?"
CANCEL_TEXT = "The campaign won't be deleted. Only the requester can withdraw a request."
CANCEL_CONFIRM = "Withdraw"
CANCEL_DENY = "Keep it open"

STORY = {
    "rebuild requested": "{actor} requested a rebuild.",
    "rebuilt": "The new campaign exists. I made it from the archive and did not start it.",
    "requested": "{actor} requested the deletion.",
    "approved": "{actor} approved.",
    "rejected": "{actor} rejected: {reason}",
    "cancelled": "{actor} withdrew the request.",
    "stopped": "{actor} stopped the deletion in time. Nothing was sent to Kore.ai.",
    "expired": "The request was not approved in time. Nothing was sent to Kore.ai.",
    "expired, unused": "The approval expired before I could delete the campaign.",
    "reminded": "{approvers} This request is still waiting for a decision.",
    "changed": "The campaign has changed since the request ({changed}). Nothing was sent to Kore.ai.",
    "deleted": "Kore.ai confirmed the deletion, and the campaign is no longer there.",
    "gone": "The campaign is gone. I sent no delete.",
    "failed": "It was not deleted. The card says why.",
    "unknown": "I can't tell yet whether it was deleted. I keep checking.",
    "waiting for Kore.ai": "Kore.ai's rate limit has been reached. I'll continue by myself; the card says when.",
    "interrupted, still there": "I was interrupted while deleting. The campaign is still there, so I'll try again.",
}
STORY_AFTER_AN_ATTEMPT = {
    "stopped": "{actor} stopped it before another delete was sent.",
    "changed": "The campaign has changed since the request ({changed}). I sent no further delete.",
    "gone": "The campaign is gone, but Kore.ai did not confirm that I deleted it.",
}
STORY_OVER_BUDGET = {
    Overrun.TEAM: "One extra approval is required: the hourly limit has been reached "
    "({count} approved in the last hour, limit {limit}).",
    Overrun.REQUESTER: "One extra approval is required: the requester has reached the hourly limit for one person "
    "({count} approved in the last hour, limit {limit}).",
}
STORY_OTHERWISE = "The request changed: {event}."
