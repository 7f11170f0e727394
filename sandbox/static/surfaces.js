/** Messages, modals and the App Home as surfaces of blockkit.js; they send the actions. */

import * as api from "./api.js";
import { attempt, page } from "./store.js";
import { collect } from "./values.js";

const SLACKBOT_TELLS = { quiet: true };

const active = () => page.people.filter((person) => !person.deleted);
const seen = () => ({ names: page.state.names, people: active(), channels: page.state.channels, current: page.channel });

/** The options, or null if the app returned none in time. */
async function suggestions(body) {
  const answer = await api.suggest(body).catch(() => null);
  return answer?.error ? null : answer;
}

export function messageSurface(channel, message) {
  const where = { as: page.as, channel, ts: message.ts };
  return {
    id: `${channel}|${message.ts}`,
    ...seen(),
    act: (block_id, action_id, value) =>
      attempt(() => api.click({ ...where, block_id, action_id, value }), SLACKBOT_TELLS),
    suggest: (block_id, action_id, query) => suggestions({ ...where, block_id, action_id, query }),
  };
}

/** `errors` are {block_id: text}; `tell(act)` runs a call and shows its error. */
export function viewSurface(view, errors = {}, tell = attempt) {
  const where = { as: page.as, view_id: view.id };
  const surface = {
    id: view.id,
    ...seen(),
    errors,
    act: (block_id, action_id, value) =>
      tell(() =>
        api.modalAction({ ...where, block_id, action_id, value, values: collect(surface, view.blocks) }),
      ),
    suggest: (block_id, action_id, query) => suggestions({ ...where, block_id, action_id, query }),
  };
  return surface;
}
