"""The domain's values: a request, and the decisions about it. All frozen."""

from enum import StrEnum

from pydantic import AwareDatetime

from deletion.domain.approval_rule import ApprovalRule, MissingApprovals, Quota
from deletion.domain.attempt import Attempt, AttemptKind, Lease, Observation
from deletion.domain.budget import Budget
from deletion.domain.extent import Extent
from deletion.domain.fingerprint import CampaignFingerprint, Difference
from deletion.domain.states import OPEN_STATES, State
from deletion.domain.stopping import is_stopped
from deletion.domain.stored import Stored
from deletion.domain.text.application_name import is_practice_name
from deletion.domain.witnesses import Witnesses


class Purpose(StrEnum):
    """The purpose of a request."""

    DELETE = "delete"
    REBUILD = "rebuild"
    STOP = "stop"
    STOP_AND_DELETE = "stop and delete"


class Verdict(StrEnum):
    """The kind of a user's decision about a request."""

    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    STOPPED = "stopped"


class Decision(Stored):
    """One user's decision, with its time; a rejection has a reason."""

    person_id: str
    verdict: Verdict
    at: AwareDatetime
    reason: str = ""


class StruckApproval(Stored):
    """An approval that no longer counts. ``why`` is the value of a Denial, or says that it was withdrawn."""

    person_id: str
    approved_at: AwareDatetime
    struck_at: AwareDatetime
    why: str


class EarlierRequest(Stored):
    """The campaign's last request before this one, the ``count``-th, as it was then, and the message that shows it."""

    count: int
    state: State
    at: AwareDatetime
    attempt: AttemptKind | None = None
    person_id: str = ""  # who rejected, withdrew or stopped it
    channel_id: str = ""
    ts: str = ""


class CampaignStop(Stored):
    """The stop that was verified ``at`` this time. ``attempt`` is None if the campaign needed none by then.

    ``status_before`` is the campaign's status when it was requested. ``messages_sent`` is the total of messages then,
    ``messages_sent_at_delete`` immediately before the DELETE; both are None where Kore.ai did not show them.
    ``created_at`` is the campaign's creation date, by which the list finds it.
    """

    at: AwareDatetime
    status_before: str
    attempt: Attempt | None = None
    messages_sent: int | None = None
    messages_sent_at_delete: int | None = None
    created_at: AwareDatetime | None = None


class Preview(Stored):
    """The campaign as a user saw it in the confirm modal. The submitted form is judged by it alone."""

    id: str
    team_id: str
    user_id: str
    channel_id: str
    campaign: CampaignFingerprint
    taken_at: AwareDatetime
    rebuilds: str | None = None
    stops: Purpose | None = None  # STOP or STOP_AND_DELETE
    ask_for_id: bool = False  # similar names exist or may exist: the form asks for the end of the id too
    kore_account: str | None = None
    application: str = ""
    witnesses: Witnesses | None = None
    extent: Extent | None = None  # None until it was shown

    @property
    def purpose(self) -> Purpose:
        return self.stops or (Purpose.REBUILD if self.rebuilds else Purpose.DELETE)


class Request(Stored):
    """A request to delete, stop or rebuild one campaign. ``version`` grows by one with each change.

    ``attempt`` and ``observation`` are of the action that is due; ``stop`` has those of a stop before its delete.
    """

    id: str
    team_id: str
    requester_id: str
    channel_id: str
    campaign: CampaignFingerprint
    reason: str
    state: State
    version: int
    requested_at: AwareDatetime
    changed_at: AwareDatetime
    approvals_required: int = 0
    approval_quotas: tuple[Quota, ...] = ()
    missing_approvals: MissingApprovals | None = None  # as of the last approval, for a rule with quotas
    budget: Budget | None = None  # when it was last counted for this request
    approved_at: AwareDatetime | None = None
    expires_at: AwareDatetime | None = None  # the end of the time to decide; once approved, of the time to execute
    awaiting_since: AwareDatetime | None = None  # when it last began to; None: when it was requested
    reminded_at: AwareDatetime | None = None
    escalated_at: AwareDatetime | None = None
    execute_after: AwareDatetime | None = None  # approved: the end of the undo window or of a rate limit pause
    waiting_since: AwareDatetime | None = None  # the start of a rate limit pause, which ends by itself
    decisions: tuple[Decision, ...] = ()
    struck: tuple[StruckApproval, ...] = ()
    attempt: Attempt | None = None
    observation: Observation | None = None
    lease: Lease | None = None
    differences: tuple[Difference, ...] = ()
    rebuilds: str | None = None  # the id of the request that deleted the campaign to rebuild
    stops: Purpose | None = None  # STOP or STOP_AND_DELETE; None for a delete and for a rebuild
    stop: CampaignStop | None = None  # once it was verified
    flow_name: str = ""  # the experience flow of an advanced campaign to rebuild
    created_id: str = ""  # the id of the rebuilt campaign
    kore_account: str | None = None  # the Kore.ai account that the campaign id belongs to; None in older rows
    application: str = ""  # the name of its Kore.ai application in the settings of that time
    recheck_at: AwareDatetime | None = None  # deleted: when the bot checks again whether it has reappeared
    reappeared_at: AwareDatetime | None = None
    witnesses: Witnesses | None = None  # the sources that showed the campaign; None in rows of a previous version
    extent: Extent | None = None  # as the requester was shown it; None if the form was sent before it was known
    earlier: EarlierRequest | None = None
    ticket: str = ""
    list_id: str | None = None  # the id of the first request of its list, for a request of many campaigns
    list_position: int | None = None  # in the list, from 1

    @property
    def named(self) -> dict[str, str]:
        """The application as a field of a log line or journal entry; empty where it has no name."""
        return {"application": self.application} if self.application else {}

    @property
    def is_practice(self) -> bool:
        """Whether it was made in practice: nothing is ever sent for it."""
        return is_practice_name(self.application)

    @property
    def listed_as(self) -> dict[str, str]:
        """Its list, and its position there, as details of a journal entry; empty for a request of its own."""
        return {"list": self.list_id, "list_position": str(self.list_position)} if self.list_id else {}

    @property
    def shown_by(self) -> str:
        """The id of the request whose messages show this one: the first of its list, or itself."""
        return self.list_id or self.id

    @property
    def purpose(self) -> Purpose:
        return self.stops or (Purpose.REBUILD if self.rebuilds else Purpose.DELETE)

    @property
    def due_action(self) -> Purpose:
        """What is sent to Kore.ai next, or was sent last: STOP, DELETE or REBUILD. A stop comes before its delete."""
        if self.purpose is Purpose.STOP_AND_DELETE:
            return Purpose.DELETE if self.stop else Purpose.STOP
        return self.purpose

    @property
    def was_stopped(self) -> bool:
        """Whether its campaign was seen stopped. One that came to another status by itself needed no stop."""
        if self.stop is None or self.purpose is Purpose.STOP:
            return self.stop is not None
        return self.stop.attempt is not None or is_stopped(self.campaign.status)

    @property
    def heeds_freeze(self) -> bool:
        """Return whether a freeze holds it: a campaign can be stopped during a freeze."""
        return self.purpose is not Purpose.STOP

    @property
    def approval_rule(self) -> ApprovalRule:
        return ApprovalRule(required=self.approvals_required, quotas=self.approval_quotas)

    @property
    def extra_approvals(self) -> int:
        """How many more approvals it needs because its budget was used up."""
        return self.budget.extra_approvals if self.budget else 0

    @property
    def campaign_to_delete(self) -> str:
        """The id of the campaign; empty for a rebuild and for a stop alone, which delete none."""
        deletes = self.purpose in (Purpose.DELETE, Purpose.STOP_AND_DELETE)
        return self.campaign.campaign_id if deletes else ""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def approvals(self) -> tuple[Decision, ...]:
        return tuple(decision for decision in self.decisions if decision.verdict is Verdict.APPROVED)

    def is_approved_by(self, person_id: str) -> bool:
        return any(approval.person_id == person_id for approval in self.approvals)

    @property
    def lacks_approvals(self) -> bool:
        """Whether it is approved with fewer approvals than it requires, which the settings of now may do to it."""
        return self.state is State.APPROVED and self.approvals_counted < self.approvals_required

    @property
    def approvals_counted(self) -> int:
        """How many of the approvals count; with quotas, as of the last approval."""
        missing = self.missing_approvals
        return self.approvals_required - missing.count if missing else len(self.approvals)
