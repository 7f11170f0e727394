/** Block elements (docs.slack.dev/reference/block-kit/block-elements): the renderer of each type, and buttons. */

import { choices } from "./choices.js";
import { combobox } from "./combobox.js";
import { confirmed } from "./confirm.js";
import { focusName, h } from "./dom.js";
import { menu } from "./menu.js";
import { link, plain, textObject } from "./mrkdwn.js";
import { dropdown } from "./dropdown.js";
import { dayOrTime, textInput } from "./inputs.js";
import { remember } from "./values.js";

const DRAWN = {
  button,
  overflow,
  image: (_, __, it) => image(it),
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  datepicker: dayOrTime,
  timepicker: dayOrTime,
  checkboxes: choices,
  radio_buttons: choices,
  static_select: dropdown,
  users_select: dropdown,
  conversations_select: dropdown,
  channels_select: dropdown,
  external_select: combobox,
  multi_static_select: combobox,
  multi_external_select: combobox,
  multi_users_select: combobox,
  multi_conversations_select: combobox,
  multi_channels_select: combobox,
};

/** Draw one element. `labels` are ARIA attributes for elements without a text. */
export function element(surface, block, it, labels = {}) {
  const draw = DRAWN[it.type];
  if (!draw) return h("span", { class: "unknown" }, `The sandbox does not draw “${it.type}”.`);
  return draw(surface, block, it, {
    labels: { "data-focus": focusName(surface.id, block.block_id, it.action_id), ...labels },
    store: (value) => remember(surface, block, it, value),
    dispatch: (state, pressed) => dispatch(surface, block, it, state, pressed),
  });
}

/** Send the action to the app; from an input block only with dispatch_action. `pressed` is busy meanwhile. */
async function dispatch(surface, block, it, state, pressed) {
  if (block.type === "input" && !block.dispatch_action) return;
  if (!(await confirmed(it.confirm, surface.names))) return;
  pressed?.setAttribute("aria-busy", "true");
  await surface.act(block.block_id, it.action_id, state);
  pressed?.removeAttribute("aria-busy");
}

function button(surface, block, it, { labels, dispatch: send }) {
  const attributes = {
    class: `button ${it.style ?? ""}`,
    "data-focus": labels["data-focus"],
    "aria-label": it.accessibility_label,
  };
  if (it.url) return linkButton(it, attributes, send);
  const press = ({ currentTarget }) => send(undefined, currentTarget);
  return h("button", { type: "button", onclick: press, ...attributes }, textObject(it.text, surface.names));
}

function linkButton(it, attributes, send) {
  const anchor = link(it.url, plain(it.text));
  if (!(anchor instanceof HTMLElement)) return h("span", attributes, anchor);
  for (const [name, value] of Object.entries(attributes)) if (value) anchor.setAttribute(name, value);
  anchor.addEventListener("click", () => send());
  return anchor;
}

function overflow(surface, block, it, { labels, dispatch: send }) {
  const items = it.options.map((option) => ({
    text: plain(option.text),
    act: () => send({ type: "overflow", selected_option: option }),
  }));
  return menu("More options", "⋯", items, { class: "button overflow", "data-focus": labels["data-focus"] });
}

/** Show only the name of a remote image, because the page loads nothing from other hosts. */
export function image({ image_url: url = "", alt_text: alt }) {
  const near = url.startsWith("data:image/") || url.startsWith(`${location.origin}/`);
  return near
    ? h("img", { src: url, alt })
    : h("span", { class: "image", role: "img", "aria-label": alt }, `🖼 ${alt}`);
}
