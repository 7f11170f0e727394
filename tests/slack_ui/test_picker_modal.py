"""The picker with any text and any number of campaigns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deletion.catalogue.listed_campaign import CachedList
from deletion.catalogue.search import Closeness, Hit
from deletion.domain.policy import Refusal
from sandbox.slack.blocks.rules import check_options, check_view
from slack_ui import strings
from slack_ui.parts.text import clean
from slack_ui.views import picker_modal
from tests.deletion.values import NOON, listed
from tests.slack_ui.surfaces import POLICY, WORST

COPIES = [
    CachedList(),
    CachedList((listed(1, "x"),), total=10_000),
    CachedList((listed(1, "x"),), trouble=Refusal.KORE_SILENT),
    CachedList((listed(1, "x"),), NOON),
    CachedList((listed(1, "x"),), NOON, trouble=Refusal.KORE_LIMIT),
]


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize("count", [0, 1, 2, 100])
@pytest.mark.parametrize("query", WORST)
def test_picker_keeps_limits(copy: CachedList, count: int, query: str) -> None:
    picking = picker_modal.Picking(query=clean(query, picker_modal.QUERY_LIMIT))
    view = picker_modal.build(copy, picking, [Hit(listed(1, "x"), Closeness.CONTAINS)] * count).to_dict()
    check_view(view, "modal")
    assert picker_modal.picking(view) == picking
    assert "<!channel>" not in str([block for block in view["blocks"] if block["type"] == "section"])
    assert ("loaded so far" in str(view["blocks"][-1])) == (copy in COPIES[:2])


@given(st.text(), st.text(), st.sampled_from(["Ready", "Active", "Hibernating" * 20]))
def test_option_with_any_name_keeps_limits(name: str, query: str, status: str) -> None:
    some = [
        listed(1, name, status=status),
        listed(2, query, is_voice=True),
        listed(3, query, is_sms=False, updated_at=None),
    ]
    for in_groups in (True, False):
        assert check_options(picker_modal.answer(some, POLICY, in_groups=in_groups)) == []


@pytest.mark.parametrize(
    ("closeness", "whole", "said"),
    [
        ([], True, "*No campaign matches* `sale`. Type another"),
        ([], False, "*None of the campaigns loaded so far matches* `sale`. Type another"),
        ([Closeness.FUZZY], True, "*No campaign matches* `sale`. Open the list to see similar ones"),
        ([Closeness.CONTAINS, Closeness.FUZZY], True, "*One campaign matches* `sale`."),
        ([Closeness.CONTAINS, Closeness.SAME], True, "*2 campaigns match* `sale`."),
        ([Closeness.CONTAINS] * 100, True, "*At least 100 campaigns match* `sale`. Open the list to see 100 of them"),
    ],
)
def test_picker_shows_number_of_matches(closeness: list[Closeness], said: str, *, whole: bool) -> None:
    hits = [Hit(listed(number, "x"), each) for number, each in enumerate(closeness)]
    copy, picking = CachedList(as_of=NOON if whole else None), picker_modal.Picking(channel_id="C0", query="sale")
    assert said in str(picker_modal.build(copy, picking, hits).to_dict()["blocks"][0])


@pytest.mark.parametrize(
    ("copy", "said"),
    [
        (CachedList((listed(1, "x"),), NOON), "1 campaign in Kore.ai's list, as of"),
        (CachedList((listed(1, "x"), listed(2, "y")), NOON), "2 campaigns in Kore.ai's list, as of"),
        (CachedList((listed(1, "x"),)), " 1 campaign loaded so far."),
        (CachedList((listed(1, "x"),), total=10_000), " 1 of about 10,000 campaigns loaded so far."),
        (CachedList((listed(1, "x"),), trouble=Refusal.KORE_SILENT), "I have 1 campaign, and others may be missing."),
    ],
)
def test_picker_shows_number_of_campaigns_in_its_list(copy: CachedList, said: str) -> None:
    assert said in picker_modal.known(copy)


def test_option_shows_end_of_id_and_why_it_cannot_be_deleted() -> None:
    long = "Service Renewal Outreach for everybody who has not answered, Campaign"
    some = [
        listed(0xABCD, f"{long}61"),
        listed(2, "Sale", status="Active"),
        listed(3, "Transport", is_voice=True),
        listed(4, "Alert", status="Run as Emergency"),
    ]
    groups = picker_modal.answer(some, POLICY, in_groups=True)["option_groups"]

    (first,), (second,), (third, fourth) = (group["options"] for group in groups)
    assert [group["label"]["text"] for group in groups] == [
        strings.picker.MAY_BE_DELETED,
        strings.picker.MAY_BE_STOPPED,
        strings.picker.MAY_NOT_BE_DELETED,
    ]
    assert first["text"]["text"].startswith("Service Renewal Outreach for")
    assert first["text"]["text"].endswith("has not answered, Campaign61 · …abcd")
    assert first["description"]["text"] == "Ready · updated 1 Jan 2026"
    assert second["description"]["text"] == "Active, is stopped first · updated 1 Jan 2026"
    assert third["description"]["text"] == "Voice campaign, can't be deleted here · updated 1 Jan 2026"
    assert fourth["description"]["text"] == "Run as Emergency, can't be deleted now · updated 1 Jan 2026"
    flat = picker_modal.answer(some[::-1], POLICY, in_groups=False)["options"]
    assert [option["value"] for option in flat] == [campaign.id for campaign in some[::-1]]
