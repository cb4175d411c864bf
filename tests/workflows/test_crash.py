"""Loads that are killed, that meet, that find no room; and readers who go on meanwhile."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kurs.problems import SourceError
from kurs.workflows.load import load
from workflows.world import SOURCES, held, loads_of, project, write

if TYPE_CHECKING:
    from collections.abc import Iterator

WORLD = Path(__file__).with_name("world.py")
KILLS = int(os.environ.get("KURS_KILLS", "6"))  # each takes a second; by hand, hundreds
REFUSED = ("lake_not_written", "not_stored")


class Loader:
    """Begins loads in processes of their own."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, str(WORLD), str(folder)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def begin(self, most_bytes: int = 0) -> int:
        return self._ask(f"go {most_bytes}")

    def end(self) -> int:
        return self._ask("wait")

    def close(self) -> str:
        return self._process.communicate(timeout=60)[1]

    def _ask(self, words: str) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{words}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@pytest.fixture
def loader(tmp_path: Path) -> Iterator[Loader]:
    loader = Loader(tmp_path)
    yield loader
    loader.close()


def test_a_load_that_is_killed_leaves_each_source_as_it_was_or_as_it_is(
    tmp_path: Path, loader: Loader
) -> None:
    chance = random.Random(11)
    old = write(tmp_path, 0)
    loader.begin()
    assert loader.end() == 0
    seconds = 0.5
    outcomes = {"old": 0, "new": 0}
    for number in range(1, KILLS + 1):
        new = write(tmp_path, number)
        counted = {source: loads_of(tmp_path, source) for source in SOURCES}
        process = loader.begin()
        time.sleep(chance.uniform(0, 1.1 * seconds))
        os.kill(process, signal.SIGKILL)
        loader.end()
        for source in SOURCES:
            found = held(tmp_path, source)
            assert found in (old[source], new[source]), source
            outcomes["new" if found == new[source] else "old"] += 1
        began = time.monotonic()
        loader.begin()
        assert loader.end() == 0
        seconds = max(seconds, time.monotonic() - began)  # the longest was nothing but a load
        assert {source: held(tmp_path, source) for source in SOURCES} == new
        # What is in is not loaded again: each round is one load of each source, whoever finished it.
        assert {source: loads_of(tmp_path, source) - counted[source] for source in SOURCES} == dict.fromkeys(
            SOURCES, 1
        )
        old = new
    assert sum(outcomes.values()) == KILLS * len(SOURCES)


def test_loads_that_meet_end_right_and_readers_see_whole_versions(tmp_path: Path, loader: Loader) -> None:
    states = [write(tmp_path, 0)]
    load(project(tmp_path))
    reads = 0
    for number in range(1, 3):
        states.append(write(tmp_path, number))
        begun = [loader.begin() for _ in range(3)]
        until = time.monotonic() + 0.6
        while time.monotonic() < until:
            for source in SOURCES:
                assert held(tmp_path, source) in [state[source] for state in states[-2:]]
                reads += 1
        assert [loader.end() for _ in begun] == [0, 0, 0]
        assert {source: held(tmp_path, source) for source in SOURCES} == states[-1]
        assert [loads_of(tmp_path, source) for source in SOURCES] == [number + 1] * 3
    assert reads > 3


def test_a_full_disk_leaves_the_lake_as_it_was(tmp_path: Path, loader: Loader) -> None:
    old = write(tmp_path, 0)
    load(project(tmp_path))
    new, whole = write(tmp_path, 1), 0
    for most_bytes in (1, 600, 1200, 1800):  # what does not fit is the rows, or the log
        loader.begin(most_bytes)
        code = loader.end()
        assert code in ((3,) if most_bytes == 1 else (0, 3)), loader.close()
        whole += code == 0
        for source in SOURCES:
            assert held(tmp_path, source) in (old[source], new[source])
        assert most_bytes > 1 or {source: held(tmp_path, source) for source in SOURCES} == old
    said = [line for line in loader.close().splitlines() if line.startswith(REFUSED)]  # delta-rs panics, too
    assert len(said) == 4 - whole
    load(project(tmp_path))
    assert {source: held(tmp_path, source) for source in SOURCES} == new


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = write(tmp_path, 0)
    load(project(tmp_path))
    write(tmp_path, 1)
    opened = Path.open

    def refused(path: Path, *said: object, **more: object) -> object:
        if path.name == "ads_2.csv":
            raise PermissionError(13, "Permission denied")
        return opened(path, *said, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(SourceError) as failed:
        load(project(tmp_path))
    assert [problem.code for problem in failed.value.problems] == ["unreadable", "sources_loaded"]
    assert failed.value.problems[0].values == {"file": "ads_2.csv", "reason": "Permission denied"}
    assert held(tmp_path, "ads") == old["ads"]
