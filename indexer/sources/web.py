"""A web site as a source: the pages that its sitemap names, or those that can be reached from a first one."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from indexer.sources.address import placed, without_user
from indexer.sources.choice import Choice
from indexer.sources.faults import Unreachable
from indexer.sources.fetcher import Fetched
from indexer.sources.mirror import Entry
from indexer.sources.paths import reuse, write
from indexer.sources.source import Source
from indexer.sources.web_address import Scope, digest_of, may_hold_text, normal, suffix_of
from indexer.sources.web_client import LedAstray, LedOut, PageFailed, Response, ServerFailed, Site
from indexer.sources.web_page import Page, as_utf8, heed, kind_of, page_of, sitemap_of

_SITEMAPS = 50
_FEW_FAULTS = 3
_FAULTS = 0.1
"""Beyond this share of failed pages, and more than a few, it is the site that fails, not a page."""
_IN_A_ROW = 3
_ASKS = "x-robots-tag"
_NOTHING = ("It holds nothing that can be read. Check its location, its `include` and `exclude`, and whether its pages "
            "ask crawlers to leave them alone.")


def fetch_site(source: Source, into: Path, before: Mapping[str, Entry], old: Path | None, mirror: Path) -> Fetched:
    """The pages of a site. Raises Unreachable."""
    address, user = without_user(placed(source.location))
    start = normal(address)
    if not start:
        raise Unreachable("this is no address of a web site", "Check its location.")
    site = Site(Scope.around(start), source.delay, source.megabytes, user)
    try:
        site.read_robots()
        crawl = _Crawl(source, site, Scope.around(start), into, before, old)
        return crawl.by_sitemap(start) if _is_sitemap(start) else crawl.by_links(start)
    finally:
        site.close()


def _is_sitemap(address: str) -> bool:
    return urlsplit(address).path.lower().endswith((".xml", ".xml.gz"))


@dataclass(slots=True)
class _Kept:
    """A page that was written down."""

    path: str
    title: str = ""
    canonical: str = ""


@dataclass(slots=True)
class _Crawl:
    source: Source
    site: Site
    scope: Scope
    into: Path
    before: Mapping[str, Entry]
    old: Path | None
    got: Fetched = field(default_factory=Fetched)
    kept: dict[str, _Kept] = field(default_factory=dict)
    """By address."""
    tried: int = 0
    failed: int = 0
    failed_in_a_row: int = 0
    digests: set[bytes] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    """Paths, in small letters: not every disk tells them apart."""
    known: dict[str, str] = field(default_factory=dict)
    """Paths of the pages as they were fetched last, by their addresses."""

    choice: Choice = field(init=False)
    unless: Choice = field(init=False)
    """What is left out need not be visited; what is not taken in may lead to what is."""

    def __post_init__(self) -> None:
        self.choice = Choice(self.source.include, self.source.exclude)
        self.unless = Choice((), self.source.exclude)
        if self.old:
            self.known = {entry.link: path for path, entry in self.before.items() if (self.old / path).is_file()}

    def by_sitemap(self, start: str) -> Fetched:
        """The pages that a sitemap names, and the sitemaps that it names."""
        pages: dict[str, None] = {}
        sitemaps, seen = deque([start]), {start}
        while sitemaps and len(seen) <= _SITEMAPS:
            named, further = sitemap_of(self._must_get(sitemaps.popleft()).content)
            pages.update(dict.fromkeys(filter(self._belongs, (normal(page) for page in named))))
            fresh = [page for page in map(normal, further) if self.scope.holds(page) and page not in seen]
            seen.update(fresh)
            sitemaps.extend(fresh)
        if not pages:
            raise Unreachable(f"its sitemap names no page below {self.scope.netloc}{self.scope.folder}",
                              "Check that the sitemap is that of this site.")
        for page in self._few_enough(pages):
            self._visit(page)
        return self._done()

    def by_links(self, start: str) -> Fetched:
        """The pages that can be reached, the nearest first."""
        self._check_start(start)
        waiting, seen = deque([(start, 0)]), {start}
        while waiting and self.tried < self.source.pages:
            address, depth = waiting.popleft()
            page = self._visit(address)
            links = page.links if page and page.wants_follow and depth < self.source.depth else []
            if page and page.canonical:
                links = [*links, page.canonical]
            for link in links:
                if link not in seen and self._belongs(link):
                    seen.add(link)
                    waiting.append((link, depth + 1))
        if waiting:
            self._tell_limit()
        return self._done()

    def _check_start(self, start: str) -> None:
        if not self.site.allows(start):
            raise Unreachable("its robots.txt does not let us in", "Ask who runs the site to allow Floorwalker.")

    def _belongs(self, address: str) -> bool:
        is_ours = self.scope.holds(address) and may_hold_text(address)
        return is_ours and self.unless.takes(self.scope.path_of(address, ".html")) and self.site.allows(address)

    def _few_enough(self, pages: Iterable[str]) -> list[str]:
        listed = list(pages)
        if len(listed) > self.source.pages:
            self._tell_limit()
        return listed[: self.source.pages]

    def _tell_limit(self) -> None:
        self.got.note = (f"It has more than {self.source.pages:,} pages; the others were left out. Choose fewer by "
                         "`exclude`, or raise `pages` of the source.")

    def _must_get(self, address: str) -> Response:
        try:
            response = self.site.get(address, {})
        except PageFailed as failed:
            raise Unreachable(str(failed)) from failed
        except LedOut as out:
            raise _led_out(out) from out
        if response.status != 200:
            raise _refused(response.status)
        return response

    def _visit(self, address: str) -> Page | None:
        """Fetch a page, if it is there; what it says to crawlers, if it is HTML."""
        is_first, self.tried = self.tried == 0, self.tried + 1
        path = self.known.get(address)
        try:
            response = self.site.get(address, _spared(self.before[path]) if path else {})
        except LedOut as out:
            if is_first:
                raise _led_out(out) from out
            return None
        except PageFailed as failed:
            if is_first:
                raise Unreachable(str(failed)) from failed
            return self._without(address, path, failed)
        self.failed_in_a_row = 0
        if response.status == 304 and path:
            return self._as_before(address, path, response)
        if response.status == 200:
            return self._take(response)
        if is_first:
            raise _refused(response.status)
        return None  # gone, or not for us

    def _without(self, address: str, path: str | None, failed: PageFailed) -> Page | None:
        """A page that failed stays as it was."""
        if isinstance(failed, ServerFailed):
            self.failed, self.failed_in_a_row = self.failed + 1, self.failed_in_a_row + 1
        name = path or self.scope.path_of(address, ".html")
        self.got.faults[name] = f"The page could not be fetched: {failed}. The next run tries again."
        too_many = self.failed > max(_FEW_FAULTS, _FAULTS * self.tried)
        if too_many or self.failed_in_a_row >= _IN_A_ROW:
            raise Unreachable(f"it broke off half way: {failed}", "The next run tries again.")
        return self._as_before(address, path) if path else None

    def _as_before(self, address: str, path: str, response: Response | None = None) -> Page | None:
        """The page as it was fetched last; `response` says that it has not changed."""
        assert self.old
        content = (self.old / path).read_bytes()
        if path in self.got.files:
            return None
        etag, modified, asked = _told(self.before[path])
        asked = response.headers.get(_ASKS, asked) if response else asked
        page = _page(content, address, path, asked)
        if self.choice.takes(path) and page.wants_index:
            reuse(self.old / path, self.into / path)
            self._note(address, path, Entry(json.dumps([etag, modified, asked]), address), content, page)
        return page

    def _take(self, response: Response) -> Page | None:
        address, kind = response.address, kind_of(response.content, response.headers.get("content-type", ""))
        suffix = suffix_of(address, kind)
        if not suffix or address in self.kept:
            return None
        is_text = kind.startswith("text/") or suffix == ".html"
        content = as_utf8(response.content, kind) if is_text else response.content
        asked = response.headers.get(_ASKS, "")
        page = _page(content, address, suffix, asked)
        path = self._free(self.scope.path_of(address, suffix), address)
        is_wanted = self.choice.takes(path) and page.wants_index
        if is_wanted and hashlib.sha256(content).digest() not in self.digests:
            write(self.into, path, content)
            told = [response.headers.get("etag", ""), response.headers.get("last-modified", ""), asked]
            signature = json.dumps(told)
            self._note(address, path, Entry(signature, address), content, page)
        return page

    def _note(self, address: str, path: str, entry: Entry, content: bytes, page: Page) -> None:
        self.digests.add(hashlib.sha256(content).digest())
        self.taken.add(path.casefold())
        self.got.files[path] = entry
        self.kept[address] = _Kept(path, page.title, page.canonical)

    def _free(self, path: str, address: str) -> str:
        if path.casefold() not in self.taken:
            return path
        there = PurePosixPath(path)
        return there.with_name(f"{there.stem}-{digest_of(address)}{there.suffix}").as_posix()

    def _done(self) -> Fetched:
        """Without the pages that name another one of the same title as the true one: they are the same page."""
        for address, page in list(self.kept.items()):
            true = self.kept.get(page.canonical) if page.canonical != address else None
            if true and true.title == page.title and true.canonical in ("", page.canonical):
                self.got.files.pop(page.path, None)
                (self.into / page.path).unlink(missing_ok=True)
        if not self.got.files:
            self.got.note = self.got.note or _NOTHING
        return self.got


def _page(content: bytes, address: str, path: str, asked: str) -> Page:
    """What a page says, and what its response `asked` of crawlers; of what is no HTML, that alone is known."""
    page = page_of(content, address) if path.lower().endswith((".html", ".htm")) else Page()
    heed(page, asked)
    return page


def _told(entry: Entry) -> tuple[str, str, str]:
    """What is known of a page's version: its ETag, when it was changed, and what its response asked of crawlers."""
    try:
        etag, modified, *asked = json.loads(entry.signature)
    except ValueError:
        return "", "", ""
    return etag, modified, asked[0] if asked else ""


def _spared(entry: Entry) -> dict[str, str]:
    etag, modified, _ = _told(entry)
    told = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value for name, value in told.items() if value}


def _led_out(out: LedOut) -> Unreachable:
    if isinstance(out, LedAstray):
        return Unreachable(f"it leads on to {out}, where its robots.txt does not let us in",
                           "Ask who runs the site to allow Floorwalker.")
    return Unreachable(f"it leads on to {out}, which is another place",
                       "If that is where the pages are now, name that address as the source's location.")


def _refused(status: int) -> Unreachable:
    if status in (401, 403):
        return Unreachable(f"it does not let us in ({status})", "Check the user and the password or token.")
    return Unreachable(f"the server said {status}", "Check its location.")
