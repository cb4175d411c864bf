"""Replaces files of the plan: each is the old one or the new one at every moment, whatever is killed when."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from kurs.problems import Problem, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_BOM = b"\xef\xbb\xbf"
_NEW = ".kurs-new"


def rewrite(folder: Path, texts: Mapping[str, tuple[str, str]]) -> None:
    """Write the second text of each file in the place of the first.

    All are written beside the old ones before the first is replaced; a link stays a link. Raises UsageError:
    ``plan_file_changed`` for a file that is no longer as it was read, ``not_writable``; then none is touched.
    """
    written: list[tuple[Path, Path]] = []
    try:
        for name, (before, after) in texts.items():
            path = (folder / name).resolve()
            content = path.read_bytes()
            if content.decode("utf-8-sig") != before:
                raise UsageError(Problem("plan_file_changed", {"file": name}))
            new = path.with_name(f".{path.name}{_NEW}")
            written.append((new, path))
            with new.open("wb") as stream:
                stream.write((_BOM if content.startswith(_BOM) else b"") + after.encode("utf-8"))
                stream.flush()
                os.fsync(stream.fileno())
            shutil.copymode(path, new)
        for new, path in written:
            new.replace(path)
    except OSError as error:
        values = {"file": str(error.filename or folder), "reason": error.strerror or type(error).__name__}
        raise UsageError(Problem("not_writable", values)) from error
    finally:
        for new, _ in written:
            with suppress(OSError):
                new.unlink(missing_ok=True)
