"""The lines of a card's thread say what was sent."""

import pytest

from deletion.domain.clock import now
from deletion.domain.models import AttemptKind
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from slack_ui.messages import thread_line
from tests.deletion.values import request


@pytest.mark.parametrize("event", ["expired", "expired, unused", "stopped", "changed", "gone"])
@pytest.mark.parametrize("attempt", [AttemptKind.REFUSED, AttemptKind.NO_ANSWER, AttemptKind.CONFIRMED])
def test_line_after_a_sent_delete_does_not_claim_that_nothing_was_sent(event: str, attempt: AttemptKind) -> None:
    entry = Entry(at=now(), event=event, actor_id="engine", surface="engine", details={"attempt": attempt})

    line = thread_line.line(entry, request(), Policy())

    assert "Nothing was sent" not in line
    assert "I sent no delete" not in line
    if event.startswith("expired"):
        assert line.endswith((" I sent no further delete.", " before I could send another delete."))
