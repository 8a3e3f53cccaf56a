// The rarer blocks: plans and tasks, cards, containers, videos, remote files.

import { el, safeUrl } from "./dom.js";
import { element, image } from "./elements.js";
import { icon } from "./icons.js";
import { link } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { textNodes, textString } from "./textobject.js";

const STATES = { pending: ["○", "to do"], in_progress: ["◐", "under way"], complete: ["●", "done"], error: ["✕", "failed"] };

/** One step of what an agent does, with what came of it. */
export function taskCard(task) {
  const [sign, words] = STATES[task.status] ?? STATES.pending;
  const sources = (task.sources ?? []).map((one) => link(one.url, one.text));
  return el("div", { class: `task ${task.status ?? "pending"}` },
    el("div", { class: "task-head" }, el("span", { class: "task-sign", "aria-hidden": "true" }, sign), el("b", {}, textNodes(task.title)),
      el("span", { class: "hidden-text" }, `, ${words}`)),
    task.details && richText(task.details), task.output && richText(task.output),
    sources.length ? el("div", { class: "task-sources" }, sources) : null);
}

export const plan = (block) =>
  el("details", { open: true }, el("summary", {}, el("b", {}, textNodes(block.title)), el("span", { class: "muted" }, ` ${doneOf(block.tasks ?? [])}`)),
    (block.tasks ?? []).map(taskCard));

const doneOf = (tasks) => `${tasks.filter((one) => one.status === "complete").length} of ${tasks.length}`;

export const card = (block, surface) =>
  el("div", {},
    block.hero_image && image(block.hero_image.image_url, block.hero_image.alt_text, "block-picture"),
    el("div", { class: "card-head" }, block.icon && image(block.icon.image_url, block.icon.alt_text, "context-image"),
      el("div", {}, block.title && el("b", {}, textNodes(block.title)), block.subtitle && el("div", { class: "muted" }, textNodes(block.subtitle)))),
    block.body && el("div", {}, textNodes(block.body)), block.subtext && el("div", { class: "muted" }, textNodes(block.subtext)),
    block.actions && el("div", { class: "block-actions" }, block.actions.map((one) => element(one, block, surface))));

export const carousel = (block, surface) =>
  el("div", { tabindex: "0", role: "group", "aria-label": `${block.elements.length} cards` },
    block.elements.map((one) => {
      const node = card(one, surface);
      node.classList.add("block-card");
      return node;
    }));

/** `renderBlocks` is given, not imported: blocks.js imports this file. */
export function container(block, surface, renderBlocks) {
  const title = [block.icon && image(block.icon.image_url, block.icon.alt_text, "context-image"),
    el("b", {}, block.title ? textNodes(block.title) : richText(block.rich_text_title)),
    block.subtitle && el("span", { class: "muted" }, textNodes(block.subtitle))];
  const inside = renderBlocks(block.child_blocks, surface);
  if (!block.is_collapsible) return el("div", {}, el("div", { class: "container-head" }, title), inside);
  return el("details", { open: !block.default_collapsed }, el("summary", { class: "container-head" }, title), inside);
}

/** A link with the picture: the page plays nothing from elsewhere. */
export const video = (block) =>
  el("a", { href: safeUrl(block.title_url ?? block.video_url), target: "_blank", rel: "noopener noreferrer", class: "file" },
    image(block.thumbnail_url, block.alt_text, "block-picture"),
    el("span", { class: "file-name" }, el("b", {}, `▶ ${textString(block.title)}`), block.description && el("small", {}, textNodes(block.description))));

export const remoteFile = (block) =>
  el("div", {}, el("span", { class: "file" }, el("span", { class: "file-sign" }, icon("clip")),
    el("span", { class: "file-name" }, el("b", {}, block.external_id), el("small", {}, "Remote file"))));
