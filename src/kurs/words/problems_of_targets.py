"""Problems of targets: how they are put, the way to them, their parts, the file that tells them."""

from collections.abc import Mapping

from kurs.words.phrases import N_, ProblemText

PROBLEMS_OF_TARGETS: Mapping[str, ProblemText] = {
    # Found by project
    "bad_stretch": ProblemText(
        N_("“{value}” is no year, quarter, month or day."),
        N_("Write 2026, 2026-Q3, 2026-09 or 2026-09-14."),
    ),
    "mark_of_member": ProblemText(
        N_("The line of {member} has “{key}”; marks are of the whole."),
        N_("Leave the cell empty, and put the mark into the line without a member."),
    ),
    "members_without_whole": ProblemText(
        N_("There are targets of members for {period}, and none of the whole."),
        N_("Add a line for {period} without a member."),
    ),
    "milestone_outside": ProblemText(
        N_("{day} does not lie on the way to the target, which goes from {from} to before {to}."),
        N_("Choose a day within, before the one on which the target itself is due."),
    ),
    "milestones_same_day": ProblemText(
        N_("Two milestones are due on {day}."),
        N_("Keep one of them. A month, a quarter or a year means its last day."),
    ),
    "mixed_changes": ProblemText(
        N_("“{key}” and the target are not put alike: one is a part of the baseline, the other is not."),
        N_("Write both with %, or both without it."),
    ),
    "not_of_this_target": ProblemText(
        N_("“{key}” has no meaning beside the target “{target}”."),
        N_("Take {key} away, or write the target as reach: or change:."),
    ),
    "period_is_the_way": ProblemText(
        N_("The period of the KPI has a first and a last day; “{key}” would say it again."),
        N_("Take {key} away: the target is due on the last day of the period."),
    ),
    "target_cells": ProblemText(
        N_("This line has {cells} cells, and the head of the file has {columns}."),
        N_("Write as many as there are columns; a text with a comma in it stands in double quotes."),
    ),
    "target_column_missing": ProblemText(
        N_("The file {file} has no column “{column}”."),
        N_(
            "Its first line names the columns: period, one of {kinds}, or low and high of a band, "
            "and a dimension where it is by member."
        ),
    ),
    "target_columns": ProblemText(
        N_(
            "A file of targets has the columns period, one of {kinds}, or low and high of a band, "
            "at_least and stretch, and at most one dimension."
        ),
        N_("Take the other columns out of {file}, or give each of its dimensions a file of its own."),
    ),
    "target_twice": ProblemText(
        N_("The file has two targets for {period} (member: {member})."),
        N_("Keep one of the two lines."),
    ),
    "thresholds_out_of_order": ProblemText(
        N_("“{key}” lies on the wrong side of the target."),
        N_("at_least: asks for less than the target, stretch: for more."),
    ),
    "way_without_end": ProblemText(
        N_("The KPI recurs, and nothing says when its target should be reached."),
        N_("Add by: and a date."),
    ),
    "way_without_start": ProblemText(
        N_("Nothing says where the way to the target begins."),
        N_(
            "Add a baseline: with from: and to:, or one with value: and from: below target:, "
            "or milestones: to go through."
        ),
    ),
    # Events, found by project
    "several_forms": ProblemText(
        N_("Only one of these can say when the event is: {keys}."),
        N_("Keep rule:, or days: with a list, or from: and to:."),
    ),
    # Holidays, found by workflows
    "no_holidays": ProblemText(
        N_("The public holidays of {country} are not known, so none of them is marked."),
        N_("Write a country such as SE, or a part of it with holidays of its own, such as DE-BY."),
    ),
    # Revisions, found by project
    "bad_revisions": ProblemText(
        N_("This is no list of revisions."),
        N_("Write a dash for each, behind it since: with a day, and below that what is new since then."),
    ),
    "not_revised": ProblemText(
        N_("“{key}” cannot be revised: with another one it would be something else."),
        N_("Change it in place, or write a new entry of its own."),
    ),
    "revision_after_end": ProblemText(
        N_("The revision of {since} comes after the period, which runs from {from} to {to}."),
        N_("No day of the period is judged by it. Correct the date, or give the next period a KPI."),
    ),
    "revision_before_start": ProblemText(
        N_("The revision of {since} comes before the period, which runs from {from} to {to}."),
        N_("No day of the period is judged by what stood before it. Write the revision as the plan itself."),
    ),
    "revision_changes_nothing": ProblemText(
        N_("The revision of {since} says the same as the plan before it."),
        N_("Take it away, or change what should be other since then."),
    ),
    "revisions_out_of_order": ProblemText(
        N_("The revision of {since} stands behind one of {before}."),
        N_("Write revisions in the order of their days, each day once."),
    ),
    # Found by evaluate
    "metric_redefined": ProblemText(
        N_("{metric} is counted in another way since {since}, within the period."),
        N_("All days of this value are counted in the way that is in force on the day of the reading."),
    ),
    "redefined_between": ProblemText(
        N_("{metric} is counted in another way since {since}, which lies between the compared days."),
        N_("Both sides are counted in the way that is in force now; what was reported then may differ."),
    ),
    "plan_revised": ProblemText(
        N_("The plan was revised on {since}, within the period: {keys}."),
        N_("The whole period is judged by the plan that is in force on the day of the reading."),
        terms={"keys": "definition"},
    ),
    "members_do_not_add_up": ProblemText(
        N_("The targets by {dimension} add up to {sum}, the target of the whole is {target}."),
        N_("Every member has a target, so their sum is the whole: change one of them, or the whole."),
    ),
    "member_without_rows": ProblemText(
        N_("There is a target for {member}, and no row with this {dimension}."),
        N_("Look the name up with: kurs query --by {dimension}"),
    ),
    "no_target_for_period": ProblemText(
        N_("The file with the targets has none for {from} to {to}."),
        N_("Add a line for this period to the file."),
    ),
    "target_basis_missing": ProblemText(
        N_("What the target is measured from has no value: nothing was counted on those days."),
        N_("Choose other days with of:, or write the target with reach:."),
    ),
}
