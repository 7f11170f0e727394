"""A request's message in a channel: headline, decision, attempt and observation, buttons, and what happens next."""

from slack_sdk.models.blocks import Block, RichTextBlock, RichTextSectionElement

from deletion.domain.attempt import AttemptKind
from deletion.domain.freeze_and_budget import Freeze, with_own
from deletion.domain.models import Decision, Purpose, Request, StruckApproval, Verdict
from deletion.domain.policy import Policy
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from deletion.messages.projection import RequestView
from slack_ui import strings
from slack_ui.messages import approval_buttons, freeze_notice, kore_facts, next_step, stop_facts, unreached
from slack_ui.parts import (
    approval_rule,
    blast_radius,
    budget_note,
    differences,
    earlier_request,
    list_name,
    ticket,
    verdict,
)
from slack_ui.parts.application import named
from slack_ui.parts.blocks import Parts, fields, note, quoted
from slack_ui.parts.campaign_summary import readable
from slack_ui.parts.links import Links
from slack_ui.parts.text import KORE_MESSAGE_LIMIT, NAME_LIMIT, clean, code, date, plain_name, short_id, word
from slack_ui.parts.undelivered import unposted
from slack_ui.strings.by_purpose import headline_of, strings_for

# These keep a message within Slack's limits: a fallback text of 4,000 characters and blocks of about 11,000
# (docs.slack.dev/reference/methods/chat.update; github.com/slackapi/bolt-js/issues/2867).
QUOTE_LIMIT = 380
FREEZE_LIMIT = 60  # the blocks show the whole reason
STRUCK_SHOWN = 5  # the newest; the thread has all of them
# In these states nothing was sent to Kore.ai, unless there is an attempt.
NOTHING_HAPPENED = (
    State.AWAITING_APPROVAL, State.APPROVED, State.REJECTED, State.CANCELLED, State.EXPIRED, State.STOPPED,
)  # fmt: skip
NO_DELETION = (State.REJECTED, State.CANCELLED, State.EXPIRED, State.STOPPED, State.CHANGED)


def build(seen: RequestView, message: Message, policy: Policy, links: Links | None = None) -> tuple[str, list[Block]]:
    """Return the fallback text and the blocks. Screen readers and notifications use the fallback, so it is complete.

    Without ``links``, no message is linked to.
    """
    request = seen.request
    if message.kind is MessageKind.ROOM and is_no_deletion(request):
        return _in_short(seen, policy, links)
    buttons = approval_buttons.build(seen, message.kind, policy)
    blocks = [*account(seen, policy, links), *buttons, *(note(text) for text in _notes(seen, message, policy))]
    return fallback_text(seen, policy, message.kind), blocks


def is_no_deletion(request: Request) -> bool:
    """Return whether people or deadlines closed the request before a delete was sent."""
    was_sent = request.attempt is not None and request.attempt.kind is not AttemptKind.NOT_SENT
    return request.state in NO_DELETION and not was_sent


def _in_short(seen: RequestView, policy: Policy, links: Links | None) -> tuple[str, list[Block]]:
    """Return two lines and a link, for a channel that only has to know that nothing was deleted."""
    request, shown = seen.request, seen.card
    about = f"{decision(request, policy)} {strings.cards.WHOLE_ID.format(id=short_id(request.campaign.campaign_id))}."
    link = ""
    if links and shown and shown.channel_id and shown.ts:
        link = links.to_place(shown.channel_id, shown.ts, strings.cards.DETAILS)
    text = f"{named(request.application)}{code(_name(request), NAME_LIMIT)} {headline_of(request)} {about}"
    return text, [headline(request), note(f"{about} {link}".strip())]


def first(request: Request) -> str:
    """Return the text of a message when it is posted: facts that stay true, because a copy may be left behind."""
    return strings.cards.FIRST[request.purpose].format(
        campaign=code(_name(request), NAME_LIMIT),
        campaign_id=code(request.campaign.campaign_id),
        requester=f"<@{request.requester_id}>",
        requested_at=date(request.requested_at),
        request_id=code(request.id[:8]),
    )


def account(seen: RequestView, policy: Policy, links: Links | None = None) -> list[Block]:
    """Return the headline, the facts and the quoted texts, without buttons and next step."""
    request = seen.request
    blocks: list[Block] = [headline(request, seen.freeze), note(_reach(request))]
    blocks += freeze_notice.on_card(seen.freeze) if seen.freeze else []
    blocks.append(fields(*_facts(request, policy)))
    if not _nothing_happened(request):
        blocks.append(kore_facts.attempt_line(request))
    if request.differences:
        blocks.append(quoted(strings.cards.CHANGED_FIELDS, *differences.lines(request)))
    blocks.append(quoted(strings_for(request).reason_label, clean(request.reason, KORE_MESSAGE_LIMIT)))
    if why := _objection(request):
        blocks.append(quoted(strings.cards.REJECTED_BECAUSE, clean(why.reason, KORE_MESSAGE_LIMIT)))
    blocks += [note(text) for text in list_name.sentences(request)]
    if request.earlier:
        blocks.append(note(earlier_request.text(request.earlier, links)))
    return [*blocks, note(_whole_ids(seen))]


def headline(request: Request, freeze: Freeze | None = None) -> RichTextBlock:
    name = Parts.Text(text=f" {named(request.application)}{_name(request)}", style=Parts.TextStyle(bold=True))
    said = Parts.Text(text=f" {headline_of(request, freeze)}")
    emoji = Parts.Emoji(name=strings.cards.EMOJI[request.state])
    return RichTextBlock(elements=[RichTextSectionElement(elements=[emoji, name, said])])


def _facts(request: Request, policy: Policy) -> list[tuple[str, str]]:
    """Return decision, observation and campaign; the observation only once there can be one. Ids are shortened."""
    facts = [(strings.cards.DECISION, decision(request, policy))]
    if not _nothing_happened(request):
        facts.append((strings.cards.OBSERVATION, kore_facts.observation_text(request)))
    facts.append((strings.cards.CAMPAIGN, short_id(request.campaign.campaign_id)))
    facts += stop_facts.facts(request)
    if request.ticket:
        facts.append((strings.cards.TICKET, ticket.text(request.ticket, policy)))
    facts += _flow(request)
    if request.created_id:
        facts.append((strings.rebuild.NEW_CAMPAIGN, short_id(request.created_id)))
    return facts


def _flow(request: Request) -> list[tuple[str, str]]:
    """Return the experience flow that the requester of a rebuild typed, which no other fact tells."""
    return [(strings.rebuild.FLOW, code(request.flow_name, NAME_LIMIT))] if request.flow_name else []


def _whole_ids(seen: RequestView) -> str:
    created_id = (seen.rebuildable.rebuilt or seen.request).created_id
    said = strings.cards.WHOLE_IDS if created_id else strings.cards.WHOLE_ID
    return said.format(id=code(seen.request.campaign.campaign_id), created=code(created_id))


def _nothing_happened(request: Request) -> bool:
    return request.state in NOTHING_HAPPENED and request.attempt is None


def _reach(request: Request) -> str:
    """Return in one line how far the campaign reached when it was requested. No personal data."""
    seen = request.campaign
    plan = word(readable("schedule", seen.schedule), blast_radius.STATUS_LIMIT) or strings.campaign.SCHEDULE_UNKNOWN
    if request.purpose is Purpose.REBUILD:
        status = word(seen.status, blast_radius.STATUS_LIMIT) or strings.campaign.STATUS_UNKNOWN
        return strings.cards.ARCHIVED.format(content=f"{status}{blast_radius.DOT}{plan}")
    status = request.stop.status_before if request.stop else seen.status
    reach = blast_radius.line(word(status, blast_radius.STATUS_LIMIT), request.extent, seen.contact_lists)
    return strings.cards.WHEN_ASKED.format(content=f"{reach}{blast_radius.DOT}{plan}")


def decision(request: Request, policy: Policy) -> str:
    requester = f"<@{request.requester_id}>"
    if not request.approvals_required:
        alone = strings.cards.DECIDED_ALONE.format(requester=requester)
        return " ".join([alone, *(verdict.sentence(decision, request) for decision in request.decisions)])
    by = ", ".join(f"<@{approval.person_id}>" for approval in request.approvals)
    told = strings.cards.APPROVALS.format(
        count=request.approvals_counted, required=request.approvals_required, by=f": {by}" if by else ""
    )
    needed = approval_rule.on_card(request, policy)
    made = [decision for decision in request.decisions if decision.verdict is not Verdict.APPROVED]
    others = [verdict.sentence(decision, request) for decision in made]
    standing = {approval.person_id for approval in request.approvals}  # some were struck, and given again
    lapsed = [approval for approval in request.struck if approval.person_id not in standing]
    struck = [_struck(approval) for approval in lapsed[-STRUCK_SHOWN:]]
    return " ".join([strings.cards.ASKED.format(requester=requester), told, *needed, *struck, *others])


def _struck(approval: StruckApproval) -> str:
    return strings.cards.STRUCK.format(
        person=f"<@{approval.person_id}>", why=strings.cards.LAPSES.get(approval.why, code(approval.why))
    )


def _objection(request: Request) -> Decision | None:
    return next((decision for decision in request.decisions if decision.verdict is Verdict.REJECTED), None)


def _notes(seen: RequestView, message: Message, policy: Policy) -> list[str]:
    """Return the budget, the channels that were not reached, and last what happens next."""
    request, notes = seen.request, [*budget_notes(seen.request), *unreached.notes(seen, message, policy)]
    rebuilt, freeze = seen.rebuildable.rebuilt, seen.freeze
    later = [*([rebuilt.changed_at] if rebuilt else []), *([freeze.frozen_at] if freeze else [])]
    as_of = max([request.changed_at, *later])
    return [*notes, f"{next_step.text(seen, policy, message.kind)} {strings.cards.AS_OF.format(when=date(as_of))}"]


def budget_notes(request: Request) -> list[str]:
    """Return the budget near its limit while the request is open, or if it required an extra approval."""
    if request.list_id:
        return budget_note.of_list(request)
    spent = with_own(request)
    shows = spent and (request.is_open or spent.overrun)
    return [budget_note.text(spent, request.requester_id)] if spent and shows else []


def fallback_text(seen: RequestView, policy: Policy, kind: MessageKind | None = None) -> str:
    """Return the card as sentences, in its order; of changed fields only the names."""
    request = seen.request
    told = [f"{named(request.application)}{code(_name(request), NAME_LIMIT)} {headline_of(request, seen.freeze)}"]
    if seen.freeze:
        told.append(f"{strings.freeze.FROZEN_NOW} {freeze_notice.frozen_by(seen.freeze, FREEZE_LIMIT)}")
    told.append(decision(request, policy))
    if not _nothing_happened(request):
        told.append(f"{strings.cards.ATTEMPT}: {kore_facts.attempt_text(request)}.")
    if request.observation:
        told.append(f"{strings.cards.OBSERVATION}: {kore_facts.observation_text(request)}.")
    if request.differences:
        told.append(
            f"{strings.cards.CHANGED_FIELDS}: {', '.join(differences.field(found) for found in request.differences)}."
        )
    told += [f"{title}: {text}." for title, text in (*stop_facts.facts(request), *_flow(request))]
    if request.created_id:
        told.append(f"{strings.rebuild.NEW_CAMPAIGN}: {code(request.created_id)}.")
    told.append(f"{strings_for(request).reason_label}: {code(request.reason, QUOTE_LIMIT)}.")
    if request.ticket:
        told.append(f"{strings.cards.TICKET}: {code(request.ticket)}.")
    if why := _objection(request):
        told.append(f"{strings.cards.REJECTED_BECAUSE}: {code(why.reason, QUOTE_LIMIT)}.")
    told += list_name.sentences(request)
    if request.earlier:
        told.append(earlier_request.text(request.earlier))
    told.append(f"{strings.cards.CAMPAIGN}: {code(request.campaign.campaign_id)}. {_reach(request)}.")
    if request.budget and request.budget.overrun and not seen.freeze:  # during a freeze the blocks are enough
        told += budget_notes(request)
    told += unposted(seen.unreached, request, reasons=1)
    return " ".join([*told, next_step.text(seen, policy, kind)])


def _name(request: Request) -> str:
    return plain_name(request.campaign.name)
