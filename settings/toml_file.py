"""Read a TOML file, and say in one line why it cannot be read, without a word of its content."""

import re
import tomllib
from pathlib import Path
from typing import Any

from settings.environment import SettingsError

TWICE = ("Cannot declare", "Cannot overwrite")  # how the parser's texts begin


def read_toml(path: str, variable: str) -> dict[str, Any]:
    """Return the content of the file that this variable names. Raises SettingsError."""
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{variable}: expected the path of a text file that this process may read") from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at .*\)", str(error))
        what = "has a name twice" if str(error).startswith(TWICE) else "is not TOML"
        raise SettingsError(f"{variable}: {path} {what} {place[0] if place else ''}".rstrip()) from None
    except RecursionError:
        raise SettingsError(f"{variable}: {path} is nested too deeply") from None
