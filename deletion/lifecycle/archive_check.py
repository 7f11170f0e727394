"""Check that the listed keys open the newest archived campaign."""

from collections.abc import Mapping, Sequence

from pydantic import SecretStr

from deletion.domain.check import CheckResult, failed, passed
from deletion.lifecycle.archive import opens
from deletion.stores.archived import Sealed

NAME = "ARCHIVE_KEY"


def check_archive(newest: Sealed | None, keys_of: Mapping[str, Sequence[SecretStr]]) -> CheckResult:
    """Try the keys of its application on the newest snapshot, and all keys on one of an application without a name."""
    keys = [key for of_one in keys_of.values() for key in of_one]
    if newest is None:
        text = "nothing is encrypted yet" if keys else "unset: only hashes are kept, and nothing can be rebuilt"
        return passed(NAME, text)
    keys = list(keys_of.get(newest.application, keys))
    of = f"the newest archived campaign, of {newest.taken_at:%Y-%m-%d}"
    if opens(keys, newest.content):
        return passed(NAME, f"opens {of}")
    text = f"no listed key opens {of}" if keys else f"unset, and {of}, needs one"
    return failed(NAME, text, "List the key that encrypted it, after the new one.")
