"""One line of the journal: who decided what and when, sealed by a hash, chained to the line before.

A line is one JSON object whose last key is ``hash``: the SHA-256 of the line's own bytes without that key.
``previous`` is the hash of the line before it in the same file, null in the first one.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

_SEAL = re.compile(rb',"hash":"([0-9a-f]{64})"\}$')


class Kind(StrEnum):
    """What an entry is about."""

    APPROVE = "approve"
    NOTE = "note"
    ACTION = "action"
    FREEZE = "freeze"
    SNAPSHOT = "snapshot"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be written: the plan's ``day`` on which it holds, and the ``time`` of the clock.

    ``person`` is a name of the plan's people; ``identity`` is who the machine says was at work.
    """

    kind: Kind
    day: date
    time: datetime
    identity: str
    content: Mapping[str, object]
    person: str | None = None
    kpi: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision as it stands in ``writer``'s file at ``line``, counted from 1."""

    decision: Decision
    writer: str
    line: int
    previous: str | None
    hash: str


def written(decision: Decision, writer: str, previous: str | None) -> bytes:
    """Return the sealed line of a decision, with its end. Not-a-number and infinity are a ValueError."""
    body = {
        "writer": writer,
        "time": decision.time.isoformat(),
        "day": decision.day.isoformat(),
        "kind": str(decision.kind),
        "person": decision.person,
        "identity": decision.identity,
        "kpi": decision.kpi,
        "content": decision.content,
        "previous": previous,
    }
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    line = text.encode("utf-8", "replace")
    return line[:-1] + b',"hash":"' + _digest(line).encode() + b'"}\n'


def seal(line: bytes) -> tuple[str, bool]:
    """Return the hash by which the next line knows this one, and whether the line is as it was written."""
    match = _SEAL.search(line)
    if match is None:
        return _digest(line), False
    stated = match[1].decode()
    return stated, _digest(line[: match.start()] + b"}") == stated


def parse(line: bytes, number: int) -> Entry | None:
    """Read one line; None when it is no entry."""
    try:
        said: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    body = cast("dict[str, object]", said)
    content, kind = body.get("content"), body.get("kind")
    if not isinstance(content, dict) or kind not in tuple(Kind):
        return None
    try:
        day, time = date.fromisoformat(str(body.get("day"))), datetime.fromisoformat(str(body.get("time")))
    except ValueError:
        return None
    if time.tzinfo is None:
        return None
    decision = Decision(
        kind=Kind(str(kind)),
        day=day,
        time=time,
        identity=str(body.get("identity")),
        content=cast("dict[str, object]", content),
        person=_name(body.get("person")),
        kpi=_name(body.get("kpi")),
    )
    previous = _name(body.get("previous"))
    return Entry(decision, str(body.get("writer")), number, previous, str(body.get("hash")))


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _name(value: object) -> str | None:
    return None if value is None else str(value)
