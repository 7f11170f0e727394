"""Every sentence that people read, one module for each surface."""

from slack_ui.strings import (
    campaign,
    cards,
    deletion,
    delivery,
    denials,
    earlier,
    freeze,
    lookup_and_home,
    modals,
    rebuild,
    refusals,
    start,
    whoami,
)

__all__ = [
    "campaign",
    "cards",
    "deletion",
    "delivery",
    "denials",
    "earlier",
    "freeze",
    "lookup_and_home",
    "modals",
    "rebuild",
    "refusals",
    "start",
    "whoami",
]
