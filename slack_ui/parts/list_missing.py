"""Say which approvals a list lacks, where its campaigns lack the same and user groups must give some."""

from deletion.lifecycle.list_decisions import ListMissing
from slack_ui import strings
from slack_ui.parts import approval_rule


def sentences(missing: ListMissing) -> list[str]:
    """Return that the reader's approval does not help, and from which groups approvals are needed after it."""
    first, *others = missing.together
    does_not_help = [strings.modals.DOES_NOT_HELP] if missing.is_unhelped else []
    if not (first.count and first.groups) or any(each != first for each in others):
        return does_not_help
    return [*does_not_help, approval_rule.missing_in_words(first, strings.cards.STILL_NEEDED_AFTER_YOURS)]
