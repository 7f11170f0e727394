/** The composer: messages, and commands with suggestions. Drafts are kept per channel and thread. */

import * as api from "./api.js";
import { freshId, h } from "./dom.js";
import { Listbox } from "./listbox.js";
import { menu } from "./menu.js";
import { attempt, page } from "./store.js";

const drafts = new Map();

/** `target()` returns {key, label, channel, thread_ts} of the current channel or thread. */
export function composer(target) {
  const field = h("textarea", { rows: 1, id: freshId("composer"), autocomplete: "off" });
  const send = h("button", { class: "send", "aria-label": "Send now", title: "Send now" }, "➤");
  const form = h("form", { class: "composer" });
  const complete = (command) => write(field, `${command.value} `);
  const list = new Listbox(field, "Commands", complete, { tabCompletes: true });
  const shortcuts = h("span", { class: "shortcuts" });
  form.append(...list.nodes, h("div", { class: "writing" }, field, shortcuts, send));

  field.addEventListener("input", () => written(field, send, list, target()));
  field.addEventListener("blur", () => list.hide());
  field.addEventListener("keydown", (event) => {
    if (commandIsWhole(field.value, event) || !list.onKey(event)) onEnter(event, form);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sendText(field, target());
  });
  return { form, field, show: () => show(field, send, shortcuts, target()) };
}

const matching = (text) =>
  page.state.commands.filter(({ command }) => text.startsWith("/") && command.startsWith(text));
const commandIsWhole = (text, event) =>
  event.key === "Enter" && page.state.commands.some(({ command }) => command === text.trim());

function written(field, send, list, { key }) {
  drafts.set(key, field.value);
  send.disabled = !field.value.trim();
  fit(field);
  const entries = matching(field.value).map(({ command, usage_hint: usage, description }) => ({
    value: command,
    text: usage ? `${command} ${usage}` : command,
    description,
  }));
  if (entries.length) list.show([{ label: "", entries }]);
  else list.hide();
}

function fit(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 200)}px`;
}

/** Put text into a composer as if it were typed. */
export function write(field, text) {
  field.value = text;
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function onEnter(event, form) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
}

async function sendText(field, { channel, thread_ts: thread }) {
  const text = field.value.trim();
  if (!text) return;
  write(field, "");
  const isCommand = text.startsWith("/") && !thread;
  const act = () =>
    isCommand ? api.sendCommand(page.as, channel, text) : api.say(page.as, channel, text, thread);
  const answer = await attempt(act, { quiet: true }); // Slackbot says why a command was not delivered
  if (!answer && !field.value) write(field, text);
}

function show(field, send, shortcuts, { key, label, channel }) {
  if (field.dataset.place !== key) {
    field.dataset.place = key;
    field.value = drafts.get(key) ?? "";
    field.placeholder = label;
    field.setAttribute("aria-label", label);
    send.disabled = !field.value.trim();
    fit(field);
  }
  showShortcuts(shortcuts, channel);
}

function showShortcuts(box, channel) {
  const global = page.state.shortcuts.filter(({ type }) => type === "global");
  const signature = JSON.stringify([global, page.as, channel]);
  if (box.signature === signature) return;
  box.signature = signature;
  const run = ({ callback_id }) => attempt(() => api.shortcut({ as: page.as, callback_id, channel }));
  const items = global.map((it) => ({ text: it.name, act: () => run(it) }));
  box.replaceChildren(...(items.length ? [menu("Shortcuts", "⚡", items)] : []));
}
