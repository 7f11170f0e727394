/** The Kore.ai account: its campaigns, and changes to them without the bot. */

import * as api from "./api.js";
import { h, keyed } from "./dom.js";
import { attempt } from "./store.js";

const FIELDS = ["name", "status", "priority", "description", "updatedAt"];
const COPIED_SHOWN_MS = 1500;
const MESSAGES_PER_MINUTE = 60;
const open = new Set();
const idOf = (campaign) => campaign._id ?? campaign.id;

export function koreTool(panel) {
  const list = h("ul", { class: "campaigns" });
  const filter = h("input", { id: "campaign-filter", type: "search", class: "field", oninput: () => show() });
  panel.append(h("div", { class: "tool-bar" }, h("label", { for: filter.id }, "Find"), filter), list);
  let campaigns = [];

  async function refresh() {
    campaigns = await api.campaigns();
    show();
  }

  const like = (campaign) =>
    `${campaign.name} ${campaign.status} ${idOf(campaign)}`
      .toLowerCase()
      .includes(filter.value.toLowerCase());
  const run = async (act) => {
    await attempt(act);
    await refresh();
  };

  function show() {
    keyed(
      list,
      campaigns.filter(like).map((campaign) => item(campaign, run)),
    );
  }

  return { refresh };
}

const item = (campaign, run) => ({
  key: idOf(campaign),
  signature: JSON.stringify(campaign),
  build: () => node(campaign, run),
});

function node(campaign, run) {
  const id = idOf(campaign);
  return h("li", { class: campaign.deleted ? "campaign deleted" : "campaign" }, [
    h("div", { class: "campaign-name" }, [
      h("bdi", {}, campaign.name ?? "(no name)"),
      h("span", { class: "status" }, campaign.deleted ? "deleted" : (campaign.status ?? "no status")),
    ]),
    h("div", { class: "campaign-facts" }, [
      h("code", {}, id),
      h(
        "button",
        { type: "button", class: "link", onclick: copy(id) },
        "Copy",
        h("span", { class: "sr-only" }, ` ${id}`),
      ),
    ]),
    !campaign.deleted && behindTheBack(campaign, id, run),
  ]);
}

function copy(id) {
  return async ({ currentTarget }) => {
    await navigator.clipboard.writeText(id);
    currentTarget.firstChild.textContent = "Copied";
    setTimeout(() => (currentTarget.firstChild.textContent = "Copy"), COPIED_SHOWN_MS);
  };
}

function behindTheBack(campaign, id, run) {
  const field = h(
    "select",
    { "aria-label": "Field" },
    FIELDS.map((name) => h("option", { value: name }, name)),
  );
  const value = h("input", { class: "field", "aria-label": "New value", "data-focus": `value|${id}` });
  const fill = () => (value.value = campaign[field.value] ?? "");
  const change = (event) => {
    event.preventDefault();
    run(() => api.changeCampaign(id, { [field.value]: value.value }));
  };
  const start = () => run(() => api.startCampaign(id, MESSAGES_PER_MINUTE));
  const remove = () => run(() => api.deleteCampaign(id));
  field.addEventListener("change", fill);
  fill();
  const remember = ({ target }) => (target.open ? open.add(id) : open.delete(id));
  return h("details", { open: open.has(id), ontoggle: remember }, [
    h("summary", {}, "Without the bot"),
    h(
      "form",
      { class: "change", onsubmit: change },
      field,
      value,
      h("button", { class: "button" }, "Change"),
    ),
    h("button", { type: "button", class: "button", onclick: start }, "Start sending"),
    h("button", { type: "button", class: "button danger", onclick: remove }, "Delete this campaign"),
  ]);
}
