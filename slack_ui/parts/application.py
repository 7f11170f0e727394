"""The name of a Kore.ai application, which stands first wherever the settings name several."""

from slack_ui import strings


def named(application: str) -> str:
    """Return the name with what separates it from the text that follows, or nothing where it has no name.

    The settings allow only letters, digits and hyphens in it.
    """
    return strings.applications.FIRST.format(application=application) if application else ""
