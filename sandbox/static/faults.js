/** Switch faults on (sandbox/faults.py), and set the latency of the vendors. */

import * as api from "./api.js";
import { sure } from "./confirm.js";
import { h, keyed } from "./dom.js";
import { attempt } from "./store.js";

const KORE_DELETE = { target: "kore", operation: "delete" };
const SLACK = { target: "slack", operation: "*" };
const SOCKET = { target: "slack", operation: "wss" };
const POST = { target: "slack", operation: "chat.postMessage" };
const COMMON = [
  ["Kore.ai deletes, but the answer is lost", { ...KORE_DELETE, kind: "lost_answer" }],
  ["Kore.ai says “success”, but the campaign is still there", { ...KORE_DELETE, kind: "still_there" }],
  ["Kore.ai answers a delete with 500", { ...KORE_DELETE, kind: "status", status: 500 }],
  [
    "Kore.ai refuses a delete, inside a 200",
    { ...KORE_DELETE, kind: "error", error: "Campaign cannot be deleted" },
  ],
  ["Kore.ai answers a delete with an HTML page (502)", { ...KORE_DELETE, kind: "html", status: 502 }],
  [
    "Kore.ai says the rate limit is reached",
    { target: "kore", operation: "*", kind: "rate_limit", status: 429 },
  ],
  ["Kore.ai takes 5 seconds longer", { target: "kore", operation: "*", kind: "delay", delay_ms: 5000 }],
  ["Kore.ai drops the connection", { target: "kore", operation: "*", kind: "reset" }],
  [
    "Slack: chat.postMessage answers 429",
    { target: "slack", operation: "chat.postMessage", kind: "rate_limit" },
  ],
  [
    "Slack: #campaign-approvals takes no replies in threads",
    { ...POST, channel: "C0APPROVALS", in_thread: true, kind: "error", error: "restricted_action_non_threadable_channel" },
  ],
  ["Slack: #campaign-approvals takes no messages", { ...POST, channel: "C0APPROVALS", kind: "error", error: "no_permission" }],
  [
    "Slack: #campaigns takes only replies in threads",
    { ...POST, channel: "C0CAMPAIGNS", kind: "error", error: "restricted_action_thread_only_channel" },
  ],
  ["Slack: refuses posts with an unknown code", { ...POST, kind: "error", error: "a_code_of_next_year" }],
  ["Slack: refuses posts as too long", { ...POST, kind: "error", error: "msg_too_long" }],
  ["Slack: posts lack a scope", { ...POST, kind: "error", error: "missing_scope" }],
  ["Slack: posts fail inside Slack (internal_error)", { ...POST, kind: "error", error: "internal_error" }],
  ["Slack: posts are rate limited for 30 seconds", { ...POST, kind: "rate_limit", retry_after_seconds: 30 }],
  ["Slack: a post takes 12 seconds", { ...POST, kind: "delay", delay_ms: 12_000 }],
  [
    "Slack: chat.update answers 500",
    { target: "slack", operation: "chat.update", kind: "status", status: 500 },
  ],
  [
    "Slack: views.open takes 4 seconds",
    { target: "slack", operation: "views.open", kind: "delay", delay_ms: 4000 },
  ],
  ["Slack is down: every call answers 503", { ...SLACK, kind: "status", status: 503 }],
  ["Slack says token_revoked to every call", { ...SLACK, kind: "error", error: "token_revoked" }],
  [
    "Slack: conversations.info says missing_scope",
    { ...SLACK, operation: "conversations.info", kind: "error", error: "missing_scope" },
  ],
  [
    "Slack: usergroups.users.list says missing_scope",
    { ...SLACK, operation: "usergroups.users.list", kind: "error", error: "missing_scope" },
  ],
  [
    "Slack: the app is installed for an organisation (at start)",
    { ...SLACK, operation: "auth.test", kind: "org_wide" },
  ],
  ["Socket Mode: the wss host answers 503", { ...SOCKET, kind: "status", status: 503 }],
  ["Socket Mode: wss is blocked (hangs)", { ...SOCKET, kind: "delay", delay_ms: 60_000 }],
  ["Socket Mode: too_many_websockets after hello", { ...SOCKET, kind: "error", error: "too_many_websockets" }],
];
const DELIVERIES = [
  ["Close the sockets (refresh_requested)", { disconnect: "refresh_requested" }],
  ["Drop the sockets", { drop: true }],
  ["Send ssl_check, unsigned, by HTTP", { ssl_check: true }],
  ["Send the last payload again", { again: true }],
  ["Send the last payload again, signed 10 minutes ago, by HTTP", { again: true, age_seconds: 600 }],
];
const TIMES = [
  ["1", "once"],
  ["2", "twice"],
  ["5", "5 times"],
  ["", "until cleared"],
];

export function faultsTool(panel) {
  const active = h("ul", { class: "active-faults" });
  const times = h(
    "select",
    { id: "fault-times" },
    TIMES.map(([value, words]) => h("option", { value }, words)),
  );
  const refresh = async () => showActive(active, await api.faults());
  const run = async (act) => {
    await attempt(act);
    await refresh();
  };
  const switchOn = (fault) =>
    run(() => api.addFault({ ...fault, times: times.value ? Number(times.value) : null }));
  panel.append(
    h("h2", {}, "Active now"),
    active,
    h("button", { type: "button", class: "button", onclick: () => run(api.clearFaults) }, "Clear all faults"),
    h("h2", {}, "Switch on"),
    h("div", { class: "tool-bar" }, h("label", { for: times.id }, "Happens"), times),
    h(
      "ul",
      { class: "common-faults" },
      COMMON.map(([words, fault]) =>
        h(
          "li",
          {},
          choice(words, () => switchOn(fault)),
        ),
      ),
    ),
    h("h2", {}, "Deliver to the bot"),
    h(
      "ul",
      { class: "common-faults" },
      DELIVERIES.map(([words, body]) =>
        h(
          "li",
          {},
          choice(words, () => attempt(() => api.deliver(body))),
        ),
      ),
    ),
    h("h2", {}, "Latency of every call"),
    ...latencySliders(),
    h("h2", {}, "Start over"),
    h("p", { class: "quiet" }, "Restores the initial messages and campaigns, and clears the faults."),
    h("button", { type: "button", class: "button danger", onclick: startOver }, "Reset the sandbox"),
  );
  return { refresh };
}

const choice = (words, act) => h("button", { type: "button", class: "button", onclick: act }, words);

async function startOver() {
  if (await sure("Reset the sandbox?", "All messages and all changes to campaigns are lost.", "Reset"))
    await attempt(api.reset);
}

function showActive(list, faults) {
  const items = faults.map((fault) => ({
    key: fault.id ?? JSON.stringify(fault),
    signature: JSON.stringify(fault),
    build: () => h("li", {}, described(fault)),
  }));
  const none = {
    key: "none",
    signature: "",
    build: () => h("li", { class: "quiet" }, "No active faults."),
  };
  keyed(list, items.length ? items : [none]);
}

function described(fault) {
  const { target, operation, kind, status, error, delay_ms: delay, times, channel } = fault;
  const detail = { status, rate_limit: status, html: status, error, delay: `${delay} ms` }[kind];
  const left = times == null ? "until cleared" : `${times} more`;
  return [
    `${target} ${operation}${channel ? ` in ${channel}` : ""}: `,
    h("strong", {}, kind.replace("_", " ")),
    detail ? ` (${detail})` : "",
    `, ${left}`,
  ];
}

function latencySliders() {
  const now = { slack: 20, kore: 20 };
  const set = (target, value) => {
    now[target] = Number(value);
    attempt(() => api.setLatency(now));
  };
  return [
    slider("Slack", now.slack, (value) => set("slack", value)),
    slider("Kore.ai", now.kore, (value) => set("kore", value)),
  ];
}

function slider(name, value, set) {
  const id = `latency-${name}`;
  const output = h("output", { for: id }, `${value} ms`);
  const attributes = { id, type: "range", min: "0", max: "3000", step: "20" };
  const show = ({ target }) => (output.textContent = `${target.value} ms`);
  const range = h("input", {
    ...attributes,
    value,
    oninput: show,
    onchange: ({ target }) => set(target.value),
  });
  return h("div", { class: "slider" }, h("label", { for: id }, name), range, output);
}
