/** Input in the form of Slack's view state, kept across views.update. */

import { currentConversation } from "./options.js";

const OPTION = ["selected_option", "initial_option", null];
const OPTIONS = ["selected_options", "initial_options", []];
const TEXT = ["value", "initial_value", null];

/** Element type -> the field of its state, the field of its initial value, and its empty value. */
const SHAPES = {
  plain_text_input: TEXT,
  email_text_input: TEXT,
  url_text_input: TEXT,
  number_input: TEXT,
  checkboxes: OPTIONS,
  multi_static_select: OPTIONS,
  multi_external_select: OPTIONS,
  radio_buttons: OPTION,
  static_select: OPTION,
  external_select: OPTION,
  users_select: ["selected_user", "initial_user", null],
  conversations_select: ["selected_conversation", "initial_conversation", null],
  channels_select: ["selected_channel", "initial_channel", null],
  multi_users_select: ["selected_users", "initial_users", []],
  multi_conversations_select: ["selected_conversations", "initial_conversations", []],
  multi_channels_select: ["selected_channels", "initial_channels", []],
  datepicker: ["selected_date", "initial_date", null],
  timepicker: ["selected_time", "initial_time", null],
};

const kept = new Map();
const keyOf = (surface, block, element) =>
  [surface.id, block.block_id, element.action_id, element.type].join("|");

/** The current value of an element: the user's input, else the initial value. */
export function recall(surface, block, element) {
  const [, initial, empty] = SHAPES[element.type];
  const key = keyOf(surface, block, element);
  return kept.has(key) ? kept.get(key) : (element[initial] ?? currentConversation(surface, element) ?? empty);
}

/** Store a value, and return it as Slack's element state. */
export function remember(surface, block, element, value) {
  kept.set(keyOf(surface, block, element), value);
  return stateOf(element, value);
}

const stateOf = (element, value) => ({ type: element.type, [SHAPES[element.type][0]]: value });

/** All values of these blocks, as in a view_submission: {block_id: {action_id: state}}. */
export function collect(surface, blocks) {
  const values = {};
  for (const block of blocks) {
    for (const element of [block.element, block.accessory, ...(block.elements ?? [])]) {
      if (!SHAPES[element?.type]) continue;
      values[block.block_id] ??= {};
      values[block.block_id][element.action_id] = stateOf(element, recall(surface, block, element));
    }
  }
  return values;
}

/** Drop the values of a closed surface. */
export function forget(surfaceId) {
  for (const key of kept.keys()) if (key.startsWith(`${surfaceId}|`)) kept.delete(key);
}
