"""Pages of questions: whole or not there, bounded, whoever else writes."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from kurs.lake.questions import Questions

if TYPE_CHECKING:
    from pathlib import Path


def test_a_page_is_found_under_its_key_alone(tmp_path: Path) -> None:
    pages = Questions(tmp_path / "questions")
    assert pages.find("a") is None
    pages.keep("a", {"sql": "SELECT 1"})
    assert pages.find("a") == {"sql": "SELECT 1"}
    assert pages.find("b") is None
    pages.count_hit("a")
    assert (pages.use().pages, pages.use().hits) == (1, 1)
    assert pages.clear() > 0
    assert pages.find("a") is None


def test_what_served_longest_ago_goes_first(tmp_path: Path) -> None:
    pages = Questions(tmp_path)
    for place, key in enumerate("abcd"):
        pages.keep(key, {"key": key})
        os.utime(tmp_path / f"{key}.json", (1_000 + place, 1_000 + place))
    pages.count_hit("a")
    pages.tidy(most_pages=2)
    assert [key for key in "abcd" if pages.find(key)] == ["a", "d"]
    pages.tidy(most_bytes=20)
    assert [key for key in "abcd" if pages.find(key)] == ["a"]


def test_a_killed_writer_leaves_a_draft_that_nobody_reads_and_that_goes(tmp_path: Path) -> None:
    pages = Questions(tmp_path)
    (tmp_path / "x.draft").write_text('{"sql": ', encoding="utf-8")
    (tmp_path / "old.draft").write_text("", encoding="utf-8")
    long_ago = time.time() - 7200
    os.utime(tmp_path / "old.draft", (long_ago, long_ago))
    pages.keep("a", {})
    assert pages.use().pages == 1
    assert not (tmp_path / "old.draft").exists()
    assert (tmp_path / "x.draft").exists()


def test_writers_at_once_leave_one_whole_page(tmp_path: Path) -> None:
    pages = Questions(tmp_path)
    told = [{"sql": str(writer) * 20_000} for writer in range(8)]

    def write_and_read(page: dict[str, object]) -> bool:
        found = []
        for _ in range(20):
            pages.keep("a", page)
            found.append(pages.find("a"))
        return all(each in told for each in found)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(write_and_read, told))
    assert pages.use().pages == 1


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "questions").write_text("a file", encoding="utf-8")
    pages = Questions(tmp_path / "questions")
    pages.keep("a", {})
    pages.count_hit("a")
    assert pages.find("a") is None
