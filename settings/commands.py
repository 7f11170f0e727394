"""The settings of the commands, which need fewer than the bot."""

from collections.abc import Mapping

from settings.environment import Environment
from settings.field_types import DATABASE_FILE, ArchiveKeys, Channel, Channels, DatabaseUrl


class DatabaseSettings(Environment):
    """The settings of the commands that need neither Slack nor Kore.ai."""

    DATABASE_URL: DatabaseUrl = DATABASE_FILE


class FreezeSettings(DatabaseSettings):
    """The settings of the command that freezes all requests: the database, and who is told."""

    APPROVALS_CHANNEL: Channel | None = None
    OPS_ROOMS: Channels = ()


class ArchiveSettings(DatabaseSettings):
    """The settings of the archive commands that decrypt or encrypt."""

    ARCHIVE_KEY: ArchiveKeys = ()


def database_url(environ: Mapping[str, str]) -> str:
    """Return the database's address alone. Raises SettingsError."""
    return DatabaseSettings.from_env(environ).DATABASE_URL.get_secret_value()
