"""Loads of SHOP_DB to be killed: ``python killed.py FOLDER``.

Each line of the input begins one in a fork of this process, which answers with its process id; ``wait``
answers with how it ended.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import deltalake  # noqa: F401 - what a load imports is there before the fork
import psycopg  # noqa: F401

import kurs.sources.postgres
import kurs.sources.take
import kurs.workflows.changes  # noqa: F401
from databases.loading import orders, project
from kurs.workflows.load import load

SOURCES = {
    "whole": orders(window="day"),
    "since": orders(window="day", cursor="changed", look_back_days=2),
}


def serve(folder: Path) -> None:
    process = 0
    for line in sys.stdin:
        word = line.strip()
        answer = 0
        if word == "wait":
            answer = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        else:
            answer = process = os.fork()
            if process == 0:
                load(project(folder, SOURCES[word]))
                os._exit(0)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
