"""Every surface that the bot can build, with the same external text in every place that takes one."""

from tests.slack_ui.hostile_homes import answers, homes
from tests.slack_ui.hostile_messages import messages
from tests.slack_ui.hostile_values import POLICY, REFUSED, ROOMS
from tests.slack_ui.hostile_views import suggestions, views

__all__ = ["POLICY", "REFUSED", "ROOMS", "answers", "homes", "messages", "suggestions", "views"]
