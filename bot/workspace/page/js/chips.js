// Mentions of people, channels and groups inside a text.

import { el } from "./dom.js";
import { fullName, state, tell, user } from "./store.js";

export function mentionChip(id, label = "") {
  const name = user(id) ? fullName(id) : label.replace(/^@/, "") || id;
  const mine = id === state.me ? " mine" : "";
  return el("span", { class: `mention${mine}`, title: fullName(id) }, `@${name}`);
}

export function channelChip(id, label = "") {
  const channel = state.channels.get(id);
  const name = channel?.name ?? (label || id);
  if (!channel?.members.includes(state.me) || channel.kind === "im") return el("span", { class: "mention" }, `#${name}`);
  return el("button", { class: "mention as-link", type: "button", onclick: () => tell("go", { channel: id }) }, `#${name}`);
}

export function groupChip(id, label = "") {
  const group = state.usergroups.get(id);
  const mine = group?.users?.includes(state.me) ? " mine" : "";
  return el("span", { class: `mention${mine}` }, group ? `@${group.handle}` : label || `@${id}`);
}

export const broadcastChip = (range) => el("span", { class: "mention mine" }, `@${range.split("|")[0].split("^")[0]}`);
