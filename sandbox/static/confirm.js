/**
 * The confirmation before an action.
 * docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
 */

import { freshId, h } from "./dom.js";
import { plain, textObject } from "./mrkdwn.js";

/** Ask for confirmation, and resolve to the answer; without a confirm object, to true. */
export function confirmed(confirm, names = {}) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((resolve) => {
    const dialog = build(confirm, names);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "confirm");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function build({ title, text, confirm, deny, style }, names) {
  const [titleId, textId] = [freshId("confirm-title"), freshId("confirm-text")];
  const look = style === "danger" ? "danger" : "primary";
  return h("dialog", { class: "confirm", "aria-labelledby": titleId, "aria-describedby": textId }, [
    h("h2", { id: titleId }, textObject(title, names)),
    h("div", { id: textId, class: "text" }, textObject(text, names)),
    h("form", { method: "dialog", class: "buttons" }, [
      h("button", { value: "deny", class: "button", autofocus: true }, plain(deny) || "Cancel"),
      h("button", { value: "confirm", class: `button ${look}` }, plain(confirm) || "Yes"),
    ]),
  ]);
}

/** A confirmation of the page itself, in plain text. */
export const sure = (title, text, yes) =>
  confirmed({
    title: { type: "plain_text", text: title },
    text: { type: "plain_text", text },
    confirm: { type: "plain_text", text: yes },
    deny: { type: "plain_text", text: "Cancel" },
    style: "danger",
  });
