"""What other people change in Kore.ai's console and in Slack's directory, each by the name that a plan gives it."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from sandbox.slack.seed import dm_of
from tests.simulation.clock import true_time
from tests.simulation.explore.ledger import Ledger
from tests.simulation.sandbox import LocalSandbox


class Others:
    """``campaign_ids`` are by name."""

    def __init__(self, local: LocalSandbox, ledger: Ledger, campaign_ids: dict[str, str]) -> None:
        self._local = local
        self._ledger = ledger
        self._ids = campaign_ids

    def change(self, name: str, field: str) -> None:
        """Change one field in the console, sometimes without a new ``updatedAt``."""
        self._ledger.struck("campaign changed")
        raw = self._local.parts.kore.memory.campaigns[self._ids[name]]
        values: dict[str, Any] = {
            "name": f"{name} again", "status": "Completed" if raw["status"] != "Completed" else "Stopped",
            "message": {"message": f"changed at {_now()}"}, "contactLists": [f"List {_now()}"],
            "schedule": {"isSchedulingEnabled": True, "at": _now()},
            "dialingStrategy": {**raw["dialingStrategy"], "maxAttempts": _now()}, "priority": "9",
            "updatedAt": _iso(), "extra": {"note": _now()},
        }  # fmt: skip
        raw[field] = values[field]
        if int(_now()) % 2:
            raw["updatedAt"] = _iso()

    def start_campaign(self, name: str) -> None:
        raw = self._local.parts.kore.memory.campaigns[self._ids[name]]
        raw.update(status="Active", updatedAt=_iso())
        self._ledger.struck("campaign started")

    def delete_in_console(self, name: str) -> None:
        raw = self._local.parts.kore.memory.campaigns[self._ids[name]]
        raw["deleted"] = True
        self._ledger.struck("campaign deleted in console")
        self._ledger.been_gone.add(self._ids[name])

    def recreate(self, name: str) -> None:
        raw = self._local.parts.kore.memory.campaigns[self._ids[name]]
        if raw["deleted"]:
            raw.update(deleted=False, updatedAt=_iso())
            self._ledger.struck("campaign made again")
            self._ledger.recreated.add(self._ids[name])

    def lose_right(self, user: str) -> None:
        workspace = self._local.parts.slack.workspace
        for group in workspace.user_groups.values():
            if user in group["users"]:
                group["users"].remove(user)
        self._ledger.struck("right lost")
        self._ledger.lost_rights_at.setdefault(user, _now())

    def deactivate(self, user: str) -> None:
        self._local.parts.slack.workspace.users[user]["deleted"] = True
        self._ledger.struck("user deactivated")
        self._ledger.lost_rights_at.setdefault(user, _now())

    def second_account(self, user: str, other: str) -> None:
        """Make an approver another account of somebody else: the same person, by the address of the account."""
        workspace = self._local.parts.slack.workspace
        workspace.users[user]["profile"]["email"] = workspace.users[other]["profile"]["email"]
        workspace.members[dm_of(user)] = [user, "U0BOT"]


def _now() -> float:
    return asyncio.get_running_loop().time()


def _iso() -> str:
    at = datetime.fromtimestamp(true_time(), UTC).isoformat(timespec="milliseconds")
    return at.replace("+00:00", "Z")
