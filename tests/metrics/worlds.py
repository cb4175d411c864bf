"""Random worlds and questions: two tables of facts, customers and regions; rows around awkward days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from metrics.almanac import a_year_before, each_day
from metrics.looking import PLAIN, Look
from metrics.oracle import Facts, Told, Wanted, World
from metrics.trees import Leaf, Offset, Share, Tree

if TYPE_CHECKING:
    from collections.abc import Sequence

ZONES = (
    *("UTC", "Europe/Stockholm", "America/New_York", "Asia/Tehran", "Asia/Kolkata", "Australia/Lord_Howe"),
    *("America/Sao_Paulo", "Asia/Beirut"),
)
# Switches of clocks, leap days, ends of months and years.
ANCHORS = (
    *(date(2024, 2, 29), date(2025, 2, 28), date(2023, 10, 29), date(2024, 3, 31), date(2025, 1, 1)),
    *(date(2024, 11, 3), date(2021, 9, 22), date(2024, 4, 7), date(2017, 10, 15), date(2024, 10, 6)),
    *(date(2024, 1, 30), date(2025, 1, 29), date(2024, 3, 20), date(2025, 3, 20), date(2026, 3, 20)),
)
OTHER_GRAINS = (
    *("fiscal_month", "fiscal_quarter", "fiscal_year", "jalali_month", "jalali_quarter", "jalali_year"),
    "seasons",
)
KINDS = ("date", "timestamp", "timestamptz")
DAY = timedelta(days=1)
WINDOWS = ("1 day", "3 days", "2 weeks", "1 month", "1 year")
EDGES = ("last", "last", "first", "average")
LEVELS = ("first", "last", "average")
WHOLES = ("group", "parent", "all", "all")
OTHER_SHIFTS = (
    *("1 fiscal_year", "1 fiscal_year", "2 fiscal_months", "1 fiscal_quarter", "1 jalali_year"),
    *("1 jalali_month", "1 jalali_quarter", "1 seasons", "2 seasons"),
    *("start of fiscal_month", "start of fiscal_year", "start of jalali_month", "start of jalali_quarter"),
    "start of seasons",
)
OTHER_PERIODS = ("fiscal_month", "fiscal_quarter", "fiscal_year", "jalali_month", "jalali_year", "seasons")
ONLY: tuple[Tree, ...] = (
    ("=", ("col", "tier"), ("value", "gold")),
    ("or", ("is null", ("col", "region")), ("=", ("col", "customers.country"), ("value", "SE"))),
)
SHIFTS = (
    *("1 day", "7 days", "2 weeks", "1 month", "1 year", "1 year"),
    *("start of week", "start of month", "start of quarter", "start of year"),
)

_NUMBERS = (None, *range(-3, 8))
_QUARTERS = (None, *(number / 4 for number in range(-8, 20)))
_MONEY = (None, *(Decimal(number) / 100 for number in (-500, -1, 0, 1, 999, 1000, 1999, 4990, 99_999)))

COLUMNS: dict[str, dict[str, str]] = {
    "sessions": {"channel": "text", "device": "text", "visitor": "int", "seconds": "int", "weight": "float"},
    "orders": {
        "channel": "text",
        "customer_id": "int",
        "amount": "decimal(18,2)",
        "units": "int",
        "discount": "float",
        "is_first": "bool",
    },
    "customers": {"id": "int", "country": "text", "tier": "text", "factor": "int", "region_id": "int"},
    "regions": {"id": "int", "name": "text"},
}
_KEYS = (None, 1, 2, 3, 99)
VALUES: dict[str, Sequence[object]] = {
    "channel": (None, "web", "Web", "ads"),
    "device": (None, "phone", "desk"),
    "visitor": _KEYS,
    "customer_id": _KEYS,
    "seconds": _NUMBERS,
    "weight": _QUARTERS,
    "amount": _MONEY,
    "units": _NUMBERS,
    "discount": _QUARTERS,
    "is_first": (None, True, False),
    "country": (None, "se", "pl"),
    "tier": (None, "gold", "basic"),
    "factor": _NUMBERS,
    "region_id": (None, 1, 2, 7),
    "name": (None, "north", "south"),
}
DIMENSIONS: dict[str, dict[str, Tree]] = {
    "sessions": {"channel": ("col", "channel"), "device": ("col", "device")},
    "orders": {"channel": ("lower", ("col", "channel")), "first": ("col", "is_first")},
    "customers": {
        "country": ("upper", ("col", "country")),
        "tier": ("coalesce", ("col", "tier"), ("value", "none")),
    },
    "regions": {"region": ("col", "name")},
}
JOINS = {
    "sessions": {"customers": "visitor"},
    "orders": {"customers": "customer_id"},
    "customers": {"regions": "region_id"},
    "regions": {},
}
SEGMENTS: dict[str, tuple[str, Tree]] = {
    "gold": ("customers", ("=", ("col", "tier"), ("value", "gold"))),
    "nowhere": ("customers", ("is null", ("col", "country"))),
    "large": ("orders", (">=", ("col", "units"), ("value", 3))),
}
_ANYWHERE = ["country", "tier", "region", "customers.tier"]


@dataclass(frozen=True)
class Case:
    """A world, the kinds of its time columns, and a question with its order and limit."""

    world: World
    kinds: dict[str, str | None]
    wanted: Wanted
    order: tuple[tuple[str, bool], ...] = ()
    limit: int | None = None


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a whole case."""
    zone = draw(st.sampled_from(ZONES))
    anchor = draw(st.sampled_from(ANCHORS))
    as_of = anchor + draw(st.integers(-4, 12)) * DAY
    kinds: dict[str, str | None] = {
        "sessions": draw(st.sampled_from(KINDS)),
        "orders": draw(st.sampled_from((*KINDS, *KINDS, None))),
        "customers": draw(st.sampled_from((None, None, "date", "timestamptz"))),
        "regions": None,
    }
    tables = {key: draw(_facts(key, kind, zone, anchor)) for key, kind in kinds.items()}
    metrics = draw(_metrics(anchor))
    fiscal = draw(st.sampled_from(["1", "7", "2", "jalali", "4-5-4", "4-5-4"]))
    world = World(zone, draw(st.integers(0, 6)), tables, metrics, SEGMENTS, as_of, fiscal)
    wanted = draw(_wanted(world, kinds, anchor))
    columns = ["time"] * (wanted.grain is not None) + [*wanted.by, *wanted.metrics]
    order = draw(
        st.lists(st.tuples(st.sampled_from(columns), st.booleans()), max_size=2, unique_by=lambda o: o[0])
    )
    limit = draw(st.one_of(st.none(), st.none(), st.integers(0, 4)))
    return Case(world, kinds, wanted, tuple(order), limit)


@st.composite
def _facts(draw: st.DrawFn, key: str, kind: str | None, zone: str, anchor: date) -> Facts:
    columns = COLUMNS[key]
    covered = draw(_covered(anchor)) if kind is not None else None
    own_zone = draw(st.sampled_from([None, "UTC", zone, "America/New_York"])) if kind == "timestamp" else None
    # Rows by chance of their own: hypothesis would take long over every cell.
    chance = Random(draw(st.integers(0, 1_000_000)))
    count = draw(st.integers(0, 3 if "id" in columns else 12))
    rows = [{name: chance.choice(VALUES[name]) for name in columns if name != "id"} for _ in range(count)]
    if "id" in columns:
        rows = [
            row | {"id": each} for row, each in zip(rows, chance.sample([1, 2, 3, None], count), strict=True)
        ]
    else:
        rows += rows[: chance.choice([0, 0, 2])]
    if covered is not None and kind is not None:
        times = _Times(covered, anchor, kind, own_zone, zone)
        rows = [each | {"t": times.pick(chance)} for each in rows]
    where: Tree | None = None
    if key == "orders" and draw(st.booleans()):
        where = ("or", ("is null", ("col", "units")), ("<>", ("col", "units"), ("value", 2)))
    return Facts(
        rows,
        DIMENSIONS[key],
        JOINS[key],
        where,
        "t" if kind is not None else None,
        own_zone,
        frozenset(covered) if covered is not None else None,
    )


@st.composite
def _covered(draw: st.DrawFn, anchor: date) -> list[date]:
    then = a_year_before(anchor)
    spans = [
        (then - 40 * DAY, anchor + 14 * DAY),
        (anchor - 10 * DAY, anchor + 9 * DAY),
        (then - 12 * DAY, then + 11 * DAY),
        (anchor - 2 * DAY, anchor + 1 * DAY),
    ]
    chosen = draw(st.lists(st.sampled_from(spans), max_size=2))
    return sorted({day for span in chosen for day in each_day(*span)})


class _Times:
    """Times on covered days: seldom none, all near the anchor or a year before."""

    def __init__(
        self, covered: Sequence[date], anchor: date, kind: str, own_zone: str | None, zone: str
    ) -> None:
        near = (anchor, a_year_before(anchor))
        self.days = [day for day in covered if min(abs((day - other).days) for other in near) <= 9]
        self.kind = kind
        self.zone = ZoneInfo(zone)
        self.own_zone = ZoneInfo(own_zone or zone)
        self.may_be_twice = own_zone in (None, zone, "UTC")

    def pick(self, chance: Random) -> date | None:
        if not self.days or chance.random() < 0.05:
            return None
        day = chance.choice(self.days)
        if self.kind == "date":
            return day
        minute = chance.choice([0, 30, 59, 90, 119, 121, 150, 179, 1380, 1439, chance.randrange(1440)])
        midnight = datetime.combine(day, datetime.min.time(), self.zone).astimezone(UTC)
        instant = midnight + minute * timedelta(minutes=1)
        if instant.astimezone(self.zone).date() != day:
            return None
        if self.kind == "timestamptz":
            return instant
        clock = instant.astimezone(self.own_zone).replace(tzinfo=None)
        # A wall clock that a foreign zone reads twice says nothing sure.
        folds = {clock.replace(tzinfo=self.own_zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
        return clock if self.may_be_twice or folds == {instant} else None


def _leaf(home: str) -> st.SearchStrategy[Leaf]:
    numbers: dict[str, list[Tree]] = {
        "orders": [
            *(("col", f"orders.{name}") for name in ("amount", "units", "discount")),
            ("*", ("col", "orders.amount"), ("col", "orders.units")),
            ("*", ("col", "orders.units"), ("col", "customers.factor")),
        ],
        "sessions": [
            *(("col", f"sessions.{name}") for name in ("seconds", "weight")),
            ("*", ("col", "sessions.seconds"), ("col", "customers.factor")),
        ],
        "customers": [("col", "customers.factor")],
    }
    things: dict[str, list[Tree]] = {
        "orders": [
            *(("col", "orders.customer_id"), ("col", "orders.channel")),
            ("coalesce", ("col", "regions.region"), ("col", "orders.channel")),
        ],
        "sessions": [
            ("col", "sessions.visitor"),
            ("coalesce", ("col", "sessions.device"), ("col", "customers.country")),
        ],
        "customers": [("col", "customers.country")],
    }
    filters: dict[str, list[Tree]] = {
        "orders": [
            ("col", "orders.is_first"),
            ("not", ("col", "orders.first")),
            (">=", ("col", "orders.units"), ("value", 2)),
            ("=", ("col", "customers.tier"), ("value", "gold")),
            ("is null", ("col", "regions.name")),
            ("or", ("=", ("col", "orders.channel"), ("value", "web")), ("col", "orders.is_first")),
        ],
        "sessions": [
            ("in", ("col", "sessions.channel"), "web", "ads"),
            ("not", ("=", ("col", "customers.country"), ("value", "SE"))),
            (
                "and",
                ("is not null", ("col", "sessions.device")),
                ("<", ("col", "sessions.seconds"), ("value", 4)),
            ),
        ],
        "customers": [("=", ("col", "customers.country"), ("value", "SE"))],
    }
    where = st.one_of(st.none(), st.sampled_from(filters[home]))
    number = st.sampled_from(numbers[home])
    return st.one_of(
        st.builds(Leaf, st.just(home), st.just("count"), st.none(), where),
        st.builds(Leaf, st.just(home), st.just("sum"), number, where),
        st.builds(
            Leaf,
            st.just(home),
            st.sampled_from(["count", "sum", "avg", "min", "max", "median", "stddev", "variance"]),
            number,
            where,
        ),
        st.builds(
            Leaf,
            st.just(home),
            st.sampled_from(["count", "count distinct"]),
            st.sampled_from(things[home]),
            where,
        ),
        st.builds(
            Leaf,
            st.just(home),
            st.just("weighted"),
            number,
            where,
            st.just(""),
            st.sampled_from(numbers[home]),
        ),
        st.builds(
            Leaf,
            st.just(home),
            st.just("percentile"),
            number,
            where,
            st.sampled_from(["0", "0.25", "0.9", "1"]),
        ),
    )


@st.composite
def _looking(draw: st.DrawFn, plain: list[str], anchor: date) -> dict[str, Told]:
    """Windows, periods to date, levels and offsets: of leaves of their own, or of plain metrics."""
    periods, shifts = ["week", "month", "quarter", "year", "ever", anchor.isoformat()], [*SHIFTS]
    if draw(st.booleans()):
        periods, shifts = [*periods, *OTHER_PERIODS], [*shifts, *OTHER_SHIFTS]
    looks = st.one_of(
        st.builds(Look, window=st.sampled_from(WINDOWS), edge=st.sampled_from(EDGES)),
        st.builds(Look, to_date=st.sampled_from(periods), edge=st.sampled_from(EDGES)),
    )
    levels = st.builds(replace, st.one_of(looks, st.just(Look())), at=st.sampled_from(LEVELS))
    fills = st.sampled_from(["", "", "", "zero", "null", "none"])
    home = draw(st.sampled_from(["orders", "orders", "sessions"]))
    found = {
        "back": Told(("offset", Offset(draw(st.sampled_from(plain)), draw(st.sampled_from(shifts)))), ""),
        "window": Told(
            ("metric", draw(st.sampled_from([*plain, "back"]))),
            draw(st.sampled_from(["", "zero"])),
            draw(looks),
        ),
        "own": Told(("leaf", draw(_leaf(home))), draw(fills), draw(looks)),
        "who": Told(
            ("leaf", draw(_leaf(home).filter(lambda leaf: leaf.kind == "count distinct"))),
            draw(fills),
            draw(looks),
        ),
        "level": Told(("leaf", draw(_leaf(home))), draw(fills), draw(levels)),
    }
    each = {"orders": ["orders.channel", "orders.customer_id"], "sessions": ["device", "sessions.visitor"]}
    number: Tree = ("col", "orders.units" if home == "orders" else "sessions.seconds")
    only = draw(st.sampled_from(ONLY))
    found["level_each"] = Told(
        ("leaf", Leaf(home, draw(st.sampled_from(["sum", "count", "avg"])), number)),
        draw(fills),
        replace(
            draw(levels), each=draw(st.sampled_from(each[home])), only=draw(st.sampled_from([(), (only,)]))
        ),
    )
    found["kept"] = Told(
        ("metric", draw(st.sampled_from([*plain, *sorted(found)]))), "", replace(PLAIN, only=(only,))
    )
    found["share"] = Told(
        ("share", Share(draw(st.sampled_from(["orders_n", "sessions_n"])), draw(st.sampled_from(WHOLES)))),
        draw(st.sampled_from(["", "zero"])),
        replace(draw(st.one_of(looks, st.just(PLAIN))), only=draw(st.sampled_from([(), (only,)]))),
    )
    found["twice"] = Told(
        ("offset", Offset(draw(st.sampled_from(sorted(found))), draw(st.sampled_from(shifts))))
    )
    growth = draw(st.sampled_from([*plain, *sorted(found)]))
    before: Tree = ("offset", Offset(growth, draw(st.sampled_from(shifts))))
    found["growth"] = Told(("-", ("/", ("metric", growth), before), ("value", 1)))
    return found


@st.composite
def _metrics(draw: st.DrawFn, ends: date) -> dict[str, Told]:
    fills = st.sampled_from(["", "", "", "", "zero", "null", "none"])
    metrics: dict[str, Told] = {}
    for number, home in enumerate(("orders", "sessions", draw(st.sampled_from(["customers", "orders"])))):
        metrics[f"m{number}"] = Told(("leaf", draw(_leaf(home))), draw(fills))
    metrics["orders_n"] = Told(("leaf", Leaf("orders", "count")))
    metrics["sessions_n"] = Told(("leaf", Leaf("sessions", "count")))
    metrics |= draw(_looking(sorted(metrics), ends))
    for number in range(2):
        left, right = (("metric", name) for name in draw(st.tuples(*[st.sampled_from(sorted(metrics))] * 2)))
        some = ("value", draw(st.integers(0, 3)))
        count: Tree = ("metric", draw(st.sampled_from(["orders_n", "sessions_n"])))
        trees: list[Tree] = [
            *((op, left, right) for op in ("/", "/", "/", "+", "-")),
            ("*", ("value", 100), left),
            ("/", ("-", left, right), count),
            ("/", left, ("nullif", right, ("value", 1))),
            ("+", ("coalesce", left, ("value", 0)), right),
            ("case", (">=", count, ("value", 2)), left, some),
            ("abs", ("-", left, some)),
            ("greatest", left, right),
            ("/", left, some),
            ("/", ("leaf", Leaf("orders", "sum", ("col", "orders.amount"))), count),
            ("-", left, ("-", right, some)),
        ]
        metrics[f"d{number}"] = Told(
            draw(st.sampled_from(trees)), draw(st.sampled_from(["", "", "", "zero"]))
        )
    return metrics


@st.composite
def _wanted(draw: st.DrawFn, world: World, kinds: dict[str, str | None], anchor: date) -> Wanted:
    known = sorted(
        name
        for name in world.metrics
        if world.metric_leaves(name)
        and all(look.is_plain or kinds[leaf.home] for leaf, look in world.metric_looks(name))
    )
    metrics = tuple(draw(st.lists(st.sampled_from(known), min_size=1, max_size=3, unique=True)))
    homes = {leaf.home for name in metrics for leaf in world.metric_leaves(name)}
    timed = all(kinds[home] is not None for home in homes)
    by = [*_ANYWHERE]
    filters: list[Tree] = [
        ("=", ("col", "tier"), ("value", "gold")),
        ("is null", ("col", "region")),
        ("or", ("=", ("col", "country"), ("value", "SE")), ("=", ("col", "region"), ("value", "north"))),
    ]
    segments = ["gold", "nowhere"]
    if "customers" not in homes:
        by += ["channel"] * 4
        filters.append(("in", ("col", "channel"), "web", "ads"))
    if homes == {"orders"}:
        by += ["first", "orders.units"]
        filters.append(("<", ("col", "orders.units"), ("value", 4)))
        segments.append("large")
    if homes == {"sessions"}:
        by += ["device"]
    wanted = Wanted(
        metrics,
        tuple(draw(st.lists(st.sampled_from(by), max_size=2, unique=True))),
        where=tuple(draw(st.one_of(st.just([]), st.lists(st.sampled_from(filters), max_size=1)))),
        segments=tuple(draw(st.one_of(st.just([]), st.lists(st.sampled_from(segments), max_size=1)))),
    )
    if not timed:
        return wanted
    grains = [None, "day", "week", "month", "quarter", "year"]
    looks_back = any(not look.is_plain for name in metrics for _, look in world.metric_looks(name))
    grains += [*OTHER_GRAINS, *(["fiscal_week"] * 2 if world.fiscal == "4-5-4" else [])]
    if all(kinds[home] != "date" for home in homes) and not looks_back:
        grains += ["hour", "hour"]
    grain = draw(st.sampled_from(grains))
    days = draw(_days(anchor, 2 if grain == "hour" else 40))
    if grain == "hour" and days is None:
        days = (anchor, anchor)
    wanted = replace(wanted, grain=grain, days=days)
    if days is None:
        return wanted
    against = draw(st.sampled_from([None, None, "previous", "last_year", "last_year_weekday", "range"]))
    earlier = days[0] - draw(st.sampled_from([1, 3, 30, 364, 366])) * DAY
    other = (earlier, earlier + (days[1] - days[0])) if against == "range" else None
    return replace(wanted, against=against, against_days=other)


@st.composite
def _days(draw: st.DrawFn, anchor: date, longest: int) -> tuple[date, date] | None:
    """Draw the asked days: none, whole months, or a few days around the anchor."""
    form = draw(st.sampled_from(["all", "months", "days", "days"]))
    if form == "all":
        return None
    if form == "months" and longest > 30:
        first = anchor.replace(day=1)
        after = (first + 31 * DAY).replace(day=1)
        return first, after - DAY
    first = anchor + draw(st.integers(-longest // 2, 4)) * DAY
    return first, first + draw(st.integers(0, longest)) * DAY
