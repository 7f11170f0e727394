"""The requests of the fixture by their campaigns, which the sandbox seeds, and how the bot that made them was set."""

from typing import Any, NamedTuple

from tests.simulation.stories.steps import CARDS
from tests.stories.person import Person, shown

SETTINGS = {
    "APPROVALS_REQUIRED": "1", "UNDO_WINDOW": "0", "KORE_CALLS_PER_MINUTE": "6000", "ARCHIVE_KEY": 43 * "A" + "=",
}  # fmt: skip
LIMIT = {"calls": 6000, "seconds": 60}  # the sandbox's, which has tests of its own


class Campaign(NamedTuple):
    id: str
    name: str


DELETED = Campaign("cd-3cfdee86-f98e-5f4f-ad41-92803abb0003", "Loyalty Points Expiring")
WAITING = Campaign("cd-3aefda80-f98e-5f4f-ad41-92803abb0001", "Interactive Support SMS Campaign")
# Approved: the undo window of the one is over soon, that of the other runs for a day.
DUE = Campaign("cd-3bf6e483-f98e-5f4f-ad41-92803abb0002", "Appointment Reminder EMEA")
STOPPABLE = Campaign("cd-463d48a1-f98e-5f4f-ad41-92803abb0012", "Lead Winback 2023")
# Killed while Kore.ai had the DELETE and had not answered; whether it happened is up to the test.
INTERRUPTED = Campaign("cd-474452a4-f98e-5f4f-ad41-92803abb0013", "Rate Limit Change Notice")
INTERRUPTED_AND_GONE = Campaign("cd-484b5ca7-f98e-5f4f-ad41-92803abb0014", "Store Opening Invite")
# Killed between Kore.ai's answer and the end of the look whether it is gone.
ANSWERED = Campaign("cd-4f7ca2bc-f98e-5f4f-ad41-92803abb0021", "Billing Alert Template Campaign-21212")
# Unknown: the answer was lost, and the list could not be read; or Kore.ai failed, and the campaign is still there.
UNKNOWN_AND_GONE = Campaign("cd-4c6784b3-f98e-5f4f-ad41-92803abb0018", "Service Renewal Outreach Campaign6")
UNKNOWN_AND_THERE = Campaign("cd-4e7598b9-f98e-5f4f-ad41-92803abb0020", "Billing Alert Template Campaign-212")
# Slack was slow from here on, so no message has been posted.
WITHDRAWN = Campaign("cd-5083acbf-f98e-5f4f-ad41-92803abb0022", "Customer Welcome")
ASKED_LAST = (WAITING, INTERRUPTED, INTERRUPTED_AND_GONE, ANSWERED, UNKNOWN_AND_GONE, UNKNOWN_AND_THERE, WITHDRAWN)


async def card_of(approver: Person, campaign: Campaign) -> dict[str, Any] | None:
    """The first card of this campaign that the approvals channel has."""
    cards = [message for message in await approver.messages(CARDS) if message["blocks"]]
    return next((card for card in cards if campaign.id in shown(card["blocks"])), None)


def button(card: dict[str, Any], label: str) -> str:
    """The action id of the button that is labelled so: what a card of the previous version sends when it is pressed."""
    elements = [element for block in card["blocks"] if block["type"] == "actions" for element in block["elements"]]
    return next(str(element["action_id"]) for element in elements if label in element["text"]["text"])
