"""The text of requests to stop a campaign and then delete it."""

from dataclasses import replace

from deletion.domain.attempt import Observation
from deletion.domain.states import State
from slack_ui.strings.deletion import DELETION
from slack_ui.strings.request_strings import UNFREEZE
from slack_ui.strings.stop import AFTER_AN_ATTEMPT, AGAIN, ATTEMPTS, OBSERVATIONS, THREAD_LINES

_WARNING = (
    ":warning: *Before you continue*\n"
    "•  This campaign may be sending now. I first stop it, which resets its progress; messages already sent are not "
    "recalled.\n"
    "•  I delete it only if I see that it is stopped and that nothing else has changed.\n"
    "•  You can't undo the deletion: Kore.ai documents no undo.{rebuild}\n"
    "•  Kore.ai doesn't document what happens to reports and history. Export them first if you need them.\n"
    "•  Contact lists are stored separately. Kore.ai's documentation doesn't say that they are deleted too."
)
# A stop and delete, until its stop is verified.
STOP_FIRST = replace(
    DELETION,
    headlines={
        **DELETION.headlines,
        State.AWAITING_APPROVAL: "is waiting for approval to be stopped and deleted.",
        State.APPROVED: "will be stopped, and then deleted.",
        State.FAILED: "was neither stopped nor deleted.",
        State.UNKNOWN: "may or may not have been stopped. It was not deleted.",
        State.CHANGED: "was neither stopped nor deleted: it has changed since the request.",
        State.REJECTED: "was neither stopped nor deleted: the request was rejected.",
        State.CANCELLED: "was neither stopped nor deleted: the request was withdrawn.",
        State.EXPIRED: "was neither stopped nor deleted: the request was not approved in time.",
        State.STOPPED: "was neither stopped nor deleted: the request was stopped in time.",
        State.CAMPAIGN_STOPPED: "was stopped, but not deleted.",
    },
    expired_unused="was neither stopped nor deleted: the approval expired before that.",
    approved_and_frozen="is approved to be stopped and deleted, but all requests are frozen.",
    next_steps={
        **DELETION.next_steps,
        State.APPROVED: "Next: I re-check the campaign and stop it, no earlier than {after}. Once it is stopped, "
        "{here} says when I delete it.",
        State.FAILED: "This request is closed. It may still be sending: look at it in Kore.ai's console. To try again, "
        "type the command again.",
        State.UNKNOWN: "Next: I keep checking until {watched} and update {here}. I won't delete it. It may still be "
        "sending, so look at it in Kore.ai's console now.",
        State.STOPPING: "Next: I verify that it is stopped, and that nothing else has changed, then update {here}.",
        State.CAMPAIGN_STOPPED: "This request is closed, because I could not verify the stop in time. To delete the "
        "stopped campaign, type the command again.",
    },
    next_steps_while_rate_limited={
        **DELETION.next_steps_while_rate_limited,
        State.APPROVED: "Kore.ai's rate limit has been reached. Next: I re-check the campaign and stop it, no earlier "
        "than {after}. To be quicker, stop it in Kore.ai's console.",
    },
    next_steps_while_frozen={
        **DELETION.next_steps_while_frozen,
        State.APPROVED: f"Next: after an approver types {UNFREEZE}, I re-check the campaign and stop it. To stop it "
        f"now without deleting it, {AGAIN}. If requests are still frozen {{until}}, I won't delete it.",
    },
    attempts=ATTEMPTS,
    observations=OBSERVATIONS,
    thread_lines={
        **THREAD_LINES,
        "requested": "{actor} requested that this campaign be stopped and deleted. {call}",
        "failed": "It was neither stopped nor deleted. The message above says why.",
        "unknown": "I can't tell yet whether it was stopped. I won't delete it, and keep checking.",
        "campaign stopped": "The campaign is stopped after all. I did not delete it, because I could not verify the "
        "stop in time.",
    },
    thread_lines_after_an_attempt={
        **AFTER_AN_ATTEMPT,
        "stopped": "{actor} stopped the request before another stop was sent.",
        "expired, unused": "The approval expired before I could send another stop.",
    },
    warning=_WARNING.format(rebuild=""),
    warning_if_archived=_WARNING.format(
        rebuild=" It can be rebuilt, but only as a new campaign with a new ID and no history."
    ),
    reason_question="Why should this campaign be stopped and deleted?",
    next_with_approval="Next: {count} in {approvals} must approve. Nothing is stopped or deleted before that. "
    "I'll post the result in {channel}.",
    next_without_approval="Next: I stop the campaign immediately and verify that it is stopped. After that I delete it "
    "{undo_phrase}, and verify that it is gone. I'll post the result in {channel}.",
    withdraw_text="The campaign won't be stopped or deleted. Only the requester can withdraw a request.",
    approve_title="Stop and delete",
    approve_asked="{requester} requested that this campaign be stopped and deleted.",
    approve_next_more="Next: after yours, {missing} more must approve. Nothing is stopped or deleted before that.",
    approve_next_last="Next: I stop the campaign immediately, and verify that it is stopped. After that I delete it "
    "{undo_phrase}. Until then you, the requester and every approver can stop the deletion.",
    approve_next_at_once="Next: I stop the campaign immediately, and delete it as soon as I see that it is stopped. "
    "Once you approve, neither can be prevented.",
)
# The same, once its stop is verified.
AFTER_STOP = replace(
    STOP_FIRST,
    headlines={
        **DELETION.headlines,
        State.AWAITING_APPROVAL: "was stopped, and is waiting for approval to be deleted.",
        State.APPROVED: "is stopped, and will be deleted unless the deletion is stopped.",
        State.DELETING: "is stopped, and is being deleted.",
        State.DELETED: "was stopped and deleted.",
        State.CHANGED: "was stopped, but not deleted: it has changed since the request.",
        State.FAILED: "was stopped, but not deleted.",
        State.UNKNOWN: "was stopped. It may or may not have been deleted.",
        State.REJECTED: "was stopped, but not deleted: the request was rejected.",
        State.CANCELLED: "was stopped, but not deleted: the request was withdrawn.",
        State.EXPIRED: "was stopped, but not deleted: the request was not approved in time.",
        State.STOPPED: "was stopped, but not deleted: its deletion was stopped in time.",
        State.CAMPAIGN_STOPPED: "was stopped, but not deleted.",
    },
    expired_unused="was stopped, but not deleted: the approval expired before that.",
    approved_and_frozen="was stopped and is approved for deletion, but all requests are frozen.",
    next_steps={
        **DELETION.next_steps,
        State.CAMPAIGN_STOPPED: STOP_FIRST.next_steps[State.CAMPAIGN_STOPPED],
        State.APPROVED: "Next: I re-check the stopped campaign and delete it, no earlier than {after}. Until then its "
        "deletion can be stopped; I don't start the campaign again.",
        State.STOPPED: "This request is closed. I don't start the campaign again; you can in Kore.ai's console. To "
        "delete it after all, type the command again.",
    },
    next_steps_while_rate_limited=DELETION.next_steps_while_rate_limited,
    next_steps_while_frozen=DELETION.next_steps_while_frozen,
    attempts=DELETION.attempts,
    observations={**DELETION.observations, Observation.STOPPED: OBSERVATIONS[Observation.STOPPED]},
    thread_lines={
        **DELETION.thread_lines,
        "requested": STOP_FIRST.thread_lines["requested"],
        "stop verified": "The campaign is stopped: its status says so, and so does the campaign itself. The message "
        "above says when I delete it.",
        "campaign stopped": STOP_FIRST.thread_lines["campaign stopped"],
        "stopped": "{actor} stopped the deletion in time. I don't start the campaign again.",
        "expired": "The request was not approved again in time. I sent no delete.",
        "changed": "The campaign was stopped, but has changed since ({changed}). I sent no delete.",
        "deleted": "Kore.ai confirmed the deletion of the stopped campaign, and it is no longer there.",
        "failed": "It was stopped, but not deleted. The message above says why.",
    },
    thread_lines_after_an_attempt=DELETION.thread_lines_after_an_attempt,
    warning=DELETION.warning,
    warning_if_archived=DELETION.warning_if_archived,
    withdraw_text="The campaign was stopped, and won't be deleted. Only the requester can withdraw a request.",
    approve_title=DELETION.approve_title,
    approve_asked="{requester} requested that this campaign be stopped and deleted. It was stopped.",
    approve_next_more=DELETION.approve_next_more,
    approve_next_last=DELETION.approve_next_last,
    approve_next_at_once=DELETION.approve_next_at_once,
)
# The same if its campaign came to a status that may be deleted before the bot stopped it: an ordinary deletion.
NO_STOP = replace(
    DELETION,
    thread_lines={
        **DELETION.thread_lines,
        "requested": STOP_FIRST.thread_lines["requested"],
        "no stop needed": "The campaign is in a status that needs no stop, so I sent none. The message above says when "
        "I delete it.",
    },
    thread_lines_after_an_attempt={
        **DELETION.thread_lines_after_an_attempt,
        "no stop needed": "The campaign is in a status that needs no stop, so I sent no other one. The message above "
        "says when I delete it.",
    },
)
