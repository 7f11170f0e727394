"""What a channel is told of a request: its state now, and the three facts kept apart."""

from slack_sdk.models.blocks import Block, RichTextBlock, RichTextSectionElement

from deletion.models import Message, MessageKind, Request
from slack_ui import words
from slack_ui.blocks import Parts, fields, literal, note
from slack_ui.text import KORE_MESSAGE_LIMIT, NAME_LIMIT, clean, date, escape


def build(request: Request, message: Message, unreached: list[str]) -> tuple[str, list[Block]]:
    """The fallback text and the blocks. The fallback says all that matters, for screen readers and notifications."""
    blocks: list[Block] = [_headline(request), fields(*_facts(request))]
    if request.attempt and request.attempt.kore_message:
        blocks.append(literal(words.KORE_SAYS, clean(request.attempt.kore_message, KORE_MESSAGE_LIMIT)))
    if request.differences:
        blocks.append(literal(words.CHANGED_FIELDS, *_differences(request)))
    blocks.append(literal(words.REASON_GIVEN, clean(request.reason, KORE_MESSAGE_LIMIT)))
    blocks += [note(text) for text in _notes(request, message, unreached)]
    return _fallback(request, unreached), blocks


def _headline(request: Request) -> RichTextBlock:
    return RichTextBlock(
        elements=[
            RichTextSectionElement(
                elements=[
                    Parts.Emoji(name=words.EMOJI[request.state]),
                    Parts.Text(text=f" {_name(request)}", style=Parts.TextStyle(bold=True)),
                    Parts.Text(text=f" {words.HEADLINES[request.state]}"),
                ]
            )
        ]
    )


def _facts(request: Request) -> list[tuple[str, str]]:
    return [
        (words.DECISION, words.DECIDED_ALONE.format(requester=f"<@{request.requester_id}>")),
        (words.ATTEMPT, _attempt(request)),
        (words.OBSERVATION, _observation(request)),
        (words.CAMPAIGN_ID, f"`{escape(request.sighting.campaign_id)}`"),
    ]


def _attempt(request: Request) -> str:
    if request.attempt is None:
        return words.NO_ATTEMPT.get(request.state, words.UNKNOWN)
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


def _notes(request: Request, message: Message, unreached: list[str]) -> list[str]:
    """Who was not reached, and what happens next, which comes last."""
    notes = []
    if message.kind is MessageKind.DIRECT:
        notes.append(words.ORIGIN_UNREACHED.format(channel=f"<#{request.channel_id}>"))
    if rooms := [room for room in unreached if room != request.channel_id]:
        notes.append(words.UNREACHED.format(channels=", ".join(f"<#{room}>" for room in rooms)))
    return [*notes, f"{words.NEXT[request.state]} {words.AS_OF.format(when=date(request.changed_at))}"]


def _fallback(request: Request, unreached: list[str]) -> str:
    """Whole sentences, in the order of the card."""
    told = [f"{escape(_name(request), NAME_LIMIT)} {words.HEADLINES[request.state]}"]
    if request.attempt:
        kore_message = escape(request.attempt.kore_message, KORE_MESSAGE_LIMIT)
        told.append(f"{words.ATTEMPT}: {_attempt(request)}.{f' {kore_message}' if kore_message else ''}")
    told.append(f"{words.OBSERVATION}: {_observation(request)}.")
    told.append(f"{words.REASON_GIVEN}: {escape(request.reason, KORE_MESSAGE_LIMIT)}")
    if unreached:
        told.append(words.UNREACHED.format(channels=", ".join(f"<#{room}>" for room in unreached)))
    return " ".join([*told, words.NEXT[request.state]])


def _name(request: Request) -> str:
    return clean(request.sighting.name, NAME_LIMIT) or words.UNNAMED
