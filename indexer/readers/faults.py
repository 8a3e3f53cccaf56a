"""What is wrong with a file, and where: shared by all readers."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.types import Document, Failure


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file held."""

    documents: tuple[Document, ...] = ()
    failures: tuple[Failure, ...] = ()


class Fault(Exception):
    """A file or an entry cannot be taken in."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        self.reason = f"Line {line}: {reason}" if line else reason
        super().__init__(self.reason)


def decode(content: bytes) -> str:
    """The text of a file, lines ended by a plain newline. Raises Fault for what is no UTF-8 text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # as Windows programs save "Unicode"
        return _from_utf16(content)
    zero = content.find(b"\0")
    if zero >= 0:
        raise Fault(f"This is no text file (a zero byte at byte {zero + 1}); save it as UTF-8 text.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Fault(f"Byte {error.start + 1} is not UTF-8; save the file as UTF-8 text.", line) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _from_utf16(content: bytes) -> str:
    try:
        text = content.decode("utf-16")
    except UnicodeDecodeError as error:
        raise Fault(f"Byte {error.start + 1} is not UTF-16, as which the file begins; save it as UTF-8 text.") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
