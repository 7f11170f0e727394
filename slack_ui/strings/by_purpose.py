"""Which words tell of a request: a rebuild has its own where those of a delete would not be true."""

from collections.abc import Mapping
from typing import Any

from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Purpose, Request, State
from slack_ui.strings import cards, modals, rebuild


def table(request: Request, name: str) -> Mapping[Any, str]:
    """Sentences by state, kind of attempt, observation or event, as their table of this name says them."""
    common: Mapping[Any, str] = getattr(cards, name)
    own: Mapping[Any, str] = getattr(rebuild, name, {}) if request.purpose is Purpose.REBUILD else {}
    return {**common, **own}


def sentence(request: Request, name: str) -> str:
    """One sentence or label of this name, of the rebuild's own if it has one."""
    places = (rebuild, cards, modals) if request.purpose is Purpose.REBUILD else (cards, modals)
    found: str = next(getattr(place, name) for place in places if hasattr(place, name))
    return found


def headline_of(request: Request, freeze: Freeze | None = None) -> str:
    """How a request stands, as the end of a sentence that begins with the campaign's name."""
    if request.state is State.EXPIRED and request.approved_at:
        return sentence(request, "EXPIRED_UNUSED")
    if request.state is State.APPROVED and freeze:
        return sentence(request, "APPROVED_AND_FROZEN")
    return table(request, "HEADLINES")[request.state]
