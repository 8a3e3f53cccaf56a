// The thread beside the channel.

import { post } from "./api.js";
import { Composer } from "./composer.js";
import { askBox, asked, showError } from "./dialogs.js";
import { byId, el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { MessageList } from "./messagelist.js";
import { go } from "./place.js";
import { assistant, assistantKey, channelTitle, messagesOf, on, state } from "./store.js";

let list;
let composer;

export function startThreadPane() {
  list = new MessageList(byId("thread-scroller"), byId("thread-list"), true);
  composer = new Composer(byId("reply-place"), "reply", () => ({ channel: state.channel, thread: state.thread }));
  on("place", render);
  on("messages", ({ channel, thread }) => channel === state.channel && thread === state.thread && renderList());
  for (const topic of ["editing", "status", "minute"]) on(topic, renderList);
  on("status", () => state.thread && renderHead());
  byId("thread").addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && composer.empty && closeThread());
}

export const replyComposer = () => composer;

function closeThread() {
  const root = state.thread;
  go({ thread: null });
  document.querySelector(`#channel-list [data-ts="${root}"] .replies`)?.focus();
}

function render({ before, jump }) {
  byId("thread").hidden = !state.thread;
  if (!state.thread) return;
  renderHead();
  composer.at(`${state.me}/${state.channel}/${state.thread}`, "Reply…");
  renderList();
  if (jump) setTimeout(() => list.jump(jump), 400);
  if (before.thread !== state.thread && !jump && document.activeElement?.classList.contains("replies")) composer.text.focus();
}

const session = () => assistant.get(assistantKey(state.channel, state.thread));

/** Called after its title, if the app gave it one; a session's title may be changed. */
function renderHead() {
  const channel = state.channels.get(state.channel);
  const name = channelTitle(channel);
  const title = session()?.title;
  fill(byId("thread-head"),
    el("button", { type: "button", class: "tool back", "aria-label": "Back to the channel", onclick: closeThread }, icon("back", 22)),
    el("div", { class: "head-text" }, el("h2", { id: "thread-title" }, title || "Thread"), el("p", { class: "topic" }, channel.kind === "im" ? name : `#${name}`)),
    session()?.session ? el("button", { type: "button", class: "tool", "aria-label": "Rename", title: "Rename", onclick: rename }, icon("edit")) : null,
    el("button", { type: "button", class: "tool close", "aria-label": "Close the thread", title: "Close (Escape)", onclick: closeThread }, icon("close")));
}

async function rename() {
  const { channel, thread } = state;
  const input = el("input", { name: "title", class: "text-field", required: true, maxlength: "200", value: session()?.title ?? "", autofocus: true });
  const given = await askBox({ title: "Rename", confirm: "Rename", fields: [asked("Title", input)] });
  if (given) post("rename_session", { user: state.me, channel, ts: thread, title: given.get("title") }).catch(showError);
}

function renderList() {
  const messages = state.thread && messagesOf(state.channel, state.thread);
  if (!messages) return;
  const writing = messages.some((one) => one.streaming && !stopped.has(one.ts));
  const stoppable = writing || session()?.session === "processing";
  list.show(`${state.me}/${state.channel}/${state.thread}`, messages, null, {
    status: session()?.status || (stoppable ? "is writing…" : ""), stop: stoppable ? stop : null,
  });
}

const stopped = new Set(); // time stamps: the app may not have ended these yet, but nothing more comes

/** As Slack's stop button: the app is told, and what it has written so far stays. */
async function stop() {
  try {
    const done = await post("stop", { user: state.me, channel: state.channel, ts: state.thread });
    done.stopped.forEach((ts) => stopped.add(ts));
    renderList();
  } catch (error) {
    showError(error);
  }
}
