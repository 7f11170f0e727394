"""A call that changes something at Kore.ai, as the attempt that a request keeps."""

from collections.abc import Awaitable
from typing import TypeVar

from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.errors import FencedError
from kore_api.errors import (
    KoreError,
    KorePracticeError,
    KoreRateLimitError,
    KoreThrottledError,
    KoreUncountedError,
    KoreUnreachableError,
)

Answer = TypeVar("Answer")


async def attempted(call: Awaitable[Answer]) -> Answer | Attempt:
    """Return Kore.ai's confirmation, or the attempt that failed. Raises FencedError if the call was not counted."""
    try:
        return await call
    except KorePracticeError:
        return attempt_of(AttemptKind.PRACTISED)
    except KoreUncountedError as error:
        raise FencedError(str(error)) from error
    except KoreError as error:
        again = error.retry_after_seconds if isinstance(error, KoreRateLimitError) else None
        return attempt_of(_kind(error), error.own_words, str(error), again)


def _kind(error: KoreError) -> AttemptKind:
    if error.may_have_happened:
        return AttemptKind.NO_ANSWER
    unsent = isinstance(error, KoreUnreachableError | KoreThrottledError)
    return AttemptKind.NOT_SENT if unsent else AttemptKind.REFUSED


def attempt_of(
    kind: AttemptKind, kore_message: str = "", explanation: str = "", retry_after_seconds: float | None = None
) -> Attempt:
    return Attempt(
        kind=kind,
        at=now(),
        kore_message=kore_message,
        explanation=explanation,
        retry_after_seconds=retry_after_seconds,
    )
