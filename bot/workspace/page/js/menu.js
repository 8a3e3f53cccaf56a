// Pop-up menus by the keyboard's rules: arrows move, Escape closes, the focus goes back to where it was.

import { el } from "./dom.js";

let close = () => {};

/** `entries`: {label, icon?, note?, danger?, checked?, action} or {heading} or "-". */
export function openMenu(anchor, entries, label = "Menu") {
  const items = entries.map(entryNode);
  const box = el("div", { class: "menu", role: "menu", "aria-label": label }, items);
  popUp(anchor, box);
  box.addEventListener("keydown", (event) => moveFocus(event, box));
  choices(box)[0]?.focus();
}

/** A pop-up with any content, e.g. the emoji picker. */
export function popUp(anchor, box) {
  close();
  const host = anchor.closest("dialog") ?? document.body;
  host.append(box);
  place(anchor, box);
  anchor.setAttribute("aria-expanded", "true");
  const outside = (event) => {
    if (!box.contains(event.target) && !anchor.contains(event.target)) close(false);
  };
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  close = (refocus = true) => {
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("keydown", escape, true);
    box.remove();
    anchor.setAttribute("aria-expanded", "false");
    close = () => {};
    if (refocus && anchor.isConnected) anchor.focus();
  };
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", escape, true);
}

export const closeMenu = (refocus) => close(refocus);

function entryNode(entry) {
  if (entry === "-") return el("div", { class: "menu-line", role: "separator" });
  if (entry.heading) return el("div", { class: "menu-heading" }, entry.heading);
  const run = () => {
    close();
    entry.action();
  };
  const role = entry.checked === undefined ? "menuitem" : "menuitemradio";
  return el("button", {
    type: "button", role, class: `menu-item${entry.danger ? " danger" : ""}`, tabindex: "-1", onclick: run,
    "aria-checked": entry.checked === undefined ? undefined : String(entry.checked),
  }, entry.icon, el("span", { class: "menu-text" }, el("span", {}, entry.label), entry.note && el("small", {}, entry.note)), entry.badge);
}

const choices = (box) => [...box.querySelectorAll("button:not([disabled])")];

function moveFocus(event, box) {
  const all = choices(box);
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (event.key === "Tab") close();
  if (to === undefined) return;
  event.preventDefault();
  all.at(to % all.length)?.focus();
}

/** Below the anchor if there is room, else above; never outside of the window. */
function place(anchor, box) {
  const at = anchor.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.right - width < 8 ? at.left : at.right - width, innerWidth - width - 8));
  const below = at.bottom + 4 + height < innerHeight - 8;
  const top = below ? at.bottom + 4 : Math.max(8, at.top - height - 4);
  box.style.setProperty("left", `${left}px`);
  box.style.setProperty("top", `${top}px`);
}
