"""The library by which a browser draws charts: bundled once, kept in the cache of the person who serves."""

from __future__ import annotations

import gzip
import os
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from starlette.responses import Response

from kurs.report.charts.drawing import library, library_name

if sys.platform == "win32":
    _CACHE = ("LOCALAPPDATA", "AppData/Local")
else:
    _CACHE = ("XDG_CACHE_HOME", ".cache")


def cache_folder() -> Path | None:
    """Return the folder of this person's caches for kurs; None where there is no home.

    It is not the project's ``.kurs``: what a cloned project brings along must not run in a browser.
    """
    name, below_home = _CACHE
    given = os.environ.get(name)
    try:
        folder = Path(given) if given else Path.home() / below_home
    except RuntimeError:
        return None
    return folder / "kurs" if folder.is_absolute() else None


def library_path() -> str:
    """Return its address. Another release has another one, so a browser may keep it for good."""
    return f"/static/{library_name()}"


@dataclass(slots=True)
class Library:
    """The compressed script; it is bundled when somebody asks for it first, if no earlier server has."""

    folder: Path | None = field(default_factory=cache_folder)
    _script: bytes = b""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, accepted: str) -> Response:
        """Answer with the script, to a browser that accepts these encodings."""
        script = self._compressed()
        headers = {"cache-control": "public, max-age=31536000, immutable", "vary": "Accept-Encoding"}
        if "gzip" in accepted:
            headers["content-encoding"] = "gzip"
        else:
            script = gzip.decompress(script)
        return Response(script, media_type="text/javascript; charset=utf-8", headers=headers)

    def _compressed(self) -> bytes:
        with self._lock:
            if not self._script:
                self._script = self._kept() or self._bundled()
            return self._script

    def _kept(self) -> bytes:
        try:
            return (self.folder / f"{library_name()}.gz").read_bytes() if self.folder is not None else b""
        except OSError:
            return b""

    def _bundled(self) -> bytes:
        script = gzip.compress(library().encode(), 9, mtime=0)
        if self.folder is not None:
            with suppress(OSError):  # a home that cannot be written to: the next server bundles again
                _keep(script, self.folder / f"{library_name()}.gz")
        return script


def _keep(content: bytes, at: Path) -> None:
    """Write a file whole or not at all: another server may be reading it. Raises OSError."""
    at.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=at.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(at)
