// Block Kit's text objects and plain texts.

import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { decode, emojiNode, mrkdwn } from "./mrkdwn.js";

/** Plain text: emoji names become emoji, line breaks stay. */
export function plainText(text) {
  return decode(text ?? "").split(/(:[a-z0-9_+'-]+:|\n)/).map((part) => {
    if (part === "\n") return el("br");
    const name = part.length > 2 && part.startsWith(":") && part.endsWith(":") ? part.slice(1, -1) : "";
    return name && emoji(name) ? emojiNode(name, emoji(name)) : part;
  });
}

/** Nodes of a text object, plain or mrkdwn. */
export function textNodes(object) {
  if (!object) return [];
  if (typeof object === "string") return plainText(object);
  return object.type === "mrkdwn" ? [mrkdwn(object.text ?? "")] : plainText(object.text);
}

/** The same as a string, for labels and <option>s, which take no elements. */
export function textString(object) {
  const text = decode((typeof object === "string" ? object : object?.text) ?? "");
  return text.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => emoji(name) ?? whole);
}
