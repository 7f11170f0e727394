"""Settings that are complete and valid."""

import pytest

from config import Settings
from settings.environment import SettingsError

KEY = "A" * 43 + "="  # 32 bytes in Base64
GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-real-looking",
    "SLACK_SIGNING_SECRET": "hush",
    "KORE_APP_ID": "st-1",
    "KORE_ACCOUNT_ID": "67777ce93e25326494e90001",
    "KORE_CLIENT_ID": "cs-1",
    "KORE_CLIENT_SECRET": "hush-hush",
    "REQUESTERS": "S0REQUEST",
    "APPROVERS": "S0APPROVE",
    "APPROVALS_CHANNEL": "C0APPROVALS",
}


def wrong(**changes: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({**GOOD, **changes})
    return str(caught.value).splitlines()
