"""The whole Slack surface: everything a person can do, in the order they meet it."""

from slack_bolt.async_app import AsyncApp

from deletion.decisions import Decisions
from deletion.intake import Intake
from deletion.policy import Policy
from deletion.workflow import Engine
from handlers import error_handler
from handlers.approval_buttons import ApprovalButtons
from handlers.confirm_modal import ConfirmModal
from handlers.decision_modals import DecisionModals
from handlers.delete_command import DeleteCommand


def register(app: AsyncApp, intake: Intake, decisions: Decisions, engine: Engine, policy: Policy) -> None:
    DeleteCommand(intake, policy).register(app)
    ConfirmModal(intake, engine, policy).register(app)
    ApprovalButtons(decisions, engine, policy).register(app)
    DecisionModals(decisions, engine, policy).register(app)
    error_handler.register(app)
