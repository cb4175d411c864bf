"""What is kept to answer faster, and where the time of an answer went; on a terminal and as JSON."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from kurs.report.labels import size
from kurs.report.layout import Column, Row, table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from rich.console import RenderableType

    from kurs.lake.questions import PagesUse
    from kurs.lake.rollups import Use
    from kurs.metrics.query import Profile
    from kurs.metrics.rollup import Source
    from kurs.report.as_json import Plain
    from kurs.words import Language


def cache_json(uses: Sequence[Use], questions: PagesUse) -> Plain:
    """Return what is kept; sizes are bytes, ages are seconds."""
    pages = {"pages": questions.pages, "bytes": questions.bytes, "hits": questions.hits}
    return {"rollups": _rollups_json(uses), "questions": pages}


def _rollups_json(uses: Sequence[Use]) -> list[Plain]:
    return [
        {
            "table": use.kept.rollup.home,
            "by": list(use.kept.rollup.keys),
            "states": list(use.kept.rollup.states),
            "rows": use.kept.rows,
            "parts": len(use.kept.parts),
            "bytes": use.bytes,
            "hits": use.hits,
            "age_seconds": round(use.age_seconds),
            "idle_seconds": round(use.idle_seconds),
        }
        for use in uses
    ]


def cache_page(
    uses: Sequence[Use], questions: PagesUse, zone: ZoneInfo, language: Language, width: int
) -> RenderableType:
    """Lay out the rollups, the one that served last first, and say how many questions are kept."""
    parts = [_rollups_page(uses, zone, language, width)]
    if questions.pages:
        values = {"size": size(questions.bytes, language), "served": language.number(questions.hits)}
        said = language.say_plural(
            "{n} question understood before, {size}; served: {served}",
            "{n} questions understood before, {size}; served: {served}",
            questions.pages,
            **values,
        )
        parts.append(Text(said, "dim"))
    return Group(*parts)


def _rollups_page(uses: Sequence[Use], zone: ZoneInfo, language: Language, width: int) -> RenderableType:
    kept = [use for use in uses if use.kept.parts]
    if not kept:
        return Text(language.say("No rollups are kept. Questions about large tables make them."), "dim")
    columns = (
        Column(language.say("Table")),
        Column(language.term("column.split"), least=16),
        Column(language.say("Values"), "right", rank=2),
        Column(language.say("Rows"), "right"),
        Column(language.say("Size"), "right"),
        Column(language.say("Served"), "right"),
        Column(language.say("Last served"), rank=1),
        Column(language.say("Written"), rank=3),
    )
    now = datetime.now(UTC)
    rows: list[Row] = [
        (
            Text(use.kept.rollup.home),
            Text(_by(use.kept.rollup.keys, language)),
            Text(language.number(len(use.kept.rollup.states))),
            Text(language.number(use.kept.rows)),
            Text(size(use.bytes, language)),
            Text(language.number(use.hits)),
            Text(language.moment((now - timedelta(seconds=use.idle_seconds)).astimezone(zone))),
            Text(language.moment((now - timedelta(seconds=use.age_seconds)).astimezone(zone))),
        )
        for use in kept
    ]
    total = size(sum(use.bytes for use in kept), language)
    count = language.say_plural("{n} rollup, {size}", "{n} rollups, {size}", len(kept), size=total)
    return Group(table(columns, rows, width), Text(count, "dim"))


def profile_lines(profile: Profile, language: Language) -> list[str]:
    """Say where the time of an answer went, a line for each step."""
    spent = {step: _milliseconds(seconds, language) for step, seconds in profile.seconds.items()}
    lines = [language.say("Where the time went:"), language.say("  plan        {time}", time=spent["plan"])]
    if "rollup" in spent:
        lines.append(language.say("  rollup      {time}", time=spent["rollup"]))
        lines += [f"              {_served(source, language)}" for source in profile.served]
        if not profile.served:
            lines.append("              " + language.say("none serves this question: the rows were read"))
    lines.append(language.say("  write SQL   {time}", time=spent["sql"]))
    lines.append(
        language.say(
            "  run         {time} (of all threads: reading {reading}, arithmetic {arithmetic})",
            time=spent["run"],
            reading=_milliseconds(profile.reading, language),
            arithmetic=_milliseconds(profile.arithmetic, language),
        )
    )
    return lines


def _served(source: Source, language: Language) -> str:
    values = {
        "table": source.rollup.home,
        "keys": _by(source.rollup.keys, language),
        "rows": source.rows,
    }
    match source.origin:
        case "made":
            return language.say("made of {table} by {keys}: {rows} rows", **values)
        case "refreshed":
            return language.say("brought up to date: {table} by {keys}, {rows} rows", **values)
        case _:
            return language.say("found: {table} by {keys}, {rows} rows", **values)


def _by(keys: Sequence[str], language: Language) -> str:
    return language.listed([language.term("grain.day"), *keys])


def _milliseconds(seconds: float, language: Language) -> str:
    return language.say("{n} ms", n=language.number(seconds * 1_000, 0 if seconds >= 0.01 else 1))
