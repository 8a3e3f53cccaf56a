// Slack's mrkdwn -> DOM. Data becomes text nodes only.

import { el, safeUrl } from "./dom.js";
import { emoji } from "./emoji.js";
import { channelChip, groupChip, mentionChip, broadcastChip } from "./chips.js";
import { slackDate } from "./times.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
export const decode = (text) => text.replace(/&(amp|lt|gt);/g, (entity) => ENTITIES[entity]);

/** A whole text: code blocks, quotes, list lines and paragraphs. */
export function mrkdwn(text) {
  const out = document.createDocumentFragment();
  text.split(/```\n?([\s\S]*?)\n?```\n?/).forEach((part, i) => {
    if (i % 2) out.append(el("pre", { class: "codeblock" }, decode(part)));
    else if (part) out.append(...lines(part));
  });
  return out;
}

function lines(text) {
  const nodes = [];
  let group = [];
  let kind = "";
  const flush = () => {
    if (group.length) nodes.push(kind === "quote" ? el("blockquote", {}, paragraph(group)) : paragraph(group));
    group = [];
  };
  for (const line of text.replace(/\n+$/, "").split("\n")) {
    const quote = /^(?:&gt;|>) ?(.*)$/.exec(line);
    const item = quote ? null : /^( *)([•◦▪-]|\d{1,3}[.)]) +(.*)$/.exec(line);
    const now = quote ? "quote" : "text";
    if (now !== kind || item) flush();
    kind = now;
    if (item) nodes.push(listLine(item));
    else group.push(quote ? quote[1] : line);
  }
  flush();
  return nodes;
}

const listLine = ([, indent, mark, rest]) =>
  el("div", { class: "list-line", style: { "--indent": Math.floor(indent.length / 2) } },
    el("span", { class: "list-mark" }, mark === "-" ? "•" : mark), el("span", {}, inline(rest)));

function paragraph(group) {
  const out = el("div", { class: "para" });
  group.forEach((line, i) => {
    if (i) out.append(el("br"));
    out.append(...inline(line));
  });
  return out;
}

/** One line: mentions, links, code, emoji, bold, italic, strike. */
export function inline(text) {
  const nodes = [];
  let plain = "";
  const put = (node) => {
    if (plain) nodes.push(decode(plain));
    plain = "";
    if (node) nodes.push(node);
  };
  for (let i = 0; i < text.length; ) {
    const found = special(text, i);
    if (found) put(found.node);
    else plain += text[i];
    i += found ? found.length : 1;
  }
  put(null);
  return nodes;
}

const STYLES = { "*": "strong", _: "em", "~": "s" };

function special(text, i) {
  const rest = text.slice(i);
  if (rest[0] === "<") return angle(rest);
  if (rest[0] === "`") return code(rest);
  if (rest[0] === ":") return emojiAt(rest);
  if (rest[0] in STYLES && !/[\p{L}\p{N}]/u.test(text[i - 1] ?? "")) return styled(rest);
  return null;
}

function code(rest) {
  const found = /^`([^`\n]+)`/.exec(rest);
  return found && { node: el("code", {}, decode(found[1])), length: found[0].length };
}

function emojiAt(rest) {
  const found = /^:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/.exec(rest);
  const character = found && emoji(found[1]);
  return character && { node: emojiNode(found[1], character), length: found[0].length };
}

export const emojiNode = (name, character) =>
  el("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` }, character);

function styled(rest) {
  const end = closing(rest, rest[0]);
  if (end < 2) return null;
  return { node: el(STYLES[rest[0]], {}, inline(rest.slice(1, end))), length: end + 1 };
}

/** Where the style that opens at 0 ends; links and code inside are stepped over. -1 if it never does. */
function closing(rest, mark) {
  if (/\s/.test(rest[1] ?? " ")) return -1;
  for (let i = 1; i < rest.length; i++) {
    if (rest[i] === "<" && rest.indexOf(">", i) > 0) i = rest.indexOf(">", i);
    else if (rest[i] === "`" && rest.indexOf("`", i + 1) > 0) i = rest.indexOf("`", i + 1);
    else if (rest[i] === mark && !/\s/.test(rest[i - 1]) && !/[\p{L}\p{N}]/u.test(rest[i + 1] ?? "")) return i;
  }
  return -1;
}

/** `<@U…>`, `<#C…|name>`, `<!here>`, `<!subteam^S…>`, `<!date^…>`, `<url|text>` */
export function angle(rest) {
  const found = /^<([^<>\n]+)>/.exec(rest);
  if (!found) return null;
  const [target, ...labels] = found[1].split("|");
  const label = decode(labels.join("|"));
  return { node: angleNode(target, label), length: found[0].length };
}

function angleNode(target, label) {
  if (target[0] === "@") return mentionChip(target.slice(1), label);
  if (target[0] === "#") return channelChip(target.slice(1), label);
  if (target.startsWith("!subteam^")) return groupChip(target.slice(9), label);
  if (target.startsWith("!date^")) return slackDate(target, label);
  if (target[0] === "!") return broadcastChip(target.slice(1));
  return link(decode(target), label);
}

/** A link, or plain text where the address may not be followed. */
export function link(url, label = "") {
  const text = label || url.replace(/^mailto:/, "");
  const address = safeUrl(url);
  if (!address) return el("span", {}, text);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text);
}
