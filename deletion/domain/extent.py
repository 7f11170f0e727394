"""How far a campaign reaches: the sizes of its contact lists and the messages sent. No I/O."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict

BELIEVABLE = 10**12


def believable(number: int | None) -> int | None:
    """Return the number, or None for an implausible one, which could also be too long to print."""
    return number if number is not None and 0 <= number < BELIEVABLE else None


Count = Annotated[int | None, BeforeValidator(believable)]


class Extent(BaseModel):
    """The reach of a campaign, as Kore.ai stated it when it was shown. None stands for unknown, never for zero.

    ``sent_as_of`` is when the cached list showed ``messages_sent``; None if Kore.ai was asked just then.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    list_sizes: dict[str, Count] = {}
    messages_sent: Count = None
    sent_as_of: AwareDatetime | None = None
