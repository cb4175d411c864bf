"""Packed files: gzip and zip, unpacked as a stream, and never beyond what a real export would hold."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Protocol

from kurs.problems import Problem, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from _typeshed import WriteableBuffer

    from kurs.sources.files import Found

_PLAIN = 256 << 20  # what may always be unpacked
_RATIO = 250  # beyond that: times the packed size; exports shrink to a fifth or a fiftieth
_IN_MEMORY = 512 << 20  # of a kind that is not read in one go from its beginning to its end
_MOST_MEMBERS = 10_000
PACKED_ERRORS = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)


def members_of(path: Path, name: str, wanted: str | None) -> list[tuple[str, int]]:
    """Return the members of a zip archive to be read: (name, packed size), in order of name.

    Raises SourceError: ``unreadable``; ``archive_member_missing`` if ``wanted``, a name with * as wildcard,
    or any file at all is not there; ``archive_members`` if there are several and none is wanted.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except PACKED_ERRORS as error:
        raise unreadable(name, error) from error
    there = {info.filename: info.compress_size for info in infos[:_MOST_MEMBERS] if _is_file(info)}
    found = sorted(member for member in there if wanted is None or fnmatchcase(member, wanted))
    names = tuple(sorted(there)[:20])
    if not found:
        values = {"file": name, "member": wanted or "*", "members": names}
        raise SourceError(Problem("archive_member_missing", values))
    if wanted is None and len(found) > 1:
        raise SourceError(Problem("archive_members", {"file": name, "members": names, "count": len(found)}))
    return [(member, there[member]) for member in found]


@contextmanager
def opened(file: Found, advanced: Callable[[int], None]) -> Generator[IO[bytes]]:
    """Open a file, unpacked; ``advanced`` hears of the packed bytes that were read.

    What is wrong with the packing is raised as one of ``PACKED_ERRORS``; SourceError ``archive_bomb`` where
    more comes out than a real export would hold.
    """
    with file.path.open("rb") as raw:
        if file.member is not None:
            with zipfile.ZipFile(raw) as archive, archive.open(file.member) as content:
                size = archive.getinfo(file.member).file_size
                yield _wrapped(file, content, lambda out: out * file.size // max(size, out, 1), advanced)
        elif file.zipped:
            with gzip.GzipFile(fileobj=raw) as content:
                yield _wrapped(file, content, lambda _: raw.tell(), advanced)
        else:
            yield _wrapped(file, raw, lambda _: raw.tell(), advanced, bounded=False)


def whole(file: Found) -> Path | io.BytesIO:
    """Return what a library can open that jumps about in a file: its path, or its unpacked content.

    Raises SourceError: ``unreadable``, ``archive_bomb``.
    """
    if file.member is None and not file.zipped:
        return file.path
    try:
        with opened(file, lambda _: None) as content:
            found = content.read(_IN_MEMORY + 1)
    except PACKED_ERRORS as error:
        raise unreadable(file.name, error) from error
    if len(found) > _IN_MEMORY:
        raise _bomb(file, _IN_MEMORY)
    return io.BytesIO(found)


def unpacked(file: Found, folder: Path, most: int) -> Path:
    """Return where a file lies unpacked: itself, or written into ``folder``, if no larger than ``most``.

    Raises SourceError: ``unreadable``, ``archive_bomb``.
    """
    if file.member is None and not file.zipped:
        return file.path
    path = folder / f"unpacked{PurePosixPath((file.member or file.name).lower().removesuffix('.gz')).suffix}"
    size = 0
    try:
        with opened(file, lambda _: None) as content, path.open("wb") as target:
            while block := content.read(1 << 20):
                size += target.write(block)
                if size > most:
                    raise _bomb(file, most)
    except PACKED_ERRORS as error:
        raise unreadable(file.name, error) from error
    return path


def unreadable(name: str, error: Exception) -> SourceError:
    """Return the problem for a file that cannot be read."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return SourceError(Problem("unreadable", {"file": name, "reason": reason or type(error).__name__}))


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Watched(io.RawIOBase):
    """A stream that tells how far it is, and stops where too much comes out of too little."""

    def __init__(
        self,
        file: Found,
        content: _Readable,
        place: Callable[[int], int],
        advanced: Callable[[int], None],
        *,
        bounded: bool,
    ) -> None:
        super().__init__()
        self._file, self._content, self._place, self._advanced = file, content, place, advanced
        self._most = max(_PLAIN, file.size * _RATIO) if bounded else None
        self._out = self._told = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        block = self._content.read(len(view))
        view[: len(block)] = block
        self._out += len(block)
        if self._most is not None and self._out > self._most:
            raise _bomb(self._file, self._most)
        place = self._place(self._out)
        self._advanced(place - self._told)
        self._told = place
        return len(block)


def _wrapped(
    file: Found,
    content: _Readable,
    place: Callable[[int], int],
    advanced: Callable[[int], None],
    *,
    bounded: bool = True,
) -> IO[bytes]:
    return io.BufferedReader(_Watched(file, content, place, advanced, bounded=bounded), 1 << 20)


def _is_file(info: zipfile.ZipInfo) -> bool:
    """Say whether a member is a file that somebody put there: no folder, nothing that a Mac adds."""
    parts = info.filename.split("/")
    return not info.is_dir() and parts[0] != "__MACOSX" and not parts[-1].startswith(".")


def _bomb(file: Found, most: int) -> SourceError:
    return SourceError(Problem("archive_bomb", {"file": file.name, "limit": most >> 20}))
