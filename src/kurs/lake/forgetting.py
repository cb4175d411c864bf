"""Take somebody out of a table: out of its newest version, of every older file, and of the log.

An older version whose files held the person cannot be opened any more. Each step may be killed at any
moment; done again, what is left is done.
"""

from __future__ import annotations

import json
import os
import random
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kurs.lake.lake import FORGOT, ROW_COLUMNS
from kurs.lake.log import read_log
from kurs.model.table import ColumnType
from kurs.problems import Problem, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from kurs.lake.lake import Lake

_ATTEMPTS = 30
_KINDS = {"VARCHAR": ColumnType.TEXT, "BIGINT": ColumnType.INT}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}.*")


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a person is known: SQL that is true for a column that holds them, None for one to be passed over.

    ``prepare`` makes a connection able to run that SQL.
    """

    condition: Callable[[str, ColumnType], str | None]
    prepare: Callable[[DuckDBPyConnection], None]


@dataclass(frozen=True, slots=True)
class Holding:
    """What of a table holds a person.

    ``rows`` are those of the newest version, ``values`` what its columns say there. ``files`` are all that
    hold the person, ``old_files`` those among them that the newest version has not. ``versions`` counts the
    older versions that read one of the files, so that they go.
    """

    table: str
    rows: int = 0
    values: Mapping[str, tuple[object, ...]] | None = None
    sources: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    old_files: tuple[str, ...] = ()
    versions: int = 0


def find(lake: Lake, table: str, wanted: Wanted) -> Holding:
    """Look through all files of a table, also those that only older versions have, or none."""
    import duckdb

    folder = lake.root / table
    log = read_log(folder)
    newest = {life.path for life in log.lives if life.end is None}
    paths = (path for path in folder.rglob("*.parquet") if path.parent.name != "_delta_log")
    names = sorted(path.relative_to(folder).as_posix() for path in paths)
    rows, holding = 0, list[str]()
    values: dict[str, set[object]] = {}
    sources: set[str] = set()
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        wanted.prepare(connection)
        for name in names:
            found = _in_file(connection, folder / name, wanted)
            if found is None:
                continue
            holding.append(name)
            if name in newest:
                rows += found[0]
                sources |= found[1]
                for column, said in found[2].items():
                    values.setdefault(column, set()).update(said)
    lives = [life for life in log.lives if life.path in holding]
    older = [v for v in log.versions if v != log.newest and any(life.in_any((v,)) for life in lives)]
    return Holding(
        table,
        rows,
        {column: tuple(said) for column, said in values.items()},
        tuple(sorted(sources)),
        tuple(holding),
        tuple(name for name in holding if name not in newest),
        len(older),
    )


def remove(lake: Lake, table: str, wanted: Wanted) -> Holding:
    """Take a person out of a table; return what held them. Raises SourceError ``lake_busy``, OSError."""
    first = held = find(lake, table, wanted)
    for attempt in range(_ATTEMPTS):
        if held.rows:
            _delete(lake, table, held, attempt)
        for name in find(lake, table, wanted).old_files:
            (lake.root / table / name).unlink(missing_ok=True)
        held = find(lake, table, wanted)
        if not held.files:
            _scrub(lake.root / table / "_delta_log")
            return first
    raise SourceError(Problem("lake_busy", {"table": table, "source": "forget"}))


def _in_file(
    connection: DuckDBPyConnection, path: Path, wanted: Wanted
) -> tuple[int, set[str], dict[str, set[object]]] | None:
    """Return how many rows of a file hold the person, of which sources, and what their columns say."""
    import duckdb

    relation = f"read_parquet('{str(path).replace(chr(39), chr(39) * 2)}')"
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    except duckdb.Error:
        return None  # half a file of a writer that was killed, or one that is gone by now
    tests: dict[str, str] = {}
    for name, kind, *_ in described:
        test = None if name in ROW_COLUMNS else wanted.condition(name, _KINDS.get(kind, ColumnType.OTHER))
        if test is not None:
            tests[name] = test
    if not tests:
        return None
    either = " OR ".join(tests.values())
    sql = f"SELECT count(*), list(DISTINCT _source) FROM {relation} WHERE {either}"
    ((rows, sources),) = connection.execute(sql).fetchall()
    if not rows:
        return None
    values: dict[str, set[object]] = {}
    for name, test in tests.items():
        said = connection.execute(f'SELECT DISTINCT "{name}" FROM {relation} WHERE {test}').fetchall()
        if said:
            values[name] = {value for (value,) in said}
    return rows, set(sources), values


def _delete(lake: Lake, table: str, held: Holding, attempt: int) -> None:
    from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties
    from deltalake.exceptions import CommitFailedError, DeltaError

    tests = [
        f'"{column}" IN ({", ".join(map(_literal, said))})' for column, said in (held.values or {}).items()
    ]
    said = json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"), "rows": held.rows})
    try:
        DeltaTable(lake.root / table).delete(
            " OR ".join(tests),
            commit_properties=CommitProperties({FORGOT: said}, max_commit_retries=0),
            post_commithook_properties=PostCommitHookProperties(cleanup_expired_logs=False),
        )
    except CommitFailedError:
        time.sleep(random.uniform(0.01, 0.05 * (attempt + 1)))
    except DeltaError as error:
        raise OSError(str(error).partition("\n")[0]) from error


def _scrub(log: Path) -> None:
    """Take out of a log what it says of values: the extremes of columns, conditions, and its checkpoints."""
    for path in sorted(log.glob("*.json")):
        if not path.stem.isdigit():
            continue
        text = path.read_text("utf-8")
        lines = [json.dumps(_scrubbed(json.loads(line)), separators=(",", ":")) for line in text.splitlines()]
        scrubbed = "".join(f"{line}\n" for line in lines)
        if [json.loads(line) for line in lines] != [json.loads(line) for line in text.splitlines()]:
            new = path.with_suffix(".tmp")
            new.write_text(scrubbed, "utf-8")
            os.utime(new, (path.stat().st_atime, path.stat().st_mtime))
            new.replace(path)
    (log / "_last_checkpoint").unlink(missing_ok=True)
    for path in log.glob("*.checkpoint*.parquet"):
        path.unlink(missing_ok=True)


def _scrubbed(action: dict[str, Any]) -> dict[str, Any]:
    """Keep the extremes by which loads find their window: of days, and of our own columns."""
    if "commitInfo" in action:
        asked = action["commitInfo"].get("operationParameters", {})
        if FORGOT in action["commitInfo"]:
            asked.pop("predicate", None)
    elif action.get("add", {}).get("stats"):
        stats: dict[str, Any] = json.loads(action["add"]["stats"])
        for end in ("minValues", "maxValues"):
            known: dict[str, Any] = stats.get(end, {})
            stats[end] = {
                name: value
                for name, value in known.items()
                if name in ROW_COLUMNS or (isinstance(value, str) and _DAY.fullmatch(value))
            }
        action["add"]["stats"] = json.dumps(stats, separators=(",", ":"))
    return action


def _literal(value: object) -> str:
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"
