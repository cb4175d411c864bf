"""A management report in words: every text and number once, for a page and for paper alike."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.audit.rule import LETTERS
from kurs.evaluate.reading import Status
from kurs.ledger.standing import Stage as ActionStage
from kurs.report.audit_table import kpi_names, letter_names
from kurs.report.audit_table import sentences as audit_sentences
from kurs.report.audit_words import found_words
from kurs.report.charts.effects import parts_bars, waterfall
from kurs.report.charts.trajectory import trajectory_chart
from kurs.report.effects import effect_said
from kurs.report.explain_sentence import sentence as explanation
from kurs.report.labels import (
    action_says,
    bucket_label,
    event_label,
    kpi_label,
    owner_name,
    shown,
    text,
)
from kurs.report.pages.card import card
from kurs.report.pages.headline import headline
from kurs.report.pages.overview import steps
from kurs.report.pages.smart import AS_STATUS
from kurs.report.status_table import remarks, turn_said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kurs.evaluate.data_state import SourceData
    from kurs.explain.finding import Finding
    from kurs.ledger.standing import ActionState
    from kurs.report.charts.chart import Chart
    from kurs.report.charts.theme import Theme
    from kurs.report.management.review import Review
    from kurs.report.pages.card import Card
    from kurs.report.pages.overview import Step
    from kurs.words import Language

FINDINGS = 8  # of the audit that are told
WIDTH, WIDTH_OF_EFFECTS = 420, 290  # half a page each, with letters that can be read there


@dataclass(frozen=True, slots=True)
class Count:
    """How many KPIs have a status."""

    status: str | None
    word: str
    number: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to be known, and of what."""

    who: str
    says: str


@dataclass(frozen=True, slots=True)
class Story:
    """One KPI that matters most now: its card, what moved it, and the pictures of both."""

    card: Card
    says: str
    charts: tuple[Chart, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """One action: for which KPI, who does it, how it stands and what came of it. ``tone`` is its colour.

    ``effect`` is what was measured, ``remark`` what a person wrote of it.
    """

    kpi: str
    says: str
    owner: str
    state: str
    tone: str
    due: str
    effect: str
    remark: str


@dataclass(frozen=True, slots=True)
class Judged:
    """How good a KPI is: of each letter of SMART the look of its mark and the word, and the score."""

    kpi: str
    marks: tuple[tuple[str, str], ...]
    score: str


@dataclass(frozen=True, slots=True)
class Origin:
    """One source: how far its data reach."""

    name: str
    to: str
    late: str
    missing: str
    provisional: str


@dataclass(frozen=True, slots=True)
class Content:
    """The whole report in the reader's words; ``steps`` are the KPIs by the journey and their goals."""

    tag: str
    direction: str
    name: str
    period: str
    known: str
    headline: str
    strategies: tuple[str, ...]
    counts: tuple[Count, ...]
    steps: tuple[Step, ...]
    turned: tuple[Remark, ...]
    stories: tuple[Story, ...]
    work: tuple[Work, ...]
    judged: tuple[Judged, ...]
    found: tuple[Remark, ...]
    notes: tuple[Remark, ...]
    origins: tuple[Origin, ...]


def content(review: Review, language: Language, theme: Theme) -> Content:
    """Word a review; its charts are in the colours of ``theme``."""
    writer = _Writer(review, language, theme)
    project = review.project
    return Content(
        tag=language.tag,
        direction=language.direction,
        name=shown(project.settings.name),
        period=writer.period(),
        known=writer.known(),
        headline=headline(review.readings, project, language),
        strategies=tuple(text(one.says, language) for one in project.strategy.values()),
        counts=tuple(writer.counts()),
        steps=steps(review.readings, review.decided, language, review.reasons, top=len(review.readings)),
        turned=tuple(writer.turned()),
        stories=tuple(writer.stories()),
        work=tuple(writer.work()),
        judged=tuple(writer.judged()),
        found=tuple(writer.found()),
        notes=tuple(writer.notes()),
        origins=tuple(writer.origin(one) for one in review.data.sources if one.in_plan),
    )


class _Writer:
    """Words the parts of one review."""

    def __init__(self, review: Review, language: Language, theme: Theme) -> None:
        self.review = review
        self.project = review.project
        self.language = language
        self.theme = theme

    def period(self) -> str:
        span, said = self.review.span, self.language
        if span is None:
            return said.say("The present periods")
        days = said.days_range(span.days.first, span.days.last)
        if span.event is not None:
            return f"{event_label(self.project, span.event, said)}, {days}"
        if span.grain is not None:
            name = bucket_label(self.project, span.days.first, span.grain, said)
            return f"{name[:1].upper()}{name[1:]}"
        return days

    def known(self) -> str:
        ends = sorted({one.data_to for one in self.review.readings if one.data_to is not None})
        said = [self.language.say("as of {day}", day=self.review.as_of)]
        if ends:
            said.append(self.language.say("data to {day}", day=ends[-1]))
        if any(one.provisional for one in self.review.readings):
            said.append(self.language.say("* provisional"))
        return " · ".join(said)

    def counts(self) -> Iterator[Count]:
        found = Counter(reading.status for reading in self.review.readings)
        for status in (*Status, None):
            if found[status]:
                word = self.language.term(f"status.{status or 'none'}")
                name = str(status) if status is not None else None
                yield Count(name, word, self.language.number(found[status]))

    def turned(self) -> Iterator[Remark]:
        """Say which KPIs turned within the period of the report, else within their own."""
        first = self.review.span.days.first if self.review.span is not None else None
        for reading in self.review.readings:
            turn = reading.turn
            if turn is None or turn.until is None or (first is not None and turn.until < first):
                continue
            yield Remark(kpi_label(self.project, reading.kpi, self.language), turn_said(turn, self.language))

    def stories(self) -> Iterator[Story]:
        for way in self.review.ways:
            why = self.review.reasons.get(way.reading.kpi.key)
            charts = [trajectory_chart(way, self.project, self.language, self.theme, WIDTH)]
            if why is not None and why.parts:
                charts += self._effects(why)
            yield Story(
                card=card(way.reading, self.review.decided, self.language, why),
                says=explanation(why, self.project, self.language) if why is not None else "",
                charts=tuple(charts),
            )

    def _effects(self, why: Finding) -> Iterator[Chart]:
        """Draw the way from the value before to the value now; of a ratio also mix and rate side by side."""
        draw = (waterfall, parts_bars) if why.denominator is not None else (waterfall,)
        return (one(why, self.project, self.language, self.theme, WIDTH_OF_EFFECTS) for one in draw)

    def work(self) -> Iterator[Work]:
        """List what is being done, what was done, and what the plan has for a KPI that is not well."""
        shown_kpis = {reading.kpi.key: reading for reading in self.review.readings}
        for key, reading in shown_kpis.items():
            for state in self.review.decided.actions(reading.kpi):
                if state.stage is not ActionStage.PLANNED or any(
                    way.reading.kpi.key == key for way in self.review.ways
                ):
                    yield self._work(state)

    def _work(self, state: ActionState) -> Work:
        said, kpi = self.language, self.project.kpis[state.kpi]
        overdue = state.is_overdue(self.review.as_of)
        tones = {ActionStage.DONE: "good", ActionStage.OPEN: "bad" if overdue else "warn"}
        return Work(
            kpi=kpi_label(self.project, kpi, said),
            says=action_says(self.project, state.action, said),
            owner=owner_name(self.project, state.owner, said),
            state=said.term("action.overdue" if overdue else f"action.{state.stage}"),
            tone=tones.get(state.stage, "none"),
            due=said.date(state.due) if state.due is not None else "",
            effect=self._measured(state),
            remark=shown(state.effect or ""),
        )

    def _measured(self, state: ActionState) -> str:
        """Say what came with an action that is done; nothing of the others."""
        for of, effect in self.review.effects:
            if (of.kpi, of.action) == (state.kpi, state.action):
                return effect_said(effect, self.project.kpis[state.kpi], self.project, self.language)
        return ""

    def judged(self) -> Iterator[Judged]:
        """Say of each KPI how good a one it is."""
        for one in self.review.audit.kpis:
            found = [one.mark(letter) for letter in LETTERS]
            marks = tuple((AS_STATUS[mark], self.language.term(f"audit.{mark}")) for mark in found)
            score = self.language.percent(one.score, 0)
            yield Judged(kpi_label(self.project, one.kpi, self.language), marks, score)

    def found(self) -> Iterator[Remark]:
        """Say what the audit found, the worst first: the set, then as much as a meeting can talk about."""
        audit, said = self.review.audit, self.language
        for one in audit.of_set:
            yield Remark(said.term("audit.set"), found_words(one, self.project, said)[0])
        sentences = audit_sentences(audit, self.project, said)
        for sentence in sentences[:FINDINGS]:
            who = f"{letter_names(sentence, said)} · {kpi_names(sentence, audit, said)}"
            yield Remark(who, sentence.message)
        if (more := len(sentences) - FINDINGS) > 0:
            yield Remark("", said.say_plural("{n} more: kurs check", "{n} more: kurs check", more))

    def notes(self) -> Iterator[Remark]:
        for says, names in remarks(self.review.readings, self.project, self.language).items():
            yield Remark(self.language.listed(list(dict.fromkeys(names))), says)

    def origin(self, source: SourceData) -> Origin:
        said = self.language
        account = f" ({shown(source.account)})" if source.account else ""
        missing = sum(len(days) for days in source.gaps)
        return Origin(
            name=f"{source.source}{account}",
            to=said.date(source.covered[-1].last if source.covered else None)
            if source.last is not None
            else said.say("not loaded"),
            late=said.number(source.days_late) if source.days_late else "",
            missing=said.number(missing) if missing else "",
            provisional=said.date(source.provisional_from) if source.provisional_from is not None else "",
        )
