"""The files of a source: found below the project, in order of name, known by their content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from kurs.problems import Problem, SourceError, closest
from kurs.sources.archives import members_of

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.model.source import Source

READING_RULES = "2"  # raise it when the same file and profile would give other rows
_SUGGESTED_FROM = 10_000  # files looked at for a suggestion
_BLOCK = 1 << 20


class Kind(StrEnum):
    """What a file is."""

    CSV = "csv"
    PARQUET = "parquet"
    JSONL = "jsonl"
    JSON = "json"
    SHEET = "sheet"
    DATABASE = "database"  # no file: what a source reads of a database stands in its place


_KINDS = {
    ".csv": Kind.CSV,
    ".tsv": Kind.CSV,
    ".tab": Kind.CSV,
    ".txt": Kind.CSV,
    ".parquet": Kind.PARQUET,
    ".jsonl": Kind.JSONL,
    ".ndjson": Kind.JSONL,
    ".json": Kind.JSON,
    ".xlsx": Kind.SHEET,
    ".xlsm": Kind.SHEET,
    ".xls": Kind.SHEET,
    ".ods": Kind.SHEET,
}
_LATER = {".bz2", ".xz", ".zst"}


@dataclass(frozen=True, slots=True)
class Found:
    """One file: ``name`` is relative to the project's folder, with forward slashes.

    ``zipped`` is one with gzip. ``member`` is its name within the zip archive at ``path``, of which it is a
    part; then ``size`` is what it takes up there.
    """

    name: str
    path: Path
    kind: Kind
    zipped: bool
    size: int
    member: str | None = None


def find(source: Source, folder: Path) -> tuple[Found, ...]:
    """Return the source's files in order of name.

    Raises SourceError: ``outside_project`` for a file that leads out, be it by a link;
    ``source_file_missing`` for a pattern without a file; ``unknown_format``, ``file_kind_not_yet``; what
    ``archives.members_of`` raises.
    """
    problems: list[Problem] = []
    found: dict[str, Found] = {}
    home = folder.resolve()
    for pattern in source.files:
        if PurePosixPath(pattern).is_absolute() or ".." in PurePosixPath(pattern).parts:
            problems.append(Problem("outside_project", {"file": pattern}))
            continue
        names = _matches(pattern, folder)
        if not names:
            near = closest(pattern, _near(folder))
            problems.append(
                Problem("source_file_missing", {"source": source.key, "files": pattern, "suggestion": near})
            )
        for name in names:
            if not (folder / name).resolve().is_relative_to(home):
                problems.append(Problem("outside_project", {"file": name}))
                continue
            try:
                found |= {file.name: file for file in _files_at(source, name, folder / name)}
            except SourceError as error:
                problems.extend(error.problems)
    if not found and not problems:
        problems.append(Problem("source_file_missing", {"source": source.key, "files": ""}))
    if problems:
        raise SourceError(*problems)
    return tuple(found[name] for name in sorted(found))


def sha256(path: Path) -> str:
    """Hash a file's content, a block at a time. Raises SourceError ``unreadable``."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise SourceError(Problem("unreadable", {"file": path.name, "reason": _reason(error)})) from error
    return digest.hexdigest()


def profile_hash(source: Source, zone: str, time_column: str | None) -> str:
    """Hash all that decides how files become rows, so that a changed profile reads them again."""
    said = (READING_RULES, replace(source, files=()), zone, time_column)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _matches(pattern: str, folder: Path) -> list[str]:
    if not set(pattern) & set("*?["):
        return [pattern] if (folder / pattern).is_file() else []
    names = (path.relative_to(folder) for path in folder.glob(pattern) if path.is_file())
    return [name.as_posix() for name in names if not any(part.startswith(".") for part in name.parts)]


def _near(folder: Path) -> list[str]:
    names: list[str] = []
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if not name.startswith(".") and path.is_file():
            names.append(name)
        if len(names) == _SUGGESTED_FROM:
            break
    return names


def _files_at(source: Source, name: str, path: Path) -> list[Found]:
    if name.lower().endswith(".zip"):
        members = members_of(path, name, source.format.member)
        if packed := [member for member, _ in members if member.lower().endswith((".gz", ".zip"))]:
            raise SourceError(Problem("unknown_format", {"file": f"{name}/{packed[0]}"}))
        return [
            Found(f"{name}/{member}", path, _kind(source, member), zipped=False, size=size, member=member)
            for member, size in members
        ]
    return [Found(name, path, _kind(source, name), name.lower().endswith(".gz"), path.stat().st_size)]


def _kind(source: Source, name: str) -> Kind:
    plain = name.lower().removesuffix(".gz")
    ending = PurePosixPath(plain).suffix
    if source.format.kind is None and ending in _LATER:
        raise SourceError(Problem("file_kind_not_yet", {"file": name, "kind": ending}))
    stated = source.format.kind or _KINDS.get(ending)
    if stated is None or stated not in {kind.value for kind in Kind}:
        raise SourceError(Problem("unknown_format", {"file": name}))
    if stated == Kind.PARQUET and plain != name.lower():
        raise SourceError(Problem("file_kind_not_yet", {"file": name, "kind": ".parquet.gz"}))
    return Kind(stated)
