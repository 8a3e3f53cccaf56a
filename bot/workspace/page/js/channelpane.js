// The pane in the middle: a channel, or the direct messages with the bot and its Home.

import { avatar } from "./avatar.js";
import { Composer } from "./composer.js";
import { byId, el, fill } from "./dom.js";
import { showGuide } from "./guide.js";
import { icon } from "./icons.js";
import { MessageList } from "./messagelist.js";
import { membersButton } from "./people.js";
import { go, showPane } from "./place.js";
import { assistant, assistantKey, channelTitle, messagesOf, on, state } from "./store.js";

let list;
let composer;
const intros = new Map();

export function startChannelPane() {
  list = new MessageList(byId("channel-scroller"), byId("channel-list"), false);
  composer = new Composer(byId("composer-place"), "composer", () => ({ channel: state.channel, thread: null }));
  on("place", ({ jump }) => {
    renderHead();
    renderList();
    if (jump) waitFor(jump);
  });
  on("messages", ({ channel, thread }) => channel === state.channel && !thread && renderList());
  for (const topic of ["editing", "status", "unread", "minute"]) on(topic, renderList);
  on("workspace", () => state.me && renderHead());
  on("connection", () => state.channel && renderHead());
}

const current = () => state.channels.get(state.channel);
export const mainComposer = () => composer;

function renderHead() {
  const channel = current();
  if (!channel) return nowhere();
  const direct = channel.kind === "im";
  const title = channelTitle(channel);
  document.title = `${direct ? "" : "#"}${title} – ${state.team.name}`;
  fill(byId("channel-head"),
    el("button", { type: "button", class: "tool back", "aria-label": "Back to the channels", onclick: () => showPane("list") }, icon("back", 22)),
    el("div", { class: "head-text" },
      el("h1", { id: "channel-title" }, direct ? avatar(state.bot, "small") : icon("hash", 18), title, direct && el("span", { class: "app-tag" }, "App")),
      direct ? tabs() : el("p", { class: "topic" }, channel.topic)),
    direct ? null : membersButton(channel),
    el("button", { type: "button", class: "button try", "aria-label": "Try this", onclick: showGuide }, icon("spark", 16), el("span", {}, "Try this")));
  const home = direct && state.tab === "home";
  byId("home").hidden = !home;
  for (const id of ["channel-scroller", "composer-place"]) byId(id).hidden = home;
  composer.at(`${state.me}/${channel.id}`, direct ? `Ask ${title} a question` : `Message #${title}`);
}

/** Guests and people of other organisations may be in no conversation at all. */
function nowhere() {
  fill(byId("channel-head"),
    el("button", { type: "button", class: "tool back", "aria-label": "Back to the channels", onclick: () => showPane("list") }, icon("back", 22)),
    el("div", { class: "head-text" }, el("h1", { id: "channel-title" }, "No conversations"), el("p", { class: "topic" }, "Somebody who is in a channel can bring you in.")));
  for (const id of ["home", "channel-scroller", "composer-place"]) byId(id).hidden = true;
}

/** Messages | Home */
function tabs() {
  const tab = (name, label) => el("button", {
    type: "button", role: "tab", "aria-selected": String(state.tab === name), tabindex: state.tab === name ? "0" : "-1",
    class: "tab", dataset: { tab: name }, onclick: () => go({ tab: name, thread: null }),
  }, label);
  const bar = el("div", { class: "tabs", role: "tablist", "aria-label": "Floorwalker" }, tab("messages", "Messages"), tab("home", "Home"));
  bar.addEventListener("keydown", (event) => {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    go({ tab: state.tab === "home" ? "messages" : "home", thread: null });
    byId("channel-head").querySelector(".tab[aria-selected=true]").focus();
  });
  return bar;
}

function renderList() {
  const channel = current();
  const messages = channel && messagesOf(channel.id);
  if (!messages) return;
  const shown = messages.filter((one) => one.thread_ts === null || one.thread_ts === one.ts || one.subtype === "thread_broadcast" || one.ephemeral);
  const top = assistant.get(assistantKey(channel.id, null));
  list.show(`${state.me}/${channel.id}`, shown, intro(channel), { status: top?.status });
}

/** What a channel begins with; in the direct messages also the bot's suggested prompts. */
function intro(channel) {
  const prompts = channel.kind === "im" ? promptsOf(channel.id) : { prompts: [] };
  const key = JSON.stringify([state.me, channel, prompts]);
  if (!intros.has(key)) intros.set(key, channel.kind === "im" ? directIntro(channel, prompts) : channelIntro(channel));
  return intros.get(key);
}

const channelIntro = (channel) =>
  el("div", { class: "intro" }, el("div", { class: "intro-sign" }, icon("hash", 30)),
    el("h2", {}, `Welcome to #${channel.name}`), el("p", {}, `This is where it begins. ${channel.topic ? `${channel.topic}.` : ""}`));

const directIntro = (channel, { prompts, title }) =>
  el("div", { class: "intro" }, avatar(state.bot, "huge"), el("h2", {}, channelTitle(channel)),
    el("p", {}, "Ask me how to do something in the new system. I answer from the training material and say where it stands; what I don’t know goes to a coach."),
    prompts.length ? el("p", { class: "prompts-title" }, title || "You could ask") : null,
    el("div", { class: "prompts" }, prompts.map((one) =>
      el("button", { type: "button", class: "prompt", onclick: () => composer.fill(one.message) }, icon("spark", 16), one.title))));

function promptsOf(channel) {
  const found = [...assistant].find(([key, one]) => key.startsWith(`${channel}/`) && one.prompts?.length)?.[1];
  return { prompts: found?.prompts ?? [], title: found?.prompts_title ?? "" };
}

/** Jumps to a message as soon as it is there. */
function waitFor(ts, tries = 20) {
  if (messagesOf(state.channel)?.some((one) => one.ts === ts)) list.jump(ts);
  else if (tries) setTimeout(() => waitFor(ts, tries - 1), 100);
}
