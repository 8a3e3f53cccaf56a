// Starts the rooms of the page and keeps them up to date.

import { startChannelPane, mainComposer } from "./channelpane.js";
import { showError } from "./dialogs.js";
import { byId, debounced } from "./dom.js";
import { startGuide } from "./guide.js";
import { startHome } from "./home.js";
import { startLog } from "./log.js";
import { startModal } from "./modal.js";
import { followPermalinks, go, startPlace } from "./place.js";
import { startSidebar } from "./sidebar.js";
import { assistant, assistantKey, forgetLists, isWanted, lists, loadMessages, loadViews, loadWorkspace, messagesOf, on, state, takeView, tell } from "./store.js";
import { listen } from "./stream.js";
import { startSwitcher } from "./switcher.js";
import { replyComposer, startThreadPane } from "./threadpane.js";
import { forgetUnread, startUnread } from "./unread.js";

const ANSWER_WAIT = 60_000; // how long an answer to one's own message may open its thread by itself
let started = "";
let awaited = null;

async function start() {
  await loadWorkspace();
  [startSwitcher, startSidebar, startChannelPane, startThreadPane, startHome, startModal, startLog, startGuide, startUnread].forEach((room) => room());
  on("place", refresh);
  on("go", go);
  on("sent", ({ ts, channel, thread }) => {
    awaited = thread ? null : { ts, channel, me: state.me, until: Date.now() + ANSWER_WAIT };
    openAnswer();
  });
  on("messages", openAnswer);
  followPermalinks();
  setInterval(() => tell("minute"), 30_000);
  tell("workspace");
  startPlace();
  listen({ onChange: take, onUp: (again) => (again ? comeBack() : catchUp()), onDown: () => connection({ online: false }) });
}

/** Another person, channel or thread: fetch what is to be shown. */
function refresh({ before }) {
  if (before.me !== state.me) {
    forgetLists();
    loadViews().catch(showError);
  }
  catchUpWith(state.channel);
}

/** Its messages, and those of the open thread. Somebody who is in no channel has none. */
const catchUpWith = (channel) => (channel ? Promise.all([loadMessages(channel), loadThread()]).catch(showError) : null);

/** A thread that is no longer there is closed. */
function loadThread() {
  const { channel, thread } = state;
  if (!thread) return null;
  return loadMessages(channel, thread).catch((error) => {
    showError(error);
    if (state.online && state.channel === channel && state.thread === thread) go({ thread: null });
  });
}

async function comeBack() {
  await loadWorkspace();
  connection({ online: true });
  forgetLists();
  await catchUp();
}

/** What was said before we could hear it. */
const catchUp = () => Promise.all([loadViews().catch(showError), catchUpWith(state.channel)]);

function connection(now) {
  Object.assign(state, now);
  const banner = byId("banner");
  banner.hidden = state.online && state.connected;
  banner.textContent = state.online
    ? "Floorwalker is not connected at the moment. Nothing is lost: it gets your messages when it is back."
    : "The connection to the workspace is lost. Trying again…";
  tell("connection");
}

const dirty = new Set();
const fetchDirty = debounced(() => {
  for (const key of dirty) {
    const [channel, thread] = key.split("/");
    loadMessages(channel, thread || null).catch(() => {});
  }
  dirty.clear();
}, 25);

/** The shown lists that a message belongs to are fetched anew: the server alone knows what a person may see. */
function touch({ channel, thread_ts: thread, ts }) {
  for (const key of [channel, `${channel}/${thread ?? ts}`]) if (isWanted(key)) dirty.add(key);
  fetchDirty();
}

const CHANGES = {
  hello(change) {
    if (started && started !== change.started) forgetUnread();
    started = change.started;
    connection({ online: true, connected: change.connected });
  },
  message({ message }) {
    tell("said", message);
    touch(message);
  },
  ephemeral({ message }) {
    if (!lists.get(message.channel)?.some((one) => one.ts === message.ts)) tell("said", message);
    touch(message);
  },
  message_changed: ({ message }) => touch(message),
  reaction: ({ message }) => touch(message),
  message_deleted(change) {
    touch(change);
    if (change.channel === state.channel && change.ts === state.thread) go({ thread: null });
  },
  view(change) {
    if (change.user === state.me) takeView("modal", change.modal);
  },
  home(change) {
    if (change.user === state.me) takeView("home", change.home);
  },
  status(change) {
    assistant.set(assistantKey(change.channel, change.thread_ts), change);
    tell("status");
  },
  channel({ channel }) {
    state.channels.set(channel.id, channel);
    tell("workspace");
    if (channel.id === state.channel && !channel.members.includes(state.me)) go({}); // one has left, or was taken out
  },
  connection: ({ connected }) => connection({ connected }),
  person({ person }) {
    state.users.set(person.id, person);
    tell("workspace");
  },
  reload: () => comeBack().catch(showError),
  log: ({ entry }) => tell("log", entry),
};

const take = (change) => CHANGES[change.type]?.(change);

/**
 * The answer to what one has just asked opens by itself, unless one is busy elsewhere. Asked of the fetched list, as the
 * answer may be there before the workspace has confirmed the question.
 */
function openAnswer() {
  if (!awaited || awaited.me !== state.me || awaited.channel !== state.channel || state.tab !== "messages") return;
  const question = messagesOf(awaited.channel)?.find((one) => one.ts === awaited.ts);
  if (!question?.reply_users?.includes(state.bot)) return;
  const { ts, until } = awaited;
  awaited = null;
  if (Date.now() < until && mainComposer().empty && (!state.thread || replyComposer().empty)) go({ thread: ts });
}

start().catch((error) => {
  byId("banner").hidden = false;
  byId("banner").textContent = `${error.message} Reload the page to try again.`;
});
