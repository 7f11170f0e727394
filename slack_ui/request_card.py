"""What a channel is told of a request: its state now, the three facts kept apart, and the buttons that act now."""

from slack_sdk.models.blocks import Block, RichTextBlock, RichTextSectionElement

from deletion.models import Decision, Message, MessageKind, Request, State, Verdict
from deletion.policy import Policy
from slack_ui import approval_buttons, words
from slack_ui.blocks import Parts, fields, literal, note
from slack_ui.text import KORE_MESSAGE_LIMIT, NAME_LIMIT, clean, date, escape


def build(request: Request, message: Message, unreached: list[str], policy: Policy) -> tuple[str, list[Block]]:
    """The fallback text and the blocks. The fallback says all that matters, for screen readers and notifications."""
    blocks: list[Block] = [_headline(request), fields(*_facts(request))]
    if request.attempt and request.attempt.kore_message:
        blocks.append(literal(words.KORE_SAYS, clean(request.attempt.kore_message, KORE_MESSAGE_LIMIT)))
    if request.differences:
        blocks.append(literal(words.CHANGED_FIELDS, *_differences(request)))
    blocks.append(literal(words.REASON_GIVEN, clean(request.reason, KORE_MESSAGE_LIMIT)))
    if why := _objection(request):
        blocks.append(literal(words.REJECTED_BECAUSE, clean(why.reason, KORE_MESSAGE_LIMIT)))
    blocks += approval_buttons.build(request, message.kind)
    blocks += [note(text) for text in _notes(request, message, unreached, policy)]
    return _fallback(request, unreached, policy), blocks


def _headline(request: Request) -> RichTextBlock:
    name = Parts.Text(text=f" {_name(request)}", style=Parts.TextStyle(bold=True))
    said = Parts.Text(text=f" {words.HEADLINES[request.state]}")
    emoji = Parts.Emoji(name=words.EMOJI[request.state])
    return RichTextBlock(elements=[RichTextSectionElement(elements=[emoji, name, said])])


def _facts(request: Request) -> list[tuple[str, str]]:
    return [
        (words.DECISION, _decision(request)),
        (words.ATTEMPT, _attempt(request)),
        (words.OBSERVATION, _observation(request)),
        (words.CAMPAIGN, f"`{escape(request.sighting.campaign_id)}`\n{_content(request)}"),
    ]


def _content(request: Request) -> str:
    """What it is, in one line: names, counts and no personal data."""
    seen = request.sighting
    lists = words.LISTS.format(count=len(seen.contact_lists))
    return ", ".join(part for part in (escape(seen.format), escape(seen.status), lists) if part)


def _decision(request: Request) -> str:
    requester = f"<@{request.requester_id}>"
    if not request.approvals_required:
        alone = words.DECIDED_ALONE.format(requester=requester)
        return " ".join([alone, *(_verdict(decision) for decision in request.decisions)])
    by = ", ".join(f"<@{approval.person_id}>" for approval in request.approvals)
    told = words.APPROVALS.format(
        count=len(request.approvals), required=request.approvals_required, by=f": {by}" if by else ""
    )
    others = [_verdict(decision) for decision in request.decisions if decision.verdict is not Verdict.APPROVED]
    return " ".join([words.ASKED.format(requester=requester), told, *others])


def _verdict(decision: Decision) -> str:
    return words.VERDICTS[decision.verdict].format(person=f"<@{decision.person_id}>")


def _objection(request: Request) -> Decision | None:
    return next((decision for decision in request.decisions if decision.verdict is Verdict.REJECTED), None)


def _attempt(request: Request) -> str:
    if request.attempt is None:
        return words.NO_ATTEMPT.get(request.state, words.NOT_SENT)
    said = words.ATTEMPTS[request.attempt.kind]
    return f"{said}. {escape(request.attempt.explanation)}" if request.attempt.explanation else said


def _observation(request: Request) -> str:
    if request.observation is None:
        return words.NO_OBSERVATION.get(request.state, words.NOT_LOOKED_YET)
    return words.OBSERVATIONS[request.observation]


def _differences(request: Request) -> list[str]:
    return [
        words.CHANGED_FIELD.format(
            field=words.FIELDS.get(difference.field, difference.field),
            before=clean(difference.before) or words.NOTHING_THERE,
            after=clean(difference.after) or words.NOTHING_THERE,
        )
        for difference in request.differences
    ]


def _notes(request: Request, message: Message, unreached: list[str], policy: Policy) -> list[str]:
    """Who was not reached, and what happens next, which comes last."""
    notes = []
    if message.kind is MessageKind.DIRECT and request.channel_id in unreached:
        notes.append(words.ORIGIN_UNREACHED.format(channel=f"<#{request.channel_id}>"))
    if rooms := [room for room in unreached if room != request.channel_id]:
        notes.append(words.UNREACHED.format(channels=_channels(rooms)))
    return [*notes, f"{_next(request, policy)} {words.AS_OF.format(when=date(request.changed_at))}"]


def _next(request: Request, policy: Policy) -> str:
    return words.NEXT[request.state].format(
        channel=f"<#{policy.approvals_channel}>",
        until=date(request.expires_at) if request.expires_at else words.UNKNOWN,
        after=date(request.execute_after, seconds=True) if request.execute_after else words.UNKNOWN,
    )


def _fallback(request: Request, unreached: list[str], policy: Policy) -> str:
    """Whole sentences, in the order of the card."""
    told = [f"{escape(_name(request), NAME_LIMIT)} {words.HEADLINES[request.state]}", _decision(request)]
    if request.state is not State.AWAITING_APPROVAL:
        told.append(f"{words.ATTEMPT}: {_attempt(request)}.")
    if request.attempt and request.attempt.kore_message:
        told.append(f"{words.KORE_SAYS}: “{escape(request.attempt.kore_message, KORE_MESSAGE_LIMIT)}”.")
    if request.observation:
        told.append(f"{words.OBSERVATION}: {_observation(request)}.")
    told.append(f"{words.REASON_GIVEN}: “{escape(request.reason, KORE_MESSAGE_LIMIT)}”.")
    if unreached:
        told.append(words.UNREACHED.format(channels=_channels(unreached)))
    return " ".join([*told, _next(request, policy)])


def _channels(ids: list[str]) -> str:
    return ", ".join(f"<#{channel}>" for channel in ids)


def _name(request: Request) -> str:
    return clean(request.sighting.name, NAME_LIMIT) or words.UNNAMED
