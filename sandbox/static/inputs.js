/** Text, number, date and time inputs. */

import { debounced, h } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { recall } from "./values.js";

const INPUT_TYPES = { number_input: "number", email_text_input: "email", url_text_input: "url" };
const TYPING_PAUSE_MS = 300;

export function textInput(surface, block, it, { labels, store, dispatch }) {
  const counter = it.max_length ? h("span", { class: "counter", "aria-hidden": "true" }) : null;
  const count = () => counter && (counter.textContent = String(it.max_length - field.value.length));
  const field = h(it.multiline ? "textarea" : "input", {
    type: it.multiline ? null : (INPUT_TYPES[it.type] ?? "text"),
    rows: it.multiline ? 4 : null,
    class: "field",
    placeholder: plain(it.placeholder),
    autofocus: it.focus_on_load,
    autocomplete: "off",
    value: recall(surface, block, it) ?? "",
    ...labels,
  });
  const tell = () => dispatch(store(field.value || null));
  const tellSoon = debounced(tell, TYPING_PAUSE_MS);
  const triggers = it.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  field.addEventListener("input", () => {
    store(field.value || null);
    count();
    if (triggers.includes("on_character_entered")) tellSoon();
  });
  if (block.dispatch_action && triggers.includes("on_enter_pressed"))
    field.addEventListener("keydown", onEnter(tell));
  count();
  return counter ? h("div", { class: "counted" }, field, counter) : field;
}

const onEnter = (act) => (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  act();
};

export function dayOrTime(surface, block, it, { labels, store, dispatch }) {
  return h("input", {
    type: it.type === "datepicker" ? "date" : "time",
    class: "field short",
    value: recall(surface, block, it) ?? "",
    onchange: ({ target }) => dispatch(store(target.value || null)),
    ...labels,
  });
}
