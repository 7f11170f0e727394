"""How many approvals a request needs, and from which user groups. No I/O."""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple, Self

from pydantic import BaseModel, ConfigDict

MOST = 20
EXPECTED = f"a number from 0 to {MOST}, or approvals by user group such as S0LEGAL:1,S0OPS:1, at most {MOST} in total"


class Quota(NamedTuple):
    """Approvals that members of one user group must give."""

    group_id: str
    approvals: int


class MissingApprovals(BaseModel):
    """The approvals that are missing. One more by any of ``groups`` would count; by any approver if there are none."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    count: int
    groups: tuple[str, ...] = ()


class ApprovalRule(BaseModel):
    """``required`` approvals in total: those of the quotas, and the rest by any approver. One person counts once."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    required: int
    quotas: tuple[Quota, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2`` or ``S0LEGAL:1,S0OPS:1``. Raises ValueError, whose text says what is expected."""
        if re.fullmatch(r"\d{1,9}", text):
            rule = cls(required=int(text))
        else:
            parts = [re.fullmatch(r"(S[A-Z0-9]{2,}):([1-9]\d?)", part.strip()) for part in text.split(",")]
            quotas = tuple(Quota(part[1], int(part[2])) for part in parts if part)
            if len({quota.group_id for quota in quotas}) != len(parts):
                raise ValueError(EXPECTED)
            rule = cls(required=sum(quota.approvals for quota in quotas), quotas=quotas)
        if rule.required > MOST:
            raise ValueError(EXPECTED)
        return rule

    @property
    def groups(self) -> tuple[str, ...]:
        """The user groups that the quotas name."""
        return tuple(quota.group_id for quota in self.quotas)

    def more(self, count: int) -> Self:
        """Return the rule with so many more approvals, by any approver."""
        return self.model_copy(update={"required": self.required + count})

    def stricter(self, other: Self) -> Self:
        """Return a rule that is met only if both are: the larger total, and of each group the larger quota."""
        counts = dict(self.quotas)
        for group_id, count in other.quotas:
            counts[group_id] = max(count, counts.get(group_id, 0))
        quotas = tuple(Quota(group_id, count) for group_id, count in counts.items())
        required = max(self.required, other.required, sum(counts.values()))
        return self.model_copy(update={"required": required, "quotas": quotas})

    def counted(self, approvers: Sequence[Collection[str]]) -> int:
        """Return how many approvals of the rule these people give; each is the groups that the person is in.

        A maximum bipartite matching of people and approvals (Kuhn's algorithm), so that a member of two groups is
        counted for the one that lacks an approval, whatever the order of the approvals.
        """
        by_group: list[str | None] = [group_id for group_id, count in self.quotas for _ in range(count)]
        wanted = by_group + [None] * (self.required - len(by_group))
        given: dict[int, int] = {}  # the person by the approval that they are counted for

        def assign(person: int, tried: set[int]) -> bool:
            for approval, group_id in enumerate(wanted):
                if approval in tried or not (group_id is None or group_id in approvers[person]):
                    continue
                tried.add(approval)
                if approval not in given or assign(given[approval], tried):
                    given[approval] = person
                    return True
            return False

        return sum(assign(person, set()) for person in range(len(approvers)))

    def missing(self, approvers: Sequence[Collection[str]]) -> MissingApprovals:
        so_far = self.counted(approvers)
        useful = [each for each in self.groups if self.counted([*approvers, (each,)]) > so_far]
        is_any = self.counted([*approvers, ()]) > so_far
        return MissingApprovals(count=self.required - so_far, groups=() if is_any else tuple(useful))
