"""Compare what a form said would follow with what follows by the settings and limits when it is submitted. No I/O."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from deletion.domain.approval_rule import MOST, ApprovalRule
from deletion.domain.approvals.approval import with_rule
from deletion.domain.approvals.people import Person
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.states import State


class FormPromise(BaseModel):
    """What a form said: the approvals before anything is done, the undo window after them, and that it is archived."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    rule: ApprovalRule = ApprovalRule(required=MOST + 1)  # more than any: of a form that carries none
    undo_window: timedelta = timedelta(0)
    archives: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what a form carries. One of an earlier version carries nothing, and promised every approval."""
        try:
            return cls.model_validate_json(text)
        except ValidationError:
            return cls()

    def is_broken_by(self, after: Request, policy: Policy, approvers: Sequence[Person] = ()) -> bool:
        """Return whether the submitted form has more effect than it said: ``after`` is the request that it leads to.

        ``approvers`` are those who have approved it by then. Approvals that others gave meanwhile count.
        """
        if self.archives and not policy.archives:
            return True
        if after.state is not State.APPROVED:
            return False
        asked = after.approval_rule.stricter(self.rule)
        ruled = after.model_copy(update={"approvals_required": asked.required, "approval_quotas": asked.quotas})
        return policy.undo_window < self.undo_window or bool(with_rule(ruled, policy, approvers)[1].count)
