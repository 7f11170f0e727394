"""Errors that cross package boundaries. Those that leave a workflow step have one argument: DBOS stores it."""


class UnreachableError(Exception):
    """Slack refuses a call until a person changes something; ``str()`` is Slack's error code."""


class UneditableError(UnreachableError):
    """Slack does not let the bot edit a message (any more), which was deleted instead, as far as Slack allows."""


class SlackBusyError(Exception):
    """Slack failed a call that may succeed later; ``str()`` is Slack's error code.

    ``retry_after_seconds`` is the wait that Slack asks for when its rate limit is reached.
    """

    def __init__(self, code: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(code)
        self.retry_after_seconds = retry_after_seconds


class DatabaseError(Exception):
    """The database is not usable; ``str()`` is one sentence for the operator, without the password."""


class StartError(Exception):
    """The bot cannot start; ``str()`` is one line for the operator."""


class FencedError(Exception):
    """This process may not send its request to Kore.ai any more; ``str()`` is one sentence for people."""
