"""The environment in which the sandbox starts the bot."""

from collections.abc import Mapping
from pathlib import Path

from sandbox.kore import auth
from sandbox.slack import seed

DATABASE = Path(".sandbox/campaign-delete.sqlite3")
_DATABASE_URL = f"sqlite:///{DATABASE}"
_DEFAULTS = {
    "REQUESTERS": "S0REQUEST",
    "APPROVERS": "S0APPROVE",
    "APPROVALS_CHANNEL": "C0APPROVALS",
    "OPS_ROOMS": "C0OPSEMEA,C0OPSAMER",
    "APPROVALS_REQUIRED": "0",
    "UNDO_WINDOW": "0",
    "DATABASE_URL": _DATABASE_URL,
    "LOG_LEVEL": "WARNING",
}
_TOKENS = {
    "SLACK_BOT_TOKEN": seed.BOT_TOKEN,
    "SLACK_SIGNING_SECRET": seed.SIGNING_SECRET,
    "KORE_APP_ID": auth.APP_ID,
    "KORE_ACCOUNT_ID": auth.ACCOUNT_ID,
    "KORE_CLIENT_ID": auth.CLIENT_ID,
    "KORE_CLIENT_SECRET": auth.CLIENT_SECRET,
}


def for_bot(given: Mapping[str, str], sandbox_url: str, *, bot_port: int, by_http: bool) -> dict[str, str]:
    """Return the bot's settings. Given ones win, except addresses and tokens, which always lead to the sandbox."""
    addresses = {
        "SLACK_API_URL": f"{sandbox_url}/api/",
        "KORE_BASE_URL": sandbox_url,
        "HOST": "127.0.0.1",
        "PORT": str(bot_port),
    }
    settings = {**_DEFAULTS, **given, **_TOKENS, **addresses}
    settings.pop("SLACK_APP_TOKEN", None)
    return settings if by_http else {**settings, "SLACK_APP_TOKEN": seed.APP_TOKEN}


def reset_database(settings: Mapping[str, str]) -> None:
    """Delete the sandbox's own database, because its campaigns are new; keep a database that the user named."""
    if settings["DATABASE_URL"] == _DATABASE_URL:
        DATABASE.parent.mkdir(exist_ok=True)
        for ending in ("", "-wal", "-shm"):
            DATABASE.with_name(DATABASE.name + ending).unlink(missing_ok=True)
