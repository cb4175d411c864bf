"""How quickly the dashboard answers: 40 KPIs over ten million sessions, one reader, then fifty at once.

    python benchmarks/dashboard.py [--rows 10000000] [--folder DIR] [--seconds 10]

Makes the shop of questions.py, serves it in a process of its own, and asks for the overview: for the first
time, in a new form each time (the page is made, the readings are known), again and again, and by its version
(304). Fifty readers are those of wrk where it is installed, else threads of this process. Times are of the
client on loopback; CPU is that of the server, user and system. The first paint is what a headless Chromium
says of itself, each time with an empty cache; without Chromium it is left out.
"""

from __future__ import annotations

import argparse
import http.client
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from questions import make

PORT = 8437
READERS = 50
ROUNDS = 40
PAINTS = 10
# What became of a page, in milliseconds since the browser asked for it.
PAINTED = """new Promise(done => {
  const look = () => performance.getEntriesByType('paint').length > 1 ? done() : setTimeout(look, 10);
  look();
})"""  # the page's policy allows no predicate that is given as a text
MOMENTS = """() => ({
    "first byte": performance.getEntriesByType("navigation")[0].responseStart,
    "first paint": performance.getEntriesByName("first-paint")[0].startTime,
    "first contentful paint": performance.getEntriesByName("first-contentful-paint")[0].startTime,
    "loaded": performance.getEntriesByType("navigation")[0].loadEventEnd,
})"""


def asked(connection: http.client.HTTPConnection, path: str, tag: str = "") -> tuple[float, int, str]:
    """Ask once; return milliseconds, the status and the version of the answer."""
    started = time.perf_counter()
    connection.request("GET", path, headers={"if-none-match": tag} if tag else {})
    answer = connection.getresponse()
    answer.read()
    took = 1000 * (time.perf_counter() - started)
    return took, answer.status, answer.headers.get("etag", "")


def show(name: str, took: list[float]) -> None:
    """Write the median and the 95th percentile."""
    ninety_fifth = sorted(took)[int(0.95 * (len(took) - 1))]
    print(f"{name:<44} median {statistics.median(took):7.1f} ms   p95 {ninety_fifth:7.1f} ms")


def cpu(pid: int) -> float:
    """Return the CPU seconds that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def one_reader(pid: int) -> None:
    """Ask for the overview in the four ways."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=600)
    before = cpu(pid)
    first, status, _ = asked(connection, "/")
    assert status == 200, status
    print(f"{'the first overview':<44} {first:14.0f} ms   {cpu(pid) - before:.1f} s of CPU")
    before = cpu(pid)
    show("a new form of it, readings known", [asked(connection, f"/?cards={n}")[0] for n in range(ROUNDS)])
    print(f"{'':<44} {1000 * (cpu(pid) - before) / ROUNDS:14.1f} ms of CPU each")
    before = cpu(pid)
    show("the same again", [asked(connection, "/")[0] for _ in range(ROUNDS)])
    print(f"{'':<44} {1000 * (cpu(pid) - before) / ROUNDS:14.1f} ms of CPU each")
    tag = asked(connection, "/")[2]
    show("by its version: not modified", [asked(connection, "/", tag)[0] for _ in range(ROUNDS)])


def paints() -> None:
    """Open the overview, and a KPI with its charts, in a browser that has never been here."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        print("no chromium: no paint")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for name, address in (
            ("overview", "/"),
            ("a KPI", "/kpi/k_sessions_month"),
            ("its history", "/history/k_sessions_month"),
        ):
            said: list[dict[str, float]] = []
            for _ in range(PAINTS):
                context = browser.new_context(viewport={"width": 1320, "height": 900})
                page = context.new_page()
                page.goto(f"http://127.0.0.1:{PORT}{address}")
                page.evaluate(PAINTED)
                said.append(page.evaluate(MOMENTS))
                context.close()
            for moment in said[0]:
                show(f"{name}: {moment}", [one[moment] for one in said])
        browser.close()


def many_readers(seconds: int) -> None:
    """Let fifty readers ask for the overview at once."""
    wrk = shutil.which("wrk")
    if wrk is not None:
        command = [wrk, "-t2", f"-c{READERS}", f"-d{seconds}s", "--latency", f"http://127.0.0.1:{PORT}/"]
        print(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        return
    took: list[float] = []
    wrong: list[int] = []

    def read() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=600)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            milliseconds, status, _ = asked(connection, "/")
            took.append(milliseconds)
            if status != 200:
                wrong.append(status)

    readers = [threading.Thread(target=read) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    show(f"{READERS} readers, {len(took)} answers, {len(wrong)} wrong", took)


def serve(folder: Path) -> subprocess.Popen[bytes]:
    """Start the server, and wait until it is there."""
    command = [sys.executable, "-c", "from kurs.cli.main import run; import sys; sys.exit(run())"]
    server = subprocess.Popen([*command, "--project", str(folder), "serve", "--port", str(PORT), "--quiet"])
    while True:
        time.sleep(0.2)
        try:
            asked(http.client.HTTPConnection("127.0.0.1", PORT, timeout=5), "/healthz")
        except OSError:
            if server.poll() is not None:
                sys.exit("the server ended")
        else:
            return server


def main() -> int:
    """Make or reuse the data, serve them, measure, and take all away again."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="kurs-dashboard-"))
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "kurs.yaml").exists():
        make(folder, given.rows)
    load = os.getloadavg()[0]
    print(f"{given.rows:,} sessions, 40 KPIs; Python {platform.python_version()}, {os.cpu_count()} cores")
    print(f"load now {load:.1f}")
    server = serve(folder)
    try:
        one_reader(server.pid)
        paints()
        many_readers(given.seconds)
    finally:
        server.terminate()
        server.wait(30)
        if given.folder is None:
            shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
