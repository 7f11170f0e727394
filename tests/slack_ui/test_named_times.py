"""A time from which something holds is named by the minute, and the minute is never too early."""

from datetime import timedelta

import pytest

from deletion.domain.approvals.approval import Objection
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.outcome import LATE_DELETES
from deletion.domain.policy import Policy, Refusal
from deletion.domain.states import State
from deletion.lifecycle.intake_results import Refused
from deletion.messages.projection import RequestView
from slack_ui.messages import next_step
from slack_ui.parts import ids
from slack_ui.parts.text import date, first_minute
from slack_ui.views import confirm_modal, notice, refusals
from tests.deletion.values import NOON, request
from tests.stories.person import shown

MOMENT, MINUTE = NOON + timedelta(seconds=20), NOON + timedelta(minutes=1)
UNANSWERED = Attempt(kind=AttemptKind.NO_ANSWER, at=MOMENT - LATE_DELETES)


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, NOON), (0.000001, MINUTE), (20, MINUTE), (59.999999, MINUTE), (60, MINUTE)]
)
def test_minute_is_the_first_that_does_not_begin_before(seconds: float, expected: object) -> None:
    assert first_minute(NOON + timedelta(seconds=seconds)) == expected


def test_campaign_is_not_called_spared_before_its_delete_is_too_late_to_land() -> None:
    unknown = request(state=State.UNKNOWN, attempt=UNANSWERED, changed_at=MOMENT - LATE_DELETES)
    assert f"still there after {date(MINUTE)}, it was not deleted" in next_step.text(RequestView(unknown), Policy())


@pytest.mark.parametrize("refusal", [Refusal.OVER_BUDGET, Refusal.UNSETTLED])
def test_refusal_names_no_time_at_which_it_would_be_repeated(refusal: Refusal) -> None:
    view = notice.refused(Refused(refusal, existing=request(), free_again_at=MOMENT), Policy())
    assert date(MINUTE) in shown(view.to_dict())


def test_form_names_no_time_at_which_it_would_be_refused_again() -> None:
    assert "at 12:01 UTC" in confirm_modal.over_budget(MOMENT)[ids.PHRASE_BLOCK]

    at = now().replace(second=20)
    lost = Attempt(kind=AttemptKind.NO_ANSWER, at=at)
    wait = confirm_modal.already_requested(request(state=State.UNKNOWN, attempt=lost))[ids.PHRASE_BLOCK]
    assert f"until {at + LATE_DELETES + timedelta(minutes=1):%H:%M} UTC" in wait


def test_reminder_is_refused_with_a_time_at_which_it_is_possible() -> None:
    waiting = request(requested_at=MOMENT - timedelta(minutes=15))
    assert date(MINUTE) in refusals.objection_text(Objection.REMINDED, waiting)
