"""The faults of an installation, each with the check that must find it, its outcome, and words of its text and cure."""

from collections.abc import Callable

from aiohttp.test_utils import unused_port

from deletion.domain.check import Outcome
from sandbox.faults import Fault
from sandbox.server import Sandbox

FAILED, WARNING = Outcome.FAILED, Outcome.WARNING
EMPTY = "sqlite:////nowhere/at/all/bot.sqlite3"
Arrange = Callable[[Sandbox], object]


def fault(target: str, operation: str, kind: str, **details: object) -> Arrange:
    made = {"target": target, "operation": operation, "kind": kind, "times": None, **details}
    return lambda sandbox: sandbox.faults.add(Fault(**made))  # type: ignore[arg-type]  # checked by the sandbox


def channel(**flags: object) -> Arrange:
    return lambda sandbox: sandbox.slack.workspace.channels["C0APPROVALS"].update(flags)


def group(name: str, *members: str) -> Arrange:
    return lambda sandbox: sandbox.slack.workspace.user_groups[name].update(users=list(members))


def disabled(name: str) -> Arrange:
    return lambda sandbox: sandbox.slack.workspace.user_groups[name].update(date_delete=1_700_000_001)


def address(user: str, email: str) -> Arrange:
    return lambda sandbox: sandbox.slack.workspace.users[user]["profile"].update(email=email)


def nothing(_: Sandbox) -> None:
    """Arrange nothing: the settings are wrong."""


FAULTS: list[tuple[str, Arrange, dict[str, str], str, Outcome, str, str]] = [
    ("another bot token", nothing, {"SLACK_BOT_TOKEN": "xoxb-sandbox-2"}, "SLACK_BOT_TOKEN", FAILED,
     "Slack refuses it (invalid_auth)", "Copy the bot token"),
    ("token revoked", fault("slack", "auth.test", "error", error="token_revoked"), {}, "SLACK_BOT_TOKEN", FAILED,
     "token_revoked", "install the app again"),
    ("Slack down", fault("slack", "auth.test", "error", error="internal_error"), {}, "SLACK_BOT_TOKEN", FAILED,
     "Slack is unavailable (internal_error)", "HTTPS_PROXY"),
    ("organisation", fault("slack", "auth.test", "org_wide"), {}, "SLACK_BOT_TOKEN", FAILED,
     "installed for a whole organization", "Install it in one workspace"),
    ("another app token", nothing, {"SLACK_APP_TOKEN": "xapp-sandbox-2"}, "SLACK_APP_TOKEN", FAILED,
     "Slack refuses it (invalid_auth)", "connections:write"),
    ("app token's scope", fault("slack", "apps.connections.open", "error", error="missing_scope"), {},
     "SLACK_APP_TOKEN", FAILED, "missing_scope connections:write", "connections:write"),
    ("sockets blocked", fault("slack", "wss", "reset"), {}, "Socket Mode", FAILED, "cannot be reached", "wss"),
    ("no channel", nothing, {"OPS_ROOMS": "C0NOWHERE"}, "OPS_ROOMS", FAILED, "C0NOWHERE is no channel", "/invite"),
    ("bot not in the room", nothing, {"OPS_ROOMS": "C0RANDOM"}, "OPS_ROOMS", FAILED, "#random (C0RANDOM)", "/invite"),
    ("shared room", nothing, {"OPS_ROOMS": "C0SHARED"}, "OPS_ROOMS", FAILED, "another organization", "workspace alone"),
    ("archived room", channel(is_archived=True), {}, "APPROVALS_CHANNEL", FAILED, "is archived", "Unarchive it"),
    ("read-only room", channel(is_read_only=True), {}, "APPROVALS_CHANNEL", WARNING, "read-only", "doctor --post"),
    ("no threads", channel(is_non_threadable=True), {}, "APPROVALS_CHANNEL", WARNING, "without threads", "--post"),
    ("silent room", fault("slack", "conversations.info", "error", error="internal_error"), {}, "APPROVALS_CHANNEL",
     WARNING, "not checked: Slack did not say what C0APPROVALS is", ""),
    ("no group", nothing, {"REQUESTERS": "S0NONE,U0ALICE"}, "REQUESTERS", FAILED, "S0NONE is no user group", "id"),
    ("disabled group", disabled("S0APPROVE"), {}, "APPROVERS", FAILED, "@campaign-approvers (S0APPROVE) is disabled",
     "Enable"),
    ("empty group", group("S0REQUEST"), {}, "REQUESTERS", WARNING, "has no members", "Add people"),
    ("no requester", group("S0REQUEST"), {}, "REQUESTERS", FAILED, "0 people may ask", "Add users"),
    ("deactivated", nothing, {"APPROVERS": "U0DORA,S0APPROVE"}, "APPROVERS", WARNING, "Dora Klein (U0DORA) is deact",
     "Replace the id"),
    ("guest in a group", group("S0APPROVE", "U0BOB", "U0CAROL", "U0MIA"), {}, "APPROVERS", WARNING,
     "2 people may approve; not U0MIA (guest)", "Remove them"),
    ("unknown user", nothing, {"APPROVERS": "U0NOBODY,S0APPROVE"}, "APPROVERS", WARNING,
     "Slack did not say who U0NOBODY is", "Copy member ID"),
    ("own requests only", group("S0APPROVE", "U0BOB"), {}, "Approvals", FAILED, "requests of U0BOB cannot be approved",
     "other than the requester"),
    ("no address", address("U0BOB", ""), {}, "E-mail", WARNING, "do not count: U0BOB", "users:read.email"),
    ("no name", nothing, {"KORE_BASE_URL": "https://no-such-host.invalid"}, "Host", FAILED, "does not resolve", "DNS"),
    ("nothing listens", nothing, {"KORE_BASE_URL": f"http://127.0.0.1:{unused_port()}"}, "Host", FAILED,
     "no connection to Kore.ai", "KORE_BASE_URL"),
    ("another secret", nothing, {"KORE_CLIENT_SECRET": "of-another-app-with-32-bytes-and-more"}, "Credentials", FAILED,
     "Kore.ai rejects the credentials", "KORE_CLIENT_SECRET"),
    ("another app", nothing, {"KORE_APP_ID": "st-of-another-app"}, "Application", FAILED,
     "does not know the app or account", "KORE_APP_ID"),
    ("another account", nothing, {"KORE_ACCOUNT_ID": "67777ce93e25326494e99999"}, "Application", FAILED,
     "does not know the app or account", "KORE_ACCOUNT_ID"),
    ("no Kore.ai scope", fault("kore", "list", "status", status=403, error="scope not granted"), {}, "Scope", FAILED,
     "Campaign Management", "publish the app"),
    ("a gateway answers", fault("kore", "list", "html", status=404), {}, "API v1", FAILED, "not in Kore.ai's format",
     "KORE_BASE_URL"),
    ("limit used up", lambda sandbox: sandbox.kore.limit.set(0, 60), {}, "API v1", WARNING, "rate limit", "minute"),
    ("no folder", nothing, {"DATABASE_URL": EMPTY}, "DATABASE_URL", FAILED, "no folder /nowhere/at/all", "Create"),
    ("no database server", nothing, {"DATABASE_URL": "postgresql://bot:hunter2@127.0.0.1:1/none"}, "DATABASE_URL",
     FAILED, "postgresql://bot:***@127.0.0.1:1/none cannot be used", "reachable"),
    ("misspelt variable", nothing, {"APPROVERS_REQUIRED": "2"}, "APPROVERS_REQUIRED", WARNING, "has no effect",
     "Did you mean APPROVALS_REQUIRED?"),
    ("misspelt status", nothing, {"DELETABLE_STATUSES": "Redy,Stopped"}, "DELETABLE_STATUSES", WARNING,
     "Redy is no status", "Did you mean Ready?"),
    ("misspelt status to stop", nothing, {"STOPPABLE_STATUSES": "Activ"}, "STOPPABLE_STATUSES", WARNING,
     "Activ is no status", "Did you mean Active?"),
    ("wrong setting", nothing, {"UNDO_WINDOW": "soon"}, "UNDO_WINDOW", FAILED, "expected seconds", "docs/settings.md"),
    ("no certificates", nothing, {"SSL_CERT_FILE": "/nowhere/at/all.pem"}, "SSL_CERT_FILE", FAILED,
     "expected the path of a file with certificates", "unset it"),
    ("webhook's proxy", nothing,
     {"ALL_PROXY": "socks5://127.0.0.1:1", "WEBHOOK_URL": "https://hook.example", "WEBHOOK_SECRET": "of-16-characters"},
     "ALL_PROXY", FAILED, "expected an http:// or https:// proxy", "NO_PROXY"),
    ("webhook's address", nothing, {"WEBHOOK_URL": "https://[receiver", "WEBHOOK_SECRET": "of-16-characters"},
     "WEBHOOK_URL", FAILED, "expected an https address", "docs/settings.md"),
    ("missing setting", nothing, {"KORE_APP_ID": ""}, "KORE_APP_ID", FAILED, "is required", "docs/settings.md"),
]  # fmt: skip
