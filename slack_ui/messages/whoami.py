"""The reply to ``whoami``: each right of the reader with its reason, or with what is missing."""

from deletion.domain.approvals.authorization import UNDECIDED, Action, ChannelKind, refuse_right
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.people import Person
from deletion.domain.approvals.rights import Right, rights_of
from deletion.domain.policy import Policy, is_group
from slack_ui.parts import approval_rule
from slack_ui.parts.text import mention, mentions
from slack_ui.strings import whoami


def text(person: Person, policy: Policy, channel: ChannelKind, unread: Denial = Denial.UNREAD_GROUP) -> str:
    """Return complete sentences in mrkdwn, one line for each right. ``unread`` is why a group cannot be read."""
    looking_up = refuse_right(Action.LOOK_UP, person, policy)
    return "\n".join(
        [
            whoami.HEADING.format(person=mention(person.id)),
            *(_line(right, unread) for right in rights_of(person, policy)),
            whoami.LOOK_UP[unread if looking_up is Denial.UNREAD_GROUP else looking_up],
            whoami.ALWAYS,
            whoami.CHANNELS[channel],
            whoami.APPROVALS.get(policy.approvals_required)
            or whoami.MORE_APPROVALS.format(count=policy.approvals_required),
            *([approval_rule.in_words(policy.approval_rule)] if policy.approval_quotas else []),
        ]
    )


def _line(right: Right, unread: Denial) -> str:
    title, granted = whoami.TITLES[right.role], _granted(right)
    if right.denial is None:
        return whoami.YES.format(title=title, why=granted)
    missing = whoami.MISSING[unread if right.denial is Denial.UNREAD_GROUP else right.denial]
    why = missing.format(role=right.role, listed=mentions(right.listed) or whoami.NO_ONE, granted=granted)
    return (whoami.UNKNOWN if right.denial in UNDECIDED else whoami.NO).format(title=title, why=why)


def _granted(right: Right) -> str:
    groups = [name for name in right.granted_by if is_group(name)]
    if len(groups) < len(right.granted_by):
        return whoami.BY_ID.format(role=right.role)
    return whoami.BY_GROUP.format(role=right.role, groups=mentions(groups))
