// "Try this": what each role could do first. One click goes there and fills the box, or points at the button.

import { byId, el, fill } from "./dom.js";
import { mainComposer } from "./channelpane.js";
import { toast } from "./dialogs.js";
import { STEPS, TITLES } from "./guidesteps.js";
import { icon } from "./icons.js";
import { showLog } from "./log.js";
import { go } from "./place.js";
import { botChannel, loadMessages, me, messagesOf, on, state } from "./store.js";
import { textString } from "./textobject.js";
import { replyComposer } from "./threadpane.js";

const KEY = "floorwalker.guide";
let memory = { hidden: [], done: [] };

export function startGuide() {
  try {
    memory = { ...memory, ...JSON.parse(localStorage.getItem(KEY)) };
  } catch {
    localStorage.removeItem(KEY);
  }
  on("place", render);
  document.addEventListener("click", noticePress);
}

/** A step whose button was pressed without the guide's help is done, too. */
function noticePress(event) {
  const label = event.target.closest?.(".button")?.dataset.label;
  const role = me()?.role;
  const number = (STEPS[role] ?? []).findIndex((step) => step.point && !step.reply && label?.includes(step.point));
  if (number >= 0) finish(`${role}/${number}`);
}

function finish(key) {
  if (!memory.done.includes(key)) memory.done.push(key);
  keep();
  render();
}

export function showGuide() {
  const role = me().role;
  if (memory.hidden.includes(role)) memory.hidden = memory.hidden.filter((one) => one !== role);
  else memory.hidden.push(role);
  keep();
  render();
  if (!byId("guide").hidden) byId("guide").querySelector(".step").focus();
}

function keep() {
  localStorage.setItem(KEY, JSON.stringify(memory));
}

function render() {
  const role = me()?.role;
  const steps = STEPS[role] ?? [];
  const box = byId("guide");
  box.hidden = !steps.length || memory.hidden.includes(role);
  if (box.hidden) return;
  const focus = [...box.querySelectorAll(".step")].indexOf(document.activeElement);
  fill(box,
    el("header", {}, icon("spark"), el("h2", { id: "guide-title" }, "Try this"), el("p", {}, TITLES[role]),
      el("button", { type: "button", class: "tool", "aria-label": "Hide the suggestions", title: "Hide", onclick: showGuide }, icon("close", 16))),
    el("ol", {}, steps.map((step, i) => el("li", {}, stepButton(step, `${role}/${i}`, i + 1)))));
  if (focus >= 0) box.querySelectorAll(".step")[focus].focus();
}

function stepButton(step, key, number) {
  const done = memory.done.includes(key);
  return el("button", { type: "button", class: `step${done ? " done" : ""}`, onclick: () => take(step, key) },
    el("span", { class: "step-number" }, done ? icon("check", 14) : String(number), done && el("span", { class: "hidden-text" }, "done")),
    el("span", { class: "step-text" }, el("b", {}, step.title), el("small", {}, step.text)));
}

async function take(step, key) {
  const channel = placeOf(step.where);
  go({ channel, thread: null, tab: step.tab ?? "messages" });
  if (step.fill && !step.reply) mainComposer().fill(step.fill);
  if (step.log) showLog(true);
  if (step.reply || step.point) await atMessage(step, channel);
  finish(key);
}

const placeOf = (where) => {
  const named = [...state.channels.values()].find((one) => one.name === where && one.members.includes(state.me));
  return where === "bot" || !named ? botChannel() : named.id;
};

/** Finds the newest message that has the step's button, and shows it. */
async function atMessage(step, channel) {
  if (!messagesOf(channel)) await loadMessages(channel);
  const found = await newest(channel, step.point);
  if (!found) return toast(step.missing);
  if (found.thread || step.reply) go({ thread: found.thread ?? found.ts });
  await drawn();
  if (step.reply) return replyComposer().fill(step.fill);
  const pane = byId(found.thread ? "thread-list" : "channel-list");
  const buttons = [...pane.querySelectorAll(`[data-ts="${found.ts}"] .button`)];
  point(buttons.find((one) => one.dataset.label?.includes(step.point)));
  return undefined;
}

/** The newest message with that button: at the top level, else in the latest threads. */
async function newest(channel, label) {
  const has = (one) => buttonsOf(one).some((text) => text.includes(label));
  const top = messagesOf(channel) ?? [];
  const here = top.findLast(has);
  if (here) return { ts: here.ts, thread: null };
  for (const root of top.filter((one) => one.reply_count).reverse().slice(0, 5)) {
    await loadMessages(channel, root.ts);
    const reply = (messagesOf(channel, root.ts) ?? []).findLast(has);
    if (reply) return { ts: reply.ts, thread: root.ts };
  }
  return null;
}

const buttonsOf = (message) => (message.blocks ?? []).flatMap((block) => block.elements ?? []).map((one) => textString(one.text));

const drawn = () => new Promise((resolve) => setTimeout(resolve, 350));

function point(button) {
  if (!button) return;
  button.scrollIntoView({ block: "center", behavior: "smooth" });
  button.focus({ preventScroll: true });
  button.classList.add("pointed");
  setTimeout(() => button.classList.remove("pointed"), 4000);
}
