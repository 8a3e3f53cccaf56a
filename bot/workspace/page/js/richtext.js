// rich_text blocks -> DOM.

import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { broadcastChip, channelChip, groupChip, mentionChip } from "./chips.js";
import { emojiNode, link } from "./mrkdwn.js";
import { dateText } from "./times.js";

export const richText = (block) => el("div", { class: "rich-text" }, (block.elements ?? []).map(part));

const PARTS = {
  rich_text_section: (one) => el("div", { class: "para" }, inline(one)),
  rich_text_quote: (one) => el("blockquote", {}, inline(one)),
  rich_text_preformatted: (one) => el("pre", { class: "codeblock" }, (one.elements ?? []).map((e) => e.text ?? e.url ?? "")),
  rich_text_list: list,
};

const part = (one) => PARTS[one.type]?.(one) ?? el("div", {});

function list(one) {
  const tag = one.style === "ordered" ? "ol" : "ul";
  const props = { class: `indent-${Math.min(one.indent ?? 0, 8)}` };
  if (tag === "ol" && one.offset) props.start = one.offset + 1;
  return el(tag, props, (one.elements ?? []).map((item) => el("li", {}, inline(item))));
}

const inline = (one) => (one.elements ?? []).map(element);

function element(e) {
  switch (e.type) {
    case "text": return styled(withBreaks(e.text), e.style);
    case "link": return styled([link(e.url, e.text)], e.style);
    case "user": return mentionChip(e.user_id);
    case "channel": return channelChip(e.channel_id);
    case "usergroup": return groupChip(e.usergroup_id);
    case "broadcast": return broadcastChip(e.range);
    case "emoji": return emoji(e.name) ? emojiNode(e.name, emoji(e.name)) : `:${e.name}:`;
    case "date": return dateText(new Date(e.timestamp * 1000), e.format ?? "{date}");
    case "color": return el("code", {}, e.value);
    default: return "";
  }
}

const withBreaks = (text) => text.split("\n").flatMap((line, i) => (i ? [el("br"), line] : [line]));

const TAGS = { code: "code", strike: "s", italic: "em", bold: "strong" };

function styled(nodes, style = {}) {
  return Object.entries(TAGS).reduce((inner, [name, tag]) => (style[name] ? [el(tag, {}, inner)] : inner), nodes);
}
