// What people type <-> Slack's markup.

import { state } from "./store.js";
import { decode } from "./mrkdwn.js";

const userNamed = (name) => [...state.users.values()].find((one) => one.name.toLowerCase() === name.toLowerCase());
const groupNamed = (name) => [...state.usergroups.values()].find((one) => one.handle.toLowerCase() === name.toLowerCase());
const channelNamed = (name) => [...state.channels.values()].find((one) => one.kind !== "im" && one.name === name);

/** "@floorwalker see #go-live" -> "<@U…> see <#C…|go-live>". Code stays as it is typed. The server escapes the rest. */
export function outgoingText(typed) {
  return typed.split(/(```[\s\S]*?```|`[^`\n]+`)/).map((part, i) => (i % 2 ? part : marked(part))).join("");
}

function marked(text) {
  return text
    .replace(/(^|[\s(])@([\w.-]*\w)/g, (whole, before, name) => {
      const user = userNamed(name);
      const group = user ? null : groupNamed(name);
      if (user) return `${before}<@${user.id}>`;
      return group ? `${before}<!subteam^${group.id}|@${group.handle}>` : whole;
    })
    .replace(/(^|[\s(])#([\w-]+)/g, (whole, before, name) => {
      const channel = channelNamed(name);
      return channel ? `${before}<#${channel.id}|${channel.name}>` : whole;
    });
}

/** The way back, for editing and copying. */
export function draftText(text) {
  return decode(text.replace(/<([^<>\n]+)>/g, (whole, inner) => {
    const [target, label] = inner.split("|");
    if (target[0] === "@") return `@${state.users.get(target.slice(1))?.name ?? label ?? target.slice(1)}`;
    if (target[0] === "#") return `#${state.channels.get(target.slice(1))?.name ?? label ?? target.slice(1)}`;
    if (target.startsWith("!subteam^")) return `@${state.usergroups.get(target.slice(9))?.handle ?? "group"}`;
    if (target[0] === "!") return label ?? `@${target.slice(1)}`;
    return label && label !== target ? `${label} (${target})` : target;
  }));
}
