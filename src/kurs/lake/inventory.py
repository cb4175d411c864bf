"""What lies in the store: each table's versions, loads, rows and bytes, told by its log alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.lake.lake import RECORD
from kurs.lake.record import LoadRecord

if TYPE_CHECKING:
    from kurs.lake.lake import Lake


@dataclass(frozen=True, slots=True)
class Inventory:
    """One table. ``loads`` are those of its history with their versions, oldest first.

    ``bytes`` are those of the newest version, ``bytes_on_disk`` those of all that are kept, log included.
    """

    table: str
    version: int
    versions: int
    columns: int
    rows: int
    files: int
    bytes: int
    bytes_on_disk: int
    loads: tuple[tuple[int, LoadRecord], ...]


def inventory(lake: Lake) -> tuple[Inventory, ...]:
    """Look at all tables, without reading a row."""
    return tuple(_of(lake, table) for table in lake.tables())


def _of(lake: Lake, table: str) -> Inventory:
    import duckdb
    from deltalake import DeltaTable

    folder = lake.root / table
    delta = DeltaTable(folder)
    history = sorted(delta.history(), key=lambda entry: entry["version"])
    added = delta.get_add_actions(flatten=True)
    with duckdb.connect() as connection:
        connection.register("added", added)
        sql = "SELECT count(*), coalesce(sum(num_records), 0), coalesce(sum(size_bytes), 0) FROM added"
        ((files, rows, size),) = connection.execute(sql).fetchall()
    snapshot = lake.open(table)
    return Inventory(
        table=table,
        version=delta.version(),
        versions=len(history),
        columns=0 if snapshot is None else len(snapshot.columns),
        rows=int(rows),
        files=int(files),
        bytes=int(size),
        bytes_on_disk=sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        loads=tuple((e["version"], LoadRecord.from_json(e[RECORD])) for e in history if RECORD in e),
    )
