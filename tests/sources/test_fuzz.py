"""Broken files and broken profiles: refused with a problem, or read as a second reader reads them.

A thousand files by default; ``KURS_FUZZ=10000`` breaks ten thousand, as CI does. Each chunk of them has its
own seed, so that they are the same everywhere, and that two cores share them. Five are made of one table:
three read by its profile, and two by broken ones; to make a table and to read a plan cost as much as a load.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import zipfile
import zlib
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from kurs.problems import KursError, Problem, errors
from kurs.project import read
from kurs.report.problems import render_text
from kurs.sources.files import find
from kurs.sources.take import Order, take
from kurs.words import language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CASES = int(os.environ.get("KURS_FUZZ", "1000"))
CHUNKS = 10
FILES = 5
QUIET = settings(
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # a broken case is small already
)

Profile = dict[str, Any]


@pytest.fixture(scope="module", autouse=True)
def one_workshop() -> Iterator[None]:
    """Load in connections to one DuckDB, emptied each time: to open one costs more than to read ten rows."""
    with duckdb.connect() as kept, pytest.MonkeyPatch.context() as patch:
        kept.execute("SET threads = 1")  # of eight rows each

        def connect(place: str, config: object) -> duckdb.DuckDBPyConnection:
            del place, config
            cursor = kept.cursor()
            for name in ("stage", "typed", "misfits"):
                cursor.execute(f"DROP TABLE IF EXISTS {name}")
            return cursor

        patch.setattr(duckdb, "connect", connect)
        yield


def hold(test: Callable[..., None], chunk: int, cases: int, *drawn: st.SearchStrategy[Any]) -> None:
    """Run one chunk of the cases of a test."""
    seed(chunk)(settings(QUIET, max_examples=max(cases // CHUNKS, 1))(given(*drawn)(test)))()


Read = tuple[int, Decimal | None]


def plan_of(name: str, profile: Profile) -> dict[str, Any]:
    """A plan whose only source is read by a profile."""
    columns = {"cost": "decimal(38,8)", "day": "text", "name": "text"}
    source = {"files": name, "into": "it", "format": profile, "columns": columns}
    return {"project": {"name": "Fuzz"}, "sources": {"it": source}}


def loaded(folder: Path, name: str, profile: Profile, *files: bytes) -> list[Read | None]:
    """Read files by one plan, each: the number of rows and the sum of ``cost``; None if it is refused."""
    (folder / "kurs.yaml").write_text(json.dumps(plan_of(name, profile)), "utf-8")
    try:
        draft = read(folder)
        said(draft.problems)
        it = draft.required().sources["it"]
    except KursError as error:
        said(error.problems)
        return [None for _ in files]
    found: list[Read | None] = []
    for data in files:
        (folder / name).write_bytes(data)
        try:
            with take(Order(it, find(it, folder), "load"), lambda _: None) as taken:
                said(taken.doubts)
                ((count, total),) = taken.relation.aggregate("count(*), sum(cost)").fetchall()
                found.append((count, total))
        except KursError as error:
            said(error.problems)
            found.append(None)
    return found


def said(problems: tuple[Problem, ...]) -> None:
    assert all(render_text(problem, language("en")) for problem in problems)


# A second reader of CSV, slow and plain


class RefusedError(Exception):
    """The second reader cannot read the file either."""


def number(text: str, profile: Profile) -> Decimal | None:
    """Read one number, by its pieces."""
    text = text.strip(" ")
    nulls = profile["nulls"]
    if text in ("", *([nulls] if isinstance(nulls, str) else nulls)):
        return None
    if profile.get("digits") == "persian":
        text = text.translate({ord(c): str(n % 10) for n, c in enumerate("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩")})
        text = re.sub("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text)
    alike = {" ": " \u00a0\u2007\u2009\u202f", "'": "'’"}
    groups = alike.get(profile.get("thousands") or "", profile.get("thousands") or "")
    point = re.escape(profile["decimal"])
    grouped = rf"\d{{1,3}}(?:[{re.escape(groups)}]\d{{3}})+|" if groups else ""
    body = rf"(?P<body>(?:{grouped}\d+)(?:{point}\d*)?|{point}\d+)"
    signs = sorted(profile.get("currency_signs", []), key=len, reverse=True)
    money = "|".join(map(re.escape, signs)) or "(?!)"
    token = re.compile(
        rf"(?P<money>{money})|{body}|(?P<minus>[-−])|(?P<plus>\+)|(?P<open>\()|(?P<close>\))", re.ASCII
    )
    kinds, found, place = "", None, 0
    squeezed = text.strip("\u00a0\u2007\u2009\u202f ")
    while place < len(squeezed):
        match = token.match(squeezed, place)
        if match is None:
            if squeezed[place] in "\u00a0\u2007\u2009\u202f ":
                place += 1
                continue
            raise RefusedError(text)
        kind = str(match.lastgroup)
        kinds += {"money": "M", "body": "B", "minus": "-", "plus": "+", "open": "(", "close": ")"}[kind]
        found = match["body"] or found
        place = match.end()
    shapes = r"[-+]?M?B|M[-+]B|[-+]?BM"
    shapes += {"parentheses": r"|\(M?B\)|\(BM\)|M\(B\)|\(B\)M", "trailing": "|M?B-|B-M|BM-"}.get(
        profile.get("negatives", ""), ""
    )
    if found is None or not re.fullmatch(shapes, kinds):
        raise RefusedError(text)
    plain = "".join(c for c in found if c not in groups).replace(profile["decimal"], ".")
    return Decimal(plain) * (-1 if set(kinds) & set("-(") else 1)


def second_reading(data: bytes, profile: Profile, *, strict: bool = True) -> tuple[int, Decimal | None]:
    """Read CSV by a profile with Python's own means: rows, and the sum of ``cost``."""
    try:
        text = data.decode(profile["encoding"]).removeprefix("\ufeff")
        if "\0" in text:
            raise RefusedError
        lines = io.StringIO(text, newline="")
        for _ in range(profile["header_row"] - 1):
            lines.readline()
        records = csv.reader(lines, delimiter=profile["delimiter"], strict=strict)
        header = [cell.strip() for cell in next(records)]
        place = header.index("cost")
        numbers: list[Decimal | None] = []
        for record in records:
            first = record[0].strip() if record else ""
            if len(record) <= 1 and not first:
                continue
            # A line of nothing but blanks is a blank line, also where a tab parts the cells.
            blank = profile["delimiter"].isspace() and not "".join(record).strip()
            if blank and len(record) != len(header):
                continue
            totals, comment = profile.get("totals"), profile.get("comment")
            if (totals and first.startswith(totals.rstrip("*"))) or (comment and first.startswith(comment)):
                continue
            if len(record) != len(header):
                raise RefusedError
            numbers.append(number(record[place], profile))
    except (UnicodeError, csv.Error, StopIteration, ValueError, TypeError) as error:
        raise RefusedError from error
    filled = [n for n in numbers if n is not None]
    return len(numbers), sum(filled, Decimal(0)) if filled else None


@st.composite
def tables(draw: st.DrawFn) -> tuple[bytes, Profile]:
    """A table in a random profile."""
    decimal, thousands = draw(st.sampled_from([(".", None), (".", ","), (",", "."), (",", " "), ("٫", "٬")]))
    profile: Profile = {
        "encoding": draw(st.sampled_from(["utf-8", "utf-16", "windows-1252", "windows-1250", "latin-1"])),
        "delimiter": draw(st.sampled_from([";", "\t", "|", ","])),
        "decimal": decimal,
        "nulls": ["", "--"],
        "header_row": draw(st.integers(1, 3)),
    }
    if thousands:
        profile["thousands"] = thousands
    if draw(st.booleans()):
        profile["currency_signs"] = ["€", "kr."]
    profile["negatives"] = draw(st.sampled_from(["minus", "parentheses", "trailing"]))
    if draw(st.booleans()):
        profile |= {"totals": "Total*", "comment": "#"}
    file = io.StringIO(newline="")
    file.write("title\n" * (profile["header_row"] - 1))
    writer = csv.writer(
        file, delimiter=profile["delimiter"], lineterminator=draw(st.sampled_from(["\n", "\r\n"]))
    )
    writer.writerow(["name", "day", "cost"])
    for n in range(draw(st.integers(0, 8))):
        amount = draw(st.decimals(-(10**7), 10**7, places=2))
        marks = {",": thousands or "", ".": decimal}
        text = "".join(marks.get(c, c) for c in f"{abs(amount):,f}")
        if "currency_signs" in profile and draw(st.booleans()):
            text = draw(st.sampled_from([f"€{text}", f"{text} kr."]))
        if amount < 0:
            text = {"parentheses": f"({text})", "trailing": f"{text}-"}.get(profile["negatives"], f"-{text}")
        name = draw(st.sampled_from(["a", 'x "y"', "two\nlines", "a;b", "Total", "# c", "", "öł"]))
        writer.writerow([name, f"2026-01-0{n + 1}", draw(st.sampled_from([text, text, text, "--"]))])
    return file.getvalue().encode(profile["encoding"], "replace"), profile


PIECES = [
    b'"',
    b'""',
    b"\n",
    b"\r",
    b"\r\n",
    b";",
    b",",
    b"\t",
    b"|",
    b"\0",
    b"\xff",
    b"\xe2\x82",
    b" ",
    b"-",
    b"(",
    b")",
]
PIECES += [
    b".",
    b"1",
    b"0",
    b"%",
    b"<",
    b"#",
    b"Total",
    b"e5",
    "\u00a0".encode(),
    "€".encode(),
    "٣".encode(),
    "−".encode(),
]
CHANGES: list[tuple[str, list[Any]]] = [
    ("encoding", ["utf-8", "utf-16", "utf-16-le", "windows-1256", "ascii", "hex", "utf-7", "gb18030", "x"]),
    ("delimiter", [";", ",", "\t", "|", " ", '"', "x", "\n", "§", "--", ""]),
    ("decimal", [".", ",", "٫", " ", "0", "-", "e"]),
    ("thousands", [".", ",", " ", "'", "\u202f", "5", "-"]),
    ("header_row", [0, 1, 2, 3, 7, 999, -1, "x"]),
    ("nulls", [[], ["0"], ["--", "1"], [""], "--"]),
    ("negatives", ["minus", "parentheses", "trailing", "other"]),
    ("currency_signs", [["€"], ["$"], ["."], ["a", "b"], ["kr", "kr."], "€", [""]]),
    ("digits", ["persian", "arabic", "latin"]),
    ("totals", ["*", "a*", "[", "Total", "(*"]),
    ("comment", ["#", "a", "1", '"']),
    ("quote", ['"', "'", "|", ";", "x"]),
    ("date", ["%Y", "%", "%Q", "%Y-%m-%d", "%y%m%d", "unix_s", "\0"]),
    ("bounds", ["value", "half", "empty", "other"]),
    ("kind", ["csv", "json", "jsonl", "parquet", "sheet", "x"]),
    ("calendar", ["jalali", "x"]),
    ("sheet", ["1", "x"]),
    ("rows", ["a", ".", "a.b"]),
]


def mutated(draw: st.DrawFn, data: bytes) -> bytes:
    """Put pieces in, and cut pieces out."""
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(data)))
        size = draw(st.sampled_from([0, 0, 1, 1, 2, 7, 30]))
        data = data[:place] + draw(st.sampled_from([b"", *PIECES])) + data[place + size :]
    return data


broken_bytes = st.composite(mutated)


def changed(draw: st.DrawFn, profile: Profile) -> Profile:
    """Change one key or two of a profile."""
    for _ in range(draw(st.integers(1, 2))):
        key, values = draw(st.sampled_from(CHANGES))
        profile = {**profile, key: draw(st.sampled_from(values))}
    return profile


@st.composite
def broken(draw: st.DrawFn) -> list[tuple[Profile, list[bytes]]]:
    """Files of one table: ``FILES`` of them, by the profile of the table and by broken ones."""
    data, profile = draw(tables())
    stated = (profile, [mutated(draw, data) for _ in range(FILES - 2)])
    return [stated, *((changed(draw, profile), [mutated(draw, data)]) for _ in range(2))]


@st.composite
def broken_plans(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A file, and a plan that is broken as a text."""
    data, profile = draw(tables())
    return mutated(draw, data), mutated(draw, yaml.safe_dump(plan_of("a.csv", profile)).encode())


def beyond(profile: Profile) -> bool:
    """Say whether a profile has what the second reader does not know."""
    return bool({"quote", "kind", "bounds", "calendar"} & set(profile)) or profile["header_row"] == 0


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_csv_is_refused_or_read_as_a_second_reader_does(chunk: int) -> None:
    def holds(case: list[tuple[Profile, list[bytes]]]) -> None:
        with TemporaryDirectory() as folder:
            for profile, files in case:
                found = loaded(Path(folder), "a.csv", profile, *files)
                for data, one in zip(files, found, strict=True):
                    if one is not None and not beyond(profile):
                        compare(data, profile, one)

    def compare(data: bytes, profile: Profile, found: Read) -> None:
        try:
            # A stray quote within one line is let pass: it may change that cell, and no other.
            expected = second_reading(data, profile, strict=b'"' not in data)
        except RefusedError as refused:
            pytest.fail(f"read as {found}, but cannot be read: {refused!r}")
        assert found == expected

    hold(holds, chunk, CASES * 7 // 10 // FILES, broken())


NAMES = ("a.csv.gz", "a.zip", "a.json", "a.jsonl", "a.parquet")
ROWS = [{"name": "a", "day": "x", "cost": 1.5, "more": {"b": [1]}}] * 3


def written(name: str, content: bytes) -> bytes:
    """Write a file of another kind: packed CSV, or a few rows of its own."""
    file = io.BytesIO()
    if name == "a.csv.gz":
        return gzip.compress(content)
    if name == "a.zip":
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("in/a.csv", content)
    elif name == "a.parquet":
        pq.write_table(pa.Table.from_pylist(ROWS), file)
    else:
        text = "\n".join(map(json.dumps, ROWS)) if name == "a.jsonl" else json.dumps(ROWS)
        file.write(text.encode())
    return file.getvalue()


def other_reading(name: str, data: bytes, profile: Profile) -> tuple[int, Decimal | None]:
    """Read a file of another kind by the library of that kind. Raises RefusedError where it says nothing."""
    try:
        if name == "a.csv.gz":
            text = gzip.decompress(data)
            return second_reading(text, profile, strict=b'"' not in text)
        if name == "a.zip":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                (member,) = archive.namelist()
                text = archive.read(member)
            return second_reading(text, profile, strict=b'"' not in text)
        if name == "a.parquet":
            rows = pq.read_table(io.BytesIO(data)).to_pylist()
        else:
            texts = data.decode().splitlines() if name == "a.jsonl" else [data.decode()]
            documents = [json.loads(text, parse_float=Decimal) for text in texts if text.strip()]
            rows = documents if name == "a.jsonl" else documents[0]
        costs = [row["cost"] for row in rows]
        if not all(isinstance(cost, int | float | Decimal) for cost in costs):
            raise RefusedError  # what a text or a nested thing is worth is the profile's to say
    except (OSError, EOFError, ValueError, LookupError, TypeError, zlib.error, zipfile.error) as error:
        raise RefusedError from error
    except (pa.ArrowException, NotImplementedError, RuntimeError) as error:
        raise RefusedError from error
    return len(costs), sum((Decimal(str(cost)) for cost in costs), Decimal(0)) if costs else None


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_other_files_are_refused_or_read_as_their_own_library_does(chunk: int) -> None:
    def holds(case: list[tuple[Profile, list[bytes]]], name: str, data: st.DataObject) -> None:
        with TemporaryDirectory() as folder:
            for profile, contents in case:
                files = [data.draw(broken_bytes(written(name, content))) for content in contents]
                found = loaded(Path(folder), name, profile, *files)
                for file, one in zip(files, found, strict=True):
                    if one is not None and not beyond(profile):
                        with suppress(RefusedError):
                            assert one == other_reading(name, file, profile)

    hold(holds, chunk, CASES * 2 // 10 // FILES, broken(), st.sampled_from(NAMES), st.data())


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_broken_plan_never_breaks_the_reader(chunk: int) -> None:
    def holds(case: tuple[bytes, bytes]) -> None:
        with TemporaryDirectory() as folder:
            home = Path(folder)
            (home / "a.csv").write_bytes(case[0])
            (home / "kurs.yaml").write_bytes(case[1])
            draft = read(home)
            said(draft.problems)
            assert draft.project is not None or errors(draft.problems)
            assert all(problem.place is not None for problem in draft.problems)
            try:
                for one in draft.required().sources.values():
                    with take(Order(one, find(one, home), "load"), lambda _: None) as taken:
                        said(taken.doubts)
            except KursError as error:
                said(error.problems)

    hold(holds, chunk, CASES // 10, broken_plans())


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_broken_workbooks_never_break_the_loader(chunk: int) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(("name", "day", "cost"))
    sheet.append(("a", "x", 1.5))
    file = io.BytesIO()
    book.save(file)
    source = zipfile.ZipFile(file)

    def holds(data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(source.namelist()))
        broken_file = io.BytesIO()
        with zipfile.ZipFile(broken_file, "w") as archive:
            for member in source.namelist():
                content = source.read(member)
                archive.writestr(member, data.draw(broken_bytes(content)) if member == name else content)
        with TemporaryDirectory() as folder:
            loaded(Path(folder), "a.xlsx", {}, broken_file.getvalue())

    hold(holds, chunk, CASES // 100, st.data())  # each is read in a process of its own
