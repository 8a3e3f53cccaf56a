"""Fields from YAML, read from its nodes: these know their lines, and texts stay as they were written."""

from __future__ import annotations

import yaml

from indexer.readers.faults import Fault
from indexer.readers.fields import KNOWN, Value, name_of

_NULL = "tag:yaml.org,2002:null"


def compose(text: str, first_line: int = 1) -> yaml.Node | None:
    """The YAML's node tree; None where there is nothing. `first_line` is where the text stands in its file."""
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + mark.line if mark else None
        problem = error.problem or error.context or "it cannot be understood"
        raise Fault(f"This is not valid YAML: {problem}. Put texts with special characters in quotes.", line) from None
    except yaml.YAMLError:
        raise Fault("This is not valid YAML: it holds characters that are not allowed.", first_line) from None
    except RecursionError:
        raise Fault("This YAML is nested too deeply.", first_line) from None


def fields_of(node: yaml.Node, first_line: int = 1) -> dict[str, Value]:
    """A mapping's fields by name. Raises Fault if it is no mapping, or if a name stands twice."""
    if not isinstance(node, yaml.MappingNode):
        raise Fault("Fields are expected here, each written as `name: value`.", _line(node, first_line))
    fields: dict[str, Value] = {}
    for key, value in node.value:
        written = str(key.value)
        name = name_of(written) if name_of(written) in KNOWN else written
        if name in fields:
            raise Fault(f"`{name}` stands here twice; keep one.", _line(key, first_line))
        fields[name] = _value(value, first_line)
    return fields


def _value(node: yaml.Node, first_line: int) -> Value:
    """A text, or a list of texts; no deeper, for a node may contain itself."""
    if isinstance(node, yaml.SequenceNode):
        return Value(_line(node, first_line), items=tuple(_scalar(item, first_line) for item in node.value))
    return _scalar(node, first_line)


def _scalar(node: yaml.Node, first_line: int) -> Value:
    text = str(node.value) if isinstance(node, yaml.ScalarNode) else None
    return Value(_line(node, first_line), text=text, is_null=node.tag == _NULL)


def _line(node: yaml.Node, first_line: int) -> int:
    return first_line + int(node.start_mark.line)
