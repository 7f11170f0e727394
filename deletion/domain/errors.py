"""Errors that cross package boundaries. Those that leave a workflow step have one argument: DBOS stores it."""


class UnreachableError(Exception):
    """A channel cannot receive messages; ``args[0]`` is Slack's error code."""


class SlackBusyError(Exception):
    """Slack refused a call that may be retried; ``args[0]`` is Slack's error code."""


class DatabaseError(Exception):
    """The database is not usable; ``str()`` is one sentence for the operator, without the password."""


class StartError(Exception):
    """The bot cannot start; ``str()`` is one line for the operator."""


class FencedError(Exception):
    """This process may not send its request to Kore.ai any more; ``str()`` is one sentence for people."""
