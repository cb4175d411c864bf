"""Parquet: rows that are typed already, brought to the few types of the lake."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.model.source import DataType
from kurs.model.table import ColumnType
from kurs.problems import Problem, SourceError
from kurs.sources.archives import whole
from kurs.sources.delimited import ORDINAL

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    import pyarrow as pa

    from kurs.model.source import Source
    from kurs.sources.files import Found
    from kurs.sources.layout import Placed

_BATCH = 100_000
_ORDER = (ColumnType.INT, ColumnType.DECIMAL, ColumnType.FLOAT)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A column, or a field within nested ones; ``is_nested`` if it is taken in as JSON."""

    path: tuple[str, ...]
    type: pa.DataType
    is_nested: bool = False

    def of(self, batch: pa.RecordBatch) -> pa.Array:
        """Return its values."""
        import pyarrow as pa
        import pyarrow.compute as pc

        values = batch.column(self.path[0])
        for name in self.path[1:]:
            values = pc.struct_field(values, name)
        if not self.is_nested:
            return values
        return pa.array([None if v is None else _as_json(v) for v in values.to_pylist()], pa.string())


def _leaves(
    fields: Iterable[pa.Field], whole: Collection[str], path: tuple[str, ...] = ()
) -> Iterator[_Leaf]:
    """Yield the columns; structs fall into their fields, unless the plan names them as a column."""
    from pyarrow import types

    for field in fields:
        here = (*path, field.name)
        if types.is_struct(field.type) and ".".join(here) not in whole:
            yield from _leaves(field.type, whole, here)
        else:
            nested = types.is_nested(field.type)
            yield _Leaf(here, field.type, is_nested=nested)


def _as_json(value: object) -> str:
    return json.dumps(value, default=str, ensure_ascii=False, separators=(",", ":"))


class ParquetRows:
    """The rows of one file. Raises SourceError ``unreadable``, ``column_kind_not_yet``."""

    def __init__(self, source: Source, file: Found) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._source = source
        self._name = file.name
        self._failure: str | None = None
        try:
            self._file = pq.ParquetFile(whole(file))
        except (OSError, pa.ArrowException) as error:
            values = {"file": file.name, "reason": str(error)}
            raise SourceError(Problem("unreadable", values)) from error
        self._leaves: dict[str, _Leaf] = {}
        for leaf in _leaves(self._file.schema_arrow, {column.header for column in source.columns}):
            header = ".".join(leaf.path)
            if header in self._leaves:
                values = {"column": header, "headers": (header, header), "file": file.name}
                raise SourceError(Problem("column_twice", values))
            self._leaves[header] = leaf
        self.headers = list(self._leaves)

    def type_of(self, header: str) -> DataType:
        """Return the lake's type for a column."""
        return _data_type(self._leaves[header].type, header, self._name)

    def batches(self, headers: Sequence[str]) -> pa.RecordBatchReader:
        """Return batches of some columns in the lake's types, as ``c0, c1, ...``, and ``ORDINAL``.

        What goes wrong on the way ends them: call ``check`` afterwards.
        """
        import pyarrow as pa

        types = [_arrow_type(self.type_of(header)) for header in headers]
        fields = [pa.field(f"c{n}", data) for n, data in enumerate(types)]
        schema = pa.schema([*fields, pa.field(ORDINAL, pa.int64())])
        return pa.RecordBatchReader.from_batches(schema, self._batches(headers, types, schema))

    def check(self) -> None:
        """Raise SourceError ``unreadable`` if the rows could not be read to their end."""
        if self._failure is not None:
            raise SourceError(Problem("unreadable", {"file": self._name, "reason": self._failure}))

    def _batches(
        self, headers: Sequence[str], types: Sequence[pa.DataType], schema: pa.Schema
    ) -> Iterator[pa.RecordBatch]:
        import numpy as np
        import pyarrow as pa

        done = 0
        leaves = [self._leaves[header] for header in headers]
        try:
            for batch in self._file.iter_batches(_BATCH, columns=sorted({leaf.path[0] for leaf in leaves})):
                batch.validate(full=True)  # a broken file may hold texts that are none
                # Nanoseconds become microseconds; all other casts here lose nothing.
                arrays = [
                    leaf.of(batch).cast(data, safe=not isinstance(data, pa.TimestampType))
                    for leaf, data in zip(leaves, types, strict=True)
                ]
                ordinals = pa.array(np.arange(done, done + batch.num_rows))
                done += batch.num_rows
                yield pa.RecordBatch.from_arrays([*arrays, ordinals], schema=schema)
        except (OSError, pa.ArrowException) as error:
            self._failure = str(error)
            return
        if done != self._file.metadata.num_rows:
            self._failure = f"{done} of {self._file.metadata.num_rows} rows"


def common_type(column: Placed, known: DataType, data: DataType, file: Found) -> DataType:
    """Return a type that holds the values of both; SourceError ``types_differ`` where there is none."""
    if known == data:
        return known
    if known.kind in _ORDER and data.kind in _ORDER:
        kind = max(known.kind, data.kind, key=_ORDER.index)
        if kind is not ColumnType.DECIMAL:
            return DataType(kind)
        whole = max(d.precision - d.scale if d.precision else 19 for d in (known, data))
        scale = max(known.scale, data.scale)
        if whole + scale <= 38:
            return DataType(kind, whole + scale, scale)
    values = {"column": column.name, "was": str(known), "now": str(data), "file": file.name}
    raise SourceError(Problem("types_differ", values))


def _data_type(arrow: pa.DataType, header: str, file: str) -> DataType:
    import pyarrow as pa
    from pyarrow import types

    if types.is_nested(arrow):
        return DataType(ColumnType.TEXT)
    if types.is_dictionary(arrow):
        arrow = arrow.value_type
    if isinstance(arrow, pa.Decimal128Type):
        return DataType(ColumnType.DECIMAL, arrow.precision, arrow.scale)
    if isinstance(arrow, pa.TimestampType):
        return DataType(ColumnType.TIMESTAMP if arrow.tz is None else ColumnType.TIMESTAMPTZ)
    kinds = (
        (types.is_string, ColumnType.TEXT),
        (types.is_large_string, ColumnType.TEXT),
        (types.is_string_view, ColumnType.TEXT),
        (types.is_null, ColumnType.TEXT),
        (types.is_integer, ColumnType.INT),
        (types.is_floating, ColumnType.FLOAT),
        (types.is_boolean, ColumnType.BOOL),
        (types.is_date, ColumnType.DATE),
    )
    for test, kind in kinds:
        if test(arrow):
            return DataType(kind)
    raise SourceError(Problem("column_kind_not_yet", {"file": file, "column": header, "kind": str(arrow)}))


def _arrow_type(data: DataType) -> pa.DataType:
    import pyarrow as pa

    plain = {
        ColumnType.INT: pa.int64(),
        ColumnType.FLOAT: pa.float64(),
        ColumnType.BOOL: pa.bool_(),
        ColumnType.DATE: pa.date32(),
        ColumnType.TIMESTAMP: pa.timestamp("us"),
        ColumnType.TIMESTAMPTZ: pa.timestamp("us", "UTC"),
        ColumnType.DECIMAL: pa.decimal128(data.precision or 18, data.scale),
    }
    return plain.get(data.kind, pa.string())
