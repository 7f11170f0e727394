"""Time limits so long that only a fault reaches them, however slow the machine is."""

import pytest
from slack_bolt.async_app import AsyncApp

import webhook
from commands.doctor import runner
from deletion.db import postgresql
from deletion.db.heartbeat import Heartbeat
from deletion.kore import read_timeout
from deletion.lifecycle import party_check
from handlers.access import approver_count, group_sizes, slack_client
from handlers.checks import request_url, settings, tokens
from handlers.connection import health, socket_connection
from kore_api import probe
from kore_api.client import KoreClient, open_client

HANGS_AFTER_SECONDS = 60.0
LIMITS = (
    (approver_count, "ANSWER_WITHIN_SECONDS"),
    (group_sizes, "ANSWER_WITHIN_SECONDS"),
    (health, "REFRESHED_WITHIN_SECONDS"),
    (party_check, "ANSWER_WITHIN_SECONDS"),
    (probe, "READ_SECONDS"),
    (read_timeout, "READ_SECONDS"),
    (request_url, "ANSWER_WITHIN_SECONDS"),
    (settings, "CHECKED_WITHIN_SECONDS"),
    (slack_client, "TIMEOUT_SECONDS"),
    (socket_connection, "OPENED_WITHIN_SECONDS"),
    (tokens, "ANSWER_WITHIN_SECONDS"),
    (webhook, "TIMEOUT_SECONDS"),
)
DEFAULTS = (
    (open_client, ("connect_timeout_seconds", "read_timeout_seconds")),
    (KoreClient.__init__, ("read_seconds", "call_seconds")),
)


def extend_limits(patch: pytest.MonkeyPatch) -> None:
    """Allow a minute for each answer and connection. A test of a limit sets that limit itself."""
    for module, name in LIMITS:
        patch.setattr(module, name, HANGS_AFTER_SECONDS)
    for function, arguments in DEFAULTS:
        defaults = function.__kwdefaults__
        assert defaults
        for argument in arguments:
            patch.setitem(defaults, argument, HANGS_AFTER_SECONDS)
    patch.setattr(AsyncApp._register_listener, "__defaults__", (False, HANGS_AFTER_SECONDS))  # noqa: SLF001 - Bolt waits 3 s for an ack
    patch.setattr(Heartbeat.__init__, "__defaults__", (HANGS_AFTER_SECONDS,))
    patch.setattr(runner.bounded, "__defaults__", (HANGS_AFTER_SECONDS,))
    patch.setattr(postgresql, "IDLE_LIMIT", "1min")
    patch.setitem(postgresql.CONNECT_OPTIONS, "connect_timeout", int(HANGS_AFTER_SECONDS))
