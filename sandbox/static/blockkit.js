/**
 * Blocks (docs.slack.dev/reference/block-kit/blocks) as elements.
 * A surface (a message, a modal, the App Home) is {id, names, people, channels, errors,
 * act(block_id, action_id, state), suggest(block_id, action_id, query)}.
 */

import { freshId, h } from "./dom.js";
import { element, image } from "./elements.js";
import { textObject } from "./mrkdwn.js";
import { markdown, richText, table } from "./richtext.js";

const DRAWN = {
  header: ({ names }, it) => h("h2", {}, textObject(it.text, names)),
  divider: () => h("hr"),
  section,
  context,
  actions,
  input,
  image: ({ names }, it) =>
    h("figure", {}, it.title && h("figcaption", {}, textObject(it.title, names)), image(it)),
  alert: ({ names }, it) =>
    h("div", { class: `alert ${it.level ?? "default"} text`, role: "note" }, textObject(it.text, names)),
  table: ({ names }, it) => table(it, names),
  rich_text: ({ names }, it) => h("div", {}, richText(it, names)),
  markdown: (_, it) => h("div", { class: "text" }, markdown(it)),
};

/** Blocks as items for `keyed`, so that unchanged blocks are not redrawn. */
export function blockItems(surface, blocks = []) {
  const seen = JSON.stringify([surface.names, surface.people, surface.channels]);
  return blocks.map((block, index) => ({
    key: `${surface.id}|${block.block_id ?? index}|${block.type}`,
    signature: JSON.stringify([block, surface.errors?.[block.block_id]]) + seen,
    build: () => draw(surface, block),
  }));
}

export const draw = (surface, block) =>
  h("div", { class: `block ${block.type}-block` }, DRAWN[block.type]?.(surface, block) ?? unknown(block));

const unknown = ({ type }) => h("span", { class: "unknown" }, `“${type}” blocks are not drawn here.`);

function section(surface, it) {
  const textId = freshId("section");
  return h("div", { class: "section" }, [
    h("div", { class: "section-text", id: textId }, [
      it.text && h("div", { class: "text" }, textObject(it.text, surface.names)),
      it.fields &&
        h(
          "div",
          { class: "fields" },
          it.fields.map((field) => h("div", { class: "text" }, textObject(field, surface.names))),
        ),
    ]),
    it.accessory &&
      h("div", { class: "accessory" }, element(surface, it, it.accessory, { "aria-labelledby": textId })),
  ]);
}

function context({ names }, it) {
  const parts = it.elements.map((part) =>
    part.type === "image" ? image(part) : h("span", { class: "text" }, textObject(part, names)),
  );
  return h("div", { class: "context" }, parts);
}

function actions(surface, it) {
  return h(
    "div",
    { class: "actions" },
    it.elements.map((part) => element(surface, it, part)),
  );
}

function input(surface, it) {
  const [fieldId, labelId] = ["field", "label"].map(freshId);
  const remarks = inputRemarks(surface, it);
  const failed = remarks.some(({ className }) => className === "error");
  const drawn = element(surface, it, it.element, {
    "aria-labelledby": labelId,
    "aria-describedby": remarks.map(({ id }) => id).join(" ") || null,
    "aria-invalid": failed ? "true" : null,
  });
  const field = drawn.matches(".field") ? drawn : drawn.querySelector(".field");
  if (field) field.id = fieldId;
  const label = h("label", { id: labelId, for: field && fieldId }, textObject(it.label, surface.names));
  return h("div", { class: failed ? "input invalid" : "input" }, [
    h("div", { class: "label" }, label, it.optional && h("span", { class: "optional" }, "(optional)")),
    drawn,
    remarks,
  ]);
}

/** The texts under a field: its error, then its hint. */
function inputRemarks({ errors, names }, { block_id: id, hint }) {
  const error = errors?.[id];
  return [
    error && h("div", { class: "error", id: freshId("error") }, error),
    hint && h("div", { class: "hint", id: freshId("hint") }, textObject(hint, names)),
  ].filter(Boolean);
}
