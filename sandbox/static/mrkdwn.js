/** Parse mrkdwn into nodes (docs.slack.dev/messaging/formatting-message-text). */

import { formatted } from "./dates.js";
import { h } from "./dom.js";
import { emoji } from "./emoji.js";

const EDGE = String.raw`(?<![\p{L}\p{N}])`;
const END = String.raw`(?![\p{L}\p{N}])`;
const styled = (mark) => `${EDGE}[${mark}](?=\\S)((?:<[^<>\\n]*>|[^${mark}\\n])*?)(?<=\\S)[${mark}]${END}`;
const INLINE = new RegExp(
  [
    "`([^`\\n]+)`",
    "<([^<>\\s][^<>]*)>",
    styled("*"),
    styled("_"),
    styled("~"),
    ":([a-z0-9_+'-]+(?:::[a-z0-9-]+)?):",
    "(https?://[^\\s<>|]+)",
  ].join("|"),
  "gu",
);
const FENCE = /```\n?([\s\S]*?)\n?```/;
const QUOTED = /^(?:&gt;|>) ?/;
const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

const unescaped = (text) => text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]);

/** The nodes of a text object; `names` maps ids to names. */
export function textObject(object, names) {
  if (!object?.text) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text, names, object.verbatim);
  return object.emoji === false ? [object.text] : withEmoji(object.text);
}

export const plain = (object) => textObject(object, {}).join("");

const withEmoji = (text) => [text.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => emoji(name) ?? whole)];

export function mrkdwn(text, names, verbatim = false) {
  return text.split(FENCE).flatMap((part, index) => {
    if (index % 2)
      return [
        h("pre", {}, unescaped(part.replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (_, url, label) => label ?? url))),
      ];
    return withQuotes(part, (line) => inline(line, names, verbatim));
  });
}

function withQuotes(text, render) {
  const groups = [];
  for (const line of text.split("\n")) {
    const quoted = QUOTED.test(line);
    const last = groups.at(-1);
    if (last?.quoted === quoted) last.lines.push(line.replace(quoted ? QUOTED : "", ""));
    else groups.push({ quoted, lines: [line.replace(quoted ? QUOTED : "", "")] });
  }
  return groups.flatMap(({ quoted, lines }, index) => {
    const nodes = render(lines.join("\n"));
    if (quoted) return [h("blockquote", {}, nodes)];
    return index && lines.length === 1 && !lines[0] ? [] : nodes;
  });
}

function inline(text, names, verbatim) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    const node = inlineNode(match, names, verbatim);
    if (!node) continue;
    nodes.push(unescaped(text.slice(from, match.index)), node);
    from = match.index + match[0].length;
  }
  return [...nodes, unescaped(text.slice(from))].filter((node) => node !== "");
}

function inlineNode([, code, control, bold, italic, struck, emojiName, url], names, verbatim) {
  if (code)
    return h(
      "code",
      {},
      unescaped(code.replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (_, target, label) => label ?? target)),
    );
  if (control) return controlNode(control, names);
  if (bold) return h("strong", {}, inline(bold, names, verbatim));
  if (italic) return h("em", {}, inline(italic, names, verbatim));
  if (struck) return h("s", {}, inline(struck, names, verbatim));
  if (emojiName) return emoji(emojiName);
  return url && !verbatim ? link(unescaped(url), unescaped(url)) : null;
}

/** The part between < and >: a mention, a date or a link. */
function controlNode(control, names) {
  const [target, ...labels] = control.split("|");
  const label = labels.join("|");
  if (target.startsWith("@")) return mention(`@${names[target.slice(1)] ?? (label || target.slice(1))}`);
  if (target.startsWith("#")) return mention(`#${names[target.slice(1)] ?? (label || "private channel")}`);
  if (target.startsWith("!")) return special(target.slice(1), label, names);
  return link(unescaped(target), unescaped(label || target.replace(/^(mailto|tel):/, "")));
}

function special(target, label, names) {
  const [kind, ...rest] = target.split("^");
  if (kind === "subteam")
    return mention(names[rest[0]] ? `@${names[rest[0]].replace(/^@/, "")}` : label || rest[0]);
  if (kind === "date") return dateNode(...rest, label);
  return mention(`@${kind}`, "mention broadcast");
}

function dateNode(seconds, format, ...rest) {
  const fallback = rest.at(-1);
  const url = rest.length > 1 ? rest[0] : null;
  const text = Number.isFinite(Number(seconds)) ? formatted(seconds, format) : fallback;
  return url ? link(url, text) : h("time", { title: fallback }, text);
}

export const mention = (text, kind = "mention") => h("span", { class: kind }, text);

/** A link that opens in a new tab. Only web, mail and phone addresses become links. */
export function link(url, label) {
  if (!/^(https?:\/\/|mailto:|tel:)/i.test(url)) return label;
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);
}
