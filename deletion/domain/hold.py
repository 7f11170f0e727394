"""A hold: a campaign that may not be deleted until an approver other than its holder releases it."""

from pydantic import AwareDatetime

from deletion.domain.stored import Stored


class Hold(Stored):
    """One campaign of one Kore.ai account is on hold from ``held_at`` until ``released_at``."""

    id: str
    team_id: str
    campaign_id: str
    campaign_name: str  # as the bot knew it; may be empty
    kore_account: str | None
    application: str
    held_by: str
    held_at: AwareDatetime
    reason: str
    released_by: str = ""
    released_at: AwareDatetime | None = None
