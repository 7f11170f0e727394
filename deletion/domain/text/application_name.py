"""The name of a Kore.ai application: typed before what confirms a campaign, and another one in practice."""

PRACTICE = "practice"
PREFIX = f"{PRACTICE}-"


def practice_name(application: str) -> str:
    """Return the name under which an application practises. No other application may have it."""
    return f"{PREFIX}{application}" if application else PRACTICE


def real_name(application: str) -> str:
    """Return the name of the same application out of practice."""
    return "" if application == PRACTICE else application.removeprefix(PREFIX)


def is_practice_name(application: str) -> bool:
    """Return whether an application's name is one of practice."""
    return application == PRACTICE or application.startswith(PREFIX)


def after_application(typed: str, application: str) -> str | None:
    """Return what follows the application's name, or None if the text does not begin with it, case included.

    Where no name is to be typed, return the whole text.
    """
    if not application:
        return typed
    first, *rest = typed.split(maxsplit=1) or [""]
    return "".join(rest) if first == application else None
