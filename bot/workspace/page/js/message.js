// One message: who, when, what, and what can be done with it.

import { avatar } from "./avatar.js";
import { renderBlocks } from "./blocks.js";
import { el, safeImage } from "./dom.js";
import { emojiOrName } from "./emoji.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { actionsOf, toggleReaction } from "./messageactions.js";
import { editor, isEdited } from "./edit.js";
import { post } from "./api.js";
import { showError } from "./dialogs.js";
import { go } from "./place.js";
import { ROLE_NAMES, assistant, assistantKey, fullName, state, user } from "./store.js";
import { textNodes } from "./textobject.js";
import { ago, exactTime, timeOf } from "./times.js";
import { threadUnread } from "./unread.js";

/** `follows`: by the same person shortly after, so without avatar and name. `inThread`: no line about replies. */
export function messageNode(message, { follows, inThread }) {
  const name = message.username ?? fullName(message.user);
  const compact = follows && !message.ephemeral;
  return el("article", {
    class: ["message", compact && "follows", message.ephemeral && "ephemeral"].filter(Boolean).join(" "),
    dataset: { ts: message.ts }, tabindex: "-1", "aria-label": `${name}, ${timeOf(message.ts)}`,
  },
    el("div", { class: "gutter" }, compact ? time(message, "hover-time") : avatar(message.user)),
    el("div", { class: "message-body" },
      message.ephemeral && el("p", { class: "only-you" }, icon("eye", 14), "Only visible to you"),
      !compact && head(message, name),
      isEdited(message) ? editor(message) : content(message),
      message.ephemeral ? dismissal(message) : [reactions(message), !inThread && replies(message)]),
    actionsOf(message, inThread));
}

const time = (message, extra = "") =>
  el("time", { class: `time ${extra}`, title: exactTime(message.ts), datetime: new Date(message.ts * 1000).toISOString() }, timeOf(message.ts));

function head(message, name) {
  const role = message.bot_id ? "bot" : user(message.user)?.role;
  return el("header", { class: "message-head" }, el("b", { class: "author" }, name),
    role && role !== "end_user" && el("span", { class: `role-tag ${role}` }, ROLE_NAMES[role]), time(message),
    message.edited && message.blocks?.length ? edited() : null);
}

function content(message) {
  if (message.subtype === "tombstone") return el("p", { class: "muted" }, "This message was deleted.");
  const blocks = message.blocks ?? [];
  const body = blocks.length ? renderBlocks(blocks, surfaceOf(message)) : el("div", { class: "text" }, mrkdwn(message.text ?? ""));
  if (message.edited && !blocks.length) (body.querySelector(":scope > .para:last-child") ?? body).append(edited());
  return [body, (message.attachments ?? []).map((one) => attachment(one, message)), (message.files ?? []).map(file)];
}

const edited = () => el("span", { class: "edited" }, " (edited)");

/** How the blocks of a message act: see elements.js. */
const surfaceOf = (message) => ({
  view: null,
  saved: () => undefined,
  act: (block, element, value) => post("click", {
    user: state.me, channel: message.channel, ts: message.ts, block_id: block.block_id, action_id: element.action_id, value,
  }),
});

const attachment = (one, message) =>
  el("div", { class: "attachment", style: { "--side": /^#?[0-9a-f]{6}$/i.test(one.color ?? "") ? `#${one.color.replace("#", "")}` : undefined } },
    one.pretext && mrkdwn(one.pretext), one.title && el("b", {}, textNodes(one.title)), one.text && mrkdwn(one.text),
    one.blocks?.length ? renderBlocks(one.blocks, surfaceOf(message)) : null, !one.blocks && !one.text && (one.fallback ?? null));

function file(one) {
  const address = safeImage(`/workspace/files/${encodeURIComponent(one.id)}`);
  const picture = one.mimetype?.startsWith("image/") && el("img", { src: address, alt: one.title ?? one.name, loading: "lazy" });
  const size = one.size > 1e6 ? `${(one.size / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(one.size / 1000))} kB`;
  return el("a", { class: "file", href: address, target: "_blank", rel: "noopener" }, picture || el("span", { class: "file-sign" }, icon("clip")),
    el("span", { class: "file-name" }, el("b", {}, one.title || one.name), el("small", {}, `${(one.filetype ?? "file").toUpperCase()} · ${size}`)));
}

const dismissal = (message) =>
  el("button", {
    type: "button", class: "as-link dismiss",
    onclick: () => post("delete", { user: state.me, channel: message.channel, ts: message.ts }).catch(showError),
  }, "Dismiss message");

function reactions(message) {
  if (!message.reactions?.length) return null;
  return el("div", { class: "reactions" }, message.reactions.map((one) => {
    const mine = one.users.includes(state.me);
    const who = one.users.map(fullName).join(", ");
    return el("button", {
      type: "button", class: `reaction${mine ? " mine" : ""}`, "aria-pressed": String(mine), title: `${who} reacted with :${one.name}:`,
      "aria-label": `${one.name.replaceAll("_", " ")}, ${one.count}: ${who}`, onclick: () => toggleReaction(message, one.name),
    }, emojiOrName(one.name), el("span", {}, String(one.count)));
  }));
}

/** "3 replies, last one …", or what the bot is doing in that thread. */
function replies(message) {
  const status = assistant.get(assistantKey(message.channel, message.ts))?.status;
  if (!message.reply_count && !status) return null;
  const open = () => go({ thread: message.ts });
  const unread = threadUnread(message.channel, message.ts);
  const n = message.reply_count;
  return el("button", { type: "button", class: `replies${unread ? " unread" : ""}`, onclick: open },
    el("span", { class: "reply-users" }, (message.reply_users ?? []).slice(0, 4).map((id) => avatar(id, "tiny"))),
    n ? el("b", {}, n === 1 ? "1 reply" : `${n} replies`) : null,
    unread ? el("span", { class: "new-tag" }, "New") : null,
    status ? thinking(status) : el("span", { class: "muted" }, `Last reply ${ago(message.latest_reply)}`));
}

export const thinking = (status) =>
  el("span", { class: "thinking" }, el("i", {}, el("i"), el("i"), el("i")), `${fullName(state.bot)} ${status}`);
