"""Why a click did not count, said to the one who clicked: what has happened already, and who did it."""

from deletion.approval import Objection
from deletion.models import Request
from slack_ui import card_words, words
from slack_ui.text import NAME_LIMIT, code
from slack_ui.wording import table


def explain(objection: Objection, request: Request) -> str:
    """Whole sentences in mrkdwn, the campaign's name first."""
    name = code(request.sighting.name, NAME_LIMIT) or words.UNNAMED
    who_did = [card_words.VERDICTS[made.verdict].format(person=f"<@{made.person_id}>") for made in request.decisions]
    happened = " ".join([f"{name} {table(request, 'HEADLINES')[request.state]}", *who_did])
    return f"{name}: {words.OBJECTIONS[objection].format(happened=happened)}"
