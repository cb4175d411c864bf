"""A Postgres of our own on loopback, for as long as the tests run: found, made, started, thrown away."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

PASSWORD = "p@ss w:rd/%41"
_PLACES = "/usr/lib/postgresql"
_UNPRIVILEGED = ("postgres", "nobody")


def programs() -> Path | None:
    """Return the folder of initdb and pg_ctl, the newest there is; None where nothing is installed."""
    on_path = shutil.which("initdb")
    if on_path is not None and shutil.which("pg_ctl") is not None:
        return Path(on_path).resolve().parent
    found = sorted(Path(_PLACES).glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def postgres(bin_folder: Path) -> Generator[str]:
    """Start a server; yield host and port. Only loopback, and only with a password."""
    folder = Path(tempfile.mkdtemp(prefix="kurs-postgres-"))
    user = _user()
    if user is not None:
        shutil.chown(folder, user)

    def run(*words: str) -> None:
        done = subprocess.run(words, user=user, capture_output=True, text=True, check=False, cwd=folder)
        assert done.returncode == 0, done.stderr

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    secret = folder / "secret"
    secret.write_text(PASSWORD, "utf-8")
    data = str(folder / "data")
    settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    try:
        run(
            *(str(bin_folder / "initdb"), "-D", data, "-U", "boss", "-A", "scram-sha-256"),
            *(f"--pwfile={secret}", "-E", "UTF8", "--locale=C", "--no-sync"),
        )
        start = (str(bin_folder / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log"))
        run(*start, "-o", settings, "start")
        try:
            yield f"127.0.0.1:{port}"
        finally:
            run(str(bin_folder / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _user() -> str | None:
    """Return somebody to be instead of root, as whom Postgres does not start."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _UNPRIVILEGED if name in names)
