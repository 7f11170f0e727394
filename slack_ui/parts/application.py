"""The name of a Kore.ai application, which stands first wherever the settings name several."""

from slack_sdk.models.blocks import HeaderBlock, PlainTextObject

from deletion.domain.models import Request
from deletion.domain.policy import Policy
from slack_ui import strings
from slack_ui.parts.text import name_in_code


def named(application: str) -> str:
    """Return the name with what separates it from the text that follows, or nothing where it has no name.

    The settings allow only letters, digits and hyphens in it.
    """
    return strings.applications.FIRST.format(application=application) if application else ""


def named_campaign(request: Request) -> str:
    """Return the name of the request's campaign in mrkdwn, after that of its application."""
    return f"{named(request.application)}{name_in_code(request.campaign.name)}"


def banner(application: str) -> list[HeaderBlock]:
    """Return the name as the first block of a modal, or nothing where it has no name."""
    return [HeaderBlock(text=PlainTextObject(text=application, emoji=False))] if application else []


def typed_name(policy: Policy) -> str:
    """Return the name that is typed to confirm, or nothing."""
    return policy.application if policy.confirm_with_name else ""


def with_name(application: str, what: str) -> str:
    """Return what is typed: the name first, if there is one."""
    return strings.applications.TYPED.format(application=application, what=what) if application else what


def missing_name(application: str, what: str) -> str:
    """Return the error for a text that does not begin with the name, in plain text."""
    return strings.applications.NAME_MISSING.format(application=application, what=what)
