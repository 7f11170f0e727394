/** Messages as elements, and lists of them with day separators. */

import * as api from "./api.js";
import { avatar } from "./avatar.js";
import { draw } from "./blockkit.js";
import { clock, day, exact, fromTs } from "./dates.js";
import { h } from "./dom.js";
import { menu } from "./menu.js";
import { mrkdwn } from "./mrkdwn.js";
import { attempt, go, page } from "./store.js";
import { messageSurface } from "./surfaces.js";

const GROUPED_WITHIN_SECONDS = 300;

/** Items for `keyed`. `inThread` omits the link to the thread. */
export function messageItems(channel, messages, inThread = false) {
  return messages.flatMap((message, index) => {
    const before = messages[index - 1];
    const date = day(fromTs(message.ts));
    const newDay = !before || day(fromTs(before.ts)) !== date;
    const item = messageItem(channel, message, { compact: !newDay && follows(before, message), inThread });
    return newDay && !inThread ? [dayItem(date, message.ts), item] : [item];
  });
}

const dayItem = (date, ts) => ({
  key: `day|${ts}`,
  signature: date,
  build: () => h("div", { class: "day" }, h("span", {}, date)),
});

const follows = (before, message) =>
  before.user === message.user &&
  before.username === message.username &&
  Boolean(before.ephemeral) === Boolean(message.ephemeral) &&
  message.ts - before.ts < GROUPED_WITHIN_SECONDS;

const messageItem = (channel, message, look) => ({
  key: message.ts,
  signature: JSON.stringify([message, look, page.as, page.state.names, page.state.shortcuts]),
  build: () => messageNode(channel, message, look),
});

const isPerson = (user) => page.people.some(({ id }) => id === user);
export const authorOf = (message) => message.username ?? page.state.names[message.user] ?? "Slackbot";

function messageNode(channel, message, { compact, inThread }) {
  const author = authorOf(message);
  const time = fromTs(message.ts);
  const look = ["message", compact && "compact", message.ephemeral && "ephemeral"].filter(Boolean).join(" ");
  return h("article", { class: look, "aria-label": `${author}, ${clock(time)}`, "data-ts": message.ts }, [
    compact ? h("time", { class: "gutter", title: exact(time) }, clock(time)) : avatar(author),
    h("div", { class: "message-body" }, [
      message.ephemeral && h("div", { class: "only-you" }, "👁 Only visible to you"),
      !compact && byline(author, message, time),
      content(messageSurface(channel, message), message),
      !inThread && message.reply_count > 0 && threadLink(message),
    ]),
    !message.ephemeral && toolbar(channel, message, inThread),
  ]);
}

function byline(author, message, time) {
  return h("div", { class: "byline" }, [
    h("strong", {}, author),
    !isPerson(message.user) && h("span", { class: "badge" }, "APP"),
    h("time", { title: exact(time), datetime: time.toISOString() }, clock(time)),
  ]);
}

function content(surface, message) {
  const edited = message.edited && h("span", { class: "edited" }, " (edited)");
  const body = message.blocks?.length
    ? [message.blocks.map((block) => draw(surface, block)), edited]
    : message.text && h("div", { class: "text" }, mrkdwn(message.text, surface.names), edited);
  return h(
    "div",
    { class: "content" },
    body,
    (message.attachments ?? []).map((it) => attachment(surface, it)),
    (message.files ?? []).map(fileLink),
  );
}

function fileLink({ title, name, size, url }) {
  const kilobytes = `${Math.ceil(size / 1024).toLocaleString()} KB`;
  return h("a", { class: "file", href: url, target: "_blank", rel: "noreferrer" }, [
    h("span", { class: "file-icon", "aria-hidden": "true" }, "📄"),
    h("span", { class: "file-text" }, [
      h("strong", {}, title),
      h("span", {}, `${name} · ${kilobytes}`),
    ]),
  ]);
}

/** A secondary attachment, basically (docs.slack.dev/legacy/legacy-messaging). */
function attachment(surface, { color, blocks, pretext, title, text, fallback }) {
  const words = [pretext, title && `*${title}*`, text].filter(Boolean).join("\n") || (blocks ? "" : fallback);
  const box = h("div", { class: "attachment" }, [
    words && h("div", { class: "text" }, mrkdwn(words, surface.names)),
    (blocks ?? []).map((block) => draw(surface, block)),
  ]);
  if (color)
    box.style.borderColor =
      { good: "#2eb886", warning: "#daa038", danger: "#a30200" }[color] ?? `#${color.replace("#", "")}`;
  return box;
}

const openThread = (message) => go({ thread: message.thread_ts ?? message.ts });

function threadLink(message) {
  const words = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  return h("button", { type: "button", class: "thread-link", onclick: () => openThread(message) }, words);
}

function toolbar(channel, message, inThread) {
  const shortcuts = page.state.shortcuts.filter(({ type }) => type === "message");
  const run = ({ callback_id }) =>
    attempt(() => api.shortcut({ as: page.as, callback_id, channel, ts: message.ts }));
  const items = shortcuts.map((it) => ({ text: it.name, act: () => run(it) }));
  if (inThread && !items.length) return null;
  return h("div", { class: "toolbar" }, [
    !inThread &&
      h(
        "button",
        { type: "button", "aria-label": "Reply in thread", onclick: () => openThread(message) },
        "💬",
      ),
    items.length > 0 && menu("More actions", "⋮", items),
  ]);
}
