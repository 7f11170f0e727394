"""Register every listener: everything that a user can do in Slack, in the order they meet it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp

from deletion.catalogue.campaign_cache import CampaignCache
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.engine.workflows import Engine
from deletion.lifecycle.decisions import Decisions
from deletion.lifecycle.freezing import Freezing
from deletion.lifecycle.holding import Holding
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.list_approval import ListApproval
from deletion.lifecycle.list_decisions import ListDecisions
from deletion.lifecycle.list_intake import ListIntake
from deletion.lifecycle.rebuild import Rebuilding
from deletion.lifecycle.stop_intake import StopIntake
from deletion.messages.projection import Rebuilds
from deletion.stores.preview_store import PreviewStore
from deletion.stores.report_reads import Reports
from deletion.stores.request_queries import RequestQueries
from deletion.stores.request_store import RequestStore
from handlers.access.application_scope import ApplicationScope, ScopedApp
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
from handlers.listeners.hold_command import HoldCommand
from handlers.listeners.home_publisher import HomePublisher
from handlers.listeners.home_tab import HomeTab
from handlers.listeners.list_buttons import ListButtons
from handlers.listeners.list_confirm import ListConfirm
from handlers.listeners.list_forms import ListForms
from handlers.listeners.many_command import ManyCommand
from handlers.listeners.outdated_message import OutdatedMessage
from handlers.listeners.picker import Picker
from handlers.listeners.rebuild import Rebuild
from handlers.listeners.report_command import ReportCommand
from handlers.listeners.status_and_history import StatusAndHistory
from handlers.listeners.stop_campaign import StopCampaign
from handlers.listeners.summary import Summary
from handlers.listeners.unserved import Unserved
from handlers.listeners.whoami_command import WhoamiCommand
from slack_ui.parts.links import Links


@dataclass(frozen=True)
class Application:
    """The parts that listeners use for one Kore.ai application. They refuse what is of another one."""

    policy: Policy
    gate: Gate
    intake: Intake
    catalogue: CampaignCache
    decisions: Decisions
    rebuilding: Rebuilding
    holding: Holding
    stopping: StopIntake
    list_intake: ListIntake
    list_decisions: ListDecisions
    list_approval: ListApproval


def register(  # noqa: PLR0913 - one part for each thing that a listener needs
    app: AsyncApp,
    *,
    applications: Sequence[Application],
    gate: Gate,
    requests: RequestStore,
    previews: PreviewStore,
    rebuilds: Rebuilds,
    freezing: Freezing,
    engine: Engine,
    policies: Policies,
    lookup: RequestQueries,
    reports: Reports,
    links: Links,
    home_publisher: HomePublisher,
) -> None:
    """Register all listeners; ``gate`` judges what belongs to no application, by the shared policy."""
    policy = policies.shared
    OutdatedMessage(requests, lookup, links).register(app)
    if is_scoped := any(served.application for served in policies.all):
        ApplicationScope(policies.all, requests, previews).register(app)
    HomeTab(gate, home_publisher).register(app)
    StatusAndHistory(gate, lookup, rebuilds, links, policies).register(app)
    ReportCommand(gate, reports, policy).register(app)
    FreezeCommand(gate, freezing, engine, policies.everywhere).register(app)
    for application in applications:
        scoped: Any = ScopedApp(app, application.policy.application) if is_scoped else app  # it has the same methods
        _register(
            scoped,
            application,
            everywhere=policies.everywhere,
            requests=requests,
            engine=engine,
            lookup=lookup,
            links=links,
        )
    if is_scoped:
        Unserved(gate, requests, previews, policies).register(app)
    UnknownInteraction(gate, policy).register(app)
    error_handler.register(app)


def _register(  # noqa: PLR0913 - one part for each thing that a listener needs
    app: AsyncApp,
    served: Application,
    *,
    everywhere: Policy,
    requests: RequestStore,
    engine: Engine,
    lookup: RequestQueries,
    links: Links,
) -> None:
    """Register the listeners of one application, the subcommands before what takes every other text."""
    gate, intake, decisions, policy = served.gate, served.intake, served.decisions, served.policy
    summary = Summary(intake, policy, lookup, links)
    picker = Picker(gate, intake, served.catalogue, summary, policy)
    HelpCommand(gate, policy, freezing_in=everywhere).register(app)
    WhoamiCommand(gate, policy).register(app)
    picker.register(app)
    lists = served.list_intake
    ManyCommand(gate, lists, served.catalogue, picker, summary=summary, policy=policy).register(app)
    HoldCommand(gate, served.holding, served.catalogue, engine, policy).register(app)
    StopCampaign(
        gate, served.stopping, intake, served.catalogue, summary=summary, engine=engine, policy=policy
    ).register(app)
    DidYouMean(gate, policy).register(app)
    DeleteCommand(gate, intake, served.catalogue, picker, summary=summary, policy=policy).register(app)
    ConfirmModal(gate, intake, engine, policy).register(app)
    ApprovalButtons(gate, requests, decisions, intake, engine=engine, policy=policy, links=links).register(app)
    DecisionModals(gate, requests, decisions, engine, policy).register(app)
    ListConfirm(gate, intake, lists, engine, policy).register(app)
    ListButtons(gate, requests, served.list_decisions, lists, engine=engine, policy=policy).register(app)
    ListForms(gate, requests, served.list_approval, served.list_decisions, engine, policy=policy).register(app)
    Rebuild(
        gate, requests, intake, served.rebuilding, engine=engine, policy=policy, lookup=lookup, links=links
    ).register(app)
