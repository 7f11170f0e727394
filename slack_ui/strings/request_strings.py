"""The sentences about a request that depend on its purpose."""

from collections.abc import Mapping
from dataclasses import dataclass

from deletion.domain.attempt import AttemptKind, Observation
from deletion.domain.states import State

UNFREEZE = "`/campaign-delete unfreeze`"


@dataclass(frozen=True, kw_only=True)
class RequestStrings:
    """One instance for deletions, one for rebuilds, and four for stops; practice has its own.

    A headline continues a sentence that begins with the campaign's name. Thread lines are keyed by journal event;
    those after an attempt take precedence once a DELETE, a stop or a create may have been sent.
    """

    headlines: Mapping[State, str]
    expired_unused: str
    approved_and_frozen: str
    reappeared: str
    there_again: str
    next_steps: Mapping[State, str]
    next_step_until_settled: str
    next_step_to_another_status: str
    next_steps_while_rate_limited: Mapping[State, str]
    next_steps_while_frozen: Mapping[State, str]
    attempts: Mapping[AttemptKind, str]
    no_attempt: Mapping[State, str]
    observations: Mapping[Observation, str]
    thread_lines: Mapping[str, str]
    thread_lines_after_an_attempt: Mapping[str, str]
    warning: str
    warning_if_archived: str
    reason_question: str
    next_with_approval: str
    next_without_approval: str
    reason_label: str
    stop_button: str
    withdraw_text: str
    approve_title: str
    approve_asked: str
    approve_next_more: str
    approve_next_last: str
    approve_next_at_once: str
    reject_title: str
    reject_label: str
