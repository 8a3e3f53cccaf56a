"""Markdown without what a reader in a chat cannot use. No visible word is added, changed or moved.

Taken out, outside of code: anchors (`<a name="x"></a>`), comments and formatting tags, pictures, the targets of links
that lead nowhere without their document's folder (the label stays), lines that only steer a site generator, and empty
captions (`****`). Backslashes that escape punctuation go too, so that the text can be read without rendering (`3\\.5`
becomes `3.5`), except where the mark would then mean something: `\\*`, `1\\.` at a line's start, `\\[a\\](b)`.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

_BLOCKS = MarkdownIt("commonmark").enable("table").disable("inline")
_CODE_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)(?:.|\n)*?(?<!`)\1(?!`)")
_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(?:[\w-]+:.*\n|[ \t]+.*\n)+?---[ \t]*(?:\n|\Z)")
_STEERING = re.compile(r"^[ \t]*(?:\{:[^}\n]*\}|\[\[_?TOC_?\]\]|\[TOC\])[ \t]*$\n?", re.IGNORECASE | re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|center|del|div|em|figure|font|i|img|ins|kbd|mark|p|small|span|strong|sub|sup|u)(?:\s[^<>]*)?/?>",
    re.IGNORECASE)
_LABEL = r"((?:\\.|!?\[(?:\\.|[^\[\]\\])*\]|[^\[\]\\])*)"
_TARGET = r"\(\s*(<[^<>\n]*>|(?:\\.|[^()\s\\]|\([^()\s]*\))*)(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
_PICTURE = re.compile(rf"(?<!\\)!\[{_LABEL}\]{_TARGET}")
_LINK = re.compile(rf"(?<![\\!])\[{_LABEL}\]{_TARGET}")
_REFERENCE = re.compile(rf"(?<![\\!\]])\[{_LABEL}\]\[[^\[\]\n]*[A-Za-z][^\[\]\n]*\]")
_EMPTY_CAPTION = re.compile(r"(?:\A|\n+)[ \t]*\*{4}[ \t]*(?:\n+|\Z)")
_OPENS_A_BLOCK = r"^[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*(?:\\[-+*#>=:]|\d{1,9}\\[.)])"
_ESCAPED = re.compile(
    rf"{_OPENS_A_BLOCK}|\]{_TARGET}|\]\\\(|<[^<>\n]*>|\\#(?=[ \t#\\]*$)|\\\\|"
    r"\\(?P<plain>(?<!<\\)[-.(){}+#=:;,/?@$%^\"'>]|!(?!\\?\[)|(?<=[A-Za-z0-9]\\)_(?=[A-Za-z0-9])|(?<!~\\)~(?![~\\])|"
    r"&(?!#?\w+;)|<(?=[\s\d=\\])|(?<=\s\\)\*(?=\s))|"
    r"\\\[(?P<bracketed>[^\[\]\\\n]*)\\\](?![(\[:])", re.MULTILINE)
_LEADS_SOMEWHERE = re.compile(r"<?(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


def cleaned(text: str) -> str:
    """The text as a reader wants it."""
    text = _FRONT_MATTER.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = re.findall(r".*\n|.+\Z", text)
    result: list[str] = []
    prose: list[str] = []
    code = _lines_of_code(text)
    for number, line in enumerate(lines):
        if number in code:
            result += [_clean_prose("".join(prose)), line]
            prose = []
        else:
            prose.append(line)
    return "".join([*result, _clean_prose("".join(prose))]).strip("\n")


def _lines_of_code(text: str) -> set[int]:
    tokens = _BLOCKS.parse(text)
    return {line for token in tokens if token.type in ("fence", "code_block") and token.map
            for line in range(*token.map)}


def _clean_prose(text: str) -> str:
    """Spans of code stay as they are: they may show the very markup that is taken out elsewhere."""
    kept: list[str] = []

    def keep(span: re.Match[str]) -> str:
        kept.append(span.group())
        return f"\0{len(kept) - 1}\0"

    text = _CODE_SPAN.sub(keep, text.replace("\0", ""))
    text = _STEERING.sub("", _COMMENT.sub("", text))
    text = _TAG.sub("", _BREAK.sub(" ", text))
    text = _LINK.sub(_without_dead_target, _PICTURE.sub("", text))
    text = _ESCAPED.sub(_without_escape, _EMPTY_CAPTION.sub("\n\n", _REFERENCE.sub(r"\1", text)))
    return re.sub("\0(\\d+)\0", lambda mark: kept[int(mark[1])], text)


def _without_dead_target(link: re.Match[str]) -> str:
    return link.group() if _LEADS_SOMEWHERE.match(link[2]) else link[1]


def _without_escape(found: re.Match[str]) -> str:
    if found["bracketed"] is not None:
        return f"[{found['bracketed']}]"
    return found["plain"] or found.group()
