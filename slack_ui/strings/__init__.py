"""Every sentence that people read, one module for each surface."""

from slack_ui.strings import (
    applications,
    campaign,
    cards,
    deletion,
    delivery,
    denials,
    earlier,
    freeze,
    hold,
    lookup_and_home,
    modals,
    rebuild,
    refusals,
    report,
    start,
    whoami,
)

__all__ = [
    "applications",
    "campaign",
    "cards",
    "deletion",
    "delivery",
    "denials",
    "earlier",
    "freeze",
    "hold",
    "lookup_and_home",
    "modals",
    "rebuild",
    "refusals",
    "report",
    "start",
    "whoami",
]
