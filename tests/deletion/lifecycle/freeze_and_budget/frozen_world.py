"""Replicas over one database, with a Kore.ai that is never reached, which freeze and count approvals."""

import sqlalchemy as sa

from deletion.db.connection import open_engine
from deletion.db.tables import journal
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Preview, Request
from deletion.domain.policy import Policy
from deletion.domain.recipients import recipients
from deletion.domain.records import Entry
from deletion.kore.campaign_gateway import CampaignGateway
from deletion.lifecycle.archive import Archive
from deletion.lifecycle.deadlines import Deadlines
from deletion.lifecycle.decisions import Decisions
from deletion.lifecycle.delete_executor import DeleteExecutor
from deletion.lifecycle.execution import Execution
from deletion.lifecycle.freezing import Freezing
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.lease import Leases
from deletion.lifecycle.rebuild_executor import RebuildExecutor
from deletion.lifecycle.stop_executor import StopExecutor
from deletion.lifecycle.transitions import Transitions
from deletion.stores.freeze_store import FreezeStore
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_store import RequestStore
from tests.deletion.values import EnoughApprovers, all_parties_stand, person, preview, request

POLICY = Policy(approvers=("U0BOB",), approvals_channel="C0APPROVALS", ops_rooms=("C0OPS",))
BOB = person("U0BOB")
REASON = "The wrong list was loaded"


class Bot:
    """The parts of one replica over a database, with a Kore.ai that is never reached."""

    def __init__(self, url: str, kore: CampaignGateway) -> None:
        self.engine = open_engine(url)
        self.store, self.freezes, self.kore = RequestStore(self.engine), FreezeStore(self.engine), kore
        kore.reserving.return_value = kore  # type: ignore[attr-defined]  # an autospec

    def freezing(self) -> Freezing:
        return Freezing(self.store, self.freezes, POLICY)

    def decisions(self, policy: Policy) -> Decisions:
        parties = all_parties_stand(self.store, policy)
        return Decisions(self.store, Transitions(self.store, policy), self.kore, parties, policy)

    def deadlines(self, policy: Policy) -> Deadlines:
        parties = all_parties_stand(self.store, policy)
        return Deadlines(self.store, Transitions(self.store, policy), parties, policy)

    def execution(self) -> Execution:
        policy = POLICY.model_copy(update={"approvals_required": 0})  # the requests here have no decisions
        archive, transitions = Archive(self.store, ()), Transitions(self.store, policy)
        return Execution(
            self.store,
            transitions,
            all_parties_stand(self.store, policy),
            policy,
            delete=DeleteExecutor(transitions, self.kore, archive, policy, Leases(self.store)),
            rebuild=RebuildExecutor(transitions, self.kore, archive, Leases(self.store)),
            stop=StopExecutor(transitions, self.kore, policy, Leases(self.store)),
        )

    async def add(self, **changes: object) -> Request:
        """A request for a campaign of its own, with the messages that it owes."""
        plain = request(**changes)
        sighting = plain.campaign.model_copy(update={"campaign_id": f"cd-{plain.id}"})
        kept = plain.model_copy(update={"campaign": sighting})
        await self.store.add(kept, entry(), recipients(kept, entry(), POLICY))
        return kept

    async def events(self) -> list[str]:
        async with self.engine.connect() as connection:
            return list(await connection.scalars(sa.select(journal.c.event).order_by(journal.c.seq)))


def entry() -> Entry:
    return Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test")


def asking_nothing(bot: "Bot", policy: Policy) -> Intake:
    return Intake(bot.store, PreviewStore(bot.engine), bot.kore, None, policy, approvers=EnoughApprovers())  # type: ignore[arg-type]  # recording looks through no list


async def froze(bot: Bot) -> None:
    await bot.freezing().freeze(Permit(Action.FREEZE, BOB), "C0", REASON)


async def unfroze(bot: Bot) -> None:
    assert isinstance(await bot.freezing().unfreeze(Permit(Action.UNFREEZE, BOB), "C0RANDOM", ""), Freeze)


def shown(number: int) -> Preview:
    plain = preview()
    return plain.model_copy(update={"campaign": plain.campaign.model_copy(update={"campaign_id": f"cd-{number}"})})
