"""The name of a Kore.ai application, typed before what confirms a campaign."""


def after_application(typed: str, application: str) -> str | None:
    """Return what follows the application's name, or None if the text does not begin with it, case included.

    Where no name is to be typed, return the whole text.
    """
    if not application:
        return typed
    first, *rest = typed.split(maxsplit=1)[:2] or [""]
    return "".join(rest) if first == application else None
