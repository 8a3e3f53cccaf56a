// Editing one's own message, in its place.

import { post } from "./api.js";
import { showError } from "./dialogs.js";
import { el } from "./dom.js";
import { draftText, outgoingText } from "./outgoing.js";
import { state, tell } from "./store.js";

let current = null; // "channel/ts"

const keyOf = (message) => `${message.channel}/${message.ts}`;
export const isEdited = (message) => current === keyOf(message);

export function startEdit(message) {
  current = keyOf(message);
  tell("editing");
  requestAnimationFrame(() => {
    const box = document.querySelector(".edit-box textarea");
    box?.focus();
    box?.setSelectionRange(box.value.length, box.value.length);
  });
}

function stop() {
  const pane = document.querySelector(".edit-box")?.closest("main, aside");
  current = null;
  tell("editing");
  pane?.querySelector(".composer textarea").focus();
}

export function editor(message) {
  const text = el("textarea", { rows: "3", "aria-label": "Edit message" });
  text.value = draftText(message.text);
  const save = async () => {
    try {
      if (text.value.trim()) await post("edit", { user: state.me, channel: message.channel, ts: message.ts, text: outgoingText(text.value.trim()) });
      stop();
    } catch (error) {
      showError(error);
    }
  };
  text.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      stop();
    }
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      save();
    }
  });
  return el("div", { class: "edit-box" }, text, el("div", { class: "edit-buttons" },
    el("button", { type: "button", class: "button", onclick: stop }, "Cancel"),
    el("button", { type: "button", class: "button primary", onclick: save }, "Save")));
}
