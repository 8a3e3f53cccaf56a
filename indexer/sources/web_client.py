"""A visitor of web sites with manners: keeps to robots.txt, waits between requests, and never leaves the site."""

from __future__ import annotations

import contextlib
import ipaddress
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx
from protego import Protego

from indexer.sources.faults import Unreachable
from indexer.sources.web_address import Scope, normal

AGENT = "Floorwalker"
_HEADERS = {"User-Agent": f"{AGENT}/1 (indexes training material)",
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
_REDIRECTS = 5
_TRIES = 3
_SECONDS = 30.0
_SECONDS_IN_ALL = 180.0
"""The longest that one page may take."""
_LONGEST_WAIT = 60.0
_MOST_BYTES_OF_A_PAGE = 50_000_000


class PageFailed(Exception):
    """A page could not be fetched; a clause that can follow a colon."""


class ServerFailed(PageFailed):
    """The same, for a reason that other pages may have in common."""


class LedOut(Exception):
    """A redirect leads out of the site."""


class LedAstray(LedOut):
    """A redirect leads to where robots.txt does not let us in."""


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. `content` is empty unless `status` is 200."""

    address: str
    """Where it was in the end."""
    status: int
    headers: Mapping[str, str]
    content: bytes = b""


class Site:
    """One site, visited politely."""

    def __init__(self, scope: Scope, delay: float, megabytes: float, user: tuple[str, str] | None = None,
                 sleep: Callable[[float], None] = time.sleep) -> None:
        self._scope, self._delay, self._sleep = scope, delay, sleep
        self._bytes_left = megabytes * 1e6
        self._client = httpx.Client(headers=_HEADERS, timeout=_SECONDS, auth=user, follow_redirects=False)
        self._is_private: bool | None = None
        self._visited = False
        self._robots: Protego | None = None

    def close(self) -> None:
        """Let go of all connections."""
        self._client.close()

    def read_robots(self) -> None:
        """Raises Unreachable: as long as it cannot be known what is allowed, nothing is."""
        address = f"{self._scope.scheme}://{self._scope.netloc}/robots.txt"
        try:
            response = self._following(address, {}, self._is_same_host)
        except LedOut:
            return
        except PageFailed as failed:
            raise Unreachable(f"its robots.txt cannot be read ({failed})",
                              "Check its address and the network; the next run tries again.") from failed
        if response.status == 200:
            self._robots = Protego.parse(response.content[:500_000].decode("utf-8", "replace"))
            asked = self._robots.crawl_delay(AGENT) or 0.0
            self._delay = max(self._delay, min(float(asked), _LONGEST_WAIT))

    def allows(self, address: str) -> bool:
        """Whether robots.txt lets us in there."""
        return self._robots is None or self._robots.can_fetch(address, AGENT)

    def get(self, address: str, known: Mapping[str, str]) -> Response:
        """A page of the site. `known` are headers that spare it if it has not changed. Raises PageFailed, LedOut."""
        return self._following(address, known, self._scope.holds)

    def _is_same_host(self, address: str) -> bool:
        return Scope(self._scope.scheme, self._scope.netloc, "/").holds(address)

    def _following(self, address: str, known: Mapping[str, str], is_inside: Callable[[str], bool]) -> Response:
        for _ in range(_REDIRECTS + 1):
            response = self._patiently(address, known)
            if response.status not in (301, 302, 303, 307, 308):
                return response
            address = normal(response.headers.get("location", ""), address)
            if not address or not is_inside(address):
                raise LedOut(address.partition("?")[0] or "nowhere")
            if not self.allows(address):
                raise LedAstray(address.partition("?")[0])
        raise PageFailed("it is redirected again and again")

    def _patiently(self, address: str, known: Mapping[str, str]) -> Response:
        """Tried again after what may pass."""
        for number in range(_TRIES):
            if self._visited:
                self._sleep(self._delay * 2**number)
            self._visited = True
            try:
                response = self._once(address, known)
            except httpx.TimeoutException:
                trouble, wait = "it did not answer in time", 0.0
            except (httpx.HTTPError, httpx.InvalidURL):
                trouble, wait = "the connection failed", 0.0
            else:
                if response.status not in (408, 429) and response.status < 500:
                    return response
                trouble, wait = f"the server said {response.status}", _asked_wait(response)
            if wait:
                self._sleep(wait)
        raise ServerFailed(trouble)

    def _once(self, address: str, known: Mapping[str, str]) -> Response:
        until = time.monotonic() + _SECONDS_IN_ALL
        with self._client.stream("GET", address, headers=dict(known)) as response:
            self._check_network(response)
            headers = {name.lower(): value for name, value in response.headers.items()}
            if response.status_code != 200:
                return Response(address, response.status_code, headers)
            content = bytearray()
            for piece in response.iter_bytes():
                content += piece
                if len(content) > _MOST_BYTES_OF_A_PAGE:
                    raise PageFailed("it is larger than 50 MB")
                if time.monotonic() > until:
                    raise ServerFailed("it came too slowly")
        self._bytes_left -= len(content)
        if self._bytes_left < 0:
            raise Unreachable("there is more of it than `megabytes` allows",
                              "Choose less by `include` and `exclude`, or raise `megabytes` of the source.")
        return Response(address, 200, headers, bytes(content))

    def _check_network(self, response: httpx.Response) -> None:
        """A site out in the world must not turn into a machine of our own network by changing its name's address."""
        stream = response.extensions.get("network_stream")
        place = stream.get_extra_info("server_addr") if stream is not None else None
        with contextlib.suppress(ValueError, TypeError, IndexError):
            is_private = not ipaddress.ip_address(place[0]).is_global  # type: ignore[index]
            if self._is_private is None:
                self._is_private = is_private
            elif is_private and not self._is_private:
                raise Unreachable("its name leads into our own network all of a sudden",
                                  "Ask who runs the site; nothing was read from there.")


def _asked_wait(response: Response) -> float:
    with contextlib.suppress(ValueError):
        return min(max(0.0, float(response.headers.get("retry-after", "0"))), _LONGEST_WAIT)
    return 0.0
