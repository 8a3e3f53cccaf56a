"""The rules of the house that a machine can hold: who may import whom, what starts fast, and what has no place here."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

SHARED = {"bot", "bot.errors", "bot.settings", "bot.starter", "bot.watching"}
"""Small rooms without any behaviour of the desk or of Slack, open to all of `bot` but the workspace."""

MAY_IMPORT = {
    "indexer": {"indexer"},
    "bot": set[str](),
    "bot.errors": {"indexer"},
    "bot.settings": {"bot.errors"},
    "bot.starter": {"bot.errors"},
    "bot.watching": set[str](),
    "bot.answering": {"indexer", *SHARED},
    "bot.desk": {"indexer", *SHARED, "bot.answering"},
    "bot.jobs": {"indexer", *SHARED, "bot.answering", "bot.desk"},
    "bot.slack": {"indexer", *SHARED, "bot.answering", "bot.desk"},
    "bot.workspace": set[str](),
}
"""A room may always import itself. The command line and `bot.assemble` may import everything."""

COMMAND_LINE = {"bot.cli", "bot.cli_edge", "bot.cli_desk", "bot.cli_index", "bot.cli_options", "bot.cli_setup",
                "bot.cli_sources", "bot.console", "bot.console_doctor", "bot.console_evaluation", "bot.console_index",
                "bot.console_setup", "bot.console_sources", "bot.console_tickets", "bot.console_tuning"}
WIRING = {"bot.assemble", *COMMAND_LINE}
ONLY_IN = {
    "slack_bolt": {"bot.slack", "bot.workspace"}, "slack_sdk": {"bot.slack", "bot.workspace"},
    "faiss": {"indexer"}, "torch": {"indexer"}, "sentence_transformers": {"indexer"}, "sklearn": {"indexer"},
    "prometheus_client": {"bot.watching"}, "holidays": {"bot.desk", "bot.settings"},
    "scipy": {"indexer"}, "fsspec": {"indexer"}, "protego": {"indexer"}, "matplotlib": {"indexer"},
    "py3langid": {"bot.answering"},
    "bs4": {"indexer"}, "docutils": {"indexer"}, "lxml": {"indexer"}, "mammoth": {"indexer"},
    "markdownify": {"indexer"}, "openpyxl": {"indexer"}, "pdfplumber": {"indexer"}, "pptx": {"indexer"},
    "pypdfium2": {"indexer"},
    "sqlite3": {"indexer", "bot.desk"}, "sqlite_utils": {"indexer", "bot.desk"},
}
HEAVY = {"torch", "faiss", "slack_bolt", "slack_sdk", "sentence_transformers", "transformers", "sklearn", "scipy",
         "matplotlib", "py3langid", "starlette", "uvicorn", "prometheus_client", "holidays",
         "bs4", "docutils", "lxml", "mammoth", "openpyxl", "pdfplumber", "pptx", "pypdfium2", "fsspec", "boto3"}


@cache
def modules() -> dict[str, Path]:
    """Every module of ours, by its dotted name."""
    files = [file for package in ("bot", "indexer") for file in (ROOT / package).rglob("*.py")]
    return {".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file for file in files}


@cache
def imports_of(module: str) -> frozenset[str]:
    """The dotted names that a module imports, anywhere in it: of our own modules the most precise one."""
    tree = ast.parse(modules()[module].read_text(encoding="utf-8"))
    return frozenset(name for node in ast.walk(tree) for name in _names(node, module))


def _names(node: ast.AST, module: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        assert not node.level, f"{module}, line {node.lineno}: import by full name, not relatively"
        for alias in node.names:
            full = f"{node.module}.{alias.name}"
            yield full if full in modules() else str(node.module)


def room_of(module: str) -> str:
    return "indexer" if module.startswith("indexer") else ".".join(module.split(".")[:2])


def ours(names: frozenset[str]) -> set[str]:
    return {name for name in names if name.split(".")[0] in ("bot", "indexer")}


def test_every_room_has_its_place_in_the_order() -> None:
    assert {room_of(module) for module in modules()} <= MAY_IMPORT.keys() | WIRING


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_go_one_way(room: str) -> None:
    wrong = [
        f"{module} imports {name}"
        for module in modules() if room_of(module) == room
        for name in sorted(ours(imports_of(module))) if room_of(name) not in MAY_IMPORT[room] | {room}
    ]
    assert not wrong


def test_nobody_imports_the_command_line() -> None:
    others = [module for module in modules() if module not in COMMAND_LINE]
    assert not [module for module in others if imports_of(module) & COMMAND_LINE]


def test_there_is_no_import_circle() -> None:
    graph = {module: ours(imports_of(module)) - {module} for module in modules()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize("package", ONLY_IN)
def test_packages_stay_in_their_rooms(package: str) -> None:
    users = {module for module in modules() if any(name.split(".")[0] == package for name in imports_of(module))}
    assert not [module for module in sorted(users) if room_of(module) not in ONLY_IN[package]]


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["evaluate", "--help"], ["serve", "--help"],
                                       ["demo", "--help"], ["init", "--help"], ["manifest", "--help"],
                                       ["doctor", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", f"from bot.cli import main; main({arguments!r})"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in run.stderr.splitlines()}
    assert "Usage:" in run.stdout
    assert "bot" in loaded
    assert not loaded & HEAVY


def tracked_files() -> list[Path]:
    """All files that are in the repository; what somebody keeps beside them is their own."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [file for name in listed.stdout.split("\0") if name and (file := ROOT / name).is_file()]


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    place = re.compile(r"(?<![\w.:/~*-])/(?:work|root|Users|home/\w+)/|[A-Z]:\\Users\\")
    wrong = []
    for file in tracked_files():
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # a picture
        wrong += [f"{file.relative_to(ROOT)}, line {number}" for number, line in enumerate(lines, 1)
                  if place.search(line) and file != Path(__file__)]
    assert not wrong


def test_the_top_level_stays_small() -> None:
    allowed = {"knowledge", "indexer", "bot", "tests", ".ci", ".github", "config.example.toml", "pyproject.toml",
               "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", ".gitignore"}
    assert not {file.relative_to(ROOT).parts[0] for file in tracked_files()} - allowed


def test_files_and_functions_keep_a_readable_size() -> None:
    """The rule is 300 lines a file and 30 a function; what goes well beyond needs cutting."""
    too_long = []
    for module, file in modules().items():
        text = file.read_text(encoding="utf-8")
        if (length := len(text.splitlines())) > 300:
            too_long.append(f"{module}: {length} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                length = node.end_lineno - node.lineno + 1
                if length > 45:
                    too_long.append(f"{module}.{node.name}: {length} lines")
    assert not too_long
