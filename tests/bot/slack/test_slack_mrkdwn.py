"""Markdown and Slack's mrkdwn: what reaches people, and what must never get through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.mrkdwn import as_written, escape, from_markdown, link, mention, moment, shorten, split, to_plain


@pytest.mark.parametrize(("markdown", "mrkdwn"), [
    ("Press **Submit**, *then* wait.", "Press *Submit*, _then_ wait."),
    ("## Where?\n\nThere.", "*Where?*\n\nThere."),
    ("1. Open it\n2. Close it", "1. Open it\n2. Close it"),
    ("3. Third\n4. Fourth", "3. Third\n4. Fourth"),
    ("- a\n  - b", "• a\n    • b"),
    ("[the form](https://a.example/x?a=1&b=2)", "<https://a.example/x?a=1&amp;b=2|the form>"),
    ("[beside](other.md)", "beside"),
    ("`a < b` & c", "`a &lt; b` &amp; c"),
    ("> Note this", ">Note this"),
    ("![a screen](x.png)", "[a screen]"),
])
def test_markdown_becomes_mrkdwn(markdown: str, mrkdwn: str) -> None:
    assert from_markdown(markdown) == mrkdwn


def test_tables_stay_readable_as_aligned_text() -> None:
    table = "| Limit | Amount |\n|---|---|\n| Hotel | £120 |\n| Meals and drinks | £30 |"
    assert from_markdown(table) == (
        "```\nLimit             Amount\n----------------  ------\nHotel             £120\nMeals and drinks  £30\n```")


def test_a_wide_table_is_shown_row_by_row() -> None:
    table = f"| Limit | What & why | |\n|---|---|---|\n| Hotel | {'long ' * 16}< | x |\n| … |\n| Meals | | |"
    assert from_markdown(table) == (
        f"*Limit:* Hotel\n*What &amp; why:* {'long ' * 16}&lt;\nx\n\n…\n\n*Limit:* Meals")


@given(st.text())
def test_nothing_from_outside_becomes_a_mention(text: str) -> None:
    for rendered in (escape(text), from_markdown(text + " <!channel> <@U0ANA>")):
        assert "<!" not in rendered
        assert "<@" not in rendered


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=200), st.integers(1, 90))
def test_split_keeps_every_letter_and_the_limit(line: str, repeats: int) -> None:
    text = "\n".join([line.replace("`", "'")] * repeats)
    pieces = split(text, limit=300)
    assert all(len(piece) <= 300 for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_code_that_is_split_stays_code_in_each_piece() -> None:
    pieces = split("```\n" + "a line of code\n" * 100 + "```\nafter", limit=400)
    assert len(pieces) > 2
    assert all(piece.count("```") % 2 == 0 for piece in pieces)
    assert all(len(piece) <= 400 for piece in pieces)


def test_what_people_type_becomes_plain_text() -> None:
    typed = "<@U0BOT> how do <@U1|ana> and <!here> see <#C1|general> a &lt; b <https://x.example/a|the page>?"
    plain = to_plain(typed, without_mention_of="U0BOT")
    assert plain == "how do @ana and @here see #general a < b the page (https://x.example/a)?"


def test_a_link_cannot_be_broken_out_of() -> None:
    assert link("https://x.example/a|b>c", "x|<!channel>") == "<https://x.example/a%7Cb&gt;c|x/&lt;!channel&gt;>"
    assert link("javascript:alert(1)", "press") == "press"


def test_entities_are_not_cut_in_two() -> None:
    pieces = split("&amp;" * 500, limit=300)
    assert "".join(pieces) == "&amp;" * 500
    assert all(piece.startswith("&amp;") and piece.endswith("&amp;") for piece in pieces)


def test_shorten_says_that_something_is_missing() -> None:
    assert shorten("abcdef", 4) == "abc…"
    assert shorten("abcd", 4) == "abcd"


def test_only_a_person_is_mentioned() -> None:
    assert mention("U0MIA") == "<@U0MIA>"
    assert mention("forgotten-1") == "forgotten-1"
    assert mention("<!channel>") == "&lt;!channel&gt;"


def test_a_time_is_drawn_in_the_readers_zone_and_falls_back_to_utc() -> None:
    at = datetime(2026, 3, 2, 11, 30, tzinfo=timezone(timedelta(hours=2)))
    assert moment(at) == "<!date^1772443800^{date_short_pretty}, {time}|02 Mar, 09:30 UTC>"
    assert moment(at) == moment(at.astimezone(UTC))


@pytest.mark.parametrize("said", ["Ask <@U0ANA>, or in <#C0FINANCE>.", "<@W1234ABC>!", "(<@U0ANA> & <@U0BEN>)"])
def test_whom_a_person_named_is_named_again_where_it_is_passed_on(said: str) -> None:
    assert as_written(to_plain(said.replace("&", "&amp;"))).replace("&amp;", "&") == said


@pytest.mark.parametrize("said", ["ana@U0ANA.example", "@UNIT", "&lt;!channel&gt;", "@U0ana", "<!here>"])
def test_what_only_looks_like_a_name_is_left_as_it_is(said: str) -> None:
    assert as_written(to_plain(said)) == escape(to_plain(said))
