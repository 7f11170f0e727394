"""Every sentence that people read, one module for each surface."""

from slack_ui.strings import by_purpose, campaign, cards, freeze, lookup_and_home, modals, rebuild, refusals

__all__ = ["by_purpose", "campaign", "cards", "freeze", "lookup_and_home", "modals", "rebuild", "refusals"]
