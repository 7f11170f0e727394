"""The approvals that a request needs, in words."""

from deletion.domain.approval_rule import ApprovalRule, MissingApprovals
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.states import State
from slack_ui import strings
from slack_ui.parts.text import date, mention, mentions

GROUPS_SHOWN = 5


def on_card(request: Request, policy: Policy) -> list[str]:
    """Return sentences in mrkdwn: a rule with groups, what it lacks, and who may decide since an escalation."""
    said = sentences(request)
    others = policy.escalation_approvers_of(request) if request.escalated_at else ()
    if request.state is State.AWAITING_APPROVAL and request.escalated_at and others:
        more = mentions(others, GROUPS_SHOWN)
        said.append(strings.cards.ESCALATED.format(when=date(request.escalated_at), approvers=more))
    return said


def sentences(request: Request) -> list[str]:
    """Return a rule with groups, and what it lacks after the first approval; nothing for a number of approvals."""
    said = [in_words(request.approval_rule)] if request.approval_quotas else []
    is_waiting = request.state is State.AWAITING_APPROVAL and request.approvals
    return [*said, missing_in_words(request.missing_approvals)] if is_waiting and request.missing_approvals else said


def in_words(rule: ApprovalRule) -> str:
    """Return mrkdwn such as "Needed: 1 from @legal, 1 from @ops.", or nothing if any approver may give them all."""
    if not rule.quotas:
        return ""
    parts = [strings.cards.RULE_PART.format(count=count, group=mention(group)) for group, count in rule.quotas]
    shown, others = parts[:GROUPS_SHOWN], len(parts) - GROUPS_SHOWN
    if others > 0:
        more = strings.cards.RULE_ONE_MORE if others == 1 else strings.cards.RULE_MORE
        shown.append(more.format(count=others))
    if rest := rule.required - sum(count for _, count in rule.quotas):
        shown.append(strings.cards.RULE_REST.format(count=rest))
    return strings.cards.RULE.format(parts=", ".join(shown))


def missing_in_words(missing: MissingApprovals, said: str = strings.cards.STILL_NEEDED) -> str:
    """Return mrkdwn such as "Still needed: 1 from @legal or @ops."."""
    if not missing.groups or len(missing.groups) > GROUPS_SHOWN:
        part = strings.cards.RULE_REST if not missing.groups else strings.cards.RULE_SEVERAL
        return said.format(parts=part.format(count=missing.count))
    groups = strings.cards.OR.join(mention(group) for group in missing.groups)
    return said.format(parts=strings.cards.RULE_PART.format(count=missing.count, group=groups))
