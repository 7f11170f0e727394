"""The picker of a list chooses what was typed, and says so."""

from typing import Any

from deletion.catalogue.listed_campaign import CachedList
from deletion.catalogue.search import rank
from deletion.domain.campaign_list import MOST_CAMPAIGNS
from deletion.domain.policy import Policy
from slack_ui.parts import ids
from slack_ui.views import list_picker
from slack_ui.views.picker_modal import Picking
from tests.deletion.values import NOON, listed

LISTED = (listed(1, "Otter farewell"), listed(2, "Otter hello", status="Active"), listed(3, "Zebra farewell"))
COPY = CachedList(campaigns=LISTED, as_of=NOON)
UNKNOWN_ID = "cd-00000000-0000-5000-8000-00000000ffff"


def chosen(view: dict[str, Any]) -> list[str]:
    block = next(each for each in view["blocks"] if each.get("block_id") == ids.CAMPAIGNS_BLOCK)
    return [option["value"] for option in block["element"].get("initial_options", [])]


def for_words(query: str) -> dict[str, Any]:
    hits = rank(query, LISTED)
    return list_picker.for_words(COPY, Picking(query=query), hits, Policy()).to_dict()


def test_all_typed_ids_are_chosen_so_that_the_next_form_says_what_is_wrong_with_one() -> None:
    typed = [LISTED[0].id, LISTED[1].id, UNKNOWN_ID]
    view = list_picker.for_ids(COPY, Picking(query=" ".join(typed)), typed).to_dict()
    assert chosen(view) == typed
    assert "You typed 3 IDs. All are chosen" in str(view["blocks"][0])


def test_more_ids_than_a_list_may_have_are_not_dropped_silently() -> None:
    typed = [f"cd-00000000-0000-5000-8000-{number:012x}" for number in range(MOST_CAMPAIGNS + 5)]
    view = list_picker.for_ids(COPY, Picking(query="ids"), typed).to_dict()
    assert chosen(view) == typed[:MOST_CAMPAIGNS]
    assert "You typed 25 IDs. Only the first 20 are chosen." in str(view["blocks"][0])


def test_words_choose_what_can_be_deleted_and_count_only_that() -> None:
    view = for_words("farewell")
    assert chosen(view) == [LISTED[0].id, LISTED[2].id]
    assert "2 campaigns that match `farewell` can be deleted, and are chosen." in str(view["blocks"][0])
    assert chosen(for_words("otter")) == [LISTED[0].id]
    assert "One campaign that matches `otter` can be deleted" in str(for_words("otter")["blocks"][0])
    assert chosen(for_words("hello")) == []
    assert "None of the campaigns that match `hello` can be deleted" in str(for_words("hello")["blocks"][0])


def test_words_choose_no_names_that_only_contain_them_beside_names_that_have_them() -> None:
    zones = tuple(listed(number, name) for number, name in enumerate(["Outage Zone 14", "Zone 4", "Zone 42"]))
    copy = CachedList(campaigns=zones, as_of=NOON)

    def view(query: str) -> dict[str, Any]:
        return list_picker.for_words(copy, Picking(query=query), rank(query, zones), Policy()).to_dict()

    assert chosen(view("zone 4")) == [zones[1].id]
    assert set(chosen(view("zon 4"))) == {zone.id for zone in zones}
