"""Third-party oracles reject each wrong payload of the sandbox's own tests."""

from collections.abc import Callable

import pytest

from proof.oracles import FALSE_ALARMS, ORACLES, OURS, Surface, objections
from proof.payload_roundtrip import Json
from tests.sandbox.small_bot import modal, plain, section
from tests.sandbox.test_rules import WRONG_BLOCKS, WRONG_VIEWS, actions, button, field

# No library has these; every other rule of the sandbox needs a witness who did not write it.
ONLY_OURS = (
    '`block_id` "b" already exists',
    '`action_id` "go" already exists',
    "only one table is allowed",
    "no less than 1 items allowed [json-pointer:/blocks/0/elements]",
)
# The sandbox counts an emoji twice, as UTF-16 does, to be on the safe side: Slack does not say how it counts, and the
# libraries count it once.
LAST_THAT_COUNTS_ONCE = 0xFFFF
RIGHT: list[tuple[Surface, Json]] = [
    (
        "message",
        {"text": "x", "blocks": [section("x" * 3000)] * 25 + [actions(*[button(action_id=str(n)) for n in range(25)])]},
    ),
    ("modal", modal(*[field()] * 100, title=plain("x" * 24), submit=plain("x" * 24), private_metadata="x" * 3000)),
    ("home", {"type": "home", "blocks": [section("x")] * 100}),
]


@pytest.mark.parametrize(("blocks", "sentence"), WRONG_BLOCKS)
def test_third_party_oracle_rejects_wrong_message(blocks: list[Json], sentence: str) -> None:
    counts_twice = any(ord(char) > LAST_THAT_COUNTS_ONCE for char in str(blocks))
    _has_a_witness(objections({"text": "x", "blocks": blocks}, "message"), sentence, counts_twice=counts_twice)


@pytest.mark.parametrize(("view", "sentence"), WRONG_VIEWS)
def test_third_party_oracle_rejects_wrong_view(view: Json, sentence: str) -> None:
    _has_a_witness(objections(view, "modal"), sentence)


def _has_a_witness(said: dict[str, str], sentence: str, *, counts_twice: bool = False) -> None:
    if sentence.startswith(ONLY_OURS):
        assert OURS in said
        return
    if counts_twice:
        assert not said
        return
    knowing = {who for who, words in said.items() if "unsupported type" in sentence or "NoSuchType" not in words}
    assert knowing - {OURS}, said or sentence


@pytest.mark.parametrize(("surface", "payload"), RIGHT, ids=["message", "modal", "home"])
def test_payload_at_the_limit_is_accepted(surface: Surface, payload: Json) -> None:
    assert not objections(payload, surface)


ALERT = {"type": "alert", "text": plain("x"), "level": "warning"}
ANY_LENGTH = {"type": "external_select", "action_id": "s", "placeholder": plain("x"), "min_query_length": 0}


DATE = {"type": "date", "timestamp": 1_790_000_000, "format": "{date_short}", "fallback": "21 Sep"}
DATED = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [DATE]}]}


@pytest.mark.parametrize(
    ("payload", "mistaken"),
    [
        (modal(ALERT), ["blockkit"]),
        (modal({**section("x"), "accessory": ANY_LENGTH}), ["blockkit"]),
        (modal(DATED), ["slackblocks", "blockkit"]),
    ],
    ids=["alert", "select", "date"],
)
def test_known_false_alarm_is_raised_and_ignored(payload: Json, mistaken: list[str]) -> None:
    raised = [who for who, ask in ORACLES.items() if _complains(ask, payload)]
    assert raised == mistaken
    assert not objections(payload, "modal")


def _complains(ask: Callable[[Json, Surface], list[str]], payload: Json) -> bool:
    try:
        return bool(ask(payload, "modal"))
    except Exception as error:  # noqa: BLE001 - any error is listed as a false alarm
        return any(words in str(error) for _, words, _ in FALSE_ALARMS)
