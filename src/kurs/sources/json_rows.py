"""JSON: one object a line, or an array of objects in one document; their values as exact text."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, cast

from kurs.model.source import Keep
from kurs.problems import Problem, SourceError
from kurs.sources.delimited import ORDINAL
from kurs.sources.files import Kind
from kurs.sources.json_array import JsonArray, RowsMissingError
from kurs.sources.json_text import Number, as_text, decoder, flat
from kurs.sources.stream import TextStream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

    from kurs.model.source import Source
    from kurs.sources.files import Found

_BATCH = 20_000


class JsonRows:
    """The objects of one file as batches of text columns ``c0, c1, ...``, one for each of ``kept``.

    A missing key is null. The key of a nested value is its path: ``address.city``. An object that is
    declared as a column stays whole, as JSON; so does an array. ``keys`` are all keys met so far, ``kept``
    those that are not dropped, ``strings`` those that hold a JSON string.
    """

    def __init__(self, source: Source, file: Found, advanced: Callable[[int], None]) -> None:
        self._file = file
        self._stream = TextStream(file, source.format.encoding, "", advanced)
        self._text = io.TextIOWrapper(io.BufferedReader(self._stream), "utf-8", newline="\n")
        rows = source.format.rows
        self._path = tuple(rows.split(".")) if rows else ()
        self._decoder = decoder()
        self._dropped = {column.header for column in source.columns if column.keep is Keep.DROPPED}
        self._whole = {column.header for column in source.columns}
        self._paths: dict[str, tuple[str, ...]] = {}
        self.strings: set[str] = set()

    @property
    def keys(self) -> list[str]:
        """All keys met so far, in order."""
        return list(self._paths)

    @property
    def kept(self) -> list[str]:
        """The keys whose values are taken in."""
        return [key for key in self._paths if key not in self._dropped]

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the batches. Raises SourceError: ``bad_json``, ``json_rows_missing``, ``column_twice``."""
        rows: list[tuple[int, dict[str, object]]] = []
        for number, row in self._array() if self._file.kind is Kind.JSON else self._lines():
            rows.append((number, self._flat(row, number)))
            if len(rows) == _BATCH:
                yield self._batch(rows)
                rows = []
        if self._stream.failure is not None:
            raise self._stream.failure
        if rows:
            yield self._batch(rows)

    def _lines(self) -> Iterator[tuple[int, object]]:
        for number, line in enumerate(self._text):
            if line.strip():
                try:
                    row, end = self._decoder.raw_decode(line.strip())
                    if line.strip()[end:]:
                        raise self._bad(line.strip()[end : end + 20], number)
                except (ValueError, RecursionError) as error:
                    if self._stream.failure is not None:
                        raise self._stream.failure from error
                    raise self._bad(str(error), number) from error
                yield number, row

    def _array(self) -> Iterator[tuple[int, object]]:
        number = 0
        try:
            for row in JsonArray(self._text, self._path).items():
                yield number, row
                number += 1
        except (ValueError, RecursionError) as error:
            if self._stream.failure is not None:
                raise self._stream.failure from error
            if isinstance(error, RowsMissingError):
                values = {"file": self._file.name, "rows": ".".join(self._path), "arrays": error.arrays}
                raise SourceError(Problem("json_rows_missing", values)) from error
            raise self._bad(str(error), number) from error

    def _bad(self, reason: str, number: int) -> SourceError:
        values = {"file": self._file.name, "row": number + 1, "reason": reason}
        return SourceError(Problem("bad_json", values))

    def _flat(self, row: object, number: int) -> dict[str, object]:
        if not isinstance(row, dict):
            raise self._bad(type(row).__name__, number)
        found: dict[str, object] = {}
        try:
            for path, value in flat(cast("dict[str, object]", row), self._whole):
                key = ".".join(path)
                if self._paths.setdefault(key, path) != path:
                    values = {"column": key, "headers": (key, " → ".join(path)), "file": self._file.name}
                    raise SourceError(Problem("column_twice", values))
                found[key] = value
        except ValueError as error:
            raise self._bad(str(error), number) from error
        return found

    def _batch(self, rows: list[tuple[int, dict[str, object]]]) -> pa.RecordBatch:
        import pyarrow as pa

        columns = [
            pa.array([self._value(key, row.get(key)) for _, row in rows], pa.string()) for key in self.kept
        ]
        fields = [pa.field(f"c{n}", pa.string()) for n in range(len(columns))]
        ordinals = pa.array([number for number, _ in rows], pa.int64())
        schema = pa.schema([*fields, pa.field(ORDINAL, pa.int64())])
        return pa.RecordBatch.from_arrays([*columns, ordinals], schema=schema)

    def _value(self, key: str, value: object) -> str | None:
        if value is not None and not isinstance(value, Number | bool):
            self.strings.add(key)
        return as_text(value)
