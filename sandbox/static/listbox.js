/** A list below a text field, for selects and commands: arrows move, Enter and click choose, Escape closes. */

import { freshId, h } from "./dom.js";

export class Listbox {
  #field;
  #choose;
  #list;
  #note = h("div", { class: "listbox note", role: "status", hidden: true });
  #keys;
  #entries = [];
  #active = -1;

  /** `choose(entry)` receives the chosen entry. Tab also chooses where it completes the text. */
  constructor(field, label, choose, { tabCompletes = false } = {}) {
    const attributes = { class: "listbox", id: freshId("list"), role: "listbox", "aria-label": label };
    this.#list = h("div", { ...attributes, hidden: true });
    this.#field = field;
    this.#choose = choose;
    this.#keys = {
      ArrowDown: () => this.#mark((this.#active + 1) % this.#entries.length),
      ArrowUp: () => this.#mark((this.#active + this.#entries.length - 1) % this.#entries.length),
      Enter: () => this.#pick(this.#entries[this.#active]),
      Escape: () => this.hide(),
      ...(tabCompletes && { Tab: () => this.#pick(this.#entries[this.#active]) }),
    };
    field.setAttribute("aria-controls", this.#list.id);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("autocomplete", "off");
  }

  get nodes() {
    return [this.#list, this.#note];
  }

  /** Groups are {label, entries}; `words` are shown if there is no entry. */
  show(groups, words = "") {
    this.#entries = groups.flatMap((group) => group.entries);
    this.#list.replaceChildren(...groups.map((group) => groupNode(group, (entry) => this.#pick(entry))));
    this.#list.hidden = !this.#entries.length;
    this.#note.hidden = this.#entries.length > 0 || !words;
    this.#note.textContent = words;
    this.#mark(this.#entries.length ? 0 : -1);
    if (!this.#list.hidden) this.#list.scrollIntoView({ block: "nearest" });
  }

  hide() {
    this.#list.hidden = this.#note.hidden = true;
    this.#mark(-1);
  }

  /** Returns whether the list handled the key. */
  onKey(event) {
    const open = !this.#list.hidden || (event.key === "Escape" && !this.#note.hidden);
    if (!open || !this.#keys[event.key] || event.isComposing || event.shiftKey) return false;
    event.preventDefault();
    event.stopPropagation();
    this.#keys[event.key]();
    return true;
  }

  #mark(index) {
    this.#active = index;
    const options = [...this.#list.querySelectorAll("[role=option]")];
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (this.#field.role === "combobox") this.#field.ariaExpanded = String(!this.#list.hidden);
    if (index < 0) return this.#field.removeAttribute("aria-activedescendant");
    this.#field.setAttribute("aria-activedescendant", options[index].id);
    return options[index].scrollIntoView({ block: "nearest" });
  }

  #pick(entry) {
    this.hide();
    this.#choose(entry);
  }
}

function groupNode({ label, entries }, pick) {
  const options = entries.map((entry) =>
    h(
      "div",
      {
        id: freshId("option"),
        role: "option",
        class: "option",
        onmousedown: (event) => press(event, () => pick(entry)),
      },
      [
        h("span", { class: "option-text" }, entry.text),
        entry.description && h("span", { class: "hint" }, entry.description),
      ],
    ),
  );
  if (!label) return h("div", { role: "presentation" }, options);
  return h(
    "div",
    { role: "group", "aria-label": label },
    h("div", { class: "group", "aria-hidden": "true" }, label),
    options,
  );
}

function press(event, act) {
  event.preventDefault(); // so that the field keeps the focus
  act();
}
