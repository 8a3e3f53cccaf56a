"""A reStructuredText document, by docutils. Nothing is included from other files, and no raw markup is taken over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from indexer.readers.faults import Reading
from indexer.readers.fields import Fields, Value, name_of
from indexer.readers.html_parts import parts_of
from indexer.readers.structure import document_of

if TYPE_CHECKING:
    from docutils import nodes

_DIRECTIVE = re.compile(r"^[ \t]*\.\. (?:\|[^|\n]+\| )?([a-zA-Z][\w:.+-]*)::", re.MULTILINE)
_ROLE = re.compile(r":([a-zA-Z][\w:.+-]*):`")
_LEFT_OUT = frozenset({
    "include", "literalinclude", "toctree", "contents", "sectnum", "index", "only", "ifconfig", "meta", "raw",
    "image", "currentmodule", "module", "highlight", "default-domain", "tabularcolumns", "automodule", "autoclass",
    "autofunction", "autosummary", "graphviz", "uml", "mermaid", "csv-table-file", "bibliography", "sectionauthor",
    "codeauthor", "cssclass",
})
_OWN = frozenset({"title", "url", "owner", "review_by", "audience", "valid_from", "valid_to"})
_SETTINGS = {
    "file_insertion_enabled": False, "raw_enabled": False, "halt_level": 5, "report_level": 5, "warning_stream": False,
    "_disable_config": True, "doctitle_xform": False, "sectsubtitle_xform": False, "docinfo_xform": True,
    "smart_quotes": False, "syntax_highlight": "none", "input_encoding": "unicode", "embed_stylesheet": False,
    "stylesheet_path": "", "line_length_limit": 100_000, "id_prefix": "", "math_output": "LaTeX", "tab_width": 4,
    "toc_backlinks": False, "footnote_backlinks": False, "section_self_link": False,
    "initial_header_level": 1,
}
_LINK = re.compile(r"^(?P<label>.+?)\s*<[^<>]+>$", re.DOTALL)


def read(text: str, file_id: str) -> Reading:
    """The file as one document; a field list at its top is its front matter. Raises Fault for one without text."""
    from bs4 import BeautifulSoup
    from docutils.core import publish_doctree, publish_from_doctree
    from docutils.nodes import problematic, system_message

    _know_all(text)
    tree = publish_doctree(text, settings_overrides=_SETTINGS)
    fields = _fields(tree)
    for message in list(tree.findall(system_message)):
        message.parent.remove(message)
    for problem in list(tree.findall(problematic)):
        problem.parent.replace(problem, list(problem.children))
    page = publish_from_doctree(tree, writer="html5", settings_overrides={**_SETTINGS, "output_encoding": "unicode"})
    soup = BeautifulSoup(page, "lxml")
    main = soup.main or soup
    for unwanted in main.select(".docinfo, .system-messages, .contents.topic, .header, .footer"):
        unwanted.extract()
    for literal in main.select("span.literal"):
        literal.name = "code"
    return Reading((document_of(parts_of(main), file_id, fields=fields),))


def _fields(tree: nodes.document) -> Fields:
    """The front matter, from the field list at the top or below the title."""
    from docutils import nodes

    fields: dict[str, Value] = {}
    listed = [each for each in tree.children if isinstance(each, nodes.field_list)]
    for info in [*tree.findall(nodes.docinfo), *listed]:
        fields.update(_own(info))
        info.parent.remove(info)
    for info in list(_below_titles(tree)):
        fields.update(_own(info))
        for field in [each for each in info.children if name_of(each.children[0].astext()) in _OWN]:
            info.remove(field)
        if not info.children:
            info.parent.remove(info)
    return fields


def _own(info: nodes.Element) -> Fields:
    from docutils import nodes

    return {name: Value(field.line or 1, text=field.children[1].astext()) for field in info.findall(nodes.field)
            if (name := name_of(field.children[0].astext())) in _OWN}


def _below_titles(tree: nodes.document) -> Iterator[nodes.field_list]:
    """The field list below the title, where docutils itself looks for it, or below the subtitle."""
    from docutils import nodes

    unseen = (nodes.title, nodes.Invisible, nodes.system_message)
    here: nodes.Element | None = tree
    while here is not None:
        first = next((each for each in here.children if not isinstance(each, unseen)), None)
        if isinstance(first, nodes.field_list):
            yield first
        here = first if isinstance(first, nodes.section) else None


def _know_all(text: str) -> None:
    """Directives and roles that docutils does not know, such as Sphinx's, keep their text: they are no errors."""
    from docutils.parsers.rst import directives, roles

    for name in set(_DIRECTIVE.findall(text)):
        lowered = name.lower()
        if lowered in _LEFT_OUT:
            directives.register_directive(lowered, _left_out())
        elif lowered not in directives._directive_registry and lowered not in directives._directives:
            directives.register_directive(lowered, _kept())
    for name in set(_ROLE.findall(text)):
        lowered = name.lower()
        if lowered not in roles._role_registry and lowered not in roles._roles:
            roles.register_local_role(lowered, _role)


def _role(name: str, rawtext: str, text: str, lineno: int, inliner: Any, options: Any = None, content: Any = ()
          ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """What the role shows: its label, in bold where it names something on the screen."""
    from docutils import nodes, utils

    shown = utils.unescape(text)
    if match := _LINK.match(shown):
        shown = match["label"]
    shown = shown.replace("-->", "→") if name == "menuselection" else shown.lstrip("~!")
    if name in ("guilabel", "menuselection", "kbd"):
        return [nodes.strong(rawtext, shown.replace("&", ""))], []
    is_code = name in ("file", "command", "program", "option", "samp", "envvar") or ":" in name
    return [nodes.literal(rawtext, shown) if is_code else nodes.inline(rawtext, shown)], []


def _left_out() -> Any:
    from docutils.parsers.rst import Directive

    class LeftOut(Directive):  # type: ignore[misc]
        """Says nothing that could be read here."""

        has_content, optional_arguments, final_argument_whitespace, option_spec = True, 1, True, _AnyOption()

        def run(self) -> list[nodes.Node]:
            return []

    return LeftOut


def _kept() -> Any:
    from docutils import nodes
    from docutils.parsers.rst import Directive

    class Kept(Directive):  # type: ignore[misc]
        """Its argument in bold, then its content."""

        has_content, optional_arguments, final_argument_whitespace, option_spec = True, 1, True, _AnyOption()

        def run(self) -> list[nodes.Node]:
            box = nodes.container()
            if self.name in ("code-block", "sourcecode"):
                return [nodes.literal_block("\n".join(self.content), "\n".join(self.content))]
            if self.arguments:
                label = self.arguments[0]
                known = {"versionadded": "New in version", "versionchanged": "Changed in version",
                         "deprecated": "Deprecated since version", "seealso": "See also"}
                text = f"{known[self.name]} {label}" if self.name in known else label
                box += nodes.paragraph("", "", nodes.strong(text, text))
            elif self.name == "seealso":
                box += nodes.paragraph("", "", nodes.strong("", "See also:"))
            self.state.nested_parse(self.content, self.content_offset, box)
            return list(box.children)

    return Kept


class _AnyOption(dict[str, Any]):
    """Every option is allowed."""

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> Any:
        return lambda argument: argument

    def __bool__(self) -> bool:
        return True
