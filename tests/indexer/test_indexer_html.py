"""Web pages: the main content with its headings, tables and lists, and nothing of what leads through the site."""

from __future__ import annotations

import pytest

from indexer.readers import read
from indexer.types import Document

PAGE = """<html><head><title>Approvals - Intranet</title><link rel="canonical" href="https://intranet.example/approvals">
<meta name="floorwalker:owner" content="Finance"><meta name="audience" content="all"><style>p {}</style></head><body>
<header>Intranet</header><nav><a href="/">Home</a></nav><main><h1>Approvals</h1>
<p>Who <b>approves</b>
   what.<script>alert(1)</script></p>
<h2 id="limits">Limits</h2><table><tr><th>Amount</th><th>Who</th></tr>
<tr><td>up to 500</td><td>line|manager</td></tr></table>
<div class="admonition note"><p class="admonition-title">Note</p><p>Not on <i>Fridays</i>.</p></div>
<section id="steps"><h3>Steps</h3><ol><li>Open it<ul><li>now</li></ul></li><li>Close it
<img src="x.png" alt="The button Close"></li></ol><pre><code class="language-bash">ls
 cd</code></pre></section></main><footer>Imprint</footer></body></html>"""

CONFLUENCE = """<html><head><title>Roll-out : Suppliers</title></head><body><div id="page"><div id="main">
<div id="main-header">
<ol id="breadcrumbs"><li class="first"><span><a href="index.html">Roll-out</a></span></li></ol>
<h1 id="title-heading"><span id="title-text">Roll-out : Suppliers</span></h1></div><div id="content">
<div class="page-metadata">Created by Eve</div><div id="main-content"><p>By the data team.</p>
<h2 id="Suppliers-Time">Time</h2><p>Two days.</p></div></div></div></div></body></html>"""


def document(page: str | bytes) -> Document:
    (only,) = read(page if isinstance(page, bytes) else page.encode(), "a/page.html").documents
    return only


def test_a_page_becomes_sections_of_markdown() -> None:
    found = document(PAGE)
    assert (found.title, found.url, found.owner, found.audience) == (
        "Approvals", "https://intranet.example/approvals", "Finance", ())
    assert [(section.heading_path, section.anchor, section.text) for section in found.sections] == [
        ((), "", "Who **approves** what."),
        (("Limits",), "limits", ("| Amount | Who |\n| --- | --- |\n| up to 500 | line\\|manager |\n\n"
                                 "> **Note:**\n>\n> Not on *Fridays*.")),
        (("Limits", "Steps"), "steps", ("1. Open it\n   - now\n2. Close it *[The button Close]*\n\n"
                                        "```bash\nls\n cd\n```"))]


def test_a_page_exported_from_confluence_is_named_without_its_space() -> None:
    found = document(CONFLUENCE)
    assert found.title == "Suppliers"
    assert [(section.heading_path, section.anchor, section.text) for section in found.sections] == [
        ((), "", "By the data team."), (("Time",), "Suppliers-Time", "Two days.")]


def test_without_headings_the_title_is_that_of_the_window() -> None:
    assert document("<title>About\n us</title><p>We help.").title == "About us"
    assert document("<p>We help.").title == "page.html"


def test_old_encodings_are_understood() -> None:
    assert document("<p>Überweisung – £5".encode("cp1252")).sections[0].text == "Überweisung – £5"
    assert document('<meta charset="iso-8859-2"><p>žluť'.encode("iso-8859-2")).sections[0].text == "žluť"
    assert document("<p>Größe".encode("utf-16")).sections[0].text == "Größe"


def test_what_only_looks_like_markup_is_escaped_and_scripts_are_no_links() -> None:
    found = document('<p>Press &lt;Enter&gt; or 2*3*4 <a href="javascript:x()">here</a> or <a href="/b">there</a>')
    assert found.sections[0].text == r"Press \<Enter> or 2\*3\*4 here or [there](/b)"


def test_headings_in_tables_and_boxes_do_not_cut_them() -> None:
    found = document("<h2>Real</h2><table><tr><td><h3>Cell</h3></td><td>b</td></tr></table>")
    assert [section.heading_path for section in found.sections] == [("Real",)]
    assert "**Cell**" in found.sections[0].text


def test_absurd_nesting_is_told() -> None:
    (failure,) = read(b"<div><b>" * 20_000 + b"x", "page.html").failures
    assert failure.reason.startswith("This web page is ")


def test_a_page_without_text_is_told() -> None:
    (failure,) = read(b"<html><body><nav>Home</nav></body></html>", "page.html").failures
    assert failure.reason == "The file holds no text."


def rows(table: str) -> list[str]:
    """The lines of a table, without that below its head."""
    (section,) = document(f"<table>{table}</table>").sections
    head, rule, *body = section.text.split("\n")
    assert set(rule) <= set("|- ")
    return [head, *body]


def test_a_cell_that_spans_rows_stands_in_each_of_them() -> None:
    found = rows("<tr><th rowspan=2>Country<th colspan=2>Rate<tr><th>Day<th>Night"
                 "<tr><td rowspan=3><b>Wales</b><td>1<td>2<tr><td>3<td>4<tr><td>5<td>6<tr><td>Kent<td>7<td>8")
    assert found == ["| Country | Rate | |", "| Country | Day | Night |", "| **Wales** | 1 | 2 |",
                     "| **Wales** | 3 | 4 |", "| **Wales** | 5 | 6 |", "| Kent | 7 | 8 |"]


def test_cells_that_span_rows_stand_where_a_browser_shows_them() -> None:
    assert rows("<tr><td>a<td rowspan=2>b<td rowspan=3>c<tr><td rowspan=2>d<tr><td>e<tr><td>f<td>g<td>h") == [
        "| a | b | c |", "| d | b | c |", "| d | e | c |", "| f | g | h |"]


def test_a_cell_that_spans_rows_and_columns_moves_nothing() -> None:
    assert rows("<tr><td>a<td rowspan=2 colspan=2>b<td>c<tr><td>d<td>e<tr><td>f<td>g<td>h<td>i") == [
        "| a | b | | c |", "| d | b | | e |", "| f | g | h | i |"]
    assert rows("<tr><td colspan=2>a<td rowspan=2>b<tr><td>c<td>d") == ["| a | | b |", "| c | d | b |"]


@pytest.mark.parametrize("span", ["3", "65534", "9" * 30])
def test_spans_end_with_their_table(span: str) -> None:
    assert rows(f"<tr><td rowspan={span}>a<td>b<tr><td>c") == ["| a | b |", "| a | c |"]


@pytest.mark.parametrize("span", ["", "1", "-2", "two", "1.5", "\u00b2"])
def test_what_is_no_number_of_rows_spans_none(span: str) -> None:
    assert rows(f'<tr><td rowspan="{span}">a<td>b<tr><td>c<td>d') == ["| a | b |", "| c | d |"]


def test_spans_of_a_table_within_a_table_stay_in_it() -> None:
    found = rows("<tr><td>a<td rowspan=3>b<tr><td>c<table><tr><td rowspan=2>i<td>j<tr><td>k</table><tr><td>d")
    assert (found[0], found[2]) == ("| a | b |", "| d | b |")
    assert found[1].endswith(r"\| i \| j \|<br>\| --- \| --- \|<br>\| i \| k \| | b |")


def test_of_a_long_cell_that_spans_rows_the_place_is_kept() -> None:
    long = "A whole page of words. " * 20
    assert rows(f"<tr><td rowspan=2>{long}<td>b<tr><td>c") == [f"| {long.strip()} | b |", "|  | c |"]


def test_spans_that_nobody_wrote_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.readers.html_parts._MOST_REPEATED", 100)
    cells, usual, absurd = "<td rowspan=1000>a" * 10, "<tr><td>b" * 10, "<tr><td>b" * 11
    assert len(rows(f"<tr>{cells}{usual}")) == 11
    (failure,) = read(f"<table><tr>{cells}{absurd}</table>".encode(), "page.html").failures
    assert failure.reason == "This web page is too large to be read; split it."


def test_cells_that_span_columns_count_as_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.readers.html_parts._MOST_REPEATED", 100)
    page = f"<table><tr><td rowspan=9 colspan=51>a{'<tr><td>b' * 2}</table>"
    (failure,) = read(page.encode(), "page.html").failures
    assert failure.reason == "This web page is too large to be read; split it."


def test_of_a_cell_with_much_that_is_not_seen_the_place_is_kept() -> None:
    found = rows(f"<tr><td rowspan=2><a href='/{'x' * 2_000}'>a</a><td>b<tr><td>c")
    assert found[1] == "|  | c |"
