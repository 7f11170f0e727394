"""Models of Kore.ai's campaigns and contact lists. Every field but the id is optional; unknown fields are kept."""

from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from kore_api.lenient_models import EITHER_ID, Id, LenientModel, Maybe, Names, RawModel, Text, is_given, otherwise
from kore_api.sms_text import decode_sms_text

UNKNOWN_STATUS = "unknown"
# docs.kore.ai/…/get-all-campaigns (its filter), and the statuses that only the console's page "SMS Campaigns" names.
KNOWN_STATUSES = (
    "Ready", "Preparing", "Scheduled", "Rescheduled", "Run as Emergency", "Active", "Paused", "Stopped", "Rerun",
    "Completed",
)  # fmt: skip


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


def _as_message(value: Any) -> Any:
    return {"message": value} if isinstance(value, str) else value


class CallerId(LenientModel):
    phone_number: Maybe[str] = None


class Day(LenientModel):
    """``day`` is MO to SU; ``start`` and ``end`` are text such as ``9:00 AM``."""

    day: Maybe[str] = None
    start: Maybe[str] = None
    end: Maybe[str] = None


class CallingHours(LenientModel):
    frequency: Maybe[str] = None
    timezone: Maybe[str] = None
    days: Annotated[tuple[Day, ...], otherwise(())] = ()


class DialingStrategy(LenientModel):
    """The last four fields are of voice campaigns; only their presence is used."""

    caller_id: Maybe[CallerId] = None
    calling_hours: Maybe[CallingHours] = None
    dialing_order: Any = None
    max_attempts_per_record: Any = None
    default_retry_period: Any = None
    max_ring_time: Any = None

    @property
    def is_voice(self) -> bool:
        return is_given(self.dialing_order, self.max_attempts_per_record, self.default_retry_period, self.max_ring_time)


class Schedule(LenientModel):
    is_scheduling_enabled: Maybe[bool] = None
    is_recurrence_enabled: Maybe[bool] = None


class DncList(LenientModel):
    """A list of people who are not to be contacted."""

    id: Maybe[str] = Field(default=None, validation_alias=EITHER_ID)
    name: Maybe[str] = None


class SmsMessage(LenientModel):
    message: Maybe[str] = None
    template_id: Maybe[str] = None
    template_name: Maybe[str] = Field(default=None, alias="template_name")

    @property
    def text(self) -> str:
        """Return the text that recipients read, decoded if possible. It may contain personal data."""
        return decode_sms_text(self.message or "")


class Campaign(RawModel):
    """A campaign as GET, DELETE or the list shows it. ``priority`` is 1 (lowest) to 5.

    docs.kore.ai/…/get-sms-campaign-by-id, delete-sms-campaign and get-all-campaigns, and their -v2 pages.
    Names are not unique, and ``updated_at`` can be before ``created_at``.
    """

    id: Id
    name: Text = ""
    lname: Maybe[str] = None
    description: Maybe[str] = None
    status: Annotated[str, otherwise(UNKNOWN_STATUS)] = UNKNOWN_STATUS
    priority: Maybe[int] = None
    format: Maybe[str] = None
    dialing_mode: Any = None
    dialing_strategy: Maybe[DialingStrategy] = None
    connection: Any = None
    queue: Any = None
    experience_flow: Maybe[str] = None
    message: Annotated[SmsMessage | None, BeforeValidator(_as_message), otherwise(None)] = None
    contact_lists: Names = ()
    dnc_lists: Annotated[tuple[DncList, ...], BeforeValidator(_as_list), otherwise(())] = ()
    schedule: Maybe[Schedule] = None
    campaign_instance_id: Maybe[str] = None
    campaign_execution_type: Maybe[str] = None
    total_messages_sent: Maybe[int] = None
    created_at: Maybe[AwareDatetime] = None
    updated_at: Maybe[AwareDatetime] = None

    @property
    def is_voice(self) -> bool:
        """Return whether it has a field of voice campaigns. Kore.ai returns no campaign type."""
        strategy = self.dialing_strategy
        dials = strategy is not None and strategy.is_voice
        return dials or is_given(self.dialing_mode, self.connection, self.queue)

    @property
    def is_sms(self) -> bool:
        return not self.is_voice and (self.format is not None or self.message is not None)


class CampaignStatus(LenientModel):
    """docs.kore.ai/…/get-campaign-status."""

    id: Id
    status: Annotated[str, otherwise(UNKNOWN_STATUS)] = UNKNOWN_STATUS
    name: Text = ""


class ContactList(RawModel):
    """docs.kore.ai/…/get-all-contact-lists. Its ``campaignInUse`` can be stale, so it is not used."""

    id: Annotated[Text, Field(validation_alias=EITHER_ID)] = ""
    name: Text = ""
    total_record_count: Maybe[int] = None
    status: Maybe[str] = None
    list_type: Maybe[str] = None
    updated_at: Maybe[AwareDatetime] = None


class Created(BaseModel):
    """Kore.ai's confirmation of a create: its message and the new campaign."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    message: str
    campaign: Campaign


class Deleted(BaseModel):
    """Kore.ai's confirmation of a delete: its message and the campaign as it was before."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    message: str
    campaign: Campaign | None = None
