"""The numbers in docs/ are those of the code."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deletion.catalogue.similar_names import TOO_OLD
from deletion.catalogue.sync_state import FRESH
from deletion.db import connection_limit, heartbeat
from deletion.db.postgresql import CONNECT_OPTIONS, IDLE_LIMIT
from deletion.domain.approvals.reminders import REMIND_EVERY
from deletion.domain.campaign_list import MOST_CAMPAIGNS
from deletion.domain.outcome import FIRST_RECHECK, LATE_DELETES
from deletion.domain.reappearance import RECHECKED_AFTER
from deletion.domain.states import WATCHED
from deletion.engine.sweep_timer import SWEEP_EVERY_SECONDS
from deletion.engine.workflows import ABANDONED
from deletion.kore.sighting import LIST_PAGES
from deletion.lifecycle.delete_executor import MAX_AGE_SECONDS
from deletion.lifecycle.lease import ATTEMPT, LEASE
from deletion.lifecycle.rate_limit_pause import TO_ATTEMPT
from deletion.lifecycle.rebuild_executor import LATE_CREATES
from deletion.messages.disclosure import VALID_FOR_SECONDS
from deletion.stores.home_store import FOLLOWS_FOR
from deletion.stores.message_store import RETRIED_FOR
from deletion.stores.request_metrics import LATE_AFTER
from deletion.stores.request_queries import NAMES_LOOKED_THROUGH
from deletion.stores.webhook_store import FIRST_PAUSE, LONGEST_PAUSE
from handlers.connection.socket_connection import RESTART_AFTER_SECONDS
from handlers.connection.token_check import EVERY_SECONDS
from handlers.ingress.http import BODY_LIMIT_BYTES, BODY_WITHIN_SECONDS
from handlers.listeners.status_and_history import PAGE as HISTORY_PAGE
from kore_api.responses.response_body import MAX_BODY_BYTES, MAX_NESTING, MAX_VALUES
from settings.applications import LONGEST_NAME, MOST_APPLICATIONS
from settings.defaults import TTL_PER_REMINDER
from webhook import TIMEOUT_SECONDS

ROOT = Path(__file__).parents[1]
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=count) for count in (1, 60, 3600, 86400))


def page(name: str) -> str:
    """Return a page as one line, as its lines are wrapped anywhere."""
    return " ".join((ROOT / name).read_text().split())


def words(number: float) -> str:
    named: dict[float, str] = {2: "two", 4: "four", 5: "five", 6: "six", 8: "eight", 10: "ten", 20: "twenty"}
    return named[number]  # exactly


def whole(number: Any, unit: Any) -> int:
    """Return how many units make the number; pages round none."""
    count, rest = divmod(number, unit)
    assert not rest
    return int(count)


NUMBERS = [
    ("README.md", f"within the last {words(MAX_AGE_SECONDS)} seconds"),
    ("docs/usage.md", f"up to {MOST_CAMPAIGNS} campaigns"),
    ("docs/usage.md", f"at most every {whole(REMIND_EVERY, MINUTE)} minutes"),
    ("docs/usage.md", f"for {words(FOLLOWS_FOR / HOUR)} hours; then it says"),
    ("docs/usage.md", f"no effect within {words(LATE_DELETES / MINUTE)} minutes"),
    ("docs/usage.md", f"refuses that for {words(LATE_DELETES / MINUTE)} minutes"),
    ("docs/usage.md", f"{words(LATE_CREATES / MINUTE)} minutes after the create"),
    ("docs/usage.md", f"among the newest {NAMES_LOOKED_THROUGH} requests"),
    ("docs/operations.md", f"{whole(LEASE + ATTEMPT, SECOND)} seconds after it began"),
    ("docs/operations.md", f"after {whole(ABANDONED, SECOND)} to {whole(ABANDONED, SECOND) + SWEEP_EVERY_SECONDS}"),
    ("docs/deployment.md", f"after {whole(ABANDONED, SECOND)} to {whole(ABANDONED, SECOND) + SWEEP_EVERY_SECONDS}"),
    ("docs/operations.md", f"ends it after {whole(connection_limit.ANSWERS_WITHIN_SECONDS, 1)} seconds"),
    ("docs/operations.md", f"It waits {whole(heartbeat.ANSWERS_WITHIN_SECONDS, 1)} seconds for the write"),
    ("docs/operations.md", f"attempt ends after {CONNECT_OPTIONS['connect_timeout']} seconds"),
    ("docs/operations.md", f"idle for {IDLE_LIMIT.removesuffix('s')} seconds is ended by the server"),
    ("docs/settings.md", f"{words(TTL_PER_REMINDER).capitalize()} times an `APPROVAL_REMINDER`"),
    ("docs/usage.md", f"newest first, {words(HISTORY_PAGE)} to a page"),
    ("docs/operations.md", f"down for more than {words(RESTART_AFTER_SECONDS / 60)} minutes"),
    ("docs/operations.md", f"The bot asks Slack every {words(EVERY_SECONDS)} seconds"),
    ("docs/operations.md", f"413: over {whole(BODY_LIMIT_BYTES, 1_000_000)} MB"),
    ("docs/operations.md", f"slower than {words(BODY_WITHIN_SECONDS)} seconds"),
    ("docs/operations.md", f"if it is older than {whole(TOO_OLD, MINUTE)} minutes"),
    ("docs/operations.md", f"an outdated state for {whole(LATE_AFTER, SECOND)} seconds"),
    ("docs/operations.md", f"none within {words(TIMEOUT_SECONDS)} seconds, is tried again after"),
    ("docs/operations.md", f"after {whole(FIRST_PAUSE, SECOND)} seconds, then at longer intervals"),
    ("docs/operations.md", f"up to {words(LONGEST_PAUSE / MINUTE)} minutes, for as long as it takes"),
    ("docs/operations.md", f"may then have {LONGEST_NAME - len('practice-')} characters at most"),
    ("docs/operations.md", f"at most {LIST_PAGES} pages of 100"),
    ("docs/operations.md", "after {}, {} and {} minutes".format(*(whole(each, MINUTE) for each in RECHECKED_AFTER))),
    ("docs/architecture.md", "after {}, {} and {} minutes".format(*(whole(each, MINUTE) for each in RECHECKED_AFTER))),
    ("docs/architecture.md", f"every {words(SWEEP_EVERY_SECONDS)} seconds on any replica"),
    ("docs/applications.md", f"a table for each, up to {words(MOST_APPLICATIONS)}:"),
    ("docs/security.md", f"is used for {words(VALID_FOR_SECONDS)} seconds at most"),
    (
        "docs/security.md",
        f"{whole(MAX_BODY_BYTES, 1024**2)} MB decompressed, {MAX_NESTING} levels and {MAX_VALUES:,} values of JSON",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "said"), NUMBERS)
def test_number_on_a_page_is_that_of_the_code(name: str, said: str) -> None:
    assert said in page(name)


def test_times_that_pages_put_in_words_are_those_of_the_code() -> None:
    assert (FRESH, FIRST_RECHECK, WATCHED, RETRIED_FOR, TO_ATTEMPT) == (MINUTE, 30 * SECOND, DAY, HOUR, HOUR)
    usage = page("docs/usage.md")
    assert "checks again after half a minute, then at doubling intervals and at the end of a day" in usage
    assert "while the request is open, and for an hour after" in usage
    assert "with a list that is at most a minute old" in usage
    assert "After an hour the bot gives up." in usage
