// Modals: the view on top of the person's stack, in a <dialog>, which keeps the focus inside.

import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { keepFocus, showError } from "./dialogs.js";
import { byId, el } from "./dom.js";
import { icon } from "./icons.js";
import { on, state, tell } from "./store.js";
import { textNodes } from "./textobject.js";
import { remember, renderView, valuesOf } from "./views.js";

let shown = "";
let opener = null;

export function startModal() {
  on("modal", render);
  keepFocus(byId("modal"));
  byId("modal").addEventListener("cancel", (event) => {
    event.preventDefault(); // Escape: the server closes, then we do
    close(false);
  });
  byId("modal").addEventListener("close", () => shown && close(false)); // a browser may close it without asking
}

function render() {
  const dialog = byId("modal");
  const view = state.modal;
  const key = JSON.stringify(view);
  if (key === shown) return;
  if (!view) return hide(dialog);
  const same = dialog.dataset.view === view.id;
  const saved = same ? remember(dialog) : new Map();
  shown = key;
  dialog.dataset.view = view.id;
  dialog.replaceChildren(modalForm(view, dialog, saved));
  if (!dialog.open) {
    opener = document.activeElement;
    dialog.showModal();
  }
  if (!same) (dialog.querySelector("[autofocus], .field input, .field:is(input, textarea, select)") ?? dialog.querySelector("button")).focus();
}

function hide(dialog) {
  shown = "";
  delete dialog.dataset.view;
  dialog.close();
  dialog.replaceChildren();
  if (opener?.isConnected) opener.focus();
}

function modalForm(view, dialog, saved) {
  const submit = view.submit ? el("button", { type: "submit", class: "button primary" }, textNodes(view.submit)) : null;
  const body = el("div", { class: "dialog-body" }, renderView(view, dialog, saved));
  const cancel = view.close ? textNodes(view.close) : [submit ? "Cancel" : "Close"];
  return el("form", {
    class: "dialog-box", novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      send(dialog, submit);
    },
  },
    el("header", { class: "dialog-head" }, avatar(state.bot, "small"), el("h2", { id: "modal-title" }, textNodes(view.title)),
      el("button", { type: "button", class: "tool", "aria-label": "Close", onclick: () => close(true) }, icon("close"))),
    body,
    el("footer", { class: "dialog-foot" }, el("button", { type: "button", class: "button", onclick: () => close(false) }, cancel), submit));
}

async function close(all) {
  try {
    await post("close", { user: state.me, clear: all || undefined });
    if (all) state.modal = null;
    tell("modal");
  } catch (error) {
    state.modal = null; // never leave anybody locked in
    tell("modal");
    showError(error);
  }
}

async function send(dialog, button) {
  showErrors(dialog, {});
  button.classList.add("busy");
  button.disabled = true;
  try {
    const { errors } = await post("submit", { user: state.me, values: valuesOf(dialog) });
    if (errors) showErrors(dialog, errors);
  } catch (error) {
    showError(error);
  } finally {
    button.classList.remove("busy");
    button.disabled = false;
  }
}

/** Puts each error beside its field, and the focus on the first. */
function showErrors(dialog, errors) {
  let first = null;
  for (const block of dialog.querySelectorAll(".block-input[data-block]")) {
    const text = errors[block.dataset.block] ?? "";
    const node = block.querySelector(".field");
    block.classList.toggle("wrong", Boolean(text));
    block.querySelector(".input-error").textContent = text;
    node.setAttribute("aria-invalid", String(Boolean(text)));
    if (text) first ??= node;
  }
  (first?.matches("input, select, textarea") ? first : first?.querySelector("input"))?.focus();
}
