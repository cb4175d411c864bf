"""Fix a plan: write what takes no judgement into its files, and keep only what makes nothing worse.

What is safe is told by the mends themselves: an entry without a doubt. Every try is judged by the check of
the whole plan, so that a fix that would bring another fault with it is left to people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import unified_diff
from itertools import groupby
from typing import TYPE_CHECKING, cast

from kurs.problems import Problem, Severity
from kurs.project.nodes import PlanFile
from kurs.workflows.typos import spelled_right, typos

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from kurs.project.entry import Entry
    from kurs.workflows.check import Checked
    from kurs.workflows.typos import Typo

    Fault = tuple[str, ...]

_LINE = re.compile(r":\d+$")  # of `kpis.yaml:7`
_TORN = ("unquoted_sql", "unquoted_text")
_MOST_ROUNDS = 8  # one mended fault may bring another to light


@dataclass(frozen=True, slots=True)
class Fix:
    """What is written together, or not at all.

    The entries of one noun of the plan, or a ``typo`` put right, or the text of a file whose expressions YAML
    tore apart, ``quoted`` as they were meant.
    """

    code: str
    kpi: str | None
    entries: tuple[Entry, ...] = ()
    typo: Typo | None = None
    quoted: tuple[str, str] | None = None

    @property
    def says(self) -> str:
        """The fix on one line: ``kpis.orders: review: weekly``."""
        if self.quoted is not None:
            return f'{self.quoted[0]}: ""'
        if self.typo is not None:
            return f"{self.typo.word} -> {self.typo.meant}"
        above = ".".join(map(str, self.entries[0].path[:-1]))
        return f"{above}: " + ", ".join(f"{entry.path[-1]}: {entry.value}" for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Fixed:
    """What became of the files: ``texts`` before and after, what was ``done``, what was ``refused`` and why.

    ``before`` is the plan as it was, ``checked`` with what was done.
    """

    texts: Mapping[str, tuple[str, str]]
    done: tuple[Fix, ...]
    refused: tuple[Problem, ...]
    before: Checked
    checked: Checked
    is_written: bool

    @property
    def stands(self) -> Checked:
        """The plan as it stands in its files now."""
        return self.checked if self.is_written else self.before

    @property
    def diff(self) -> str:
        """The changes as people read them, and as ``patch`` does."""
        return "".join(
            _closed(line)
            for name, (before, after) in self.texts.items()
            for line in unified_diff(
                PlanFile.of(name, before).lines, PlanFile.of(name, after).lines, name, name
            )
        )


def fix(folder: Path, as_of: date | None, *, write: bool) -> Fixed:
    """Fix the plan in ``folder``; without ``write`` only say what would be done.

    Raises ProjectError when there is no plan, UsageError when a file cannot be replaced, SourceError and
    EngineError when data cannot be read.
    """
    from kurs.workflows.rewrite import rewrite

    bench = _Bench(folder, as_of)
    before = bench.checked
    bench.work()
    changed = {name: pair for name, pair in bench.pairs() if pair[0] != pair[1]}
    if write:
        rewrite(folder, changed)
    return Fixed(changed, tuple(bench.done), tuple(bench.refused), before, bench.checked, write)


@dataclass(frozen=True, slots=True)
class _Trial:
    """The plan with some fixes, read and checked; nothing is kept of it yet."""

    texts: dict[str, str]
    fixes: list[Fix]
    checked: Checked


@dataclass(slots=True)
class _Bench:
    """The plan on which is worked: the texts so far, and what the check says of them."""

    folder: Path
    as_of: date | None
    texts: dict[str, str] = field(default_factory=dict[str, str])
    done: list[Fix] = field(default_factory=list[Fix])
    refused: list[Problem] = field(default_factory=list[Problem])
    checked: Checked = field(init=False)

    def __post_init__(self) -> None:
        self.checked = self._check({})

    def pairs(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """Yield each file that was touched with what it says on disk and what it would say."""
        from kurs.project import plan_files

        for file in plan_files(self.folder)[0]:
            if file.name in self.texts:
                yield file.name, (file.original, self.texts[file.name])

    def work(self) -> None:
        """Do what is safe, until nothing is left of it."""
        tried: set[Fix] = set()
        for _ in range(_MOST_ROUNDS):
            fixes = [one for one in safe_fixes(self.checked) if one not in tried]
            torn = [one for one in fixes if one.quoted is not None]
            wrong = [one for one in fixes if one.typo is not None]
            fixes = torn or wrong or fixes  # the places of what comes later go by the lines
            if not fixes:
                return
            tried.update(fixes)
            self._try(fixes)

    def _try(self, fixes: Sequence[Fix]) -> None:
        """Write the fixes, all at once; where they bring a fault, halves of them."""
        texts, unplaced = self._written(fixes)
        if unplaced:
            self.refused += [_not_placed(one) for one in unplaced]
            fixes = [one for one in fixes if one not in unplaced]
            texts, _ = self._written(fixes)
        if not fixes:
            return
        texts = {**self.texts, **texts}
        trial = _Trial(texts, list(fixes), self._check(texts))
        while more := self._brought_to_light(trial):
            spelled, _ = self._spelled(more, trial.texts)
            if not spelled:
                break
            texts = {**trial.texts, **spelled}
            trial = _Trial(texts, [*trial.fixes, *more], self._check(texts))
        brought = worse(self.checked, trial.checked)
        if not brought:
            self.texts, self.checked = trial.texts, trial.checked
            self.done += trial.fixes
        elif len(fixes) == 1:
            self.refused.append(_brings(fixes[0], brought))
        else:
            half = len(fixes) // 2
            self._try(fixes[:half])
            self._try(fixes[half:])

    def _brought_to_light(self, trial: _Trial) -> list[Fix]:
        """Return typos that a fix shows: a name below a key that was misspelt itself."""
        if not worse(self.checked, trial.checked):
            return []
        known = {(one.code, one.word) for one in typos(self.checked.problems)}
        found = (one for one in typos(trial.checked.problems) if (one.code, one.word) not in known)
        fixes = (Fix(one.code, one.kpi, typo=one) for one in found)
        return [one for one in fixes if one not in trial.fixes]

    def _check(self, texts: Mapping[str, str]) -> Checked:
        from kurs.project import read
        from kurs.workflows.check import check_draft

        return check_draft(read(self.folder, texts), self.as_of)

    def _written(self, fixes: Sequence[Fix]) -> tuple[Mapping[str, str], list[Fix]]:
        """Return the new texts of files, and the fixes for which there is no place."""
        from kurs.project.insert import insert

        torn = dict(one.quoted for one in fixes if one.quoted is not None)
        wrong = [one for one in fixes if one.typo is not None]
        if torn:
            return torn, []
        if wrong:
            return self._spelled(wrong, self.texts)
        entries = [entry for one in fixes for entry in one.entries]
        written = insert(self.checked.marks, entries, str)  # of no doubt is there anything to say
        left = set(written.left)
        return written.texts, [one for one in fixes if left.intersection(one.entries)]

    def _spelled(self, wrong: Sequence[Fix], texts: Mapping[str, str]) -> tuple[Mapping[str, str], list[Fix]]:
        from kurs.project import plan_files

        right: dict[str, str] = {}
        unplaced: list[Fix] = []
        for file in plan_files(self.folder, texts)[0]:
            own = [one for one in wrong if one.typo is not None and one.typo.place.file == file.name]
            text = spelled_right(file.original, [one.typo for one in own if one.typo is not None])
            if text is None:
                unplaced += own
            elif own:
                right[file.name] = text
        return right, unplaced


def safe_fixes(checked: Checked) -> list[Fix]:
    """Return what may be written without asking anybody: what no mend is in doubt of."""
    found = list(_quotes(checked))
    found += [Fix(one.code, one.kpi, typo=one) for one in typos(checked.problems)]
    found += _directions(checked.problems)
    if checked.audit is None:
        return found
    for one in checked.audit.kpis:
        for fault in one.findings:
            found += _undoubted(fault.code, one.kpi.key, fault.entries)
    for fault in checked.audit.of_set:
        found += _undoubted(fault.code, None, fault.entries)
    return found


def _undoubted(code: str, kpi: str | None, entries: Iterable[Entry]) -> Iterator[Fix]:
    """Yield the entries of each noun of the plan of which none is in doubt."""
    for noun, of_noun in groupby(entries, key=lambda entry: entry.path[:2]):
        own = tuple(of_noun)
        if all(entry.doubt is None for entry in own):
            yield Fix(code, kpi or (str(noun[1]) if noun[0] == "kpis" else None), own)


def _quotes(checked: Checked) -> Iterator[Fix]:
    """Yield each file that could only be read with quotes put in, as the problems of it show them."""
    torn = {
        one.place.file: one.code for one in checked.problems if one.code in _TORN and one.place is not None
    }
    for name, code in torn.items():
        file = next((file for file in checked.marks.files if file.name == name), None)
        if file is not None and file.inserted:
            yield Fix(code, None, quoted=(name, file.text))


def _directions(problems: Iterable[Problem]) -> Iterator[Fix]:
    """Yield the direction of a metric that needs one, where it is a standard one, which has one direction."""
    from kurs.model.metric import Direction
    from kurs.project.entry import Entry
    from kurs.project.read_catalogue import catalogue

    wanting = {str(one.values["metric"]): one.kpi for one in problems if one.code == "no_direction"}
    known = {one.name: one.good for one in catalogue()} if wanting else {}
    for metric, kpi in wanting.items():
        good = known.get(metric, Direction.BAND)
        if good is not Direction.BAND:
            yield Fix("no_direction", kpi, (Entry(("metrics", metric, "good"), str(good)),))


def worse(before: Checked, after: Checked) -> set[Fault]:
    """Return what is wrong after a change and was not before.

    A plan with errors is judged by its errors alone: what they hid was there before, too.
    """
    least = Severity.ERROR if not before.passed else Severity.WARNING
    return _faults(after, least) - _faults(before, least)


def _faults(checked: Checked, least: Severity) -> set[Fault]:
    """Return what is wrong with a plan, each thing by a name that stays when lines move."""
    found: set[Fault] = set()
    for problem in checked.problems:
        if problem.severity is Severity.ERROR or problem.severity is least:
            said = (_LINE.sub("", str(value)) for name, value in problem.values.items() if name != "line")
            found.add((problem.code, problem.kpi or "", *said))
    if checked.audit is None or least is Severity.ERROR:
        return found
    found |= {(fault.code, one.kpi.key) for one in checked.audit.kpis for fault in one.findings}
    for fault in checked.audit.of_set:
        lists = (cast("list[object]", value) for value in fault.evidence.values() if isinstance(value, list))
        found |= {(fault.code, "", str(one)) for one in next(lists, [None])}
    return found


def _not_placed(one: Fix) -> Problem:
    place = one.typo.place if one.typo is not None else None
    return Problem("fix_not_placed", {"fix": one.says}, Severity.INFO, place, one.kpi)


def _brings(one: Fix, brought: Iterable[Fault]) -> Problem:
    codes = list(dict.fromkeys(fault[0] for fault in sorted(brought)))
    place = one.typo.place if one.typo is not None else None
    return Problem("fix_brings", {"fix": one.says, "codes": codes}, Severity.INFO, place, one.kpi)


def _closed(line: str) -> str:
    """Return a line of a diff with its end, and with the mark of one that has none."""
    if line.endswith("\r"):
        return line[:-1] + "\n"
    return line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"
