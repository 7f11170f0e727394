"""Oracles accept every view and message, in every state and with any values."""

import importlib
import inspect
import pkgutil
import sys
import typing
from collections.abc import Callable, Iterator
from itertools import islice
from types import CodeType, FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.views import View

import slack_ui
from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Decision, Request, Verdict
from deletion.domain.policy import Policy
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from deletion.messages.projection import RequestView
from proof.oracles import Surface, objections
from proof.payload_roundtrip import Json
from slack_ui.messages import request_card
from tests.deletion.values import freeze, request
from tests.hostile import HOSTILE
from tests.slack_ui.every_surface import POLICY, REFUSED, ROOMS, answers, homes, messages, views

# Around our own limits and Slack's: docs.slack.dev/reference/block-kit.
LENGTHS = [1, 24, 25, 75, 76, 119, 120, 121, 150, 151, 299, 300, 301, 1_000, 1_001, 2_000, 3_000, 3_001]
OF_A_LENGTH = st.builds(lambda char, length: char * length, st.sampled_from("x&<🔥é\u202e`"), st.sampled_from(LENGTHS))


def agreed(surfaces: dict[str, Json], surface: Surface) -> None:
    for name, payload in surfaces.items():
        assert not objections(payload, surface), name


@pytest.mark.parametrize("text", HOSTILE)
def test_oracles_accept_hostile_texts(text: str) -> None:
    agreed(views(text), "modal")
    agreed(messages(text), "message")
    agreed(answers(text), "message")
    agreed(homes(text), "home")


@settings(max_examples=20, deadline=None)
@given(OF_A_LENGTH | st.text(max_size=400))
def test_oracles_accept_any_text(text: str) -> None:
    agreed(views(text), "modal")
    agreed(messages(text), "message")
    agreed(answers(text), "message")
    agreed(homes(text), "home")


def requests() -> st.SearchStrategy[Request]:
    """Return requests of every state with any combination of facts, plausible or not."""
    people = st.sampled_from([f"U{number:010}" for number in range(20)])
    decisions = st.builds(Decision, person_id=people, verdict=st.sampled_from(Verdict), at=st.just(now()))
    attempts = st.builds(
        Attempt, kind=st.sampled_from(AttemptKind), at=st.just(now()), kore_message=st.text(max_size=9)
    )
    facts = {
        "state": st.sampled_from(State),
        "approvals_required": st.integers(0, 20),
        "expires_at": st.none() | st.just(now()),
        "execute_after": st.none() | st.just(now()),
        "decisions": st.lists(decisions, max_size=20).map(tuple),
        "attempt": st.none() | attempts,
        "observation": st.none() | st.sampled_from(Observation),
    }
    return st.fixed_dictionaries(facts).map(lambda chosen: request(**chosen))


@settings(max_examples=200, deadline=None)
@given(
    requests(),
    st.sampled_from(MessageKind),
    st.integers(0, len(ROOMS)),
    st.sampled_from([POLICY, Policy()]),
    st.sampled_from([None, freeze()]),
)
def test_oracles_accept_any_card(
    asked: Request, kind: MessageKind, unreached: int, policy: Policy, frozen: Freeze | None
) -> None:
    message = Message(request_id=asked.id, key="one", kind=kind, target_id=ROOMS[0])
    text, blocks = request_card.build(
        RequestView(asked, dict(islice(REFUSED.items(), unreached)), frozen if asked.is_open else None), message, policy
    )
    agreed({"card": {"text": text, "blocks": [block.to_dict() for block in blocks]}}, "message")


def builders() -> Iterator[tuple[str, CodeType]]:
    """Yield the public functions of slack_ui that return a view, or a text and blocks."""
    for module in pkgutil.walk_packages(slack_ui.__path__, "slack_ui."):
        loaded = importlib.import_module(module.name)
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            returns = typing.get_type_hints(function).get("return")
            is_ours = function.__module__ == loaded.__name__ and not name.startswith("_")
            if is_ours and (returns is View or str(returns).startswith("tuple[str, list[")):
                yield f"{module.name.rpartition('.')[2]}.{name}", function.__code__


def called(act: Callable[[], Any]) -> set[CodeType]:
    seen: set[CodeType] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            seen.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(before)
    return seen


def test_every_builder_is_covered() -> None:
    """Add a new builder to a `hostile_*.py` of tests/slack_ui, whose surfaces the other tests use."""
    seen = called(lambda: [surfaces("not built before") for surfaces in (views, messages, answers, homes)])
    assert not {name for name, code in builders() if code not in seen}
