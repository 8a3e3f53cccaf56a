// The whole workspace as a file: keep a scene, come back to it, begin afresh.

import { get, post } from "./api.js";
import { confirmBox, showError, toast } from "./dialogs.js";
import { el } from "./dom.js";

/** A `details` with the three buttons. */
export function scenePanel() {
  const picker = el("input", { type: "file", accept: "application/json,.json", hidden: true, onchange: () => restore(picker) });
  const button = (label, action) => el("button", { type: "button", class: "button", onclick: () => action().catch(showError) }, label);
  return el("details", { class: "log-panel" }, el("summary", {}, "Save or restore the workspace"),
    el("p", { class: "panel-note" }, "Channels, people and messages. What the app itself remembers is not part of it."),
    el("div", { class: "panel-buttons" }, button("Save to a file", save), button("Restore from a file", async () => picker.click()), button("Begin afresh", afresh), picker));
}

async function save() {
  const saved = await get("save");
  const address = URL.createObjectURL(new Blob([JSON.stringify(saved, null, 1)], { type: "application/json" }));
  el("a", { href: address, download: "workspace.json" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

async function restore(picker) {
  const [file] = picker.files;
  picker.value = "";
  if (!file) return;
  try {
    await post("load", { state: JSON.parse(await file.text()) });
    toast("The workspace is as it was saved.");
  } catch (error) {
    showError(error instanceof SyntaxError ? new Error("That file is no saved workspace.") : error);
  }
}

async function afresh() {
  const sure = await confirmBox({
    title: "Begin afresh?", text: "All messages here are gone. Save them first if you want to come back.", confirm: "Begin afresh", style: "danger",
  });
  if (!sure) return;
  await post("load", {});
  toast("A fresh workspace.");
}
