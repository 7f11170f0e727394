"""What can go wrong when talking to Kore.ai, by what it means for the caller. The only place of these errors.

KoreError
├── KoreUnreachableError         never sent:                   it did not happen
├── KoreNoAnswerError            sent, no answer:              it may have happened
├── KoreServerError              5xx, or nothing confirmed:    it may have happened
├── KoreRateLimitError           too many calls this minute:   it did not happen; later it might
│   └── KoreThrottledError        …by our own count:            it was not even sent
├── KoreRefusedError             Kore.ai said no:              it did not happen and will not
│   ├── KoreAuthError            …because of our credentials
│   └── CampaignNotFoundError    …because there is no such campaign
└── ListTooLongError             a list was not read to its end: nothing can be concluded from it

Kore.ai documents no error body and no HTTP status for its campaign pages, so the meaning is ours.
"""

from typing import ClassVar


class KoreError(Exception):
    """Catch this to catch them all. ``str`` is one sentence; ``kore_message`` is Kore.ai's own text or empty.

    All arguments reach ``Exception.args``, so it survives pickling.
    """

    may_have_happened: ClassVar[bool] = False
    worth_retrying: ClassVar[bool] = False

    def __init__(
        self,
        sentence: str,
        kore_message: str = "",
        http_status: int | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(sentence, kore_message, http_status, retry_after_seconds)
        self.sentence = sentence
        self.kore_message = kore_message
        self.http_status = http_status
        self.retry_after_seconds = retry_after_seconds

    def __str__(self) -> str:
        return self.sentence


class KoreUnreachableError(KoreError):
    worth_retrying = True


class KoreNoAnswerError(KoreError):
    may_have_happened = True
    worth_retrying = True


class KoreServerError(KoreError):
    may_have_happened = True
    worth_retrying = True


class KoreRateLimitError(KoreError):
    worth_retrying = True


class KoreThrottledError(KoreRateLimitError):
    pass


class KoreRefusedError(KoreError):
    pass


class KoreAuthError(KoreRefusedError):
    pass


class CampaignNotFoundError(KoreRefusedError):
    pass


class ListTooLongError(KoreError):
    pass
