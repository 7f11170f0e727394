/** rich_text, table and markdown blocks (docs.slack.dev/reference/block-kit/blocks). */

import { formatted } from "./dates.js";
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { link, mention } from "./mrkdwn.js";

const INLINE = {
  text: ({ text }) => text,
  link: ({ url, text }) => link(url, text || url),
  emoji: ({ name }) => emoji(name) ?? `:${name}:`,
  user: ({ user_id: id }, names) => mention(`@${names[id] ?? id}`),
  usergroup: ({ usergroup_id: id }, names) => mention(`@${names[id] ?? id}`),
  channel: ({ channel_id: id }, names) => mention(`#${names[id] ?? id}`),
  broadcast: ({ range }) => mention(`@${range}`, "mention broadcast"),
  date: ({ timestamp, format, fallback }) => h("time", { title: fallback }, formatted(timestamp, format)),
};
const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

function inline(elements, names) {
  return elements.map((it) => {
    const node = INLINE[it.type]?.(it, names) ?? it.text ?? "";
    const tags = Object.keys(STYLES).filter((style) => it.style?.[style]);
    return tags.reduce((inner, style) => h(STYLES[style], {}, inner), node);
  });
}

const PARTS = {
  rich_text_section: (it, names) => h("div", { class: "text" }, inline(it.elements, names)),
  rich_text_preformatted: (it, names) => h("pre", {}, inline(it.elements, names)),
  rich_text_quote: (it, names) => h("blockquote", { class: "text" }, inline(it.elements, names)),
  rich_text_list: (it, names) => {
    const items = it.elements.map((section) => h("li", {}, inline(section.elements, names)));
    return h(
      it.style === "ordered" ? "ol" : "ul",
      { class: `indent-${it.indent ?? 0}`, start: it.offset && it.offset + 1 },
      items,
    );
  },
};

export const richText = (block, names) => block.elements.map((part) => PARTS[part.type]?.(part, names));

const cell = (it, names) =>
  it.type === "rich_text" ? richText(it, names) : String(it.text ?? it.value ?? "");

/** A table block: the first row is its heading. */
export function table({ rows, column_settings: settings = [] }, names) {
  const row = (tag) => (cells) =>
    h(
      "tr",
      {},
      cells.map((it, at) => h(tag, { class: `align-${settings[at]?.align ?? "left"}` }, cell(it, names))),
    );
  const [head, ...body] = rows;
  const whole = h("table", {}, h("thead", {}, row("th")(head)), h("tbody", {}, body.map(row("td"))));
  return h("div", { class: "table", tabindex: "0", role: "group", "aria-label": "Table" }, whole);
}

const MARKS = /\*\*(.+?)\*\*|__(.+?)__|\*(.+?)\*|~~(.+?)~~|`(.+?)`|\[([^\]]+)\]\(([^)\s]+)\)/g;

function markedUp(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(MARKS)) {
    nodes.push(text.slice(from, match.index), markNode(match));
    from = match.index + match[0].length;
  }
  return [...nodes, text.slice(from)];
}

function markNode([, bold, alsoBold, italic, struck, code, label, url]) {
  if (url) return link(url, label);
  if (code) return h("code", {}, code);
  const [tag, inner] =
    bold || alsoBold ? ["strong", bold ?? alsoBold] : italic ? ["em", italic] : ["s", struck];
  return h(tag, {}, markedUp(inner));
}

/** A markdown block, basically: headings, lists, quotes, code fences and inline marks. */
export function markdown({ text }) {
  return text
    .split(/```\w*\n?([\s\S]*?)\n?```/)
    .flatMap((part, index) => (index % 2 ? [h("pre", {}, part)] : part.split("\n").map(markdownLine)));
}

function markdownLine(line) {
  const [, marker, rest] = line.match(/^\s*(#{1,6}|[-*+]|>|\d+\.)\s+(.*)$/) ?? [];
  if (!marker) return h("div", {}, line ? markedUp(line) : h("br"));
  if (marker.startsWith("#")) return h("div", {}, h("strong", {}, markedUp(rest)));
  if (marker === ">") return h("blockquote", {}, markedUp(rest));
  return h("div", { class: "list-line" }, /\d/.test(marker) ? `${marker} ` : "• ", markedUp(rest));
}
