"""What was seen of a campaign, and its fingerprint. The only place that says when a campaign is still the same."""

import hashlib
import json
from typing import Any

from pydantic import BaseModel, ConfigDict

from kore_api.models import Campaign


class Difference(BaseModel):
    """One field that is no longer what was shown; before and after as people may read them."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    field: str
    before: str
    after: str


class CampaignFingerprint(BaseModel):
    """A campaign as somebody saw it. Message text and caller id are kept as digests: they are not ours to store."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    campaign_id: str
    name: str
    status: str
    format: str
    schedule: str
    contact_lists: tuple[str, ...]
    dialing_strategy: str
    caller_id: str
    experience_flow: str
    message: str
    updated_at: str

    @classmethod
    def of(cls, campaign: Campaign) -> "CampaignFingerprint":
        strategy = campaign.raw.get("dialingStrategy")
        strategy = strategy if isinstance(strategy, dict) else {"": strategy}
        return cls(
            campaign_id=campaign.id,
            name=campaign.name or "",
            status=campaign.status or "",
            format=campaign.format or "",
            schedule=_canonical(campaign.raw.get("schedule")),
            contact_lists=tuple(campaign.contact_lists),
            dialing_strategy=_canonical({key: value for key, value in strategy.items() if key != "callerId"}),
            caller_id=_digest(strategy.get("callerId")),
            experience_flow=campaign.experience_flow or "",
            message=_digest(campaign.raw.get("message")),
            updated_at=_canonical(campaign.raw.get("updatedAt")),
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of all fields, in hex."""
        return hashlib.sha256(_canonical(self.model_dump(mode="json")).encode()).hexdigest()

    def differences(self, now: "CampaignFingerprint") -> tuple[Difference, ...]:
        """Field by field, what another fingerprint shows differently; digests are named, not shown."""
        return tuple(
            Difference(field=name, before=_readable(name, before), after=_readable(name, after))
            for name in type(self).model_fields
            if (before := getattr(self, name)) != (after := getattr(now, name))
        )


def _readable(field: str, value: str | tuple[str, ...]) -> str:
    if field in ("message", "caller_id"):
        return f"one with the digest {value[:8]}" if value else ""
    return value if isinstance(value, str) else ", ".join(value)


def _canonical(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _digest(value: Any) -> str:
    return hashlib.sha256(_canonical(value).encode()).hexdigest() if value else ""
