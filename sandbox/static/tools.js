/** The right panel: its tabs, and the refresh of the open one. */

import { faultsTool } from "./faults.js";
import { koreTool } from "./kore.js";
import { page, report } from "./store.js";
import { trafficTool } from "./traffic.js";

const POLL_MS = 1500;
const at = (id) => document.getElementById(id);
const TOOLS = { traffic: trafficTool, faults: faultsTool, kore: koreTool };
const built = {};
let shown = "traffic";

export function startTools() {
  at("toggle-tools").addEventListener("click", () => toggle(at("tools").hidden));
  at("close-tools").addEventListener("click", () => toggle(false));
  for (const name of Object.keys(TOOLS)) at(`tab-${name}`).addEventListener("click", () => select(name));
  document.querySelector("[role=tablist]").addEventListener("keydown", moveTab);
  setInterval(toolsChanged, POLL_MS);
  select(shown);
}

function toggle(open) {
  at("tools").hidden = !open;
  at("toggle-tools").setAttribute("aria-expanded", String(open));
  (open ? at(`tab-${shown}`) : at("toggle-tools")).focus();
  toolsChanged();
}

function select(name) {
  shown = name;
  for (const other of Object.keys(TOOLS)) {
    const current = other === name;
    at(`tab-${other}`).setAttribute("aria-selected", String(current));
    at(`tab-${other}`).tabIndex = current ? 0 : -1;
    at(other).hidden = !current;
  }
  toolsChanged();
}

function moveTab(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const names = Object.keys(TOOLS);
  select(names.at((names.indexOf(shown) + step) % names.length));
  at(`tab-${shown}`).focus();
}

let fetching = false;

/** Refresh the open tool, with one request at a time. */
export async function toolsChanged() {
  if (at("tools").hidden || document.hidden || page.lost || fetching) return;
  fetching = true;
  built[shown] ??= TOOLS[shown](at(shown));
  await built[shown].refresh().catch(report);
  fetching = false;
}
