"""What a finding gives to write, as YAML for people: where in the plan's files it goes, and its lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.project.insert import as_lines, entries_of, in_braces, tree_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kurs.project.entry import Doubt, Entry
    from kurs.project.insert import Tree
    from kurs.project.marks import Marks
    from kurs.words import Language

    Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Paste:
    """Lines to write ``below`` a path of the plan, which stands in ``line`` of ``file``.

    ``replaces``: the key stands there already, with another value. ``file`` is None where nothing of the
    path is there yet; ``inline`` are the lines as one.
    """

    file: str | None
    line: int | None
    below: Path
    lines: tuple[str, ...]
    inline: str
    replaces: bool = False


def pastes(entries: Iterable[Entry], marks: Marks, language: Language) -> list[Paste]:
    """Return what to write, by the place at which it goes in."""
    return list(_pastes(tree_of(entries), (), marks, _doubts(language)))


def snippet(entries: Iterable[Entry], marks: Marks, language: Language) -> str | None:
    """Return what to write as one piece of YAML, from the top of the plan, with its places as comments."""
    tree = tree_of(entries)
    return "\n".join(_lines(tree, (), marks, _doubts(language))) + "\n" if tree else None


def _doubts(language: Language) -> Callable[[Doubt], str]:
    """Return what says a doubt in a language."""
    return lambda doubt: language.term(f"doubt.{doubt}")


def _pastes(tree: Tree, path: Path, marks: Marks, says: Callable[[Doubt], str]) -> Iterator[Paste]:
    for key, below in tree.items():
        there = (*path, key)
        if isinstance(below, dict) and marks.has(there):
            yield from _pastes(below, there, marks, says)
            continue
        place = marks.place(path) if path else None
        file, line = (place.file, place.line) if place is not None else (None, None)
        comments = dict.fromkeys(f"  # {says(one.doubt)}" for one in entries_of(below) if one.doubt)
        inline = f"{key}: {in_braces(below)}{next(iter(comments), '')}"
        yield Paste(file, line, path, tuple(as_lines({key: below}, says)), inline, marks.has(there))


def _lines(tree: Tree, path: Path, marks: Marks, says: Callable[[Doubt], str]) -> Iterator[str]:
    """Yield the lines of a tree; behind the last key that stands in the plan its file and line."""
    for key, below in tree.items():
        there = (*path, key)
        if not isinstance(below, dict):
            yield from as_lines({key: below}, says)
            continue
        ends = not all(isinstance(part, dict) and marks.has((*there, step)) for step, part in below.items())
        place = marks.place(there) if ends and marks.has(there) else None
        comment = f"  # {place.file}:{place.line}" if place is not None else ""
        if isinstance(key, int):
            first, *others = _lines(below, there, marks, says)
            yield from (f"- {first}{comment}", *(f"  {line}" for line in others))
        else:
            yield f"{key}:{comment}"
            yield from (f"  {line}" for line in _lines(below, there, marks, says))
