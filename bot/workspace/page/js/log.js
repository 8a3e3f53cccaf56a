// Behind the scenes: what the workspace and the bot said to each other.

import { get } from "./api.js";
import { byId, el } from "./dom.js";
import { faultPanel } from "./faults.js";
import { icon } from "./icons.js";
import { scenePanel } from "./scene.js";
import { on } from "./store.js";
import { toTheMillisecond } from "./times.js";

const KEY = "floorwalker.log";
const MOST = 300;
const BESIDE = 1100; // pixels: in narrower windows the log lies over the conversation, so it does not open by itself
const SIGNS = { api: "Bot → Slack", event: "Slack → bot", interaction: "Slack → bot", connection: "Socket", fault: "Fault", response_url: "Bot → Slack" };

let list;
let entries = new Map(); // number -> node
let quiet = false;

export function startLog() {
  const toggle = byId("log-toggle");
  toggle.append(icon("code"), el("span", {}, "Behind the scenes"));
  toggle.addEventListener("click", () => showLog(byId("log").hidden));
  list = el("ol", { class: "log-list" });
  const onlyFaults = el("input", { type: "checkbox", onchange: () => byId("log").classList.toggle("only-faults", onlyFaults.checked) });
  byId("log").append(
    el("header", { class: "pane-head" },
      el("div", { class: "head-text" }, el("h2", { id: "log-title" }, "Behind the scenes"), el("p", { class: "topic" }, "Newest first")),
      el("label", { class: "tick" }, onlyFaults, el("span", {}, "Faults only")),
      el("button", { type: "button", class: "tool close", "aria-label": "Close the log", title: "Close", onclick: () => showLog(false) }, icon("close"))),
    faultPanel(), scenePanel(),
    el("div", { class: "scroller", role: "region", tabindex: "0", "aria-labelledby": "log-title" }, list));
  on("log", add);
  showLog(localStorage.getItem(KEY) === "open" && innerWidth >= BESIDE);
  byId("log").addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    showLog(false);
    toggle.focus();
  });
}

export function showLog(open) {
  byId("log").hidden = !open;
  document.body.classList.toggle("with-log", open);
  byId("log-toggle").setAttribute("aria-expanded", String(open));
  localStorage.setItem(KEY, open ? "open" : "closed");
  if (open) load();
}

async function load() {
  const found = await get("log").catch(() => ({ entries: [] }));
  entries = new Map();
  list.replaceChildren();
  quiet = true;
  found.entries.slice(-MOST).forEach(add);
  quiet = false;
}

function add(entry) {
  if (byId("log").hidden || entries.has(entry.n)) return;
  const node = entryNode(entry);
  entries.set(entry.n, node);
  list.prepend(node);
  if (!quiet) node.classList.add("fresh");
  while (list.childElementCount > MOST) list.lastChild.remove();
}

function entryNode(entry) {
  const details = el("details", {},
    el("summary", {}, el("span", { class: `log-kind ${entry.kind}` }, SIGNS[entry.kind] ?? entry.kind), el("span", { class: "log-name" }, entry.summary),
      el("time", { datetime: entry.at }, toTheMillisecond(entry.at)), !entry.ok && el("span", { class: "log-error" }, entry.error ?? "failed")));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) details.append(el("pre", { tabindex: "0" }, JSON.stringify(entry.detail, null, 2)));
  });
  return el("li", { class: entry.ok ? "" : "fault" }, details);
}
