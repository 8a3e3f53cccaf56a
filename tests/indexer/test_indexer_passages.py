"""Passages are short, whole, and word for word."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.passages import LONGEST, SHORTEST, cut, pieces_of, size
from indexer.types import Document, Section

WORDS = " ".join(f"word{number}" for number in range(60))  # 60 words, longer to the model


def training(*sections: Section) -> Document:
    return Document(id="a.md", title="Manual", kind="training", sections=sections)


def test_a_short_section_is_one_passage_and_carries_its_headings() -> None:
    (passage,) = cut(training(Section(("Claims", "Phone"), "phone", "Tap **plus**.", 3)))
    assert (passage.document_id, passage.position, passage.section, passage.anchor) == (
        "a.md", 0, "Claims › Phone", "phone")
    assert passage.text == "Tap **plus**."
    assert passage.embedded_texts == ("Manual › Claims › Phone\nTap plus.",)


def test_positions_go_on_through_the_document() -> None:
    document = training(Section((), "", f"{WORDS}.\n\n" * 6, 1), Section(("B",), "b", "short", 9))
    passages = cut(document)
    assert [passage.position for passage in passages] == list(range(len(passages)))
    assert passages[-1].section == "B"


def test_paragraphs_list_items_and_sentences_stay_whole() -> None:
    paragraphs = [f"{number} {WORDS}" for number in range(7)]
    assert set("\n\n".join(pieces_of("\n\n".join(paragraphs))).split("\n\n")) == set(paragraphs)
    items = [f"{number}. {WORDS}\n   more of {number}" for number in range(1, 8)]
    pieces = pieces_of("Do this:\n\n" + "\n".join(items))
    assert len(pieces) > 1
    for item in items:
        assert sum(item in piece for piece in pieces) == 1
    sentences = [f"Sentence {number} {WORDS}." for number in range(8)]
    pieces = pieces_of(" ".join(sentences))
    for sentence in sentences:
        assert sum(sentence in piece for piece in pieces) == 1


def test_a_long_table_repeats_its_header() -> None:
    rows = [f"| {number} | {WORDS} |" for number in range(9)]
    head = "| number | words |\n|---|---|"
    pieces = pieces_of("Intro.\n\n" + "\n".join([head, *rows]))
    assert len(pieces) > 2
    assert all(head in piece for piece in pieces)
    assert [row for piece in pieces for row in piece.split("\n") if WORDS in row] == rows


def test_a_long_code_block_stays_code_in_every_piece() -> None:
    code = [f"    call_{number}({WORDS!r})" for number in range(9)]
    pieces = pieces_of("\n".join(["```python", *code, "```", "", "After."]))
    assert len(pieces) > 2
    for piece in pieces[:-1]:
        assert piece.startswith("```python\n")
        assert piece.count("```") == 2
    assert [line for piece in pieces for line in piece.split("\n") if "call_" in line] == code


def test_a_faq_entry_is_one_passage_found_by_each_of_its_phrasings() -> None:
    long_answer = "\n\n".join(f"{number} {WORDS}" for number in range(8))
    answer = Section((), "", long_answer, 1)
    document = Document("f.yaml#a", "How?", "faq", (answer,), phrasings=("How?", "In what way?"))
    (passage,) = cut(document)
    assert passage.text == long_answer
    assert passage.embedded_texts[:2] == ("How?", "In what way?")
    assert len(passage.embedded_texts) > 3
    assert all(text.startswith("How?\n") and size(text) <= LONGEST + 2 for text in passage.embedded_texts[2:])


def test_endless_words_are_cut() -> None:
    assert "".join(pieces_of("x" * 10_000)) == "x" * 10_000
    assert all(size(piece) <= LONGEST for piece in pieces_of("x" * 10_000))


BLOCKS = st.lists(
    st.one_of(
        st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=400),
        st.sampled_from([f"{WORDS}. ", "- item\n- item two\n", "```\ncode\n", "| a | b |\n|---|---|\n| c | d |\n",
                         "> quote\n", "# heading\n", "1. one\n2. two\n", "\n\n", "    indented\n", "<div>\n"]),
    ),
    max_size=60,
)


@settings(max_examples=150, deadline=None)
@given(BLOCKS)
def test_nothing_is_lost_and_nothing_is_too_long(blocks: list[str]) -> None:
    text = "".join(blocks)
    pieces = pieces_of(text)
    left = "".join("".join(pieces).split())
    for character in "".join(text.split()):  # repeated heads and closing fences may add, never take away
        at = left.find(character)
        assert at >= 0
        left = left[at + 1 :]
    assert all(size(piece) <= LONGEST + SHORTEST + LONGEST for piece in pieces)
