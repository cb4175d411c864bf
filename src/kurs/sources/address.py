"""The address of a database, and what may be said of it: never its password."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from kurs.problems import Problem, SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kurs.model.source import Source


class Engine(StrEnum):
    """What kind of database it is."""

    POSTGRES = "postgres"
    SQLITE = "sqlite"
    DUCKDB = "duckdb"


_STARTS = {
    "postgresql://": Engine.POSTGRES,
    "postgres://": Engine.POSTGRES,
    "sqlite:///": Engine.SQLITE,
    "duckdb:///": Engine.DUCKDB,
}
_STARS = "***"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a source's database is. ``url`` has the password; ``shown`` is what the plan says.

    ``path`` is the file of an embedded database.
    """

    engine: Engine
    source: str
    shown: str
    url: str = field(repr=False)
    path: Path | None = None

    def failure(self, code: str, error: Exception | str = "", **values: object) -> SourceError:
        """Make a problem of what a driver says, without what nobody may see."""
        lines = [line.strip() for line in self.masked(str(error)).splitlines() if line.strip()]
        said = {"source": self.source, "url": self.shown, "reason": " ".join(lines).rstrip(".")}
        return SourceError(Problem(code, {**said, **values}))

    def masked(self, text: str) -> str:
        """Take the address and its password out of a text, however they are written there."""
        if self.path is not None:
            return text
        secrets = {self.url: self.shown, **dict.fromkeys(_passwords(self.url), _STARS)}
        for secret in sorted(secrets, key=len, reverse=True):
            text = text.replace(secret, secrets[secret])
        return text


def address_of(source: Source, folder: Path, environment: Mapping[str, str] = os.environ) -> Address:
    """Find the address of a source's database.

    A path that the plan states stays below the project; one from the environment is its owner's choice.
    Raises SourceError: ``database_url_missing``, ``unknown_database``, ``outside_project``,
    ``database_file_missing``.
    """
    assert source.database is not None
    shown, name = source.database.url, source.database.variable
    if name is not None and not environment.get(name, "").strip():
        raise SourceError(Problem("database_url_missing", {"source": source.key, "name": name}))
    url = shown if name is None else environment[name].strip()
    start = next((start for start in _STARTS if url.lower().startswith(start)), None)
    if start is None or (name is None and _STARTS[start] is Engine.POSTGRES):
        raise SourceError(Problem("unknown_database", {"source": source.key, "url": shown}))
    if _STARTS[start] is Engine.POSTGRES:
        return Address(_STARTS[start], source.key, shown, url)
    path = folder / url[len(start) :]
    if name is None and not path.resolve().is_relative_to(folder.resolve()):
        raise SourceError(Problem("outside_project", {"file": shown}))
    if not path.is_file():
        raise SourceError(Problem("database_file_missing", {"source": source.key, "url": shown}))
    return Address(_STARTS[start], source.key, shown, url, path)


def _passwords(url: str) -> list[str]:
    """Return the password of a URL as it is written and as it is meant, wherever a URL may hold one."""
    rest = url.partition("://")[2]
    user, at, _ = rest.rpartition("@")
    found = [user.partition(":")[2]] if at else []
    try:
        query = urlsplit(url).query
    except ValueError:
        query = url.partition("?")[2]
    for pair in query.split("&"):
        key, _, value = pair.partition("=")
        if "password" in key.lower():
            found.append(value)
    return [secret for written in found for secret in (written, unquote(written)) if secret]
