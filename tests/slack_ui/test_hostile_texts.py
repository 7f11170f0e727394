"""External text on every surface: it mentions no user, imitates no outcome and hides nothing."""

from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deletion.domain.states import OPEN_STATES, State
from deletion.domain.text.visible_text import visible_text
from sandbox.slack.blocks.rules import check_message, check_options, check_view
from slack_ui import strings
from slack_ui.parts import text as text_parts
from tests.hostile import EVIL, HOSTILE, check_markup, check_seen, mrkdwn
from tests.slack_ui.every_surface import answers, messages, suggestions, views


@pytest.fixture(scope="module", autouse=True)
def cleaned_once() -> Iterator[None]:
    """Clean each text once: a surface shows it in many places, and cleaning a long one takes milliseconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_parts, "visible_text", cache(visible_text))
        yield


@pytest.mark.parametrize("text", HOSTILE)
def test_external_text_is_inert_in_views(text: str) -> None:
    for view in views(text).values():
        check_view(view, "modal")
        check_markup(view)
        check_seen(view)


@pytest.mark.parametrize("text", HOSTILE)
def test_external_text_is_inert_in_suggestions(text: str) -> None:
    for answer in suggestions(text):
        assert not check_options(answer)
        check_markup(answer)
        check_seen(answer)


@pytest.mark.parametrize("text", HOSTILE)
def test_external_text_is_inert_in_messages(text: str) -> None:
    for message in messages(text).values():
        check_message(message.get("blocks"))
        assert 0 < len(message["text"]) <= 4_000  # docs.slack.dev/reference/methods/chat.update
        check_markup(message)
        check_seen(message)


@pytest.mark.parametrize("text", HOSTILE)
def test_external_text_is_inert_in_lookup_answers(text: str) -> None:
    for answer in answers(text).values():
        check_message(answer["blocks"])
        assert 0 < len(answer["text"]) <= 40_000  # docs.slack.dev/reference/methods/chat.postMessage
        check_markup(answer)
        check_seen(answer)


@settings(max_examples=3, deadline=None)
@given(st.text(max_size=2_000).map(lambda text: f"{EVIL}." + text))  # words alone may stand outside code: test_text.py
def test_any_text_is_inert(text: str) -> None:
    surfaces = views(text), messages(text)
    for view in surfaces[0].values():
        check_view(view, "modal")
    for message in surfaces[1].values():
        check_message(message.get("blocks"))
        assert 0 < len(message["text"]) <= 4_000
    for surface in (*surfaces[0].values(), *surfaces[1].values()):
        check_markup(surface)
        check_seen(surface)


@pytest.mark.parametrize("text", HOSTILE)
def test_long_texts_never_hide_decision_outcome_and_next_step(text: str) -> None:
    cards = messages(text)
    comes_next = {
        **strings.deletion.DELETION.next_steps,
        State.GONE: strings.cards.GONE_AFTER_A_LOST_ANSWER,
        State.CHANGED: strings.deletion.DELETION.next_step_to_another_status,  # to one that may not be deleted
        State.UNKNOWN: strings.deletion.DELETION.next_step_until_settled,  # the delete has just been sent
    }
    for state in State:
        message = cards[f"card of {state}"]
        blocks = str(message["blocks"])
        for said in (message["text"], blocks):
            assert strings.deletion.DELETION.headlines[state] in said
            assert "20 of 20 approvals" in said
            assert "Rejected by <@U0BOB>" in said
            assert comes_next[state].split("{")[0] in said
        assert "…" not in message["text"][-60:]
        for label in (
            strings.deletion.DELETION.reason_label,
            strings.cards.REJECTED_BECAUSE,
            strings.cards.ATTEMPT,
            strings.cards.CAMPAIGN,
        ):
            assert label in blocks
        for field in ("Name", "Status", "Contact lists", "Calling hours", "Message text"):
            assert f"{field}: was " in blocks
    for state in OPEN_STATES:
        frozen = cards[f"frozen card of {state}"]
        for said in (frozen["text"], str(frozen["blocks"])):
            assert "Frozen by <@U0BOB> <!date^" in said
            assert strings.deletion.DELETION.next_steps_while_frozen[state].split("{")[0] in said


@pytest.mark.parametrize("text", HOSTILE)
def test_long_texts_never_hide_lists_warnings_and_next_step_in_modals(text: str) -> None:
    shown = views(text)
    for name in ("confirm", "approve"):
        assert str(shown[name]).count(EVIL) >= 10, "each of ten contact lists"
        assert "and 2 more" in str(shown[name])
        assert strings.deletion.DELETION.warning in list(mrkdwn(shown[name]))
        assert any(said.startswith("Next: ") for said in mrkdwn(shown[name]))
    for name, view in shown.items():
        if name.startswith("refused"):
            assert strings.modals.NO_REQUEST_MADE in list(mrkdwn(view))


def test_name_that_imitates_an_outcome_is_shown_as_a_name() -> None:
    name = ":white_check_mark: *was deleted* and approved"
    message = messages(name)["card of awaiting approval"]
    assert message["text"].startswith(f"`{name}` is waiting for approval to be deleted.")
    emoji, shown, said = message["blocks"][0]["elements"][0]["elements"]
    assert (emoji["type"], emoji["name"]) == ("emoji", "raised_hand")
    assert (shown["type"], shown["text"], shown["style"]) == ("text", f" {name}", {"bold": True})
    assert said["text"] == " is waiting for approval to be deleted."


def test_right_to_left_name_is_isolated() -> None:
    name = "حملة الربيع"
    message = messages(name)["card of awaiting approval"]
    assert message["text"].startswith(f"`\u2068{name}\u2069` is waiting for approval to be deleted.")
