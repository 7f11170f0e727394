/** Start the page, and redraw its parts after each change. */

import { focusComposer, showConversation, startConversation } from "./conversation.js";
import { showModal, startModal } from "./modal.js";
import { onChange, onReport, page, report, start } from "./store.js";
import { showSidebar, startSidebar } from "./sidebar.js";
import { startTools, toolsChanged } from "./tools.js";

const REPORT_SHOWN_MS = 8000;
const at = (id) => document.getElementById(id);

function show() {
  at("lost").hidden = !page.lost;
  showConversation();
  showSidebar();
  showModal();
  toolsChanged();
}

let reportTimer;
onReport((text) => {
  at("report").textContent = text;
  clearTimeout(reportTimer);
  reportTimer = setTimeout(() => (at("report").textContent = ""), REPORT_SHOWN_MS);
});

onChange(show);
startSidebar();
startConversation();
startModal(focusComposer);
startTools();
at("toggle-sidebar").addEventListener("click", ({ currentTarget }) => {
  currentTarget.setAttribute("aria-expanded", String(document.body.classList.toggle("sidebar-open")));
});
start().catch(report);
