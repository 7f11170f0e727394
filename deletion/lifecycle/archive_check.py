"""Check that the listed keys open the newest archived campaign."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import SecretStr

from deletion.domain.check import CheckResult, failed, passed
from deletion.lifecycle.archive import opens

NAME = "ARCHIVE_KEY"


def check_archive(newest: tuple[bytes, datetime] | None, keys: Sequence[SecretStr]) -> CheckResult:
    """Try the keys on the newest snapshot, as ``newest_sealed`` returns it."""
    if newest is None:
        text = "nothing is encrypted yet" if keys else "unset: only hashes are kept, and nothing can be rebuilt"
        return passed(NAME, text)
    sealed, taken_at = newest
    of = f"the newest archived campaign, of {taken_at:%Y-%m-%d}"
    if opens(keys, sealed):
        return passed(NAME, f"opens {of}")
    text = f"no listed key opens {of}" if keys else f"unset, and {of}, needs one"
    return failed(NAME, text, "List the key that encrypted it, after the new one.")
