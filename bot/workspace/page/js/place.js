// Where we are: person, channel, thread, tab. Kept in the address, so that reload, back and bookmarks work,
// and two windows can be two people.

import { botChannel, channelsOf, people, state, tell } from "./store.js";

const KEY = "floorwalker.place";

/** Goes to a place; what is not named stays as it is. `pane` says what a narrow screen shows. */
export function go(to) {
  const person = to.me ?? state.me;
  const channel = allowed(to.channel ?? (to.me && to.me !== state.me ? remembered(person) : state.channel), person);
  const same = person === state.me && channel === state.channel;
  const thread = to.thread === undefined ? (same ? state.thread : null) : to.thread;
  const tab = to.tab ?? (same && to.thread === undefined ? state.tab : "messages");
  const pane = to.pane ?? (to.thread ? "thread" : "channel");
  move({ person, channel, thread, tab, pane, jump: to.jump ?? null });
  const hash = `#${[person, channel, thread ?? (tab === "home" ? "home" : "")].filter(Boolean).join("/")}`;
  if (location.hash !== hash) history.pushState({ pane }, "", hash);
  else history.replaceState({ pane }, "", hash);
}

function move({ person, channel, thread, tab, pane, jump }) {
  const before = { me: state.me, channel: state.channel, thread: state.thread, tab: state.tab };
  Object.assign(state, { me: person, channel, thread, tab });
  document.body.dataset.pane = pane;
  remember(person, channel);
  tell("place", { before, jump });
}

export function showPane(pane) {
  document.body.dataset.pane = pane;
  history.replaceState({ pane }, "", location.hash);
}

/** Reads the address once at the start, and whenever the browser goes back or forward. */
export function startPlace() {
  window.addEventListener("popstate", (event) => fromAddress(event.state?.pane));
  const asked = new URLSearchParams(location.search);
  if (!asked.get("channel")) return fromAddress();
  history.replaceState(null, "", location.pathname);
  const person = [localStorage.getItem(KEY), ...people().map((one) => one.id)].find((id) => mayRead(id, asked.get("channel")));
  return go({ me: person, channel: asked.get("channel"), thread: asked.get("thread_ts"), jump: asked.get("ts") });
}

function fromAddress(pane) {
  const [person, channel, rest] = location.hash.slice(1).split("/").map(decodeURIComponent);
  const who = state.users.has(person) ? person : firstPerson();
  const where = allowed(channel || remembered(who), who);
  const thread = /^\d+\.\d+$/.test(rest ?? "") ? rest : null;
  move({ person: who, channel: where, thread, tab: rest === "home" ? "home" : "messages",
    pane: pane ?? (thread ? "thread" : "channel"), jump: null });
}

/** Links to messages of this workspace lead there at once instead of to a new page. */
export function followPermalinks() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const found = link && /\/archives\/(\w+)\/p(\d{10})(\d{6})$/.exec(new URL(link.href).pathname);
    if (!found || new URL(link.href).origin !== location.origin || !mayRead(state.me, found[1])) return;
    event.preventDefault();
    go({ channel: found[1], thread: new URL(link.href).searchParams.get("thread_ts"), jump: `${found[2]}.${found[3]}` });
  });
}

const mayRead = (person, channel) => Boolean(state.channels.get(channel)?.members.includes(person));
const allowed = (channel, person) =>
  mayRead(person, channel) ? channel : botChannel(person) || channelsOf(person)[0]?.id || "";

const firstPerson = () => {
  const last = localStorage.getItem(KEY);
  return state.users.has(last) ? last : (people().find((one) => one.role === "end_user") ?? people()[0])?.id ?? "";
};

/** The channel where a person was last; a coach starts among the coaches, others with the bot. */
function remembered(person) {
  const last = localStorage.getItem(`${KEY}.${person}`);
  if (last) return last;
  const coaches = [...state.channels.values()].find((channel) => channel.name === "coaches");
  return state.users.get(person)?.role === "coach" && coaches ? coaches.id : botChannel(person);
}

function remember(person, channel) {
  localStorage.setItem(KEY, person);
  localStorage.setItem(`${KEY}.${person}`, channel);
}
