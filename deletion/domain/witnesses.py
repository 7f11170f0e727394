"""The sources at Kore.ai that showed a campaign: only these can prove later that it is gone (positive control)."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict

RECENT = timedelta(minutes=5)


class Source(StrEnum):
    """One way of asking Kore.ai for a campaign."""

    GET = "get"
    STATUS = "status"
    LIST_BY_DATE = "list by date"  # the list, narrowed around the campaign's own creation date
    LIST = "list"  # the whole list: its cost grows with the account


class Witnesses(BaseModel):
    """The sources that showed the campaign, and when. ``created_at`` is what ``LIST_BY_DATE`` was asked with."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    sources: tuple[Source, ...]
    at: AwareDatetime
    created_at: AwareDatetime | None = None

    @property
    def second(self) -> Source | None:
        """The source beside GET, or None if GET alone showed the campaign: then nothing can prove absence."""
        return next((source for source in self.sources if source is not Source.GET), None)

    def is_recent(self, at: datetime) -> bool:
        return at - self.at < RECENT


def after_upgrade(at: datetime) -> Witnesses:
    """Return the sources for a request of a previous version, which verified by GET and the whole list.

    Its fingerprint proves that GET showed the campaign. The list counts only while its numbers say that it is whole.
    """
    return Witnesses(sources=(Source.GET, Source.LIST), at=at)
