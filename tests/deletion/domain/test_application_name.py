"""An application's name: in practice, and typed before a campaign."""

import pytest

from deletion.domain.text.application_name import after_application, is_practice_name, practice_name, real_name


@pytest.mark.parametrize(
    ("name", "practised", "is_practice"),
    [("", "practice", False), ("eu", "practice-eu", False), ("practice-eu", None, True), ("practice", None, True)],
)
def test_application_has_another_name_in_practice(name: str, practised: str | None, is_practice: bool) -> None:
    assert is_practice_name(name) == is_practice
    if practised:
        assert (practice_name(name), is_practice_name(practised), real_name(practised)) == (practised, True, name)


@pytest.mark.parametrize(
    ("typed", "rest"),
    [
        ("eu Spring Sale", "Spring Sale"),
        ("eu", ""),
        ("EU Spring", None),
        ("Spring", None),
        ("", None),
        ("euro x", None),
    ],
)
def test_application_is_typed_before_the_campaign(typed: str, rest: str | None) -> None:
    assert after_application(typed, "eu") == rest
    assert after_application(typed, "") == typed
