"""The text of requests to stop a campaign without deleting it, and of the stop of any request."""

from dataclasses import replace

from deletion.domain.attempt import AttemptKind, Observation
from deletion.domain.states import State
from slack_ui.strings.deletion import DELETION

AGAIN = "type `/campaign-delete stop` and the campaign's ID"
_WARNING = (
    ":warning: *What a stop does*\n"
    "•  The campaign sends nothing more. Messages already sent are not recalled.\n"
    "•  You can start it again in Kore.ai's console. Kore.ai documents that it then begins anew: a stop resets its "
    "progress.\n"
    "•  Nothing is deleted."
)
OBSERVATIONS = {
    **DELETION.observations,
    Observation.ABSENT: "Not found",
    Observation.PRESENT: "There, and not stopped",
    Observation.STOPPED: "Stopped, by two sources",
}
ATTEMPTS = {
    **DELETION.attempts,
    AttemptKind.NO_ANSWER: "No clear answer; it may or may not have been stopped",
    AttemptKind.NOT_SENT: "No stop was sent",
}
THREAD_LINES = {
    **DELETION.thread_lines,
    "stop requested": "{actor} requested a stop of this campaign. {call}",
    "failed": "It was not stopped. The message above says why.",
    "unknown": "I can't tell yet whether it was stopped. I keep checking.",
    "campaign stopped": "The campaign is stopped: its status says so, and so does the campaign itself.",
    "gone": "The campaign is gone.",
}
# The first stop was refused, for example by the rate limit.
AFTER_AN_ATTEMPT = {
    "changed": "The campaign has changed since the request ({changed}). I sent no further stop.",
    "expired": "The request was not approved again in time. I sent no further stop.",
}
STOP = replace(
    DELETION,
    headlines={
        **DELETION.headlines,
        State.AWAITING_APPROVAL: "is waiting for approval to be stopped.",
        State.APPROVED: "will be stopped.",
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
        State.FAILED: f"This request is closed. It may still be sending: look at it in Kore.ai's console, or {AGAIN}.",
        State.UNKNOWN: "Next: I keep checking until {watched} and update {here}. It may still be sending, so look at "
        "it in Kore.ai's console now.",
        State.EXPIRED: f"This request is closed. To make a new one, {AGAIN}.",
        State.STOPPED: f"This request is closed. To stop the campaign after all, {AGAIN}.",
        State.REJECTED: "This request is closed. Talk to the approver who rejected it before you request it again.",
        State.CAMPAIGN_STOPPED: "This request is closed. To let the campaign send again, start it in Kore.ai's "
        "console.",
    },
    next_steps_while_rate_limited={
        **DELETION.next_steps_while_rate_limited,
        State.APPROVED: "Kore.ai's rate limit has been reached. Next: I stop the campaign, no earlier than {after}. "
        "To be quicker, stop it in Kore.ai's console.",
    },
    attempts=ATTEMPTS,
    observations=OBSERVATIONS,
    thread_lines={
        **THREAD_LINES,
        "stopped": "{actor} took the request back in time. Nothing was sent to Kore.ai.",
        "expired, unused": "The approval expired before I could stop the campaign.",
    },
    thread_lines_after_an_attempt={
        **AFTER_AN_ATTEMPT,
        "stopped": "{actor} took the request back before another stop was sent.",
        "expired, unused": "The approval expired before I could send another stop.",
    },
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

FACT = "Stop"
VERIFIED = "Stopped and verified {when}. {answer}"
ANSWERED = "Kore.ai's response: {said}."
ALREADY = "It was stopped already, so I sent no stop."
NOT_NEEDED = "Not needed {when}: its status was {status}"
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
    ":octagonal_sign: *This campaign may be running or about to run, so I stop it before I delete it.* To stop "
    "it and keep it:"
)
ONLY_STOP = "Only stop …"
