/** The main area: messages and composer of a channel, or the App Home; and the thread on the right. */

import { blockItems } from "./blockkit.js";
import { composer, write } from "./composer.js";
import { h, keyed } from "./dom.js";
import { messageItems } from "./messages.js";
import { currentChannel, go, HOME, isReply, messagesOf, page } from "./store.js";
import { viewSurface } from "./surfaces.js";
import { markRead } from "./unread.js";

const REQUESTERS = "S0REQUEST";
const FIRST_CHANNEL = "C0CAMPAIGNS";
const FIRST_CAMPAIGN = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001";
const at = (id) => document.getElementById(id);
const titleOf = (channel) => (channel.kind === "im" ? channel.name : `#${channel.name}`);

const main = composer(() => {
  const channel = currentChannel();
  return { key: `${page.as}|${channel.id}`, label: `Message ${titleOf(channel)}`, channel: channel.id };
});
const reply = composer(() => {
  const place = { channel: page.channel, thread_ts: page.thread };
  return { key: `${page.as}|${page.channel}|${page.thread}`, label: "Reply…", ...place };
});

export function startConversation() {
  at("conversation").append(main.form);
  at("thread").append(reply.form);
  at("close-thread").addEventListener("click", () => {
    go({ thread: null });
    main.field.focus();
  });
}

/** The element that gets the focus when the focused one is removed. */
export const focusComposer = () => main.field.focus({ preventScroll: true });

export function showConversation() {
  const channel = currentChannel();
  const home = page.channel === HOME && Boolean(page.state);
  at("home").hidden = !home;
  at("messages").hidden = main.form.hidden = !channel;
  at("nowhere").hidden = Boolean(channel) || home;
  at("nowhere").textContent =
    page.problem || (page.state ? "You are not in this channel. Choose another on the left." : "");
  at("title").textContent = home ? "App Home" : channel ? titleOf(channel) : "Sandbox";
  at("about").textContent = channel ? about(channel) : "";
  if (home) showHome();
  if (channel) showChannel(channel);
  showThread(channel);
}

function about({ kind, is_private: locked, is_ext_shared: shared, bot_is_member: bot }) {
  if (kind === "im") return "Direct message with the app";
  const words = [
    locked && "private",
    shared && "shared with another organisation",
    !bot && "the bot is not in this channel",
  ];
  return words.filter(Boolean).join(" · ");
}

function showHome() {
  const { home } = page.state;
  if (home) return keyed(at("home"), blockItems(viewSurface(home), home.blocks));
  return at("home").replaceChildren(
    h("p", { class: "quiet" }, "The app has not published a Home view for you yet."),
  );
}

function showChannel(channel) {
  const list = at("messages");
  const place = `${page.as}|${channel.id}`;
  list.setAttribute("aria-label", `Messages in ${titleOf(channel)}`);
  stickingToEnd(list, place, () => {
    const messages = messagesOf(channel.id).filter((message) => !isReply(message));
    keyed(list, [welcome(channel, messages), ...messageItems(channel.id, messages)]);
  });
  main.show();
  markRead(channel.id);
}

/** Change a list, and scroll to its end if it was there or if it shows another channel now. */
function stickingToEnd(list, place, change) {
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  const moved = list.dataset.place !== place;
  list.dataset.place = place;
  change();
  if (atEnd || moved) list.scrollTop = list.scrollHeight;
}

function welcome(channel, messages) {
  const empty = messages.length === 0;
  const build = () => h("div", { class: "welcome" }, beginning(channel), empty && hint(channel));
  const signature = JSON.stringify([channel, empty, page.state.me, page.state.commands]);
  return { key: "welcome", signature, build };
}

function beginning(channel) {
  const words =
    channel.kind === "im" ? `your direct messages with ${channel.name}` : `the ${titleOf(channel)} channel`;
  return h("p", { class: "quiet" }, `This is the very beginning of ${words}.`);
}

function hint(channel) {
  const command = page.state.commands[0];
  if (!command) return null;
  const { me, names, channels } = page.state;
  if (!me.groups.includes(REQUESTERS))
    return advice(`You are ${me.name}. To delete a campaign, choose Alice in “You are”.`);
  if (!takesRequests(channel)) {
    const there = channels.some(({ id }) => id === FIRST_CHANNEL);
    return there && advice(`The bot takes no requests here. To delete a campaign, go to #${names[FIRST_CHANNEL]}.`);
  }
  const text = `${command.command} ${FIRST_CAMPAIGN}`;
  return h("div", { class: "first-visit" }, [
    h("h2", {}, "New here?"),
    h("p", {}, `You are ${me.name}. Delete a campaign: write this and press Enter.`),
    h("p", {}, h("code", {}, text)),
    h(
      "button",
      { type: "button", class: "button primary", onclick: () => write(main.field, text) },
      "Fill it in",
    ),
    h("p", { class: "quiet" }, "To see another user’s view, choose them in “You are”. "),
  ]);
}

const takesRequests = ({ kind, bot_is_member: bot, is_ext_shared: shared }) => kind !== "im" && bot && !shared;

const advice = (words) => h("div", { class: "first-visit" }, h("h2", {}, "New here?"), h("p", {}, words));

function showThread(channel) {
  const messages = channel && page.thread ? messagesOf(channel.id).filter(inThread) : [];
  at("thread").hidden = !messages.length;
  if (!messages.length) return;
  at("thread-place").textContent = titleOf(channel);
  stickingToEnd(at("replies"), page.thread, () =>
    keyed(at("replies"), messageItems(channel.id, messages, true)),
  );
  reply.show();
}

const inThread = ({ ts, thread_ts: root }) => ts === page.thread || root === page.thread;
