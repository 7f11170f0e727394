/** Unread messages by user, kept in the browser. */

import { isReply, messagesOf, page } from "./store.js";

const keyOf = (channel) => `seen|${page.as}|${channel}`;
const seenUntil = (channel) => parseFloat(localStorage.getItem(keyOf(channel)) ?? "0");

export function unread(channel) {
  const until = seenUntil(channel);
  const fresh = (message) => message.user !== page.as && !isReply(message) && parseFloat(message.ts) > until;
  return messagesOf(channel).filter(fresh).length;
}

export function markRead(channel) {
  const last = messagesOf(channel).at(-1);
  if (last && !document.hidden) localStorage.setItem(keyOf(channel), last.ts);
}
