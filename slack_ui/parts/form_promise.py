"""What a form says will follow, carried in its metadata until it is submitted. It grants no right."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from deletion.domain.approval_rule import ApprovalRule
from deletion.domain.approvals.form_promise import FormPromise
from deletion.domain.models import Purpose, Request
from deletion.domain.policy import Policy

SEPARATOR = "|"  # between the ids and the promise


class ListPromise(BaseModel):
    """The approvals of each request of a list: if all that were shown are approved, and if as few as there is room for.

    ``room`` is how many of them the hourly limit has room for.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    approvals: tuple[tuple[int, int], ...] = ()
    room: int = 0
    undo_window: timedelta = timedelta(0)

    def of_each(self, shown_ids: Sequence[str], struck_ids: Sequence[str]) -> Mapping[str, FormPromise]:
        """Return the promise for each request that is to be approved."""
        left = [each for each in shown_ids if each not in struck_ids]
        if len(self.approvals) != len(shown_ids):
            return dict.fromkeys(left, FormPromise())
        has_room = len(left) <= self.room
        return {
            each: FormPromise(rule=ApprovalRule(required=few if has_room else together), undo_window=self.undo_window)
            for each, (together, few) in zip(shown_ids, self.approvals, strict=True)
            if each in left
        }


def of_request(request: Request, policy: Policy) -> FormPromise:
    """Return what an approver's form says. A stop has no undo window, and leaves the campaign."""
    deletes = bool(request.campaign_to_delete)
    window = timedelta(0) if request.purpose is Purpose.STOP else policy.undo_window
    return FormPromise(rule=request.approval_rule, undo_window=window, archives=deletes and policy.archives)


def of_new(approvals_required: int, policy: Policy, purpose: Purpose | None = None) -> FormPromise:
    """Return what a requester's form says; without a ``purpose`` that of a list, which says nothing of the archive."""
    deletes = purpose in (Purpose.DELETE, Purpose.STOP_AND_DELETE)
    window = timedelta(0) if purpose is Purpose.STOP else policy.undo_window
    rule = ApprovalRule(required=approvals_required)
    return FormPromise(rule=rule, undo_window=window, archives=deletes and policy.archives)


def carrying(carried: str, promise: FormPromise | ListPromise) -> str:
    """Return the metadata of a form: the ids that it is about, and what it says."""
    return f"{carried}{SEPARATOR}{promise.model_dump_json()}"


def ids_of(view: dict[str, Any]) -> str:
    """Return the ids that a submitted form is about, as it carries them."""
    return _parts_of(view)[0]


def parse(view: dict[str, Any]) -> FormPromise:
    """Read what a submitted form said."""
    return FormPromise.parse(_parts_of(view)[1])


def parse_of_list(view: dict[str, Any]) -> ListPromise:
    """Read what the submitted approval of a list said."""
    try:
        return ListPromise.model_validate_json(_parts_of(view)[1])
    except ValidationError:
        return ListPromise()


def _parts_of(view: dict[str, Any]) -> tuple[str, str]:
    """Return what ``carrying`` joined: the ids and the promise."""
    carried, _, promise = str(view["private_metadata"]).partition(SEPARATOR)
    return carried, promise
