"""Which files belong together in a draft, and by which patterns the plan names them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.problems import Problem, SourceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kurs.sources.files import Found
    from kurs.sources.look import Outline
    from kurs.sources.look_seen import Ask

_DATA = "data"  # where files from outside the project are copied to
_PERIOD_WORDS = r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|q[1-4]"
_ENDINGS = "gz|csv|tsv|tab|txt|jsonl|ndjson|json|parquet|xlsx|xlsm|xls|ods|zip"


@dataclass(frozen=True, slots=True)
class Group:
    """Tables of one shape that become one source: the patterns of their files, and of archives' members."""

    outlines: tuple[Outline, ...]
    files: tuple[str, ...]
    member: str | None = None


def places_of(files: Sequence[Path], folder: Path) -> dict[Path, str]:
    """Return where each file lies in the project; one from outside goes to ``data/``."""
    if not files:
        raise UsageError(Problem("no_data_files"))
    home = folder.resolve()
    places: dict[Path, str] = {}
    for path in files:
        if not path.is_file():
            raise UsageError(Problem("no_data_file", {"file": str(path)}))
        real = path.resolve()
        if real.is_relative_to(home):
            places[real] = real.relative_to(home).as_posix()
            continue
        name, n = f"{_DATA}/{path.name}", 2
        while name in places.values():
            name, n = f"{_DATA}/{path.stem}_{n}{path.suffix}", n + 1
        places[real] = name
    return places


def groups_of(places: Mapping[Path, str], work: Path, answers: Ask) -> list[Group]:
    """Put tables of one shape together whose names differ in numbers and dates only.

    Raises SourceError with the problems of all files that cannot be read.
    """
    from kurs.sources.look import found, outlines

    groups: dict[tuple[object, ...], list[Outline]] = {}
    problems: list[Problem] = []
    for path, name in places.items():
        try:
            there = [replace(one, name=_in_project(one, name)) for one in found(path, path.parent)]
        except SourceError as error:
            problems.extend(error.problems)
            continue
        for file in there:
            try:
                for one in outlines(file, work, answers, len(places) * len(there)):
                    _add_to(groups, one)
            except SourceError as error:
                problems.extend(error.problems)
    if problems:
        raise SourceError(*problems)
    return [group for together in groups.values() for group in _named(together, list(places.values()))]


def _in_project(file: Found, place: str) -> str:
    return place if file.member is None else f"{place}/{file.member}"


def _add_to(groups: dict[tuple[object, ...], list[Outline]], one: Outline) -> None:
    """Add a table to the group of its shape, name and encoding, or open one."""
    encoding = one.form.encoding if not one.ascii else None
    key = (one.shape, stem_of(one.file.name), one.part)
    same = next((k for k in groups if k[:3] == key and (encoding is None or k[3] in (None, encoding))), None)
    if same is None:
        groups[(*key, encoding)] = [one]
    else:
        groups[same].append(one)
        if same[3] is None and encoding is not None:
            groups[(*key, encoding)] = groups.pop(same)


def stem_of(name: str) -> str:
    """Return a file's name without what tells one export from the next."""
    plain = re.sub(rf"\.(?:{_ENDINGS})\b", "", name.rpartition("/")[2].lower())
    plain = re.sub(rf"(?<![a-z])(?:{_PERIOD_WORDS})[a-z]*(?![a-z])", "", plain)
    return re.sub(r"[\d\W_]+", "_", plain).strip("_")


def _named(together: Sequence[Outline], everything: Sequence[str]) -> list[Group]:
    """Find the patterns for tables of one shape; those of archives that no pattern holds are kept apart."""
    from kurs.sources.archives import members_of

    packed = [one.file for one in together if one.file.member is not None]
    if not packed:
        return [Group(tuple(together), _patterns([one.file.name for one in together], everything))]
    there = {member for file in packed for member, _ in members_of(file.path, file.name, "*")}
    found: list[Group] = []
    members = _patterns(sorted({file.member or "" for file in packed}), sorted(there))
    for wanted in members:
        ones = tuple(one for one in together if len(members) == 1 or one.file.member == wanted)
        archives = sorted({one.file.name.removesuffix(f"/{one.file.member}") for one in ones})
        member = wanted if len(there) > 1 else None
        found.append(Group(ones, _patterns(archives, everything), member))
    return found


def _patterns(names: Sequence[str], everything: Sequence[str]) -> tuple[str, ...]:
    """Return one pattern that holds just these files, or all their names."""
    if len(names) == 1:
        return (names[0],)
    first, last = min(names), max(names)
    start = next(
        (n for n, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first)
    )
    backward = list(zip(reversed(first), reversed(last), strict=False))
    end = next((n for n, pair in enumerate(backward) if pair[0] != pair[1]), len(backward))
    end = min(end, min(map(len, names)) - start)
    # Numbers and dates are not cut apart: the next file may be of another month, or year.
    start = len(re.sub(r"\d+$", "", first[:start]))
    end = len(re.sub(r"^\d+", "", first[len(first) - end :] if end else ""))
    pattern = f"{first[:start]}*{first[len(first) - end :] if end else ''}"
    wanted = re.compile("[^/]*".join(re.escape(part) for part in pattern.split("*")))
    held = {name for name in everything if wanted.fullmatch(name)}
    return (
        (pattern,)
        if held == set(names) and "/" not in first[start : len(first) - end]
        else tuple(sorted(names))
    )
