// Block Kit's interactive elements: buttons, overflow menus, and the fields that act at once.

import { el, safeImage, safeUrl } from "./dom.js";
import { confirmBox, showError } from "./dialogs.js";
import { field, isField } from "./fields.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { textNodes, textString } from "./textobject.js";

/** `surface`: {act(block, element, value), saved(block, element), view}. */
export function element(e, block, surface) {
  const make = ELEMENTS[e.type];
  if (make) return make(e, block, surface);
  if (isField(e)) {
    return field(e, {
      label: textString(e.placeholder) || textString(block.text) || "Choose", saved: surface.saved(block, e), block: block.block_id,
      view: surface.view, changed: (value) => act(e, block, surface, value, null),
    });
  }
  return el("span", { class: "unsupported" }, `This page cannot show “${e.type}”.`);
}

const ELEMENTS = {
  button,
  workflow_button: button,
  overflow,
  image: (e) => image(e.image_url ?? e.slack_file?.url, e.alt_text, "element-image"),
  feedback_buttons: feedbackButtons,
  icon_button: iconButton,
};

export function image(url, alt, className) {
  const address = safeImage(url);
  return address ? el("img", { class: className, src: address, alt: alt ?? "", loading: "lazy" }) : el("span", { class: "muted" }, alt);
}

function button(e, block, surface) {
  const node = el("button", {
    type: "button", class: `button ${e.style ?? ""}`, "aria-label": e.accessibility_label, dataset: { label: textString(e.text) },
    onclick: () => {
      const url = safeUrl(e.url ?? "");
      if (url) window.open(url, "_blank", "noopener");
      act(e, block, surface, undefined, node);
    },
  }, textNodes(e.text));
  return node;
}

function overflow(e, block, surface) {
  const entries = (e.options ?? []).map((one) => ({
    label: textNodes(one.text), note: textString(one.description),
    action: () => {
      if (safeUrl(one.url ?? "")) window.open(one.url, "_blank", "noopener");
      act(e, block, surface, one.value, node);
    },
  }));
  const node = el("button", {
    type: "button", class: "button overflow", "aria-haspopup": "menu", "aria-expanded": "false", title: "More actions",
    "aria-label": "More actions", onclick: () => openMenu(node, entries, "More actions"),
  }, icon("more"));
  return node;
}

function feedbackButtons(e, block, surface) {
  const one = (choice, sign) => {
    const node = el("button", {
      type: "button", class: "button quiet", "aria-label": choice.accessibility_label ?? textString(choice.text),
      title: textString(choice.text), onclick: () => act(e, block, surface, choice.value, node),
    }, sign);
    return node;
  };
  return el("span", { class: "feedback" }, one(e.positive_button, "👍"), one(e.negative_button, "👎"));
}

function iconButton(e, block, surface) {
  const node = el("button", {
    type: "button", class: "button quiet", title: textString(e.text), "aria-label": e.accessibility_label ?? textString(e.text),
    onclick: () => act(e, block, surface, undefined, node),
  }, icon("trash"));
  return node;
}

/** Asks back if the element wants that, and shows that something is under way. */
async function act(e, block, surface, value, node) {
  if (e.confirm && !(await confirmBox(e.confirm))) return;
  node?.classList.add("busy");
  node?.setAttribute("aria-busy", "true");
  try {
    await surface.act(block, e, value);
  } catch (error) {
    showError(error);
  } finally {
    node?.classList.remove("busy");
    node?.removeAttribute("aria-busy");
  }
}
