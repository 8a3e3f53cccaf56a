// "You are: Mia, end user": one click makes you somebody else.

import { avatar } from "./avatar.js";
import { byId, el, fill, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { addPerson, kindSign } from "./people.js";
import { go } from "./place.js";
import { ROLE_NAMES, firstName, fullName, me, on, people, state } from "./store.js";
import { unreadSum } from "./unread.js";

const ROLES = ["end_user", "coach", "admin"];
const GROUPS = { end_user: "End users", coach: "Coaches", admin: "Admins" };
const chosen = new Map(); // role -> the person last taken for it

export function startSwitcher() {
  const everybody = byId("everybody");
  everybody.append(icon("chevron", 16));
  everybody.addEventListener("click", () => openMenu(everybody, entries(), "Be somebody else"));
  byId("personas").addEventListener("keydown", byArrows);
  for (const topic of ["workspace", "place", "unread"]) on(topic, render);
}

function render() {
  if (!me()) return;
  chosen.set(me().role, state.me);
  byId("team-name").textContent = state.team.name;
  reconcile(byId("personas"), ROLES.map(personOf).filter(Boolean).map(persona));
}

const personOf = (role) => chosen.get(role) ?? people().find((one) => one.role === role)?.id;
const nodes = new Map();

/** A button per role, kept, so that the focus stays. */
function persona(id) {
  const role = state.users.get(id).role;
  const node = nodes.get(role) ?? el("button", { type: "button", role: "radio", class: "persona" });
  nodes.set(role, node);
  const mine = id === state.me;
  const unread = mine ? 0 : unreadSum(id);
  node.onclick = () => go({ me: id });
  node.setAttribute("aria-checked", String(mine));
  node.tabIndex = mine ? 0 : -1;
  node.title = mine ? `You are ${fullName(id)}` : `Be ${fullName(id)}`;
  fill(node, avatar(id, "small"),
    el("span", { class: "persona-text" }, el("b", {}, firstName(id)), el("small", {}, ROLE_NAMES[role])), badge(unread));
  return node;
}

export const badge = (n) =>
  n ? el("span", { class: "badge" }, n > 9 ? "9+" : String(n), el("span", { class: "hidden-text" }, " unread")) : null;

function byArrows(event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const all = [...byId("personas").children];
  const next = all.at((all.indexOf(document.activeElement) + step) % all.length);
  next.click();
  next.focus();
}

function entries() {
  const groups = ROLES.flatMap((role) => [
    { heading: GROUPS[role] },
    ...people().filter((one) => one.role === role).map((one) => ({
      icon: avatar(one.id, "small"), label: one.real_name, note: one.title || kindSign(one), checked: one.id === state.me,
      badge: one.id === state.me ? null : badge(unreadSum(one.id)), action: () => go({ me: one.id }),
    })),
  ]);
  return [...groups, "-", { icon: icon("add"), label: "Add somebody…", note: "A member, a guest, another organisation", action: addPerson }];
}
