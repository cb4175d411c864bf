"""Which calendar and language the days of a file have, and what each column of days becomes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.model.source import Digits
from kurs.model.written_days import UNIX, CalendarKind
from kurs.problems import Problem, Severity
from kurs.sources.look_dates import JALALI_YEARS_FROM, LOCALES, YEARS_FROM, read_as
from kurs.sources.look_seen import Ask, Decided, Doubt, ReadAs, SeenColumn, decide
from kurs.sources.look_values import samples_of

if TYPE_CHECKING:
    from collections.abc import Collection

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


def choose_days(
    connection: DuckDBPyConnection, file: str, rows: str, found: Collection[Facts], ask: Ask
) -> tuple[DaysChosen, tuple[Decided, ...]]:
    """Choose the calendar and the language that most columns of days have.

    Where years of two digits may be of both calendars in all of them, somebody is asked.
    """
    dated = [one for one in found if one.dates and one.dates[0].form not in (None, *UNIX)]
    certain = [one for one in dated if len({form.is_jalali for form in one.dates}) == 1]
    decided: tuple[Decided, ...] = ()
    if dated and not certain:
        decided = (_asked_calendar(connection, file, rows, dated[0], ask),)
        calendar = CalendarKind(decided[0].taken)
    else:
        calendars = Counter(one.dates[0].days.calendar for one in certain)
        calendar = max(calendars, key=lambda one: calendars[one], default=CalendarKind.GREGORIAN)
    fitting = [form for one in dated for form in one.dates[:1] if form.days.calendar is calendar]
    spoken = Counter(locale for form in fitting for locale in form.locales)
    locale = max(spoken, key=lambda one: (spoken[one], -LOCALES.index(one)), default="en")
    years = JALALI_YEARS_FROM if calendar is CalendarKind.JALALI else YEARS_FROM
    return DaysChosen(calendar, locale, years), decided


def _asked_calendar(connection: DuckDBPyConnection, file: str, rows: str, found: Facts, ask: Ask) -> Decided:
    """Ask which calendar years of two digits are of; that of Persian digits or headers comes first."""
    samples = samples_of(connection, rows, found.column)
    forms = {form.days.calendar: form for form in reversed(found.dates)}
    readings = [ReadAs(kind.value, read_as(connection, samples, form)) for kind, form in forms.items()]
    persian = found.digits is not Digits.LATIN or re.search(r"[\u0600-\u06ff]", found.header) is not None
    # Days near today are likelier than those of twenty years ago.
    readings.sort(key=lambda one: (persian and one.name != CalendarKind.JALALI, _negative(max(one.values))))
    return decide(Doubt("doubt_calendar", file, found.header, samples, tuple(readings)), ask)


def _negative(day: str) -> int:
    """Return a number by which later days come first."""
    return -int(re.sub(r"\D", "", day[:10]))


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
    unsure = first.form == "%Y%m%d" and not found.is_dated and len(samples) < 2
    if unsure or first.form == "%y%m%d":
        readings = (ReadAs("number", samples), ReadAs(first.name, read_as(connection, samples, first)))
        readings = readings if unsure else readings[::-1]
        decided = decide(Doubt("doubt_digits", file, found.header, samples, readings), ask)
        if decided.taken == "number":
            return replace(seen, type="text" if found.is_id else "int", decided=(decided,))
    elif len(forms) > 1:
        options = tuple(ReadAs(name, read_as(connection, samples, form)) for name, form in forms.items())
        decided = decide(Doubt("doubt_dates", file, found.header, samples, options), ask)
        first = forms[decided.taken]
    said = () if decided is None else (decided,)
    return replace(seen, type=str(first.type), date_format=first.form, decided=said)
