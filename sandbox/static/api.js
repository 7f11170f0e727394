/** Client of the control API (docs/sandbox.md). */

async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `The sandbox answered ${response.status}.`);
  return answer;
}

const get = (path) => call("GET", path);
const post = (path, body) => call("POST", path, body);
const query = (values) => new URLSearchParams(values).toString();

export const people = () => get("/sandbox/people");
export const state = (as) => get(`/sandbox/state?${query({ as })}`);

export const sendCommand = (as, channel, text) => post("/sandbox/command", { as, channel, text });
export const say = (as, channel, text, thread_ts) => post("/sandbox/say", { as, channel, text, thread_ts });
export const click = (body) => post("/sandbox/click", body);
export const modalAction = (body) => post("/sandbox/modal/action", body);
export const modalSubmit = (as, view_id, values) => post("/sandbox/modal/submit", { as, view_id, values });
export const modalClose = (as, view_id, all) =>
  post("/sandbox/modal/close", { as, view_id, ...(all && { all }) });
export const suggest = (body) => post("/sandbox/suggest", body);
export const openHome = (as) => post("/sandbox/home", { as });
export const shortcut = (body) => post("/sandbox/shortcut", body);
export const delivery = () => get("/sandbox/delivery");
export const deliver = (body) => post("/sandbox/delivery", body);
export const reset = () => post("/sandbox/reset", {});

export const traffic = (after) => get(`/sandbox/traffic?${query({ after })}`);
export const clearTraffic = () => call("DELETE", "/sandbox/traffic");
export const faults = () => get("/sandbox/faults");
export const addFault = (fault) => post("/sandbox/faults", fault);
export const clearFaults = () => call("DELETE", "/sandbox/faults");
export const setLatency = (milliseconds) => post("/sandbox/latency", milliseconds);

const campaignPath = (id) => `/sandbox/kore/campaigns/${encodeURIComponent(id)}`;
export const campaigns = () => get("/sandbox/kore/campaigns");
export const changeCampaign = (id, fields) => call("PUT", campaignPath(id), fields);
export const startCampaign = (id, per_minute) => post(`${campaignPath(id)}/send`, { per_minute });
export const deleteCampaign = (id) => call("DELETE", campaignPath(id));

/** Call `changed` when anything changes, `lost` and `found` for the connection, until the page is hidden. */
export function listen(heard) {
  let stop = follow(heard);
  addEventListener("pagehide", () => stop());
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    stop = follow(heard);
    heard.changed();
  });
}

/** Follow the stream that all tabs share; where a browser has no shared workers, one of this tab. */
function follow(heard) {
  if (!globalThis.SharedWorker) return followAlone(heard);
  const { port } = new SharedWorker("/static/events.js");
  port.onmessage = ({ data }) => heard[data]();
  return () => {
    port.postMessage("leave");
    port.close();
  };
}

function followAlone({ changed, lost, found }) {
  const source = new EventSource("/sandbox/events");
  source.onopen = found;
  source.onmessage = changed;
  source.onerror = lost;
  return () => source.close();
}
