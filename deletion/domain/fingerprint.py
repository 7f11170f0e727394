"""The fingerprint of a campaign: the basis of every decision whether it is still the one that was requested."""

import re
from typing import Any

from pydantic import BaseModel, ConfigDict

from deletion.domain.canonical_json import canonical_json, sha256_hex
from kore_api.models import Campaign

# Kore.ai documents no field of GET that changes by itself (…/get-sms-campaign-by-id), so nothing else is left out.
UNCOMPARED_FIELDS = frozenset({"lname"})  # the name again, in lower case
# Kept as they are, because they hold no personal data; every other field is kept as a digest.
READABLE_FIELDS = frozenset(
    {"priority", "dncLists", "campaignInstanceId", "totalMessagesSent", "dialingMode", "connection", "queue"}
)
NAMED_FIELDS_LIMIT, READABLE_LIMIT = 40, 200
MORE_FIELDS = "more fields"
_DIGEST = "sha256:"
_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_TEXT_FIELDS = frozenset({"name", "status", "format", "experienceFlow"})
_WHOLE_FIELDS = frozenset({"schedule", "dialingStrategy", "message", "updatedAt"})


class Difference(BaseModel):
    """One field that changed; ``before`` and ``after`` hold no personal data."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    field: str
    before: str
    after: str


class CampaignFingerprint(BaseModel):
    """A campaign as it was shown. Message text and caller id are digests: the database must not hold them in clear.

    ``other_fields`` holds every field that has no attribute here, by Kore.ai's name. It is None in rows of the previous
    version, whose comparison then covers the attributes alone.
    """

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
    other_fields: dict[str, str] | None = None

    @classmethod
    def of(cls, campaign: Campaign) -> "CampaignFingerprint":
        strategy = campaign.raw.get("dialingStrategy")
        strategy = strategy if isinstance(strategy, dict) else {"": strategy}
        return cls(
            campaign_id=campaign.id,
            name=campaign.name,
            status=campaign.status,
            format=campaign.format or "",
            schedule=_text(campaign.raw.get("schedule")),
            contact_lists=tuple(campaign.contact_lists),
            dialing_strategy=_text({key: value for key, value in strategy.items() if key != "callerId"}),
            caller_id=_digest(strategy.get("callerId")),
            experience_flow=campaign.experience_flow or "",
            message=_digest(campaign.raw.get("message")),
            updated_at=_text(campaign.raw.get("updatedAt")),
            other_fields=_other_fields(campaign),
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of all fields, in hex."""
        return sha256_hex(_text(self.model_dump(mode="json", exclude_none=True)))

    def differences(self, now: "CampaignFingerprint") -> tuple[Difference, ...]:
        """Return each field that another fingerprint shows differently; digests are named, not shown."""
        names = [name for name in type(self).model_fields if name != "other_fields"]
        found = [(name, getattr(self, name), getattr(now, name)) for name in names]
        if self.other_fields is not None and now.other_fields is not None:
            before, after = self.other_fields, now.other_fields
            found += [(name, before.get(name, ""), after.get(name, "")) for name in sorted({*before, *after})]
        return tuple(
            Difference(field=name, before=_readable(name, before), after=_readable(name, after))
            for name, before, after in found
            if before != after
        )


def _other_fields(campaign: Campaign) -> dict[str, str]:
    """Return the fields without an attribute of their own, as text or digest; a missing one counts like an empty one.

    The number and the form of the names are bounded, because Kore.ai's answer names them; the rest share one digest.
    """
    found = {name: value for name, value in campaign.raw.items() if not _has_attribute(name, value, campaign)}
    given = {name: value for name, value in sorted(found.items()) if value is not None and value != ""}
    named = [name for name in given if _FIELD_NAME.fullmatch(name)][:NAMED_FIELDS_LIMIT]
    more = {name: value for name, value in given.items() if name not in named}
    kept = {name: _kept(name, given[name]) for name in named}
    return {**kept, MORE_FIELDS: _kept(MORE_FIELDS, more)} if more else kept


def _has_attribute(name: str, value: Any, campaign: Campaign) -> bool:
    """Whether an attribute of the fingerprint covers this field; of a strange type, some lose part of the value."""
    if name in ("_id", "id"):
        return bool(value == campaign.id)
    if name in _TEXT_FIELDS:
        return isinstance(value, str)
    if name == "contactLists":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return name in _WHOLE_FIELDS or name in UNCOMPARED_FIELDS


def _kept(name: str, value: Any) -> str:
    text = canonical_json(value)
    is_short = name in READABLE_FIELDS and len(text) <= READABLE_LIMIT
    return text if is_short else f"{_DIGEST}{sha256_hex(text)}"


def _readable(field: str, value: str | tuple[str, ...]) -> str:
    if not isinstance(value, str):
        return ", ".join(value)
    if value.startswith(_DIGEST) or field in ("message", "caller_id"):
        return f"one with the digest {value.removeprefix(_DIGEST)[:8]}" if value else ""
    return value


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else canonical_json(value, is_ascii=False)


def _digest(value: Any) -> str:
    return sha256_hex(_text(value)) if value else ""
