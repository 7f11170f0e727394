"""What the value of one setting requires of others. Each rule reads the settings above its own."""

from datetime import timedelta
from typing import Any

from pydantic import SecretStr, ValidationInfo

from deletion.domain.approval_rule import ApprovalRule
from deletion.domain.approvals.quorum import most_approvals
from settings.environment import SLACK_API, is_loopback

KORE_RATE_LIMIT = 60  # calls per minute and account: docs.kore.ai/…/rate-limit-ccai
SANDBOX_TOKENS = ("xoxb-sandbox", "xapp-sandbox")


def secret_in_http_mode(secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    if secret is None and info.data.get("SLACK_APP_TOKEN", "wrong") is None:
        raise ValueError("the app's signing secret, because without SLACK_APP_TOKEN Slack uses HTTP")
    return secret


def real_tokens_go_to_slack(url: str, info: ValidationInfo) -> str:
    tokens = [info.data.get(name) for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")]
    real = any(token and not token.get_secret_value().startswith(SANDBOX_TOKENS) for token in tokens)
    if real and url != SLACK_API and not is_loopback(url):
        raise ValueError(f"{SLACK_API} or a loopback address, because the tokens look real")
    return url


def within_kore_rate_limit(calls: int, info: ValidationInfo) -> int:
    url = info.data.get("KORE_BASE_URL")  # missing if it is wrong itself
    is_granted = url is None or is_loopback(url) or (info.context or {}).get("is_rate_limit_granted")
    if calls > KORE_RATE_LIMIT and not is_granted:
        raise ValueError(f"10 to {KORE_RATE_LIMIT}, Kore.ai's own limit")
    return calls


def enough_people_may_approve(rule: ApprovalRule, info: ValidationInfo) -> ApprovalRule:
    requesters, approvers = info.data.get("REQUESTERS"), info.data.get("APPROVERS")
    if rule.required and approvers == ():
        raise ValueError("0, or APPROVERS with the users and user groups who may approve")
    if not rule.required or requesters is None or approvers is None:
        return rule
    most = most_approvals(requesters, approvers)
    if not set(rule.groups) <= set(approvers):
        raise ValueError("only user groups that APPROVERS names")
    if most is not None and most < rule.required:
        raise ValueError(
            f"{most} or less, because APPROVERS names {most} who can approve another user's request; "
            "add approvers or a user group (S…)"
        )
    return rule


def approvals_need_a_channel(channel: str | None, info: ValidationInfo) -> str | None:
    rule = info.data.get("APPROVALS_REQUIRED")  # missing if it is wrong itself, as it is where APPROVERS is unset
    is_needed = rule.required if rule else info.data.get("APPROVERS") == ()
    if channel is None and is_needed:
        raise ValueError("a channel id, because APPROVALS_REQUIRED is not 0")
    return channel


def stops_can_be_approved(required: int, info: ValidationInfo) -> int:
    given = [info.data.get(name, "wrong") for name in ("REQUESTERS", "APPROVERS", "APPROVALS_CHANNEL")]
    if not required or "wrong" in given:
        return required
    requesters, approvers, channel = given
    most = most_approvals(requesters, approvers)
    if not (approvers and channel) or (most is not None and most < required):
        raise ValueError("0, or APPROVALS_CHANNEL and APPROVERS with as many people who may approve")
    return required


def before_expiry(after: tuple[timedelta, ...] | timedelta | None, info: ValidationInfo) -> Any:
    moments = after if isinstance(after, tuple) else (after,) if after else ()
    if max(moments, default=timedelta()) >= info.data.get("APPROVAL_TTL", timedelta.max):
        raise ValueError("less than APPROVAL_TTL")
    return after


def escalation_has_approvers(approvers: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    if bool(approvers) is not bool(info.data.get("ESCALATE_AFTER", approvers)):
        raise ValueError("user ids and user group ids if ESCALATE_AFTER is set, else to be unset")
    return approvers


def webhook_is_signed(secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    if (secret is None) is not (info.data.get("WEBHOOK_URL", secret) is None):
        raise ValueError("a secret that signs what is posted to WEBHOOK_URL, and unset without it")
    return secret
