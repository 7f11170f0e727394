"""Build the bot from its applications and connections, layer by layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import httpx
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncEngine

import handlers
from composition.application import Shared, build_application
from deletion.catalogue.campaign_cache import CampaignCache
from deletion.domain.policies import Policies
from deletion.engine.durable_queues import DurableQueues
from deletion.engine.workflows import Engine
from deletion.lifecycle.applications import Applications
from deletion.lifecycle.freezing import Freezing
from deletion.lifecycle.transitions import Transitions
from deletion.messages.disclosure import Disclosure
from deletion.messages.freeze_notices import FreezeNoticeSync
from deletion.messages.message_sync import MessageSync
from deletion.stores.freeze_store import FreezeStore
from deletion.stores.home_store import Homes
from deletion.stores.list_store import ListStore
from deletion.stores.message_store import MessageStore
from deletion.stores.preview_store import PreviewStore
from deletion.stores.report_reads import Reports
from deletion.stores.request_queries import RequestQueries
from handlers.access import slack_client
from handlers.access.gate import Gate
from handlers.access.group_sizes import GroupSizes
from handlers.access.slack_directory import SlackDirectory
from handlers.access.slack_objects import Workspace
from handlers.checks.settings import check_settings
from handlers.connection.identity import FILES_WRITE
from handlers.listeners.home_publisher import HomePublisher
from kore_api.client import KoreClient
from settings.applications import ApplicationSettings
from slack_ui.messages.projector import SlackProjector
from slack_ui.parts.links import Links

GROUP_SIZES_CACHE_SECONDS = 60  # after a restart, all messages about what awaits approval need them
HOME_DIRECTORY_CACHE_SECONDS = 5  # one change refreshes many Homes, which need the same users and groups


@dataclass(frozen=True)
class Outside:
    """The connections of the bot. The caller closes them."""

    database: AsyncEngine
    kore_http: Mapping[str, httpx.AsyncClient]  # by the application's name
    slack: AsyncWebClient
    identity: AuthorizeResult
    queues: DurableQueues


@dataclass(frozen=True)
class Bot:
    """The parts that are started, the Bolt app that receives from Slack, and what the checks at the start ask."""

    app: AsyncApp
    engine: Engine
    catalogues: tuple[CampaignCache, ...]
    directory: SlackDirectory
    kore: Mapping[str, KoreClient]  # by the application's name
    policies: Policies


async def compose(applications: Sequence[ApplicationSettings], outside: Outside) -> Bot:
    """Build the layers from the inside out."""
    granted = {"attaches_files": FILES_WRITE in (outside.identity.bot_scopes or ())}
    policies = Policies([application.policy().model_copy(update=granted) for application in applications])

    # Storage
    database = outside.database
    store = ListStore(database)
    queries = RequestQueries(database)
    previews = PreviewStore(database)
    freezes = FreezeStore(database)
    homes = Homes(database)

    # Slack
    slack, identity = outside.slack, outside.identity
    workspace = Workspace(identity.team_id or "", identity.enterprise_id)
    links = Links(identity.url or "")
    directory = SlackDirectory(slack, workspace)
    await check_settings(directory, policies)
    queued = slack_client.without_retries(slack)
    projector = SlackProjector(queued, policies, links)
    disclosure = Disclosure(SlackDirectory(queued, workspace).kind_of_channel)

    # Kore.ai applications
    displayed = directory.caching(HOME_DIRECTORY_CACHE_SECONDS)
    shared = Shared(database, store, previews, directory, displayed)
    built = [
        await build_application(each.settings, policy, outside.kore_http[each.name], shared)
        for each, policy in zip(applications, policies.all, strict=True)
    ]
    lifecycle = Applications(store, Transitions(store, policies.shared), [each.work for each in built])
    home_publisher = partial(
        HomePublisher,
        directory=displayed,
        lookup=queries,
        homes=homes,
        health={each.work.policy.application: each.health for each in built},
        links=links,
        policies=policies,
    )

    # Workflow engine
    messages, groups = MessageStore(database), GroupSizes(directory.caching(GROUP_SIZES_CACHE_SECONDS), policies)
    channels = {each.application: each.approvals_channel for each in policies.all if each.approvals_channel}
    sync = MessageSync(
        store, messages, projector, disclosure, rebuilds=lifecycle, groups=groups, approvals_channels=channels
    )
    engine = Engine(
        store,
        lifecycle,
        sync,
        FreezeNoticeSync(freezes, projector, disclosure),
        previews=previews,
        homes=home_publisher(queued),
        queues=outside.queues,
    )

    # Handlers
    app = slack_client.bolt_app(slack, identity)
    handlers.register(
        app,
        applications=[each.listening for each in built],
        gate=Gate(directory, policies.shared, previews),
        requests=store,
        previews=previews,
        rebuilds=lifecycle,
        freezing=Freezing(store, freezes, policies.everywhere),
        engine=engine,
        policies=policies,
        lookup=queries,
        reports=Reports(database),
        links=links,
        home_publisher=home_publisher(slack),
    )
    catalogues = tuple(each.listening.catalogue for each in built)
    kore = {each.work.policy.application: each.kore for each in built}
    return Bot(app, engine, catalogues, directory, kore, policies)
