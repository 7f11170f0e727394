/** Switch faults on (sandbox/faults.py), and set the latency of the vendors. */

import * as api from "./api.js";
import { sure } from "./confirm.js";
import { h, keyed } from "./dom.js";
import { attempt } from "./store.js";

const KORE = { target: "kore", operation: "*" };
const KORE_DELETE = { target: "kore", operation: "delete" };
const KORE_STOP = { target: "kore", operation: "stop" };
const SLACK = { target: "slack", operation: "*" };
const POST = { target: "slack", operation: "chat.postMessage" };
const SOCKET = { target: "slack", operation: "wss" };
const LASTING = { times: null }; // a state, and no single failure: "Happens" does not apply
const GROUPS = [
  [
    "Kore.ai",
    [
      ["Deletes, but the answer is lost", { ...KORE_DELETE, kind: "lost_answer" }],
      ["Says “success”, but the campaign is still there", { ...KORE_DELETE, kind: "still_there" }],
      ["Answers a delete with 500", { ...KORE_DELETE, kind: "status", status: 500 }],
      ["Refuses a delete, inside a 200", { ...KORE_DELETE, kind: "error", error: "Campaign cannot be deleted" }],
      ["Answers a delete with an HTML page (502)", { ...KORE_DELETE, kind: "html", status: 502 }],
      ["Stops a campaign, but the answer is lost", { ...KORE_STOP, kind: "lost_answer" }],
      ["Says “Stopped”, but the campaign goes on", { ...KORE_STOP, kind: "still_there" }],
      ["Says that the rate limit is reached", { ...KORE, kind: "rate_limit", status: 429 }],
      ["Takes 5 seconds longer", { ...KORE, kind: "delay", delay_ms: 5000 }],
      ["Drops the connection", { ...KORE, kind: "reset" }],
    ],
  ],
  [
    "Slack refuses messages",
    [
      ["Rate limit for 1 second", { ...POST, kind: "rate_limit" }],
      ["Rate limit for 30 seconds", { ...POST, kind: "rate_limit", retry_after_seconds: 30 }],
      ["Fails inside Slack (internal_error)", { ...POST, kind: "error", error: "internal_error" }],
      ["A post takes 12 seconds", { ...POST, kind: "delay", delay_ms: 12_000 }],
      ["chat.update answers 500", { ...POST, operation: "chat.update", kind: "status", status: 500 }],
      ["Too long (msg_too_long)", { ...POST, kind: "error", error: "msg_too_long" }],
      ["An unknown code", { ...POST, kind: "error", error: "a_code_of_next_year" }],
      ["A scope is missing", { ...POST, ...LASTING, kind: "error", error: "missing_scope" }],
      [
        "#campaign-approvals takes no messages",
        { ...POST, ...LASTING, channel: "C0APPROVALS", kind: "error", error: "no_permission" },
      ],
      [
        "#campaign-approvals takes no replies in threads",
        {
          ...POST,
          ...LASTING,
          channel: "C0APPROVALS",
          in_thread: true,
          kind: "error",
          error: "restricted_action_non_threadable_channel",
        },
      ],
      [
        "#campaigns takes only replies in threads",
        {
          ...POST,
          ...LASTING,
          channel: "C0CAMPAIGNS",
          kind: "error",
          error: "restricted_action_thread_only_channel",
        },
      ],
    ],
  ],
  [
    "Slack and the app",
    [
      ["Slack is down: every call answers 503", { ...SLACK, ...LASTING, kind: "status", status: 503 }],
      ["The token is revoked: every call says so", { ...SLACK, ...LASTING, kind: "error", error: "token_revoked" }],
      [
        "conversations.info lacks a scope",
        { ...SLACK, ...LASTING, operation: "conversations.info", kind: "error", error: "missing_scope" },
      ],
      [
        "usergroups.users.list lacks a scope",
        { ...SLACK, ...LASTING, operation: "usergroups.users.list", kind: "error", error: "missing_scope" },
      ],
      [
        "Installed for an organisation (start the bot then)",
        { ...SLACK, ...LASTING, operation: "auth.test", kind: "org_wide" },
      ],
      ["views.open takes 4 seconds", { ...SLACK, operation: "views.open", kind: "delay", delay_ms: 4000 }],
    ],
  ],
  [
    "Socket Mode, for the next connection",
    [
      ["The wss host answers 503", { ...SOCKET, ...LASTING, kind: "status", status: 503 }],
      ["wss is blocked (hangs)", { ...SOCKET, ...LASTING, kind: "delay", delay_ms: 60_000 }],
      ["too_many_websockets after hello", { ...SOCKET, ...LASTING, kind: "error", error: "too_many_websockets" }],
    ],
  ],
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
  const result = h("p", { class: "result", role: "status" });
  const refresh = async () => showActive(active, await api.faults());
  const run = async (act, describe) => {
    try {
      show(result, describe(await act()));
    } catch (error) {
      show(result, error.message, "wrong");
    }
    await attempt(refresh);
  };
  const switchOn = (title, words, fault) => {
    const chosen = times.value ? Number(times.value) : null;
    run(
      () => api.addFault({ times: chosen, ...fault }),
      () => `Switched on: ${title}: ${words}`,
    );
  };
  const clear = () => run(api.clearFaults, () => "All faults are cleared.");
  panel.append(
    h("h2", {}, "Active now"),
    active,
    h("button", { type: "button", class: "button", onclick: clear }, "Clear all faults"),
    h("h2", {}, "Switch on"),
    h("div", { class: "tool-bar" }, h("label", { for: times.id }, "Happens"), times),
    ...GROUPS.flatMap(([title, choices]) => [
      h("h3", {}, title),
      list(choices, ([words, fault]) => choice(labelled(words, fault), () => switchOn(title, words, fault))),
    ]),
    h("h2", {}, "Deliver to the bot"),
    list(DELIVERIES, ([words, body]) =>
      choice(words, () => run(() => api.deliver(body), (answer) => `${words}: ${delivered(answer)}.`)),
    ),
    h("h2", {}, "Latency of every call"),
    ...latencySliders(),
    h("h2", {}, "Start over"),
    h("p", { class: "quiet" }, "Restores the initial messages and campaigns, and clears the faults."),
    h("button", { type: "button", class: "button danger", onclick: startOver }, "Reset the sandbox"),
    result,
  );
  return { refresh };
}

const list = (choices, build) =>
  h(
    "ul",
    { class: "common-faults" },
    choices.map((each) => h("li", {}, build(each))),
  );
const labelled = (words, fault) => (fault.times === null ? `${words}, until cleared` : words);
const choice = (words, act) => h("button", { type: "button", class: "button", onclick: act }, words);

async function startOver() {
  if (await sure("Reset the sandbox?", "All messages and all changes to campaigns are lost.", "Reset"))
    await attempt(api.reset);
}

function show(result, text, kind = "") {
  result.textContent = text;
  result.className = `result ${kind}`.trim();
}

/** What came of a delivery: the bot's status, whether it took the payload, or nothing more than that it is done. */
function delivered({ status, delivered: taken, error }) {
  if (status) return `the bot answers ${status}`;
  if (taken === undefined) return "done";
  return taken ? "delivered" : `not delivered (${error})`;
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
  const { target, operation, kind, status, error, delay_ms: delay, times, channel, in_thread: inThread } = fault;
  const pause = target === "slack" ? `429, retry after ${fault.retry_after_seconds} s` : "429";
  const detail = { status, rate_limit: pause, html: status, error, delay: `${delay} ms` }[kind];
  const left = times == null ? "until cleared" : `${times} more`;
  return [
    `${target} ${operation}${channel ? ` in ${channel}` : ""}${inThread ? ", in threads" : ""}: `,
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
