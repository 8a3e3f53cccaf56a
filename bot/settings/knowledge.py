"""The settings of what the bot knows: the sources of its documents."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from pathspec import GitIgnoreSpec
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from bot.settings.durations import business_time
from bot.settings.forms import Label, Line, Share, Words, shown
from bot.settings.table import Table

LINK_FIELDS = ("path", "stem", "folder", "file", "name", "number")
"""What may stand in braces in a link."""
_FIELD = re.compile(r"\{([^{}]*)\}")
_REPOSITORY = re.compile(r"git\+|git://|ssh://|[\w.-]+@[\w.-]+:|https?://.*\.git/?$", re.IGNORECASE)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(://|::)")
_SITE_OR_FOLDER = re.compile(r"(https?|file)://", re.IGNORECASE)
_FORM = 'must be a time like "30m", "6h" or "1d"'


def _pattern(value: str) -> str:
    try:
        GitIgnoreSpec.from_lines([value])
    except ValueError:
        raise ValueError(f"has {shown(value)}, which is no pattern as in .gitignore") from None
    if not value.strip():
        raise ValueError("must not hold an empty pattern")
    return value


def _link(value: str) -> str:
    unknown = next((name for name in _FIELD.findall(value) if name not in LINK_FIELDS), None)
    if unknown is not None:
        known = ", ".join(f"{{{name}}}" for name in LINK_FIELDS)
        raise ValueError(f"knows no {{{unknown[:40]}}}; known are {known}")
    parts = urlsplit(_FIELD.sub("x", value))
    if value and (parts.scheme not in ("http", "https") or not parts.netloc or re.search(r"[\s<>|]", value)):
        raise ValueError(f'must be an address like "https://wiki.example.com/{{path}}", not {shown(value)}')
    return value


def _every(value: Any) -> timedelta | None:
    if value is None or value == "" or isinstance(value, timedelta):
        return value or None
    try:
        told = business_time(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError(_FORM) from None
    return timedelta(days=float(told.days)) + told.hours


def _branch(value: str) -> str:
    if value and (not re.fullmatch(r"[\w.][\w./+-]*", value) or ".." in value):
        raise ValueError(f"must be the name of a branch, not {shown(value)}")
    return value


def _is_no_repository(location: str) -> bool:
    """A folder, a file or a web site. What a variable of the environment leads to is not known here."""
    if "${" in location or _REPOSITORY.match(location):
        return False
    return not _ADDRESS.match(location) or bool(_SITE_OR_FOLDER.match(location))


def _table(value: Any) -> Any:
    if not isinstance(value, dict):
        raise ValueError('must be a table like { endpoint_url = "https://…" }')
    return value


Pattern = Annotated[str, AfterValidator(_pattern)]
Count = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Depth = Annotated[int, Field(strict=True, ge=0, le=100)]
Seconds = Annotated[float, Field(strict=True, ge=0, le=60)]


class SourceSettings(Table):
    """Where documents come from; in the file a text, or a table."""

    location: Words
    """A folder or a file (a relative path starts at the settings file), the address of a Git repository
    (`git+https://…`), of a web site (`https://…`, a page or a `sitemap.xml`), or any other that fsspec knows
    (`s3://…`, `zip://*::…`). `${NAME}` stands for a variable of the environment."""
    name: str = ""
    """Put before the ids of its documents, as `name/`."""
    link: Annotated[str, AfterValidator(_link)] = ""
    """The address at which people know a document; `{path}` and the like stand for parts of its path."""
    include: tuple[Pattern, ...] = ()
    """Patterns as in `.gitignore`: only what fits one is taken in; without any, everything."""
    exclude: tuple[Pattern, ...] = ()
    """What fits one of these is left out."""
    audience: tuple[Label, ...] = ()
    """Whom its documents are for at most; a document's own audience narrows that down."""
    every: Annotated[timedelta | None, BeforeValidator(_every)] = None
    """How often `serve` fetches and indexes it by itself, such as `"6h"`."""
    branch: Annotated[Line, AfterValidator(_branch)] = ""
    """Of a Git repository; without it, the repository's own."""
    pages: Count = 2000
    """No more pages of a web site, or files of another address, are fetched."""
    depth: Depth = 10
    """So many links away from a web site's first page at most."""
    megabytes: Count = 1000
    """No more than this is fetched in all."""
    delay: Seconds = 0.5
    """Seconds between two requests to a web site, if its robots.txt does not ask for more."""
    may_lose: Share = 0.5
    """The share of its files (0 to 1) that may be gone at once; beyond that, it keeps what it had."""
    options: Annotated[dict[str, Any], BeforeValidator(_table)] = Field(default_factory=dict)
    """What fsspec is to be told besides, such as `{ endpoint_url = "…" }`."""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"location": value}
        if not isinstance(value, dict):
            raise ValueError("must be texts in quotes, or tables with location and name")
        return value

    @field_validator("name")
    @classmethod
    def _plain(cls, value: str) -> str:
        if value == "taught" or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", value):
            raise ValueError("must be made of letters, digits, '-', '_' and '.', and not be \"taught\"; "
                             f"not {shown(value)}")
        return value

    @field_validator("branch")
    @classmethod
    def _of_a_repository(cls, value: str, info: ValidationInfo) -> str:
        if value and "location" in info.data and _is_no_repository(info.data["location"]):
            raise ValueError("belongs to a Git repository, which this location is not; write `git+https://…` (of a "
                             "repository on this machine `git+file:///…`), or leave branch out")
        return value

    @field_validator("every")
    @classmethod
    def _not_all_the_time(cls, value: timedelta | None) -> timedelta | None:
        if value is not None and value < timedelta(minutes=1):
            raise ValueError("must be a minute at least")
        return value

    @field_validator("audience", mode="before")
    @classmethod
    def _list_of_groups(cls, value: Any) -> Any:
        if isinstance(value, list) and not all(isinstance(group, str | int) and str(group).strip() for group in value):
            raise ValueError("must be a list of groups in quotes")
        return value


class KnowledgeSettings(Table):
    """What the bot knows."""

    sources: tuple[SourceSettings, ...] = (SourceSettings(location="knowledge"),)
    """Folders, files or URLs of training documents and FAQ files; `{ location = "…", name = "…" }` gives one a name,
    and more."""

    @field_validator("sources")
    @classmethod
    def _distinct(cls, sources: tuple[SourceSettings, ...]) -> tuple[SourceSettings, ...]:
        names = [source.name for source in sources if source.name]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ValueError(f"names two sources {shown(twice)}; each name may be given once")
        return sources
