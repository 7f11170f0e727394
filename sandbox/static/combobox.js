/** Selects with a text field: external_select with live suggestions, and every multi-select. */

import { debounced, h } from "./dom.js";
import { Listbox } from "./listbox.js";
import { plain } from "./mrkdwn.js";
import { entryOfKept, groupsOf, offered } from "./options.js";
import { recall } from "./values.js";

const TYPING_PAUSE_MS = 200;
const SLACK_MIN_QUERY_LENGTH = 3;

export function combobox(surface, block, it, { labels, store, dispatch }) {
  const many = it.type.startsWith("multi_");
  const held = recall(surface, block, it);
  let chosen = (many ? held : [held]).filter(Boolean).map((kept) => entryOfKept(surface, it, kept));
  const tokens = many ? h("div", { class: "tokens" }) : null;
  const placeholder = plain(it.placeholder) || (many ? "Select options" : "Select an option");
  const field = h("input", {
    type: "text",
    class: "field",
    role: "combobox",
    "aria-expanded": "false",
    placeholder,
    "aria-label": labels["aria-labelledby"] ? null : placeholder,
    ...labels,
  });
  const list = new Listbox(field, placeholder, choose);
  const find = finder(surface, block, it);
  const lookUp = async () =>
    showFound(list, await find(many || field.value !== chosen[0]?.text ? field.value : ""));
  const lookUpSoon = it.type.includes("external") ? debounced(lookUp, TYPING_PAUSE_MS) : lookUp;

  function choose(entry) {
    const others = chosen.filter(({ value }) => value !== entry.value);
    const allowed = it.max_selected_items ?? Infinity;
    settle(many ? [...others, entry].slice(0, allowed) : [entry]);
  }

  function settle(entries) {
    chosen = entries;
    show();
    dispatch(store(many ? chosen.map(({ kept }) => kept) : (chosen[0]?.kept ?? null)));
  }

  function show() {
    field.value = many ? "" : (chosen[0]?.text ?? "");
    tokens?.replaceChildren(
      ...chosen.map((entry) => token(entry, () => settle(chosen.filter((other) => other !== entry)))),
    );
  }

  const leave = () => {
    list.hide();
    if (!many && chosen.length && !field.value) settle([]);
    else show();
  };
  field.addEventListener("input", lookUpSoon);
  field.addEventListener("focus", lookUp);
  field.addEventListener("click", lookUp);
  field.addEventListener("blur", leave);
  field.addEventListener("keydown", (event) => onKey(event, list, lookUp));
  show();
  return h("div", { class: "combobox" }, tokens, field, list.nodes);
}

function token({ text }, remove) {
  return h(
    "span",
    { class: "token" },
    text,
    h("button", { type: "button", "aria-label": `Remove ${text}`, onclick: remove }, "×"),
  );
}

function onKey(event, list, lookUp) {
  if (list.onKey(event)) return;
  if (event.key === "Enter") event.preventDefault(); // or the form would be submitted
  if (event.key === "ArrowDown") lookUp();
}

/** Resolves to {groups, words}, or to null if a later query was faster. */
function finder(surface, block, it) {
  let latest = 0;
  const shortest = it.min_query_length ?? SLACK_MIN_QUERY_LENGTH;
  return async (query) => {
    const mine = ++latest;
    if (!it.type.includes("external")) return known(offered(surface, it), query);
    if (query.length < shortest) return { groups: [], words: `Type at least ${shortest} characters` };
    const answer = await surface.suggest(block.block_id, it.action_id, query);
    if (mine !== latest) return null;
    return answer
      ? { groups: groupsOf(answer), words: "No results" }
      : { groups: [], words: "Suggestions could not be loaded" };
  };
}

function known(groups, query) {
  const like = (entry) => entry.text.toLowerCase().includes(query.toLowerCase());
  return {
    groups: groups.map(({ label, entries }) => ({ label, entries: entries.filter(like) })),
    words: "No results",
  };
}

function showFound(list, found) {
  if (found)
    list.show(
      found.groups.filter((group) => group.entries.length),
      found.words,
    );
}
