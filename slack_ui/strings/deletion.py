"""The text of a request to delete a campaign."""

from deletion.domain.attempt import AttemptKind, Observation
from deletion.domain.states import State
from slack_ui.strings.request_strings import UNFREEZE, RequestStrings

_WARNING = (
    ":warning: *Before you continue*\n"
    "•  You can't undo this: Kore.ai documents no undo.{rebuild}\n"
    "•  Messages already sent are not recalled. Queued messages may still go out.\n"
    "•  Kore.ai doesn't document what happens to reports and history. Export them first if you need them.\n"
    "•  Contact lists are stored separately. Kore.ai's documentation doesn't say that they are deleted too."
)
DELETION = RequestStrings(
    headlines={
        State.AWAITING_APPROVAL: "is waiting for approval to be deleted.",
        State.APPROVED: "will be deleted unless the deletion is stopped.",
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
        State.STOPPED: "was not deleted: the deletion was stopped in time.",
        State.PRACTISED: "would have been deleted. This was practice, so I sent nothing.",
        State.STOPPING: "is being stopped.",
        State.CAMPAIGN_STOPPED: "was stopped.",
    },
    expired_unused="was not deleted: the approval expired before I could delete it.",
    approved_and_frozen="is approved for deletion, but all requests are frozen.",
    reappeared="is there again, although it was gone.",
    there_again="There again",
    next_steps={
        State.AWAITING_APPROVAL: "Next: approval by {more}, in {channel}: {approvers}. If it isn't approved by "
        "{until}, the request expires.",
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
        State.PRACTISED: "This practice request is closed, and its approvals count for nothing else. To delete the "
        "campaign, request it again when practice is over.",
        State.STOPPING: "Next: I verify that it is stopped, then update {here}.",
        State.CAMPAIGN_STOPPED: "This request is closed.",
    },
    next_step_until_settled="Next: I keep checking and update {here}. If the campaign is still there after {settled}, "
    "it was not deleted. Until then it can't be requested again.",
    next_step_to_another_status="This request is closed. The campaign's status had changed to {status}, and I delete "
    "only campaigns with one of these: {allowed}. To delete it, bring it to one of these in Kore.ai's console first "
    "(stop it if it is running), then type the command again.",
    next_steps_while_rate_limited={
        State.APPROVED: "Kore.ai's rate limit has been reached. Next: I re-check the campaign and delete it, no "
        "earlier than {after}. Until then it can be stopped.",
        State.DELETING: "Kore.ai's rate limit has been reached. Next: I check whether the campaign is gone, no earlier "
        "than {after}, then update {here}.",
        State.STOPPING: "Kore.ai's rate limit has been reached. Next: I check whether the campaign is stopped, no "
        "earlier than {after}, then update {here}.",
    },
    next_steps_while_frozen={
        State.AWAITING_APPROVAL: f"Next: after an approver types {UNFREEZE}, it can be approved. Until then it can "
        "only be rejected or withdrawn. If it isn't approved by {until}, the request expires.",
        State.APPROVED: f"Next: after an approver types {UNFREEZE}, I re-check the campaign and delete it, no earlier "
        "than {after}. Until then it can be stopped. If requests are still frozen {until}, I won't delete it.",
        State.REBUILDING: "Its rebuild began before the freeze. Next: I verify that the new campaign exists, then "
        "update {here}.",
        State.DELETING: "Its deletion began before the freeze. Next: I verify that it is gone, then update {here}.",
        State.STOPPING: "Its stop began before the freeze. Next: I verify that it is stopped, then update {here}.",
    },
    attempts={
        AttemptKind.CONFIRMED: "Success",
        AttemptKind.REFUSED: "Refused",
        AttemptKind.NO_ANSWER: "No clear answer; it may or may not have been deleted",
        AttemptKind.NOT_SENT: "No delete was sent",
        AttemptKind.PRACTISED: "Not asked: this is practice",
    },
    no_attempt={State.DELETING: "None yet", State.STOPPING: "None yet"},
    observations={
        Observation.ABSENT: "Not found, and no longer listed",
        Observation.PRESENT: "Still there",
        Observation.STOPPED: "Stopped",
        Observation.UNCLEAR: "Unknown: Kore.ai gave no clear answer",
    },
    thread_lines={
        "rebuild requested": "{actor} requested a rebuild. {call}",
        "rebuilt": "The new campaign exists. I made it from the archive and did not start it.",
        "requested": "{actor} requested the deletion. {call}",
        "approved": "{actor} approved.",
        "rejected": "{actor} rejected: {reason}",
        "approval struck": "The approval by {struck} no longer counts ({why}). {waits} {call}",
        "approval withdrawn": "{actor} withdrew their approval. {waits} {call}",
        "approvals insufficient": "The approvals no longer meet the rule that my settings require. {waits} {call}",
        "escalated": "No decision has been made yet. {escalated} may now decide as well; the number of approvals "
        "needed stays the same. {decide_by}",
        "cancelled": "{actor} withdrew the request.",
        "stopped": "{actor} stopped the deletion in time. Nothing was sent to Kore.ai.",
        "expired": "The request was not approved in time. Nothing was sent to Kore.ai.",
        "expired, unused": "The approval expired before I could delete the campaign.",
        "reminded": "{approvers} This request is still waiting for a decision. {reminder}",
        "changed": "The campaign has changed since the request ({changed}). Nothing was sent to Kore.ai.",
        "deleted": "Kore.ai confirmed the deletion, and the campaign is no longer there.",
        "gone": "The campaign is gone. I sent no delete.",
        "reappeared": "The campaign is there again, although it was gone. I keep checking.",
        "failed": "It was not deleted. The message above says why.",
        "practised": "This was practice: I would have deleted the campaign now. Nothing was sent to Kore.ai.",
        "unknown": "I can't tell yet whether it was deleted. I keep checking.",
        "waiting for Kore.ai": "Kore.ai's rate limit has been reached. I'll continue by myself; the message above says "
        "when.",
        "interrupted, still there": "I was interrupted while deleting. The campaign is still there, so I'll try again.",
    },
    thread_lines_after_an_attempt={
        "stopped": "{actor} stopped it before another delete was sent.",
        "changed": "The campaign has changed since the request ({changed}). I sent no further delete.",
        "expired": "The request was not approved again in time. I sent no further delete.",
        "expired, unused": "The approval expired before I could send another delete.",
        "gone": "The campaign is gone, but Kore.ai did not confirm that I deleted it.",
    },
    warning=_WARNING.format(rebuild=""),
    warning_if_archived=_WARNING.format(
        rebuild=" It can be rebuilt, but only as a new campaign with a new ID and no history."
    ),
    reason_question="Why should this campaign be deleted?",
    next_with_approval="Next: {count} in {approvals} must approve. Nothing is deleted before that. "
    "I'll post the result in {channel}.",
    next_without_approval="Next: I re-check the campaign {undo_phrase}, delete it, and verify that it is gone. "
    "I'll post the result in {channel}.",
    reason_label="Reason for deletion",
    stop_button="Stop deletion",
    withdraw_text="The campaign won't be deleted. Only the requester can withdraw a request.",
    approve_title="Approve deletion",
    approve_asked="{requester} requested that this campaign be deleted.",
    approve_next_more="Next: after yours, {missing} more must approve. Nothing is deleted before that.",
    approve_next_last="Next: {undo_phrase}, I re-check the campaign and delete it. "
    "Until then you, the requester and every approver can stop it.",
    approve_next_at_once="Next: I re-check the campaign and delete it immediately. Once you approve, it can't be "
    "stopped.",
    reject_title="Reject deletion",
    reject_label="Why should this campaign be kept?",
)
