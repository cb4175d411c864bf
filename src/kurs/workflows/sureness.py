"""Is it real: a change tested against earlier ones, by blocks of weeks, or by the users behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kurs.explain import users as by_users
from kurs.explain.cells import laid
from kurs.explain.real import daily, marked, question, significance, verdicts
from kurs.metrics.query import Answer
from kurs.problems import Problem, Severity, UsageError
from kurs.workflows.measure import query, query_many

if TYPE_CHECKING:
    from kurs.explain.cells import Members
    from kurs.explain.finding import Finding, Significance
    from kurs.explain.inquiry import Inquiry
    from kurs.explain.real import Daily
    from kurs.workflows.opening import Opened

_MOST_POINTS = 50_000  # members x days: beyond, members are not tested one by one
_MOST_KEYS = 2  # columns of users that are tried: each is a question to the rows


def judged(opened: Opened, inquiry: Inquiry, found: Finding, users: str | None = None) -> Finding:
    """Say whether the change is more than chance, and that of each member that is shown.

    By ``users``, a column, where it is given; else by earlier pairs of periods, by blocks of weeks, and where
    the past is too short for both, by the users that the plan knows. Raises UsageError for a column that
    cannot tell.
    """
    asked = question(inquiry)
    series = daily(inquiry, asked, query(opened, asked)).get(()) if asked is not None else None
    verdict: Significance | None = None
    if series is not None and users is not None:
        verdict = _by_users(opened, inquiry, series, users)
    elif series is not None:
        verdict = significance(inquiry, series) or _by_known_users(opened, inquiry, series)
    if verdict is None and users is not None:
        raise UsageError(Problem("too_few_users", {"metric": inquiry.metric.key, "column": users}))
    if asked is None or asked.days is None:
        return found
    if verdict is None:
        caveat = Problem("not_enough_history", {"metric": inquiry.metric.key}, Severity.INFO)
        return replace(found, caveats=(*found.caveats, caveat))
    found = replace(found, significance=verdict)
    families = _families(opened, inquiry, found, len(asked.days))
    if not families:
        return found
    return replace(found, parts=marked(found.parts, families), family=sum(map(len, families)))


def _by_known_users(opened: Opened, inquiry: Inquiry, series: Daily) -> Significance | None:
    """Try the columns that name users in the plan."""
    keys = by_users.user_keys(opened.project, opened.facts, inquiry)[:_MOST_KEYS]
    found = (_by_users(opened, inquiry, series, key) for key in keys)
    return next((one for one in found if one is not None), None)


def _by_users(opened: Opened, inquiry: Inquiry, series: Daily, key: str) -> Significance | None:
    now, then = (query(opened, question) for question in by_users.questions(inquiry, key))
    if max(len(now.rows), len(then.rows)) > by_users.MOST_USERS:
        return None
    return by_users.significance(inquiry, laid(now, then), series, key)


def _families(
    opened: Opened, inquiry: Inquiry, found: Finding, days: int
) -> list[dict[Members, Significance]]:
    """Test the members of every split that was looked at, those of the parts first; too fine ones are not."""
    cells = {side.dimensions: len({part.cell for part in side.parts}) for side in found.sides}
    shown = found.parts[0].dimensions if found.parts else ()
    splits = [by for by, count in cells.items() if count * days <= _MOST_POINTS]
    if shown not in splits:
        return []
    splits.sort(key=lambda by: by != shown)
    asked = [one for by in splits if (one := question(inquiry, by)) is not None]
    pairs = zip(asked, query_many(opened, asked), strict=True)
    return [verdicts(inquiry, daily(inquiry, one, said)) for one, said in pairs if isinstance(said, Answer)]
