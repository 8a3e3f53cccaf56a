// What the page knows. Rooms read from `state`, change it through the functions below, and hear of changes by `on`.

import { get } from "./api.js";

export const state = {
  team: { name: "Workspace" },
  users: new Map(),
  channels: new Map(),
  usergroups: new Map(),
  commands: [],
  shortcuts: [],
  bot: "",
  connected: true, // is a bot connected to the workspace?
  online: true, // are we connected to the workspace?
  me: "",
  channel: "",
  thread: null,
  tab: "messages",
  modal: null,
  home: null,
};

/** Lists of messages as the current person sees them, by `channel` and by `channel/thread`. */
export const lists = new Map();

/** What the bot says it is doing, and the prompts it suggests, by `channel/thread` ("" for the top level). */
export const assistant = new Map();

const listeners = new Map();

export function on(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, []);
  listeners.get(topic).push(listener);
}

export function tell(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

export const listKey = (channel, thread) => (thread ? `${channel}/${thread}` : channel);
export const assistantKey = (channel, thread) => `${channel}/${thread ?? ""}`;

/** Users, channels, commands: everything that is not a message. */
export async function loadWorkspace() {
  const found = await get("state");
  state.team = found.team ?? state.team;
  state.users = new Map(found.users.map((user) => [user.id, user]));
  state.channels = new Map(found.channels.map((channel) => [channel.id, channel]));
  state.usergroups = new Map((found.usergroups ?? []).map((group) => [group.id, group]));
  state.commands = found.commands ?? [];
  state.shortcuts = found.shortcuts ?? [];
  state.bot = found.bot?.user ?? found.users.find((user) => user.role === "bot")?.id ?? "";
  state.connected = found.connected !== false;
  tell("workspace");
}

const asked = new Map(); // list -> number of the newest request: answers may overtake each other
let requests = 0;

/** Whether a list is shown or on its way: then it has to hear of changes. */
export const isWanted = (key) => asked.has(key);

/** For another person, or after a time without connection, nothing that is known counts. */
export function forgetLists() {
  lists.clear();
  asked.clear();
  assistant.clear();
}

/** Fetches a channel or a thread anew. Late answers, or those for somebody we no longer are, do no harm. */
export async function loadMessages(channel, thread = null) {
  const me = state.me;
  const key = listKey(channel, thread);
  const number = ++requests;
  asked.set(key, number);
  const found = await get("messages", { channel, thread_ts: thread, user: me });
  if (me !== state.me || asked.get(key) !== number) return;
  lists.set(key, found.messages);
  for (const one of found.assistant ?? []) assistant.set(assistantKey(channel, one.thread_ts), one);
  tell("messages", { channel, thread });
}

export async function loadViews() {
  const me = state.me;
  const seen = viewsTold;
  const found = await get("views", { user: me });
  if (me !== state.me || seen !== viewsTold) return; // what was told meanwhile is newer
  state.modal = found.modal;
  state.home = found.home;
  tell("modal");
  tell("home");
}

let viewsTold = 0;

/** A view that the workspace tells of by itself; `kind` is "modal" or "home". */
export function takeView(kind, view) {
  viewsTold++;
  state[kind] = view;
  tell(kind);
}

export const messagesOf = (channel, thread = null) => lists.get(listKey(channel, thread));

export const user = (id) => state.users.get(id);
export const me = () => state.users.get(state.me);
export const botChannel = (person = state.me) =>
  [...state.channels.values()].find((channel) => channel.kind === "im" && channel.members.includes(person))?.id ?? "";

/** Channels and direct messages that a person is in. */
export function channelsOf(person) {
  return [...state.channels.values()].filter((channel) => channel.members.includes(person) && !channel.archived);
}

export function channelTitle(channel) {
  if (!channel) return "";
  if (channel.kind !== "im") return channel.name;
  const other = channel.members.find((id) => id !== state.me) ?? state.me;
  return fullName(other);
}

export const fullName = (id) => {
  const person = user(id);
  return person ? person.real_name || person.name : id;
};
export const firstName = (id) => (user(id)?.role === "bot" ? fullName(id) : fullName(id).split(" ")[0]);

export const ROLE_NAMES = { end_user: "End user", coach: "Coach", admin: "Admin", bot: "App" };
export const people = () => [...state.users.values()].filter((one) => one.role !== "bot" && !one.deleted);
