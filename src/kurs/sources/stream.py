"""A text file as a stream of UTF-8 bytes: unzipped, decoded, without its byte order mark."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING

from kurs.model.source import is_text_encoding
from kurs.problems import Problem, SourceError
from kurs.sources.archives import PACKED_ERRORS, opened, unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _typeshed import WriteableBuffer

    from kurs.sources.files import Found

_BLOCK = 1 << 20
_BOM = "\ufeff"
_FEW = 50  # so many characters for each NUL, from which on it is no sign of another encoding


def nothing_told(count: int) -> None:
    """Take note of progress when nobody wants to know."""


class TextStream(io.RawIOBase):
    """A file's text in UTF-8, read in blocks, so that memory stays bounded.

    What goes wrong while another library pulls is kept in ``failure`` and looks like the file's end: an
    error would lose its type on the way. ``quoted`` tells whether a quote has been seen. ``cut`` may end
    the text before the file does.
    """

    def __init__(
        self,
        file: Found,
        encoding: str,
        quote: str,
        advanced: Callable[[int], None],
        cut: Callable[[Iterator[bytes]], Iterator[bytes]] | None = None,
    ) -> None:
        super().__init__()
        self._blocks = blocks(file, encoding, advanced)
        if cut is not None:
            self._blocks = cut(self._blocks)
        self._quote = quote.encode()
        self._buffer = b""
        self._newlines = 0
        self._returns = 0
        self.quoted = False
        self.failure: SourceError | None = None

    @property
    def lines(self) -> int:
        """How many line ends have been read."""
        return self._newlines or self._returns

    def head(self) -> bytes:
        """Return the first block without consuming it. Raises SourceError."""
        if not self._buffer:
            self._buffer = next(self._blocks, b"")
        return self._buffer

    def drop(self, size: int) -> None:
        """Consume the first bytes of the head."""
        self._buffer = self._buffer[size:]

    def readable(self) -> bool:
        """Say that the stream can be read: the library that pulls asks."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill ``buffer`` with the next bytes; 0 at the end."""
        if not self._buffer:
            try:
                self._buffer = next(self._blocks, b"")
            except SourceError as error:
                self.failure = error
                return 0
        view = memoryview(buffer).cast("B")
        taken = self._buffer[: len(view)]
        self._buffer = self._buffer[len(taken) :]
        view[: len(taken)] = taken
        self._newlines += taken.count(b"\n")
        self._returns += taken.count(b"\r")
        self.quoted = self.quoted or bool(self._quote and self._quote in taken)
        return len(taken)


def blocks(file: Found, encoding: str, advanced: Callable[[int], None]) -> Iterator[bytes]:
    """Yield a file's text as blocks of UTF-8; ``advanced`` hears of the bytes read from the disk.

    Raises SourceError: ``unreadable``; ``unknown_encoding``; ``bad_encoding`` with the line, also where many
    characters are NUL, which means another encoding; ``nul_in_text`` where a few are.
    """
    if not is_text_encoding(encoding):
        raise SourceError(Problem("unknown_encoding", {"file": file.name, "encoding": encoding}))
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line, first = 1, True
    try:
        with opened(file, advanced) as content:
            while True:
                block = content.read(_BLOCK)
                text = decoder.decode(block, final=not block)
                if first and text:
                    text = text.removeprefix(_BOM)
                    first = False
                encoded = text.encode()
                if "\0" in text:
                    row = line + text.count("\n", 0, text.index("\0"))
                    if "\0\0" in text or text.count("\0") * _FEW < len(text):
                        raise SourceError(Problem("nul_in_text", {"file": file.name, "row": row}))
                    raise _undecodable(file, encoding, row)
                line += encoded.count(b"\n")
                if encoded:
                    yield encoded
                if not block:
                    return
    except UnicodeDecodeError as error:
        before = bytes(error.object[: error.start]).decode(encoding, "ignore").count("\n")
        raise _undecodable(file, encoding, line + before) from error
    except UnicodeError as error:  # a lone surrogate, or UTF-16 without the mark of its order
        raise _undecodable(file, encoding, line) from error
    except PACKED_ERRORS as error:
        raise unreadable(file.name, error) from error


def _undecodable(file: Found, encoding: str, line: int) -> SourceError:
    return SourceError(Problem("bad_encoding", {"file": file.name, "row": line, "encoding": encoding}))
