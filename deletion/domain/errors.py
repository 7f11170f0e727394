"""Errors of more than one place. Those that leave a step have one argument, because the engine keeps them pickled."""


class UnreachableError(Exception):
    """Nobody can be told in this channel; ``args[0]`` is Slack's error code."""


class SlackBusyError(Exception):
    """Slack did not take it now and may later; ``args[0]`` is Slack's error code."""


class DatabaseError(Exception):
    """The database cannot be used; ``str()`` is one sentence for the operator, without the password."""


class StartError(Exception):
    """The bot cannot start; ``str()`` is one line for the operator."""


class FencedError(Exception):
    """This process may not send its request to Kore.ai any more; ``str()`` is one sentence for people."""
