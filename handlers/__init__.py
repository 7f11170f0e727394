"""Register every listener: everything that a user can do in Slack, in the order they meet it."""

from slack_bolt.async_app import AsyncApp

from deletion.catalogue.campaign_cache import CampaignCache
from deletion.domain.policy import Policy
from deletion.engine.workflows import Engine
from deletion.lifecycle.decisions import Decisions
from deletion.lifecycle.freezing import Freezing
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.rebuild import Rebuilding
from deletion.stores.request_queries import RequestQueries
from deletion.stores.request_store import RequestStore
from handlers.access.gate import Gate
from handlers.listeners import error_handler
from handlers.listeners.approval_buttons import ApprovalButtons
from handlers.listeners.confirm_modal import ConfirmModal
from handlers.listeners.decision_modals import DecisionModals
from handlers.listeners.delete_command import DeleteCommand
from handlers.listeners.did_you_mean import DidYouMean
from handlers.listeners.fallback import UnknownInteraction
from handlers.listeners.freeze_command import FreezeCommand
from handlers.listeners.help_command import HelpCommand
from handlers.listeners.home_publisher import HomePublisher
from handlers.listeners.home_tab import HomeTab
from handlers.listeners.outdated_message import OutdatedMessage
from handlers.listeners.picker import Picker
from handlers.listeners.rebuild import Rebuild
from handlers.listeners.status_and_history import StatusAndHistory
from handlers.listeners.summary import Summary
from handlers.listeners.whoami_command import WhoamiCommand
from slack_ui.parts.links import Links


def register(  # noqa: PLR0913 - one part for each thing that a listener needs
    app: AsyncApp,
    *,
    gate: Gate,
    requests: RequestStore,
    intake: Intake,
    catalogue: CampaignCache,
    decisions: Decisions,
    rebuilding: Rebuilding,
    freezing: Freezing,
    engine: Engine,
    policy: Policy,
    lookup: RequestQueries,
    links: Links,
    home_publisher: HomePublisher,
) -> None:
    summary = Summary(intake, policy, lookup, links)
    picker = Picker(gate, intake, catalogue, summary, policy)
    OutdatedMessage(lookup, links).register(app)
    HomeTab(gate, home_publisher).register(app)
    HelpCommand(gate, policy).register(app)
    WhoamiCommand(gate, policy).register(app)
    StatusAndHistory(gate, lookup, rebuilding, links, policy).register(app)
    picker.register(app)
    FreezeCommand(gate, freezing, engine, policy).register(app)
    DidYouMean(gate, policy).register(app)  # after the subcommands
    DeleteCommand(gate, intake, picker, summary, policy).register(app)  # takes every other text
    ConfirmModal(gate, intake, engine, policy).register(app)
    ApprovalButtons(gate, requests, decisions, intake, engine=engine, policy=policy, links=links).register(app)
    DecisionModals(gate, requests, decisions, engine, policy).register(app)
    Rebuild(gate, requests, intake, rebuilding, engine=engine, policy=policy).register(app)
    UnknownInteraction(gate, policy).register(app)
    error_handler.register(app)
