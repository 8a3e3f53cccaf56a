// Avatars: coloured initials for people, the logo for the bot.

import { el } from "./dom.js";
import { fullName, user } from "./store.js";

const COLOURS = ["#b83280", "#2b6cb0", "#6b46c1", "#c05621", "#2f855a", "#9b2c2c", "#0f766e", "#7b5c00"];

/** `size`: "large" in messages, "small" in lists. */
export function avatar(id, size = "large") {
  const person = user(id);
  if (person?.role === "bot") return el("img", { class: `avatar ${size}`, src: "logo.svg", alt: "" });
  const initials = person?.initials ?? fullName(id).slice(0, 1).toUpperCase();
  const colour = person?.color ?? COLOURS[[...id].reduce((sum, c) => sum + c.charCodeAt(0), 0) % COLOURS.length];
  return el("span", { class: `avatar ${size}`, style: { "--avatar": colour }, "aria-hidden": "true" }, initials);
}
