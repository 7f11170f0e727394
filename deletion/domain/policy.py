"""The team's rules: which campaigns may be deleted, and by whom. No I/O."""

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Protocol

import regex
from pydantic import BaseModel, ConfigDict

from deletion.domain.approval_hours import ApprovalHours
from deletion.domain.approval_rule import ApprovalRule, Quota
from deletion.domain.models import Preview, Purpose, Request
from deletion.domain.stopping import STOPPED
from deletion.domain.text.application_name import real_name
from deletion.domain.text.look_alikes import READ_AS
from deletion.domain.text.visible_text import visible_text
from deletion.domain.ticket import is_ticket
from kore_api.account import real_account
from kore_api.errors import CampaignNotFoundError, KoreAuthError, KoreError, KoreRateLimitError
from kore_api.models import Campaign

REASON_MIN, REASON_MAX = 10, 500
ID_END = 4  # the characters by which users tell ids apart
_DASH = regex.compile(r"[\p{Dash_Punctuation}\u2212]")


class Refusal(StrEnum):
    """Why a request cannot be made."""

    NOT_FOUND = "not found"
    DELETED = "deleted by the bot"
    GONE = "gone since a request"
    VOICE = "voice campaign"
    NOT_SMS = "not an SMS campaign"
    PROTECTED = "protected by its name"
    HELD = "on hold"
    STATUS = "status not deletable"
    NOT_STOPPABLE = "status not stoppable"
    KORE_SILENT = "Kore.ai does not answer"
    KORE_LIMIT = "Kore.ai rate limit"
    KORE_DENIES = "Kore.ai denies access"
    ALREADY_REQUESTED = "already requested"
    UNSETTLED = "last delete got no response"
    FROZEN = "deletes are frozen"
    OVER_BUDGET = "budget used up"
    TOO_FEW_APPROVERS = "too few approvers"


class OpsRoomsEvents(StrEnum):
    """The closed requests that are posted in the ops rooms."""

    ALL = "all"
    OUTCOMES = "outcomes"  # not what people or deadlines closed before a delete
    DELETIONS = "deletions"  # only campaigns that are gone, or may be


class InAccount(Protocol):
    """What belongs to a Kore.ai account of an application: a request or a preview."""

    @property
    def application(self) -> str: ...

    @property
    def kore_account(self) -> str | None: ...


class Policy(BaseModel):
    """The settings that decide what is allowed."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    requesters: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()
    approvers_to_notify: tuple[str, ...] | None = None  # None: all of them
    notify_by_dm: bool = False
    deletable_statuses: tuple[str, ...] = ("Ready", "Stopped", "Completed")
    stoppable_statuses: tuple[str, ...] = ("Active", "Paused", "Preparing", "Scheduled", "Rescheduled")
    stop_approvals_required: int = 0
    ticket_pattern: str = ""  # empty: no ticket is asked for
    ticket_url: str = ""  # with {ticket}; empty: not linked
    protected_names: tuple[str, ...] = ()  # patterns with * and ?, whatever the case
    ops_rooms: tuple[str, ...] = ()
    ops_rooms_events: OpsRoomsEvents = OpsRoomsEvents.ALL
    approvals_required: int = 1
    approval_quotas: tuple[Quota, ...] = ()  # of the approvals required, those that user groups must give
    require_verified_email: bool = True
    approvals_channel: str | None = None
    approval_ttl: timedelta = timedelta(hours=24)
    approval_reminders: tuple[timedelta, ...] = (timedelta(hours=4),)
    escalate_after: timedelta | None = None
    escalation_approvers: tuple[str, ...] = ()
    approval_hours: ApprovalHours | None = None  # None: at any time
    undo_window: timedelta = timedelta(seconds=60)
    attaches_files: bool = False  # Slack has granted the bot's token files:write
    archives: bool = False  # deleted campaigns are archived, so that they can be rebuilt
    deletes_per_hour: int = 10
    deletes_per_person_per_hour: int = 5
    kore_account: str | None = None  # the key of the Kore.ai account that campaign ids belong to
    application: str = ""  # the name of the Kore.ai application; empty where there is one, without a name
    channels: tuple[str, ...] = ()  # where campaigns of a named application are requested
    confirm_with_name: bool = False  # the application's name is typed before the campaign's
    practice: bool = False  # nothing that changes something is sent to Kore.ai

    @property
    def named(self) -> dict[str, str]:
        """The application as a field of a log line; empty where it has no name."""
        return {"application": self.application} if self.application else {}

    @property
    def user_groups(self) -> tuple[str, ...]:
        """The user groups (``S…``) that give a right, or whose approval is required, sorted."""
        named = (*self.requesters, *self.approvers, *self.escalation_approvers, *self.approval_rule.groups)
        return tuple(sorted({name for name in named if is_group(name)}))

    @property
    def approval_rule(self) -> ApprovalRule:
        return ApprovalRule(required=self.approvals_required, quotas=self.approval_quotas)

    def rule_for(self, made: Request | Preview) -> ApprovalRule:
        """Return the approvals that the settings require; a stop alone has a rule of its own."""
        if made.purpose is Purpose.STOP:
            return ApprovalRule(required=self.stop_approvals_required)
        return self.approval_rule

    def groups_for(self, request: Request | None) -> tuple[str, ...]:
        """Return the user groups that matter to a request: it keeps the rule of the time when it was made."""
        return tuple(sorted({*self.user_groups, *(request.approval_rule.groups if request else ())}))

    def approvers_of(self, request: Request | None) -> tuple[str, ...]:
        """Return who may approve a request: the approvers, and after its escalation the escalation approvers too."""
        is_escalated = request is not None and request.escalated_at is not None
        return (*self.approvers, *self.escalation_approvers) if is_escalated else self.approvers

    def escalation_approvers_of(self, request: Request) -> tuple[str, ...]:
        """Return who may decide after an escalation, without the requester."""
        return tuple(name for name in self.escalation_approvers if name != request.requester_id)

    def notified_about(self, request: Request) -> tuple[str, ...]:
        """Return the users and groups that are called to decide, without those who have decided or may not."""
        named = self.approvers if self.approvers_to_notify is None else self.approvers_to_notify
        escalated = self.escalation_approvers if request.escalated_at else ()
        done = {request.requester_id, *(approval.person_id for approval in request.approvals)}
        return tuple(name for name in dict.fromkeys((*named, *escalated)) if name not in done)

    def within_hours(self, at: datetime) -> datetime:
        """Return this moment, or the beginning of the next approval hours if it is outside them."""
        return self.approval_hours.first_open(at) if self.approval_hours else at

    def serves(self, made: InAccount) -> bool:
        """Return whether a request or preview is of this application and of its Kore.ai account.

        Rows of a version that stored no account belong to the application without a name.
        """
        is_same_account = made.kore_account == self.kore_account or (not self.application and made.kore_account is None)
        return made.application == self.application and is_same_account

    def shows(self, made: Request) -> bool:
        """Return whether a request is of this application in or out of practice. It acts only if it ``serves`` it."""
        mine, theirs = (real_account(each.kore_account or "") for each in (self, made))
        return self.serves(made) or (real_name(made.application) == real_name(self.application) and mine == theirs)

    def refuse_campaign(self, campaign: Campaign) -> Refusal | None:
        """Return why a campaign may not be deleted, or None. An unknown or missing status is never allowed."""
        if self.protects(campaign.name):
            return Refusal.PROTECTED
        return self.refuse_kind(is_voice=campaign.is_voice, is_sms=campaign.is_sms, status=campaign.status)

    def is_ticket(self, text: str) -> bool:
        """Return whether a text is a ticket as the team writes them."""
        return bool(self.ticket_pattern) and is_ticket(text, self.ticket_pattern)

    def protects(self, name: str) -> bool:
        """Return whether campaigns with this name are never deleted."""
        return bool(self.protected_names) and bool(_matching(self.protected_names).fullmatch(_comparable(name)))

    def refuse_kind(self, *, is_voice: bool, is_sms: bool, status: str) -> Refusal | None:
        """Return the same from these three facts alone, whatever its name."""
        if is_voice:
            return Refusal.VOICE
        if not is_sms:
            return Refusal.NOT_SMS
        return None if self.allows_status(status) else Refusal.STATUS

    def allows_status(self, status: str) -> bool:
        return _is_in(status, self.deletable_statuses)

    def is_stoppable(self, status: str) -> bool:
        return _is_in(status, self.stoppable_statuses)

    def needs_stop(self, campaign: Campaign) -> bool:
        """Return whether this campaign may be deleted once it is stopped, and not before."""
        is_kind = self.is_kind_to_stop(is_voice=campaign.is_voice, is_sms=campaign.is_sms, status=campaign.status)
        return is_kind and not self.protects(campaign.name)

    def is_kind_to_stop(self, *, is_voice: bool, is_sms: bool, status: str) -> bool:
        """Return the same from these three facts alone, whatever its name."""
        is_refused = self.refuse_kind(is_voice=is_voice, is_sms=is_sms, status=status) is Refusal.STATUS
        return is_refused and self.stops_from(status)

    def stops_from(self, status: str) -> bool:
        """Return whether a campaign in this status is stopped before it is deleted, unless it needs no stop."""
        return self.is_stoppable(status) and self.allows_status(STOPPED)

    def refuse_stop(self, campaign: Campaign) -> Refusal | None:
        """Return why a campaign may not be stopped, or None. Its name and a hold protect it from a delete alone."""
        if campaign.is_voice or not campaign.is_sms:
            return Refusal.VOICE if campaign.is_voice else Refusal.NOT_SMS
        return None if self.is_stoppable(campaign.status) else Refusal.NOT_STOPPABLE


def _is_in(status: str, allowed: tuple[str, ...]) -> bool:
    return status.casefold() in {each.casefold() for each in allowed}


@cache
def _matching(patterns: tuple[str, ...]) -> re.Pattern[str]:
    any_of = (re.escape(_comparable(each)).replace(r"\*", ".*").replace(r"\?", ".") for each in patterns)
    return re.compile("|".join(any_of), re.DOTALL)


def _comparable(text: str) -> str:
    """Return a name or a pattern as people read it: letters, dashes and spaces that look the same are the same."""
    seen = unicodedata.normalize("NFKC", visible_text(text)).casefold()
    return re.sub(" +", " ", _DASH.sub("-", seen)).translate(READ_AS)


def is_group(slack_id: str) -> bool:
    """Return whether a name on a list is a user group, and not a user."""
    return slack_id.startswith("S")


def why_unread(error: KoreError) -> Refusal:
    """Return why a read from Kore.ai failed."""
    match error:
        case CampaignNotFoundError():
            return Refusal.NOT_FOUND
        case KoreRateLimitError():
            return Refusal.KORE_LIMIT
        case KoreAuthError():
            return Refusal.KORE_DENIES
        case _:
            return Refusal.KORE_SILENT
