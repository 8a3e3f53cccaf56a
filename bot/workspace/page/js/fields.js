// Block Kit's fields for input: texts, selects, checkboxes, radio buttons, dates.
// Each is {node, read}: what to show, and what is filled in now.

import { el } from "./dom.js";
import { post } from "./api.js";
import { state, fullName, people } from "./store.js";
import { textNodes, textString } from "./textobject.js";

const readers = new WeakMap();

const FIELDS = {
  plain_text_input: textInput,
  email_text_input: (e, c) => textInput(e, c, "email"),
  url_text_input: (e, c) => textInput(e, c, "url"),
  number_input: (e, c) => textInput(e, c, "number"),
  datepicker: (e, c) => dateInput(e, c, "date", e.initial_date),
  timepicker: (e, c) => dateInput(e, c, "time", e.initial_time),
  datetimepicker: dateTimeInput,
  static_select: (e, c) => select(e, c, e.options, e.option_groups),
  external_select: externalSelect,
  users_select: (e, c) => select(e, c, userOptions(), null, e.initial_user),
  conversations_select: (e, c) => select(e, c, channelOptions(), null, e.initial_conversation),
  channels_select: (e, c) => select(e, c, channelOptions(), null, e.initial_channel),
  multi_static_select: (e, c) => manySelect(e, c, e.options ?? (e.option_groups ?? []).flatMap((group) => group.options)),
  multi_external_select: externalMany,
  multi_users_select: (e, c) => manySelect(e, c, userOptions(), e.initial_users),
  multi_conversations_select: (e, c) => manySelect(e, c, channelOptions(), e.initial_conversations),
  multi_channels_select: (e, c) => manySelect(e, c, channelOptions(), e.initial_channels),
  checkboxes: (e, c) => ticks(e, c, "checkbox", e.options, (e.initial_options ?? []).map((o) => o.value)),
  radio_buttons: (e, c) => ticks(e, c, "radio", e.options, e.initial_option ? [e.initial_option.value] : []),
};

export const isField = (e) => e?.type in FIELDS;

/**
 * `c`: {id, label, describedBy, saved (a value to start with), changed(value) or undefined, block, view}.
 * The returned node answers to `readField`.
 */
export function field(e, c) {
  const { node, read } = (FIELDS[e.type] ?? unknown)(e, c);
  readers.set(node, read);
  node.classList.add("field");
  node.dataset.action = e.action_id ?? "";
  return node;
}

export const readField = (node) => readers.get(node)?.() ?? null;

const unknown = (e) => ({ node: el("p", { class: "unsupported" }, `This page cannot fill in “${e.type}”.`), read: () => undefined });

const attributes = (e, c) => ({
  id: c.id, "aria-label": c.label, "aria-describedby": c.describedBy, autofocus: e.focus_on_load ? true : undefined,
});

function textInput(e, c, type = "text") {
  const node = el(e.multiline ? "textarea" : "input", {
    class: "text-field", ...attributes(e, c), placeholder: textString(e.placeholder), maxlength: e.max_length && String(e.max_length),
    rows: e.multiline ? "5" : undefined, type: e.multiline ? undefined : type, step: e.is_decimal_allowed ? "any" : undefined,
  });
  node.value = c.saved ?? e.initial_value ?? "";
  if (c.changed) node.addEventListener("keydown", (event) => event.key === "Enter" && !e.multiline && c.changed(node.value));
  return { node, read: () => node.value };
}

function dateInput(e, c, type, initial) {
  const node = el("input", { class: "text-field", type, ...attributes(e, c) });
  node.value = c.saved ?? initial ?? "";
  if (c.changed) node.addEventListener("change", () => c.changed(node.value));
  return { node, read: () => node.value || null };
}

function dateTimeInput(e, c) {
  const local = (seconds) => new Date(seconds * 1000 - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  const start = c.saved ?? e.initial_date_time;
  const { node } = dateInput(e, { ...c, saved: start ? local(start) : "", changed: undefined }, "datetime-local");
  const read = () => (node.value ? Math.floor(new Date(node.value).getTime() / 1000) : null);
  if (c.changed) node.addEventListener("change", () => c.changed(read()));
  return { node, read };
}

const userOptions = () => people().map((one) => ({ text: fullName(one.id), value: one.id }));
const channelOptions = () =>
  [...state.channels.values()].filter((one) => one.kind !== "im").map((one) => ({ text: `#${one.name}`, value: one.id }));

const option = (one) => el("option", { value: one.value }, textString(one.text));

function select(e, c, options, groups = null, initial = e.initial_option?.value) {
  const node = el("select", { class: "select-field", ...attributes(e, c) },
    el("option", { value: "" }, textString(e.placeholder) || "Select an option"),
    (options ?? []).map(option),
    (groups ?? []).map((group) => el("optgroup", { label: textString(group.label) }, group.options.map(option))));
  node.value = c.saved ?? initial ?? "";
  if (c.changed) node.addEventListener("change", () => node.value && c.changed(node.value));
  return { node, read: () => node.value || null };
}

function externalSelect(e, c) {
  const made = select(e, c, e.initial_option ? [e.initial_option] : []);
  made.node.addEventListener("focus", async () => {
    const where = { user: state.me, view_id: c.view, block_id: c.block, action_id: e.action_id, value: "" };
    const found = await post("options", where).catch(() => ({ options: [] }));
    const known = new Set([...made.node.options].map((one) => one.value));
    made.node.append(...(found.options ?? []).filter((one) => !known.has(one.value)).map(option));
  }, { once: true });
  return made;
}

/** All that the app offers without anything typed; what was chosen is kept when they arrive. */
function externalMany(e, c) {
  const box = el("div", { class: "field-box" });
  let inner = manySelect(e, c, e.initial_options ?? []);
  box.append(inner.node);
  const where = { user: state.me, view_id: c.view, block_id: c.block, action_id: e.action_id, value: "" };
  post("options", where).then(({ options = [] }) => {
    inner = manySelect(e, { ...c, saved: inner.read() }, [...(e.initial_options ?? []), ...options]);
    box.replaceChildren(inner.node);
  }).catch(() => {});
  return { node: box, read: () => inner.read() };
}

const manySelect = (e, c, options, initial = (e.initial_options ?? []).map((o) => o.value)) =>
  ticks(e, c, "checkbox", options, initial, " many");

let groups = 0;

function ticks(e, c, type, options, initial, extra = "") {
  const name = `group-${++groups}`;
  const start = new Set([c.saved ?? initial].flat());
  const boxes = (options ?? []).map((one) => el("input", { type, name, value: one.value, checked: start.has(one.value) }));
  const node = el("div", { class: `ticks${extra}`, role: type === "radio" ? "radiogroup" : "group", ...attributes(e, c) },
    boxes.map((box, i) => el("label", { class: "tick" }, box, el("span", {}, textNodes(options[i].text),
      options[i].description && el("small", {}, textNodes(options[i].description))))));
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const read = () => (type === "radio" ? chosen()[0] ?? null : chosen());
  if (c.changed) node.addEventListener("change", () => c.changed(read()));
  return { node, read };
}
