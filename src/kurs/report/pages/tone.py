"""How a status looks: a tone, which is a colour, and a shape. The word always stands beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.evaluate.reading import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

NEUTRAL = "none"
_TONES: Mapping[str, str] = {
    Status.MET: "good",
    Status.ON_TRACK: "good",
    Status.AT_RISK: "warn",
    Status.OFF_TRACK: "bad",
    Status.MISSED: "bad",
}
GOOD = frozenset({Status.MET, Status.ON_TRACK})


def tone_of(status: str | None) -> str:
    """Return the tone of a status: good, warn, bad; none where there is no verdict."""
    return NEUTRAL if status is None else _TONES.get(status, NEUTRAL)
