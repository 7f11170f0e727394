"""Sentences about channels that refuse a message: which, why, and who can change that."""

from collections.abc import Mapping
from itertools import islice

from deletion.domain.models import Request
from slack_ui import strings
from slack_ui.parts.api_error import TRANSIENT
from slack_ui.parts.text import code, mentions

CODE_LIMIT = 60
REASONS_SHOWN = 3  # further channels are named without a reason
CHANNELS_SHOWN = 5  # for each reason


def cure(error: str) -> str:
    """Return why Slack refuses, and who can change it, for one of Slack's codes."""
    is_code = error == error.lower() and " " not in error  # otherwise an HTTP status or an exception
    is_refusal = is_code and error not in TRANSIENT
    otherwise = strings.delivery.OTHERWISE if is_refusal else strings.delivery.SLACK_IS_DOWN
    return strings.delivery.CURES.get(error, otherwise).format(code=code(error, CODE_LIMIT))


def unposted(unreached: Mapping[str, str], request: Request, reasons: int = REASONS_SHOWN) -> list[str]:
    """Return where a message of the request could not be posted, and how long the bot tries."""
    sentence = strings.delivery.UNREACHED if request.is_open else strings.delivery.UNREACHED_AT_END
    return by_cure(unreached, sentence, strings.delivery.MORE_UNREACHED, reasons)


def by_cure(unreached: Mapping[str, str], sentence: str, more: str, reasons: int = REASONS_SHOWN) -> list[str]:
    """Return ``sentence`` with its channels for each reason, and ``more`` with the channels of further reasons."""
    cures = {error: cure(error) for error in set(unreached.values())}
    channels: dict[str, list[str]] = {}
    for channel_id, error in unreached.items():
        channels.setdefault(cures[error], []).append(channel_id)
    told = [
        sentence.format(channels=mentions(named, CHANNELS_SHOWN), cure=why)
        for why, named in islice(channels.items(), reasons)
    ]
    rest = [channel_id for named in islice(channels.values(), reasons, None) for channel_id in named]
    return [*told, more.format(channels=mentions(rest, CHANNELS_SHOWN))] if rest else told
