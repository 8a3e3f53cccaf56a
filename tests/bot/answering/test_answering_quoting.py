"""Quotes are word for word, and end where Markdown lets them end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.quoting import LONGEST, link_to, quotes_of, shortened, source_line
from bot.answering.types import Quote
from indexer.types import Hit

PARAGRAPH = "Open *Expenses* and choose **New claim**. " * 12
LIST = "\n".join(f"{n}. Step {n} of the list, which goes on\n    in a second line.\n\n    And a second paragraph."
                 for n in range(1, 30))
TABLE = "| Amount | Who approves |\n|---|---|\n" + "\n".join(f"| {n} | Manager {n} |" for n in range(100))
CODE = "```text\n" + "\n\n".join(f"line {n}" for n in range(200)) + "\n```"
HIT = Hit("a.md", "Expenses", "training", "Claiming", "claiming", "Text", "https://example.com/a", 0.8)


def test_a_short_text_stays_as_it_is() -> None:
    text = "  - an indented item\n\nand more"
    assert shortened(f"\n{text}\n\n") == text


@pytest.mark.parametrize("block", [TABLE, CODE, PARAGRAPH * 5, "> " + PARAGRAPH * 5])
def test_a_block_is_kept_whole_or_left_out_whole(block: str) -> None:
    assert shortened(f"First.\n\n{block}\n\nLast.") == "First."
    assert shortened(f"{block}\n\nLast.") == block.rstrip()


def test_a_long_list_ends_after_an_item() -> None:
    text = shortened(f"Do this:\n\n{LIST}")
    assert len(text) <= LONGEST
    last = text.splitlines()[-1]
    assert last == "    And a second paragraph."
    following = f"Do this:\n\n{LIST}"[len(text):].lstrip()
    assert following[0].isdigit()


def test_it_does_not_end_with_a_heading() -> None:
    assert shortened(f"First.\n\n## Then\n\n{PARAGRAPH * 5}") == "First."


blocks = st.lists(st.sampled_from([PARAGRAPH, LIST, TABLE, CODE, "Short.", "- one\n- two", "## Heading", "> quoted",
                                   "<div>\nraw\n</div>", "---"]), min_size=1, max_size=8)


@settings(deadline=None)
@given(blocks, st.integers(20, 3000))
def test_a_quote_is_always_the_beginning_of_its_source(parts: list[str], longest: int) -> None:
    text = "\n\n".join(parts)
    quote = shortened(text, longest)
    assert quote
    assert text.startswith(quote)
    assert quote.count("```") % 2 == 0
    rest = text[len(quote):]
    assert not rest.strip() or rest.lstrip(" ").startswith("\n"), "cut inside a line"


@settings(deadline=None)
@given(st.text(max_size=400), st.integers(1, 100))
def test_any_text_is_taken(text: str, longest: int) -> None:
    assert shortened(text, longest) in text


def test_further_quotes_are_of_other_documents_and_nearly_as_good() -> None:
    hits = [HIT, replace(HIT, text="Same document"), replace(HIT, document_id="b.md", score=0.7, text="B"),
            replace(HIT, document_id="c.md", score=0.65, text="C"), replace(HIT, document_id="d.md", score=0.64),
            replace(HIT, document_id="poor.md", score=0.3, text="Poor")]
    assert [quote.document for quote in quotes_of("claim?", hits)] == ["a.md", "b.md", "c.md"]
    assert quotes_of("claim?", []) == ()


def test_one_text_of_several_documents_is_offered_once() -> None:
    hits = [HIT, replace(HIT, document_id="copy.md", text="*text*"), replace(HIT, document_id="b.md", text="Other"),
            replace(HIT, document_id="c.md", text="Other")]
    assert [quote.document for quote in quotes_of("claim?", hits)] == ["a.md", "b.md"]


def test_an_faq_answer_is_shown_as_written() -> None:
    answer = f"See [there](there.md).\n\n{PARAGRAPH * 2}\n\n{PARAGRAPH}"
    entry = replace(HIT, kind="faq", text=answer)
    assert quotes_of("claim?", [entry])[0].text == answer


def test_where_the_best_passage_only_points_elsewhere_another_one_of_its_document_is_quoted() -> None:
    contents = "**Topics**\n+ [Claiming](#claiming)\n+ [Mileage](#mileage)"
    hits = [replace(HIT, text=contents), replace(HIT, document_id="b.md", text="B"), replace(HIT, text="Press it.")]
    quotes = [(quote.document, quote.text) for quote in quotes_of("claim?", hits)]
    assert quotes == [("a.md", "Press it."), ("b.md", "B")]


def test_where_a_document_only_points_elsewhere_the_next_one_is_quoted() -> None:
    contents = "**Topics**\n+ [Claiming](#claiming)\n+ [Mileage](#mileage)"
    hits = [replace(HIT, text=contents), replace(HIT, document_id="b.md", text="B")]
    quote = quotes_of("claim?", hits)[0]
    assert (quote.document, quote.text) == ("b.md", "B")
    assert quotes_of("claim?", hits[:1])[0].text == contents


@pytest.mark.parametrize(("url", "anchor", "link"), [
    ("https://example.com/a", "claiming", "https://example.com/a#claiming"),
    ("https://example.com/a", "", "https://example.com/a"),
    ("https://example.com/a#own", "claiming", "https://example.com/a#own"),
    (None, "claiming", None),
])
def test_links(url: str | None, anchor: str, link: str | None) -> None:
    assert link_to(replace(HIT, url=url, anchor=anchor)) == link


def test_a_source_is_named_with_its_section() -> None:
    quote = Quote("a.md", "Expenses", "Claiming › Abroad", "Text", "https://example.com/a")
    assert source_line(quote) == "Source: [Expenses › Claiming › Abroad](https://example.com/a)"
    assert source_line(replace(quote, url=None, section="")) == "Source: Expenses"
