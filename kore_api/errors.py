"""Errors of the Kore.ai client, by what they mean for the caller.

KoreError
├── KoreUnreachableError         never sent:                   it did not happen
│   └── KoreUncountedError       …because the call could not be counted
├── KoreNoAnswerError            sent, no answer:              it may have happened
├── KoreServerError              no answer to rely on:         it may have happened
│   └── KoreUnconfirmedError     …and a retry would not help
├── KoreRateLimitError           too many calls this minute:   it did not happen; later it might
│   └── KoreThrottledError       …by our own count:            it was not even sent
├── KorePracticeError            not sent, for practice:       it did not happen and will not
├── KoreRefusedError             Kore.ai said no:              it did not happen and will not
│   ├── KoreAuthError            …because of our credentials, scope or app
│   └── CampaignNotFoundError    …because it has no such campaign
└── ListTooLongError             a list was not read to its end: nothing can be concluded from it

Kore.ai documents no error body and no HTTP status for its campaign pages, so this classification is our own.
"""

from typing import ClassVar

from kore_api.causes import Cause
from kore_api.responses.masking import mask


class KoreError(Exception):
    """Base of all errors of this package.

    ``str()`` is one sentence. ``kore_message`` is the response's own text, masked, or empty. ``cause`` is None unless
    the operator can act on it. ``is_from_kore`` says that Kore.ai itself answered: a JSON object in a documented form.

    All arguments reach ``Exception.args``, so it survives pickling.
    """

    may_have_happened: ClassVar[bool] = False
    worth_retrying: ClassVar[bool] = False
    is_refusal: ClassVar[bool] = False

    def __init__(  # noqa: PLR0913, PLR0917 - positional, so that all reach ``args``
        self,
        sentence: str,
        kore_message: str = "",
        http_status: int | None = None,
        retry_after_seconds: float | None = None,
        cause: Cause | None = None,
        is_from_kore: bool = False,
    ) -> None:
        super().__init__(sentence, kore_message, http_status, retry_after_seconds, cause, is_from_kore)
        self.sentence = sentence
        self.kore_message = kore_message
        self.http_status = http_status
        self.retry_after_seconds = retry_after_seconds
        self.cause = cause
        self.is_from_kore = is_from_kore

    def __str__(self) -> str:
        return self.sentence

    @property
    def own_words(self) -> str:
        """Return ``kore_message`` if Kore.ai itself answered. The words of a gateway are for the log alone."""
        return self.kore_message if self.is_from_kore else ""

    @property
    def detail(self) -> str:
        """Return the exception that caused it, masked, for the log; empty without one."""
        cause = self.__cause__
        return f"{type(cause).__name__}: {mask(str(cause))}" if cause else ""

    @property
    def can_mean_absent(self) -> bool:
        """Return whether a read that ended so is compatible with an absent campaign; the wording does not matter.

        Kore.ai itself refused, and not because of credentials, scope, app, rate limit or a fault of its own. One such
        answer proves nothing: settle absence by two sources that both showed the campaign before.
        """
        return self.is_refusal and self.is_from_kore


class KoreUnreachableError(KoreError):
    worth_retrying = True


class KoreUncountedError(KoreUnreachableError):
    pass


class KoreNoAnswerError(KoreError):
    may_have_happened = True
    worth_retrying = True


class KoreServerError(KoreError):
    may_have_happened = True
    worth_retrying = True


class KoreUnconfirmedError(KoreServerError):
    worth_retrying = False


class KoreRateLimitError(KoreError):
    worth_retrying = True


class KoreThrottledError(KoreRateLimitError):
    pass


class KorePracticeError(KoreError):
    pass


class KoreRefusedError(KoreError):
    is_refusal = True


class KoreAuthError(KoreRefusedError):
    is_refusal = False


class CampaignNotFoundError(KoreRefusedError):
    pass


class ListTooLongError(KoreError):
    pass
