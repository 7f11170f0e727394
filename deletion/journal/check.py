"""Check the end of the journal: the chain of its newest entries."""

from collections.abc import Iterable

from deletion.domain.check import CheckResult, failed, passed
from deletion.journal.hash_chain import START, BrokenChainError, Recorded, verify

NEWEST_ENTRIES = 1000
NAME = "Journal"


def check_head(entries: Iterable[Recorded], span: range) -> CheckResult:
    """Verify the newest entries of a journal with this span. The command ``journal verify`` verifies all of them."""
    if not span:
        return passed(NAME, "no entries yet")
    if span[0] != START.seq + 1:
        return failed(NAME, f"entry {START.seq + 1} is missing", "Run: python app.py journal verify")
    try:
        verified = verify(entries)
    except BrokenChainError as error:
        return failed(NAME, f"broken: {error}", "Keep the database as it is, and run: python app.py journal verify")
    if verified is None or verified.head.seq != span[-1]:
        return failed(NAME, f"entry {span[-1]} is missing", "Run: python app.py journal verify")
    which = "all" if verified.count == len(span) else f"the newest {verified.count:,} of"
    counted = "the only entry" if len(span) == 1 else f"{which} {len(span):,} entries"
    return passed(NAME, f"{counted} intact, head {verified.head.seq}:{verified.head.hash[:12]}…")
