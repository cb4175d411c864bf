"""Which files belong to a plan, and their text."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from kurs.problems import Place, Problem, ProjectError, Severity
from kurs.project.nodes import PlanFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PLAN = "kurs.yaml"
LARGEST = 1024 * 1024
MOST_FILES = 1000
_VIRTUALENV = "pyvenv.cfg"
_LOOKS_LIKE_A_PLAN = re.compile(
    rb"^(?:project|strategy|goals|kpis|metrics|tables|sources|segments|actions|people):[ \t\r]*$",
    re.MULTILINE,
)


def find_project(start: Path) -> Path:
    """Return the folder itself or the nearest one above it that holds a ``kurs.yaml``.

    Raises ProjectError (``no_project``) where there is none.
    """
    folder = Path(start).absolute()
    for candidate in (folder, *folder.parents):
        if (candidate / PLAN).is_file():
            return candidate
    raise ProjectError(Problem("no_project", {"folder": str(start)}))


def plan_files(folder: Path, texts: Mapping[str, str] | None = None) -> tuple[list[PlanFile], list[Problem]]:
    """Read the plan's files in a fixed order, ``kurs.yaml`` first, and say which could not be read.

    ``texts`` by the name of a file are read instead of what stands in it.
    """
    files: list[PlanFile] = []
    problems: list[Problem] = []
    for count, path in enumerate(plan_paths(folder)):
        if count == MOST_FILES:
            problems.append(Problem("too_many_files", {"most": MOST_FILES}))
            break
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".yml":
            problems += _other_ending(path, name)
            continue
        read = read_file(folder, path, name)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            files.append(PlanFile.of(name, texts[name]) if texts is not None and name in texts else read)
    return files, problems


def plan_paths(folder: Path) -> Iterator[Path]:
    """Yield kurs.yaml, then the others by folder and name; ``.yml`` files, too, of which a reader is warned.

    Hidden folders, virtualenvs and folders with a plan of their own are left out; links to folders are
    not followed.
    """
    for place, folders, names in os.walk(folder):
        here = Path(place)
        folders[:] = sorted(name for name in folders if not _is_foreign(here / name))
        for name in sorted(names, key=lambda name: (name != PLAN, name)):
            if name.endswith((".yaml", ".yml")) and not name.startswith("."):
                yield here / name


def _is_foreign(folder: Path) -> bool:
    return (
        folder.name.startswith(".")
        or folder.name == "node_modules"
        or (folder / PLAN).is_file()
        or (folder / _VIRTUALENV).is_file()
    )


def read_file(folder: Path, path: Path, name: str) -> PlanFile | Problem:
    """Read one file of the plan, or say why it cannot be read."""
    place = Place(name, 1)
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return Problem("outside_project", {"file": name}, place=place)
        if not path.is_file():
            return Problem(
                "unreadable_file", {"file": name, "reason": os.strerror(errno.ENOENT)}, place=place
            )
        if path.stat().st_size > LARGEST:
            return Problem("too_large", {"what": name, "limit": f"{LARGEST // 1024**2} MiB"}, place=place)
        content = path.read_bytes()
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        cause = error.strerror if isinstance(error, OSError) else None
        return Problem("unreadable_file", {"file": name, "reason": cause or str(error)}, place=place)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Problem("not_utf8", {"file": name}, place=Place(name, line))
    return PlanFile.of(name, text)


def _other_ending(path: Path, name: str) -> list[Problem]:
    """Warn of a file that looks like a part of the plan but will not be read."""
    try:
        with path.open("rb") as stream:
            start = stream.read(LARGEST)
    except OSError:
        return []  # it is not ours to read in the first place
    if not _LOOKS_LIKE_A_PLAN.search(start):
        return []
    values = {"file": name, "right": name.removesuffix(".yml") + ".yaml"}
    return [Problem("yml_ending", values, Severity.WARNING, Place(name, 1))]
