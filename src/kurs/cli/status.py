"""``kurs status``: where every KPI stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kurs.cli.desk import Desk, desk
from kurs.cli.options import Asked, with_shared_options
from kurs.problems import Problem, UsageError
from kurs.words.phrases import N_
from kurs.workflows.understanding import Understanding, names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from kurs.evaluate.reading import Reading
    from kurs.ledger.standing import Approval
    from kurs.workflows.opening import Opened

HELP = N_("Show where every KPI stands against its target.")
EPILOG = N_(
    "Example: kurs status --stage activate --fail-on at_risk\n\n"
    "Without a target, before its start and too early in its period a KPI never fails --fail-on."
)
_THRESHOLDS = ("at_risk", "off_track", "missed")  # from bad to worse
_NO_DATA = "no_data"


@with_shared_options()
def status(
    asked: Asked,
    kpis: Annotated[
        list[str] | None, typer.Argument(metavar="KPI", help=N_("All, if none is named."))
    ] = None,
    segment: Annotated[
        str | None, typer.Option("--segment", metavar="NAME", help=N_("Read the KPIs within a segment."))
    ] = None,
    stage: Annotated[
        str | None,
        typer.Option(
            "--stage",
            metavar="reach|engage|activate|loyalty",
            help=N_("Only KPIs of goals at this stage of the journey."),
        ),
    ] = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-on",
            metavar="at_risk|off_track|missed|no_data",
            help=N_(
                "End with exit code 1 when a KPI has this status or a worse one. no_data fails on a KPI "
                "without data, and can be given beside another one."
            ),
        ),
    ] = None,
    known_on: Annotated[
        str | None,
        typer.Option("--known-on", metavar="DATE", help=N_("What was known and reported on a day.")),
    ] = None,
) -> None:
    """Translate the options, ask the workflow, show its readings."""
    with desk(asked, ("table", "json", "csv")) as at:
        from kurs.model.strategy import Stage
        from kurs.workflows import measure

        words = Understanding()
        known = words.day("--known-on", known_on)
        chosen = words.choice("--stage", stage, [str(one) for one in Stage])
        limits = [words.choice("--fail-on", limit, (*_THRESHOLDS, _NO_DATA)) for limit in names(fail_on)]
        words.done()
        if known is not None:
            if kpis or segment or chosen or limits:
                raise UsageError(Problem("known_stands_alone"))
            _show_known(at, known)
            return
        with at.opened() as opened:
            readings = measure.status(opened, names(kpis), segment, Stage(chosen) if chosen else None)
            _show(at, opened, readings, details=bool(kpis))
            failing = [reading for reading in readings if any(_fails(reading, limit) for limit in limits)]
        if failing:
            _say_failing(at, opened, failing)
            raise typer.Exit(1)


def _show(at: Desk, opened: Opened, readings: Sequence[Reading], *, details: bool) -> None:
    from kurs.workflows.reasons import reasons

    if at.output == "table" and not opened.project.kpis:
        at.write(at.language.say("The plan has no KPIs yet."))
        at.step("catalog")
        return
    if at.output == "table":
        from kurs.evaluate.reading import NOT_WELL
        from kurs.report.decisions import lapsed_page
        from kurs.report.status_table import status_table

        why = reasons(opened, [one for one in readings if one.status in NOT_WELL])
        table = status_table(
            readings, opened.project, at.language, opened.as_of, at.width, why, details=details
        )
        at.show(table)
        lapsed = lapsed_page(_approvals(opened, readings), opened.project, at.language)
        if lapsed is not None:
            at.show(lapsed)
        if any(one.reason is not None and one.reason.code == "not_loaded" for one in readings):
            at.step("load")
        return
    from kurs.report import as_csv, as_json
    from kurs.workflows import decide

    decided = decide.decided(opened)
    why = reasons(opened, readings)
    rows = [as_json.reading(one, at.language, decided, why.get(one.kpi.key)) for one in readings]
    at.write(as_json.document(rows) if at.output == "json" else as_csv.records(rows))


def _approvals(opened: Opened, readings: Sequence[Reading]) -> list[Approval]:
    from kurs.workflows import decide

    decided = decide.decided(opened)
    return [decided.approval(kpi) for kpi in {one.kpi.key: one.kpi for one in readings}.values()]


def _show_known(at: Desk, day: date) -> None:
    """Show what was reported by a day; where nobody kept it, what the tables of then give."""
    from zoneinfo import ZoneInfo

    from kurs.report import as_csv, as_json
    from kurs.report.known import known_json, known_page
    from kurs.report.status_table import status_table
    from kurs.workflows import decide
    from kurs.workflows.snapshot import known_on

    plan = at.plan()
    known = known_on(at.folder(), plan, day)
    if at.output == "table":
        if known.reported is not None:
            zone = ZoneInfo(plan.settings.timezone)
            at.show(known_page(known, plan, zone, at.language, at.width))
        else:
            at.note(at.language.say("Nobody kept what was reported; this is by the tables as they were."))
            at.show(status_table(known.again or (), plan, at.language, day, at.width))
        return
    rows = known_json(known, decide.standing(plan, day), at.language)
    at.write(as_json.document(rows) if at.output == "json" else as_csv.records(rows))


def _fails(reading: Reading, limit: str | None) -> bool:
    """Say whether a reading is at the limit or beyond it."""
    if reading.status is None or limit is None:
        return False
    if limit == _NO_DATA:
        return reading.status == _NO_DATA
    return reading.status in _THRESHOLDS[_THRESHOLDS.index(limit) :]


def _say_failing(at: Desk, opened: Opened, failing: Sequence[Reading]) -> None:
    from kurs.report.labels import kpi_label

    said = at.language.say_plural(
        "{n} KPI fails --fail-on: {kpis}",
        "{n} KPIs fail --fail-on: {kpis}",
        len(failing),
        kpis=[kpi_label(opened.project, reading.kpi, at.language) for reading in failing],
    )
    at.note(said)
