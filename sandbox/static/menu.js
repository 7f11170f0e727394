/** A button that opens a small menu: overflow elements, shortcuts. Arrow keys move, Escape closes. */

import { h } from "./dom.js";

/** `items` are {text, act}; `attributes` go to the button. */
export function menu(label, face, items, attributes = {}) {
  const list = h("div", { class: "menu", role: "menu", "aria-label": label, popover: "auto" });
  const button = h(
    "button",
    { type: "button", "aria-label": label, "aria-haspopup": "menu", "aria-expanded": "false", ...attributes },
    face,
  );
  list.append(...items.map((item) => entry(item, list)));
  button.addEventListener("click", () => list.togglePopover());
  list.addEventListener("toggle", ({ newState }) => {
    button.setAttribute("aria-expanded", String(newState === "open"));
    if (newState === "open") open(list, button);
  });
  list.addEventListener("keydown", (event) => move(event, list));
  return h("span", { class: "menu-of" }, button, list);
}

function entry({ text, act }, list) {
  const choose = () => {
    list.hidePopover();
    act();
  };
  return h("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: choose }, text);
}

function open(list, button) {
  const at = button.getBoundingClientRect();
  const top = at.bottom + list.offsetHeight > innerHeight ? at.top - list.offsetHeight - 4 : at.bottom + 4;
  list.style.top = `${Math.max(4, top)}px`;
  list.style.left = `${Math.max(4, Math.min(at.left, innerWidth - list.offsetWidth - 8))}px`;
  list.firstElementChild?.focus();
}

function move(event, list) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const entries = [...list.children];
  entries.at((entries.indexOf(document.activeElement) + step) % entries.length).focus();
}
