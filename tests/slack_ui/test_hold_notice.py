"""The list of holds does not pass a part of them off as all."""

from deletion.stores.hold_store import LISTED_AT_MOST
from slack_ui import strings
from slack_ui.messages import hold_notice
from tests.deletion.values import hold


def test_list_of_holds_says_whether_there_are_more() -> None:
    all_of_them, first_ones = ([hold()] * count for count in (LISTED_AT_MOST, LISTED_AT_MOST + 1))
    assert strings.hold.MORE not in hold_notice.listed(all_of_them)
    said = hold_notice.listed(first_ones)
    assert strings.hold.MORE in said
    assert said.count("Legal asked") == LISTED_AT_MOST
