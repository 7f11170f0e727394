"""The text of practice: what every surface says, and a request that is executed without a DELETE."""

from dataclasses import replace

from deletion.domain.states import State
from slack_ui.strings.deletion import DELETION

SURFACE = ":test_tube: *This is practice.* I change nothing at Kore.ai."
WITHHELD = "This is practice. "
HOME_REAL = "Requests without “practice” before their name are real. They wait until practice is over."
REAL_REQUEST = (
    "This request is real",
    "I'm in practice now, so I left it as it is. It waits until the people who run this bot end practice.",
)
REAL_FREEZE = "Nothing was done: requests are really frozen, and I don't end that in practice."
FREEZE = ":test_tube: *Practice:* "
FREEZE_STAYS = "It holds real requests too, also after practice, until an approver unfreezes them."
WAITS_REAL = "I'm in practice now, and leave this request as it is. It is real and waits until practice is over."
UNKNOWN_REAL = (
    "I don't check real requests in practice. If practice is over by {watched}, I'll check this one then. Look at the "
    "campaign in Kore.ai's console."
)
# The rows of a Home, and the count and the result of a campaign in a list.
ROW = {State.APPROVED: "would be next", State.DELETING: "being checked", State.STOPPING: "being checked"}
LIST_COUNT_OF_DELETING, LIST_RESULT_OF_DELETING = "{count} being checked", "Being checked"
HOLD_ENDS = "The hold counts in practice alone: afterwards, the campaign can be deleted."
_FOR_GOOD = "•  A real deletion can't be undone: Kore.ai documents no undo."
WARNING = f":test_tube: *This is practice*\n•  Nothing is deleted. The campaign stays as it is.\n{_FOR_GOOD}"
STOP_FIRST_WARNING = (
    ":test_tube: *This is practice*\n"
    f"•  Nothing is stopped or deleted. If the campaign is sending, it goes on.\n{_FOR_GOOD}"
)
STOP_WARNING = (
    ":test_tube: *This is practice*\n"
    "•  Nothing is stopped. If the campaign is sending, it goes on.\n"
    "•  Kore.ai documents that a stopped campaign, when it is started again, begins anew."
)
LIST_WARNING = f":test_tube: *This is practice*\n•  Nothing is deleted. The campaigns stay as they are.\n{_FOR_GOOD}"
STOP_OFFER = (
    ":octagonal_sign: *This campaign may be running or about to run, so a real request stops it first.* To practise "
    "the stop alone:"
)
LIST_HEADLINES = {
    State.AWAITING_APPROVAL: "{count} {are} waiting for approval, in practice.",
    State.APPROVED: "{count} would be deleted next if this weren't practice.",
    State.DELETING: "{count} would be deleted now, one after the other, if this weren't practice.",
}
LIST_FROZEN = "{count} {are} approved, in practice, but all requests are frozen."
LIST_NEXT_WITH_APPROVAL = (
    "Next: {count} in {approvals} must approve the list. This is practice: nothing is deleted. I'll post the result in "
    "{channel}."
)
LIST_NEXT_WITHOUT_APPROVAL = (
    "Next: {undo_phrase}, I re-check one campaign after the other and say that I would delete it. This is practice: "
    "nothing is deleted. I'll post the result in {channel}."
)
LIST_APPROVE_NEXT = (
    "Next: {undo_phrase}, I re-check one campaign after the other and say that I would delete it. This is practice: "
    "nothing is deleted. You, the requester and every approver can stop the rest at any time."
)
LIST_APPROVE_NEXT_MORE = "Next: after yours, {missing} more must approve. This is practice: nothing is deleted."
LIST_DONE = "The practice with {count} is done."
LIST_NEXT = {
    State.APPROVED: "Next: I re-check one campaign after the other, no earlier than {after}, and say that I would "
    "delete it. I send no delete. The rest can be stopped at any time.",
    State.DELETING: "Next: I check that the campaign is still there, and go on. The rest can be stopped at any time.",
}
PRACTICE = replace(
    DELETION,
    headlines={
        **DELETION.headlines,
        State.AWAITING_APPROVAL: "is waiting for approval, in practice.",
        State.APPROVED: "would be deleted next if this weren't practice.",
        State.DELETING: "would be deleted now if this weren't practice.",
    },
    approved_and_frozen="is approved, in practice, but all requests are frozen.",
    next_steps={
        **DELETION.next_steps,
        State.APPROVED: "Next: I re-check the campaign, no earlier than {after}, and say that I would delete it. I "
        "send no delete. Until then it can be stopped.",
        State.DELETING: "Next: I check that the campaign is still there, then update {here}.",
    },
    next_steps_while_rate_limited={
        State.APPROVED: "Kore.ai's rate limit has been reached. Next: I re-check the campaign, no earlier than "
        "{after}, and say that I would delete it. I send no delete. Until then it can be stopped.",
        State.DELETING: "Kore.ai's rate limit has been reached. Next: I check that the campaign is still there, no "
        "earlier than {after}, then update {here}.",
    },
    next_steps_while_frozen={
        **DELETION.next_steps_while_frozen,
        State.APPROVED: "Next: after an approver types `/campaign-delete unfreeze`, I re-check the campaign, no "
        "earlier than {after}, and say that I would delete it. I send no delete. Until then it can be stopped. If "
        "requests are still frozen {until}, the request expires.",
        State.DELETING: "Next: I check that the campaign is still there, then update {here}.",
    },
    thread_lines={
        **DELETION.thread_lines,
        "requested": "{actor} requested the deletion, in practice. {call}",
        "approved": "{actor} approved, in practice.",
        "stop verified": "The campaign is stopped: its status says so, and so does the campaign itself.",
    },
    thread_lines_after_an_attempt={
        **DELETION.thread_lines_after_an_attempt,
        "gone": "The campaign is gone. This is practice, so I sent no delete.",
    },
    warning=WARNING,
    warning_if_archived=WARNING,
    next_with_approval="Next: {count} in {approvals} must approve. This is practice: nothing is deleted. "
    "I'll post the result in {channel}.",
    next_without_approval="Next: I re-check the campaign {undo_phrase} and say that I would delete it. This is "
    "practice: nothing is deleted. I'll post the result in {channel}.",
    approve_asked="{requester} requested, in practice, that this campaign be deleted.",
    approve_next_more="Next: after yours, {missing} more must approve. This is practice: nothing is deleted.",
    approve_next_last="Next: {undo_phrase}, I re-check the campaign and say that I would delete it. This is practice: "
    "nothing is deleted. Until then you, the requester and every approver can stop it.",
    approve_next_at_once="Next: I re-check the campaign and say at once that I would delete it. This is practice: "
    "nothing is deleted.",
)
