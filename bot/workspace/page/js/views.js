// Modals' and App Home's views: their blocks, what is filled in, and their clicks.

import { post } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { readField } from "./fields.js";
import { state } from "./store.js";

/** What is filled in below `container`, by block id: the input blocks only. */
export function valuesOf(container) {
  const inputs = [...container.querySelectorAll(".block-input[data-block]")];
  return Object.fromEntries(inputs.map((block) => [block.dataset.block, readField(block.querySelector(".field"))]));
}

/** What is filled in by block and action, so that a changed view keeps it. */
export function remember(container) {
  const saved = new Map();
  for (const node of container.querySelectorAll(".field")) {
    saved.set(`${node.closest("[data-block]")?.dataset.block}/${node.dataset.action}`, readField(node));
  }
  return saved;
}

/** `container` is where the view is shown: its fields go along with each click. */
export function renderView(view, container, saved = new Map()) {
  return renderBlocks(view.blocks ?? [], {
    view: view.id,
    saved: (block, element) => saved.get(`${block.block_id}/${element.action_id}`) ?? undefined,
    act: (block, element, value) => post("click", {
      user: state.me, view_id: view.id, block_id: block.block_id, action_id: element.action_id, value, values: valuesOf(container),
    }),
  });
}
