"""What a stop changes of a campaign, and when one counts as stopped. No I/O."""

from deletion.domain.fingerprint import CampaignFingerprint, Difference

STOPPED = "Stopped"  # docs.kore.ai/…/stop-sms-campaign
# Starting, running and stopping change these by themselves; all else is the campaign's content.
RUN_FIELDS = frozenset(
    {
        "status",
        "updated_at",
        "campaignInstanceId",
        "campaignInstanceUpdatedAt",
        "campaignExecutionType",
        "totalMessagesSent",
    }
)


def is_stopped(status: str | None) -> bool:
    return (status or "").casefold() == STOPPED.casefold()


def content_differences(before: CampaignFingerprint, now: CampaignFingerprint) -> tuple[Difference, ...]:
    """Return what differs beside the fields that a run changes."""
    return tuple(each for each in before.differences(now) if each.field not in RUN_FIELDS)
