"""Memory does not grow with a file."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

LOAD = """
import sys
from pathlib import Path
from kurs.model.source import Source
from kurs.sources.files import find
from kurs.sources.take import Order, take
folder = Path(sys.argv[1])
source = Source("it", "it", ("a.csv",), unique_key=("id",))
with take(Order(source, find(source, folder), "load", scratch=folder / "scratch"), lambda _: None) as taken:
    stream = taken.relation.to_arrow_reader(100_000)
    rows = sum(batch.num_rows for batch in stream)
# Not ru_maxrss: that of a new process begins with the size of the one that started it.
peak = next(line for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))
print(rows, taken.rows, int(peak.split()[1]) // 1024, list(folder.iterdir()))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_a_file_larger_than_the_memory_for_it_is_read(tmp_path: Path) -> None:
    rows = 1_000_000
    with (tmp_path / "a.csv").open("w") as file:
        file.write("id,day,text,n\n")
        for part in range(0, rows, 100_000):
            file.write(
                "".join(
                    f"{n},2026-01-{n % 28 + 1:02},{'text' * 40}{n},{n}.25\n"
                    for n in range(part, part + 100_000)
                )
            )
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(tmp_path)], capture_output=True, text=True, check=True
    )
    read, counted, megabytes = map(int, done.stdout.split()[:3])
    assert (read, counted) == (rows, rows)
    assert megabytes < 800
    assert "scratch" not in done.stdout
