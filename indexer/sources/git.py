"""A branch of a Git repository as a source, by plain `git`: its files' contents, and nothing that would run.

Nothing is checked out: blobs are read as they are, so that no filter, hook, symbolic link or submodule has any effect.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from indexer.sources.address import placed, without_user
from indexer.sources.choice import Choice, looks_readable
from indexer.sources.faults import Unreachable
from indexer.sources.fetcher import Fetched, check_megabytes, with_linked_sidecars, with_odd_names
from indexer.sources.mirror import Entry
from indexer.sources.paths import reuse, write
from indexer.sources.source import Source

SECONDS = 600.0
"""The longest that one call of git may take."""
_MOST_LEFTOVERS = 5000
"""Files of objects, most of them of earlier commits, beyond which all is fetched anew."""
_BRANCH = re.compile(r"[\w.][\w./+-]*")
_TRANSPORTS = "https:http:ssh:git:file"
_OURS = "refs/heads/mirror"
_FAILED = "git failed"
_DAMAGED = "what was fetched of it is damaged"


@dataclass(frozen=True, slots=True)
class _Blob:
    path: str
    identity: str
    size: int
    is_link: bool = False


def fetch_repository(source: Source, into: Path, before: Mapping[str, Entry], old: Path | None,
                     mirror: Path) -> Fetched:
    """The files of one branch. Raises Unreachable."""
    git = _Git(mirror / "git", source.location)
    try:
        git.fetch(_checked_branch(source.branch))
        return _taken(git, source, into, before, old)
    except Unreachable as fault:
        if fault.reason in (_DAMAGED, _FAILED):
            shutil.rmtree(mirror / "git", ignore_errors=True)
        raise


def _taken(git: _Git, source: Source, into: Path, before: Mapping[str, Entry], old: Path | None) -> Fetched:
    choice = Choice(source.include, source.exclude)
    listed = [blob for blob in git.blobs() if looks_readable(blob.path) and choice.takes(blob.path)]
    blobs, links = [blob for blob in listed if not blob.is_link], {blob.path for blob in listed if blob.is_link}
    check_megabytes(sum(blob.size for blob in blobs), source)
    paths = {blob.path for blob in blobs}
    got = Fetched(faults=with_odd_names(paths) | with_linked_sidecars(paths, links))
    fresh: list[_Blob] = []
    for blob in blobs:
        if blob.path in got.faults:
            continue
        got.files[blob.path] = Entry(blob.identity)
        known = before.get(blob.path)
        if old and known and known.signature == blob.identity and (old / blob.path).is_file():
            reuse(old / blob.path, into / blob.path)
        else:
            fresh.append(blob)
    for blob, content in git.contents(fresh):
        write(into, blob.path, content)
    return got


def _checked_branch(branch: str) -> str:
    """What to ask for. A branch cannot be taken for an option, or for a rule of what goes where."""
    if not branch:
        return "HEAD"
    if not _BRANCH.fullmatch(branch) or ".." in branch or branch.endswith((".lock", "/", ".")):
        raise Unreachable("this is no name of a branch", "Check `branch` of the source.")
    return f"refs/heads/{branch}"


class _Git:
    """A bare repository that holds one commit of somebody else's."""

    def __init__(self, folder: Path, location: str) -> None:
        address = placed(location).removeprefix("git+")
        if address.startswith("-"):
            raise Unreachable("this is no address of a repository")
        self._folder = folder
        self._address, user = without_user(address) if address.startswith("http") else (address, None)
        self._environment = {**os.environ, **_manners(self._address, user)}

    def fetch(self, what: str) -> None:
        """One commit, and of it what is not here yet. Raises Unreachable."""
        if sum(1 for _ in self._folder.glob("objects/*/*")) > _MOST_LEFTOVERS:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True, exist_ok=True)
        for lock in self._folder.rglob("*.lock"):  # of a git that was killed: nobody else works in here
            lock.unlink(missing_ok=True)
        self._run("init", "--quiet", "--bare", "--template=", ".")
        self._run("fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head",
                  "--", "floorwalker", f"+{what}:{_OURS}")

    def blobs(self) -> Iterator[_Blob]:
        """The files, links among them; submodules are none."""
        listed = self._run("ls-tree", "-r", "-z", "-l", "--full-tree", _OURS)
        for line in listed.split(b"\0"):
            if line:
                told, _, name = line.partition(b"\t")
                mode, kind, identity, size = told.decode().split()
                if kind == "blob":
                    yield _Blob(name.decode("utf-8", "replace"), identity, int(size), mode == "120000")

    def contents(self, blobs: Iterable[_Blob]) -> Iterator[tuple[_Blob, bytes]]:
        """Each with what it holds."""
        wanted = list(blobs)
        if not wanted:
            return
        with subprocess.Popen(self._command("cat-file", "--batch"), cwd=self._folder, env=self._environment,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as git:
            assert git.stdin
            assert git.stdout
            for blob in wanted:
                git.stdin.write(f"{blob.identity}\n".encode())
                git.stdin.flush()
                yield blob, _answer(git.stdout, blob)
            git.stdin.close()

    def _run(self, *arguments: str) -> bytes:
        try:
            git = subprocess.Popen(self._command(*arguments), cwd=self._folder, env=self._environment,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   start_new_session=True)
        except FileNotFoundError:
            raise Unreachable("git is not installed", "Install git.") from None
        try:
            told, complaint = git.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(git.pid, signal.SIGKILL) if os.name == "posix" else git.kill()
            git.communicate()
            raise Unreachable(f"git did not end within {SECONDS / 60:.0f} minutes") from None
        if git.returncode:
            raise _why(complaint.decode("utf-8", "replace"))
        return told

    @staticmethod
    def _command(*arguments: str) -> list[str]:
        return ["git", "--no-pager", *arguments]


def _answer(output: IO[bytes], blob: _Blob) -> bytes:
    head = output.readline().split()
    content = output.read(blob.size + 1)[:-1] if len(head) == 3 else b""
    if len(head) != 3 or len(content) != blob.size:
        raise Unreachable(_DAMAGED, "The next run fetches it anew.")
    return content


def _manners(address: str, user: tuple[str, str] | None) -> dict[str, str]:
    """What git is told by its environment: there, unlike on the command line, nobody else reads it."""
    told = {
        "remote.floorwalker.url": address, "core.hooksPath": os.devnull, "protocol.ext.allow": "never",
        "submodule.recurse": "false", "core.fsmonitor": "false", "gc.auto": "0", "maintenance.auto": "false",
        "fetch.fsckObjects": "false", "http.lowSpeedLimit": "1000", "http.lowSpeedTime": "60",
    }
    if user:
        parts = urlsplit(address)
        key = base64.b64encode(":".join(user).encode()).decode()
        told[f"http.{parts.scheme}://{parts.netloc}/.extraHeader"] = f"Authorization: Basic {key}"
        told["http.followRedirects"] = "false"
    manners = {"GIT_CONFIG_COUNT": str(len(told)), "GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": _TRANSPORTS,
               "GIT_ASKPASS": "", "SSH_ASKPASS": "", "GCM_INTERACTIVE": "never", "LC_ALL": "C", "GIT_DIR": ".",
               "GIT_SSH_COMMAND": os.environ.get("GIT_SSH_COMMAND", "ssh -oBatchMode=yes -oConnectTimeout=20")}
    for number, (key, value) in enumerate(told.items()):
        manners[f"GIT_CONFIG_KEY_{number}"], manners[f"GIT_CONFIG_VALUE_{number}"] = key, value
    return manners


def _why(complaint: str) -> Unreachable:
    """What git says in words of our own: its own may quote addresses, and with them secrets."""
    known = (
        (r"couldn't find remote ref", "it has no such branch", "Check `branch` of the source."),
        (r"Authentication failed|could not read Username|Permission denied|HTTP Basic|returned error: 40[13]",
         "it does not let us in", "Check the user, the token or the key, and that they have not expired."),
        (r"not found|does not exist|not appear to be a git|returned error: 404",
         "there is no such repository, or it is hidden from us", "Check its address, and the access rights."),
        (r"Could not resolve|unable to access|Connection|timed out|unreachable|Could not read from remote|hung up",
         "the connection failed", "Check its address and the network; the next run tries again."),
        (r"[Nn]o space left|unable to write", "it could not be written down",
         "Check the free space and the access rights of the data folder."),
    )
    for words, reason, cure in known:
        if re.search(words, complaint):
            return Unreachable(reason, cure)
    return Unreachable(_FAILED, "Try `git clone` with this address on this machine to see why.")
