"""Validate campaign ids."""

import re
import string

# Samples have 7 (voice) or 8 (SMS) hex digits first; the documentation masks the last ones with x.
_CAMPAIGN_ID = re.compile(r"cd-[0-9a-fA-F]{7,8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-Fx]{12}")
_PASTED_AROUND = string.whitespace + "\u00a0`'\"<>\u2018\u2019\u201c\u201d"


class InvalidCampaignIdError(ValueError):
    """The text is not a campaign id. The message does not repeat it, because a user typed it."""


def parse_campaign_id(text: str) -> str:
    """Return the id without the spaces, quotes, backticks and angle brackets around it.

    Guarantees one path segment without special characters: ``DELETE …/campaign/{id}`` shares its prefix with
    ``DELETE …/campaign/contactList/{id}`` (docs.kore.ai/…/delete-contact-list-details).

    Raises:
        InvalidCampaignIdError: the text is anything else.

    """
    candidate = text.strip(_PASTED_AROUND)
    if not _CAMPAIGN_ID.fullmatch(candidate):
        raise InvalidCampaignIdError(
            "That is not a campaign id; one looks like cd-3aefda80-f98e-5f4f-ad41-92803abb0001."
        )
    return candidate
