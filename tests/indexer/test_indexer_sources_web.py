"""A web site as a source: what is fetched, what is left alone, and what stays when something breaks."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from indexer.search import KnowledgeBase
from indexer.sources import Source
from indexer.sources.faults import Unreachable
from indexer.sources.web_address import Scope
from indexer.sources.web_client import Site
from indexer.types import Viewer
from tests.indexer.source_fakes import Place
from tests.indexer.web_fakes import Served, WebSite, web_site


@pytest.fixture
def site() -> Iterator[WebSite]:
    with web_site() as site:
        site.page("/docs/", "Start", "a", "sub/b.html", "/other/c", "http://example.invalid/docs/x", text="Welcome.")
        site.page("/docs/a", "A", "./", "sub/b.html#part", text="About a.", etag='"a1"')
        site.page("/docs/sub/b.html", "B", "../d?x=1", text="About b.")
        site.page("/docs/d?x=1", "D", text="About d.")
        site.page("/other/c", "C", text="Not for us.")
        yield site


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def at(site: WebSite, path: str = "/docs/", **more: object) -> Source:
    return Source(site.address + path, "web", delay=0.0, **more)  # type: ignore[arg-type]


def test_pages_below_the_first_one_are_fetched_and_linked_by_their_own_addresses(site: WebSite, place: Place) -> None:
    source = at(site)
    links = {path: entry.link.removeprefix(site.address)
             for path, entry in (place.fetch(source), place.state(source))[1].files.items()}
    assert len(links) == 4
    assert links["index.html"] == "/docs/"
    assert links["a.html"] == "/docs/a"
    assert links["sub/b.html"] == "/docs/sub/b.html"
    assert {link for path, link in links.items() if path.startswith("d-")} == {"/docs/d?x=1"}
    assert not [asked for asked in site.asked if asked.startswith("/other")]
    assert all(agent.startswith("Floorwalker") for agent in site.agents)


def test_a_page_is_linked_by_its_address_and_a_pattern_wins(site: WebSite, place: Place) -> None:
    site.pages["/docs/note.md"] = Served("# Note\n\nText.\n", headers={"Content-Type": "text/markdown"})
    site.page("/docs/", "Start", "note.md")
    assert place.fetch(at(site))["web/note.md"] == f"{site.address}/docs/note.md"
    assert place.fetch(at(site, link="https://known.example/{stem}"))["web/note.md"] == "https://known.example/note"


def test_robots_are_obeyed_and_asked_for_at_the_hosts_root(site: WebSite, place: Place) -> None:
    site.pages["/robots.txt"] = Served("User-agent: *\nDisallow: /docs/sub/\nAllow: /\nDisallow: /*?x=\n")
    place.fetch(at(site))
    assert place.held(at(site)) == {"index.html", "a.html"}
    assert site.asked[0] == "/robots.txt"
    assert "/docs/sub/b.html" not in site.asked


def test_a_site_whose_robots_cannot_be_read_is_not_entered(site: WebSite, place: Place) -> None:
    site.pages["/robots.txt"] = Served("", 503)
    told = place.fetch(at(site))
    assert "robots.txt cannot be read" in told["web/"]
    assert set(site.asked) == {"/robots.txt"}


def test_a_site_that_forbids_its_first_page_says_so(site: WebSite, place: Place) -> None:
    site.pages["/robots.txt"] = Served("User-agent: Floorwalker\nDisallow: /\n")
    assert "robots.txt does not let us in" in place.fetch(at(site))["web/"]


def test_what_robots_ask_for_between_two_requests_is_kept(site: WebSite) -> None:
    site.pages["/robots.txt"] = Served("User-agent: *\nCrawl-delay: 7\n")
    waited: list[float] = []
    visitor = Site(Scope.around(f"{site.address}/docs/"), 0.5, 10, sleep=waited.append)
    visitor.read_robots()
    visitor.get(f"{site.address}/docs/a", {})
    visitor.close()
    assert waited == [7.0]


def test_a_name_that_leads_into_our_own_network_all_of_a_sudden_is_not_read(site: WebSite) -> None:
    class Stream:
        def __init__(self, address: str) -> None:
            self.address = address

        def get_extra_info(self, _name: str) -> tuple[str, int]:
            return self.address, 443

    def reached(*addresses: str) -> None:
        visitor = Site(Scope.around("https://help.example/"), 0, 1)
        for address in addresses:
            visitor._check_network(httpx.Response(200, extensions={"network_stream": Stream(address)}))

    reached("10.0.0.7", "10.0.0.8")  # a site of our own network may be one from the start
    reached("93.184.216.34", "93.184.216.35")
    with pytest.raises(Unreachable, match="our own network"):
        reached("93.184.216.34", "169.254.169.254")


def test_an_unchanged_page_is_not_sent_again_and_its_links_still_count(site: WebSite, place: Place) -> None:
    site.page("/docs/a", "A", "only-here", text="About a.", etag='"a1"')
    site.page("/docs/only-here", "Only", text="Here.")
    source = at(site)
    place.fetch(source)
    changed_at = place.state(source).changed_at
    site.asked.clear()
    place.fetch(source)
    assert "/docs/a 304" in site.asked
    assert "only-here.html" in place.held(source)
    assert place.state(source).changed_at == changed_at
    assert place.state(source).fetched_at > changed_at
    site.page("/docs/a", "A", text="About a, anew.", etag='"a2"')
    place.fetch(source)
    assert "anew" in place.text(source, "a.html")
    assert "only-here.html" not in place.held(source), "gone with the link to it"
    assert place.state(source).changed_at > changed_at


def test_a_redirect_out_of_the_site_is_not_followed(site: WebSite, place: Place) -> None:
    with web_site() as elsewhere:
        elsewhere.page("/docs/secret", "Secret", text="Of an inner machine.")
        site.pages["/docs/a"] = Served("", 302, {"Location": f"{elsewhere.address}/docs/secret"})
        site.pages["/docs/sub/b.html"] = Served("", 301, {"Location": "/docs/%2e%2e/other/c"})
        place.fetch(at(site))
        assert place.held(at(site)) == {"index.html"}
        assert elsewhere.asked == []
        assert "/other/c" not in site.asked
        site.pages["/docs/"] = Served("", 302, {"Location": f"{elsewhere.address}/docs/?token=abc"})
        told = place.fetch(at(site))["web"]
        assert "another place" in told
        assert "abc" not in told


def test_a_redirect_within_the_site_counts_as_the_page_that_it_leads_to(site: WebSite, place: Place) -> None:
    site.pages["/docs/a"] = Served("", 301, {"Location": "/docs/new"})
    site.page("/docs/new", "New", text="Moved.")
    place.fetch(at(site))
    assert "new.html" in place.held(at(site))
    assert "a.html" not in place.held(at(site))


def test_a_redirect_in_a_circle_ends(site: WebSite, place: Place) -> None:
    site.pages["/docs/a"] = Served("", 302, {"Location": "/docs/a"})
    assert "redirected again and again" in place.fetch(at(site))["web/a.html"]
    assert "sub/b.html" in place.held(at(site))


def test_limits_of_pages_and_depth_are_kept_and_told(site: WebSite, place: Place) -> None:
    told = place.fetch(at(site, pages=2))
    assert place.held(at(site, pages=2)) == {"index.html", "a.html"}
    assert "more than 2 pages" in told["web"]
    assert "web" not in place.fetch(at(site, depth=1))
    assert place.held(at(site, depth=1)) == {"index.html", "a.html", "sub/b.html"}


def test_a_site_larger_than_allowed_is_not_taken(site: WebSite, place: Place) -> None:
    site.page("/docs/a", "A", text="x" * 1_100_000)
    assert "megabytes" in place.fetch(at(site, megabytes=1))["web/"]
    assert place.held(at(site, megabytes=1)) == set()


def test_one_page_that_fails_keeps_its_last_version_and_the_rest_is_taken(site: WebSite, place: Place) -> None:
    source = at(site)
    place.fetch(source)
    site.pages["/docs/sub/b.html"] = Served("boom", 500)
    site.page("/docs/a", "A", text="About a, anew.")
    told = place.fetch(source)
    assert "server said 500" in told["web/sub/b.html"]
    assert "About b." in place.text(source, "sub/b.html")
    assert "anew" in place.text(source, "a.html")
    assert [path for path in place.held(source) if path.startswith("d-")], "what only b links to stays, too"


def test_a_site_that_breaks_off_half_way_keeps_everything_as_it_was(site: WebSite, place: Place) -> None:
    source = at(site)
    site.page("/docs/", "Start", *(f"p{number}" for number in range(9)))
    for number in range(9):
        site.page(f"/docs/p{number}", f"P{number}", text=f"Old {number}.")
    place.fetch(source)
    before = place.held(source)
    for number in range(9):
        site.page(f"/docs/p{number}", f"P{number}", text=f"New {number}.")
        if number > 4:
            site.pages[f"/docs/p{number}"] = Served("boom", 500)
    told = place.fetch(source)
    assert "broke off half way" in told["web"]
    assert "What was fetched before stays" in told["web"]
    assert place.held(source) == before
    assert "Old 0." in place.text(source, "p0.html"), "not even the pages that came are taken in"
    assert place.state(source).trouble == "unreachable"


def test_a_site_that_does_not_answer_is_told_with_the_time_since_when(place: Place) -> None:
    with web_site() as site:
        site.page("/docs/", "Start", text="Welcome.")
        source = at(site)
        place.fetch(source)
    first = "connection failed" in place.fetch(source)["web"], place.state(source).since
    place.fetch(source)
    assert first == (True, place.state(source).since)
    assert place.held(source) == {"index.html"}


def test_a_page_that_is_gone_goes_at_the_next_run(site: WebSite, place: Place) -> None:
    place.fetch(at(site))
    del site.pages["/docs/a"]
    assert "web/a.html" not in place.fetch(at(site))
    assert "a.html" not in place.held(at(site))


def test_a_page_that_names_another_as_the_true_one_is_taken_once(site: WebSite, place: Place) -> None:
    site.page("/docs/a", "A", text="Printed.", head='<link rel="canonical" href="/docs/true">')
    site.page("/docs/true", "A", text="True.", head='<link rel="canonical" href="/docs/true">')
    site.page("/docs/sub/b.html", "B", text="Mistaken.", head='<link rel="canonical" href="/docs/">')
    place.fetch(at(site))
    assert place.held(at(site)) == {"index.html", "true.html", "sub/b.html"}, "b has a title of its own"


def test_what_pages_ask_of_crawlers_is_done(site: WebSite, place: Place) -> None:
    site.page("/docs/a", "A", "by-a", text="Hidden.", head='<meta name="robots" content="noindex">')
    site.page("/docs/by-a", "By a", text="Seen.")
    site.page("/docs/sub/b.html", "B", "../d?x=1", text="Seen.", head='<meta name="robots" content="nofollow">')
    place.fetch(at(site))
    assert place.held(at(site)) == {"index.html", "by-a.html", "sub/b.html"}


def test_only_what_can_hold_text_is_fetched(site: WebSite, place: Place) -> None:
    site.page("/docs/", "Start", "logo.png", "style.css", "data.bin", "paper.pdf", "list")
    site.pages["/docs/data.bin"] = Served(b"\0\1", headers={"Content-Type": "application/octet-stream"})
    site.pages["/docs/paper.pdf"] = Served(b"%PDF-1.4", headers={"Content-Type": "application/pdf"})
    site.pages["/docs/list"] = Served("# List\n", headers={"Content-Type": "text/markdown"})
    place.fetch(at(site))
    assert place.held(at(site)) == {"index.html", "paper.pdf", "list.md"}
    assert not {"/docs/logo.png", "/docs/style.css"} & set(site.asked)


def test_patterns_choose_pages_and_what_is_left_out_is_not_even_visited(site: WebSite, place: Place) -> None:
    place.fetch(at(site, exclude=("sub/",)))
    assert place.held(at(site, exclude=("sub/",))) == {"index.html", "a.html"}
    assert "/docs/sub/b.html" not in site.asked
    place.fetch(at(site, include=("sub/",)))
    assert place.held(at(site, include=("sub/",))) == {"sub/b.html"}


def test_a_citation_opens_the_page_itself(site: WebSite, place: Place) -> None:
    site.page("/docs/a", "Expenses", text="Hand in the receipt with the blue form.", head="<h2>Receipts</h2>")
    place.index(at(site))
    knowledge = KnowledgeBase(place.data, place.embedder)
    try:
        hit = knowledge.find("Where do I hand in the receipt?", Viewer()).hits[0]
    finally:
        knowledge.close()
    assert hit.document_id == "web/a.html"
    assert hit.url == f"{site.address}/docs/a"


def test_a_sitemap_names_the_pages(site: WebSite, place: Place) -> None:
    listed = "".join(f"<url><loc>{site.address}{path}</loc></url>" for path in ("/docs/a", "/other/c"))
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    more = f"<sitemap><loc>{site.address}/docs/more.xml.gz</loc></sitemap>"
    site.pages["/docs/sitemap.xml"] = Served(f"<sitemapindex xmlns='{space}'>{more}</sitemapindex>")
    site.pages["/docs/more.xml.gz"] = Served(gzip.compress(f"<urlset xmlns='{space}'>{listed}</urlset>".encode()))
    place.fetch(at(site, "/docs/sitemap.xml"))
    assert place.held(at(site, "/docs/sitemap.xml")) == {"a.html"}
    assert "/docs/sub/b.html" not in site.asked, "links are not followed"


@pytest.mark.parametrize(("body", "why"), [
    ("no xml", "no XML"),
    ('<!DOCTYPE x [<!ENTITY a "aaaa">]><urlset><url><loc>&a;</loc></url></urlset>', "entities"),
    ("<urlset/>", "names no page"),
])
def test_a_sitemap_that_is_none_is_told(site: WebSite, place: Place, body: str, why: str) -> None:
    site.pages["/docs/sitemap.xml"] = Served(body)
    assert why in place.fetch(at(site, "/docs/sitemap.xml"))["web/"]


def test_a_password_is_sent_to_the_site_and_shown_nowhere(site: WebSite, place: Place,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIKI_TOKEN", "s3cr/et")
    address = site.address.replace("http://", "http://reader:${WIKI_TOKEN}@")
    source = Source(f"{address}/docs/", delay=0.0)
    told = place.fetch(source)
    assert site.authorizations == {"Basic " + base64.b64encode(b"reader:s3cr/et").decode()}
    assert not [text for text in (*told, *told.values()) if "WIKI_TOKEN" in text or "s3cr" in text]
    site.pages["/docs/"] = Served("", 401)
    told = place.fetch(source)
    assert "does not let us in (401)" in told[f"{site.address}/docs/"]
    monkeypatch.delenv("WIKI_TOKEN")
    assert "WIKI_TOKEN is not set" in place.fetch(source)[f"{site.address}/docs/"]


def test_a_page_in_another_character_set_keeps_its_letters(site: WebSite, place: Place) -> None:
    site.pages["/docs/a"] = Served("<title>Zażółć</title>".encode("iso-8859-2"),
                                   headers={"Content-Type": "text/html; charset=iso-8859-2"})
    place.fetch(at(site))
    assert "Zażółć" in place.text(at(site), "a.html")
