"""A web site of our own on the loopback, with faults that can be switched on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Served:
    """What the site says at one path."""

    body: str | bytes = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: str = ""


class WebSite:
    """Pages by their paths; `asked` are the requests so far, as `PATH` or `PATH 304`."""

    def __init__(self) -> None:
        self.pages: dict[str, Served] = {}
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.authorizations: set[str] = set()
        self.address = ""

    def page(self, path: str, title: str = "", *links: str, text: str = "", head: str = "", etag: str = "") -> None:
        """A page of HTML with links."""
        anchors = "".join(f'<p><a href="{link}">{link}</a></p>' for link in links)
        within = f"<body><h1>{title}</h1><p>{text}</p>{anchors}</body>"
        body = f"<html><head><title>{title}</title>{head}</head>{within}</html>"
        self.pages[path] = Served(body, headers={"Content-Type": "text/html; charset=utf-8"}, etag=etag)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """One request."""
        self.agents.add(handler.headers.get("User-Agent", ""))
        self.authorizations.add(handler.headers.get("Authorization", ""))
        served = self.pages.get(handler.path, Served("gone", 404))
        is_known = bool(served.etag) and handler.headers.get("If-None-Match") == served.etag and served.status == 200
        self.asked.append(f"{handler.path} 304" if is_known else handler.path)
        body = b"" if is_known else served.body.encode() if isinstance(served.body, str) else served.body
        handler.send_response(304 if is_known else served.status)
        for name, value in served.headers.items():
            handler.send_header(name, value)
        if served.etag:
            handler.send_header("ETag", served.etag)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


@contextmanager
def web_site() -> Iterator[WebSite]:
    """A site that is served as long as this is open."""
    site = WebSite()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
