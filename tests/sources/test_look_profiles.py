"""Whatever the profile, a look finds its like or asks: never another value without a word."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import event, given, settings
from hypothesis import strategies as st

from kurs.model.source import FilesAre
from kurs.sources.look import look
from kurs.sources.take import Order, take

MARKS = (
    (".", ""),
    (".", ","),
    (",", ""),
    (",", "."),
    (",", " "),
    (",", "\u00a0"),
    (",", "\u202f"),
    (".", "'"),
)
DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y%m%d", "%d.%m.%y", "%Y/%m/%d")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "windows-1250")
Row = tuple[date, str, int | None, Decimal | None]


@dataclass(frozen=True)
class Profile:
    delimiter: str
    encoding: str
    decimal: str
    thousands: str
    date: str
    null: str
    preamble: int
    has_totals: bool
    line_end: str


profiles = st.builds(
    lambda marks, **rest: Profile(decimal=marks[0], thousands=marks[1], **rest),
    st.sampled_from(MARKS),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(ENCODINGS),
    date=st.sampled_from(DATES),
    null=st.sampled_from(["", "--", "n/a", "NULL"]),
    preamble=st.integers(0, 3),
    has_totals=st.booleans(),
    line_end=st.sampled_from(["\n", "\r\n"]),
).filter(lambda profile: profile.encoding != "windows-1250" or profile.thousands != "\u202f")

rows_of_data = st.lists(
    st.tuples(
        st.integers(0, 800).map(lambda n: date(2024, 1, 1) + timedelta(days=n)),
        st.sampled_from(
            ["Brand", "Łódź zażółć", "a;b", "x, y", "Total recall", "3 for 2", "007", 'say "hi"']
        ),
        st.none() | st.integers(-5, 10_000_000),
        st.none() | st.decimals(-10, 10_000_000, places=2) | st.decimals(0, 100_000, places=3),
    ),
    min_size=1,
    max_size=12,
)


def number(value: Decimal | int | None, profile: Profile) -> str:
    if value is None:
        return profile.null
    text = f"{value:,}" if profile.thousands else str(value)
    return text.translate({ord(","): profile.thousands, ord("."): profile.decimal})


def cell(text: str, profile: Profile) -> str:
    if set(text) & {profile.delimiter, '"'}:
        return '"' + text.replace('"', '""') + '"'
    return text


def written(profile: Profile, rows: list[Row]) -> str:
    lines = [f"Report {n}" for n in range(profile.preamble)]
    table = [["Day", "Campaign", "Clicks", "Cost"]]
    table += [
        [day.strftime(profile.date), name, number(clicks, profile), number(cost, profile)]
        for day, name, clicks, cost in rows
    ]
    if profile.has_totals:
        clicks, cost = sum(r[2] or 0 for r in rows), sum((r[3] or Decimal() for r in rows), Decimal())
        table.append(["Total", profile.null, number(clicks, profile), number(cost, profile)])
    lines += [profile.delimiter.join(cell(text, profile) for text in row) for row in table]
    return profile.line_end.join([*lines, ""])


@settings(max_examples=60)
@given(profiles, rows_of_data)
def test_no_other_value_without_a_word(profile: Profile, rows: list[Row]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "export.csv")
        file.write_bytes(written(profile, rows).encode(profile.encoding))
        seen = look(file)
        event("said" if seen.all_decided or seen.all_findings else "settled")
        if seen.all_decided or seen.all_findings:
            return
        order = Order(replace(seen.source(), files_are=FilesAre.PARTS), seen.files, "look")
        with take(order, lambda _: None) as taken:
            names = [name for name in ("day", "campaign", "clicks", "cost") if name in taken.types]
            found = taken.relation.project(", ".join(names)).fetchall()
        assert [column.header for column in seen.columns] == ["Day", "Campaign", "Clicks", "Cost"]
        places = [("day", "campaign", "clicks", "cost").index(name) for name in names]
        assert all(row[n] is None for row in rows for n in {0, 1, 2, 3} - set(places))
        assert Counter(found) == Counter(tuple(row[place] for place in places) for row in rows)
