"""What a reader in a chat cannot use is taken out, and not a word else."""

from __future__ import annotations

import pytest

from bot.answering.markup import cleaned
from bot.answering.sentences import sentences


@pytest.mark.parametrize(("written", "shown"), [
    ('Claims<a name="claims"></a>', "Claims"),
    ("See [the list](list.md#top) and [the site](https://example.com/a_(b)).",
     "See the list and [the site](https://example.com/a_(b))."),
    ("![A picture](a.png)\n\nText", "Text"),
    ("[![badge](b.png)](b.md) Text", " Text"),
    ("<!-- hidden\nlines -->Text", "Text"),
    ("| a<br/>b |", "| a b |"),
    ("---\ntitle: X\n---\nText", "Text"),
    ("Text\n{: .note }\nmore", "Text\nmore"),
    ("Put `<a name=\"x\"></a>` or `[a](b.md)` there", "Put `<a name=\"x\"></a>` or `[a](b.md)` there"),
    ("```\n[a](b.md) <a name=\"x\"></a>\n```", "```\n[a](b.md) <a name=\"x\"></a>\n```"),
    ("Limits.\n\n\n****\n\n| a |", "Limits.\n\n| a |"),
    (r"Multi\-AZ \(3\.5 TiB\) of db\_name \[old\]\!", "Multi-AZ (3.5 TiB) of db_name [old]!"),
    (r"`a\.b` and \*star\* and \_x\_", r"`a\.b` and \*star\* and \_x\_"),
    ("1\\. no list\n\\- nor this\n\\# nor \\. that\n\\* b", "1\\. no list\n\\- nor this\n\\# nor . that\n\\* b"),
    (r"[a\-b](https://x.example/a\(b) \\. x", r"[a-b](https://x.example/a\(b) \\. x"),
    (r"Escaped \[a\](b.md) and <your-bucket>", r"Escaped \[a\](b.md) and <your-bucket>"),
])
def test_cleaned(written: str, shown: str) -> None:
    assert cleaned(written) == shown


@pytest.mark.parametrize(("text", "first"), [
    ("One is here. Two is there.", "One is here."),
    ("Ask e.g. Anna for it. Then go.", "Ask e.g. Anna for it."),
    ("**Never. Ever.** Do it.", "**Never. Ever.**"),
    (r"It costs 3\.5 pounds\. Pay it.", r"It costs 3\.5 pounds\."),
    ("See [a. B. c](x). Go on.", "See [a. B. c](x)."),
])
def test_the_first_sentence(text: str, first: str) -> None:
    start, end = sentences(text)[0]
    assert text[start:end] == first
