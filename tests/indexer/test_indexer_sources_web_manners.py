"""What a web site asks of crawlers is done, also behind redirects and when a page has not changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.sources import Source
from indexer.sources.web_page import kind_of
from tests.indexer.source_fakes import Place
from tests.indexer.web_fakes import Served, WebSite, web_site

ROBOTS = "User-agent: *\nDisallow: /docs/private\n"


@pytest.fixture
def site() -> Iterator[WebSite]:
    with web_site() as site:
        site.page("/docs/", "Start", "a", text="Welcome.")
        site.page("/docs/a", "A", "b", text="About a.", etag='"a1"')
        site.page("/docs/b", "B", text="About b.")
        yield site


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def at(site: WebSite) -> Source:
    return Source(f"{site.address}/docs/", "web", delay=0.0)


def test_a_redirect_to_where_robots_do_not_let_us_in_is_not_followed(site: WebSite, place: Place) -> None:
    site.pages["/robots.txt"] = Served(ROBOTS)
    site.page("/docs/private/salary", "Salary", text="Not for crawlers.")
    site.pages["/docs/a"] = Served("", 302, {"Location": "/docs/private/salary"})
    assert set(place.fetch(at(site))) == {"web/index.html"}
    assert "/docs/private/salary" not in site.asked


def test_a_first_page_that_leads_to_where_robots_do_not_let_us_in_is_told(site: WebSite, place: Place) -> None:
    site.pages["/robots.txt"] = Served(ROBOTS)
    site.page("/docs/private", "Salary", text="Not for crawlers.")
    site.pages["/docs/"] = Served("", 302, {"Location": "/docs/private"})
    [reason] = place.fetch(at(site)).values()
    assert "robots.txt does not let us in" in reason
    assert "/docs/private" not in site.asked


def test_what_a_response_asked_of_crawlers_holds_as_long_as_the_page_is_the_same(site: WebSite, place: Place) -> None:
    site.pages["/docs/a"].headers["X-Robots-Tag"] = "nofollow"
    assert set(place.fetch(at(site))) == {"web/index.html", "web/a.html"}
    del site.pages["/docs/a"].headers["X-Robots-Tag"]  # as servers may in a 304
    for _ in range(2):
        assert set(place.fetch(at(site))) == {"web/index.html", "web/a.html"}
    assert site.asked.count("/docs/a 304") == 2
    assert "/docs/b" not in site.asked


def test_a_page_that_is_to_be_left_alone_from_now_on_goes_though_it_is_the_same(site: WebSite, place: Place) -> None:
    assert "web/a.html" in place.fetch(at(site))
    site.pages["/docs/a"].headers["X-Robots-Tag"] = "noindex"
    assert set(place.fetch(at(site))) == {"web/index.html", "web/b.html"}
    assert "/docs/a 304" in site.asked


def test_a_file_that_is_no_page_may_ask_to_be_left_alone(site: WebSite, place: Place) -> None:
    site.page("/docs/", "Start", "note.md", "other.md")
    site.pages["/docs/note.md"] = Served("# Note\n\nText.\n", headers={"X-Robots-Tag": "noindex"})
    site.pages["/docs/other.md"] = Served("# Other\n\nWords.\n")
    assert set(place.fetch(at(site))) == {"web/index.html", "web/other.md"}


def test_a_page_that_does_not_say_that_it_is_html_is_looked_at(site: WebSite, place: Place) -> None:
    site.pages["/docs/a"] = Served("<!DOCTYPE html>\n<html><body><h1>A</h1><p>About a.</p></body></html>")
    site.pages["/docs/"].body = str(site.pages["/docs/"].body).replace('href="a"', 'href="a">a</a><a href="c"')
    site.pages["/docs/c"] = Served("\x00\x01 no page")
    assert set(place.fetch(at(site))) == {"web/index.html", "web/a.html"}


@pytest.mark.parametrize(("content", "told", "kind"), [
    (b"\xef\xbb\xbf \n<!-- x --><html lang=en>", "", "text/html"), (b"<HEAD>", " ", "text/html"),
    (b"<?xml version='1.0'?><html>", "", "text/html"), (b"<svg>", "", ""), (b"<header>", "", ""), (b"%PDF-1.7", "", ""),
    (b"<html>", "image/png", "image/png"),
])
def test_only_what_says_nothing_of_itself_is_looked_at(content: bytes, told: str, kind: str) -> None:
    assert kind_of(content, told).strip() == kind


def test_a_site_that_yields_nothing_is_told(site: WebSite, place: Place) -> None:
    site.page("/docs/", "Start", head='<meta name="robots" content="noindex">')
    report = place.index(at(site))
    assert [failure.document for failure in report.failed] == ["web"]
    assert report.failed[0].reason.startswith("It holds nothing that can be read.")
