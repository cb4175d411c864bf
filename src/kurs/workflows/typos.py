"""Typos in the plan that can mean one thing only: a name or a key with a single near match."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from kurs.project.nodes import PlanFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kurs.problems import Place, Problem

_CODES = frozenset(
    {
        "unknown_action",
        "unknown_choice",
        "unknown_column",
        "unknown_event",
        "unknown_goal",
        "unknown_grain",
        "unknown_key",
        "unknown_metric",
        "unknown_person",
        "unknown_segment",
        "unknown_strategy",
        "unknown_table",
    }
)
_WRITTEN_AS = ("name", "key", "value")  # what the plan says, by the first of these values
_SHORTEST = 4  # letters of a word; of fewer, `de` and `se` are both words
_LONG = 6  # letters; in so long a word two of them may be wrong


@dataclass(frozen=True, slots=True)
class Typo:
    """A word at a place of the plan, and the one that is meant."""

    code: str
    place: Place
    word: str
    meant: str
    kpi: str | None = None


def typos(problems: Iterable[Problem]) -> list[Typo]:
    """Return the typos among problems, each place once."""
    found: dict[tuple[str, int, int], Typo] = {}
    for problem in problems:
        place, word = problem.place, _word(problem)
        if problem.code not in _CODES or place is None or place.text is None or word is None:
            continue
        meant = only_near(word, cast("Sequence[str]", problem.values.get("suggestion") or ()))
        if meant is not None:
            typo = Typo(problem.code, place, word, meant, problem.kpi)
            found.setdefault((place.file, place.line, place.column), typo)
    return list(found.values())


def spelled_right(text: str, wrong: Iterable[Typo]) -> str | None:
    """Return a file's text with its typos put right; None where a word does not stand at its place."""
    file = PlanFile.of("", text)
    for typo in sorted(wrong, key=lambda one: (one.place.line, one.place.column), reverse=True):
        start = file.line_starts[typo.place.line - 1] + typo.place.column - 1
        end = min(start + typo.place.length + len(typo.word) + 1, file.line_of(start)[2])
        whole = re.compile(rf"(?<!\w){re.escape(typo.word)}(?!\w)")
        found = whole.search(text, start, end)
        if found is None:
            return None
        text = text[: found.start()] + typo.meant + text[found.end() :]  # those behind it are right already
    return text


def only_near(word: str, candidates: Sequence[str]) -> str | None:
    """Return the one candidate of which the word is a misspelling; None where it may be none, or several are.

    The words of a name (between underscores) are looked at one by one: one may be misspelt, and it has four
    letters or more in both. Digits are never wrong: ``orders_2025`` is not ``orders_2026``.
    """
    near = [other for other in candidates if _is_misspelt(word, other)]
    return near[0] if len(near) == 1 else None


def _word(problem: Problem) -> str | None:
    values: Mapping[str, object] = problem.values
    order = ("value", "name", "key") if problem.code == "unknown_choice" else _WRITTEN_AS
    said = next((values[name] for name in order if name in values), None)
    return said if isinstance(said, str) and said else None


def _is_misspelt(word: str, other: str) -> bool:
    ours, theirs = word.split("_"), other.split("_")
    if len(ours) != len(theirs):
        whole = word.replace("_", ""), other.replace("_", "")
        return whole[0] == whole[1] and len(whole[0]) >= _SHORTEST
    differing = [(one, two) for one, two in zip(ours, theirs, strict=True) if one != two]
    if len(differing) != 1:
        return False
    one, two = differing[0]
    least = _SHORTEST if len(one) == len(two) else _SHORTEST - 1  # `rat` for `rate`
    if min(len(one), len(two)) < least or re.sub(r"\D", "", one) != re.sub(r"\D", "", two):
        return False
    return _distance(one, two) <= (2 if min(len(one), len(two)) >= _LONG else 1)


def _distance(one: str, two: str) -> int:
    """Count the letters to put in, take out, change or swap with the next (optimal string alignment)."""
    before, last = [0] * (len(two) + 1), list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(two, 1):
            steps = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and (a, b) == (two[j - 2], one[i - 2]):
                steps = min(steps, before[j - 2] + 1)
            row.append(steps)
        before, last = last, row
    return last[-1]
