"""The wheel carries all that a newcomer needs: installed into a fresh environment, it works in an empty folder."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import venv
import zipfile
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built without isolation: the build backend is one of the development tools, so no network is needed."""
    folder = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT], folder)
    [built] = folder.glob("floorwalker-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment's folder of programs. It borrows the dependencies of the present one, not its checkout."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    paths = sysconfig.get_paths(vars={"base": str(folder), "platbase": str(folder), "installed_base": sys.base_prefix})
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", folder, "install", "--quiet"]
    run([*pip, "--no-deps", "--no-index", wheel], folder)
    Path(paths["purelib"], "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return Path(paths["scripts"])


def run(command: list[str | Path], folder: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, timeout=300,
                          check=False, env={**os.environ, "PYTHONPATH": "", "PIP_NO_INPUT": "1"})
    assert not done.returncode, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_carries_everything_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "bot/starter_data/config.example.toml" in names
    for file in (ROOT / "knowledge").rglob("*"):
        if file.is_file() and not file.name.startswith("."):
            assert f"bot/starter_data/{file.relative_to(ROOT).as_posix()}" in names
    for file in (ROOT / "bot" / "workspace" / "page").rglob("*"):
        if file.is_file():
            assert file.relative_to(ROOT).as_posix() in names
    assert {name.split("/")[0] for name in names} == {"bot", "indexer", "floorwalker-0.1.0.dist-info"}
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_the_command_works_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    assert "Usage:" in run([installed / "floorwalker", "--help"], tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_example_settings_find_the_starter_knowledge(installed: Path, tmp_path: Path) -> None:
    told = run([installed / "python", "-c", (
        "import bot, bot.starter as starter; from bot.settings import load_settings; "
        "settings = load_settings(starter.example_settings(), {}); "
        "print(bot.__file__, starter.starter_knowledge(), settings.knowledge.sources[0].location, sep='\\n')"
    )], tmp_path).splitlines()
    assert told[0].startswith(str(installed.parent))
    assert told[1] == told[2]
    assert list(Path(told[1]).glob("training/*.md"))
    assert list(Path(told[1]).glob("faq/*.yaml"))


@pytest.mark.real_model
def test_it_answers_from_the_starter_knowledge(installed: Path, tmp_path: Path) -> None:
    where = "import bot.starter; print(bot.starter.starter_knowledge())"
    knowledge = run([installed / "python", "-c", where], tmp_path).strip()
    indexed = run([installed / "floorwalker", "index", "--json", knowledge], tmp_path)
    assert re.search(r'"failed":\s*\[\]', indexed)
    assert (tmp_path / "data" / "index" / "CURRENT").is_file()
    asked = run([installed / "floorwalker", "ask", "--json", "What is implementation support?"], tmp_path)
    assert '"verdict": "answer"' in asked or '"verdict":"answer"' in asked


@pytest.mark.real_model
def test_the_demo_runs_in_an_empty_folder_and_stops_on_ctrl_c(installed: Path, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path.with_suffix(".log")
    with log.open("wb") as output:
        demo = subprocess.Popen(
            [installed / "floorwalker", "demo", "--port", str(port), "--no-browser"], cwd=tmp_path, stdout=output,
            stderr=subprocess.STDOUT, env={**os.environ, "PYTHONPATH": ""},
        )
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}/healthz", demo, log)
            demo.send_signal(signal.SIGINT)
            assert demo.wait(30) == 0, log.read_text()
        finally:
            demo.kill()
            demo.wait()
    assert f"http://127.0.0.1:{port}" in log.read_text()
    assert [entry.name for entry in tmp_path.iterdir()] == ["data"]


def wait_until_healthy(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1200):
        assert process.poll() is None, log.read_text()
        try:
            if httpx.get(address, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail(f"not healthy within two minutes: {log.read_text()}")
