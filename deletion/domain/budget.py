"""The hourly limit on approved deletions, as it stood for a request."""

from enum import StrEnum

from pydantic import AwareDatetime

from deletion.domain.stored import Stored


class Overrun(StrEnum):
    """The budget that is used up."""

    TEAM = "the team's"
    REQUESTER = "the requester's"


class Budget(Stored):
    """The deletes approved in the hour before ``at``, in total and for the requester, and their limits."""

    at: AwareDatetime
    approved: int
    limit: int
    approved_for_requester: int
    limit_for_requester: int

    @property
    def overrun(self) -> Overrun | None:
        if self.approved >= self.limit:
            return Overrun.TEAM
        return Overrun.REQUESTER if self.approved_for_requester >= self.limit_for_requester else None

    @property
    def room(self) -> int:
        """How many more deletes it has room for."""
        return max(0, min(self.limit - self.approved, self.limit_for_requester - self.approved_for_requester))

    @property
    def extra_approvals(self) -> int:
        """How many more approvals a request needs because this budget is used up."""
        return 1 if self.overrun else 0
