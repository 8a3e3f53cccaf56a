// Channels and direct messages, with what is unread.

import { avatar } from "./avatar.js";
import { byId, el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { go } from "./place.js";
import { ROLE_NAMES, channelTitle, channelsOf, me, on, state } from "./store.js";
import { badge } from "./switcher.js";
import { unreadOf } from "./unread.js";

const WHAT_ROLES_DO = {
  end_user: "You ask how things work and say where you are stuck.",
  coach: "You pick up the tickets that Floorwalker hands over, and answer.",
  admin: "You give Floorwalker its training material and look after it.",
};

export function startSidebar() {
  for (const topic of ["workspace", "place", "unread", "connection"]) on(topic, render);
}

function render() {
  if (!me()) return;
  const focused = document.activeElement?.closest("#sidebar")?.querySelector(":focus")?.dataset.channel;
  const mine = channelsOf(state.me);
  const direct = mine.filter((channel) => channel.kind === "im");
  const channels = mine.filter((channel) => channel.kind !== "im").sort((a, b) => a.name.localeCompare(b.name));
  fill(byId("sidebar"),
    el("div", { class: "sidebar-head" }, el("b", {}, state.team.name)),
    el("div", { class: "sidebar-lists" }, section("Direct messages", direct), section("Channels", channels)),
    whoYouAre());
  if (focused) byId("sidebar").querySelector(`[data-channel="${focused}"]`)?.focus();
}

const section = (title, channels) => {
  const id = `list-${title.replace(" ", "-").toLowerCase()}`;
  return el("section", { "aria-labelledby": id }, el("h2", { id }, title),
    el("ul", {}, channels.map((channel) => el("li", {}, entry(channel)))));
};

function entry(channel) {
  const here = channel.id === state.channel;
  const unread = here ? 0 : unreadOf(state.me, channel.id);
  return el("button", {
    type: "button", class: `sidebar-entry${unread ? " unread" : ""}`, "aria-current": here ? "page" : undefined,
    dataset: { channel: channel.id }, onclick: () => go({ channel: channel.id, thread: null, tab: "messages" }),
  }, sign(channel), el("span", { class: "entry-name" }, channelTitle(channel)),
    channel.kind === "im" && el("span", { class: "app-tag" }, "App"), badge(unread));
}

function sign(channel) {
  if (channel.kind !== "im") return icon(channel.private ? "lock" : "hash", 16);
  const other = channel.members.find((id) => id !== state.me) ?? state.me;
  const up = state.connected && state.online;
  return el("span", { class: "with-presence" }, avatar(other, "tiny"),
    el("span", { class: `presence${up ? " up" : ""}`, title: up ? "Connected" : "Not connected" }));
}

const whoYouAre = () =>
  el("div", { class: "who" }, avatar(state.me, "small"),
    el("div", {}, el("b", {}, me().real_name), el("span", {}, `${ROLE_NAMES[me().role]} · ${me().title ?? ""}`),
      el("p", {}, WHAT_ROLES_DO[me().role] ?? "")));
