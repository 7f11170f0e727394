"""A log line with a request's id alone gets the rest of what is known of it, for the latest requests."""

from collections import OrderedDict

import pytest

from deletion.domain import log_context
from tests.deletion.values import request


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_context, "_lately", OrderedDict())


def test_line_with_the_id_of_a_request_gets_its_campaign_and_application() -> None:
    asked = request(application="staging")
    with log_context.enter(asked, "task"):
        pass
    known = {"campaign_id": asked.campaign.campaign_id, "application": "staging"}
    assert log_context.fields({"request_id": asked.id}) == known


def test_request_that_was_worked_on_first_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_context, "KEPT", 2)
    requests = [request(), request(), request()]
    for each in requests:
        with log_context.enter(each, "task"):
            pass
    assert [bool(log_context.fields({"request_id": each.id})) for each in requests] == [False, True, True]
