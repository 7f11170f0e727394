"""The cost of a delete must not depend on the size of the account: Kore.ai allows 60 calls a minute for all of it."""

from pathlib import Path

import pytest

from bench.delete_cost import MOST_CALLS, cost_of_one


@pytest.mark.parametrize(("size", "approvals"), [(33, 0), (33, 1), (2_000, 0), (6_000, 0), (6_000, 1), (100_000, 0)])
async def test_calls_of_a_delete_are_bounded_at_any_size_of_the_account(
    tmp_path: Path, size: int, approvals: int
) -> None:
    cost = await cost_of_one(tmp_path, size, approvals)

    assert cost.calls <= MOST_CALLS[approvals]
    assert cost.knows_messages_sent
