"""The errors: their meaning, their fields, and that these survive pickling."""

import pickle

import pytest

from kore_api import errors
from kore_api.causes import Cause
from kore_api.errors import KoreError

ALL = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, KoreError)]


@pytest.mark.parametrize("kind", ALL)
def test_every_error_survives_pickling_with_its_fields(kind: type[KoreError]) -> None:
    error = kind("One sentence.", "Kore.ai's own words", 418, 2.5, Cause.SCOPE, is_from_kore=True)

    back = pickle.loads(pickle.dumps(error))  # noqa: S301 - pickled here

    assert type(back) is kind
    assert back.args == ("One sentence.", "Kore.ai's own words", 418, 2.5, Cause.SCOPE, True)
    assert str(back) == "One sentence."
    assert (back.kore_message, back.http_status, back.retry_after_seconds) == ("Kore.ai's own words", 418, 2.5)
    assert (back.cause, back.is_from_kore) == (Cause.SCOPE, True)


@pytest.mark.parametrize(
    ("kind", "may_have_happened", "worth_retrying"),
    [
        (errors.KoreUnreachableError, False, True),
        (errors.KoreNoAnswerError, True, True),
        (errors.KoreServerError, True, True),
        (errors.KoreUnconfirmedError, True, False),
        (errors.KoreRateLimitError, False, True),
        (errors.KorePracticeError, False, False),
        (errors.KoreRefusedError, False, False),
        (errors.KoreAuthError, False, False),
        (errors.CampaignNotFoundError, False, False),
        (errors.ListTooLongError, False, False),
    ],
)
def test_each_error_says_whether_it_may_have_happened_and_is_worth_retrying(
    kind: type[KoreError], *, may_have_happened: bool, worth_retrying: bool
) -> None:
    assert (kind.may_have_happened, kind.worth_retrying) == (may_have_happened, worth_retrying)


def test_docstring_names_every_error() -> None:
    assert all(kind.__name__ in (errors.__doc__ or "") for kind in ALL)
