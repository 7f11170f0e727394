/** Shared worker: one event stream for all tabs, because a browser opens six connections to one server. */

const tabs = new Set();
let source = null;
let last = "lost";

function tell(what) {
  last = what === "lost" ? "lost" : "found";
  tabs.forEach((tab) => tab.postMessage(what));
}

function follow() {
  source = new EventSource("/sandbox/events");
  source.onopen = () => tell("found");
  source.onmessage = () => tell("changed");
  source.onerror = () => tell("lost");
}

function leave(tab) {
  tabs.delete(tab);
  if (tabs.size) return;
  source?.close();
  source = null;
}

self.addEventListener("connect", ({ ports: [tab] }) => {
  tabs.add(tab);
  tab.onmessage = () => leave(tab);
  if (source) tab.postMessage(last);
  else follow();
});
