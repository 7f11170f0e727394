"""A campaign, a preview, a person and a request to start from."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.catalogue.listed_campaign import ListedCampaign
from deletion.domain.approvals.authorization import ChannelKind, Permit, authorise
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.people import Membership, Person, RequestParties
from deletion.domain.approvals.quorum import Quorum
from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.hold import Hold
from deletion.domain.models import Preview, Request
from deletion.domain.policy import Policy
from deletion.domain.rebuildable import NOT_REBUILDABLE, Rebuildable
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.domain.witnesses import Source, Witnesses
from deletion.journal import journal_store
from deletion.kore.reading import Reading
from deletion.lifecycle.party_check import PartyCheck
from deletion.lifecycle.transitions import Transitions
from deletion.stores.request_store import RequestStore
from kore_api.elapsed_time import elapsed_seconds
from kore_api.models import Campaign

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
CAMPAIGN: dict[str, Any] = {
    "_id": "cd-3aefda80-f98e-5f4f-ad41-92803abb0001",
    "name": "Spring Sale",
    "status": "Stopped",
    "format": "simple",
    "message": {"message": "SGVsbG8%3D"},
    "dialingStrategy": {
        "callerId": {"phoneNumber": "+4930123456"},
        "callingHours": {"frequency": "WEEKLY", "timezone": "Europe/Berlin", "days": []},
    },
    "contactLists": ["Renewals"],
    "schedule": {"isSchedulingEnabled": False},
    "updatedAt": "2026-06-27T09:31:56.940Z",
}


def campaign(**fields: Any) -> Campaign:
    return Campaign.model_validate({**CAMPAIGN, **fields})


def reading(**fields: Any) -> Reading:
    """Return the campaign as GET and the status endpoint showed it just now."""
    return Reading(campaign(**fields), shown_just_now(), sent_at=elapsed_seconds(), answered_at=elapsed_seconds())


def shown_just_now() -> Witnesses:
    return Witnesses(sources=(Source.GET, Source.STATUS), at=now())


def listed(number: int, name: str, **facts: Any) -> ListedCampaign:
    plain = {"status": "Ready", "is_sms": True, "is_voice": False, "updated_at": NOON}
    return ListedCampaign(f"cd-00000000-0000-5000-8000-{number:012x}", name, **{**plain, **facts})


@cache
def fingerprint() -> CampaignFingerprint:
    """Return that of the campaign as it is above; nothing changes it."""
    return CampaignFingerprint.of(campaign())


def preview(**fields: Any) -> Preview:
    return Preview(
        id=uuid4().hex,
        team_id="T0",
        user_id="U0ALICE",
        channel_id="C0",
        campaign=CampaignFingerprint.of(campaign(**fields)) if fields else fingerprint(),
        taken_at=now(),
    )


def person(user_id: str, **facts: Any) -> Person:
    """A full member of the workspace with a verified address."""
    plain = {"id": user_id, "team_id": "T0", "membership": Membership.MEMBER, "identities": {user_id}}
    return Person(**{**plain, "has_verified_email": True, **facts})


class AllMembers:
    """A Slack in which every account is a full member in one user group, and a different person."""

    def __init__(self, group: str, policy: Policy) -> None:
        self._group = group
        self._policy = policy

    async def parties_of(self, request: Request) -> RequestParties:
        requester, *approvers = (
            person(user_id, groups={self._group})
            for user_id in (request.requester_id, *(approval.person_id for approval in request.approvals))
        )
        return RequestParties(request, requester, approvers)

    async def authorise_again(self, permit: Permit, request: Request) -> Permit | Denial:
        approver, parties = person(permit.person.id, groups={self._group}), await self.parties_of(request)
        return authorise(permit.action, approver, self._policy, ChannelKind.OURS, parties)


class EnoughApprovers:
    """A Slack in which as many people may approve as are needed."""

    async def quorum(self, requester_id: str, needed: int) -> Quorum:
        assert requester_id
        return Quorum(needed, needed)


class NoGroups:
    """A Slack without user groups."""

    async def of_approvers(self, request: Request) -> Mapping[str, int | None]:
        assert request
        return {}


class NothingArchived:
    """An archive without a campaign."""

    async def state_of(self, deleted: Request) -> Rebuildable:
        assert deleted
        return NOT_REBUILDABLE


def all_parties_stand(store: RequestStore, policy: Policy) -> PartyCheck:
    """A check that finds every requester and approver with the right that they used."""
    everyone = policy.model_copy(update={"requesters": ("S0ALL",), "approvers": ("S0ALL",)})
    return PartyCheck(AllMembers("S0ALL", everyone), Transitions(store, policy), everyone)


def freeze(**changes: Any) -> Freeze:
    """Bob's, that holds."""
    plain = Freeze(
        id=uuid4().hex,
        team_id="T0",
        frozen_by="U0BOB",
        frozen_at=now(),
        reason="The wrong list was loaded",
        frozen_in="C0",
    )
    return plain.model_copy(update=changes)


def hold(**changes: Any) -> Hold:
    """Bob's, of the campaign of the requests."""
    plain = Hold(
        id=uuid4().hex,
        team_id="T0",
        campaign_id=CAMPAIGN["_id"],
        campaign_name="Spring Sale",
        kore_account=None,
        application="",
        held_by="U0BOB",
        held_at=now(),
        reason="Legal asked to keep it",
    )
    return plain.model_copy(update=changes)


def request(**changes: Any) -> Request:
    shown = preview()
    at = now() - timedelta(minutes=5)
    plain = Request(
        id=shown.id,
        team_id=shown.team_id,
        requester_id=shown.user_id,
        channel_id=shown.channel_id,
        campaign=shown.campaign,
        reason="Replaced by the autumn one",
        state=State.APPROVED,
        version=1,
        requested_at=at,
        changed_at=at,
        execute_after=at,
        witnesses=shown_just_now(),
    )
    return plain.model_copy(update=changes)


def campaign_list(*states: State, paused_on: int | None = None, **changes: Any) -> CampaignList:
    """Return a list with one request in each of these states, paused by the one with this position."""
    ids = [f"{number:032x}" for number in range(1, len(states) + 1)]
    requests = tuple(
        request(id=id_, state=state, list_id=ids[0], list_position=number, **changes)
        for number, (id_, state) in enumerate(zip(ids, states, strict=True), start=1)
    )
    return CampaignList(ids[0], requests, ids[paused_on - 1] if paused_on else None)


def refuse_entries(connection: sa.Connection, condition: str = "true") -> None:
    """As if there were no space left for another entry, or for a ``NEW`` one like this."""
    refusing = f"CREATE TRIGGER full_disk BEFORE INSERT ON journal FOR EACH ROW WHEN ({condition})"
    if connection.dialect.name == "sqlite":
        connection.execute(sa.text(f"{refusing} BEGIN SELECT RAISE(ABORT, 'no space left'); END"))
        return
    body = "$$ BEGIN RAISE EXCEPTION 'no space left'; END $$"
    connection.execute(sa.text(f"CREATE OR REPLACE FUNCTION is_full() RETURNS trigger LANGUAGE plpgsql AS {body}"))
    connection.execute(sa.text(f"{refusing} EXECUTE FUNCTION is_full()"))


def accept_entries(connection: sa.Connection) -> None:
    """There is space again."""
    table = "" if connection.dialect.name == "sqlite" else "ON journal"
    connection.execute(sa.text(f"DROP TRIGGER full_disk {table}"))


async def append_entry(engine: AsyncEngine, entry: Entry) -> None:
    """Write an entry of the journal that belongs to no request."""
    async with engine.begin() as connection:
        await journal_store.append(connection, entry)
