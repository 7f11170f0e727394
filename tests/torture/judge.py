"""Find everything that is wrong at the end, from the database, the sandbox's Kore.ai and the channels alone."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deletion.domain.policy import Policy
from deletion.domain.recipients import is_pause
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import TRANSITIONS, State
from deletion.messages.projection import RequestView
from slack_ui.messages import request_card, thread_line
from tests.torture import judge_lists
from tests.torture.people import CARDS, Ledger, buttons_of, campaign_in
from tests.torture.world import Case, KoreCall, World

GROUP_SIZE = re.compile(r" \((\d+ members?|no members|number of members unknown)\)")  # as Slack said then
LINK = re.compile(r" <https?:[^>]*>$")
POLICY = Policy(approvals_channel=CARDS, approvers=("S0APPROVE",))
GONE = (State.DELETED, State.GONE)
UNSENT = (State.REJECTED, State.CANCELLED, State.EXPIRED, State.STOPPED, State.CHANGED)
READS = ("get", "list")


@dataclass
class Verdicts:
    """The result. Each list in ``wrong`` must be empty; ``counts`` is for the table."""

    wrong: dict[str, list[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        return not any(self.wrong.values())


def judge(world: World, ledger: Ledger, cases: list[Case]) -> Verdicts:
    campaigns = world.sandbox.kore.memory.campaigns
    there = {campaign_id for campaign_id, raw in campaigns.items() if not raw["deleted"]}
    deletes = world.deletes()
    again = list(_second_deletes(deletes, world.kore_calls))
    posts = _posts(world)
    known = {_place(message) for case in cases for message in case.messages}
    copies = [post for place, post in posts.items() if place not in known]
    wrong = {
        "wrong outcomes": [_line(case) for case in cases if _is_wrong(case, there)],
        "lost: acknowledged, no row": sorted(ledger.acknowledged - {_campaign(case) for case in cases}),
        "lost: approval acknowledged, not kept": _lost_approvals(ledger, cases),
        "lost: open and not moving": [_line(case) for case in cases if case.request.is_open],
        "second DELETE without a read between": [call.campaign_id for call, was_read in again if not was_read],
        "DELETE without another person's approval": _alone(deletes, cases),
        "journal with a gap": [_line(case) for case in cases if len(case.entries) != case.request.version],
        "messages missing": [what for case in cases for what in _missing(case, posts)],
        "messages untrue": [what for case in cases for what in _untrue(case, posts)] + _untrue_copies(cases, copies),
        "exchanges that the judge missed": ["some"] * world.missed_exchanges,
    }
    counts = {
        "requests": len(cases),
        **{f"  {state}": count for state, count in Counter(str(case.request.state) for case in cases).items()},
        "tries without an answer": ledger.unanswered,
        "DELETEs sent": len(deletes),
        "second DELETEs, after a read": sum(was_read for _, was_read in again),
        "messages posted": len(posts),
        "messages doubled": len(copies),
    }
    if any(case.listed for case in cases):
        wrong |= judge_lists.wrong(cases, deletes, ledger)
        counts |= judge_lists.counts(cases)
    return Verdicts(wrong, counts)


def is_settled(case: Case, there: set[str]) -> bool:
    """Return whether no further change is expected soon. ``there`` are the existing campaigns."""
    request = case.request
    told = all(
        message.shown_version > 0 if message.kind is MessageKind.STORY else message.shown_version == case.version
        for message in case.messages
    )
    overlooked = request.state is State.UNKNOWN and request.campaign.campaign_id not in there
    return told and not request.is_open and not overlooked


def _is_wrong(case: Case, there: set[str]) -> bool:
    """Return whether the outcome contradicts Kore.ai. "Unknown" is wrong if the campaign is readable."""
    is_there = _campaign(case) in there
    if case.request.state in GONE:
        return is_there
    return case.request.state in (State.FAILED, State.UNKNOWN, *UNSENT) and not is_there


def _lost_approvals(ledger: Ledger, cases: list[Case]) -> list[str]:
    kept = {_campaign(case) for case in cases if case.request.approvals}
    return sorted(ledger.approved - kept)


def _second_deletes(deletes: list[KoreCall], calls: list[KoreCall]) -> Any:
    """Return each repeated DELETE, and whether Kore.ai was read since the previous one."""
    last: dict[str, KoreCall] = {}
    for call in sorted(deletes, key=lambda call: call.began):
        if before := last.get(call.campaign_id):
            reads = [read for read in calls if read.operation in READS and read.campaign_id in ("", call.campaign_id)]
            yield call, any(before.began <= read.began and read.ended <= call.began for read in reads)
        last[call.campaign_id] = call


def _alone(deletes: list[KoreCall], cases: list[Case]) -> list[str]:
    """Return the campaigns with a DELETE before the approval of another person."""
    since: dict[str, datetime] = {}
    for case in cases:
        request = case.request
        others = [approval.at for approval in request.approvals if approval.person_id != request.requester_id]
        since.update({_campaign(case): at for at in others[:1]})
    return [call.campaign_id for call in deletes if not (at := since.get(call.campaign_id)) or call.began < at]


def _posts(world: World) -> dict[tuple[str, str], dict[str, Any]]:
    """Return all visible messages of the bot by channel and ts."""
    return {
        (channel, message.ts): message.payload
        for channel, messages in world.sandbox.slack.workspace.messages.items()
        for message in messages
        if message.visible_to is None and message.payload.get("bot_id")
    }


def _missing(case: Case, posts: dict[tuple[str, str], dict[str, Any]]) -> list[str]:
    owed = [message for message in case.messages if message.ts or not is_pause(message)]  # which may have passed
    lacking = [message for message in owed if _place(message) not in posts]
    return [f"{_line(case)}: {message.key} {message.error}" for message in lacking]


def _untrue(case: Case, posts: dict[tuple[str, str], dict[str, Any]]) -> list[str]:
    found = [(message, posts[_place(message)]["text"]) for message in case.messages if _place(message) in posts]
    return [
        f"{_line(case)}: {message.key}: {text}"
        for message, text in found
        if not {GROUP_SIZE.sub("", text), LINK.sub("", text)} & _texts(case, message)
    ]


def _untrue_copies(cases: list[Case], copies: list[dict[str, Any]]) -> list[str]:
    """Posts of a request that no row knows, and that say what was true for a while only, or have buttons."""
    lasting = {text for case in cases for text in _lasting(case)}
    about_requests = [post for post in copies if campaign_in(post) or buttons_of(post) or post.get("thread_ts")]
    return [f"copy: {post['text']}" for post in about_requests if post["text"] not in lasting or buttons_of(post)]


def _lasting(case: Case) -> set[str]:
    """What may stay in a copy for ever: who requested it, a line of the thread, and an outcome that is final."""
    is_final = not TRANSITIONS.get((case.listed.overall if case.listed else case.request).state)
    about = [message for message in case.messages if is_final or message.kind is MessageKind.STORY]
    shown = {text for message in about for text in _texts(case, message)}
    first = judge_lists.lasting(case.listed, case.messages) if case.listed else {request_card.first(case.request)}
    return first | shown


def _texts(case: Case, message: Message) -> set[str]:
    """Return the texts that are true: of a thread's line, also the one that it got while the request was waiting."""
    policy = POLICY.model_copy(update={"kore_account": case.request.kore_account})  # a run has one account
    if case.listed:
        return judge_lists.texts(case.listed, message, policy)
    if message.kind is MessageKind.STORY and message.entry:
        expires_at = case.request.requested_at + policy.approval_ttl
        then = {"state": State.AWAITING_APPROVAL, "decisions": (), "expires_at": expires_at}
        waiting = case.request.model_copy(update=then)
        return {thread_line.line(message.entry, request, policy) for request in (case.request, waiting)}
    return {request_card.build(RequestView(case.request), message, policy)[0]}


def _place(message: Message) -> tuple[str, str]:
    return (message.channel_id or "", message.ts or "")


def _campaign(case: Case) -> str:
    return case.request.campaign.campaign_id


def _line(case: Case) -> str:
    told = " > ".join(entry.event for entry in case.entries)
    return f"{_campaign(case)} {case.request.id} is {case.request.state} ({told})"
