"""The text of a request to rebuild a deleted campaign, and of its modal."""

from dataclasses import replace

from deletion.domain.attempt import AttemptKind, Observation
from deletion.domain.states import State
from deletion.lifecycle.archive import Unopened
from slack_ui.strings.deletion import DELETION
from slack_ui.strings.request_strings import UNFREEZE

_WARNING = (
    ":recycle: *What a rebuild does*\n"
    "•  It makes a new campaign with the same name, texts, contact lists and calling hours.\n"
    "•  The new campaign is *not started* and has no schedule. You start it in Kore.ai's console.\n"
    "•  It gets a new ID. Anything that uses the old ID won't find it.\n"
    "•  History, reports and delivery statistics do not come back."
)
REBUILD = replace(
    DELETION,
    headlines={
        **DELETION.headlines,
        State.AWAITING_APPROVAL: "is waiting for approval to be rebuilt.",
        State.APPROVED: "will be rebuilt unless the rebuild is stopped.",
        State.FAILED: "was not rebuilt.",
        State.UNKNOWN: "may or may not have been rebuilt.",
        State.REJECTED: "was not rebuilt: the request was rejected.",
        State.CANCELLED: "was not rebuilt: the request was withdrawn.",
        State.EXPIRED: "was not rebuilt: the request was not approved in time.",
        State.STOPPED: "was not rebuilt: the rebuild was stopped in time.",
    },
    expired_unused="was not rebuilt: the approval expired before I could rebuild it.",
    approved_and_frozen="is approved for a rebuild, but all requests are frozen.",
    next_steps={
        **DELETION.next_steps,
        State.APPROVED: "Next: I make a new campaign from the archive, no earlier than {after}. Until then it can be "
        "stopped.",
        State.FAILED: "This request is closed. To try again, press Rebuild on the message about its deletion.",
        State.UNKNOWN: "Next: I keep checking until {watched} and update {here}. "
        "Look for a new campaign with this name in Kore.ai's console before you request another rebuild.",
        State.EXPIRED: "This request is closed. To make a new one, press Rebuild on the message about its deletion.",
        State.STOPPED: "This request is closed. To rebuild the campaign after all, press Rebuild on the message about "
        "its deletion.",
    },
    next_steps_while_rate_limited={
        **DELETION.next_steps_while_rate_limited,
        State.APPROVED: "Kore.ai's rate limit has been reached. Next: I make a new campaign from the archive, no "
        "earlier than {after}. Until then it can be stopped.",
        State.REBUILDING: "Kore.ai's rate limit has been reached. Next: I check whether the new campaign exists, no "
        "earlier than {after}, then update {here}.",
    },
    next_steps_while_frozen={
        **DELETION.next_steps_while_frozen,
        State.APPROVED: f"Next: after an approver types {UNFREEZE}, I make a new campaign from the archive, no earlier "
        "than {after}. Until then it can be stopped. If requests are still frozen {until}, I won't make it.",
    },
    attempts={
        **DELETION.attempts,
        AttemptKind.NO_ANSWER: "No clear answer; it may or may not have been rebuilt",
        AttemptKind.NOT_SENT: "Nothing was sent",
    },
    no_attempt={**DELETION.no_attempt, State.REBUILDING: "None yet"},
    observations={
        **DELETION.observations,
        Observation.ABSENT: "Kore.ai lists no new campaign",
        Observation.PRESENT: "The new campaign exists",
    },
    thread_lines={
        **DELETION.thread_lines,
        "expired, unused": "The approval expired before I could rebuild the campaign.",
        "stopped": "{actor} stopped the rebuild in time. Nothing was sent to Kore.ai.",
        "failed": "It was not rebuilt. The message above says why.",
        "unknown": "I can't tell yet whether it was rebuilt. I keep checking.",
    },
    warning=_WARNING,
    warning_if_archived=_WARNING,
    reason_question="Why should this campaign be rebuilt?",
    next_with_approval="Next: {count} in {approvals} must approve. Nothing is made before that. "
    "I'll post the result in {channel}.",
    next_without_approval="Next: I make the new campaign {undo_phrase} and verify that it exists. "
    "I'll post the result in {channel}.",
    reason_label="Reason for rebuild",
    stop_button="Stop rebuild",
    withdraw_text="The campaign won't be rebuilt. Only the requester can withdraw a request.",
    approve_title="Approve rebuild",
    approve_asked="{requester} requested that this deleted campaign be rebuilt.",
    approve_next_more="Next: after yours, {missing} more must approve. Nothing is made before that.",
    approve_next_last="Next: {undo_phrase}, I make the new campaign. "
    "Until then you, the requester and every approver can stop it.",
    approve_next_at_once="Next: I make the new campaign immediately. Once you approve, it can't be stopped.",
    reject_title="Reject rebuild",
    reject_label="Why should this campaign not be rebuilt?",
)

BUTTON = "Rebuild …"
NEW_CAMPAIGN = "New campaign"
FLOW = "Experience flow"  # as the requester typed it
TITLE = "Rebuild campaign"
SUBMIT = "Rebuild"
SUBMIT_ASK = "Request approval"
CLOSE = "Not now"
FLOW_LABEL = "Name of the experience flow"
FLOW_HINT = "Kore.ai doesn't return the flow's name for a deleted campaign. Look it up in Kore.ai's console."
FLOW_MISSING = "Enter the experience flow's name, as Kore.ai's console shows it."
ALREADY_REQUESTED = ("A rebuild was already requested", "{name} {headline} Nothing new was recorded.")
ALREADY_REBUILT = ("Already rebuilt", "{name} was rebuilt {when} as {created_id}. Nothing new was recorded.")
DELETION_REQUESTED = ("This campaign has an open request", "{name} {headline} Nothing new was recorded.")
DELETED_AGAIN = (
    "This campaign was deleted again",
    (
        "{name} was there again. Another request ended {when}, and it is gone again. I rebuild it only as it was then: "
        "see {link}. Nothing new was recorded."
    ),
)
CAN_BE_REBUILT = (
    "Kore.ai documents no undo, but while the archive has a copy of it, Rebuild can make a new campaign with the same "
    "content, with a new ID and without its history."
)
CAN_BE_REBUILT_ELSEWHERE = (
    "Kore.ai documents no undo, but while the archive has a copy of it, Rebuild, on its message in {channel}, can make "
    "a new campaign with the same content, with a new ID and without its history."
)
REBUILT = "Rebuilt {when} as {created_id}, a new campaign without the history of this one."
NOT_NOW = ("This campaign can't be rebuilt", "{name}: I can rebuild only campaigns that were deleted through this bot.")
THERE_AGAIN = "{name} was gone and is there again, or may be, so I won't create another one."
UNOPENED = {
    Unopened.NOT_THERE: "The archive has no copy of it.",
    Unopened.NO_KEY: "The archive has only its hash, because no archive key was set when it was deleted.",
    Unopened.KEY_GONE: "None of my archive keys opens its copy. Ask the people who run this bot to add the old key.",
    Unopened.OTHER_ACCOUNT: "It was deleted in another Kore.ai account than the one in my settings now.",
    Unopened.ALTERED: "Its copy in the archive was altered, so I won't use it. Tell the people who run this bot.",
}
