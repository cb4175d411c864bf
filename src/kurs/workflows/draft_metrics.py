"""Which metrics and KPIs suit the columns that were found: by their names, in the words of the field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.model.days import Grain, grain_of_rows
from kurs.model.table import ColumnType
from kurs.project.names import KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from kurs.model.source import DataType

NUMBERS = (ColumnType.INT, ColumnType.DECIMAL, ColumnType.FLOAT)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What can be added up over rows and days, by the words of a column's name.
_COUNTS = _words(
    """impressions impr clicks sessions visits orders transactions purchases conversions leads signups
    registrations installs downloads views pageviews opens sends sent delivered deliveries unsubscribes
    bounces complaints interactions engagements likes comments shares followers_gained bookings calls
    results actions recipients ilosc liczba
    commandes antal klik konwersje
    quantity qty units items bought tickets subscriptions refunds_count klicks impressionen sitzungen
    bestellungen wyświetlenia wyswietlenia klikniecia zamowienia sesje visningar klick besok ordrar"""
)
_MONEY = _words(
    """spend spent cost costs revenue revenues sales turnover amount fee fees tax taxes discount discounts
    shipping net gross subtotal tip refunded kosten umsatz ausgaben betrag koszt koszty przychod przychody
    kwota kostnad kostnader intakter intakt belopp omsattning wartosc
    prowizja affaires ventes forbrug omsaetning netto"""
)
_PRICES = _words("price prices value balance spent")
_ENDING = re.compile(r"_(?:micros|eur|usd|gbp|sek|nok|dkk|pln|chf|czk|huf|cad|aud|jpy|irr)$")
_MICROS = re.compile(r"^(.*[^_])_?micros$")
_ATTRIBUTED = re.compile(r"^(?:column_)?\d+_days?_")  # the window of an attribution: 7 Day Total Sales
_TOTALS = frozenset({"total", "order", "grand", "net", "gross"})  # words of an amount that says no more
# What must never be added up.
_NEVER = _words(
    """ctr cpc cpm cpa cpv cpl cpo cac roas roi acos mer aov arpu ltv rate rates ratio share percent pct per
    avg average mean median position pos rank ranking score frequency index price unit balance quality
    viewability measurability level lat lon latitude longitude age reach users user visitors unique uniques
    reporting max min target budget limit weight grams version number nbr no id ids year month week day hour
    quarter dayofyear dayofweek weekday date exchange days hour minutes lag stock inventory available"""
)
_RENAMED = {
    "spend": (
        "spend",
        "cost",
        "costs",
        "amount_spent",
        "spent_amount",
        "kosten",
        "koszt",
        "kostnad",
        "ausgaben",
    ),
    "clicks": ("clicks", "link_clicks", "inline_link_clicks", "klicks", "klick", "klikniecia"),
    "impressions": ("impressions", "impr", "impressionen", "visningar", "wyswietlenia"),
    "conversions": ("conversions", "purchases", "konversionen", "konwersje", "konverteringar"),
    "conversion_value": (
        "conversions_value",
        "conversion_value",
        "conv_value",
        "purchase_value",
        "purchases_value",
    ),
    "revenue": (
        "revenue",
        "sales",
        "total_revenue",
        "net_amount",
        "net_sales",
        "umsatz",
        "przychody",
        "intakter",
    ),
    "orders": ("orders", "transactions", "bestellungen", "zamowienia", "ordrar"),
    "sessions": ("sessions", "visits", "sitzungen", "sesje", "besok"),
    "delivered": ("delivered", "deliveries", "emails_delivered", "successful_deliveries"),
    "sends": ("sends", "sent", "emails_sent"),
    "opens": ("opens", "unique_opens", "emails_opened"),
    "unsubscribes": ("unsubscribes", "unsubscribed", "unsubs"),
}
_DOWN = frozenset(
    {"spend", "unsubscribes", "bounces", "complaints", "refunded", "fee", "fees", "tax", "discounts"}
)
# Name, numerator, denominator, factor, unit, and which way is good.
_RATIOS = (
    ("ctr", "clicks", "impressions", "", "percent", "up"),
    ("cpc", "spend", "clicks", "", "currency", "down"),
    ("cpm", "spend", "impressions", "1000 * ", "currency", "down"),
    ("cpa", "spend", "conversions", "", "currency", "down"),
    ("roas", "conversion_value", "spend", "", "ratio", "up"),
    ("roas", "revenue", "spend", "", "ratio", "up"),
    ("conversion_rate", "orders", "sessions", "", "percent", "up"),
    ("conversion_rate", "conversions", "sessions", "", "percent", "up"),
    ("conversion_rate", "conversions", "clicks", "", "percent", "up"),
    ("aov", "revenue", "orders", "", "currency", "up"),
    ("open_rate", "opens", "delivered", "", "percent", "up"),
    ("open_rate", "opens", "sends", "", "percent", "up"),
    ("email_click_rate", "clicks", "delivered", "", "percent", "up"),
    ("email_click_rate", "clicks", "sends", "", "percent", "up"),
    ("unsubscribe_rate", "unsubscribes", "delivered", "", "percent", "down"),
)
_KPI_ORDER = (
    "revenue",
    "orders",
    "conversion_value",
    "conversions",
    "sessions",
    "roas",
    "conversion_rate",
    "ctr",
)
_MOST_AVERAGES = 8
_MOST_CURRENCIES = 3
_RECENT = 31  # days by which a table may end before the others, and still be steered by
_YEAR, _TWO_MONTHS = 396, 59  # days of data that a comparison needs


@dataclass(frozen=True, slots=True)
class DraftedMetric:
    """One metric of the draft; ``says`` is its label."""

    name: str
    expr: str
    unit: str = "number"
    good: str | None = None
    table: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class DraftedKpi:
    """One KPI of the draft."""

    name: str
    metric: str
    baseline: str | None
    good: str
    every: str


@dataclass(frozen=True, slots=True)
class Currencies:
    """Several currencies of one amount: the column that tells which, and their codes, the frequent first."""

    column: str
    codes: tuple[str, ...]


def is_number(column: str, data: DataType) -> bool:
    """Say whether a column is a measurement: neither a part of a key nor something to group by."""
    if data.kind in (ColumnType.DECIMAL, ColumnType.FLOAT):
        return True
    return data.kind is ColumnType.INT and not re.search(
        r"(^|_)(id|index|line|position|year|month|week)(_\d+)?$", column
    )


def sums_up(column: str) -> str | None:
    """Return ``count`` or ``money`` for a column that can be added up, None for any other."""
    micros = _MICROS.match(column)
    plain = _ATTRIBUTED.sub("", micros[1] if micros else column)
    words = set(plain.split("_"))
    if words & _NEVER and not (words & {"clicks", "impressions"} and words <= _COUNTS | {"unique"}):
        return None
    if "total" in words and words <= _TOTALS:
        return "money"
    if words & _MONEY or (
        "value" in words and words & (_COUNTS | {"conv", "conversion", "order", "purchase"})
    ):
        return "money"
    return "count" if words & _COUNTS else None


def metrics_of(
    table: str, types: Mapping[str, DataType], currencies: Mapping[str, Currencies], key: Sequence[str] = ()
) -> list[DraftedMetric]:
    """Draft the metrics of one table: its sums, its rows, and the ratios of the sums.

    ``currencies`` are those of each column that has amounts in several: they are never added up.
    ``types`` are those of all columns, ``key`` those that make a row unique.
    """
    found: list[DraftedMetric] = []
    summed: set[str] = set()
    measured = {column: data for column, data in types.items() if column not in key}
    for column, data in measured.items():
        kind = sums_up(column) if data.kind in NUMBERS else None
        if kind is None:
            continue
        summed.add(column)
        plain = _ENDING.sub("", column)
        role = next((role for role, names in _RENAMED.items() if plain in names), "")
        if role in {metric.role for metric in found}:
            role = ""
        expr, name = f"sum({table}.{column})", role or column
        if match := _MICROS.match(column):
            expr, name = f"{expr} / 1000000", role or match[1]
        good = "down" if role in _DOWN or plain in _DOWN else "up"
        if kind == "money" and column in currencies:
            for code in currencies[column].codes[:_MOST_CURRENCIES]:
                where = f"{expr} filter (where {table}.{currencies[column].column} = '{code}')"
                where = re.sub(r"(sum\([^)]*\))( / 1000000)?( filter .*)", r"\1\3\2", where)
                found.append(DraftedMetric(f"{name}_{code.lower()}", where, "number", good, table))
            continue
        unit = "currency" if kind == "money" else "number"
        found.append(DraftedMetric(name, expr, unit, good, table, role))
    found.append(_rows_of(table, types, key))
    mixed = {column for column in currencies if set(column.split("_")) & (_MONEY | _PRICES)}
    found += _averages(table, measured, summed | mixed)
    return found


def _rows_of(table: str, types: Mapping[str, DataType], key: Sequence[str]) -> DraftedMetric:
    """Count the rows; but not lines of orders as orders: those are told apart by the orders' own id.

    A column that is just called ``id`` may be the customer's.
    """
    if len(key) == 1 or not set(table.split("_")) & _COUNTS:
        return DraftedMetric(table, f"count({table})", "number", "up", table, "rows")
    one = table.removesuffix("s")
    own = next((c for c in (f"{one}_id", f"{one}_number", f"{one}_no") if c in types), None)
    if own is not None and types[own].kind in (ColumnType.TEXT, ColumnType.INT):
        return DraftedMetric(table, f"count(distinct {table}.{own})", "number", "up", table, "rows")
    return DraftedMetric(f"{table}_rows", f"count({table})", "number", None, table)


def _averages(table: str, types: Mapping[str, DataType], left_out: set[str]) -> list[DraftedMetric]:
    """Draft averages of other numbers, and shares of what is true or false: neither can be wrong as a sum."""
    found: list[DraftedMetric] = []
    for column, data in types.items():
        if data.kind is ColumnType.BOOL:
            share = f"count({table}) filter (where {table}.{column}) / nullif(count({table}), 0)"
            found.append(DraftedMetric(f"{column}_share", share, "percent", None, table))
        elif (
            data.kind in NUMBERS
            and column not in left_out
            and is_number(column, data)
            and not set(column.split("_")) & {"nbr", "number", "latitude", "longitude", "id"}
        ):
            expr = f"avg({table}.{column})"
            if "position" in column.split("_") and "impressions" in types:  # the mean over what was shown
                shown = f"{table}.impressions"
                expr = f"sum({table}.{column} * {shown}) / nullif(sum({shown}), 0)"
            found.append(DraftedMetric(f"average_{column}", expr, "number", None, table))
    return sorted(found, key=lambda metric: metric.unit != "percent")[:_MOST_AVERAGES]


def joined(by_table: Mapping[str, Sequence[DraftedMetric]], taken: set[str]) -> list[DraftedMetric]:
    """Give all metrics names of their own, and add the well-known ratios whose parts are there.

    ``taken`` are names that no metric may have: those of dimensions.
    """
    counts: dict[str, int] = {}
    for metrics in by_table.values():
        for metric in metrics:
            counts[metric.name] = counts.get(metric.name, 0) + 1
    named: list[DraftedMetric] = []
    used = set(taken)
    for table, metrics in by_table.items():
        own: list[DraftedMetric] = []
        for metric in metrics:
            alone = counts[metric.name] == 1 or metric.role == "rows"
            name = metric.name if alone else f"{table}_{metric.name}"
            own.append(_renamed(metric, _free(name, table, used)))
        roles = {metric.role: metric for metric in own if metric.role not in ("", "rows")}
        rows = next((metric for metric in own if metric.role == "rows"), None)
        if (
            rows
            and "orders" not in roles
            and re.search(r"(^|_)orders?($|_data$)", table)
            and "revenue" in roles
        ):
            roles["orders"] = rows
        prefix = "" if len([t for t in by_table if _has_ratio(by_table[t])]) < 2 else f"{table}_"
        drafted: set[str] = set()
        for name, top, bottom, factor, unit, good in _RATIOS:
            if top in roles and bottom in roles and name not in drafted:
                drafted.add(name)
                expr = f"{factor}{roles[top].name} / nullif({roles[bottom].name}, 0)"
                own.append(DraftedMetric(_free(prefix + name, table, used), expr, unit, good, table, name))
        named += own
    return named


def _has_ratio(metrics: Sequence[DraftedMetric]) -> bool:
    roles = {metric.role for metric in metrics}
    return any(top in roles and bottom in roles for _, top, bottom, *_ in _RATIOS)


def _renamed(metric: DraftedMetric, name: str) -> DraftedMetric:
    return DraftedMetric(name, metric.expr, metric.unit, metric.good, metric.table, metric.role)


def _free(name: str, table: str, used: set[str]) -> str:
    if (
        name in KEYWORDS
        or name == "time"
        or re.search(r"_(compare|change|numerator|denominator)$", f"_{name}")
    ):
        name = f"{table}_{name}_total"
    base, n = name, 2
    if name in used:
        name = base = f"{table}_{base}" if not base.startswith(table) else f"{base}_total"
    while name in used:
        name = f"{base}_{n}"
        n += 1
    used.add(name)
    return name


def kpis_of(metrics: Sequence[DraftedMetric], days: Mapping[str, tuple[date, ...]]) -> list[DraftedKpi]:
    """Choose two or three metrics to steer by, of tables with a time; no target is made up.

    Rows that stand for whole weeks or months are no cases to count.
    """
    lasts = {table: there[-1] for table, there in days.items() if there}
    newest = max(lasts.values(), default=None)
    timed = [
        metric
        for metric in metrics
        if metric.good and metric.table in lasts and newest and (newest - lasts[metric.table]).days <= _RECENT
        if metric.role != "rows" or grain_of_rows(days[metric.table]) is None
    ]
    order = {role: n for n, role in enumerate(_KPI_ORDER)}
    chosen = sorted((m for m in timed if m.role in order), key=lambda m: order[m.role])
    by_role = {metric.role: metric for metric in reversed(chosen)}
    picked = [by_role[role] for role in _KPI_ORDER if role in by_role][:3]
    for metric in sorted(timed, key=lambda m: m.role != "rows"):
        if len(picked) < 2 and metric not in picked:
            picked.append(metric)
    found: list[DraftedKpi] = []
    for metric in picked:
        there = days[metric.table]
        length = (there[-1] - there[0]).days
        every = "week" if grain_of_rows(there) is Grain.WEEK else "month"
        last_year = "last_year_weekday" if every == "week" else "last_year"
        baseline = last_year if length >= _YEAR else "previous" if length >= _TWO_MONTHS else None
        name = f"{every}ly_{metric.name}"
        found.append(DraftedKpi(name, metric.name, baseline, metric.good or "up", every))
    return found
