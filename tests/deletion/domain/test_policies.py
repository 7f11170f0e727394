"""Which application's rules a request has, and what is shared by all."""

from typing import Any

import pytest

from deletion.domain.approval_rule import ApprovalRule
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from tests.deletion.values import request


def application(name: str, **changes: Any) -> Policy:
    plain = {"channels": (f"C0{name}",), "approvals_channel": f"C0{name}OK", "ops_rooms": ("C0OPS", f"C0{name}OPS")}
    return Policy(**{"application": name, "kore_account": name, "approvers": ("U0BOB",), **plain, **changes})


EU, US = application("eu", approvals_required=1), application("us", approvals_required=2, stop_approvals_required=1)


@pytest.mark.parametrize(("name", "policy"), [("eu", EU), ("us", US), ("practice-us", US)])
def test_request_has_the_policy_of_its_application_in_and_out_of_practice(name: str, policy: Policy) -> None:
    assert Policies([EU, US]).of(request(application=name)) is policy


def test_request_of_a_removed_application_has_the_strictest_numbers_and_no_account_or_channel() -> None:
    archiving = EU.model_copy(
        update={"archives": True, "confirm_with_name": True, "approval_quotas": ApprovalRule.parse("S0LEGAL:1").quotas}
    )
    policies = Policies([archiving, US])
    shared = policies.of(request(application="removed"))
    assert shared == policies.shared == Policy(
        approvers=("U0BOB",), approvals_required=2, stop_approvals_required=1, kore_account=""
    )  # fmt: skip
    assert policies.everywhere.ops_rooms == ("C0euOK", "C0usOK", "C0OPS", "C0euOPS", "C0usOPS")


def test_single_application_has_one_policy_for_everything() -> None:
    single = Policy(approvers=("U0BOB",), approvals_channel="C0APPROVALS", kore_account="a")
    policies = Policies([single])
    assert policies.shared is policies.of(request()) is policies.of(request(application="removed")) is single
