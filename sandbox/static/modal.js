/** The modal: the top view of the user's stack (docs.slack.dev/surfaces/modals). */

import * as api from "./api.js";
import { blockItems } from "./blockkit.js";
import { keyed, keepingFocus } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { attempt, page, refresh } from "./store.js";
import { viewSurface } from "./surfaces.js";
import { collect, forget } from "./values.js";

const FIELDS = "input:not([type=hidden]), textarea, select";
const dialog = document.getElementById("modal");
const part = (name) => dialog.querySelector(`.${name}`);
const errorsOf = new Map();
const submitting = new Set();
let known = [];
let afterwards = () => {};

export function startModal(focusElsewhere) {
  afterwards = focusElsewhere;
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault(); // the modal goes when Slack says so
    if (event.target === dialog) close(false);
  });
  dialog.addEventListener("close", () => top() && close(false)); // a browser may insist on a second Escape
  part("modal-form").addEventListener("submit", submit);
  part("close-all").addEventListener("click", () => close(true));
  part("back").addEventListener("click", () => close(false));
  part("close").addEventListener("click", () => close(false));
}

const stack = () => page.state?.views ?? [];
const top = () => stack().at(-1);

export function showModal() {
  const ids = stack().map(({ id }) => id);
  known.filter((id) => !ids.includes(id)).forEach(forgetView);
  const moved = known.at(-1) !== ids.at(-1);
  known = ids;
  const view = top();
  if (!view) return leave();
  dialog.setAttribute("aria-busy", String(submitting.has(view.id)));
  keepingFocus(dialog, () => fill(view));
  if (!dialog.open) dialog.showModal();
  if (moved) part("modal-body").scrollTop = 0;
  const idle = !dialog.contains(document.activeElement) || document.activeElement === part("modal-title");
  if (moved || idle) focusFirst();
  return undefined;
}

function forgetView(id) {
  forget(id);
  errorsOf.delete(id);
}

function leave() {
  if (!dialog.open) return;
  dialog.close();
  const returned = document.activeElement;
  if (returned === document.body) return afterwards();
  returned.blur(); // Chromium gives back the focus but not the caret: without this nothing can be typed
  returned.focus({ preventScroll: true });
}

function fill(view) {
  const busy = submitting.has(view.id);
  const errors = { ...view.errors, ...errorsOf.get(view.id)?.fields };
  part("modal-title").textContent = plain(view.title);
  part("back").hidden = stack().length < 2;
  keyed(part("modal-body"), blockItems(viewSurface(view, errors, told(view)), view.blocks));
  label(part("close"), plain(view.close) || "Close");
  label(part("submit"), plain(view.submit) || "Submit");
  part("submit").hidden = !view.submit;
  part("submit").disabled = busy;
  part("submit").classList.toggle("busy", busy);
  part("modal-problem").textContent = errorsOf.get(view.id)?.whole ?? "";
}

const label = (button, text) => button.textContent !== text && (button.textContent = text);

function focusFirst() {
  const field = part("modal-body").querySelector("[autofocus]") ?? part("modal-body").querySelector(FIELDS);
  (field ?? part("modal-title")).focus({ preventScroll: true });
}

function focusInvalid() {
  const field = dialog.querySelector("[aria-invalid=true]");
  (field?.querySelector("input") ?? field)?.focus();
  field?.scrollIntoView({ block: "center" });
}

/** Run a call from this view, and show a failure in its footer. */
const told = (view) => async (act) => {
  const answer = await attempt(act, { quiet: true });
  setErrors(view, answer, errorsOf.get(view.id)?.fields);
  return answer;
};

function setErrors(view, answer, fields = {}) {
  errorsOf.set(view.id, {
    fields,
    whole: answer?.delivered ? "" : "We had some trouble connecting. Try again?",
  });
  showModal();
}

async function submit(event) {
  event.preventDefault();
  const view = top();
  if (!view || submitting.has(view.id)) return;
  submitting.add(view.id);
  errorsOf.delete(view.id);
  showModal();
  const values = collect(viewSurface(view), view.blocks);
  const answer = await attempt(() => api.modalSubmit(page.as, view.id, values), { quiet: true });
  await refresh(); // so that a view that is done cannot be submitted twice
  submitting.delete(view.id);
  setErrors(view, answer, answer?.errors);
  focusInvalid();
}

function close(all) {
  const view = top();
  if (view) attempt(() => api.modalClose(page.as, view.id, all), { quiet: true });
}
