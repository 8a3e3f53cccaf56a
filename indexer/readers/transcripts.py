"""Subtitles (WebVTT, SubRip) and transcripts with times: what was said, in paragraphs that know when."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from indexer.readers.escaping import escaped_line
from indexer.readers.faults import Fault, Reading
from indexer.readers.structure import Part, document_of

_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_CUE = re.compile(rf"^\s*(?P<start>{_TIME})\s*-->\s*(?P<end>{_TIME})")
_VOICE = re.compile(r"<v(?:\.[\w.-]+)?\s+([^<>]{1,200})>")
_TAG = re.compile(r"</?(?:[a-z]+|\d[\d:.]*)(?:[.\s][^<>]*)?>|\{\\[^}]*\}", re.IGNORECASE)
_NAME = r"[A-ZÀ-Þ][\w.'’-]*(?:\s+[A-ZÀ-Þ(][\w.'’)-]*){0,3}"
_SPEAKER = re.compile(rf"^(?:-\s*)?(?P<who>{_NAME}):\s+(?P<text>\S.*)$", re.DOTALL)
_TIMED_LINE = re.compile(
    rf"^\s*(?:\[(?P<a>{_TIME})\]|\((?P<b>{_TIME})\)|(?P<c>{_TIME}))"
    rf"(?:\s*(?:-|–|-->)\s*[\[(]?{_TIME}[\])]?)?[\s:–-]*(?P<text>.*)$")
_SPEAKER_TIME = re.compile(rf"^\s*(?P<who>[^\d\s][^\d\n]{{0,60}}?)[\s:,–-]+[\[(]?(?P<time>{_TIME})[\])]?\s*$")
_ENOUGH_WORDS = 90
_MOST_WORDS = 140
_PAUSE, _LONG_PAUSE = 4.0, 45.0
"""Seconds: of the first a passage that is long enough may end, after the second a new one begins."""
_SENTENCE_END = re.compile(r"[.!?…][\"”’)]*$")


@dataclass(frozen=True, slots=True)
class _Cue:
    """Something said, from `start` to `end` (seconds)."""

    start: float
    end: float
    speaker: str
    text: str


def read(text: str, file_id: str) -> Reading:
    """A file of subtitles as one document. Raises Fault for one without any."""
    cues = list(_cues(text))
    if not cues:
        raise Fault("The file holds no subtitles, each below a line such as `00:01:05.000 --> 00:01:08.000`.")
    return _reading(cues, file_id)


def is_transcript(text: str) -> bool:
    """Whether a plain text has times at many of its paragraphs."""
    lines = [line for line in text.split("\n") if line.strip()]
    timed = sum(bool(_start_of(line)) for line in lines)
    return timed >= 3 and timed * 4 >= len(lines)


def read_plain(text: str, file_id: str) -> Reading:
    """A transcript: `[00:12] Ana: …`, or the speaker with the time on a line above what they said."""
    return _reading(list(_timed(text.split("\n"))), file_id)


def _reading(cues: Sequence[_Cue], file_id: str) -> Reading:
    parts = [Part(_told(group), anchor=f"t={int(group[0].start)}", place=_clock(group[0].start))
             for group in _grouped(_without_repeats(cues))]
    return Reading((document_of(parts, file_id),))


def _cues(text: str) -> Iterator[_Cue]:
    """The cues of WebVTT or SubRip: a line of times, then text up to an empty line."""
    speaker = ""
    for block in re.split(r"\n[ \t]*\n", text):
        lines = block.strip("\n").split("\n")
        at = next((number for number, line in enumerate(lines) if _CUE.match(line)), None)
        if at is None:
            continue  # the header, a note, a style
        match = _CUE.match(lines[at])
        assert match is not None
        for line in _voices(lines[at + 1 :]):
            speaker, said = line if line[0] else ("", line[1])
            if said:
                yield _Cue(_seconds(match["start"]), _seconds(match["end"]), speaker, said)


def _voices(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Who says what in a cue."""
    speaker, said = "", list[str]()
    for line in lines:
        voice = _VOICE.search(line)
        bare = " ".join(html.unescape(_TAG.sub("", _VOICE.sub("", line))).split())
        named = _SPEAKER.match(bare)
        if voice or named:
            if said:
                yield speaker, " ".join(said)
            speaker, said = (voice[1].strip(), []) if voice else (named["who"] if named else "", [])
            bare = named["text"] if named and not voice else bare
        if bare:
            said.append(bare)
    yield speaker, " ".join(said)


def _start_of(line: str) -> re.Match[str] | None:
    return _TIMED_LINE.match(line) or _SPEAKER_TIME.match(line)


def _timed(lines: Sequence[str]) -> Iterator[_Cue]:
    start, speaker, said = 0.0, "", list[str]()
    for line in [*lines, None]:
        begins = _start_of(line) if line is not None else None
        if line is None or begins:
            if said:
                yield _Cue(start, start, speaker, " ".join(said))
            said = []
        if begins is not None:
            groups = begins.groupdict()
            start = _seconds(next(groups[name] for name in ("a", "b", "c", "time") if groups.get(name)))
            speaker = (groups.get("who") or "").strip()
            line = groups.get("text") or ""
        if line and line.strip():
            named = None if speaker else _SPEAKER.match(line.strip())
            if named:
                speaker = named["who"]
            said.append(" ".join((named["text"] if named else line).split()))


def _without_repeats(cues: Iterable[_Cue]) -> Iterator[_Cue]:
    """Rolling subtitles say each line twice: what the cue before has said is not said again."""
    before = ""
    for cue in cues:
        text = cue.text
        if before and (text == before or before.endswith(text)):
            continue
        common = next((size for size in range(min(len(before), len(text)), 11, -1) if before.endswith(text[:size])
                       and (size == len(text) or text[size] == " ")), 0)
        before = text
        if rest := text[common:].strip():
            yield _Cue(cue.start, cue.end, cue.speaker, rest)


def _grouped(cues: Iterable[_Cue]) -> Iterator[list[_Cue]]:
    """Cues that make a passage together: it ends with a sentence, at a pause, or where it gets too long."""
    group: list[_Cue] = []
    words = 0
    for cue in cues:
        is_apart = bool(group) and cue.start - group[-1].end > _LONG_PAUSE
        if group and (is_apart or words >= _MOST_WORDS or (words >= _ENOUGH_WORDS and _may_end(group[-1], cue))):
            yield group
            group, words = [], 0
        group.append(cue)
        words += len(cue.text.split())
    if group:
        yield group


def _may_end(last: _Cue, following: _Cue) -> bool:
    return bool(_SENTENCE_END.search(last.text)) or following.start - last.end > _PAUSE or (
        following.speaker != last.speaker)


def _told(group: Sequence[_Cue]) -> str:
    """Paragraphs, a new one for each speaker."""
    paragraphs: list[tuple[str, list[str]]] = []
    for cue in group:
        if not paragraphs or paragraphs[-1][0] != cue.speaker:
            paragraphs.append((cue.speaker, []))
        paragraphs[-1][1].append(cue.text)
    return "\n\n".join((f"**{escaped_line(who)}:** " if who else "") + escaped_line(" ".join(said))
                       for who, said in paragraphs)


def _seconds(time: str) -> float:
    total = 0.0
    for part in time.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total


def _clock(seconds: float) -> str:
    """As players show it: `12:34`, `1:02:03`."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
