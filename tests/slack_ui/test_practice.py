"""In practice every surface has the word, and still keeps Slack's limits."""

import json
import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import FreezeEvent, FreezeNotice
from deletion.domain.models import Purpose
from deletion.domain.policies import Policies
from deletion.domain.records import Entry, Message, MessageKind
from deletion.domain.states import State
from deletion.messages.projection import RequestView
from handlers.access.practice_client import REPLIES, VIEWS, PracticeClient, said, shown
from sandbox.slack.blocks.rules import check_message, check_view
from slack_ui.messages import freeze_notice
from slack_ui.messages.projector import SlackProjector
from slack_ui.parts.practice import marked_message, marked_view
from slack_ui.strings import lists
from slack_ui.strings.practice import PRACTICE
from slack_ui.views import notice
from tests.deletion.values import freeze
from tests.slack_ui.every_surface import answers, homes, messages, views
from tests.slack_ui.hostile_values import CARD, LINKS, POLICY, REFUSED, Surface, hostile_request

ROOT = Path(__file__).parents[2]
TEXT = "Spring Sale"
NAMES = ("practice", "practice-production")
IN_PRACTICE = POLICY.model_copy(update={"practice": True, "application": "practice"})
PURPOSES: tuple[dict[str, Any], ...] = (
    {}, {"rebuilds": "another"}, {"stops": Purpose.STOP}, {"stops": Purpose.STOP_AND_DELETE},
)  # fmt: skip
KINDS = (MessageKind.CARD, MessageKind.ORIGIN, MessageKind.DIRECT, MessageKind.ROOM)
# Slack methods that show something: those that the client of practice marks, and those that show a request.
MARKED = {"views_open", "views_update", "views_publish", "chat_postEphemeral"}
OF_REQUESTS = {"chat_postMessage", "chat_update"}
FILES = {"files_getUploadURLExternal", "files_completeUploadExternal"}  # of a list's result: see test_list_csv.py
# Beside the projector: what ``said`` marks, and a link to a request's current message, which names the application.
OTHERS = {
    "handlers/replies/private_reply.py",
    "handlers/listeners/error_handler.py",
    "handlers/listeners/outdated_message.py",
    "handlers/checks/posting.py",
}


@pytest.fixture
def projector() -> SlackProjector:
    return SlackProjector(AsyncWebClient(), Policies([IN_PRACTICE]), LINKS)


def says_practice(surface: object) -> bool:
    return "practice" in json.dumps(surface).lower()


@pytest.mark.parametrize("built", [views, homes], ids=["modals", "Homes"])
def test_every_surface_of_practice_says_so(built: Any) -> None:
    for name, view in built(TEXT).items():
        marked = marked_view(view)
        assert says_practice(marked["blocks"][0]), name
        check_view(marked, "home" if built is homes else "modal")


def test_every_private_reply_of_practice_says_so() -> None:
    for name, answer in answers(TEXT).items():
        marked = marked_message(answer)
        assert says_practice(marked["text"]), name
        assert says_practice(marked["blocks"][0]), name
        check_message(marked["blocks"])


@pytest.mark.parametrize("state", State)
def test_every_message_of_a_request_of_practice_says_so(projector: SlackProjector, state: State) -> None:
    for application, others in product(NAMES, PURPOSES):
        request = hostile_request(TEXT, state, application=application, **others)
        seen = RequestView(request, REFUSED, freeze() if request.is_open else None, "", CARD)
        for kind in KINDS:
            message = Message(request_id="r", key="k", kind=kind, target_id="C0")
            rendered = projector.render(seen, message).payload
            assert says_practice(rendered["text"]), kind
            assert says_practice(rendered["blocks"][0]), kind
            check_message(rendered["blocks"])
            assert says_practice(projector.render_first(message, request).payload)
        assert says_practice(projector.render_withheld(request).payload)


@pytest.mark.parametrize("event", [*PRACTICE.thread_lines, "unheard of"])
def test_every_thread_line_and_call_of_practice_says_so(projector: SlackProjector, event: str) -> None:
    seen = RequestView(hostile_request(TEXT, State.AWAITING_APPROVAL, application="practice"), card=CARD)
    entry = Entry(at=now(), event=event, actor_id="U0BOB", surface="modal", details={})
    line = Message(request_id="r", key="k", kind=MessageKind.STORY, target_id="C0", entry=entry)
    call = line.model_copy(update={"key": "call-U0BOB", "kind": MessageKind.DIRECT, "target_id": "U0BOB"})
    assert says_practice(projector.render(seen, line).payload)
    assert says_practice(projector.render(seen, call).payload)


@pytest.mark.parametrize("state", [state for state in State if state in lists.RESULTS])
def test_every_message_of_a_list_of_practice_says_so(projector: SlackProjector, state: State) -> None:
    requests = tuple(hostile_request(TEXT, state, id=f"{number:032}", application=NAMES[0]) for number in range(2))
    listed = CampaignList(requests[0].id, requests)
    seen = RequestView(requests[0], card=CARD, listed=listed)
    for kind in KINDS:
        message = Message(request_id="r", key="k", kind=kind, target_id="C0")
        rendered = projector.render(seen, message).payload
        assert says_practice(rendered["text"]), kind
        assert says_practice(rendered["blocks"][0]), kind
        assert says_practice(projector.render_first(message, requests[0], listed).payload)
    for event in (*lists.LINES, "practised"):
        entry = Entry(at=now(), event=event, actor_id="U0BOB", surface="modal", details={"campaigns": "2"})
        line = Message(request_id="r", key="k", kind=MessageKind.STORY, target_id="C0", entry=entry)
        assert says_practice(projector.render(seen, line).payload), event
        pause = line.model_copy(update={"key": "pause-U0ALICE-1.2", "kind": MessageKind.DIRECT})
        assert says_practice(projector.render(seen, pause).payload)
        assert says_practice(projector.render_first(pause, requests[0], listed).payload)


def test_no_message_of_a_real_request_says_practice() -> None:
    for name, message in messages(TEXT).items():
        if str(State.PRACTISED) not in name and "unheard of" not in name:
            assert not says_practice(message), name


@pytest.mark.parametrize("event", FreezeEvent)
def test_every_notice_of_a_freeze_of_practice_says_so(event: FreezeEvent) -> None:
    frozen = freeze(practice=True, lifted_by="U0CAROL", lifted_at=now(), lifted_because=TEXT)
    told = FreezeNotice(freeze_id=frozen.id, event=event, target_id="C0")
    for unreached in ({}, REFUSED):
        assert says_practice(freeze_notice.build(frozen, told, unreached)["text"])
    assert says_practice(freeze_notice.withheld(frozen, event))
    assert says_practice(freeze_notice.frozen_by(frozen))


@pytest.mark.parametrize("method", sorted(VIEWS | REPLIES))
async def test_client_of_practice_marks_what_it_sends(mocker: MockerFixture, method: str) -> None:
    sent = mocker.patch.object(AsyncWebClient, "api_call", autospec=True)
    shows: dict[str, Surface] = {
        "views.open": {"trigger_id": "1", "view": notice.loading().to_dict()},
        "views.update": {"view_id": "V1", "view": notice.loading().to_dict()},
        "views.publish": {"user_id": "U1", "view": homes(TEXT)["quiet"]},
        "chat.postEphemeral": {"channel": "C0", "user": "U1", "text": "Nothing was done."},
    }
    calls: Any = getattr(PracticeClient(token="xoxb-1"), method.replace(".", "_"))

    await calls(**shows[method])

    assert says_practice(sent.call_args.kwargs["json"])


def test_acknowledgement_and_response_url_are_marked_in_practice_alone() -> None:
    practising, real = PracticeClient(token="xoxb-1"), AsyncWebClient(token="xoxb-1")
    view, message = notice.loading(), {"text": "Nothing was done."}

    assert says_practice(shown(practising, view))
    assert isinstance(shown(real, view), View)
    assert says_practice(said(practising, message))
    assert said(real, message) == message


def test_every_call_that_shows_something_is_marked_or_of_a_request() -> None:
    """A new method that shows something, or a new place that posts messages, must say practice too."""
    for path in [*(ROOT / "handlers").rglob("*.py"), *(ROOT / "slack_ui").rglob("*.py")]:
        source, file = path.read_text(), str(path.relative_to(ROOT))
        called = set(re.findall(r"client\.((?:chat|views|dialog|files)_\w+)", source)) - {"chat_delete"}
        assert called - (FILES if file == "slack_ui/messages/file_upload.py" else set()) <= MARKED | OF_REQUESTS, file
        if called & OF_REQUESTS:
            assert file in OTHERS | {"slack_ui/messages/projector.py"}
