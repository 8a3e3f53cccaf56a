"""Between Markdown, Slack's mrkdwn and plain text. Everything that reaches mrkdwn from outside is escaped here."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_REFERENCE = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_UNFINISHED = re.compile(r"(<[^<>]*|&[a-z]{0,3})\Z")
_NAMED = re.compile(r"(?<![\w@#&])(@[UW]|#C)(?=[A-Z0-9]*\d)([A-Z0-9]{3,})(?!\w)")
MAX_LABEL, MAX_URL = 200, 1000
WIDEST_TABLE = 80
"""Characters up to which a table is shown in columns; Slack would wrap the lines of a wider one."""
_INLINE_MARKS = {
    "strong_open": "*", "strong_close": "*", "em_open": "_", "em_close": "_", "s_open": "~", "s_close": "~",
}


def escape(text: str) -> str:
    """Make outside text harmless in mrkdwn: no mention, link or `<!channel>` survives in it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_written(text: str) -> str:
    """A person's own words, made harmless; whom and which channel they named (see `to_plain`) is a reference again."""
    return _NAMED.sub(r"<\1\2>", escape(text))


def to_plain(text: str, *, without_mention_of: str = "") -> str:
    """What a person typed: entities decoded, references spelled out, the mention of one user left out."""

    def spell_out(match: re.Match[str]) -> str:
        kind, target, label = match.group(1), match.group(2), match.group(3)
        if kind == "@" and target == without_mention_of:
            return " "
        if kind in {"@", "#"}:
            return kind + (label or target)
        if kind == "!":
            return "@" + (label or target.split("^")[0]).lstrip("@")
        bare = target.removeprefix("mailto:")
        return bare if not label or label == bare else f"{label} ({bare})"

    plain = html.unescape(_REFERENCE.sub(spell_out, text))
    return re.sub(r"[ \t]{2,}", " ", plain).strip()


def link(url: str, label: str) -> str:
    """A link in mrkdwn. An address that is no web or mail address, or is endless, is shown as text only."""
    label = escape(shorten(label.replace("|", "/").replace("\n", " "), MAX_LABEL))
    if not re.match(r"(https?|mailto):", url) or len(url) > MAX_URL:
        return label
    return f"<{escape(url).replace('|', '%7C').replace(' ', '%20')}|{label}>"


def mention(user: str) -> str:
    """A person; of whoever was forgotten only the name that stands in their place."""
    return f"<@{user}>" if re.fullmatch(r"[UW][A-Z0-9]+", user) else escape(user)


def moment(at: datetime) -> str:
    """A time in the reader's own zone: Slack draws it."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}}, {{time}}|{at.astimezone(UTC):%d %b, %H:%M} UTC>"


def quoted(text: str) -> str:
    """Each line of mrkdwn behind a quotation bar."""
    return "\n".join(f">{line}" for line in text.split("\n"))


def from_markdown(markdown: str) -> str:
    """Render Markdown as mrkdwn: word for word, with tables as aligned text or, if wide, row by row."""
    blocks = [block for block in _blocks(_PARSER.parse(markdown)) if block]
    return "\n\n".join(blocks)


def split(text: str, limit: int = 2900) -> list[str]:
    """Cut mrkdwn into pieces of at most `limit` characters, at line ends; code stays inside its fences."""
    pieces: list[str] = []
    current, fenced = "", False
    for line in _short_lines(text, limit - 8):
        if current and len(current) + len(line) + (5 if fenced else 1) > limit:
            pieces.append(current + ("\n```" if fenced else ""))
            current = "```\n" + line if fenced else line
        else:
            current = f"{current}\n{line}" if current else line
        if line.count("```") % 2:
            fenced = not fenced
    return [piece for piece in [*pieces, current] if piece.strip()]


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis where something is missing."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def shorten_mrkdwn(text: str, limit: int) -> str:
    """The same for what is mrkdwn already: no reference and no entity is cut in two."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    return _UNFINISHED.sub("", kept).rstrip() + "…"


def _short_lines(text: str, limit: int) -> Iterator[str]:
    for whole in text.split("\n"):
        line = whole
        while len(line) > limit:
            end = line.rfind(" ", limit // 2, limit) + 1 or limit
            entity = line.rfind("&", end - 5, end)
            if entity > 0 and ";" not in line[entity:end]:
                end = entity  # half an entity would be shown as it stands
            yield line[:end]
            line = line[end:]
        yield line


def _blocks(tokens: list[Token]) -> Iterator[str]:
    position = 0
    while position < len(tokens):
        token = tokens[position]
        end = _closing(tokens, position)
        yield _block(token, tokens[position + 1 : end])
        position = end + 1


def _closing(tokens: list[Token], start: int) -> int:
    """Index of the token that closes the block opened at `start`; `start` itself where nothing was opened."""
    depth = 0
    for position in range(start, len(tokens)):
        depth += tokens[position].nesting
        if depth == 0:
            return position
    return len(tokens) - 1


def _block(token: Token, inner: list[Token]) -> str:
    match token.type:
        case "heading_open":
            return f"*{_plain_inline(inner)}*"
        case "paragraph_open":
            return _inlines(inner)
        case "bullet_list_open" | "ordered_list_open":
            return "\n".join(_items(token, inner))
        case "blockquote_open":
            return quoted("\n".join(_blocks(inner)))
        case "fence" | "code_block":
            return "```\n" + escape(token.content.rstrip("\n")).replace("```", "'''") + "\n```"
        case "table_open":
            return _table(inner)
        case "hr":
            return "———"
        case _:
            return escape(token.content.strip())


def _items(token: Token, inner: list[Token]) -> Iterator[str]:
    number = int(token.attrGet("start") or 1)
    position = 0
    while position < len(inner):
        end = _closing(inner, position)
        bullet = f"{number}. " if token.type == "ordered_list_open" else "• "
        body = "\n".join(_blocks(inner[position + 1 : end]))
        yield bullet + body.replace("\n", "\n" + " " * 4)
        number += 1
        position = end + 1


def _table(tokens: list[Token]) -> str:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append("".join(child.content for child in token.children or []).replace("```", "'''"))
    widths = [max(len(row[column]) for row in rows if column < len(row)) for column in range(max(map(len, rows)))]
    if sum(widths) + 2 * (len(widths) - 1) > WIDEST_TABLE and len(rows) > 1:
        return _records(rows[0], rows[1:])
    lines = ["  ".join(cell.ljust(widths[column]) for column, cell in enumerate(row)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "```\n" + escape("\n".join(lines)) + "\n```"


def _records(head: list[str], rows: Iterable[list[str]]) -> str:
    """A table too wide for columns: a line for each cell that is not empty; “…” stands for rows left out."""
    records = ([f"*{escape(name)}:* {escape(cell)}" if name.strip() and cell.strip() != "…" else escape(cell)
                for name, cell in zip(head, row, strict=False) if cell.strip()] for row in rows)
    return "\n\n".join("\n".join(record) for record in records if record)


def _inlines(tokens: Iterable[Token]) -> str:
    return "".join(_inline(child) for token in tokens for child in _linked(token.children or []))


def _plain_inline(tokens: Iterable[Token]) -> str:
    return escape("".join(child.content for token in tokens for child in token.children or []))


def _linked(children: list[Token]) -> Iterator[Token]:
    """The same tokens, with each link folded into one that holds its label."""
    label: list[str] | None = None
    for child in children:
        if child.type == "link_open":
            label, href = [], str(child.attrGet("href") or "")
        elif child.type == "link_close" and label is not None:
            yield Token("link", "", 0, content="".join(label), meta={"href": href})
            label = None
        elif label is not None:
            label.append(child.content)
        else:
            yield child


def _inline(token: Token) -> str:
    if token.type in _INLINE_MARKS:
        return _INLINE_MARKS[token.type]
    match token.type:
        case "softbreak" | "hardbreak":
            return "\n"
        case "code_inline":
            return f"`{escape(token.content)}`"
        case "link":
            return link(token.meta["href"], token.content)
        case "image":
            return escape(f"[{token.content or 'picture'}]")
        case _:
            return escape(token.content)
