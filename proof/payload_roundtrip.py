"""A payload rebuilt with another library's classes, which reject what Slack would reject.

Both libraries name their arguments as Slack names its fields, so one walk serves both: a dictionary becomes the class
of its ``type``, or of the field it stands in.
"""

from collections.abc import Callable, Mapping
from typing import Any

import blockkit
import slackblocks
from blockkit.core import RawText, Table

Json = dict[str, Any]
Makers = Mapping[str, Callable[..., Any]]


class NoSuchTypeError(Exception):
    """The library knows no such block, element or object."""


def rebuild(value: Any, makers: Makers, field: str = "") -> Any:
    """Build the library's objects from Slack's JSON. Raise the library's error, or NoSuchTypeError."""
    if isinstance(value, list):
        return [rebuild(item, makers, field) for item in value]
    if not isinstance(value, dict):
        return value
    kind = str(value.get("type", field))
    if kind not in makers:
        raise NoSuchTypeError(f"unknown type {kind!r}")
    arguments = {name: rebuild(inner, makers, name) for name, inner in value.items() if name != "type"}
    return makers[kind](**arguments)


def differences(given: Any, built: Any, path: str = "") -> list[str]:
    """Return what the rebuilt payload lacks; false and empty values may be omitted."""
    if isinstance(given, dict) and isinstance(built, dict):
        return [line for name, inner in given.items() for line in differences(inner, built.get(name), f"{path}/{name}")]
    if isinstance(given, list) and isinstance(built, list) and len(given) == len(built):
        pairs = zip(given, built, strict=True)
        return [line for index, (a, b) in enumerate(pairs) for line in differences(a, b, f"{path}/{index}")]
    same = given == built or (built is None and given in (False, None, "", []))
    return [] if same else [f"{path}: given {given!r:.60}, built {built!r:.60}"]


def _styled(make: Callable[..., Any], **renamed: str) -> Callable[..., Any]:
    """Adapt rich text styles to slackblocks, which takes them flat and names one field differently."""

    def build(style: Json | None = None, **fields: Any) -> Any:
        return make(**{renamed.get(name, name): value for name, value in fields.items()}, **(style or {}))

    return build


def _slackblocks_text(kind: slackblocks.TextType) -> Callable[..., slackblocks.Text]:
    def build(text: str, *, emoji: bool = False, verbatim: bool = False) -> slackblocks.Text:
        return slackblocks.Text(text, kind, emoji=emoji, verbatim=verbatim)

    return build


def _as_dict(**fields: Any) -> Json:
    return fields


SLACKBLOCKS: Makers = {
    "plain_text": _slackblocks_text(slackblocks.TextType.PLAINTEXT),
    "mrkdwn": _slackblocks_text(slackblocks.TextType.MARKDOWN),
    "confirm": slackblocks.ConfirmationDialogue,
    "options": slackblocks.Option,
    "option_groups": slackblocks.OptionGroup,
    "initial_option": slackblocks.Option,
    "initial_options": slackblocks.Option,
    "filter": slackblocks.ConversationFilter,
    "dispatch_action_config": slackblocks.DispatchActionConfiguration,
    "style": _as_dict,
    "actions": slackblocks.ActionsBlock,
    "alert": slackblocks.AlertBlock,
    "context": slackblocks.ContextBlock,
    "divider": slackblocks.DividerBlock,
    "header": slackblocks.HeaderBlock,
    "image": slackblocks.ImageBlock,
    "input": slackblocks.InputBlock,
    "markdown": slackblocks.MarkdownBlock,
    "rich_text": slackblocks.RichTextBlock,
    "section": slackblocks.SectionBlock,
    "table": slackblocks.TableBlock,
    "raw_text": slackblocks.RawText,
    "rich_text_section": slackblocks.RichTextSection,
    "rich_text_quote": slackblocks.RichTextQuote,
    "rich_text_preformatted": slackblocks.RichTextCodeBlock,
    "rich_text_list": slackblocks.RichTextList,
    "text": _styled(slackblocks.RichText),
    "emoji": _styled(slackblocks.RichTextEmoji),
    "link": _styled(slackblocks.RichTextLink),
    "user": _styled(slackblocks.RichTextUser),
    "usergroup": _styled(slackblocks.RichTextUserGroup, usergroup_id="user_group_id"),
    "channel": _styled(slackblocks.RichTextChannel),
    "button": slackblocks.Button,
    "checkboxes": slackblocks.CheckboxGroup,
    "radio_buttons": slackblocks.RadioButtonGroup,
    "overflow": slackblocks.OverflowMenu,
    "plain_text_input": slackblocks.PlainTextInput,
    "static_select": slackblocks.StaticSelectMenu,
    "external_select": slackblocks.ExternalSelectMenu,
    "multi_static_select": slackblocks.StaticMultiSelectMenu,
    "multi_external_select": slackblocks.ExternalMultiSelectMenu,
    "users_select": slackblocks.UserSelectMenu,
    "conversations_select": slackblocks.ConversationSelectMenu,
    "datepicker": slackblocks.DatePicker,
    "modal": slackblocks.ModalView,
    "home": slackblocks.HomeTabView,
}

BLOCKKIT: Makers = {
    "plain_text": lambda **fields: blockkit.Text(**fields, type="plain_text"),
    "mrkdwn": lambda **fields: blockkit.Text(**fields, type="mrkdwn"),
    "confirm": blockkit.Confirm,
    "options": blockkit.Option,
    "option_groups": blockkit.OptionGroup,
    "initial_option": blockkit.Option,
    "initial_options": blockkit.Option,
    "filter": blockkit.ConversationFilter,
    "dispatch_action_config": blockkit.DispatchActionConfig,
    "style": blockkit.RichStyle,
    "actions": blockkit.Actions,
    "context": blockkit.Context,
    "divider": blockkit.Divider,
    "header": blockkit.Header,
    "image": blockkit.Image,
    "input": blockkit.Input,
    "markdown": blockkit.Markdown,
    "rich_text": blockkit.RichText,
    "section": blockkit.Section,
    "table": Table,
    "raw_text": RawText,
    "rich_text_section": blockkit.RichTextSection,
    "rich_text_quote": blockkit.RichTextQuote,
    "rich_text_preformatted": blockkit.RichTextPreformatted,
    "rich_text_list": blockkit.RichTextList,
    "text": blockkit.RichTextEl,
    "emoji": blockkit.RichEmojiEl,
    "link": blockkit.RichLinkEl,
    "user": blockkit.RichUserEl,
    "usergroup": blockkit.RichUserGroupEl,
    "channel": blockkit.RichChannelEl,
    "button": blockkit.Button,
    "checkboxes": blockkit.Checkboxes,
    "radio_buttons": blockkit.RadioButtons,
    "overflow": blockkit.Overflow,
    "plain_text_input": blockkit.PlainTextInput,
    "static_select": blockkit.StaticSelect,
    "external_select": blockkit.ExternalSelect,
    "multi_static_select": blockkit.MultiStaticSelect,
    "multi_external_select": blockkit.MultiExternalSelect,
    "users_select": blockkit.UsersSelect,
    "conversations_select": blockkit.ConversationsSelect,
    "datepicker": blockkit.DatePicker,
    "modal": blockkit.Modal,
    "home": blockkit.Home,
}
