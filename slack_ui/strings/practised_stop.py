"""The text of practice for requests that stop a campaign."""

from dataclasses import replace
from typing import Any

from deletion.domain.states import State
from slack_ui.strings import practice
from slack_ui.strings.request_strings import UNFREEZE, RequestStrings
from slack_ui.strings.stop import STOP
from slack_ui.strings.stop_and_delete import STOP_FIRST

_IN_PRACTICE = "This is practice, so I send nothing. With a real request: "


def _practised(text: RequestStrings, would: str, warning: str) -> RequestStrings:
    """Return the strings of practice, for a stop that ``would`` have been."""
    told = (
        "next_with_approval", "next_without_approval", "approve_next_more", "approve_next_last", "approve_next_at_once",
    )  # fmt: skip
    following: dict[str, Any] = {name: f"{_IN_PRACTICE}{getattr(text, name)}" for name in told}
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
    limit = "Kore.ai's rate limit has been reached. Next: I read the campaign"
    limited = {
        State.APPROVED: f"{limit}, no earlier than {{after}}, {then}",
        State.STOPPING: f"{limit} once more, no earlier than {{after}}, then update {{here}}.",
    }
    frozen = {
        State.APPROVED: f"Next: after an approver types {UNFREEZE}, I read the campaign, {then} If requests are still "
        "frozen {until}, the request expires.",
        State.STOPPING: next_steps[State.STOPPING],
    }
    practised = f"This was practice: I would have {would} the campaign now. Nothing was sent to Kore.ai."
    return replace(
        text,
        **following,
        warning=warning,
        warning_if_archived=warning,
        headlines={**text.headlines, **headlines},
        next_steps={**text.next_steps, **next_steps},
        approved_and_frozen=practice.PRACTICE.approved_and_frozen,
        next_steps_while_rate_limited={**text.next_steps_while_rate_limited, **limited},
        next_steps_while_frozen={**text.next_steps_while_frozen, **frozen},
        thread_lines={**text.thread_lines, "practised": practised},
    )


PRACTISED_STOP = _practised(STOP, "stopped", practice.STOP_WARNING)
PRACTISED_STOP_FIRST = _practised(STOP_FIRST, "stopped and deleted", practice.STOP_FIRST_WARNING)
