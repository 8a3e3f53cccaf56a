// Standard Markdown, as Slack's `markdown` block takes it -> DOM: headings, lists, tables, quotes, code, emphasis, links.

import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { angle, decode, emojiNode, link } from "./mrkdwn.js";

export function markdown(text) {
  const out = el("div", { class: "markdown" });
  out.append(...blocks(text.replaceAll("\r\n", "\n").split("\n")));
  return out;
}

const ITEM = /^( *)([-*+]|\d{1,9}[.)])( +)(.*)$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const ROW = /^\s*\|.*\|\s*$/;

const STARTS = [
  [(line) => FENCE.test(line), fenced],
  [(line) => /^ {0,3}#{1,6} /.test(line), heading],
  [(line) => /^ {0,3}([-*_])( *\1){2,} *$/.test(line), (lines, i) => ({ node: el("hr"), next: i + 1 })],
  [(line) => /^ {0,3}>/.test(line), quote],
  [(line, next) => ROW.test(line) && /^\s*\|[\s:|-]+\|\s*$/.test(next ?? ""), table],
  [(line) => ITEM.test(line), list],
];

const starter = (lines, i) => STARTS.find(([test]) => test(lines[i], lines[i + 1]));

function blocks(lines) {
  const nodes = [];
  for (let i = 0; i < lines.length; ) {
    if (!lines[i].trim()) {
      i++;
      continue;
    }
    const { node, next } = (starter(lines, i)?.[1] ?? paragraph)(lines, i);
    nodes.push(node);
    i = next;
  }
  return nodes;
}

function paragraph(lines, i) {
  const start = i;
  while (i < lines.length && lines[i].trim() && (i === start || !starter(lines, i))) i++;
  const node = el("p");
  lines.slice(start, i).forEach((line, n) => {
    if (n) node.append(el("br"));
    node.append(...inline(line.trim()));
  });
  return { node, next: i };
}

function heading(lines, i) {
  const [, marks, text] = /^ {0,3}(#{1,6}) +(.*?)(?: +#+)? *$/.exec(lines[i]) ?? [null, "#", lines[i]];
  return { node: el(`h${Math.min(marks.length + 2, 6)}`, { class: `md-h${marks.length}` }, inline(text)), next: i + 1 };
}

function fenced(lines, i) {
  const mark = FENCE.exec(lines[i])[1];
  let end = i + 1;
  while (end < lines.length && !lines[end].trim().startsWith(mark)) end++;
  return { node: el("pre", { class: "codeblock" }, decode(lines.slice(i + 1, end).join("\n"))), next: end + 1 };
}

function quote(lines, i) {
  const start = i;
  while (i < lines.length && /^ {0,3}>/.test(lines[i])) i++;
  const inner = lines.slice(start, i).map((line) => line.replace(/^ {0,3}> ?/, ""));
  return { node: el("blockquote", {}, blocks(inner)), next: i };
}

function table(lines, i) {
  const cells = (line) => line.trim().slice(1, -1).split(/(?<!\\)\|/).map((cell) => inline(cell.trim().replaceAll("\\|", "|")));
  const head = el("tr", {}, cells(lines[i]).map((cell) => el("th", { scope: "col" }, cell)));
  const body = el("tbody");
  for (i += 2; i < lines.length && ROW.test(lines[i]); i++) {
    body.append(el("tr", {}, cells(lines[i]).map((cell) => el("td", {}, cell))));
  }
  return { node: el("div", { class: "table-box" }, el("table", {}, el("thead", {}, head), body)), next: i };
}

/** Items of one list: same kind of mark, same indent; deeper lines belong to the item above. */
function list(lines, i) {
  const [, indent, mark] = ITEM.exec(lines[i]);
  const ordered = /\d/.test(mark);
  const node = ordered ? el("ol", { start: Number.parseInt(mark, 10) }) : el("ul");
  while (i < lines.length) {
    const item = ITEM.exec(lines[i]);
    if (!item || item[1].length !== indent.length || /\d/.test(item[2]) !== ordered) break;
    const depth = item[1].length + item[2].length + Math.min(item[3].length, 4);
    const inner = [item[4]];
    for (i++; i < lines.length && belongs(lines, i, indent.length); i++) inner.push(outdented(lines[i], depth));
    node.append(el("li", {}, tight(blocks(inner))));
  }
  return { node, next: i };
}

function belongs(lines, i, indent) {
  const line = lines[i];
  if (!line.trim()) return /^\s/.test(lines[i + 1] ?? "") && spaces(lines[i + 1]) > indent;
  if (spaces(line) > indent) return true;
  return lines[i - 1].trim() !== "" && !starter(lines, i);
}

const spaces = (line) => /^ */.exec(line)[0].length;
const outdented = (line, depth) => line.slice(Math.min(spaces(line), depth));

/** An item's only paragraph needs no paragraph around it. */
const tight = (nodes) => nodes.flatMap((node, i) => (node.tagName === "P" && i === 0 ? [...node.childNodes] : [node]));

const PATTERNS = [
  [/^\\([\\`*_{}[\]()#+.!|~<>-])/, (m) => m[1]],
  [/^(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/, (m) => el("code", {}, decode(m[2].trim() || m[2]))],
  [/^!?\[((?:[^\]\\]|\\.)*)\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/, (m) => link(m[2], decode(m[1]))],
  [/^(\*\*|__)(?=\S)([\s\S]*?\S)\1(?!\1)/, (m) => el("strong", {}, inline(m[2]))],
  [/^~~(?=\S)([\s\S]*?\S)~~/, (m) => el("s", {}, inline(m[1]))],
  [/^([*_])(?=\S)((?:[^*_]|\*\*|__)*?\S)\1(?![\p{L}\p{N}])/u, (m) => el("em", {}, inline(m[2]))],
  [/^https?:\/\/[^\s<>)]+[^\s<>).,;:!?]/, (m) => link(decode(m[0]))],
];

/** One line of Markdown. Underscores inside a word are just underscores. */
export function inline(text) {
  const nodes = [];
  let plain = "";
  for (let i = 0; i < text.length; ) {
    const found = special(text.slice(i), text[i - 1] ?? "");
    if (!found) {
      plain += text[i++];
      continue;
    }
    if (plain) nodes.push(decode(plain));
    plain = "";
    nodes.push(found.node);
    i += found.length;
  }
  if (plain) nodes.push(decode(plain));
  return nodes;
}

function special(rest, before) {
  if (!/[\\`![*_~h<:]/.test(rest[0])) return null;
  if (rest[0] === "<") return angle(rest);
  if (rest[0] === ":") return emojiAt(rest);
  if ("_h".includes(rest[0]) && /[\p{L}\p{N}]/u.test(before)) return null;
  for (const [pattern, make] of PATTERNS) {
    const found = pattern.exec(rest);
    if (found) return { node: make(found), length: found[0].length };
  }
  return null;
}

function emojiAt(rest) {
  const found = /^:([a-z0-9_+-]+):/.exec(rest);
  const character = found && emoji(found[1]);
  return character && { node: emojiNode(found[1], character), length: found[0].length };
}
