"""Which calendar and language the days of a file have, and what each column of days becomes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.model.written_days import UNIX, CalendarKind
from kurs.problems import Problem, Severity
from kurs.sources.look_dates import LOCALES, YEARS_FROM, read_as
from kurs.sources.look_seen import Ask, Doubt, ReadAs, SeenColumn, decide
from kurs.sources.look_values import samples_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

    from kurs.sources.look_dates import DateForm
    from kurs.sources.look_values import Facts


@dataclass(frozen=True, slots=True)
class DaysChosen:
    """What a profile says once for all columns of days."""

    calendar: CalendarKind = CalendarKind.GREGORIAN
    locale: str = "en"
    years_from: int = YEARS_FROM

    def fits(self, form: DateForm) -> bool:
        """Say whether a form means the same by this choice; ISO and counts since 1970 always do."""
        if form.form is None or form.form in UNIX:
            return True
        return form.days.calendar is self.calendar and (not form.locales or self.locale in form.locales)


def choose_days(found: Iterable[Facts]) -> DaysChosen:
    """Choose the calendar and the language that most columns of days have."""
    forms = [one.dates[0] for one in found if one.dates]
    forms = [form for form in forms if form.form is not None and form.form not in UNIX]
    calendars = Counter(form.days.calendar for form in forms)
    calendar = max(calendars, key=lambda one: calendars[one], default=CalendarKind.GREGORIAN)
    spoken = Counter(locale for form in forms if form.days.calendar is calendar for locale in form.locales)
    locale = max(spoken, key=lambda one: (spoken[one], -LOCALES.index(one)), default="en")
    return DaysChosen(calendar, locale)


def dated(
    connection: DuckDBPyConnection,
    file: str,
    rows: str,
    found: Facts,
    seen: SeenColumn,
    chosen: DaysChosen,
    ask: Ask,
) -> SeenColumn:
    """Type a column of days or moments; ask where their parts may stand in another order."""
    forms = {form.name: form for form in found.dates if chosen.fits(form)}
    samples = samples_of(connection, rows, found.column)
    if not forms:
        values = {"column": found.header, "samples": " | ".join(found.samples)}
        return replace(seen, findings=(Problem("look_other_days", values, Severity.WARNING),))
    first = next(iter(forms.values()))
    decided = None
    if first.form == "%Y%m%d" and not found.is_dated and len(samples) < 2:
        readings = (ReadAs("number", samples), ReadAs(first.name, read_as(connection, samples, first)))
        decided = decide(Doubt("doubt_digits", file, found.header, samples, readings), ask)
        if decided.taken == "number":
            return replace(seen, type="text" if found.is_id else "int", decided=(decided,))
    elif len(forms) > 1:
        options = tuple(ReadAs(name, read_as(connection, samples, form)) for name, form in forms.items())
        decided = decide(Doubt("doubt_dates", file, found.header, samples, options), ask)
        first = forms[decided.taken]
    said = () if decided is None else (decided,)
    return replace(seen, type=str(first.type), date_format=first.form, decided=said)
