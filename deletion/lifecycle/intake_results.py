"""The results of an intake: a preview, or a refusal."""

from dataclasses import dataclass
from datetime import datetime

from deletion.catalogue.similar_names import SimilarNames
from deletion.domain.approvals.quorum import NONE_NEEDED, Quorum
from deletion.domain.budget import Budget
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.hold import Hold
from deletion.domain.models import EarlierRequest, Preview, Request
from deletion.domain.policy import Refusal
from kore_api.errors import KoreError
from kore_api.models import Campaign


@dataclass(frozen=True)
class Requester:
    """The user who typed the command, and the channel; ids from Slack."""

    team_id: str
    user_id: str
    channel_id: str


@dataclass(frozen=True)
class Refused:
    """Why no preview was made; ``campaign`` is None if it was not read."""

    refusal: Refusal
    campaign: Campaign | None = None
    existing: Request | None = None
    freeze: Freeze | None = None
    hold: Hold | None = None
    free_again_at: datetime | None = None
    unread: KoreError | None = None
    quorum: Quorum | None = None
    is_own: bool = False  # ``existing`` was requested by the user who asks
    rebuild: Request | None = None  # made the campaign of ``existing`` again, or still may


@dataclass(frozen=True)
class CampaignPreview:
    """A campaign that may be requested, campaigns with similar names, its preview, and how many approvals it needs."""

    campaign: Campaign
    similar_names: SimilarNames
    preview: Preview
    approvals_required: int
    budget: Budget
    quorum: Quorum = NONE_NEEDED
    earlier: EarlierRequest | None = None


class FrozenError(Exception):
    """No request is accepted, because of this ``freeze``."""

    def __init__(self, freeze: Freeze) -> None:
        super().__init__(freeze)
        self.freeze = freeze


class HeldError(Exception):
    """The campaign is on ``hold``."""

    def __init__(self, hold: Hold) -> None:
        super().__init__(hold)
        self.hold = hold


class OverBudgetError(Exception):
    """The budget is used up until ``free_again_at``, and no approver can give one more approval."""

    def __init__(self, free_again_at: datetime) -> None:
        super().__init__(free_again_at)
        self.free_again_at = free_again_at


class OutdatedFormError(Exception):
    """The form said that more approvals would be needed, a longer undo window given, or the campaign archived."""


class TooFewApproversError(Exception):
    """Fewer people may approve the request than it needs: ``quorum``."""

    def __init__(self, quorum: Quorum) -> None:
        super().__init__(quorum)
        self.quorum = quorum
