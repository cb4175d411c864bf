"""Where the rows stand in a JSON document, and a sample of one that is large."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from kurs.problems import Problem, SourceError
from kurs.sources.json_array import JsonArray
from kurs.sources.json_text import as_text, decoder
from kurs.sources.stream import blocks, nothing_told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kurs.sources.files import Found

_DEEPEST = 4


def rows_in(file: Found, encoding: str, bound: int) -> tuple[str | None, ...]:
    """Return the paths of the arrays of objects in a document; (None,) if it is one, () if it has lines.

    Raises SourceError: ``bad_json``; ``json_rows_missing``; ``look_too_large`` where more than ``bound``
    bytes would have to be held to find them.
    """
    text = _head(file, encoding, bound)
    start = text.lstrip()[:1]
    if start == "[":
        return (None,)
    try:
        document, end = decoder().raw_decode(text.lstrip())
        rest = text.lstrip()[end:].strip()
    except (ValueError, RecursionError) as error:
        if len(text) >= bound:
            raise SourceError(Problem("look_too_large", {"file": file.name, "limit": bound >> 20})) from error
        row = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        values = {"file": file.name, "row": row, "reason": str(error)}
        raise SourceError(Problem("bad_json", values)) from error
    if rest.startswith("{"):
        return ()
    found = tuple(_arrays(cast("dict[str, object]", document), ())) if isinstance(document, dict) else ()
    if not found:
        raise SourceError(Problem("json_rows_missing", {"file": file.name, "rows": "", "arrays": ()}))
    return found


def sample_of_array(file: Found, encoding: str, target: Path, bound: int) -> tuple[Found, bool]:
    """Return a document that is an array with the first items alone, as many as ``bound`` bytes hold."""
    text = _head(file, encoding, bound)
    if len(text) < bound:
        return file, False
    items: list[str | None] = []
    try:
        items.extend(as_text(item) for item in JsonArray(io.StringIO(text), ()).items())
    except ValueError:  # where the text was cut off; a fault within is found by the load
        items = items or [None]
    target.write_text(f"[{','.join(item for item in items if item is not None)}]", encoding)
    return replace(file, path=target, zipped=False, member=None, size=target.stat().st_size), True


def _head(file: Found, encoding: str, bound: int) -> str:
    found = bytearray()
    for block in blocks(file, encoding, nothing_told):
        found += block
        if len(found) >= bound:
            break
    return found[:bound].decode("utf-8", "ignore")


def _arrays(document: Mapping[str, object], path: tuple[str, ...]) -> Iterator[str]:
    for key, value in document.items():
        here = (*path, key)
        if "." in key:  # a path could not tell where it ends
            continue
        if isinstance(value, list) and any(isinstance(item, dict) for item in cast("list[object]", value)):
            yield ".".join(here)
        elif isinstance(value, dict) and len(here) < _DEEPEST:
            yield from _arrays(cast("dict[str, object]", value), here)
