// What can be done with a message: react, reply, edit, delete, copy, and the app's message shortcuts.

import { post } from "./api.js";
import { confirmBox, showError, toast } from "./dialogs.js";
import { el } from "./dom.js";
import { startEdit } from "./edit.js";
import { COMMON, emoji } from "./emoji.js";
import { icon } from "./icons.js";
import { closeMenu, openMenu, popUp } from "./menu.js";
import { go } from "./place.js";
import { state } from "./store.js";
import { draftText } from "./outgoing.js";

/** The little bar that appears over a message. */
export function actionsOf(message, inThread) {
  if (message.ephemeral || message.subtype === "tombstone") return null;
  const react = tool("smile", "Add a reaction", () => pickEmoji(react, (name) => toggleReaction(message, name)));
  const more = tool("more", "More actions", () => openMenu(more, entries(message), "Message actions"));
  more.setAttribute("aria-haspopup", "menu");
  return el("div", { class: "tools", role: "toolbar", "aria-label": "Message actions" }, react,
    !inThread && tool("reply", "Reply in thread", () => go({ thread: message.thread_ts ?? message.ts })), more);
}

const tool = (sign, label, action) =>
  el("button", { type: "button", class: "tool", "aria-label": label, title: label, onclick: action }, icon(sign));

export function toggleReaction(message, name) {
  const mine = message.reactions?.find((one) => one.name === name)?.users.includes(state.me);
  const body = { user: state.me, channel: message.channel, ts: message.ts, name, remove: mine ? true : undefined };
  post("react", body).catch(showError);
}

export function pickEmoji(anchor, picked) {
  const choose = (name) => () => {
    closeMenu();
    picked(name);
  };
  const box = el("div", { class: "menu emoji-menu", role: "menu", "aria-label": "Emoji" }, COMMON.map((name) =>
    el("button", { type: "button", role: "menuitem", title: `:${name}:`, "aria-label": name.replaceAll("_", " "), onclick: choose(name) }, emoji(name))));
  popUp(anchor, box);
  box.querySelector("button").focus();
}

function entries(message) {
  const mine = message.user === state.me && !message.bot_id;
  const shortcuts = state.shortcuts.filter((one) => one.type === "message");
  return [
    ...shortcuts.map((one) => ({ icon: icon("bolt"), label: one.title, note: one.description, action: () => runShortcut(one.name, message) })),
    shortcuts.length && "-",
    { icon: icon("copy"), label: "Copy text", action: () => copy(draftText(message.text), "Text copied.") },
    message.permalink && { icon: icon("copy"), label: "Copy link", action: () => copy(message.permalink, "Link copied.") },
    mine && "-",
    mine && { icon: icon("edit"), label: "Edit message", action: () => startEdit(message) },
    mine && { icon: icon("trash"), label: "Delete message", danger: true, action: () => remove(message) },
  ].filter(Boolean);
}

/** Runs one of the app's shortcuts; `message` for message shortcuts. */
export function runShortcut(name, message = null) {
  const on = message ? { channel: message.channel, ts: message.ts } : {};
  post("shortcut", { user: state.me, name, ...on }).catch(showError);
}

async function copy(text, note) {
  try {
    await navigator.clipboard.writeText(text);
    toast(note);
  } catch {
    toast("The browser does not allow copying here.", "error");
  }
}

async function remove(message) {
  const sure = await confirmBox({
    title: "Delete message", text: "Are you sure you want to delete this message? This cannot be undone.", confirm: "Delete", style: "danger",
  });
  if (sure) post("delete", { user: state.me, channel: message.channel, ts: message.ts }).catch(showError);
}
