"""Workflow ids. DBOS runs one workflow per id, so an id decides what counts as the same work."""

from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import FreezeNotice
from deletion.messages.message_sync import MessageRef

HOMES_EVERY_SECONDS = 2  # changes within that time are shown together


def execute_id(request_id: str) -> str:
    return f"execute-{request_id}"


def show_id(address: MessageRef) -> str:
    return f"show-{address.request_id}-{address.key}"


def notice_id(notice: FreezeNotice) -> str:
    return f"notice-{notice.freeze_id}-{notice.event}-{notice.target_id}"


def notice_run_id(notice: FreezeNotice, occasion: str = "") -> str:
    """Return the id of one run: without ``occasion``, of the first post or of the update with the reason."""
    return f"{notice_id(notice)}.{occasion or ('reason' if notice.ts else 'first')}"


def home_id(user_id: str) -> str:
    return f"home-{user_id}"


def moment() -> int:
    """Return the same number for everything within a few seconds."""
    return int(now().timestamp() // HOMES_EVERY_SECONDS)
