"""The limits of rich text as one table: docs.slack.dev/reference/block-kit/blocks/rich-text-block."""

from sandbox.slack.blocks.schema import Flag, Items, Limit, Number, OneOf, Shape, Str

_TYPE = Str(50)
_TEXT = Str(40_000)
_ID = Str(50)
_URL = Str(3000)
_STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
_STYLE = Shape({name: Flag() for name in _STYLES})
_BORDER = Number(0, 1)


def _leaf(required: tuple[str, ...], **fields: Limit) -> Shape:
    return Shape({"type": _TYPE, **fields}, required=required)


_LEAVES: dict[str, Limit] = {
    "text": _leaf(("text",), text=_TEXT, style=_STYLE),
    "emoji": _leaf(("name",), name=Str(100), unicode=Str(100), skin_tone=Number(1, 6)),
    "link": _leaf(("url",), url=_URL, text=_TEXT, unsafe=Flag(), style=_STYLE),
    "user": _leaf(("user_id",), user_id=_ID, style=_STYLE),
    "usergroup": _leaf(("usergroup_id",), usergroup_id=_ID, style=_STYLE),
    "channel": _leaf(("channel_id",), channel_id=_ID, style=_STYLE),
    "broadcast": _leaf(("range",), range=Str(20, choices=("here", "channel", "everyone"))),
    "color": _leaf(("value",), value=Str(20)),
    "date": _leaf(
        ("timestamp", "format"), timestamp=Number(0, 9_999_999_999), format=Str(200), url=_URL, fallback=Str(200)
    ),
}
_SPAN = Items(1000, OneOf(lambda: _LEAVES))
_SECTION = _leaf(("elements",), elements=_SPAN)

PARTS: dict[str, Limit] = {
    "rich_text_section": _SECTION,
    "rich_text_quote": _leaf(("elements",), elements=_SPAN, border=_BORDER),
    "rich_text_preformatted": _leaf(("elements",), elements=_SPAN, border=_BORDER, language=Str(50)),
    "rich_text_list": _leaf(
        ("elements", "style"),
        elements=Items(1000, OneOf(lambda: {"rich_text_section": _SECTION})),
        style=Str(20, choices=("bullet", "ordered")),
        indent=Number(0, 8),
        offset=Number(0, 1000),
        border=_BORDER,
    ),
}
