"""Subtitles and transcripts: what was said, and when."""

from __future__ import annotations

from indexer.readers import read
from indexer.types import Document

VTT = """\
WEBVTT - Webinar

NOTE made by the recorder

1
00:00:01.000 --> 00:00:05.500 align:start
<v Ana Reyes>Welcome &amp; hello.

00:00:05.500 --> 00:00:11.000
<v Ana Reyes>Copy last week's sheet,
so that you type less.

00:12:34.200 --> 00:12:38.000
<v Ben Okafor>Choose <b>Copy week</b>.

01:02:03.000 --> 01:02:05.000
Holidays are not copied.
"""


def document(text: str, name: str) -> Document:
    reading = read(text.encode(), name)
    assert not reading.failures
    (only,) = reading.documents
    return only


def told(found: Document) -> list[tuple[str, str, str]]:
    return [(section.place, section.anchor, section.text) for section in found.sections]


def test_subtitles_become_passages_with_their_time() -> None:
    assert told(document(VTT, "webinar.vtt")) == [
        ("0:01", "t=1", "**Ana Reyes:** Welcome & hello. Copy last week's sheet, so that you type less."),
        ("12:34", "t=754", "**Ben Okafor:** Choose Copy week."),
        ("1:02:03", "t=3723", "Holidays are not copied.")]


def test_subrip_is_the_same() -> None:
    text = ("1\r\n00:01:05,000 --> 00:01:08,000\r\n<i>Hold</i> it above.\r\n\r\n"
            "2\r\n00:01:08,500 --> 00:01:09,000\r\nANA: Yes.\r\n")
    assert told(document(text, "a.srt")) == [("1:05", "t=65", "Hold it above.\n\n**ANA:** Yes.")]


def test_rolling_subtitles_do_not_repeat_themselves() -> None:
    lines = ["the desk opens at nine", "the desk opens at nine\nand closes at five", "and closes at five"]
    text = "WEBVTT\n\n" + "\n\n".join(f"00:00:0{at}.000 --> 00:00:0{at + 1}.000\n{line}"
                                       for at, line in enumerate(lines))
    assert told(document(text, "a.vtt")) == [("0:00", "t=0", "the desk opens at nine and closes at five")]


def test_long_talk_is_cut_at_the_end_of_a_sentence() -> None:
    times = [f"00:{at // 60:02}:{at % 60:02}" for at in range(100)]
    cues = [f"{time}.000 --> {time}.900\nSentence {at} has just six words." for at, time in enumerate(times)]
    found = document("WEBVTT\n\n" + "\n\n".join(cues), "a.vtt")
    assert [section.place for section in found.sections[:3]] == ["0:00", "0:15", "0:30"]
    assert all(section.text.endswith("six words.") for section in found.sections)
    assert sum(section.text.count("Sentence") for section in found.sections) == 100


def test_a_transcript_as_plain_text() -> None:
    text = ("[00:05] Ana: Good morning.\n[03:20] Ben: Nobody posts invoices\nuntil Monday.\n\n"
            "[04:30] Ana: Urgent ones go by phone.\n")
    assert told(document(text, "meeting.txt")) == [
        ("0:05", "t=5", "**Ana:** Good morning."), ("3:20", "t=200", "**Ben:** Nobody posts invoices until Monday."),
        ("4:30", "t=270", "**Ana:** Urgent ones go by phone.")]


def test_a_transcript_with_speaker_and_time_on_their_own_line() -> None:
    text = "Ana Reyes   0:05\nGood morning.\n\nBen Okafor   3:20\nNobody posts.\n\nAna Reyes   4:30\nUrgent ones.\n"
    assert [place for place, _, _ in told(document(text, "meeting.txt"))] == ["0:05", "3:20", "4:30"]


def test_a_text_that_mentions_times_is_no_transcript() -> None:
    text = ("Opening hours\n\nThe desk is open\nfrom 9:00 on,\nevery day,\nuntil 17:00, and\n12:30 is lunch.\n"
            "Come by.\nReally.\n")
    assert document(text, "hours.txt").sections[0].place == ""


def test_a_file_without_subtitles_is_told() -> None:
    (failure,) = read(b"WEBVTT\n\nNOTE nothing\n", "a.vtt").failures
    assert failure.reason.startswith("The file holds no subtitles, each below a line such as `00:01:05.000")
