"""The text of requests to stop a campaign, alone or before its deletion."""

from dataclasses import replace
from typing import Any

from deletion.domain.models import AttemptKind, Observation, State
from slack_ui.strings.deletion import DELETION
from slack_ui.strings.request_strings import UNFREEZE, RequestStrings

_AGAIN = "type `/campaign-delete stop` and the campaign's ID"
_WARNING = (
    ":warning: *What a stop does*\n"
    "•  The campaign sends nothing more. Messages already sent are not recalled.\n"
    "•  You can start it again in Kore.ai's console. Kore.ai documents that it then begins anew: a stop resets its "
    "progress.\n"
    "•  Nothing is deleted."
)
_WARNING_FIRST = (
    ":warning: *Before you continue*\n"
    "•  This campaign may be sending now. I first stop it, which resets its progress; messages already sent are not "
    "recalled.\n"
    "•  I delete it only if I see that it is stopped and that nothing else has changed.\n"
    "•  You can't undo the deletion: Kore.ai documents no undo.{rebuild}\n"
    "•  Kore.ai doesn't document what happens to reports and history. Export them first if you need them.\n"
    "•  Contact lists are stored separately. Kore.ai's documentation doesn't say that they are deleted too."
)
_OBSERVATIONS = {
    **DELETION.observations,
    Observation.ABSENT: "Not found",
    Observation.PRESENT: "There, and not stopped",
    Observation.STOPPED: "Stopped, by two sources",
}
_ATTEMPTS = {
    **DELETION.attempts,
    AttemptKind.NO_ANSWER: "No clear answer; it may or may not have been stopped",
    AttemptKind.NOT_SENT: "No stop was sent",
}
_THREAD_LINES = {
    **DELETION.thread_lines,
    "stop requested": "{actor} requested a stop of this campaign. {call}",
    "failed": "It was not stopped. The message above says why.",
    "unknown": "I can't tell yet whether it was stopped. I keep checking.",
    "campaign stopped": "The campaign is stopped: its status says so, and so does the campaign itself.",
    "gone": "The campaign is gone.",
}
STOP = replace(
    DELETION,
    headlines={
        **DELETION.headlines,
        State.AWAITING_APPROVAL: "is waiting for approval to be stopped.",
        State.APPROVED: "will be stopped at once.",
        State.CHANGED: "was not stopped: it has changed since the request.",
        State.FAILED: "was not stopped.",
        State.UNKNOWN: "may or may not have been stopped.",
        State.REJECTED: "was not stopped: the request was rejected.",
        State.CANCELLED: "was not stopped: the request was withdrawn.",
        State.EXPIRED: "was not stopped: the request was not approved in time.",
        State.STOPPED: "was not stopped: the request was taken back in time.",
    },
    expired_unused="was not stopped: the approval expired before I could stop it.",
    next_steps={
        **DELETION.next_steps,
        State.APPROVED: "Next: I read the campaign and stop it, no earlier than {after}.",
        State.FAILED: f"This request is closed. It may still be sending: look at it in Kore.ai's console, or {_AGAIN}.",
        State.UNKNOWN: "Next: I keep checking until {watched} and update {here}. It may still be sending, so look at "
        "it in Kore.ai's console now.",
        State.EXPIRED: f"This request is closed. To make a new one, {_AGAIN}.",
        State.STOPPED: f"This request is closed. To stop the campaign after all, {_AGAIN}.",
        State.REJECTED: "This request is closed. Talk to the approver who rejected it before you request it again.",
        State.CAMPAIGN_STOPPED: "This request is closed. To let the campaign send again, start it in Kore.ai's "
        "console.",
    },
    next_steps_while_rate_limited={
        **DELETION.next_steps_while_rate_limited,
        State.APPROVED: "Kore.ai's rate limit has been reached. Next: I stop the campaign, no earlier than {after}. "
        "To be quicker, stop it in Kore.ai's console.",
    },
    attempts=_ATTEMPTS,
    observations=_OBSERVATIONS,
    thread_lines={
        **_THREAD_LINES,
        "stopped": "{actor} took the request back in time. Nothing was sent to Kore.ai.",
        "expired, unused": "The approval expired before I could stop the campaign.",
    },
    thread_lines_after_an_attempt={},
    warning=_WARNING,
    warning_if_archived=_WARNING,
    reason_question="Why should this campaign be stopped?",
    next_with_approval="Next: {count} in {approvals} must approve. Nothing is stopped before that. "
    "I'll post the result in {channel}.",
    next_without_approval="Next: I stop the campaign immediately and verify that it is stopped. No approval is needed, "
    "because a stop can be reversed in Kore.ai's console. I'll post the result in {channel}.",
    reason_label="Reason for stop",
    stop_button="Don't stop it",
    withdraw_text="The campaign won't be stopped. Only the requester can withdraw a request.",
    approve_title="Approve stop",
    approve_asked="{requester} requested that this campaign be stopped.",
    approve_next_more="Next: after yours, {missing} more must approve. Nothing is stopped before that.",
    approve_next_last="Next: I stop the campaign immediately. It can be started again in Kore.ai's console.",
    approve_next_at_once="Next: I stop the campaign immediately. It can be started again in Kore.ai's console.",
    reject_title="Reject stop",
    reject_label="Why should this campaign go on?",
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
        State.APPROVED: "Next: I re-check the campaign and stop it, no earlier than {after}. After that, the deletion "
        "can still be stopped.",
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
        f"now without deleting it, {_AGAIN}. If requests are still frozen {{until}}, I won't delete it.",
    },
    attempts=_ATTEMPTS,
    observations=_OBSERVATIONS,
    thread_lines={
        **_THREAD_LINES,
        "requested": "{actor} requested that this campaign be stopped and deleted. {call}",
        "failed": "It was neither stopped nor deleted. The message above says why.",
        "unknown": "I can't tell yet whether it was stopped. I won't delete it, and keep checking.",
        "campaign stopped": "The campaign is stopped after all. I did not delete it, because I could not verify the "
        "stop in time.",
    },
    thread_lines_after_an_attempt={},
    warning=_WARNING_FIRST.format(rebuild=""),
    warning_if_archived=_WARNING_FIRST.format(
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
        State.AWAITING_APPROVAL: "is stopped, and is waiting for approval to be deleted.",
        State.APPROVED: "is stopped, and will be deleted unless that is stopped.",
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
    approved_and_frozen="is stopped and approved for deletion, but all requests are frozen.",
    next_steps={
        **DELETION.next_steps,
        State.CAMPAIGN_STOPPED: STOP_FIRST.next_steps[State.CAMPAIGN_STOPPED],
        State.APPROVED: "Next: I re-check the stopped campaign and delete it, no earlier than {after}. Until then its "
        "deletion can be stopped; the campaign stays stopped.",
        State.STOPPED: "This request is closed. The campaign stays stopped; it can be started in Kore.ai's console. To "
        "delete it after all, type the command again.",
        State.CHANGED: "This request is closed. The campaign stays stopped. To delete it as it is now, type the "
        "command again.",
    },
    next_steps_while_rate_limited=DELETION.next_steps_while_rate_limited,
    next_steps_while_frozen=DELETION.next_steps_while_frozen,
    attempts=DELETION.attempts,
    observations={**DELETION.observations, Observation.STOPPED: _OBSERVATIONS[Observation.STOPPED]},
    thread_lines={
        **DELETION.thread_lines,
        "requested": STOP_FIRST.thread_lines["requested"],
        "stop verified": "The campaign is stopped: its status says so, and so does the campaign itself. The message "
        "above says when I delete it.",
        "campaign stopped": STOP_FIRST.thread_lines["campaign stopped"],
        "stopped": "{actor} stopped the deletion in time. The campaign stays stopped.",
        "changed": "The campaign has changed in more than a stop changes ({changed}). It stays stopped, and I sent no "
        "delete.",
        "deleted": "Kore.ai confirmed the deletion of the stopped campaign, and it is no longer there.",
        "failed": "It was stopped, but not deleted. The message above says why.",
    },
    thread_lines_after_an_attempt=DELETION.thread_lines_after_an_attempt,
)

_IN_PRACTICE = "This is practice, so I send nothing. With a real request: "


def _practised(text: RequestStrings, would: str) -> RequestStrings:
    """Return the strings of practice, for a stop that ``would`` have been."""
    told = ("next_with_approval", "next_without_approval", "approve_next_more", "approve_next_last")
    following: dict[str, Any] = {
        name: f"{_IN_PRACTICE}{getattr(text, name)}" for name in (*told, "approve_next_at_once")
    }
    now_if_real = f"would be {would} now if this weren't practice."
    headlines = {
        State.AWAITING_APPROVAL: "is waiting for approval, in practice.",
        State.APPROVED: now_if_real,
        State.STOPPING: now_if_real,
        State.PRACTISED: f"would have been {would}. This was practice, so I sent nothing.",
    }
    then = f"and say that it would be {would}. I send nothing."
    next_steps = {
        State.APPROVED: f"Next: I read the campaign, {then}",
        State.STOPPING: "Next: I read the campaign once more, then update {here}.",
        State.PRACTISED: "This practice request is closed, and its approvals count for nothing else.",
    }
    limited = f"Kore.ai's rate limit has been reached. Next: I read the campaign, no earlier than {{after}}, {then}"
    frozen = f"Next: after an approver types {UNFREEZE}, I read the campaign, {then}"
    practised = f"This was practice: I would have {would} the campaign now. Nothing was sent to Kore.ai."
    return replace(
        text,
        **following,
        headlines={**text.headlines, **headlines},
        next_steps={**text.next_steps, **next_steps},
        next_steps_while_rate_limited={**text.next_steps_while_rate_limited, State.APPROVED: limited},
        next_steps_while_frozen={**text.next_steps_while_frozen, State.APPROVED: frozen},
        thread_lines={**text.thread_lines, "practised": practised},
    )


PRACTISED_STOP = _practised(STOP, "stopped")
PRACTISED_STOP_FIRST = _practised(STOP_FIRST, "stopped and deleted")

FACT = "Stop"
VERIFIED = "Stopped and verified {when}. {answer}"
ANSWERED = "Kore.ai's response: {said}."
NOT_NEEDED = "It was not running any more, so I sent no stop."
SENT = "Messages sent"
SENT_ASKED = "{count} when requested"
SENT_STOPPED = "{count} when stopped"
SENT_DELETED = "{count} when deleted"

TITLE = "Stop campaign"
SUBMIT = "Stop campaign"
SUBMIT_ASK = "Request approval"
SUBMIT_FIRST = "Stop and delete"
CLOSE = "Not now"
LABEL = "To stop it, type {what}"
OFFER = (
    ":octagonal_sign: *This campaign is running or will run, so I stop it before I delete it.* To stop it and keep it:"
)
ONLY_STOP = "Only stop …"
