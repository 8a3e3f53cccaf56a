"""What site generators add to Markdown, as Markdown that everybody reads: no line is added or taken away.

Admonitions of MkDocs (`!!! note`), Docusaurus (`:::note`), GitHub (`> [!NOTE]`) and MyST (```` ```{note} ````) become
quotes with a bold first line; tabs become a bold label above their text; directives that include other files go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
_MKDOCS = re.compile(r"^(?P<indent>[ ]{0,3})(?:!!!|\?\?\?\+?)[ ]+(?P<kinds>[\w-]+(?:[ ]+[\w-]+)*)"
                     r"(?:[ ]+\"(?P<title>[^\"]*)\")?\s*$")
_TAB = re.compile(r"^(?P<indent>[ ]{0,3})===[+!]?[ ]+\"(?P<title>[^\"]+)\"\s*$")
_COLONS = re.compile(r"^ {0,3}(?P<colons>:{3,})[ ]*(?P<kind>[A-Za-z][\w-]*|\{[\w-]+\})[ ]*(?P<title>[^\n]*?)\s*$")
_COLONS_END = re.compile(r"^ {0,3}(?P<colons>:{3,})\s*$")
_GITHUB = re.compile(r"^(?P<quote>[ ]{0,3}>[ ]?)\[!(?P<kind>[A-Za-z]+)\][+-]?[ ]*(?P<title>.*?)\s*$")
_MYST = re.compile(r"^\{(?P<kind>[\w:-]+)\}\s*(?P<title>.*)$")
_INCLUDES = re.compile(
    r"^\s*(?:(?:;*-{1,}8<-{1,}.*)|\{!.*!\}|\{%-?\s*(?:include|include-markdown|import|render)\b.*%\}|\{\{[<%]\s*/?\s*(?:include|"
    r"readfile|import)\b.*\}\}|>?\s*\[!INCLUDE\s*\[.*\]\(.*\)\]|<!--\s*#?include\b.*-->|@include\b.*|include::\S*\[.*\])\s*$",
    re.IGNORECASE)
_MYST_INCLUDES = frozenset({"include", "literalinclude", "toctree", "eval-rst", "image", "figure", "contents",
                             "tableofcontents"})
_KINDS = frozenset({
    "note", "tip", "hint", "info", "important", "warning", "caution", "danger", "error", "attention", "success",
    "question", "faq", "help", "bug", "example", "quote", "cite", "abstract", "summary", "tldr", "todo", "failure",
    "fail", "missing", "check", "done", "seealso", "admonition", "details", "secondary", "see", "remember", "new",
    "read-more",
})


@dataclass(slots=True)
class _State:
    """Where in the file we are."""

    fence: str = ""
    """The marker that closes the code block."""
    drops: bool = False
    """Inside of a block that includes something."""
    indented: int | None = None
    """The indentation of the admonition or tab whose text stands four characters deeper."""
    quotes: bool = False
    """That is an admonition."""
    colons: int = 0
    """Of the marker that ends the admonition; 0: none is open."""
    backticks: str = ""
    """Closes a MyST admonition."""


_SIGNS = re.compile(r"^ {0,3}(?:!!!|\?\?\?|===[+!]? *\"|:::|> ?\[!|[`~]{3,}\{|;*-+8<|\{[!%{]|@include|include::|"
                    r"<!-- *#?include)|\[!INCLUDE", re.MULTILINE | re.IGNORECASE)


def readable(body: str) -> str:
    """The same text for any reader of Markdown."""
    if not _SIGNS.search(body):
        return body
    lines = list(_lines(body.split("\n"), _State()))
    for number in range(len(lines) - 1, -1, -1):  # an empty line at the end of a quote is not part of it
        is_last = number + 1 == len(lines) or not lines[number + 1].lstrip().startswith(">")
        if lines[number].strip() == ">" and is_last:
            lines[number] = ""
    return "\n".join(lines)


def _lines(lines: list[str], state: _State) -> Iterator[str]:
    for line in lines:
        if state.indented is not None and not state.fence and line.strip() and _indent(line) < state.indented + 4:
            state.indented = None  # the block has ended; the line belongs to what follows
        text = line[state.indented + 4 :] if state.indented is not None and line.strip() else line
        yield _prefixed(_line(text, state), state)


def _prefixed(result: str | tuple[str], state: _State) -> str:
    """A line inside of an admonition is quoted; a tuple is a line that is as it must be already."""
    if isinstance(result, tuple):
        return result[0]
    is_quoted = state.colons or state.backticks or (state.indented is not None and state.quotes)
    if not is_quoted:
        return result
    return f"> {result}".rstrip() if result.strip() else ">"


def _line(line: str, state: _State) -> str | tuple[str]:
    """The line as it is to stand; a tuple: just so, whatever it stands in."""
    fence = _FENCE.match(line)
    if state.fence:
        closes = fence and fence["fence"].startswith(state.fence) and not fence["info"].strip()
        dropped = state.drops
        if closes:
            state.fence, state.drops = "", False
        return ("",) if dropped else line
    if fence and state.backticks and fence["fence"].startswith(state.backticks) and not fence["info"].strip():
        state.backticks = ""
        return ("",)
    if fence:
        return _opened(line, fence, state)
    if _INCLUDES.match(line):
        return ""
    return _steered(line, state)


def _opened(line: str, fence: re.Match[str], state: _State) -> str | tuple[str]:
    """A block of code, or what MyST writes like one."""
    directive = _MYST.match(fence["info"].strip())
    if directive and directive["kind"] in _KINDS and not state.backticks:
        state.backticks = fence["fence"]
        return (_titled(directive["kind"], directive["title"]),)
    state.fence = fence["fence"]
    state.drops = bool(directive) and directive["kind"] in _MYST_INCLUDES if directive else False
    return ("",) if state.drops else line


def _steered(line: str, state: _State) -> str | tuple[str]:
    """The first or the last line of an admonition or a tab, or any other one."""
    if state.indented is None and (block := _MKDOCS.match(line)):
        state.indented, state.quotes = len(block["indent"]), True
        return (_titled(block["kinds"].split()[0], block["title"]),)
    if state.indented is None and (tab := _TAB.match(line)):
        state.indented, state.quotes = len(tab["indent"]), False
        return (f"**{tab['title']}**",)
    if (begins := _COLONS.match(line)) and begins["kind"].strip("{}").lower() in _KINDS and not state.colons:
        state.colons = len(begins["colons"])
        return (_titled(begins["kind"].strip("{}"), begins["title"].strip("[] ")),)
    if (ends := _COLONS_END.match(line)) and state.colons and len(ends["colons"]) == state.colons:
        state.colons = 0
        return ("",)
    if github := _GITHUB.match(line):
        return (f"{github['quote']}{_label(github['kind'], github['title'])}  ",)
    return line


def _titled(kind: str, title: str | None) -> str:
    return f"> {_label(kind, title)}  "


def _label(kind: str, title: str | None) -> str:
    """In bold: what it is, and its title if it has one."""
    name = kind.replace("-", " ").capitalize()
    if not title:
        return "" if title == "" and kind == "admonition" else f"**{name}:**"
    return f"**{title}**" if kind.lower() in ("admonition", "details") else f"**{name}: {title}**"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
