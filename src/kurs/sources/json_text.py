"""JSON as exact text: numbers keep their digits, objects become paths, arrays stay JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_DEEPEST = 50


class Number(str):
    """The text of a number, so that 0.1 never becomes a double."""

    __slots__ = ()


def decoder() -> json.JSONDecoder:
    """Return a decoder that keeps the text of numbers, and refuses NaN and a key that stands twice."""
    return json.JSONDecoder(
        parse_float=Number, parse_int=Number, parse_constant=_refuse, object_pairs_hook=_once
    )


def flat(
    row: Mapping[str, object], whole: Collection[str] = (), path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield (path, value) for the values of nested objects; an object at a path in ``whole`` stays one.

    Raises ValueError for what is nested too deep.
    """
    if len(path) > _DEEPEST:
        raise ValueError("too deep")
    for key, value in row.items():
        here = (*path, key)
        if isinstance(value, dict) and ".".join(here) not in whole:
            yield from flat(cast("dict[str, object]", value), whole, here)
        else:
            yield here, value


def as_text(value: object) -> str | None:
    """Write a value as text: a string as it is, an array or object as JSON with exact numbers."""
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case _:
            return "".join(_written(value))


def _written(value: object) -> Iterator[str]:
    match value:
        case Number():
            yield str(value)
        case list():
            yield "["
            for n, item in enumerate(cast("list[object]", value)):
                yield "," if n else ""
                yield from _written(item)
            yield "]"
        case dict():
            yield "{"
            for n, (key, item) in enumerate(cast("dict[str, object]", value).items()):
                yield ("," if n else "") + json.dumps(key, ensure_ascii=False) + ":"
                yield from _written(item)
            yield "}"
        case _:
            yield json.dumps(value, ensure_ascii=False)


def _refuse(constant: str) -> object:
    raise ValueError(constant)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(next(name for name in names if names.count(name) > 1))
    return found
