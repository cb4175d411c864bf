"""A KPI's card: what its reading says, worded for one reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.evaluate.reading import Band
from kurs.ledger.standing import Stage as ActionStage
from kurs.model.target import TargetKind
from kurs.report.amounts import pace_said
from kurs.report.as_json import sentence
from kurs.report.labels import action_says, kpi_label, owner_name, segment_label
from kurs.report.pages.bullet import Bullet, bullet, expected_on_the_way
from kurs.report.pages.tone import tone_of
from kurs.report.pages.trend import Trend, trend
from kurs.report.reason import reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kurs.evaluate.reading import Reading
    from kurs.explain.finding import Finding
    from kurs.ledger.standing import ActionState, Standing
    from kurs.words import Language

_LONGEST_FIGURE = 10  # characters of a value that is written in full at the size of a headline


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Task:
    """An open action: what is to be done, by whom, by when."""

    says: str
    owner: str
    due: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Card:
    """All that a card shows. ``figure`` is the value in short, ``exact`` in full; ``raw`` is the number.

    ``since`` is the day on which the status turned. ``reason`` says why there is no value or no verdict,
    else ``why`` the value moved. ``facts`` stand on the card, ``details`` behind it; ``caveats`` are what is
    unfair in a number.
    """

    key: str
    label: str
    segments: str
    status: str | None
    status_word: str
    tone: str
    since: str
    figure: str
    exact: str
    raw: float | None
    is_provisional: bool
    target: str
    bullet: Bullet | None
    bullet_says: str
    trend: Trend | None
    facts: tuple[Fact, ...]
    details: tuple[Fact, ...]
    reason: str
    why: str
    caveats: tuple[str, ...]
    owner: str
    tasks: tuple[Task, ...]


def card(reading: Reading, decided: Standing, language: Language, why: Finding | None = None) -> Card:
    """Word a reading, with what was decided about its KPI and why it moved."""
    project, kpi = decided.project, reading.kpi
    currency = project.settings.currency
    exact = language.quantity(reading.value, reading.unit, currency)
    segments = [segment_label(project, key, language) for key in reading.segments if key != kpi.segment]
    return Card(
        key=kpi.key,
        label=kpi_label(project, kpi, language),
        segments=language.listed(segments) if segments else "",
        status=str(reading.status) if reading.status is not None else None,
        status_word=language.term(f"status.{reading.status or 'none'}"),
        tone=tone_of(reading.status),
        since=_since(reading, language),
        figure=figure(reading.value, reading.unit, currency, language),
        exact=exact,
        raw=reading.value,
        is_provisional=reading.provisional and reading.value is not None,
        target=target_says(reading, language, currency),
        bullet=bullet(reading),
        bullet_says=_bullet_says(reading, language, currency),
        trend=trend(reading.recent),
        facts=tuple(_facts(reading, language, currency)),
        details=tuple(_details(reading, decided, language)),
        reason=sentence(reading.reason, language) if reading.reason is not None else "",
        why=reason(why, project, language) if why is not None and reading.reason is None else "",
        caveats=tuple(sentence(caveat, language) for caveat in reading.caveats),
        owner=owner_name(project, kpi.owner, language),
        tasks=tuple(
            _task(state, decided, language)
            for state in decided.actions(kpi)
            if state.stage is ActionStage.OPEN
        ),
    )


def figure(value: float | None, unit: str, currency: str | None, language: Language) -> str:
    """Write a value at the size of a headline: in full where it is short, else in thousands or millions."""
    full = language.quantity(value, unit, currency)
    if value is None or len(full) <= _LONGEST_FIGURE or unit not in ("number", "currency"):
        return full
    return language.compact(value, currency if unit == "currency" else None)


def target_says(reading: Reading, language: Language, currency: str | None) -> str:
    """Say what is to be reached or kept, and by when; nothing without a target."""
    target, asked = reading.target, reading.kpi.target_during(reading.period)
    if target is None or asked is None:
        return ""

    def amount(value: float) -> str:
        return figure(value, reading.unit, currency, language)

    day = language.day_month(reading.period.last)
    if isinstance(target, Band):
        return language.say("keep between {low} and {high}", low=amount(target.low), high=amount(target.high))
    match asked.kind:
        case TargetKind.KEEP_ABOVE:
            return language.say("keep above {target}", target=amount(target))
        case TargetKind.KEEP_BELOW:
            return language.say("keep below {target}", target=amount(target))
        case TargetKind.CHANGE:
            change = language.change(asked.value)
            return language.say(
                "target {target} ({change}) by {day}", target=amount(target), change=change, day=day
            )
        case _:
            return language.say("target {target} by {day}", target=amount(target), day=day)


def gap_says(reading: Reading, language: Language, currency: str | None) -> str:
    """Write the distance to the target, with its sign."""
    if reading.gap is None:
        return ""
    if isinstance(reading.target, Band) and not reading.gap:
        return language.term("gap.inside")
    full = language.difference(reading.gap, reading.unit, currency)
    if len(full) <= _LONGEST_FIGURE or reading.unit not in ("number", "currency"):
        return full
    short = language.compact(abs(reading.gap), currency if reading.unit == "currency" else None)
    return f"{language.sign(reading.gap)}{short}"


def _since(reading: Reading, language: Language) -> str:
    """Name the day on which the status turned; nothing where it was never another in the period."""
    turn = reading.turn
    return language.day_month(turn.since) if turn is not None and turn.previous and turn.since else ""


def _bullet_says(reading: Reading, language: Language, currency: str | None) -> str:
    """Say in words what the bar shows."""
    if reading.value is None:
        return ""
    parts = [language.quantity(reading.value, reading.unit, currency)]
    if (by_now := expected_on_the_way(reading)) is not None:
        expected = language.quantity(by_now, reading.unit, currency)
        parts.append(language.say("expected by now {expected}", expected=expected))
    if target := target_says(reading, language, currency):
        parts.append(target)
    return "; ".join(parts)


def _facts(reading: Reading, language: Language, currency: str | None) -> Iterator[Fact]:
    if (by_now := expected_on_the_way(reading)) is not None:
        expected = figure(by_now, reading.unit, currency, language)
        yield Fact(language.term("column.expected"), expected)
    if gap := gap_says(reading, language, currency):
        yield Fact(language.term("column.gap"), gap)


def _details(reading: Reading, decided: Standing, language: Language) -> Iterator[Fact]:
    """Say what stands behind the number: its parts, what it is compared with, its days, who signed it."""
    kpi, project = reading.kpi, decided.project
    if reading.numerator is not None and reading.denominator is not None:
        parts = f"{language.number(reading.numerator)} / {language.number(reading.denominator)}"
        yield Fact(language.say("Numerator / denominator"), parts)
    if reading.pace is not None:
        yield Fact(language.term("column.pace"), pace_said(reading.pace, language))
    if reading.baseline is not None:
        compared = kpi.baseline.comparison if kpi.baseline is not None else None
        name = language.say("Baseline")
        if compared is not None:
            name = f"{name}: {language.term(f'comparison.{compared.against}')}"
        amount = language.quantity(reading.baseline, reading.unit, project.settings.currency)
        yield Fact(name, amount)
    if reading.good is not None:
        yield Fact(language.say("Favourable"), language.term(f"good.{reading.good}"))
    yield Fact(language.say("Period"), language.days_range(reading.period.first, reading.period.last))
    if reading.data_to is not None:
        yield Fact(language.say("Data to"), language.date(reading.data_to))
    if kpi.approver is not None:
        approval = decided.approval(kpi)
        said = language.term(f"approval.{approval.state}")
        if approval.entry is not None:
            said = f"{said}, {language.date(approval.entry.decision.day)}"
        yield Fact(language.say("Approval"), said)


def _task(state: ActionState, decided: Standing, language: Language) -> Task:
    project = decided.project
    return Task(
        says=action_says(project, state.action, language),
        owner=owner_name(project, state.owner, language),
        due=language.day_month(state.due) if state.due is not None else "",
        is_overdue=state.is_overdue(decided.day),
    )
