"""Compare versions of a campaign that is stopped before its delete."""

import json

RUN_FIELDS = frozenset({"status", "updatedAt", "campaignInstanceId"})
RUNNING = frozenset({"Active", "Paused", "Preparing", "Scheduled", "Rescheduled"})


def content(version: str) -> str:
    """Return a version without what a run changes by itself."""
    fields = json.loads(version)
    return json.dumps({name: value for name, value in fields.items() if name not in RUN_FIELDS}, sort_keys=True)


def is_running(version: str) -> bool:
    return json.loads(version).get("status") in RUNNING
