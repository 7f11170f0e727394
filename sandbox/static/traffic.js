/** The recorded exchanges, newest first. */

import * as api from "./api.js";
import { h, keyed } from "./dom.js";
import { onChange, page, report } from "./store.js";

const WAYS = { to_slack: "bot → Slack", to_bot: "Slack → bot", to_kore: "bot → Kore.ai" };
const SHOWN = 200;

export function trafficTool(panel) {
  const list = h("div", { class: "exchanges" });
  const filter = h("select", { id: "traffic-filter", onchange: () => show() }, [
    h("option", { value: "" }, "Everything"),
    Object.entries(WAYS).map(([way, words]) => h("option", { value: way }, words)),
  ]);
  const clear = h(
    "button",
    { type: "button", class: "button", onclick: () => empty().catch(report) },
    "Clear",
  );
  panel.append(h("div", { class: "tool-bar" }, h("label", { for: filter.id }, "Show"), filter, clear), list);
  let exchanges = [];

  onChange(() => page.lost && (exchanges = [])); // a sandbox started again counts from 1

  async function empty() {
    await api.clearTraffic();
    exchanges = [];
    show();
  }

  async function refresh() {
    const last = exchanges.at(-1)?.n ?? 0;
    exchanges = [...exchanges, ...(await api.traffic(last)).filter(({ n }) => n > last)].slice(-2000);
    show();
  }

  function show() {
    const wanted = exchanges.filter(({ direction }) => !filter.value || direction === filter.value);
    keyed(list, wanted.slice(-SHOWN).reverse().map(item));
    if (!wanted.length)
      list.replaceChildren(h("p", { class: "quiet" }, "Nothing yet. Press a button or write a command."));
  }

  return { refresh };
}

const item = (exchange) => ({
  key: `${exchange.n}|${exchange.at}`,
  signature: "",
  build: () => node(exchange),
});

const FINE = ["ok", "socket"];

/** The outcome of an exchange, and whether it is a failure: Slack reports errors inside a 200. */
function outcome({ status, response }) {
  if (response?.ok === false) return [response.error, true];
  if (["failure", "error"].includes(response?.status)) return [`${status} ${response.status}`, true];
  return [String(status), !FINE.includes(status) && !(Number(status) < 400)];
}

function node(exchange) {
  const { at, direction, what, ms, request, response } = exchange;
  const [status, failed] = outcome(exchange);
  return h("details", { class: "exchange" }, [
    h("summary", {}, [
      h("span", { class: `way ${direction}` }, WAYS[direction] ?? direction),
      h("span", { class: "what" }, what),
      h("span", { class: failed ? "status failed" : "status" }, status),
      h("span", { class: "ms" }, `${ms} ms`),
    ]),
    h("p", { class: "quiet" }, new Date(at).toLocaleTimeString()),
    json("Request", request),
    json("Response", response),
  ]);
}

const json = (label, value) => [
  h("div", { class: "json-label" }, label),
  h(
    "pre",
    { tabindex: "0", role: "group", "aria-label": label },
    JSON.stringify(value, null, 2) ?? "nothing",
  ),
];
