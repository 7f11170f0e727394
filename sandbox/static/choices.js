/** Checkboxes and radio buttons. */

import { freshId, h } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { recall } from "./values.js";

export function choices(surface, block, it, { labels, store, dispatch }) {
  const many = it.type === "checkboxes";
  const { "data-focus": focus, ...group } = labels;
  const held = recall(surface, block, it);
  const chosen = new Set((many ? held : [held]).map((option) => option?.value));
  const name = freshId("choice");
  const changed = () => {
    const checked = [...box.querySelectorAll("input")].map((input) => input.checked);
    const options = it.options.filter((_, index) => checked[index]);
    dispatch(store(many ? options : (options[0] ?? null)));
  };
  const rows = it.options.map((option) =>
    choice(surface, option, {
      type: many ? "checkbox" : "radio",
      name,
      checked: chosen.has(option.value),
      "data-focus": `${focus}|${option.value}`,
      onchange: changed,
    }),
  );
  const box = h("div", { class: "choices", role: many ? "group" : "radiogroup", ...group }, rows);
  return box;
}

function choice(surface, option, attributes) {
  const descriptionId = option.description ? freshId("description") : null;
  return h("div", { class: "choice" }, [
    h("label", {}, [
      h("input", { ...attributes, "aria-describedby": descriptionId }),
      h("span", {}, textObject(option.text, surface.names)),
    ]),
    descriptionId &&
      h("div", { id: descriptionId, class: "hint" }, textObject(option.description, surface.names)),
  ]);
}
