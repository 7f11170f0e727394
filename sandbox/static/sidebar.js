/** The left column: who you are, the channels, the app. */

import * as api from "./api.js";
import { h, keyed } from "./dom.js";
import { go, HOME, page } from "./store.js";
import { unread } from "./unread.js";

const DELIVERY_POLL_MS = 3000;
const at = (id) => document.getElementById(id);

export function startSidebar() {
  at("person").addEventListener("change", ({ target }) => go({ as: target.value }));
  showDelivery();
  setInterval(showDelivery, DELIVERY_POLL_MS);
}

async function showDelivery() {
  if (document.hidden) return;
  const { mode, request_url: url } = await api.delivery().catch(() => ({ mode: "lost" }));
  const words = {
    socket: "The bot is connected (Socket Mode).",
    http: `The bot receives requests at ${url}.`,
    lost: "The sandbox is not running.",
  };
  at("delivery").textContent = words[mode] ?? "No bot is connected.";
  at("delivery").dataset.mode = mode;
}

export function showSidebar() {
  showPeople();
  if (!page.state) return;
  const channels = page.state.channels;
  keyed(at("channels"), channels.filter(({ kind }) => kind !== "im").map(place));
  const home = { id: HOME, name: "App Home", kind: HOME };
  keyed(at("apps"), [...channels.filter(({ kind }) => kind === "im"), home].map(place));
}

function closeDrawer() {
  document.body.classList.remove("sidebar-open");
  at("toggle-sidebar").setAttribute("aria-expanded", "false");
}

function showPeople() {
  keyed(
    at("person"),
    page.people.map(({ id, name, title }) => ({
      key: id,
      signature: `${name}|${title}`,
      build: () => h("option", { value: id }, title ? `${name}, ${title}` : name),
    })),
  );
  at("person").value = page.as;
}

function place(channel) {
  const current = channel.id === page.channel;
  const count = current ? 0 : unread(channel.id);
  return {
    key: channel.id,
    signature: JSON.stringify([channel, current, count, page.as]),
    build: () => h("li", {}, placeLink(channel, current, count)),
  };
}

function placeLink(channel, current, count) {
  const href = `?${new URLSearchParams({ as: page.as, channel: channel.id })}`;
  const visit = (event) => {
    event.preventDefault();
    go({ channel: channel.id });
    closeDrawer();
  };
  const attributes = {
    href,
    onclick: visit,
    class: count ? "unread" : null,
    "aria-current": current ? "page" : null,
    "data-focus": `place|${channel.id}`,
  };
  return h("a", attributes, [
    h("span", { class: "mark", "aria-hidden": "true" }, mark(channel)),
    h("span", { class: "place-name" }, channel.name),
    channel.kind === "im" && h("span", { class: "badge" }, "APP"),
    channel.is_private && h("span", { class: "sr-only" }, "(private)"),
    channel.is_ext_shared &&
      h("span", { class: "shared", title: "Shared with another organisation" }, "shared"),
    count > 0 && h("span", { class: "count" }, String(count), h("span", { class: "sr-only" }, " unread")),
  ]);
}

const mark = ({ kind, is_private: locked }) => ({ im: "◆", home: "⌂" })[kind] ?? (locked ? "🔒" : "#");
