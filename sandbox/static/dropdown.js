/** Single selects with a known list (options, users, channels), as the browser's own select. */

import { h } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { offered } from "./options.js";
import { recall } from "./values.js";

export function dropdown(surface, block, it, { labels, store, dispatch }) {
  const groups = offered(surface, it);
  const entries = groups.flatMap((group) => group.entries);
  const held = recall(surface, block, it);
  const chosen = held?.value ?? held ?? "";
  const placeholder = plain(it.placeholder) || "Select an item";
  const canBeEmpty = block.type === "input" && block.optional;
  const changed = ({ target }) => {
    const entry = entries.find(({ value }) => value === target.value);
    dispatch(store(entry?.kept ?? null));
  };
  const { "aria-labelledby": labelled } = labels;
  return h(
    "select",
    { class: "field", onchange: changed, "aria-label": labelled ? null : placeholder, ...labels },
    [
      h("option", { value: "", selected: chosen === "", disabled: !canBeEmpty }, placeholder),
      groups.map((group) => {
        const options = group.entries.map(({ value, text }) =>
          h("option", { value, selected: value === chosen }, text),
        );
        return group.label ? h("optgroup", { label: group.label }, options) : options;
      }),
    ],
  );
}
