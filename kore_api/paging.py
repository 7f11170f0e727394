"""Read a list to its end, or raise. A list that contradicts itself is not complete."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from kore_api.errors import ListTooLongError

LIST_SECONDS = 120.0  # no page is requested later than that


class HasId(Protocol):
    @property
    def id(self) -> str: ...


Item = TypeVar("Item", bound=HasId)


@dataclass(frozen=True)
class Page(Generic[Item]):
    """``has_more`` and ``total`` are ``hasMore`` and ``totalResults`` of docs.kore.ai/…/get-all-campaigns."""

    items: list[Item]
    has_more: bool | None
    total: int | None

    def goes_on(self, received: int) -> bool:
        """Return whether more follows: by ``hasMore``, else by the total, else until a page is empty."""
        if self.has_more is not None:
            return self.has_more
        return received < self.total if self.total is not None else bool(self.items)

    def is_cut_short(self, received: int) -> bool:
        """Return whether it says to be the last page and names a larger total: it contradicts itself."""
        return self.total is not None and received < self.total and not self.goes_on(received)


def page_of(items: list[Item], data: dict[str, Any]) -> Page[Item]:
    """Return the page with its paging fields; one of an unexpected type counts as missing."""
    has_more, total = data.get("hasMore"), data.get("totalResults")
    return Page(items, has_more if isinstance(has_more, bool) else None, total if type(total) is int else None)


async def read_pages(
    fetch: Callable[[int], Awaitable[Page[Item]]], *, max_pages: int, seconds: float = LIST_SECONDS
) -> AsyncIterator[Item]:
    """Yield each item once. ``fetch`` takes the number of items to skip.

    Raises:
        ListTooLongError: more than ``max_pages`` or ``seconds``, a page repeats, the list ends before its own total, or
            the total shrinks between two pages: then items move forward, over the edge of what was read already.

    """
    seen: set[str] = set()
    skip, total = 0, None
    give_up_at = time.monotonic() + seconds
    for _ in range(max_pages):
        if time.monotonic() > give_up_at:
            break
        page = await fetch(skip)
        if total is not None and page.total is not None and page.total < total:
            raise ListTooLongError(f"Kore.ai's list shrank from {total} to {page.total} items while it was read.")
        total = page.total
        new = {item.id: item for item in page.items if item.id not in seen}
        for item in new.values():
            yield item
        seen.update(new)
        skip += len(page.items)
        if not page.goes_on(skip):
            _require_total(page, len(seen))
            return
        if not new:
            _require_whole(page, len(seen))
            return
    raise ListTooLongError(f"Kore.ai's list goes on after {skip} items; it was not read to its end.")


def _require_whole(page: Page[Any], seen: int) -> None:
    """Accept a page without new items as the end only if the numbers agree; else the server repeats a page."""
    whole = seen >= page.total if page.total is not None else not page.items
    if not whole:
        raise ListTooLongError(f"Kore.ai's list brings nothing new after {seen} items; it was not read to its end.")


def _require_total(page: Page[Any], seen: int) -> None:
    if page.total is not None and seen < page.total:
        raise ListTooLongError(f"Kore.ai's list ends after {seen} of {page.total} items; it contradicts itself.")
