"""Log once per channel and error code that Slack refuses messages there, not for each message and retry."""

import logging

log = logging.getLogger(__name__)


class RefusalLog:
    """The refusals that this process has logged and that have not ended."""

    def __init__(self) -> None:
        self._logged: set[tuple[str, str]] = set()

    def refused(self, channel_id: str, code: str, **fields: str) -> None:
        if (channel_id, code) not in self._logged:
            self._logged.add((channel_id, code))
            log.warning("Channel refuses messages", extra={**fields, "channel": channel_id, "error": code})

    def accepted(self, channel_id: str, code: str, **fields: str) -> None:
        """Log that a message which was refused with this code is sent now. Then no other refusal holds either."""
        logged = {each for each in self._logged if each[0] == channel_id}
        if logged:
            self._logged -= logged
            log.info("Channel accepts messages again", extra={**fields, "channel": channel_id, "error": code})
