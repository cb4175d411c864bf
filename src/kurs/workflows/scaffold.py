"""Scaffold: write a starter project."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from kurs.problems import Problem, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable
    from pathlib import Path

IGNORED = ".kurs/"  # holds only what can be made again


def templates() -> tuple[str, ...]:
    """Return the names of the templates, the usual one first."""
    return ("shop", "leads")


def scaffold(folder: Path, template: str) -> tuple[str, ...]:
    """Write the files of a template into ``folder``; return their names.

    A .gitignore that is there gets one line more. Raises UsageError when any other file is in the way
    (then nothing is written), or when the folder cannot be written.
    """
    contents = dict(_contents(files("kurs") / "templates" / template))
    in_the_way = [name for name in contents if (folder / name).exists()]
    if in_the_way:
        raise UsageError(Problem("files_in_the_way", {"files": in_the_way}))
    try:
        for name, content in contents.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        ignored = ignore(folder)
    except OSError as error:
        values = {"file": str(error.filename or folder), "reason": error.strerror or type(error).__name__}
        raise UsageError(Problem("not_writable", values)) from error
    return (*contents, *ignored)


def _contents(place: Traversable, above: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in sorted(place.iterdir(), key=lambda entry: (entry.is_dir(), entry.name)):
        if entry.is_dir():
            yield from _contents(entry, f"{above}{entry.name}/")
        else:
            yield f"{above}{entry.name}", entry.read_bytes()


def ignore(folder: Path) -> tuple[str, ...]:
    """Let git ignore the lake; returns the file if it had to be written."""
    path = folder / ".gitignore"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    if IGNORED in lines or IGNORED.rstrip("/") in lines:
        return ()
    path.write_text("\n".join([*lines, IGNORED]) + "\n", "utf-8")
    return (".gitignore",)
