// Small questions ("Delete this message?"). <dialog> traps the focus and closes on Escape by itself.

import { byId, el } from "./dom.js";
import { textNodes } from "./textobject.js";

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
    document.body.append(dialog);
    dialog.showModal();
  });
}

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
