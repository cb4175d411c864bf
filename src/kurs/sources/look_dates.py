"""Which form the dates and moments of a column have: tried out with the loader's own readings."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING

from kurs.model.source import DataType
from kurs.model.table import ColumnType
from kurs.model.written_days import CalendarKind, WrittenDays
from kurs.sources.forms import Forms
from kurs.sources.numerals import latin_digits
from kurs.words.months import months, weekdays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

_DATE, _MOMENT, _INSTANT = (
    DataType(kind) for kind in (ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ)
)
_PLAIN_DAYS = WrittenDays()
_FEW = 200
_ORDERS = ("%d{}%m{}%Y", "%m{}%d{}%Y", "%Y{}%m{}%d", "%d{}%m{}%y", "%m{}%d{}%y", "%y{}%m{}%d")
_NAMED = (
    *("%d{}%b{}%Y", "%d{}%B{}%Y", "%d{}%b{}%y", "%d.{}%b{}%Y", "%d.{}%B{}%Y", "%d de %b de %Y"),
    *(
        "%b{}%d,{}%Y",
        "%B{}%d,{}%Y",
        "%a,{}%d{}%b{}%Y",
        "%a{}%d{}%b{}%Y",
        "%a,{}%b{}%d,{}%Y",
        "%b{}%Y",
        "%B{}%Y",
        "%b{}%y",
    ),
)
_MONTHS = ("%m{}%Y", "%Y{}%m")
_JALALI_SHORT = ("%y{}%m{}%d", "%d{}%m{}%y")
_WEEK_WORDS, _QUARTER_WORDS = ("w", "v", "v.", "kw", "kw ", "week ", "s", "t"), ("q", "k", "kv", "kw")
# A week by its number, or a quarter: 2026-W05, Q1 2026.
_PERIOD = re.compile(
    r"(?P<y1>\d{4})(?P<m1>[-/ ]?)(?P<w1>[^\W\d_]+\.? ?)\d{1,2}"
    r"|(?P<w2>[^\W\d_]+\.? ?)\d{1,2}(?P<m2>,? ?[-/]?)(?P<y2>\d{4})"
)
_LEAD = (
    r"(?i:week (?:of|starting|beginning|ending|commencing)|w/c|month of|vecka från|tydzień od|woche ab)[: ]+"
)
_TIMES = ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p", "%H.%M", "%H.%M.%S")
_ZONES = ("", "%z", " %z")
YEARS_FROM = 1969  # as DuckDB reads years of two digits
JALALI_YEARS_FROM = 1350
_AHEAD = timedelta(days=366)  # later days are none that somebody exports
# Languages of months in words; words that two of them share mean the same month.
LOCALES = ("en", "sv", "pl", "de", "fr", "es", "it", "nl", "nb", "da", "pt", "cs", "fa")
_NOT_OF_DAYS = frozenset({"am", "pm", "de", "t", "z", "utc"})
_MOST_WORDS = 80
_UNIX = re.compile(r"time|date|(?:^|_|\b)ts$|(?:_| )at$|created|updated|epoch", re.IGNORECASE)
_UNIX_FORMS = {"unix_s": "1[0-9]{9}", "unix_ms": "1[0-9]{12}", "unix_us": "1[0-9]{15}"}
_JALALI = r"(?:13|14)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?:\D.*)?|\d{1,2}[-/.]\d{1,2}[-/.](?:13|14)\d\d(?:\D.*)?"


@dataclass(frozen=True, slots=True)
class DateForm:
    """A type and the form by which the loader reads all values; None for ISO.

    ``locales`` are the languages whose words for months these are.
    """

    type: DataType
    form: str | None
    days: WrittenDays = _PLAIN_DAYS
    locales: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The form, as a person would answer with it."""
        return f"{self.form} jalali" if self.form and self.is_jalali else self.form or "ISO"

    @property
    def is_jalali(self) -> bool:
        """Say whether its calendar is the Solar Hijri one."""
        return self.days.calendar is CalendarKind.JALALI

    def sql(self, text: str) -> str:
        """Return SQL for the value of a trimmed text."""
        return Forms(date=self.form, timestamp=self.form, days=self.days).value(text, self.type)


def date_forms(connection: DuckDBPyConnection, values: str, shapes: Sequence[str]) -> tuple[DateForm, ...]:
    """Return every form that fits all values; ``values`` is SQL for a relation with one column ``v``.

    More than one form: the order of day and month is in doubt. The likeliest comes first: the one by
    which the days lie closest together.
    """
    if not shapes:
        return ()
    if lead := _lead(connection, values):
        rest = f"(SELECT substr(v, {len(lead) + 1}) AS v FROM {values})"
        forms = date_forms(connection, rest, [shape_without(shape, lead) for shape in shapes])
        return tuple(replace(form, form=lead + (form.form or "%Y-%m-%d")) for form in forms)
    tried = _periods(connection, values) or _candidates(shapes[0], _all_match(connection, values, _JALALI))
    if any("%b" in (form.form or "") for form in tried):
        tried = _in_words(tried, _words(connection, values))
    tried = _fitting(connection, f"(SELECT v FROM {values} LIMIT {_FEW})", tried)
    fitting = [
        form
        for form in _fitting(connection, values, tried)
        if not (form.is_jalali and "%y" in (form.form or "")) or _is_over(connection, values, form)
    ]
    if any(form.form is None for form in fitting):
        return tuple(form for form in fitting if form.form is None)[:1]
    if len(fitting) > 1 and re.match(r"%.\.%", fitting[0].form or ""):
        # Nobody writes the month before the day with points between.
        fitting = [form for form in fitting if not (form.form or "").startswith("%m")] or fitting
    if len({_sense(form) for form in fitting}) < 2:
        return tuple(fitting[:1])
    return tuple(sorted(fitting, key=lambda form: _spread(connection, values, form)))


def unix_form(connection: DuckDBPyConnection, values: str, header: str) -> DateForm | None:
    """Return the form of whole numbers that count the time since 1970, by their header and their size."""
    if not _UNIX.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", header)):
        return None
    found = (form for form, pattern in _UNIX_FORMS.items() if _all_match(connection, values, pattern))
    form = next(found, None)
    return None if form is None else DateForm(_INSTANT, form)


def read_as(connection: DuckDBPyConnection, texts: Sequence[str], form: DateForm) -> tuple[str, ...]:
    """Return what some texts become by a form."""
    text = latin_digits("v")
    sql = f"SELECT CAST({form.sql('v')} AS VARCHAR) FROM (SELECT {text} AS v FROM (SELECT unnest(?) AS v))"
    return tuple(str(row[0]) for row in connection.execute(sql, [list(texts)]).fetchall())


def _candidates(shape: str, jalali: bool) -> list[DateForm]:
    """Return the forms that may fit a shape."""
    numeric = re.fullmatch(r"[9Z]9{0,3}([-./])9{1,2}\1 ?9{1,4}(.*)", shape)
    if numeric:
        mark, rest = numeric[1], numeric[2]
        days = [order.format(mark, mark) for order in _ORDERS if "%Y" in order or not jalali]
        if re.match(r"[9Z]?9[-./]9{1,2}[-./] ?9{1,2}(?!9)", shape) and not jalali:
            short = _timed([order.format(mark, mark) for order in _JALALI_SHORT], rest)
            others = [DateForm(form.type, form.form, _days(jalali=True)) for form in short]
            return [*(DateForm(form.type, form.form, _days(jalali)) for form in _timed(days, rest)), *others]
    elif re.fullmatch(r"[9Z]9{5}", shape):
        return [DateForm(_DATE, "%y%m%d")]
    elif match := re.match(r"(?:(?:9?[9Z]?9\.?)?([ -]?)a|a,? )\.?", shape):
        # What is no time of day belongs to the form: 1 Sep 2026, Sep 1, 2026, Sep-26.
        mark = "-" if match[1] == "-" or re.match("a-9", shape) else " "
        days = list(dict.fromkeys(form.replace("{}", mark) for form in _NAMED))
        rest = re.sub(r"^.*?9{4}|^.*?a-99", "", shape)
    elif re.fullmatch(r"9{8}", shape):
        return [DateForm(_DATE, "%Y%m%d")]
    elif month := re.fullmatch(r"[9Z]9?([/.-])9{4}|9{4}([/.-])99", shape):
        return _written(_DATE, [form.replace("{}", month[1] or month[2]) for form in _MONTHS], jalali)
    else:
        return []
    if re.match(r"9{4}-99-99", shape) and not jalali:
        # ISO first; the same form spelt out, where the hour has one digit.
        iso = [DateForm(kind, None) for kind in (_DATE, _MOMENT, _INSTANT)]
        spelt = [form for form in _timed(days, rest) if form.form and form.form.startswith("%Y-%m-%d")]
        return [*iso, *(spelt if rest else ())]
    return [DateForm(form.type, form.form, _days(jalali)) for form in _timed(days, rest)]


def _periods(connection: DuckDBPyConnection, values: str) -> list[DateForm]:
    """Return the forms of weeks and quarters that suit the first value."""
    found = connection.execute(f"SELECT v FROM {values} LIMIT 1").fetchall()
    match = _PERIOD.fullmatch(str(found[0][0])) if found else None
    if match is None:
        return []
    first = match["y1"] is not None
    word, mark = match["w1" if first else "w2"], match["m1" if first else "m2"]
    kinds = [("%G", "%V")] * (word.lower() in _WEEK_WORDS) + [("%Y", "%q")] * (word.lower() in _QUARTER_WORDS)
    return [
        DateForm(_DATE, f"{year}{mark}{word}{number}" if first else f"{word}{number}{mark}{year}")
        for year, number in kinds
    ]


def _timed(days: Sequence[str], rest: str) -> list[DateForm]:
    """Return forms of days, or of moments where ``rest`` of a shape stands behind the day."""
    if not rest:
        return [DateForm(_DATE, form) for form in days]
    between = re.match(r",? ?|[Ta]", rest)
    lead = between[0].replace("a", "T") if between else ""
    alike = [
        time
        for time in _TIMES
        if time.count(":") in (0, rest.count(":")) and ("%p" not in time or rest.endswith("a"))
    ]
    zoned = _ZONES if re.search(r"[-+]9|a$", rest) else _ZONES[:1]
    return [
        DateForm(_INSTANT if zone else _MOMENT, f"{form}{lead}{time}{zone}")
        for form, time, zone in product(days, alike, zoned)
    ]


def _written(kind: DataType, forms: Sequence[str], jalali: bool) -> list[DateForm]:
    return [DateForm(kind, form, _days(jalali)) for form in forms]


def _days(jalali: bool, locale: str = "en") -> WrittenDays:
    if jalali:
        return WrittenDays(CalendarKind.JALALI, locale, JALALI_YEARS_FROM)
    return WrittenDays(CalendarKind.GREGORIAN, locale)


def _words(connection: DuckDBPyConnection, values: str) -> frozenset[str]:
    """Return the words of all values, in small letters; empty where there are too many."""
    rows = connection.execute(
        "SELECT DISTINCT unnest(regexp_extract_all(lower(v), '\\p{L}+')) FROM "
        f"{values} LIMIT {_MOST_WORDS + 1}"
    ).fetchall()
    return frozenset(row[0] for row in rows) if len(rows) <= _MOST_WORDS else frozenset()


def _in_words(forms: Sequence[DateForm], words: frozenset[str]) -> list[DateForm]:
    """Return the forms in the languages that know all words, those of the first of them."""
    said = words - _NOT_OF_DAYS
    found: list[DateForm] = []
    for jalali, known in ((False, LOCALES), (True, ("fa", "en"))):
        fitting = tuple(one for one in known if said and said <= _vocabulary(one, jalali))
        for form in forms if fitting else ():
            if fitting[0] == "en" and not jalali:
                found.append(DateForm(form.type, form.form, _PLAIN_DAYS, fitting))
            elif "%B" not in (form.form or "") and "%z" not in (form.form or ""):
                days = _days(jalali, fitting[0])
                found.append(DateForm(form.type, form.form, days, fitting))
    return found


def _vocabulary(locale: str, jalali: bool) -> frozenset[str]:
    known = {word.rstrip(".") for word in months(locale, jalali=jalali)}
    return frozenset(known if jalali else known | {word.rstrip(".") for word in weekdays(locale)})


def _fitting(connection: DuckDBPyConnection, values: str, forms: Sequence[DateForm]) -> list[DateForm]:
    forms = [form for form in forms if form.form is None or form.days.fault(form.form) is None]
    if not forms:
        return []
    sums = ", ".join(f"count({form.sql('v')})" for form in forms)
    row = connection.execute(f"SELECT count(*), {sums} FROM {values}").fetchall()[0]
    return [form for form, count in zip(forms, row[1:], strict=True) if count == row[0] > 0]


def _all_match(connection: DuckDBPyConnection, values: str, pattern: str) -> bool:
    sql = f"SELECT count(*), count_if(regexp_full_match(v, '{pattern}')) FROM {values}"
    ((count, matching),) = connection.execute(sql).fetchall()
    return count == matching > 0


def _lead(connection: DuckDBPyConnection, values: str) -> str:
    """Return the words that stand before every day: ``Week of``."""
    sql = f"SELECT DISTINCT regexp_extract(v, '^(?:{_LEAD})') FROM {values} LIMIT 2"
    found = connection.execute(sql).fetchall()
    return str(found[0][0]) if len(found) == 1 else ""


def shape_without(shape: str, lead: str) -> str:
    """Return the shape of what stands behind a lead."""
    return shape[len(re.sub(r"[^\W\d_]+", "a", lead)) :]


def _is_over(connection: DuckDBPyConnection, values: str, form: DateForm) -> bool:
    """Say whether the days of a reading lie in the past, or not far ahead."""
    sql = f"SELECT max(CAST({form.sql('v')} AS DATE)) FROM {values}"
    ((last,),) = connection.execute(sql).fetchall()
    return last is not None and last <= datetime.now(UTC).date() + _AHEAD


def _sense(form: DateForm) -> str:
    """Return what a form means: words in full and shortened words are one."""
    return f"{form.type}{(form.form or '').replace('%B', '%b')}{form.is_jalali}"


def _spread(connection: DuckDBPyConnection, values: str, form: DateForm) -> tuple[int, int]:
    """Return the span in days, and a rank of the order for equal spans: day, month, year first."""
    day = f"CAST({form.sql('v')} AS DATE)"
    ((days,),) = connection.execute(f"SELECT max({day}) - min({day}) FROM {values}").fetchall()
    ranks = ("%d", "%m", "%Y", "%y")
    lead = (form.form or "%d")[:2]
    return int(days), ranks.index(lead) if lead in ranks else len(ranks)
