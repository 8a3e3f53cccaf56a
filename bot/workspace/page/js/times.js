// Slack's time stamps ("1763800000.000100") as people read them, in the browser's time zone.

import { el } from "./dom.js";

const date = (ts) => new Date(Number.parseFloat(ts) * 1000);
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

export const timeOf = (ts) => clock.format(date(ts));
const precise = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hourCycle: "h23" });

/** An ISO date as local time of day. */
export const toTheMillisecond = (iso) => precise.format(new Date(iso));
export const exactTime = (ts) => exact.format(date(ts));
export const dayKey = (ts) => date(ts).toDateString();
export const now = () => String(Date.now() / 1000);

export function dayName(ts) {
  const days = daysAgo(date(ts));
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return format(date(ts), { weekday: "long", day: "numeric", month: "long" });
}

/** "just now", "4 minutes ago", else day and time. */
export function ago(ts) {
  const minutes = Math.floor((Date.now() / 1000 - Number.parseFloat(ts)) / 60);
  if (minutes < 1) return "just now";
  if (minutes < 60) return minutes === 1 ? "1 minute ago" : `${minutes} minutes ago`;
  return `${dayName(ts).toLowerCase()} at ${timeOf(ts)}`;
}

const format = (day, options) => new Intl.DateTimeFormat(undefined, options).format(day);

function daysAgo(day) {
  const midnight = (moment) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());
  return Math.round((midnight(new Date()) - midnight(day)) / 86400000);
}

const LONG = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
const SHORT = { day: "numeric", month: "short", year: "numeric" };
const FULL = { day: "numeric", month: "long", year: "numeric" };

const pretty = (day, options) => ({ 0: "today", 1: "yesterday", "-1": "tomorrow" })[daysAgo(day)] ?? format(day, options);

const TOKENS = {
  date_num: (day) => day.toISOString().slice(0, 10),
  date: (day) => format(day, FULL),
  date_slash: (day) => day.toLocaleDateString(),
  date_short: (day) => format(day, SHORT),
  date_long: (day) => format(day, LONG),
  date_pretty: (day) => pretty(day, FULL),
  date_short_pretty: (day) => pretty(day, SHORT),
  date_long_pretty: (day) => pretty(day, LONG),
  time: (day) => clock.format(day),
  time_secs: (day) => day.toLocaleTimeString(),
  ago: (day) => ago(String(day / 1000)),
};

/** `!date^1763800000^{date_short_pretty} at {time}^link`, with what to show if it cannot be read. */
export function slackDate(target, fallback) {
  const [, seconds, pattern = "{date}"] = target.split("^");
  const day = date(seconds);
  if (Number.isNaN(day.getTime())) return el("span", {}, fallback);
  return el("time", { datetime: day.toISOString(), title: exact.format(day) }, dateText(day, pattern));
}

export const dateText = (day, pattern) => pattern.replace(/\{(\w+)\}/g, (whole, token) => TOKENS[token]?.(day) ?? whole);
