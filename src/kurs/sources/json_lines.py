"""JSON lines: one object a line, its values as exact text."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from kurs.model.source import Keep
from kurs.problems import Problem, SourceError
from kurs.sources.delimited import ORDINAL
from kurs.sources.stream import TextStream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

    from kurs.model.source import Source
    from kurs.sources.files import Found

_BATCH = 50_000


class _Number(str):
    """The text of a number, so that 0.1 never becomes a double."""

    __slots__ = ()


class JsonLines:
    """The objects of one file as batches of text columns ``c0, c1, ...``, one for each of ``kept``.

    A missing key is null. ``keys`` are all keys met so far, ``kept`` those that are not dropped,
    ``strings`` those that hold a JSON string.
    """

    def __init__(self, source: Source, file: Found, advanced: Callable[[int], None]) -> None:
        self._file = file
        self._stream = TextStream(file, source.format.encoding, "", advanced)
        self._dropped = {column.header for column in source.columns if column.keep is Keep.DROPPED}
        self.keys: list[str] = []
        self.strings: set[str] = set()

    @property
    def kept(self) -> list[str]:
        """The keys whose values are taken in."""
        return [key for key in self.keys if key not in self._dropped]

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the batches. Raises SourceError: ``bad_json``, ``nested_value``."""
        rows: list[tuple[int, dict[str, object]]] = []
        text = io.TextIOWrapper(io.BufferedReader(self._stream), "utf-8", newline="\n")
        for number, line in enumerate(text):
            if line.strip():
                rows.append((number, self._object(line, number)))
            if len(rows) == _BATCH:
                yield self._batch(rows)
                rows = []
        if self._stream.failure is not None:
            raise self._stream.failure
        if rows:
            yield self._batch(rows)

    def _object(self, line: str, number: int) -> dict[str, object]:
        values: dict[str, object] = {"file": self._file.name, "row": number + 1}
        try:
            read: object = json.loads(
                line, parse_float=_Number, parse_int=_Number, parse_constant=self._refuse
            )
        except (ValueError, RecursionError) as error:
            raise SourceError(Problem("bad_json", {**values, "reason": str(error)})) from error
        if not isinstance(read, dict):
            raise SourceError(Problem("bad_json", {**values, "reason": type(read).__name__}))
        return read  # pyright: ignore[reportUnknownVariableType]  json's keys are texts

    @staticmethod
    def _refuse(constant: str) -> object:
        raise ValueError(constant)

    def _batch(self, rows: list[tuple[int, dict[str, object]]]) -> pa.RecordBatch:
        import pyarrow as pa

        known = set(self.keys)
        for _, row in rows:
            for key in row:
                if key not in known:
                    known.add(key)
                    self.keys.append(key)
        columns = [
            pa.array([self._text(key, row.get(key), number) for number, row in rows], pa.string())
            for key in self.kept
        ]
        fields = [pa.field(f"c{n}", pa.string()) for n in range(len(columns))]
        ordinals = pa.array([number for number, _ in rows], pa.int64())
        schema = pa.schema([*fields, pa.field(ORDINAL, pa.int64())])
        return pa.RecordBatch.from_arrays([*columns, ordinals], schema=schema)

    def _text(self, key: str, value: object, number: int) -> str | None:
        match value:
            case None | _Number():
                return value
            case str():
                self.strings.add(key)
                return value
            case bool():
                return "true" if value else "false"
            case _:
                values = {"file": self._file.name, "row": number + 1, "column": key}
                raise SourceError(Problem("nested_value", values))
