"""The audit on a terminal: a line of five letters for each KPI, what was found, the balance."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from kurs.audit.rule import LETTERS, Finding, Letter, Mark
from kurs.model.kpi import Nature
from kurs.model.strategy import Stage
from kurs.report.as_json import coverage
from kurs.report.audit_words import found_words
from kurs.report.labels import kpi_label
from kurs.report.layout import Column, table
from kurs.report.snippets import pastes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from kurs.audit.audit import Audit, KpiAudit
    from kurs.model.project import Project
    from kurs.project import Marks
    from kurs.project.entry import Entry
    from kurs.words import Language

# A sign and a colour for each mark; what it means stands below the table.
SIGNS = {
    Mark.PASS: ("✓", "green"),
    Mark.WARN: ("▲", "yellow"),
    Mark.UNKNOWN: ("?", "magenta"),
    Mark.FAIL: ("✗", "bold red"),
}
_WORST_FIRST = {pair: place for place, pair in enumerate(product(Mark, LETTERS))}
_INDENT = (0, 0, 0, 2)
_DEEP = (0, 0, 0, 4)
_MOST_LINES, _MOST_PLACES = 4, 2  # all of them stand in the JSON, and on the page
_LONGEST_LINE = 72  # of a whole block on one line
_ALL = "kurs check --format json"


def audit_table(
    audit: Audit, project: Project, marks: Marks, language: Language, width: int
) -> RenderableType:
    """Lay out the audit of a plan: each KPI, then what was found, then the balance over the journey."""
    letters = [Column(language.term(f"audit.{letter}")) for letter in LETTERS]
    columns = (
        Column(language.term("column.kpi"), least=24),
        *letters,
        Column(language.term("column.score"), "right"),
    )
    rows = [_row(one, project, language) for one in audit.kpis]
    parts: list[RenderableType] = [table(columns, rows, width), _legend(language)]
    for said in sentences(audit, project, language):
        parts += [Text(), *_said(said, audit, language), *_to_write(said.entries, marks, language)]
    parts += [Text(), _balance(project, language)]
    for found in audit.of_set:
        parts.append(Padding(_finding(found, project, language), _INDENT))
        parts += _to_write(found.entries, marks, language)
    return Group(*parts)


def _row(one: KpiAudit, project: Project, language: Language) -> tuple[Text, ...]:
    marks = (SIGNS[one.mark(letter)] for letter in LETTERS)
    score = Text(language.percent(one.score, 0), "bold")
    return (Text(kpi_label(project, one.kpi, language)), *(Text(*sign) for sign in marks), score)


def _legend(language: Language) -> Text:
    meant = (f"{SIGNS[mark][0]} {language.term(f'audit.{mark}')}" for mark in reversed(Mark))
    return Text("   ".join(meant), "dim")


@dataclass(slots=True)
class Said:
    """A sentence of the audit: the letters that it decides, the KPIs of which it is said, what to write."""

    mark: Mark
    message: str
    hint: str
    letters: list[Letter] = field(default_factory=list[Letter])
    about: list[str] = field(default_factory=list[str])
    entries: list[Entry] = field(default_factory=list["Entry"])


def sentences(audit: Audit, project: Project, language: Language) -> list[Said]:
    """Return each thing that is said once, the worst first: of many KPIs, of two letters."""
    said: dict[tuple[Mark, str, str], Said] = {}
    pairs = [(one.kpi, found) for one in audit.kpis for found in one.findings]
    for kpi, found in sorted(pairs, key=lambda pair: _WORST_FIRST[pair[1].mark, pair[1].letter]):
        words = found_words(found, project, language, kpi)
        sentence = said.setdefault((found.mark, *words), Said(found.mark, *words))
        label = kpi_label(project, kpi, language)
        sentence.letters += [found.letter] if found.letter not in sentence.letters else []
        sentence.about += [label] if label not in sentence.about else []
        sentence.entries += [entry for entry in found.entries if entry not in sentence.entries]
    return list(said.values())


def letter_names(said: Said, language: Language) -> str:
    """Name the letters that a sentence is about."""
    return language.listed([language.term(f"audit.{letter}") for letter in said.letters])


def kpi_names(said: Said, audit: Audit, language: Language) -> str:
    """Name the KPIs that a sentence is about."""
    is_everybody = len(said.about) == len(audit.kpis) > 1
    return language.say("All KPIs") if is_everybody else language.listed(said.about)


def _said(said: Said, audit: Audit, language: Language) -> Iterator[RenderableType]:
    letters, who = letter_names(said, language), kpi_names(said, audit, language)
    yield Text.assemble(SIGNS[said.mark], " ", (letters, "bold"), (f"  {who}", "cyan"))
    yield Padding(Text.assemble(said.message, (f"  {said.hint}" if said.hint else "", "dim")), _INDENT)


def _to_write(entries: Sequence[Entry], marks: Marks, language: Language) -> Iterator[RenderableType]:
    """Show what is to be written once, with the places where it goes."""
    places: dict[str, list[str]] = {}
    for one in pastes(entries, marks, language):
        at = f"{one.file}:{one.line} {'.'.join(map(str, one.below))}" if one.file is not None else ""
        line = one.inline if len(one.inline) <= _LONGEST_LINE else "\n".join(one.lines)
        places.setdefault(line, []).append(at)
    for line, where in list(places.items())[:_MOST_LINES]:
        shown = [at for at in where if at][:_MOST_PLACES]
        more = len(where) - len(shown)
        others = [language.say_plural("{n} more", "{n} more", more)] if shown and more else []
        behind = f"  ← {', '.join([*shown, *others])}" if shown else ""
        yield Padding(Text.assemble((line, "green"), (behind, "dim")), _DEEP)
    if len(places) > _MOST_LINES:
        left = len(places) - _MOST_LINES
        more = language.say_plural(
            "{n} more line with: {command}", "{n} more lines with: {command}", left, command=_ALL
        )
        yield Padding(Text(more, "dim"), _DEEP)


def _balance(project: Project, language: Language) -> Text:
    """Count the KPIs at each stage of the journey, and those that tell early and late."""
    counts = coverage(project)

    def counted(kind: str, names: type[Stage] | type[Nature]) -> str:
        pairs = ((language.term(f"{kind}.{name}"), counts[str(name)]) for name in names)
        return "   ".join(f"{label} {language.number(count)}" for label, count in pairs)

    head = (language.term("audit.set"), "bold")
    return Text.assemble(head, "  ", counted("stage", Stage), (" · ", "dim"), counted("nature", Nature))


def _finding(found: Finding, project: Project, language: Language) -> Text:
    message, hint = found_words(found, project, language)
    return Text.assemble(SIGNS[found.mark], " ", message, (f"  {hint}" if hint else "", "dim"))
