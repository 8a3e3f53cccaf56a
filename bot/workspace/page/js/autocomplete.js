// Suggestions while typing: @people, #channels, /commands, :emoji:.

import { avatar } from "./avatar.js";
import { el } from "./dom.js";
import { COMMON, emoji } from "./emoji.js";
import { icon } from "./icons.js";
import { channelsOf, state } from "./store.js";

const MOST = 7;
const PATTERN = /(?:^|\s)([@#][\w.-]*|:[a-z_]{2,})$|^(\/[\w-]*)$/;
let lists = 0;

export class Autocomplete {
  constructor(text, place) {
    this.text = text;
    this.box = el("div", { class: "suggestions", role: "listbox", id: `suggestions-${++lists}`, "aria-label": "Suggestions", hidden: true });
    place.append(this.box);
    this.found = [];
    for (const [name, value] of Object.entries({ "aria-autocomplete": "list", "aria-controls": this.box.id })) text.setAttribute(name, value);
    text.addEventListener("input", () => this.look());
    text.addEventListener("blur", () => setTimeout(() => this.close(), 150));
  }

  look() {
    const before = this.text.value.slice(0, this.text.selectionStart);
    const found = PATTERN.exec(before);
    this.word = found?.[1] ?? found?.[2] ?? "";
    this.found = this.word ? suggestions(this.word).slice(0, MOST) : [];
    this.at = 0;
    this.render();
  }

  render() {
    this.box.hidden = !this.found.length;
    this.text.setAttribute("aria-expanded", String(!this.box.hidden));
    this.box.replaceChildren(...this.found.map((one, i) => el("div", {
      role: "option", id: `${this.box.id}-${i}`, class: "suggestion", "aria-selected": String(i === this.at),
      onpointerdown: (event) => {
        event.preventDefault();
        this.take(i);
      },
    }, one.sign, el("b", {}, one.label), el("span", {}, one.note))));
    if (this.found.length) this.text.setAttribute("aria-activedescendant", `${this.box.id}-${this.at}`);
    else this.text.removeAttribute("aria-activedescendant");
  }

  /** True if the key was for the suggestions. A command that is typed in full is sent by Enter. */
  keyed(event) {
    if (!this.found.length || event.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const whole = this.found[this.at].insert.trim() === this.word;
    if (step) this.at = (this.at + step + this.found.length) % this.found.length;
    else if (event.key === "Escape") this.found = [];
    else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !whole)) return this.take(this.at, event);
    else return false;
    event.preventDefault();
    this.render();
    return true;
  }

  take(i, event) {
    event?.preventDefault();
    const end = this.text.selectionStart;
    this.text.setRangeText(this.found[i].insert, end - this.word.length, end, "end");
    this.close();
    this.text.focus();
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
    this.close();
    return true;
  }

  close() {
    this.found = [];
    this.render();
  }
}

function suggestions(word) {
  const part = word.slice(1).toLowerCase();
  if (word[0] === "/") return commands(word.toLowerCase());
  if (word[0] === "#") return channels(part);
  if (word[0] === ":") return emojis(part);
  return [...users(part), ...groups(part)];
}

const users = (part) =>
  [...state.users.values()]
    .filter((one) => !one.deleted && one.id !== state.me && [one.name, one.real_name].some((name) => name.toLowerCase().includes(part)))
    .sort((a, b) => Number(b.role === "bot") - Number(a.role === "bot"))
    .map((one) => ({ sign: avatar(one.id, "tiny"), label: `@${one.name}`, note: `${one.real_name} · ${one.title ?? ""}`, insert: `@${one.name} ` }));

const groups = (part) =>
  [...state.usergroups.values()]
    .filter((one) => one.handle.includes(part))
    .map((one) => ({ sign: icon("hash", 16), label: `@${one.handle}`, note: one.name, insert: `@${one.handle} ` }));

const channels = (part) =>
  channelsOf(state.me)
    .filter((one) => one.kind !== "im" && one.name.includes(part))
    .map((one) => ({ sign: icon("hash", 16), label: one.name, note: one.topic, insert: `#${one.name} ` }));

const commands = (word) =>
  state.commands
    .filter((one) => one.command.startsWith(word))
    .map((one) => ({ sign: icon("bolt", 16), label: one.command, note: [one.usage_hint, one.description].filter(Boolean).join(" – "), insert: `${one.command} ` }));

const emojis = (part) =>
  COMMON.filter((name) => name.includes(part)).map((name) => ({ sign: emoji(name), label: `:${name}:`, note: "", insert: `${emoji(name)} ` }));
