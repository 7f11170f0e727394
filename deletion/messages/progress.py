"""The result of an attempt to send something to Slack."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from deletion.domain.errors import SlackBusyError

T = TypeVar("T")


@dataclass(frozen=True)
class Progress(Generic[T]):
    """``owed`` is to be sent from now on, ``busy`` failed and is to be sent later."""

    owed: list[T] = field(default_factory=list)
    busy: list[tuple[T, SlackBusyError]] = field(default_factory=list)
