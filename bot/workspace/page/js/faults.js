// What goes wrong next: a small form above the log. The kinds and their fields come from the workspace itself.

import { get, post } from "./api.js";
import { showError, toast } from "./dialogs.js";
import { el, fill } from "./dom.js";
import { fullName, state } from "./store.js";

const NUMBERS = ["count", "seconds", "status"];
const TICKS = ["done", "undo"];
let kinds = [];

/** A `details` that fetches what there is when it is opened for the first time. */
export function faultPanel() {
  const kind = el("select", { "aria-label": "What goes wrong", onchange: () => showFields() });
  const does = el("p", { class: "panel-note" });
  const fields = el("div", { class: "fault-fields" });
  const pending = el("p", { class: "panel-note", "aria-live": "polite" });
  const chosen = () => kinds.find((one) => one.kind === kind.value) ?? { does: "", fields: [] };

  const showFields = () => {
    does.textContent = chosen().does;
    fill(fields, chosen().fields.map((field) => el("label", {}, el("span", {}, field.name), input(field), el("small", {}, field.means))));
  };
  const showPending = ({ faults }) => {
    pending.textContent = faults.length ? `Still to come: ${faults.map((one) => one.kind + (one.count > 1 ? ` ×${one.count}` : "")).join(", ")}` : "";
  };
  const ask = (wish) => post("fault", wish).then((answer) => { showPending(answer); toast(wish.kind === "none" ? "Nothing goes wrong any more." : "It is set up."); }).catch(showError);

  const form = el("form", { onsubmit: (event) => { event.preventDefault(); ask({ kind: kind.value, ...values(fields) }); } },
    kind, does, fields,
    el("div", { class: "panel-buttons" },
      el("button", { type: "submit", class: "button primary" }, "Let it happen"),
      el("button", { type: "button", class: "button", onclick: () => ask({ kind: "none" }) }, "All in order again")),
    pending);
  const panel = el("details", { class: "log-panel fault-panel" }, el("summary", {}, "Let something go wrong"), form);
  panel.addEventListener("toggle", async () => {
    if (!panel.open) return;
    const found = await get("faults").catch((error) => showError(error));
    if (!found) return;
    showPending(found);
    if (kinds.length) return;
    kinds = found.kinds.filter((one) => one.kind !== "none");
    fill(kind, kinds.map((one) => el("option", { value: one.kind }, one.kind.replaceAll("_", " "))));
    showFields();
  });
  return panel;
}

function input(field) {
  if (field.choices.length) return el("select", { name: field.name }, field.choices.map((choice) => el("option", {}, choice)));
  if (TICKS.includes(field.name)) return el("input", { type: "checkbox", name: field.name });
  if (field.name === "channel") return named(field.name, [...state.channels.values()].map((one) => [one.id, placeName(one)]), state.channel);
  if (field.name === "user") return named(field.name, [...state.users.values()].map((one) => [one.id, one.real_name]), state.me);
  return el("input", { type: NUMBERS.includes(field.name) ? "number" : "text", name: field.name, min: "0", step: "any" });
}

const placeName = (channel) => (channel.kind === "im" ? `${fullName(channel.members.find((id) => id !== state.bot))} and the app` : `#${channel.name}`);

/** A menu that may also be left open. */
const named = (name, entries, chosen) =>
  el("select", { name }, el("option", { value: "" }, "–"), entries.map(([value, text]) => el("option", { value, selected: value === chosen }, text)));

/** What stands in the form; empty fields are left out. */
function values(fields) {
  const found = {};
  for (const one of fields.querySelectorAll("[name]")) {
    if (one.type === "checkbox") { if (one.checked) found[one.name] = true; }
    else if (one.value !== "") found[one.name] = one.type === "number" ? Number(one.value) : one.value;
  }
  return found;
}
