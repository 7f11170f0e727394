"""Errors that leave a step. One argument each, because the engine keeps them pickled."""


class UnreachableError(Exception):
    """Nobody can be told in this channel; ``args[0]`` is Slack's error code."""


class SlackBusyError(Exception):
    """Slack did not take it now and may later; ``args[0]`` is Slack's error code."""
