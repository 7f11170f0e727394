"""Protected names are patterns of what people see."""

import pytest

from deletion.domain.policy import Policy, Refusal
from tests.deletion.values import campaign


@pytest.mark.parametrize(
    ("pattern", "name", "is_protected"),
    [
        ("VIP *", "vip customers", True),
        ("VIP *", "A VIP list", False),
        ("*hold*", "On Ho\u200bld", True),
        ("\uff36\uff29\uff30*", "vip", True),
        ("exact", "exactly", False),
        ("[a]*", "a", False),
        ("Black Friday*", "Black  Friday 2026", True),
        ("Black  Friday*", "Black\u00a0Friday 2026", True),
        ("VIP-*", "VIP\u2013Gold", True),
        ("VIP *", "V\u0406\u0420 customers", True),  # two Cyrillic letters
    ],
)
def test_protected_names_are_patterns_of_what_people_see(pattern: str, name: str, is_protected: bool) -> None:
    policy = Policy(protected_names=(pattern,))
    assert policy.refuse_campaign(campaign(name=name)) == (Refusal.PROTECTED if is_protected else None)
