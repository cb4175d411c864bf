"""Files in zip archives: one, or those that are named; never more than a real export would hold."""

from __future__ import annotations

import gzip
import zipfile
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sources.taking import came, refused, source

if TYPE_CHECKING:
    from pathlib import Path


def packed(path: Path, **members: str | bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)


def test_the_one_file_of_an_archive_is_read(tmp_path: Path) -> None:
    members = {"out__a.csv": "n;t\n1;é\n", "__MACOSX__._a.csv": b"\0\1", "out__": b""}
    packed(tmp_path / "a.zip", **members)
    assert came(tmp_path, source("a.zip", delimiter=";")).rows == [(1, "é")]


def test_the_ending_of_a_member_tells_its_kind(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", **{"a.tsv": "a\tb\n1\t2\n"})
    assert came(tmp_path, source("a.zip")).rows == [(1, 2)]
    pq.write_table(pa.table({"a": [1, 2]}), tmp_path / "b.parquet")
    packed(tmp_path / "b.zip", **{"b.parquet": (tmp_path / "b.parquet").read_bytes()})
    assert came(tmp_path, source("b.zip")).rows == [(1,), (2,)]


def test_several_files_need_a_word_about_which(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", **{"Queries.csv": "q\na\n", "Pages.csv": "p\nb\n"})
    (problem,) = refused(tmp_path, source("a.zip"))
    assert (problem.code, problem.values["members"]) == ("archive_members", ("Pages.csv", "Queries.csv"))
    assert came(tmp_path, source("a.zip", member="Quer*")).rows == [("a",)]
    (problem,) = refused(tmp_path, source("a.zip", member="Dates.csv"))
    assert problem.code == "archive_member_missing"


def test_all_members_that_are_named_are_read(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", **{"m1.csv": "n\n1\n", "m2.csv": "n\n2\n", "x.csv": "y\n3\n"})
    assert sorted(came(tmp_path, source("a.zip", member="m*.csv")).rows) == [(1,), (2,)]


def test_a_row_is_named_with_its_member(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", **{"a.csv": "n,m\n1,2\n3\n"})
    (problem,) = refused(tmp_path, source("a.zip"))
    assert (problem.values["file"], problem.values["row"]) == ("a.zip/a.csv", 3)


@pytest.mark.parametrize("ending", [".zip", ".csv.gz"])
def test_a_bomb_is_stopped(tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kurs.sources.archives._PLAIN", 1 << 20)
    bomb = b"n\n" + b"1\n" * (4 << 20)
    if ending == ".zip":
        packed(tmp_path / "a.zip", **{"a.csv": bomb})
    else:
        (tmp_path / "a.csv.gz").write_bytes(gzip.compress(bomb))
    assert [problem.code for problem in refused(tmp_path, source(f"a{ending}"))] == ["archive_bomb"]


def test_a_broken_archive_is_told(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", **{"a.csv": "n\n" + "123\n" * 10_000})
    data = bytearray((tmp_path / "a.zip").read_bytes())
    (tmp_path / "cut.zip").write_bytes(data[:60])
    data[60] ^= 0xFF
    (tmp_path / "bent.zip").write_bytes(data)
    for name in ("cut.zip", "bent.zip"):
        assert {problem.code for problem in refused(tmp_path, source(name))} <= {"unreadable", "bad_encoding"}


def test_an_archive_within_an_archive_is_not_guessed_at(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", **{"a.csv.gz": gzip.compress(b"n\n1\n")})
    assert [problem.code for problem in refused(tmp_path, source("a.zip"))] == ["unknown_format"]
