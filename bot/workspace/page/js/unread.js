// What each person has not seen yet: so that Mia's question is seen to arrive at Ana's.

import { messagesOf, on, people, state, tell } from "./store.js";

const KEY = "floorwalker.unread";
const counts = new Map(); // "person/channel" -> number
const threads = new Map(); // "person/channel/thread" -> time stamp of the first unread reply
const taking = new Map(); // "channel/thread" -> people who take part

export const unreadOf = (person, channel) => counts.get(`${person}/${channel}`) ?? 0;
export const unreadSum = (person) => sumOf(`${person}/`);
export const threadUnread = (channel, thread) => threads.get(`${state.me}/${channel}/${thread}`) ?? null;

const sumOf = (prefix) => [...counts].reduce((sum, [key, n]) => (key.startsWith(prefix) ? sum + n : sum), 0);

export function startUnread() {
  restore();
  on("said", count);
  on("place", markRead);
  on("messages", markRead);
  document.addEventListener("visibilitychange", markRead);
}

/** A message has just been posted. */
function count(message) {
  const channel = state.channels.get(message.channel);
  if (!channel) return;
  const readers = message.visible_to ? [message.visible_to] : audience(message, channel);
  for (const person of readers) {
    if (person === message.user || isLookedAt(person, message)) continue;
    const key = `${person}/${channel.id}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    const thread = message.thread_ts && `${key}/${message.thread_ts}`;
    if (thread && !threads.has(thread)) threads.set(thread, message.ts);
  }
  keep();
}

/** Everybody in the channel; of a thread those who take part in it. */
function audience(message, channel) {
  const all = people().map((one) => one.id).filter((id) => channel.members.includes(id));
  if (!message.thread_ts || message.thread_ts === message.ts || channel.kind === "im") {
    taking.set(`${channel.id}/${message.ts}`, named(message));
    return all;
  }
  const known = participants(message);
  named(message).forEach((id) => known.add(id));
  const part = all.filter((id) => known.has(id) && id !== message.user);
  return part.length ? part : all;
}

function participants(message) {
  const key = `${message.channel}/${message.thread_ts}`;
  const root = messagesOf(message.channel)?.find((one) => one.ts === message.thread_ts);
  const known = taking.get(key) ?? new Set();
  if (root) [...named(root), ...root.reply_users].forEach((id) => known.add(id));
  taking.set(key, known);
  return known;
}

/** Who wrote a message, and who is mentioned in it. */
function named(message) {
  const text = `${message.text} ${JSON.stringify(message.blocks)}`;
  return new Set([message.user, ...[...text.matchAll(/<@(\w+)/g)].map((found) => found[1])]);
}

function isLookedAt(person, message) {
  if (person !== state.me || message.channel !== state.channel || document.hidden) return false;
  const reply = message.thread_ts && message.thread_ts !== message.ts;
  return reply ? state.thread === message.thread_ts : state.tab === "messages";
}

/** What is on the screen is read. */
function markRead() {
  if (document.hidden || !state.channel) return;
  const key = `${state.me}/${state.channel}`;
  const changed = counts.delete(key);
  const thread = state.thread ? threads.delete(`${key}/${state.thread}`) : false;
  if (changed || thread) keep();
}

function keep() {
  localStorage.setItem(KEY, JSON.stringify({ counts: [...counts], threads: [...threads] }));
  tell("unread");
}


function restore() {
  try {
    const saved = JSON.parse(localStorage.getItem(KEY)) ?? {};
    for (const [key, value] of saved.counts ?? []) counts.set(key, value);
    for (const [key, value] of saved.threads ?? []) threads.set(key, value);
  } catch {
    localStorage.removeItem(KEY);
  }
}

/** Another workspace was started at this address: nothing of the old one counts. */
export function forgetUnread() {
  counts.clear();
  threads.clear();
  keep();
}
