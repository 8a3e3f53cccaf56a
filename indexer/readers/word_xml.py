"""A Word document's own XML, made ready for mammoth: hidden text goes, and numbered paragraphs say their number.

mammoth forgets which list a paragraph belongs to: after each picture or note between two steps it would begin at 1.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
_VAL = f"{_W}val"
_MARK = "\ue010{}\ue011"
_MARKED = re.compile("\ue010(\\d+)\ue011")
_TEXTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_NEEDED = (".xml", ".rels")
_FALSE = ("0", "false", "off")
_SAYS = frozenset(f"{_W}{name}" for name in ("rPr", "fldChar", "instrText"))
"""Children of a run that are no text; fields begin in one run and end in another, hidden or not."""
_MOST_BASES = 20
"""Styles that stand on each other."""


def prepared(archive: zipfile.ZipFile) -> io.BytesIO:
    """The archive without pictures, its texts as mammoth is to read them."""
    styles = _Styles(_xml(archive, "word/styles.xml"))
    numbers = _Numbers(_xml(archive, "word/numbering.xml"), styles)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as slim:
        for member in archive.infolist():
            if member.filename in _TEXTS:
                slim.writestr(member.filename, _rewritten(archive.read(member), member.filename, styles, numbers))
            elif member.filename.lower().endswith(_NEEDED):
                slim.writestr(member.filename, archive.read(member))
    made.seek(0)
    return made


def _xml(archive: zipfile.ZipFile, name: str) -> Any:
    """The root element; None where there is none."""
    return _parsed(archive.read(name)) if name in archive.namelist() else None


def _etree() -> Any:
    from lxml import etree  # type: ignore[import-untyped]

    return etree


def _parsed(content: bytes) -> Any:
    etree = _etree()
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def _rewritten(content: bytes, name: str, styles: _Styles, numbers: _Numbers) -> bytes:
    root = _parsed(content)
    for twin in list(root.iter(_CHOICE)):  # mammoth reads the other one, and numbers are not to be counted twice
        twin.getparent().remove(twin)
    for run in root.iter(f"{_W}r"):
        if styles.hides(run):
            for child in [child for child in run if child.tag not in _SAYS]:
                run.remove(child)
    if name == _TEXTS[0]:
        for paragraph in root.iter(f"{_W}p"):
            if (number := numbers.next_of(paragraph)) is not None:
                _mark(paragraph, number)
    written: bytes = _etree().tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _mark(paragraph: Any, number: int) -> None:
    """Put the number before the paragraph's text, in a run of its own."""
    run = paragraph.makeelement(f"{_W}r")
    text = run.makeelement(f"{_W}t")
    text.text = _MARK.format(number)
    run.append(text)
    paragraph.insert(1 if len(paragraph) and paragraph[0].tag == f"{_W}pPr" else 0, run)


class _Styles:
    """What paragraph and character styles say, also by those that they stand on."""

    def __init__(self, root: Any) -> None:
        self._by_id = {style.get(f"{_W}styleId"): style for style in _each(root, "style")}

    def hides(self, run: Any) -> bool:
        """Whether Word shows the run neither on the screen nor on paper."""
        own = run.find(f"{_W}rPr/{_W}vanish")
        if own is not None:
            return own.get(_VAL) not in _FALSE
        paragraph = run.getparent()
        while paragraph is not None and paragraph.tag != f"{_W}p":
            paragraph = paragraph.getparent()
        named = (run.find(f"{_W}rPr/{_W}rStyle"),
                 paragraph.find(f"{_W}pPr/{_W}pStyle") if paragraph is not None else None)
        said = (found for name in named if name is not None and (found := self.find(name.get(_VAL), "rPr/vanish"))
                is not None)
        return any(found.get(_VAL) not in _FALSE for found in said)

    def find(self, style: str | None, path: str) -> Any:
        """The first such element of the style and those that it stands on."""
        steps = "/".join(f"{_W}{step}" for step in path.split("/"))
        for _ in range(_MOST_BASES):
            element = self._by_id.get(style)
            if element is None:
                return None
            found = element.find(steps)
            if found is not None:
                return found
            style = _value(element, "basedOn")
        return None


@dataclass(slots=True)
class _List:
    """A definition of numbering, which several lists may share: they count on, except where one starts anew."""

    starts: Mapping[int, int]
    """Level -> its first number; bullets have none."""
    level_of: Mapping[str, int]
    """By the paragraph style that a level belongs to."""
    style: str | None
    """The numbering style that says all this instead."""
    never_restarts: frozenset[int]
    reached: dict[int, int] = field(default_factory=dict)


class _Numbers:
    """Counts numbered paragraphs as Word does, in their order."""

    def __init__(self, root: Any, styles: _Styles) -> None:
        self._styles = styles
        self._lists = {each.get(f"{_W}abstractNumId"): _list(each) for each in _each(root, "abstractNum")}
        self._of = {each.get(f"{_W}numId"): _value(each, "abstractNumId") for each in _each(root, "num")}
        self._overrides = {(each.get(f"{_W}numId"), _number(over.get(f"{_W}ilvl"))): _number(start)
                           for each in _each(root, "num") for over in _each(each, "lvlOverride")
                           if (start := _value(over, "startOverride"))}
        self._by_style = {style: each for each in self._lists.values() for style in each.level_of}

    def next_of(self, paragraph: Any) -> int | None:
        """The paragraph's number; None for one without. Paragraphs that were deleted do not count."""
        properties = paragraph.find(f"{_W}pPr")
        if properties is None or any(
                properties.find(f"{_W}rPr/{_W}{gone}") is not None for gone in ("del", "moveFrom")):
            return None
        style, own = _value(properties, "pStyle"), properties.find(f"{_W}numPr")
        inherited = self._styles.find(style, "pPr/numPr")
        number_id = _value(own, "numId") or _value(inherited, "numId")
        found = self._list(number_id) if number_id else self._by_style.get(style or "")
        if found is None:
            return None
        level = _value(own, "ilvl") or _value(inherited, "ilvl") or str(found.level_of.get(style or "", 0))
        return self._counted(found, number_id, _number(level))

    def _list(self, number_id: str | None) -> _List | None:
        for _ in range(_MOST_BASES):
            found = self._lists.get(self._of.get(number_id))
            if found is None or found.style is None:
                return found
            number_id = _value(self._styles.find(found.style, "pPr/numPr"), "numId")
        return None

    def _counted(self, found: _List, number_id: str | None, level: int) -> int | None:
        for deeper in [each for each in found.reached if each > level and each not in found.never_restarts]:
            del found.reached[deeper]
        if level not in found.starts:
            return None
        again = self._overrides.pop((number_id, level), None)  # only where the list begins
        if again is not None:
            found.reached[level] = again
        else:
            found.reached[level] = found.reached.get(level, found.starts[level] - 1) + 1
        return found.reached[level]


def _list(element: Any) -> _List:
    levels = [(_number(level.get(f"{_W}ilvl")), level) for level in _each(element, "lvl")]
    starts = {number: _number(_value(level, "start")) for number, level in levels
              if _value(level, "numFmt") not in ("bullet", "none")}
    return _List(starts, {style: number for number, level in levels if (style := _value(level, "pStyle"))},
                 _value(element, "numStyleLink"),
                 frozenset(number for number, level in levels if _value(level, "lvlRestart") == "0"))


def _each(element: Any, name: str) -> Iterator[Any]:
    return iter(()) if element is None else element.iterchildren(f"{_W}{name}")


def _number(said: str | None) -> int:
    return int(said) if said and said.isascii() and said.isdigit() and len(said) < 7 else 0


def _value(element: Any, name: str) -> str | None:
    found = None if element is None else element.find(f"{_W}{name}")
    return None if found is None else found.get(_VAL)


def number_lists(soup: BeautifulSoup) -> None:
    """Lists begin with the number that their first item says, and end where the next item says another one."""
    numbers: dict[int, int] = {}
    for said in soup.find_all(string=_MARKED):
        item = said.find_parent(["li", "h1", "h2", "h3", "h4", "h5", "h6"])
        if item is not None and item.name == "li":
            numbers.setdefault(id(item), int(_MARKED.search(said)[1]))  # type: ignore[index]
        rest = _MARKED.sub("", said)
        if rest:
            said.replace_with(rest)
        else:
            said.extract()
    for bullets in soup.find_all("ul"):
        for item in [item for item in bullets.find_all("li", recursive=False) if _holds_only_lists(item)]:
            bullets.insert_before(*_lists(item))  # mammoth puts a deep item into bullets where none stands above it
            item.extract()
        if not bullets.find("li"):
            bullets.extract()
    for ordered in reversed(soup.find_all("ol")):
        items = ordered.find_all("li", recursive=False)
        if any(id(item) in numbers for item in chain(items, *(item.find_all("li") for item in items))):
            _split(soup, ordered, items, numbers)


def _split(soup: BeautifulSoup, ordered: Tag, items: list[Tag], numbers: Mapping[int, int]) -> None:
    """Put lists that are numbered on in the place of one."""
    current: Tag | None = None
    following = 0
    for item in items:
        number = numbers.get(id(item))
        if number is None and _holds_only_lists(item):
            ordered.insert_before(*_lists(item))  # the item above it stands before what came between
            current = None
            continue
        if not item.get_text(strip=True) and not item.find(["img", "table"]):
            continue
        if current is None or (number is not None and number != following):
            current = soup.new_tag("ol", start=str(number if number is not None else following or 1))
            ordered.insert_before(current)
            following = int(str(current["start"]))
        current.append(item.extract())
        following += 1
    ordered.extract()


def _holds_only_lists(item: Tag) -> bool:
    lists = _lists(item)
    return bool(lists) and all(any(child is one for one in lists) or not str(child).strip() for child in item.children)


def _lists(item: Tag) -> list[Tag]:
    return item.find_all(["ol", "ul"], recursive=False)
