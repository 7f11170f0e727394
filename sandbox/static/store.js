/** The shared state of the page: user, channel, and the server's last answer. */

import * as api from "./api.js";

const REFETCH_PAUSE_MS = 50;
const address = new URLSearchParams(location.search);

export const page = {
  as: address.get("as") ?? "U0ALICE",
  channel: address.get("channel") ?? "C0CAMPAIGNS",
  thread: null,
  people: [],
  state: null,
  lost: false,
  problem: "",
};

const listeners = new Set();
export const onChange = (listener) => listeners.add(listener);
const changed = () => listeners.forEach((listener) => listener());

let asked = 0;
let fetchSoon = null;

/** Fetch the user's view; ignore answers to older requests. */
export async function refresh() {
  const mine = ++asked;
  try {
    const state = await api.state(page.as);
    if (mine !== asked) return;
    Object.assign(page, { state, problem: "" });
  } catch (error) {
    if (mine !== asked) return;
    page.problem = error.message;
    if (page.state?.me.id !== page.as) page.state = null;
  }
  changed();
}

function refreshSoon() {
  fetchSoon ??= setTimeout(() => {
    fetchSoon = null;
    refresh();
  }, REFETCH_PAUSE_MS);
}

const follow = () =>
  api.listen({
    changed: refreshSoon,
    lost: () => connection(true),
    found: () => connection(false),
  });

function connection(lost) {
  const returned = page.lost && !lost;
  page.lost = lost;
  if (returned) refresh();
  else changed();
}

export async function start() {
  page.people = await api.people();
  follow();
  await refresh();
  openHomeIfShown();
}

function openHomeIfShown() {
  if (page.channel === HOME) api.openHome(page.as).catch(report);
}

/** Switch user, channel or thread. Omitted ones stay, but a thread belongs to its channel. */
export function go(where) {
  const person = where.as && where.as !== page.as;
  Object.assign(page, { thread: null }, where);
  history.replaceState(null, "", `?${new URLSearchParams({ as: page.as, channel: page.channel })}`);
  openHomeIfShown();
  if (!person) return changed();
  return refresh().then(stayWhereSeen);
}

/** Show a user who is not in the current channel their first one. */
function stayWhereSeen() {
  const first = page.state?.channels[0];
  if (first && !currentChannel() && page.channel !== HOME) go({ channel: first.id });
}

export const HOME = "home";

/** The current channel; undefined for the App Home, or if the user is not in it. */
export const currentChannel = () => page.state?.channels.find((channel) => channel.id === page.channel);
export const messagesOf = (channel) => page.state?.messages[channel] ?? [];
export const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;
export const botName = () => page.state?.channels.find((channel) => channel.kind === "im")?.name ?? "The app";

let reporter = () => {};
export const onReport = (listener) => (reporter = listener);

/** Show an error once. */
export const report = (error) => reporter(error.message ?? String(error));

const SAID = {
  operation_timeout: "did not respond in time",
  dispatch_failed: "could not be reached",
};

/** Run a call, refresh, and report an error. Resolves to the answer, or to null. */
export async function attempt(act, { quiet = false } = {}) {
  try {
    const answer = await act();
    if (answer?.delivered === false && !quiet)
      report(`${botName()} ${SAID[answer.error] ?? "failed"} (${answer.error}).`);
    return answer;
  } catch (error) {
    report(error);
    return null;
  } finally {
    refreshSoon();
  }
}
