"""The labels of fixed values: statuses, stages, units and the like. Say them with Language.term(key)."""

from collections.abc import Mapping

from kurs.words.phrases import P_, Phrase

TERMS: Mapping[str, Phrase] = {
    "answer.no": P_("answer", "no"),
    "answer.yes": P_("answer", "yes"),
    # the columns of tables on a screen
    "column.account": P_("column", "Account"),
    "column.before_after": P_("column", "Rows before → after"),
    "column.change": P_("column", "change"),
    "column.columns": P_("column", "Columns"),
    "column.covered_to": P_("column", "Covered to"),
    "column.days_late": P_("column", "Days behind"),
    "column.expected": P_("column", "Expected by now"),
    "column.files": P_("column", "Files"),
    "column.gap": P_("column", "Gap"),
    "column.gap_days": P_("column", "Days missing"),
    "column.kpi": P_("column", "KPI"),
    "column.last_load": P_("column", "Loaded"),
    "column.owner": P_("column", "Owner"),
    "column.pace": P_("column", "Pace"),
    "column.rejected": P_("column", "Rejected"),
    "column.rows": P_("column", "Rows"),
    "column.seconds": P_("column", "Time"),
    "column.size": P_("column", "Size"),
    "column.source": P_("column", "Source"),
    "column.status": P_("column", "Status"),
    "column.table": P_("column", "Table"),
    "column.target": P_("column", "Target"),
    "column.trend": P_("column", "Trend"),
    "column.value": P_("column", "Value"),
    "column.version": P_("column", "Version"),
    "column.versions": P_("column", "Versions"),
    "column.window": P_("column", "Days"),
    # comparisons
    "comparison.last_year": P_("comparison", "last year"),
    "comparison.last_year_weekday": P_("comparison", "last year, same weekdays"),
    "comparison.previous": P_("comparison", "previous period"),
    "comparison.range": P_("comparison", "the other days"),
    "comparison.same_event": P_("comparison", "the same event before"),
    # the gap between a value and a target that is a band
    "gap.inside": P_("gap", "inside"),
    # where a metric should go
    "good.band": P_("good", "best within the band"),
    "good.down": P_("good", "lower is better"),
    "good.up": P_("good", "higher is better"),
    # grains of time
    "grain.day": P_("grain", "day"),
    "grain.hour": P_("grain", "hour"),
    "grain.month": P_("grain", "month"),
    "grain.quarter": P_("grain", "quarter"),
    "grain.week": P_("grain", "week"),
    "grain.year": P_("grain", "year"),
    # levels of a KPI
    "level.functional": P_("level", "Functional"),
    "level.operational": P_("level", "Operational"),
    "level.strategic": P_("level", "Strategic"),
    # the nature of a KPI
    "nature.lagging": P_("nature", "Lagging"),
    "nature.leading": P_("nature", "Leading"),
    "severity.error": P_("severity", "error"),
    "severity.info": P_("severity", "info"),
    "severity.warning": P_("severity", "warning"),
    # stages of the customer journey
    "stage.activate": P_("stage", "Activate"),
    "stage.engage": P_("stage", "Engage"),
    "stage.loyalty": P_("stage", "Loyalty"),
    "stage.reach": P_("stage", "Reach"),
    # statuses of a KPI; "none" is a KPI without a target
    "status.at_risk": P_("status", "At risk"),
    "status.met": P_("status", "Met"),
    "status.missed": P_("status", "Missed"),
    "status.no_data": P_("status", "No data"),
    "status.none": P_("status", "No target"),
    "status.not_started": P_("status", "Not started"),
    "status.off_track": P_("status", "Off track"),
    "status.on_track": P_("status", "On track"),
    "status.too_early": P_("status", "Too early to say"),
    # units of a metric
    "unit.currency": P_("unit", "amount of money"),
    "unit.days": P_("unit", "days"),
    "unit.number": P_("unit", "number"),
    "unit.percent": P_("unit", "percentage"),
    "unit.ratio": P_("unit", "ratio"),
    "unit.seconds": P_("unit", "seconds"),
}
