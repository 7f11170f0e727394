"""Every sentence of the cards, their buttons and threads. With the other files of words, all that people read."""

from deletion.domain.models import AttemptKind, Observation, Overrun, State, Verdict

HEADLINES = {
    State.AWAITING_APPROVAL: "waits for approval.",
    State.APPROVED: "will be deleted unless somebody stops it.",
    State.DELETING: "is being deleted.",
    State.DELETED: "was deleted.",
    State.GONE: "is gone.",
    State.CHANGED: "was not deleted: it has changed since it was asked for.",
    State.FAILED: "was not deleted.",
    State.UNKNOWN: "may or may not be deleted.",
    State.REBUILDING: "is being rebuilt.",
    State.REBUILT: "was rebuilt as a new campaign, which is not started.",
    State.REJECTED: "was not deleted: the request was rejected.",
    State.CANCELLED: "was not deleted: the request was withdrawn.",
    State.EXPIRED: "was not deleted: nobody decided in time.",
    State.STOPPED: "was not deleted: it was stopped in time.",
}
EXPIRED_UNUSED = "was not deleted: it was approved, and could not be deleted in time."
APPROVED_AND_FROZEN = "is approved, and waits: all requests are frozen."
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
    State.AWAITING_APPROVAL: "Next: somebody in {channel} decides, until {until}. After that the request expires.",
    State.APPROVED: "Next: it is read once more, then deleted, not before {after}. Until then it can be stopped.",
    State.DELETING: "Next: I look whether it is gone, and {here} will say how it ended.",
    State.DELETED: "Nothing more happens. Kore.ai documents no undo.",
    State.GONE: "Nothing more happens. Ask who else deletes campaigns if this surprises you.",
    State.CHANGED: "Nothing more happens. To delete it as it is now, type the command again.",
    State.FAILED: "Nothing more happens. To try again, type the command again.",
    State.UNKNOWN: "Next: I look again now and then until {watched}, and {here} says what I see. "
    "Look at it in Kore.ai's console before anybody types the command again.",
    State.REBUILDING: "Next: I look whether it is there. This message will say how it ended.",
    State.REBUILT: "Nothing more happens. Look at it in Kore.ai's console; somebody has to start it there.",
    State.REJECTED: "Nothing more happens. Talk to the person who rejected it before you ask again.",
    State.CANCELLED: "Nothing more happens.",
    State.EXPIRED: "Nothing more happens. To ask again, type the command again.",
    State.STOPPED: "Nothing more happens. To delete it after all, type the command again.",
}
NEXT_WHILE_WAITING = {
    State.APPROVED: "Kore.ai's limit of calls a minute is used up. Next: it goes on by itself, not before {after}. "
    "Then it is read once more and deleted. Until then it can be stopped.",
    State.DELETING: "Kore.ai's limit of calls a minute is used up. Next: I look whether it is gone, "
    "not before {after}, and {here} will say how it ended.",
}
HERE = "this message"
FROZEN_FALLBACK = "All requests are frozen."
UNFREEZE = "`/campaign-delete unfreeze`"
FROZEN_NEXT = {
    State.AWAITING_APPROVAL: f"Next: nobody can approve it before an approver types {UNFREEZE}. It can be rejected or "
    "withdrawn. Without a decision it expires {until}.",
    State.APPROVED: f"Next: it is read once more, then deleted, as soon as an approver has typed {UNFREEZE}, and not "
    "before {after}. Until then it can be stopped. If nobody has by {until}, it is not deleted.",
    State.REBUILDING: "Next: its rebuild had begun before the freeze, so I look whether it is there, and {here} will "
    "say how it ended.",
    State.DELETING: "Next: its delete had begun before the freeze, so I look whether it is gone, and {here} will say "
    "how it ended.",
}
GONE_AFTER_A_LOST_ANSWER = (
    "Nothing more happens. Our delete was sent and its answer was lost, so it may well have been ours."
)
DECISION = "Decision"
ATTEMPT = "Kore.ai's answer"
OBSERVATION = "Our own look"
ASKED = "{requester} asked."
DECIDED_ALONE = "{requester} asked and confirmed; this team asks for no further approval."
APPROVALS = "{count} of {required} have approved{by}."
VERDICTS = {
    Verdict.APPROVED: "Approved by {person}.",
    Verdict.REJECTED: "Rejected by {person}.",
    Verdict.CANCELLED: "Withdrawn by {person}.",
    Verdict.STOPPED: "Stopped by {person}.",
}
ATTEMPTS = {
    AttemptKind.CONFIRMED: "Success",
    AttemptKind.REFUSED: "Refused",
    AttemptKind.NO_ANSWER: "None to our delete, so it may or may not have happened",
    AttemptKind.NOT_SENT: "No delete was sent",
}
NO_ATTEMPT = {
    State.DELETING: "Not here yet",
}
NOT_SENT = "No delete was sent"
OBSERVATIONS = {
    Observation.ABSENT: "Gone: Kore.ai does not find it and does not list it",
    Observation.PRESENT: "Still there",
    Observation.UNCLEAR: "Could not be seen: Kore.ai did not tell",
}
NO_OBSERVATION = {State.CHANGED: "It is there, and it has changed", State.STOPPED: "Not looked"}
NOT_LOOKED_YET = "Not looked yet"
CHANGED_FIELD = "{field}: was {before}, now {after}"
MORE_CHANGED = "{count} more fields"
NOTHING_THERE = "nothing"
BUDGET_LEFT = (
    "As of {at}, approved within the last hour: {approved} of {limit} deletes, and {theirs} of {limit_for_one} that "
    "{requester} asked for."
)
BUDGET_USED_UP = {
    Overrun.TEAM: ":warning: One more approval than usual, because the budget of deletes is used up. "
    "As of {at}, approved within the last hour: {approved}. The budget is {limit} an hour.",
    Overrun.REQUESTER: ":warning: One more approval than usual, because {requester} has used up the budget of one "
    "person. As of {at}, approved within the last hour: {theirs}. The budget is {limit_for_one} an hour.",
}
APPROVERS_UNREACHED = (
    "The approvers could not be told: I cannot post in {channel}. Invite me there; I try again for an hour."
)
UNREACHED = "Could not be told: {channels}. I try again for an hour; please tell them."
ORIGIN_UNREACHED = "I could not post this in {channel}, where you typed the command, so I tell you here."
REASON_GIVEN = "Why delete it"
KORE_SAYS = "Kore.ai says"
CAMPAIGN = "Campaign"
ONE_LIST = "1 contact list"
LISTS = "{count} contact lists"
WHEN_ASKED = "When asked for: {content}"
REJECTED_BECAUSE = "Why keep it"
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
STOP = "Stop the delete"
CANCEL_TITLE = "Withdraw the request?"
CANCEL_TEXT = "Nothing is deleted then. Only the person who asked can withdraw."
CANCEL_CONFIRM = "Withdraw"
CANCEL_DENY = "Leave it open"

STORY = {
    "rebuild requested": "{actor} asked to rebuild it.",
    "rebuilt": "A new campaign is there, made of what was archived. Nobody has started it.",
    "requested": "{actor} asked to delete it.",
    "approved": "{actor} approved.",
    "rejected": "{actor} rejected: {reason}",
    "cancelled": "{actor} withdrew the request.",
    "stopped": "{actor} stopped the delete in time. Nothing was sent to Kore.ai.",
    "expired": "Nobody decided in time. Nothing was sent to Kore.ai.",
    "expired, unused": "It was approved, and could not be deleted in time. The approval no longer counts.",
    "reminded": "{approvers} This still waits for a decision.",
    "changed": "The campaign is no longer what was asked for ({changed}). Nothing was sent to Kore.ai.",
    "deleted": "Kore.ai said it was deleted, and I no longer find it.",
    "gone": "The campaign is gone, without Kore.ai saying that we deleted it.",
    "failed": "It was not deleted. The card says why.",
    "unknown": "Nobody knows yet whether it was deleted. I look again now and then.",
    "waiting for Kore.ai": "Kore.ai's limit of calls a minute is used up. It goes on by itself; the card says when.",
    "interrupted, still there": "I was interrupted while deleting; the campaign is still there, so I try once more.",
}
STORY_AFTER_AN_ATTEMPT = {
    "stopped": "{actor} stopped it before another delete was sent.",
    "changed": "The campaign is no longer what was asked for ({changed}). No other delete was sent.",
}
STORY_OVER_BUDGET = {
    Overrun.TEAM: "One more than usual must agree, because the budget of deletes is used up: "
    "{count} approved within the last hour, {limit} allowed.",
    Overrun.REQUESTER: "One more than usual must agree, because the requester has used up the budget of one person: "
    "{count} approved within the last hour, {limit} allowed.",
}
STORY_OTHERWISE = "The request moved on: {event}."
