"""An FAQ file: a YAML list of questions with their answers. Each entry becomes a document of its own."""

from __future__ import annotations

import yaml

from indexer.readers.entries import NO_ENTRIES, Entry, reading_of
from indexer.readers.faults import Fault, Reading
from indexer.readers.yaml_fields import compose, fields_of


def read(text: str, file_id: str) -> Reading:
    """The entries of the file, those with a fault apart. Raises Fault if it is no FAQ file at all.

    Nothing at all is more often a file that was cut off than one meant to hold no entries: that says `[]`.
    """
    root = compose(text)
    if root is None or root.tag.endswith(":null"):
        raise Fault(NO_ENTRIES)
    if not isinstance(root, yaml.SequenceNode):
        raise Fault("An FAQ file is a list of entries, each beginning with `- question: …`.",
                    root.start_mark.line + 1)
    return reading_of((_entry(node) for node in root.value), file_id)


def _entry(node: yaml.Node) -> Entry:
    line = node.start_mark.line + 1
    try:
        return Entry(line, fields_of(node))
    except Fault as fault:
        return Entry(line, fault)
