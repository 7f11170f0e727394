/** The entries of a select: {value, text, description, kept}; `kept` is the form in Slack's state. */

import { plain } from "./mrkdwn.js";

export const entryOf = (option) => ({
  value: option.value,
  text: plain(option.text),
  description: plain(option.description),
  kept: option,
});

/** [{label, entries}] of an element or of suggestions: ungrouped options are one group without a label. */
export function groupsOf({ options, option_groups: groups }) {
  if (groups?.length)
    return groups.map((group) => ({ label: plain(group.label), entries: group.options.map(entryOf) }));
  return [{ label: "", entries: (options ?? []).map(entryOf) }];
}

/** The users or channels that a select of ids offers, else its own options. */
export function offered(surface, { type, ...element }) {
  if (type.includes("users"))
    return [{ label: "", entries: surface.people.map((person) => idEntry(person.id, person.name)) }];
  if (!/conversations|channels/.test(type)) return groupsOf(element);
  const channels = surface.channels.filter(
    (channel) => (!type.includes("channels") || channel.kind === "channel") && passes(channel, element.filter),
  );
  return [{ label: "", entries: channels.map((channel) => idEntry(channel.id, channelName(channel))) }];
}

/** docs.slack.dev/reference/block-kit/composition-objects/conversation-filter-object */
function passes(channel, { include, exclude_external_shared_channels: withoutShared } = {}) {
  const kind = channel.kind === "im" ? "im" : channel.is_private ? "private" : "public";
  return (!include || include.includes(kind)) && !(withoutShared && channel.is_ext_shared);
}

/** The channel behind the modal, if the select starts with it and offers it. */
export function currentConversation(surface, element) {
  if (!element.default_to_current_conversation) return null;
  const entries = offered(surface, element).flatMap((group) => group.entries);
  return entries.find((entry) => entry.value === surface.current)?.value ?? null;
}

const idEntry = (id, text) => ({ value: id, text, description: "", kept: id });
const channelName = (channel) => (channel.kind === "im" ? channel.name : `#${channel.name}`);

/** The entry of a kept value: an option object, or the offered entry with this id. */
export function entryOfKept(surface, element, kept) {
  if (typeof kept === "object") return entryOf(kept);
  const entries = offered(surface, element).flatMap((group) => group.entries);
  return entries.find((entry) => entry.value === kept) ?? idEntry(kept, surface.names[kept] ?? kept);
}
