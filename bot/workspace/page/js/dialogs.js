// Small questions ("Delete this message?"). <dialog> closes on Escape by itself.

import { byId, el } from "./dom.js";
import { textNodes } from "./textobject.js";

const STOPS = "button, a[href], input, select, textarea";

/** Tab goes round inside instead of out into the browser's own bars. */
export function keepFocus(dialog) {
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const all = [...dialog.querySelectorAll(STOPS)].filter((one) => !one.disabled && one.checkVisibility());
    const [edge, other] = event.shiftKey ? [all[0], all.at(-1)] : [all.at(-1), all[0]];
    if (document.activeElement !== edge) return;
    event.preventDefault();
    other.focus();
  });
}

/** Resolves to true if confirmed. Texts are strings or Block Kit text objects. */
export function confirmBox({ title, text, confirm = "Yes", deny = "Cancel", style = "primary", extra = null }) {
  return new Promise((resolve) => {
    const answer = (value) => () => dialog.close(value);
    const form = el("form", { method: "dialog", class: "dialog-box small" },
      el("header", { class: "dialog-head" }, el("h2", { id: "confirm-title" }, textNodes(title))),
      el("div", { class: "dialog-body" }, textNodes(text), extra),
      el("footer", { class: "dialog-foot" },
        el("button", { type: "button", class: "button", onclick: answer("no") }, textNodes(deny)),
        el("button", { type: "button", class: `button ${style}`, onclick: answer("yes"), autofocus: true }, textNodes(confirm))));
    const dialog = el("dialog", { class: "dialog", "aria-labelledby": "confirm-title" }, form);
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
    keepFocus(dialog);
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * Asks for something: `fields` are nodes with named inputs, which the browser checks.
 * Resolves to a FormData, or to null if it was cancelled.
 */
export function askBox({ title, fields, confirm, style = "primary" }) {
  return new Promise((resolve) => {
    const done = (event) => {
      event.preventDefault();
      dialog.close("yes");
    };
    const form = el("form", { class: "dialog-box small", onsubmit: done },
      el("header", { class: "dialog-head" }, el("h2", { id: "ask-title" }, title)),
      el("div", { class: "dialog-body asked" }, fields),
      el("footer", { class: "dialog-foot" },
        el("button", { type: "button", class: "button", onclick: () => dialog.close("no") }, "Cancel"),
        el("button", { type: "submit", class: `button ${style}` }, confirm)));
    const dialog = el("dialog", { class: "dialog", "aria-labelledby": "ask-title" }, form);
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes" ? new FormData(form) : null);
      dialog.remove();
    });
    keepFocus(dialog);
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** A label with its input or select, and perhaps a line below. */
export const asked = (label, input, hint = "") =>
  el("label", { class: "asked-field" }, el("span", { class: "input-label" }, label), input, hint && el("span", { class: "input-hint" }, hint));

/** `choices`: {value: text}. */
export const choice = (name, choices, chosen) =>
  el("select", { name, class: "select-field" }, Object.entries(choices).map(([value, text]) => el("option", { value, selected: value === chosen }, text)));

let fading = 0;

/** A passing note at the bottom, announced at once. */
export function toast(text, kind = "note") {
  const box = byId("toast");
  box.textContent = text;
  box.className = `toast ${kind}`;
  byId("spoken").textContent = text;
  if (box.matches(":popover-open")) box.hidePopover(); // shown anew, it lies above a modal that was opened meanwhile
  box.showPopover();
  clearTimeout(fading);
  fading = setTimeout(() => box.hidePopover(), 6000);
}

export const showError = (error) => toast(error.message || "That did not work.", "error");
