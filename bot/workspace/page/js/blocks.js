// Block Kit -> DOM. What a block may hold is Slack's matter; here it is only shown.

import { el } from "./dom.js";
import { element, image } from "./elements.js";
import { field } from "./fields.js";
import { markdown } from "./markdown.js";
import { card, carousel, container, plan, remoteFile, taskCard, video } from "./moreblocks.js";
import { inline } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { textNodes, textString } from "./textobject.js";

let ids = 0;

/** `surface`: see elements.js. */
export function renderBlocks(blocks, surface) {
  return el("div", { class: "blocks" }, blocks.map((block) => renderBlock(block, surface)));
}

function renderBlock(block, surface) {
  const make = BLOCKS[block.type];
  const node = make ? make(block, surface) : el("p", { class: "unsupported" }, `This page cannot show the block “${block.type}”.`);
  node.classList.add("block", `block-${block.type.replaceAll("_", "-")}`);
  if (block.block_id) node.dataset.block = block.block_id;
  return node;
}

const BLOCKS = {
  actions: (block, surface) => el("div", {}, block.elements.map((e) => element(e, block, surface))),
  alert: (block) => el("p", { class: `alert ${block.level ?? ""}`, role: "note" }, textNodes(block.text)),
  context: (block) => el("div", {}, block.elements.map(contextPart)),
  context_actions: (block, surface) => el("div", {}, block.elements.map((e) => element(e, block, surface))),
  divider: () => el("hr"),
  header: (block) => el("h3", {}, textNodes(block.text)),
  image: (block) => el("figure", {}, block.title && el("figcaption", {}, textNodes(block.title)),
    image(block.image_url ?? block.slack_file?.url, block.alt_text, "block-picture")),
  input: inputBlock,
  markdown: (block) => markdown(block.text ?? ""),
  rich_text: richText,
  section,
  table,
  data_table: table,
  task_card: taskCard,
  plan,
  card,
  carousel,
  container: (block, surface) => container(block, surface, renderBlocks),
  video,
  file: remoteFile,
};

const contextPart = (part) =>
  part.type === "image" ? image(part.image_url, part.alt_text, "context-image") : el("span", {}, textNodes(part));

function section(block, surface) {
  return el("div", {},
    el("div", { class: "section-main" },
      block.text && el("div", { class: "section-text" }, textNodes(block.text)),
      block.fields && el("div", { class: "section-fields" }, block.fields.map((one) => el("div", {}, textNodes(one))))),
    block.accessory && el("div", { class: "section-accessory" }, element(block.accessory, block, surface)));
}

function inputBlock(block, surface) {
  const id = `field-${++ids}`;
  const e = block.element;
  const several = ["checkboxes", "radio_buttons"].includes(e.type) || e.type.startsWith("multi_");
  const described = `${id}-error${block.hint ? ` ${id}-hint` : ""}`;
  const node = field(e, {
    id, label: several ? textString(block.label) : undefined, describedBy: described, saved: surface.saved(block, e),
    block: block.block_id, view: surface.view, changed: block.dispatch_action ? (value) => surface.act(block, e, value) : undefined,
  });
  return el("div", {},
    el(several ? "div" : "label", { class: "input-label", for: several ? undefined : id }, textNodes(block.label),
      block.optional && el("span", { class: "optional" }, " (optional)")),
    node,
    block.hint && el("div", { class: "input-hint", id: `${id}-hint` }, textNodes(block.hint)),
    el("div", { class: "input-error", id: `${id}-error`, role: "alert" }));
}

function table(block) {
  const cell = (one) => (one.type === "rich_text" ? richText(one) : inline(String(one.text ?? one.value ?? "")));
  const [head, ...rows] = block.rows ?? [];
  return el("div", { class: "table-box" }, el("table", {},
    head && el("thead", {}, el("tr", {}, head.map((one) => el("th", { scope: "col" }, cell(one))))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((one) => el("td", {}, cell(one))))))));
}
