"""Each kind of response and failure, and the one error that it becomes."""

import httpx
import pytest

from kore_api import errors
from kore_api.causes import Cause
from kore_api.errors import KoreError
from tests.kore_api.conftest import Answering
from tests.kore_api.responses import CASES, DENIED, FOREIGN, MISSING, RATE_LIMITED, REFUSED, UNCONFIRMED, UNRELIABLE
from tests.kore_api.samples import SAMPLE_ID


@pytest.mark.parametrize(("kind", "answer"), CASES)
async def test_each_answer_to_delete_has_one_meaning_and_is_not_retried(
    answering: Answering, kind: type[KoreError], answer: httpx.Response
) -> None:
    client, sent = answering(answer)

    with pytest.raises(KoreError) as caught:
        await client.delete_campaign(SAMPLE_ID)

    assert type(caught.value) is kind
    assert len(sent) == 1


@pytest.mark.parametrize(("kind", "answer"), CASES)
async def test_read_is_retried_only_where_that_may_help(
    answering: Answering, kind: type[KoreError], answer: httpx.Response
) -> None:
    client, sent = answering(answer)

    with pytest.raises(KoreError) as caught:
        await client.get_campaign(SAMPLE_ID)

    assert type(caught.value) is kind
    assert len(sent) == (3 if kind is errors.KoreServerError else 1)


@pytest.mark.parametrize("answer", FOREIGN.values(), ids=FOREIGN)
async def test_answer_in_another_form_is_not_from_kore(answering: Answering, answer: httpx.Response) -> None:
    client, _ = answering(answer)

    with pytest.raises(errors.KoreServerError) as caught:
        await client.get_campaign(SAMPLE_ID)

    assert caught.value.cause is Cause.NOT_KORE
    assert not caught.value.is_from_kore
    assert not caught.value.can_mean_absent


@pytest.mark.parametrize("answer", [*REFUSED.values(), *MISSING.values()], ids=[*REFUSED, *MISSING])
async def test_refusal_by_kore_can_mean_absent_whatever_its_wording(
    answering: Answering, answer: httpx.Response
) -> None:
    client, _ = answering(answer)

    with pytest.raises(errors.KoreRefusedError) as caught:
        await client.get_campaign(SAMPLE_ID)

    assert caught.value.is_from_kore
    assert caught.value.can_mean_absent


NEVER_ABSENT = [*DENIED.items(), *UNRELIABLE.items(), *RATE_LIMITED.items(), *UNCONFIRMED.items()]


@pytest.mark.parametrize("answer", [answer for _, answer in NEVER_ABSENT], ids=[name for name, _ in NEVER_ABSENT])
async def test_any_other_answer_cannot_mean_absent(answering: Answering, answer: httpx.Response) -> None:
    client, _ = answering(answer)

    with pytest.raises(KoreError) as caught:
        await client.get_status(SAMPLE_ID)

    assert not caught.value.can_mean_absent


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (httpx.ConnectError("refused"), errors.KoreUnreachableError),
        (httpx.ConnectTimeout("slow"), errors.KoreUnreachableError),
        (httpx.PoolTimeout("busy"), errors.KoreUnreachableError),
        (httpx.ReadTimeout("slow"), errors.KoreNoAnswerError),
        (httpx.WriteTimeout("slow"), errors.KoreNoAnswerError),
        (httpx.ReadError("reset"), errors.KoreNoAnswerError),
        (httpx.WriteError("reset"), errors.KoreNoAnswerError),
        (httpx.RemoteProtocolError("closed"), errors.KoreNoAnswerError),
        (httpx.DecodingError("not gzip"), errors.KoreNoAnswerError),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
async def test_failure_without_answer_says_whether_the_request_can_have_left(
    answering: Answering, failure: Exception, kind: type[KoreError]
) -> None:
    client, sent = answering(failure)

    with pytest.raises(kind):
        await client.delete_campaign(SAMPLE_ID)
    assert len(sent) == 1

    with pytest.raises(kind):
        await client.get_campaign(SAMPLE_ID)
    assert len(sent) == 1 + 3
