"""The text of replies and refusals about a hold."""

from collections.abc import Sequence

from deletion.domain.hold import Hold
from deletion.domain.text.application_name import is_practice_name
from deletion.stores.hold_store import LISTED_AT_MOST
from slack_ui import strings
from slack_ui.parts.text import clean, code, date, mention, name_in_code
from slack_ui.strings import hold as said

REASON_LIMIT = 300
LISTED_REASON_LIMIT, LISTED_NAME_LIMIT = 80, 60


def held(hold: Hold) -> str:
    """Return who holds the campaign, since when, why, and the way out, in mrkdwn."""
    return said.HELD.format(
        person=mention(hold.held_by),
        held_at=date(hold.held_at),
        reason=code(hold.reason, REASON_LIMIT),
        campaign=hold.campaign_id,
    )


def meanwhile(hold: Hold) -> str:
    """Return the error of a form, which is plain text."""
    return said.MEANWHILE.format(reason=clean(hold.reason, REASON_LIMIT))


def done(
    hold: Hold, *, has_begun: bool, is_stopping: bool = False, is_of_list: bool = False, is_listed: bool = True
) -> str:
    """Return the reply to who holds it. ``has_begun``: a delete of it may have left before.

    ``is_stopping``: its request is stopping it before the delete. ``is_of_list``: the hold has closed its request in a
    list. ``is_listed``: the cached list has the campaign.
    """
    what = said.DONE_LATE if has_begun else said.DONE_WHILE_STOPPING if is_stopping else said.DONE
    name = name_in_code(hold.campaign_name) if is_listed else code(hold.campaign_id)
    told = [what.format(campaign=name, id=hold.campaign_id)]
    told += [strings.practice.HOLD_ENDS] if is_practice_name(hold.application) else []
    told += [said.NOT_OF_THE_LIST] if is_of_list else []
    return " ".join(told if is_listed else [*told, said.NOT_LISTED])


def held_before(hold: Hold, *, is_listed: bool = True) -> str:
    """Return the reply to who holds it again. ``is_listed``: see ``done``."""
    told = said.HELD_BEFORE.format(campaign=_name_or_id(hold), held=held(hold))
    return told if is_listed else f"{told} {said.NOT_LISTED}"


def released(hold: Hold) -> str:
    reason = code(hold.reason, REASON_LIMIT)
    return said.RELEASED.format(campaign=_name_or_id(hold), held_at=date(hold.held_at), reason=reason)


def _name_or_id(hold: Hold) -> str:
    """Return the name that the campaign had in the list when it was held, or its id."""
    return name_in_code(hold.campaign_name) if hold.campaign_name else code(hold.campaign_id)


def listed(holds: Sequence[Hold]) -> str:
    """Return a line for each hold up to the limit, and whether there are more."""
    lines = [
        said.LINE.format(
            campaign=name_in_code(hold.campaign_name, LISTED_NAME_LIMIT),
            id=hold.campaign_id,
            person=mention(hold.held_by),
            held_at=date(hold.held_at),
            reason=code(hold.reason, LISTED_REASON_LIMIT),
        )
        for hold in holds[:LISTED_AT_MOST]
    ]
    more = [said.MORE] if len(holds) > LISTED_AT_MOST else []
    return "\n".join([said.LIST, *lines, *more]) if lines else said.NOTHING_HELD
