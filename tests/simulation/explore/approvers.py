"""Whose approvals count, from what people did and may do, and without the bot's own rules."""

import json
from itertools import permutations

from sandbox.server import Sandbox
from tests.simulation.explore.ledger import Ledger
from tests.simulation.explore.stored import Row, seconds

APPROVER_GROUPS, ESCALATION_GROUP = {"S0APPROVE", "S0SECOND"}, "S0ESCALATE"


def approvers(row: Row, ledger: Ledger, sandbox: Sandbox, entitled_until: float) -> dict[str, set[str]]:
    """Return who approved a request and was entitled until then: their groups by e-mail address.

    The address is the person: two accounts with one address count once, and the requester's does not count.
    """
    users, since = sandbox.slack.workspace.users, seconds(row["requested_at"])
    allowed = APPROVER_GROUPS | ({ESCALATION_GROUP} if row["escalated_at"] else set())
    people: dict[str, set[str]] = {}
    for approval in ledger.approvals:
        groups = ledger.groups.get(approval.user, set())
        if row["escalated_at"] and ESCALATION_GROUP in groups:  # they stand in for any group
            groups = groups | APPROVER_GROUPS
        is_meant = approval.campaign_id == row["campaign_id"] and approval.at >= since - 1
        lost = (at.get(approval.user, entitled_until) for at in (ledger.lost_rights_at, ledger.replaced_at))
        is_entitled = min(lost) >= entitled_until
        if is_meant and is_entitled and groups & allowed:
            people.setdefault(users[approval.user]["profile"]["email"], set()).update(groups)
    people.pop(users[row["requester_id"]]["profile"]["email"], None)
    return people


def is_enough(row: Row, people: dict[str, set[str]]) -> bool:
    """Return whether there are as many as the request's rule demands, with a different person for each group's part."""
    if len(people) < row["approvals_required"]:
        return False
    quotas: list[tuple[str, int]] = json.loads(row["approval_quotas"] or "[]")
    parts = [group for group, count in quotas for _ in range(count)]
    return any(
        all(group in people[person] for group, person in zip(parts, chosen, strict=True))
        for chosen in permutations(people, len(parts))
    )
