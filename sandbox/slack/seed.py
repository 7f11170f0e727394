"""The initial users, channels and groups, and the accepted credentials."""

from typing import Any

TEAM, TEAM_DOMAIN = "T0SANDBOX", "sandbox"
PARTNER_TEAM, PARTNER_DOMAIN = "T0PARTNER", "partner"
APP, BOT_USER, BOT = "A0SANDBOX", "U0BOT", "B0BOT"
BOT_NAME = "Campaign Delete"
SLACKBOT = "USLACKBOT"

BOT_TOKEN = "xoxb-sandbox"
APP_TOKEN = "xapp-sandbox"
SIGNING_SECRET = "sandbox-signing-secret"
VERIFICATION_TOKEN = "sandbox-verification-token"
CREATED = 1_700_000_000

_PEOPLE: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("U0ALICE", "Alice Moreno", "requester", {}),
    ("U0BOB", "Bob Okafor", "approver", {}),
    ("U0CAROL", "Carol Lindqvist", "approver by group", {}),
    ("U0DAN", "Dan Petrov", "ordinary member", {}),
    ("U0MIA", "Mia Sato", "multi-channel guest", {"is_restricted": True}),
    ("U0GUS", "Gus Weber", "single-channel guest", {"is_restricted": True, "is_ultra_restricted": True}),
    ("U0SAM", "Sam Rivers", "stranger of another company", {"team_id": PARTNER_TEAM}),
    ("U0DORA", "Dora Klein", "deactivated", {"deleted": True}),
)
_STAFF = ("U0ALICE", "U0BOB", "U0CAROL", "U0DAN")
_CHANNELS: tuple[tuple[str, str, tuple[str, ...], dict[str, Any]], ...] = (
    ("C0CAMPAIGNS", "campaigns", (*_STAFF, "U0MIA", "U0GUS", BOT_USER), {}),
    ("C0APPROVALS", "campaign-approvals", ("U0ALICE", "U0BOB", "U0CAROL", BOT_USER), {}),
    ("C0OPSEMEA", "ops-emea", (*_STAFF, "U0MIA", BOT_USER), {}),
    ("C0OPSAMER", "ops-americas", (*_STAFF, BOT_USER), {}),
    ("C0RANDOM", "random", _STAFF, {}),
    ("G0PRIVATE", "war-room", ("U0ALICE", "U0BOB"), {"is_private": True}),
    ("C0SHARED", "partner-shared", ("U0ALICE", "U0BOB", "U0SAM", BOT_USER), {"is_ext_shared": True}),
)
_GROUPS = (
    ("S0REQUEST", "campaign-requesters", "Campaign requesters", ("U0ALICE", "U0BOB")),
    ("S0APPROVE", "campaign-approvers", "Campaign approvers", ("U0BOB", "U0CAROL")),
)


def _user(user_id: str, name: str, title: str, flags: dict[str, Any]) -> dict[str, Any]:
    handle = name.split(maxsplit=1)[0].lower()
    team = flags.get("team_id", TEAM)
    return {
        "id": user_id, "team_id": team, "name": handle, "real_name": name, "deleted": False,
        "tz": "Europe/Amsterdam", "tz_label": "Central European Time", "tz_offset": 3600,
        "profile": {"real_name": name, "real_name_normalized": name, "display_name": handle,
                    "display_name_normalized": handle, "title": title, "team": team,
                    "email": f"{handle}@{PARTNER_DOMAIN if team == PARTNER_TEAM else TEAM_DOMAIN}.example"},
        "is_admin": False, "is_owner": False, "is_primary_owner": False, "is_restricted": False,
        "is_ultra_restricted": False, "is_bot": False, "is_app_user": False, "updated": CREATED, **flags,
    }  # fmt: skip


def users() -> dict[str, dict[str, Any]]:
    """Return user objects by id, including the bot's. docs.slack.dev/reference/objects/user-object."""
    people = {row[0]: _user(*row) for row in _PEOPLE}
    robot = {"is_bot": True, "is_app_user": True}
    return {**people, BOT_USER: _user(BOT_USER, BOT_NAME, "", robot)}


def channels() -> dict[str, dict[str, Any]]:
    """Return conversation objects by id. docs.slack.dev/reference/objects/conversation-object."""
    named = {
        channel_id: {
            "id": channel_id, "name": name, "name_normalized": name, "is_channel": channel_id[0] == "C",
            "is_group": channel_id[0] == "G", "is_im": False, "is_mpim": False, "is_private": False,
            "is_archived": False, "is_general": False, "is_shared": "is_ext_shared" in flags,
            "is_ext_shared": False, "is_pending_ext_shared": False, "pending_shared": [],
            "is_org_shared": False, "is_read_only": False, "is_thread_only": False,
            "is_non_threadable": False, "created": CREATED, "creator": "U0ALICE",
            "context_team_id": TEAM, **flags,
        }
        for channel_id, name, _, flags in _CHANNELS
    }  # fmt: skip
    direct = {
        dm_of(person[0]): {
            "id": dm_of(person[0]), "is_im": True, "is_channel": False, "is_group": False, "is_mpim": False,
            "is_private": True, "is_archived": False, "is_org_shared": False, "created": CREATED,
            "user": person[0], "context_team_id": TEAM,
        }
        for person in _PEOPLE
    }  # fmt: skip
    return {**named, **direct}


def members() -> dict[str, list[str]]:
    """Return the members by channel id."""
    direct = {dm_of(person[0]): [person[0], BOT_USER] for person in _PEOPLE}
    return {**{row[0]: list(row[2]) for row in _CHANNELS}, **direct}


def user_groups() -> dict[str, dict[str, Any]]:
    """Return user group objects by id. docs.slack.dev/reference/objects/usergroup-object."""
    return {
        group_id: {
            "id": group_id, "team_id": TEAM, "is_usergroup": True, "name": name, "handle": handle,
            "description": "", "is_external": False, "date_create": CREATED, "date_update": CREATED,
            "date_delete": 0, "auto_type": None, "created_by": "U0ALICE", "users": list(people),
            "user_count": len(people),
        }
        for group_id, handle, name, people in _GROUPS
    }  # fmt: skip


def dm_of(user_id: str) -> str:
    """Return the id of this user's direct message channel with the bot."""
    return f"D0{user_id.removeprefix('U0')}"
