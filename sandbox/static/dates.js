/** Format times as Slack does, in the reader's time zone. */

const shown = (date, options) => new Intl.DateTimeFormat("en-US", options).format(date);
const timeOf = (date) => shown(date, { hour: "numeric", minute: "2-digit" });

/** A message's `ts` as a Date. */
export const fromTs = (ts) => new Date(parseFloat(ts) * 1000);
export const clock = timeOf;
export const exact = (date) => shown(date, { dateStyle: "full", timeStyle: "medium" });

function daysAgo(date) {
  const midnight = (day) => new Date(day.getFullYear(), day.getMonth(), day.getDate());
  return Math.round((midnight(new Date()) - midnight(date)) / 86_400_000);
}

function pretty(date, otherwise, capital = true) {
  const word = { 0: "Today", 1: "Yesterday", "-1": "Tomorrow" }[daysAgo(date)];
  if (!word) return otherwise(date);
  return capital ? word : word.toLowerCase();
}

export const day = (date) => pretty(date, longDay);

function ordinal(number) {
  const suffix = { one: "st", two: "nd", few: "rd", other: "th" };
  return number + suffix[new Intl.PluralRules("en-US", { type: "ordinal" }).select(number)];
}

const monthDay = (date) => `${shown(date, { month: "long" })} ${ordinal(date.getDate())}`;
const fullDay = (date) => `${monthDay(date)}, ${date.getFullYear()}`;
const longDay = (date) => `${shown(date, { weekday: "long" })}, ${fullDay(date)}`;
const shortDay = (date) => shown(date, { month: "short", day: "numeric", year: "numeric" });

function ago(date) {
  const seconds = (date - Date.now()) / 1000;
  const units = { day: 86_400, hour: 3_600, minute: 60, second: 1 };
  const unit = Object.keys(units).find((name) => Math.abs(seconds) >= units[name]) ?? "second";
  return new Intl.RelativeTimeFormat("en-US", { numeric: "auto" }).format(
    Math.round(seconds / units[unit]),
    unit,
  );
}

const TOKENS = {
  date_num: (date) =>
    shown(date, { year: "numeric", month: "2-digit", day: "2-digit" }).replace(
      /(.+)\/(.+)\/(.+)/,
      "$3-$1-$2",
    ),
  date: fullDay,
  date_short: shortDay,
  date_long: longDay,
  date_pretty: (date, first) => pretty(date, fullDay, first),
  date_short_pretty: (date, first) => pretty(date, shortDay, first),
  date_long_pretty: (date, first) => pretty(date, longDay, first),
  time: timeOf,
  time_secs: (date) => shown(date, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago,
};

/** Fill in a format as `{date_short} at {time}` (docs.slack.dev/messaging/formatting-message-text). */
export function formatted(seconds, format) {
  const date = new Date(Number(seconds) * 1000);
  return format.replace(/\{(\w+)\}/g, (token, name, offset) => TOKENS[name]?.(date, offset === 0) ?? token);
}
