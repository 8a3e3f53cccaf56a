"""What is quoted of a passage: the part that answers, word for word, cut only where it can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.answering.choice import COMFORTABLE, LONGEST_PROCEDURE
from bot.answering.quoting import answering_part
from bot.answering.rendering import GOES_ON, LEFT_OUT
from indexer.types import Hit
from tests.fakes import ToyEmbedder

HIT = Hit("a.md", "Expenses", "training", "Claiming", "claiming", "", None, 0.8)
FILLER = ("The canteen opens at noon and closes in the afternoon. Visitors are welcome on most days of the year. "
          "The garden behind the house is looked after by volunteers. Bicycles belong into the shed near the gate. ")
MILEAGE = "Mileage is paid at 45 pence for each mile. However, the way to work does not count."
STEPS = "\n".join(f"{n}. Open page {n} and press **Next**.\n\n   A picture of it would show button {n}."
                  for n in range(1, 9))
HEAD = "| Grade | Limit |\n|---|---|"
TABLE = HEAD + "\n" + "\n".join(f"| G{n} | {n * 100} pounds for each journey |" for n in range(1, 60))
CODE = "```sh\n" + "\n".join(f"copy --from {n} --to archive" for n in range(12)) + "\n```"
markdown = MarkdownIt("commonmark").enable("table")


def quoted(question: str, text: str, before: Sequence[str] = (), after: Sequence[str] = ()) -> str:
    hit = replace(HIT, text=text, before=tuple(before), after=tuple(after))
    return answering_part(question, hit, [text, FILLER], ToyEmbedder().embed)


def test_a_short_passage_is_shown_whole() -> None:
    assert quoted("mileage?", f"Some words before.\n\n{MILEAGE}") == f"Some words before.\n\n{MILEAGE}"


def test_the_paragraph_that_answers_is_shown_without_the_others() -> None:
    long = f"{FILLER * 2}\n\n{MILEAGE} It is paid with the salary of the month that follows.\n\n{FILLER * 2}"
    quote = quoted("How much is paid for a mile?", long)
    assert MILEAGE in quote
    assert len(quote) < len(long) / 2


def test_of_a_long_paragraph_a_sentence_comes_with_what_takes_it_back() -> None:
    quote = quoted("How much is paid for a mile?", f"{FILLER * 3}{MILEAGE} {FILLER * 3}")
    assert MILEAGE in quote
    assert len(quote) < 600


def test_a_sentence_that_leans_back_brings_the_one_before() -> None:
    refunds = "Refunds take a week. They need the yellow form."
    assert refunds in quoted("Which form for a refund?", f"{FILLER * 3}{refunds} {FILLER * 3}")


def test_a_procedure_is_whole_and_has_its_introduction() -> None:
    quote = quoted("How do I reach page 7?", f"{FILLER * 3}\n\n**To reach it**\n\nDo this:\n\n{STEPS}\n\n{FILLER * 3}")
    assert quote.startswith("**To reach it**\n\nDo this:\n\n1. Open page 1")
    assert STEPS in quote


def test_a_procedure_that_was_cut_is_put_together_again() -> None:
    cut = STEPS.index("5. ")
    quote = quoted("How do I press button 6?", STEPS[cut:], before=[FILLER, f"Do this:\n\n{STEPS[:cut].rstrip()}"],
                   after=[FILLER])
    assert quote == f"Do this:\n\n{STEPS}"


def test_neighbours_are_not_shown_for_their_own_sake() -> None:
    assert quoted("mileage?", MILEAGE, before=["Mileage, mileage."], after=["More on mileage."]) == MILEAGE


def test_an_endless_procedure_keeps_whole_steps_and_says_that_it_goes_on() -> None:
    steps = "\n".join(f"1. {FILLER.strip()} Step {n}." for n in range(40))
    quote = quoted("How do I do step 30?", f"Do this:\n\n{steps}")
    assert quote.endswith(f"Step {quote.count(chr(10)) - 4}.\n\n{GOES_ON}")
    assert quote.count(GOES_ON) == 1
    assert len(quote) <= LONGEST_PROCEDURE + len(GOES_ON) + 2


def test_of_a_long_table_the_rows_that_answer_are_shown_below_the_head() -> None:
    quote = quoted("What is the limit of G42?", f"These are the limits:\n\n{TABLE}")
    assert quote == (f"These are the limits:\n\n{HEAD}\n| {LEFT_OUT} |\n"
                     f"| G42 | 4200 pounds for each journey |\n| {LEFT_OUT} |")


def test_a_table_that_was_cut_keeps_one_head() -> None:
    rows = TABLE.split("\n")[2:]
    quote = quoted("Limit of G12?", "\n".join([HEAD, *rows[10:20]]),
                   before=["\n".join(["**Limits**", "", HEAD, *rows[:10]])])
    assert quote.startswith(f"**Limits**\n\n{HEAD}\n")
    assert quote.count("| Grade |") == 1
    assert "| G12 |" in quote


def test_two_tables_with_one_head_are_not_taken_for_one() -> None:
    small = "| Grade | Limit |\n|---|---|\n| X | 1 |"
    assert quoted("Limit of X?", small, before=[f"{TABLE}\n\n**Abroad**"]) == f"**Abroad**\n\n{small}"


def test_code_is_whole_with_the_sentence_that_introduces_it() -> None:
    text = f"{FILLER * 3}\n\n{FILLER * 3} To archive a copy, run the following command:\n\n{CODE}\n\n{FILLER * 3}"
    quote = quoted("How do I copy from 3 to archive?", text)
    assert quote.startswith("To archive a copy, run the following command:\n\n```sh\n")
    assert CODE in quote


def test_of_a_long_list_the_items_that_answer_come_with_its_introduction() -> None:
    items = "\n".join(f"- {topic}: {FILLER.strip()}" for topic in ("Trains", "Mileage by car", "Flights", "Ferries"))
    quote = quoted("How is mileage by car paid?", f"Travel has these forms:\n{items}")
    assert quote == f"Travel has these forms:\n\n{LEFT_OUT}\n\n- Mileage by car: {FILLER.strip()}\n\n{LEFT_OUT}"


def test_a_list_that_was_asked_for_is_whole() -> None:
    items = "\n".join(f"- {topic}: {FILLER.strip()}" for topic in ("Trains", "Mileage by car", "Flights", "Ferries"))
    assert quoted("What are the forms of travel?", f"Travel has these forms:\n{items}").endswith(items)


def test_a_warning_below_what_answers_is_shown_too() -> None:
    text = f"{FILLER * 2}\n\n{MILEAGE}\n\n**Important**  \nKeep the log book for six years.\n\n{FILLER * 2}"
    assert f"{MILEAGE}\n\n**Important**  \nKeep the log book" in quoted("How much is paid for a mile?", text)


def test_contents_and_further_reading_never_win() -> None:
    links = "\n".join(f"+ [Mileage {n}](#mileage-{n})" for n in range(20))
    text = f"**Topics**\n{links}\n\n{FILLER * 4}\n\n{MILEAGE}\n\n## See also\n\n- [Mileage paid](mileage.md)"
    quote = quoted("How is mileage paid?", text)
    assert MILEAGE in quote
    assert "+" not in quote
    assert "See also" not in quote


def test_without_a_model_the_words_decide() -> None:
    hit = replace(HIT, text=f"{FILLER * 4}\n\n{MILEAGE}")
    assert answering_part("How much for a mile?", hit, [hit.text, FILLER]).endswith(MILEAGE)


def test_a_short_passage_does_not_wait_for_the_model() -> None:
    def embed(texts: Sequence[str]) -> np.ndarray:
        raise AssertionError("asked the model for nothing")

    assert answering_part("mileage?", replace(HIT, text=MILEAGE), [], embed) == MILEAGE


pieces = st.lists(st.sampled_from([
    FILLER, FILLER * 3, MILEAGE, STEPS, f"Do this:\n\n{STEPS}", TABLE, f"**Limits**\n\n{TABLE}", CODE,
    f"Run:\n\n{CODE}", "- one\n- two\n  - three\n\n    and more\n- four", "> **Note**\n> quoted", "**Note**  \nA note.",
    "---", "<p>\nraw\n</p>", "\n".join(f"* Item {n}. {FILLER}" for n in range(6)), "Title\n=====",
    "**Topics**\n+ [A](#a)\n+ [B](b.md)",
]), min_size=1, max_size=7)
questions = st.sampled_from(["How much for a mile?", "What are the limits of G7 and G30?", "How to copy?", "Was?", "…"])


def blocks_of(text: str, kind: str) -> list[str]:
    return [token.content for token in markdown.parse(text) if token.type == kind]


@settings(max_examples=150, deadline=None)
@given(pieces, questions, st.integers(0, 3), st.integers(0, 3))
def test_what_is_shown_stands_in_the_source(parts: list[str], question: str, before: int, after: int) -> None:
    end = max(before + 1, len(parts) - after)
    shown = "\n\n".join(parts[before:end]) or MILEAGE
    source = "\n\n".join([*parts[:before], shown, *parts[end:]])
    quote = quoted(question, shown, parts[:before], parts[end:])
    fragments = [fragment.strip() for line in quote.replace(GOES_ON, "").split("\n")
                 for fragment in line.replace(f"| {LEFT_OUT} |", "").split(LEFT_OUT)]
    bare = source.replace("](#a)", "").replace("](b.md)", "").replace("+ [", "+ ")
    assert all(fragment in bare for fragment in fragments)
    assert quote.count("```") % 2 == 0
    assert all(code in blocks_of(source, "fence") for code in blocks_of(quote, "fence"))
    assert not any("|---" in text for text in blocks_of(quote, "inline")), "a table fell apart"
    longest_part = max(map(len, parts))
    assert len(quote) <= max(COMFORTABLE, longest_part, LONGEST_PROCEDURE) + 400


@settings(deadline=None)
@given(st.text(max_size=1500), st.text(max_size=50))
def test_any_text_and_question_are_taken(text: str, question: str) -> None:
    quoted(question, text)


def test_an_item_that_names_what_is_asked_for_goes_before_one_that_mentions_it() -> None:
    items = "\n".join([f"- **Magnetic** – The old storage of the archive; rather use fast storage. {FILLER}{FILLER}",
                       f"- **Fast storage** – It answers within a millisecond, {FILLER}{FILLER}"])
    quote = quoted("How quick is fast storage?", f"There are two sorts:\n{items}")
    assert "**Fast storage**" in quote


def test_the_words_of_the_title_and_section_decide_nothing_inside_the_passage() -> None:
    text = (f"Zeppelin archive storage is what this guide calls the old shelves. {FILLER * 2}\n\n"
            f"A gizmo is what keeps the cold out. {FILLER * 2}\n\n{FILLER * 3}")
    hit = replace(HIT, title="Zeppelin archive", section="Storage", text=text)
    quote = answering_part("What is a gizmo of the Zeppelin archive storage?", hit, [text, "gizmo", "gizmo", "gizmo"])
    assert "A gizmo is" in quote
    assert "old shelves" not in quote


def test_an_item_that_is_named_wins_against_any_wealth_of_shared_words() -> None:
    rival = f"- **Tape** – What is the largest speed of the archive and of storage in the archive? {FILLER}{FILLER}"
    items = f"{rival}\n- **Fast storage** – It answers within a millisecond, {FILLER}{FILLER}"
    quote = quoted("What is the largest speed of the archive with fast storage?", f"There are two sorts:\n{items}")
    assert "**Fast storage**" in quote
    assert "**Tape**" not in quote


def test_a_sentence_that_points_forward_does_not_lean_back() -> None:
    text = f"{FILLER * 3}\n\nThe following table shows the limits.\n\n{TABLE}\n\n{FILLER}"
    assert quoted("What is the limit of G42?", text).startswith("The following table")


@pytest.mark.parametrize("between", ["", "****\n"])
def test_a_table_keeps_the_sentence_before_the_last_that_announces_it(between: str) -> None:
    lead = "The following table shows the limits. All values are in pounds."
    quote = quoted("What is the limit of G42?", f"{FILLER * 4}{lead}\n\n{between}\n{TABLE}")
    assert quote.startswith(lead)
    assert "****" not in quote


def test_a_table_in_the_next_passage_keeps_its_announcement_too() -> None:
    lead = "The following table shows the limits. All values are in pounds."
    assert quoted("Limit of G42?", TABLE, before=[f"{lead}\n\n\n****"]).startswith(lead)


def test_a_pointer_does_not_answer() -> None:
    text = (f"For a more detailed description of how mileage is paid for a mile, see Mileage. {FILLER * 2}\n\n"
            f"A mile is paid at 45 pence. {FILLER * 2}\n\n{FILLER * 2}")
    assert quoted("How is mileage paid for a mile?", text).startswith("A mile")


def test_a_paragraph_that_goes_on_is_marked() -> None:
    quote = quoted("How much is paid for a mile?", f"{FILLER * 3}{MILEAGE} {FILLER * 3}")
    assert quote.endswith(f" {LEFT_OUT}")
