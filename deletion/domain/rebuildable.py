"""Whether a deleted campaign can be made again from the archive, or was. No I/O."""

from dataclasses import dataclass

from deletion.domain.models import Request
from deletion.domain.states import State

MAY_BE_REBUILT = frozenset({State.DELETED, State.GONE})


def is_there_again(deleted: Request | None) -> bool:
    """Return whether the campaign of this request may exist again: another client or an undo may have restored it."""
    return deleted is not None and deleted.state not in MAY_BE_REBUILT


@dataclass(frozen=True)
class Rebuildable:
    """``is_archived``: the campaign was archived with a key that still opens it, and was not rebuilt.

    ``rebuilt`` is the request that made the campaign again.
    """

    is_archived: bool = False
    rebuilt: Request | None = None


NOT_REBUILDABLE = Rebuildable()
