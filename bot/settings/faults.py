"""Turns what pydantic says about the settings into sentences that an admin can act on. No secret gets into them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from bot.settings.forms import shown, suggestion
from bot.settings.lines import line_of
from bot.settings.tree import Settings

Place = tuple[str | int, ...]

_KINDS = {
    "string_type": "must be a text in quotes",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "tuple_type": "must be a list in square brackets",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "missing": "is missing",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the settings."""

    place: Place
    """Where in the file's tree; empty: not in the file, but in the environment."""
    sentence: str
    """Names the setting, and says what to do."""


def told(faults: Iterable[Fault], file: str, text: str) -> str:
    """All faults, one a line, each with its line in the file, in the order of the file."""
    placed = [(line_of(text, fault.place) or 0, fault) for fault in faults]
    return "\n".join(
        f"{file}, line {line}: {fault.sentence}" if line else fault.sentence
        for line, fault in sorted(placed, key=lambda pair: pair[0])
    )


def faults_of(error: ValidationError, tables: Mapping[str, Any], variables: Mapping[Place, str]) -> Iterator[Fault]:
    """What pydantic refused. `variables` names the places whose values came from the environment."""
    for detail in error.errors(include_url=False):
        place = detail["loc"]
        if place in variables:
            yield Fault((), f"{variables[place]} {_clause(detail)}")
        elif detail["type"] == "extra_forbidden":
            yield Fault(place, f"{label(place, tables)} is unknown. {_meant(place)}".strip())
        else:
            yield Fault(place, f"{label(place, tables)} {_clause(detail)}")


def _clause(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        return _ended(str(context["error"]))
    if kind == "literal_error":
        given = f", not {shown(detail['input'])}" if isinstance(detail["input"], str) else ""
        return f"must be {str(context['expected']).replace(chr(39), chr(34))}{given}."
    if "ge" in context or "le" in context:
        low, high = _range(detail["loc"])
        return f"must be between {low} and {high}, not {detail['input']}."
    return _ended(_KINDS.get(kind, f"cannot be used: {detail['msg']}"))


def _ended(clause: str) -> str:
    return clause if clause.endswith((".", "?")) else f"{clause}."


def label(place: Sequence[str | int], tables: Mapping[str, Any]) -> str:
    """A setting's name as the file has it: `[desk] coaches`, `[[areas]] name`, `[slack]`."""
    while len(place) > 1 and isinstance(place[-1], int) and not isinstance(_value(place, tables), dict):
        place = place[:-1]
    value = _value(place, tables)
    of_tables = isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))
    if of_tables or (len(place) == 1 and place[0] in Settings.model_fields):
        return _table(place, tables)
    outer, key = place[:-1], place[-1]
    return f"{_table(outer, tables)} {key}" if outer else str(key)


def _table(place: Sequence[str | int], tables: Mapping[str, Any]) -> str:
    name = ".".join(step for step in place if isinstance(step, str))
    many = isinstance(place[-1], int) or isinstance(_value(place, tables), list)
    return f"[[{name}]]" if many else f"[{name}]"


def _value(place: Sequence[str | int], tables: Any) -> Any:
    for step in place:
        try:
            tables = tables[step]
        except (KeyError, IndexError, TypeError):
            return None
    return tables


def _meant(place: Place) -> str:
    """Which setting an unknown one was meant to be: a neighbour that is written alike, or one of another table."""
    *outer, key = place
    neighbours = _keys(outer)
    meant = suggestion(str(key), neighbours)
    if meant:
        return f"Did you mean {meant if outer else f'[{meant}]'}?"
    home = next((name for name, field in Settings.model_fields.items() if isinstance(field.annotation, type)
                 and key in _keys([name])), "")
    if home:
        return f"It belongs into [{home}]."
    return f"Known here: {', '.join(neighbours)}." if neighbours else ""


def _keys(place: Sequence[str | int]) -> list[str]:
    model = _model(place)
    fields = model.model_fields.items() if model else ()
    return [name for name, field in fields if SecretStr not in get_args(field.annotation)]


def _range(place: Place) -> tuple[Any, Any]:
    model = _model(place[:-1])
    limits = model.model_fields[str(place[-1])].metadata if model else []
    low = next((limit.ge for limit in limits if hasattr(limit, "ge")), None)
    return low, next((limit.le for limit in limits if hasattr(limit, "le")), None)


def _model(place: Sequence[str | int]) -> type[BaseModel] | None:
    """The class of the table at this place."""
    model: type[BaseModel] | None = Settings
    for step in place:
        if isinstance(step, str) and model is not None:
            field = model.model_fields.get(step)
            model = next(_tables_in(field.annotation), None) if field else None
    return model


def _tables_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _tables_in(part)
