// A pane's list of messages: kept up to date without disturbing scroll position, focus or selection.

import { el, reconcile } from "./dom.js";
import { isEdited } from "./edit.js";
import { icon } from "./icons.js";
import { messageNode, thinking } from "./message.js";
import { assistant, assistantKey, state } from "./store.js";
import { dayKey, dayName } from "./times.js";
import { threadUnread } from "./unread.js";

const TOGETHER = 300; // seconds within which messages of one person are shown as one group
const NEAR_END = 90; // pixels from the end that still count as reading the newest

export class MessageList {
  /** `scroller` scrolls, `list` holds the messages, `inThread` as in message.js. */
  constructor(scroller, list, inThread) {
    Object.assign(this, { scroller, list, inThread });
    this.nodes = new Map();
    this.shown = "";
    this.pill = el("button", { type: "button", class: "new-pill", hidden: true, onclick: () => this.toEnd(true) }, "New messages ↓");
    scroller.after(this.pill);
    scroller.addEventListener("scroll", () => this.atEnd() && (this.pill.hidden = true));
    const sizes = new ResizeObserver(() => this.stuck && this.toEnd());
    [list, scroller].forEach((one) => sizes.observe(one));
    scroller.addEventListener("scroll", () => (this.stuck = this.atEnd()));
  }

  /** Shows `messages` of `key` (who, where); `intro` comes first. A new key starts at the end. */
  show(key, messages, intro, { status = "", stop = null } = {}) {
    const fresh = key !== this.shown;
    if (fresh) this.nodes.clear();
    const last = this.last;
    this.last = messages.at(-1);
    const stay = !fresh && !this.atEnd();
    const focus = focusIn(this.list);
    this.list.setAttribute("aria-busy", String(fresh));
    reconcile(this.list, [intro, ...this.rows(messages), status && this.statusNode(status, stop)].filter(Boolean));
    this.shown = key;
    this.list.setAttribute("aria-busy", "false");
    restoreFocus(this.list, focus);
    const arrived = this.last && this.last.ts !== last?.ts;
    if (!stay || (arrived && this.last.user === state.me)) this.toEnd();
    else if (arrived && this.last.ts > (last?.ts ?? "")) this.pill.hidden = false;
  }

  rows(messages) {
    const rows = [];
    const used = new Set();
    messages.forEach((message, i) => {
      const before = messages[i - 1];
      const newDay = !before || dayKey(before.ts) !== dayKey(message.ts);
      if (newDay && !(this.inThread && i)) rows.push(this.kept(`day ${message.ts}`, dayName(message.ts), () => dayLine(message.ts), used));
      if (this.inThread && i === 1) rows.push(this.kept("count", String(messages.length), () => countLine(messages.length - 1), used));
      const follows = !newDay && before && together(before, message) && !(this.inThread && i === 1);
      rows.push(this.kept(message.ts, this.signature(message, follows), () => messageNode(message, { follows, inThread: this.inThread }), used));
    });
    for (const key of this.nodes.keys()) if (!used.has(key) && key !== "status") this.nodes.delete(key);
    return rows;
  }

  /** Everything that the look of a message depends on. */
  signature(message, follows) {
    const status = assistant.get(assistantKey(message.channel, message.ts))?.status;
    return JSON.stringify([message, follows, isEdited(message), status, threadUnread(message.channel, message.ts), this.minute(message)]);
  }

  /** "Last reply 2 minutes ago" grows older. */
  minute = (message) => (message.latest_reply ? Math.min(90, Math.floor((Date.now() / 1000 - message.latest_reply) / 60)) : 0);

  kept(key, signature, make, used) {
    used.add(key);
    const known = this.nodes.get(key);
    if (known?.signature === signature) return known.node;
    const node = make();
    this.nodes.set(key, { signature, node });
    return node;
  }

  /** What the app is doing; `stop` ends it. Kept while it says the same, so that the button keeps the focus. */
  statusNode(status, stop) {
    const make = () => el("div", { class: "status-line" }, thinking(status),
      stop && el("button", { type: "button", class: "button stop", onclick: stop }, icon("stop", 14), "Stop"));
    return this.kept("status", `${status} ${Boolean(stop)}`, make, new Set());
  }

  atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  /** To the newest message; if it is taller than the pane, to its beginning. */
  toEnd(smooth = false) {
    this.stuck = true;
    this.pill.hidden = true;
    const newest = this.last && this.nodes.get(this.last.ts)?.node;
    const tall = newest && newest.offsetHeight > this.scroller.clientHeight;
    this.scroller.scrollTo({ top: tall ? newest.offsetTop : this.scroller.scrollHeight, behavior: smooth ? "smooth" : "instant" });
  }

  /** Brings a message into view and lights it up for a moment. */
  jump(ts) {
    const node = this.nodes.get(ts)?.node;
    if (!node) return;
    node.scrollIntoView({ block: "center" });
    this.stuck = false;
    node.classList.add("flash");
    setTimeout(() => node.classList.remove("flash"), 2500);
  }
}

function together(before, message) {
  const same = before.user === message.user && before.username === message.username && before.ephemeral === message.ephemeral;
  const card = message.bot_id && message.blocks?.length; // cards and answers stand for themselves
  return same && !card && message.ts - before.ts < TOGETHER && before.subtype !== "tombstone";
}

const dayLine = (ts) => el("div", { class: "day", role: "separator" }, el("span", {}, dayName(ts)));
const countLine = (n) => el("div", { class: "reply-count", role: "separator" }, el("span", {}, n === 1 ? "1 reply" : `${n} replies`));

const FOCUSABLE = "button, a, input, select, textarea";

function focusIn(list) {
  const node = document.activeElement;
  const message = list.contains(node) ? node.closest("[data-ts]") : null;
  return message && { ts: message.dataset.ts, label: labelOf(node), node };
}

const labelOf = (node) => node.getAttribute("aria-label") ?? node.textContent;

/** If the focused button was drawn anew, it gets the focus again; if it is gone, the message does, never another button. */
function restoreFocus(list, focus) {
  if (!focus || focus.node.isConnected) return;
  const message = list.querySelector(`[data-ts="${focus.ts}"]`);
  const same = [...(message?.querySelectorAll(FOCUSABLE) ?? [])].find((one) => labelOf(one) === focus.label);
  (same ?? message)?.focus({ preventScroll: true });
}
