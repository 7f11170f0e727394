"""Check Slack: tokens and scopes, how Slack reaches the bot, people, and the channels of each application."""

from collections.abc import Sequence

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from commands.doctor.runner import Results, bounded, sections, together
from config import Settings
from deletion.domain.check import not_checked
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from handlers.access import slack_client
from handlers.access.slack_directory import SlackDirectory
from handlers.access.slack_objects import Workspace
from handlers.checks import channels, people, tokens
from handlers.checks.posting import check_post
from handlers.checks.request_url import check_request_url
from settings.applications import ApplicationSettings
from settings.proxies import Proxies

PEOPLE_SECONDS = 60.0  # a call for each person, a few at a time
CACHE_SECONDS = 300.0  # of people and groups, for one run
TITLE = "Slack"


async def slack_results(
    applications: Sequence[ApplicationSettings], proxies: Proxies, *, request_url: str, post: bool
) -> dict[str, Results]:
    """Return the results for all applications, and those of each one with a name."""
    settings = applications[0].settings
    shared = Policies([application.policy() for application in applications]).everywhere
    token, api_url = settings.SLACK_BOT_TOKEN.get_secret_value(), settings.SLACK_API_URL
    proxy, practice = proxies.of(api_url), settings.PRACTICE
    async with slack_client.open_client(token, api_url, proxy=proxy, practice=practice) as slack:
        answers: list[AsyncSlackResponse] = []
        found = await bounded("SLACK_BOT_TOKEN", _token(slack, shared, answers))
        found += await bounded("Connection", _reach(slack, settings, request_url, proxies.of(request_url)))
        if not answers:
            return {TITLE: [*found, not_checked("Channels and people", "first correct SLACK_BOT_TOKEN")]}
        workspace = Workspace(str(answers[0].get("team_id")), answers[0].get("enterprise_id"))
        directory = SlackDirectory(slack, workspace).caching(CACHE_SECONDS)
        found += await bounded("Users and groups", people.check_all_listed(directory, shared))
        posting = slack_client.without_retries(slack) if post else None
        each = [await _application(directory, application.policy(), posting) for application in applications]
    return sections(TITLE, applications, each, found)


async def _application(directory: SlackDirectory, policy: Policy, posting: AsyncWebClient | None) -> Results:
    rooms = channels.rooms(policy)
    commands = [("channels", channel) for channel in policy.channels]
    checks = [bounded(name, channels.check_channel(directory, name, room)) for name, room in commands + rooms]
    if posting:
        once = {room: name for name, room in reversed(rooms)}
        checks += [bounded(name, check_post(posting, name, room)) for room, name in once.items()]
    checks.append(bounded("Approvals", people.check_people(directory, policy), PEOPLE_SECONDS))
    return await together(*checks)


async def _token(slack: AsyncWebClient, policy: Policy, answers: list[AsyncSlackResponse]) -> Results:
    results, answer = await tokens.check_token(slack, policy)
    answers += [answer] if answer else []
    return results


async def _reach(slack: AsyncWebClient, settings: Settings, request_url: str, proxy: str | None) -> Results:
    if settings.SLACK_APP_TOKEN:
        return await tokens.check_socket(slack, settings.SLACK_APP_TOKEN.get_secret_value())
    secret = settings.SLACK_SIGNING_SECRET.get_secret_value() if settings.SLACK_SIGNING_SECRET else ""
    return [await check_request_url(request_url, secret, proxy)]
