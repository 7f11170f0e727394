"""Validate campaign ids."""

import re

# Samples have 7 (voice) or 8 (SMS) hex digits first; the documentation masks the last ones with x.
CAMPAIGN_ID = r"cd-[0-9a-fA-F]{7,8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-Fx]{12}"


class InvalidCampaignIdError(ValueError):
    """The text is not a campaign id. The message does not repeat it, because a user typed it."""


def parse_campaign_id(text: str) -> str:
    """Return the id if the text is one, and nothing else.

    Guarantees one path segment without special characters: ``DELETE …/campaign/{id}`` shares its prefix with
    ``DELETE …/campaign/contactList/{id}`` (docs.kore.ai/…/delete-contact-list-details).

    Raises:
        InvalidCampaignIdError: the text is anything else.

    """
    if not re.fullmatch(CAMPAIGN_ID, text):
        raise InvalidCampaignIdError(
            "That is not a campaign id; one looks like cd-3aefda80-f98e-5f4f-ad41-92803abb0001."
        )
    return text
