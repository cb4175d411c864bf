"""A sample of a large Parquet file: rows from the beginning of row groups all over it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kurs.sources.archives import whole

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow.parquet as pq

    from kurs.sources.files import Found

_MOST_CELLS = 12_000_000  # take about as long as the text of a CSV that is looked at as a whole
_MOST_BYTES = 256 << 20  # unpacked
_PIECES = 32
_BATCH = 10_000


def sampled_parquet(file: Found, folder: Path, share: int = 1) -> tuple[Found, bool]:
    """Return a file that can be looked at as a whole, written to ``folder`` where it is a sample.

    ``share`` is how many files divide the bound among them. A group of rows can only be read from its
    beginning, so of a file with one group the end is not looked at. A broken file is returned as it is.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        parquet = pq.ParquetFile(whole(file))
        bound = _rows(parquet.metadata) // share
        if parquet.metadata.num_rows <= bound:
            return file, False
        target = folder / f"sample_{len(list(folder.iterdir()))}.parquet"
        _write(parquet, target, max(bound, _BATCH))
    except (OSError, pa.ArrowException):
        return file, False
    size = target.stat().st_size
    return replace(file, path=target, zipped=False, member=None, size=size), True


def _rows(said: pq.FileMetaData) -> int:
    """Return how many rows may be looked at."""
    unpacked = sum(said.row_group(n).total_byte_size for n in range(said.num_row_groups))
    by_size = _MOST_BYTES * said.num_rows // max(unpacked, 1)
    return min(_MOST_CELLS // max(said.num_columns, 1), by_size)


def _write(parquet: pq.ParquetFile, target: Path, bound: int) -> None:
    import pyarrow.parquet as pq

    count = parquet.metadata.num_row_groups
    pieces = min(_PIECES, count, max(bound // _BATCH, 1))
    groups = sorted({n * (count - 1) // max(pieces - 1, 1) for n in range(pieces)})
    with pq.ParquetWriter(target, parquet.schema_arrow) as sample:
        for group in groups:
            left = bound // len(groups)
            for batch in parquet.iter_batches(_BATCH, row_groups=[group]):
                sample.write_batch(batch.slice(0, left))
                left -= min(left, batch.num_rows)
                if not left:
                    break
