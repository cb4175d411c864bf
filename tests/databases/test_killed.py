"""A load from a server that is killed leaves the lake as it was or as it is, and the next load is right."""

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

from databases.loading import project
from databases.loading import rows as lake
from kurs.workflows.opening import open_lake

if TYPE_CHECKING:
    from databases.conftest import Server

HERE = Path(__file__).parent
KILLS = int(os.environ.get("KURS_KILLS", "4"))  # each takes a second of CPU; by hand, hundreds
COUNT = 4_000
SUMS = "count(*), count(DISTINCT id), sum(id), sum(amount), max(changed)"


@pytest.mark.needs("postgres")
@pytest.mark.parametrize("way", ["whole", "since"])
def test_nothing_is_lost_and_nothing_comes_twice(db: Server, tmp_path: Path, way: str) -> None:
    db.run(
        "CREATE TABLE orders (id int PRIMARY KEY, day date, amount numeric(12,2), changed timestamp, t text)",
        "INSERT INTO orders SELECT n, DATE '2026-01-01' + n / 100, n, TIMESTAMP '2026-01-01' + n * INTERVAL "
        f"'1 minute', repeat('x', 300) FROM generate_series(1, {COUNT}) AS n",
    )
    command = [sys.executable, str(HERE / "killed.py"), str(tmp_path)]
    paths = os.pathsep.join([str(HERE.parent), *sys.path])
    pipe, environment = subprocess.PIPE, {**os.environ, "PYTHONPATH": paths}
    loader = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment)
    assert loader.stdin is not None
    assert loader.stdout is not None

    def tell(word: str) -> int:
        assert loader.stdin is not None
        assert loader.stdout is not None
        print(word, file=loader.stdin, flush=True)
        return int(loader.stdout.readline())

    def there() -> tuple[object, ...] | None:
        snapshot = open_lake(project(tmp_path)).open("orders")
        return None if snapshot is None else lake(tmp_path, f"SELECT {SUMS} FROM orders")[0]

    chance = random.Random(7)
    seconds, old, cut = 0.6, None, 0
    for number in range(KILLS):
        # Some rows change and one is new, so that each round can be told from the others.
        db.run(
            f"UPDATE orders SET amount = amount + 1, changed = TIMESTAMP '2026-02-01' + {number} * INTERVAL "
            f"'1 day' WHERE id % 97 = {number}",
            f"INSERT INTO orders VALUES ({COUNT + 1 + number}, DATE '2026-02-10' + {number}, 1, "
            f"TIMESTAMP '2026-02-01' + {number} * INTERVAL '1 day', '')",
        )
        (new,) = db.run(f"SELECT {SUMS} FROM orders")
        process = tell(way)
        time.sleep(chance.uniform(0, 1.1 * seconds))
        os.kill(process, signal.SIGKILL)
        cut += tell("wait") == -signal.SIGKILL
        assert there() in (old, new)
        began = time.monotonic()
        tell(way)
        assert tell("wait") == 0
        seconds = time.monotonic() - began
        assert there() == new
        old = new
    assert cut
    loader.communicate(timeout=60)
