"""The notice of a freeze keeps Slack's limits with hostile texts."""

import re

import pytest

from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import FreezeEvent, FreezeNotice
from sandbox.slack.blocks.rules import check_message
from slack_ui.messages import freeze_notice
from tests.deletion.values import freeze
from tests.slack_ui.surfaces import WORST


@pytest.mark.parametrize("event", FreezeEvent)
@pytest.mark.parametrize("worst", WORST)
def test_freeze_notice_keeps_limits(event: FreezeEvent, worst: str) -> None:
    frozen = freeze(reason=worst[:500], lifted_by="U0CAROL", lifted_at=now(), lifted_because=worst[:500])
    told = freeze_notice.build(frozen, FreezeNotice(freeze_id=frozen.id, event=event, target_id="C0"), {})
    check_message(told["blocks"])
    assert 0 < len(told["text"]) <= 4_000
    assert "<!channel>" not in told["text"]
    assert "<@U0BOB>" in told["text"]
    assert ("<@U0CAROL> unfroze" in told["text"]) == (event is FreezeEvent.UNFROZEN)
    assert not set(re.findall(r"\{[a-z_]+\}", str(told))) - {"{date_short_pretty}", "{time}"}
    notice = FreezeNotice(freeze_id=frozen.id, event=event, target_id="U0BOB")
    unreached = freeze_notice.build(frozen, notice, {"C1": "not_in_channel"})
    assert "<#C1>" in unreached["text"]
    assert "/invite" in unreached["text"]
