"""The same journal in Postgres, for a team without git: a row for each sealed line of a writer.

The database adds nothing that must be trusted: lines are chained and read as those of a file are.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kurs.ledger.entry import Entry, seal, written
from kurs.ledger.journal import Heads, Told, told_of
from kurs.problems import Problem, SourceError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path
    from typing import Any, LiteralString

    from psycopg import Connection

    from kurs.ledger.entry import Decision

_TABLE: LiteralString = """
CREATE TABLE IF NOT EXISTS kurs_journal (
    project text NOT NULL,
    writer text NOT NULL,
    line bigint NOT NULL,
    entry bytea NOT NULL,
    PRIMARY KEY (project, writer, line)
)"""
_LAST: LiteralString = """
SELECT line, entry FROM kurs_journal WHERE project = %s AND writer = %s ORDER BY line DESC LIMIT 1"""
_ALL: LiteralString = "SELECT writer, entry FROM kurs_journal WHERE project = %s ORDER BY writer, line"
_LOCK: LiteralString = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_SECONDS = 15


@dataclass(frozen=True, slots=True)
class PostgresJournal:
    """The journal of ``project`` at ``url``, to which ``writer`` appends; the plan says ``shown``."""

    folder: Path
    writer: str
    project: str
    shown: str
    url: str = field(repr=False)

    def append(self, decision: Decision) -> Entry:
        """Write a decision behind the writer's last entry; it is committed when this returns."""
        with self._connected() as connection, connection.transaction():
            connection.execute(_LOCK, (f"kurs_journal {self.project}",))
            connection.execute(_TABLE)
            row = connection.execute(_LAST, (self.project, self.writer)).fetchone()
            number = int(row[0]) if row is not None else 0
            previous = seal(bytes(row[1]))[0] if row is not None else None
            line = written(decision, self.writer, previous)[:-1]
            connection.execute(
                "INSERT INTO kurs_journal (project, writer, line, entry) VALUES (%s, %s, %s, %s)",
                (self.project, self.writer, number + 1, line),
            )
        head = seal(line)[0]
        Heads(self.folder).remember(self.writer, head)
        return Entry(decision, self.writer, number + 1, previous, head)

    def read(self) -> Told:
        """Read the lines of all writers. An entry that was edited is left out, and told."""
        lines: dict[str, list[bytes]] = {}
        with self._connected() as connection:
            exists = connection.execute("SELECT to_regclass('kurs_journal')").fetchone()
            if exists is not None and exists[0] is not None:
                for writer, entry in connection.execute(_ALL, (self.project,)).fetchall():
                    lines.setdefault(str(writer), []).append(bytes(entry))
        files = {writer: b"".join(line + b"\n" for line in of) for writer, of in lines.items()}
        return told_of(files, Heads(self.folder))

    @contextmanager
    def _connected(self) -> Generator[Connection[tuple[Any, ...]]]:
        """Open a connection for one transaction. Raises SourceError."""
        try:
            import psycopg
        except ImportError as error:
            values = {"source": "ledger", "url": self.shown, "extra": "postgres"}
            raise SourceError(Problem("database_driver_missing", values)) from error
        try:
            with psycopg.connect(self.url, connect_timeout=_SECONDS, application_name="kurs") as connection:
                yield connection
        except psycopg.Error as error:
            # the driver's own words may hold the address
            values = {"url": self.shown, "reason": type(error).__name__}
            raise SourceError(Problem("journal_unreachable", values)) from error
