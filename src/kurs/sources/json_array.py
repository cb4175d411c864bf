"""One JSON document, read piece by piece: the items of an array in it, without holding all of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from kurs.sources.json_text import decoder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

_BLOCK = 1 << 20
_LONGEST = 64 << 20  # characters of one value
_LONGEST_NUMBER = 1_000
_BEHIND_VALUES = tuple(",:]} \t\r\n")
_BLANK = re.compile(r"[ \t\r\n]*")


class RowsMissingError(ValueError):
    """There is no array at the path; ``arrays`` are the paths of those on the way."""

    def __init__(self, arrays: tuple[str, ...]) -> None:
        super().__init__("rows")
        self.arrays = arrays


class JsonArray:
    """The items of the array at ``path`` (``("data", "items")``; empty: the document itself).

    Raises ValueError where the document is no JSON, to its very end, and RowsMissingError.
    """

    def __init__(self, text: TextIO, path: tuple[str, ...]) -> None:
        self._text, self._path = text, path
        self._decoder = decoder()
        self._buffer, self._place, self._ended = "", 0, False
        self._arrays: list[str] = []
        self._met = False

    def items(self) -> Iterator[object]:
        """Yield the items, then make sure that the rest is JSON too."""
        yield from self._at(())
        if self._next():
            raise ValueError(self._buffer[self._place : self._place + 20])
        if not self._met:
            raise RowsMissingError(tuple(self._arrays))

    def _at(self, path: tuple[str, ...]) -> Iterator[object]:
        """Read the value that stands at a path, which leads to the array or is it."""
        start = self._next()
        if path == self._path and start == "[":
            self._met = True
            yield from self._listed()
        elif start == "{" and path == self._path[: len(path)] and path != self._path:
            yield from self._members(path)
        else:
            if start == "[":
                self._arrays.append(".".join(path))
            self._value()

    def _listed(self) -> Iterator[object]:
        self._take("[")
        if self._next() == "]":
            self._take("]")
            return
        while True:
            yield self._value()
            if self._next() == "]":
                self._take("]")
                return
            self._take(",")

    def _members(self, path: tuple[str, ...]) -> Iterator[object]:
        self._take("{")
        seen: set[str] = set()
        if self._next() == "}":
            self._take("}")
            return
        while True:
            if self._next() != '"':
                raise ValueError(self._buffer[self._place : self._place + 20])
            key = str(self._value())
            if key in seen:
                raise ValueError(key)
            seen.add(key)
            self._take(":")
            yield from self._at((*path, key))
            if self._next() == "}":
                self._take("}")
                return
            self._take(",")

    def _value(self) -> object:
        self._next()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._place)
            except json.JSONDecodeError:
                if self._ended or len(self._buffer) - self._place > _LONGEST:
                    raise
            else:
                # At the end of the block a number may go on in the next one, as 5 of 5.1e6 does.
                if self._ended or end + _LONGEST_NUMBER < len(self._buffer) or self._is_over(end):
                    self._place = end
                    return value
            self._more(max(_BLOCK, len(self._buffer) - self._place))

    def _is_over(self, end: int) -> bool:
        return self._buffer[end : end + 1] in _BEHIND_VALUES and end < len(self._buffer)

    def _next(self) -> str:
        """Return the next character that is no blank, without taking it; empty at the end."""
        while True:
            blank = _BLANK.match(self._buffer, self._place)
            self._place = self._place if blank is None else blank.end()
            if self._place < len(self._buffer) or self._ended:
                return self._buffer[self._place : self._place + 1]
            self._more(_BLOCK)

    def _take(self, character: str) -> None:
        if self._next() != character:
            raise ValueError(self._buffer[self._place : self._place + 20])
        self._place += 1

    def _more(self, size: int) -> None:
        read = self._text.read(size)
        self._ended = not read
        self._buffer = self._buffer[self._place :] + read
        self._place = 0
