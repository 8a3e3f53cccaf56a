// The thread beside the channel.

import { Composer } from "./composer.js";
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
  byId("thread").addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && closeThread());
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
  const channel = state.channels.get(state.channel);
  const name = channelTitle(channel);
  fill(byId("thread-head"),
    el("button", { type: "button", class: "tool back", "aria-label": "Back to the channel", onclick: closeThread }, icon("back", 22)),
    el("div", { class: "head-text" }, el("h2", { id: "thread-title" }, "Thread"), el("p", { class: "topic" }, channel.kind === "im" ? name : `#${name}`)),
    el("button", { type: "button", class: "tool close", "aria-label": "Close the thread", title: "Close (Escape)", onclick: closeThread }, icon("close")));
  composer.at(`${state.me}/${state.channel}/${state.thread}`, "Reply…");
  renderList();
  if (jump) setTimeout(() => list.jump(jump), 400);
  if (before.thread !== state.thread && !jump && document.activeElement?.classList.contains("replies")) composer.text.focus();
}

function renderList() {
  const messages = state.thread && messagesOf(state.channel, state.thread);
  if (!messages) return;
  const status = assistant.get(assistantKey(state.channel, state.thread))?.status;
  list.show(`${state.me}/${state.channel}/${state.thread}`, messages, null, { status });
}
