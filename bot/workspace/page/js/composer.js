// The box one writes in: for a channel, and for a thread.

import { post } from "./api.js";
import { Autocomplete } from "./autocomplete.js";
import { showError, toast } from "./dialogs.js";
import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { pickEmoji, runShortcut } from "./messageactions.js";
import { outgoingText } from "./outgoing.js";
import { state, tell } from "./store.js";

const LARGEST_FILE = 5_000_000;
const drafts = new Map(); // "person/channel/thread" -> text

export class Composer {
  /** `where()` tells {channel, thread} to write to. */
  constructor(place, id, where) {
    this.where = where;
    this.key = "";
    this.text = el("textarea", { id, rows: "1", autocomplete: "off", enterkeyhint: "send" });
    this.send = el("button", { type: "submit", class: "send", "aria-label": "Send", title: "Send (Enter)", disabled: true }, icon("send", 18));
    this.picker = el("input", { type: "file", hidden: true, onchange: () => this.upload() });
    this.form = el("form", { class: "composer" }, this.text, el("div", { class: "composer-bar" }, this.tools(), this.picker, this.send));
    const hint = el("p", { class: "composer-hint", "aria-hidden": "true" }, el("b", {}, "Enter"), " sends, ", el("b", {}, "Shift + Enter"), " starts a new line");
    place.append(this.form, hint);
    this.complete = new Autocomplete(this.text, this.form);
    this.text.addEventListener("input", () => this.changed());
    this.text.addEventListener("keydown", (event) => this.keyed(event));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  tools() {
    const tool = (sign, label, action) => {
      const node = el("button", { type: "button", class: "tool", "aria-label": label, title: label, onclick: () => action(node) }, icon(sign));
      return node;
    };
    return el("div", { class: "composer-tools" },
      tool("add", "Attach a file or run a shortcut", (node) => openMenu(node, this.extras(), "Attach or run a shortcut")),
      tool("smile", "Emoji", (node) => pickEmoji(node, (name) => this.insert(emoji(name)))),
      el("button", { type: "button", class: "tool at", "aria-label": "Mention somebody", title: "Mention somebody", onclick: () => this.insert("@") }, "@"));
  }

  extras() {
    const shortcuts = state.shortcuts.filter((one) => one.type === "global");
    return [
      { icon: icon("clip"), label: "Attach a file", note: "up to 5 MB", action: () => this.picker.click() },
      shortcuts.length && { heading: "Shortcuts" },
      ...shortcuts.map((one) => ({ icon: icon("bolt"), label: one.title, note: one.description, action: () => runShortcut(one.name) })),
    ].filter(Boolean);
  }

  /** Another place: its own draft and placeholder. */
  at(key, placeholder) {
    this.text.placeholder = placeholder;
    this.text.setAttribute("aria-label", placeholder);
    if (key === this.key) return;
    if (this.key) drafts.set(this.key, this.text.value);
    this.key = key;
    this.set(drafts.get(key) ?? "");
  }

  set(text) {
    this.text.value = text;
    this.changed();
  }

  /** Puts a text in for the user to send or change. */
  fill(text) {
    this.set(text);
    this.text.focus();
    this.text.setSelectionRange(text.length, text.length);
    this.form.classList.remove("pulse");
    requestAnimationFrame(() => this.form.classList.add("pulse"));
  }

  get empty() {
    return !this.text.value.trim();
  }

  insert(piece) {
    const { selectionStart: from, selectionEnd: to, value } = this.text;
    const space = piece === "@" && from && !/\s/.test(value[from - 1]) ? " " : "";
    this.text.setRangeText(space + piece, from, to, "end");
    this.text.focus();
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  changed() {
    this.send.disabled = this.empty;
    this.text.style.setProperty("height", "auto");
    this.text.style.setProperty("height", `${Math.min(this.text.scrollHeight, 220)}px`);
  }

  keyed(event) {
    if (this.complete.keyed(event)) return;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  async submit() {
    const typed = this.text.value.trim();
    if (!typed) return;
    const { channel, thread } = this.where();
    this.complete.close();
    this.set("");
    try {
      if (/^\/[\w-]/.test(typed)) await this.command(typed, channel, thread);
      else tell("sent", { ...(await post("say", { user: state.me, channel, text: outgoingText(typed), thread_ts: thread ?? undefined })), thread });
    } catch (error) {
      if (this.empty) this.set(typed);
      showError(error);
    }
  }

  async command(typed, channel, thread) {
    const [command] = typed.split(/\s/, 1);
    if (thread) throw new Error(`${command} cannot be used in a thread. Use it in the channel instead.`);
    if (!state.commands.some((one) => one.command === command)) {
      throw new Error(`${command} is no command here. Try ${state.commands.map((one) => one.command).join(", ") || "a message instead"}.`);
    }
    await post("command", { user: state.me, channel, command, text: typed.slice(command.length).trim() });
  }

  async upload() {
    const [file] = this.picker.files;
    this.picker.value = "";
    if (!file) return;
    if (file.size > LARGEST_FILE) return toast("That file is larger than 5 MB.", "error");
    const { channel, thread } = this.where();
    const text = this.text.value.trim();
    try {
      const content = await base64(file);
      await post("upload", { user: state.me, channel, name: file.name, content_base64: content, text: outgoingText(text), thread_ts: thread ?? undefined });
      this.set("");
    } catch (error) {
      showError(error);
    }
  }
}

const base64 = (file) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",", 2)[1] ?? "");
    reader.onerror = () => reject(new Error("The file cannot be read."));
    reader.readAsDataURL(file);
  });
