"""Problems of a change that somebody wants explained: what is compared, and what it is split by."""

from collections.abc import Mapping

from kurs.words.phrases import N_, ProblemText

PROBLEMS_OF_CHANGES: Mapping[str, ProblemText] = {
    "compared_not_covered": ProblemText(
        N_(
            "{metric} lacks data from {from} to {to}, so it cannot be compared; missing: {missing} of {days}."
        ),
        N_("Load the data of those days, or compare other days with --period and --against."),
    ),
    "cut_to_same_length": ProblemText(
        N_("The periods have {days} and {other_days} days; the first {shorter} of both are compared."),
        N_("Name both with --period and --against to choose other days."),
    ),
    "drivers_by_cells": ProblemText(
        N_("{metric} is no sum that its drivers make by multiplication, so it cannot be split by both."),
        N_("Ask for --drivers and --by one at a time."),
    ),
    "event_on_one_side": ProblemText(
        N_("{event} has {days} days in the period, and {other_days} in the one that it is compared with."),
        N_("Compare with --against same_event, or take the event as a part of the reason."),
    ),
    "no_exact_split": ProblemText(
        N_("{metric} cannot be split into parts that add up: {expr}"),
        N_("Sums, counts and their ratios can. To see it side by side, use: kurs query --by --compare"),
    ),
    "no_drivers": ProblemText(
        N_("{metric} has no drivers that make its value in both periods."),
        N_("Write drivers: to the metric, as in: sessions * conversion_rate * aov"),
    ),
    "not_enough_history": ProblemText(
        N_("There is not enough data to say whether the change of {metric} is more than chance."),
        N_("At least twenty earlier pairs of such periods are needed, or 24 weeks on both sides."),
    ),
    "nothing_to_split_by": ProblemText(
        N_("The tables of {metric} share no dimension by which it could be split."),
        N_("Declare dimensions: that all of its tables share, or see it with: kurs query --compare"),
    ),
    "one_member_or_many": ProblemText(
        N_("Every dimension of {metric} has one member in these days, or more than {most}: {dimensions}."),
        N_("Choose one with --by: the largest members are shown, the others are one part."),
    ),
    "parts_do_not_add_up": ProblemText(
        N_("What {metric} is for the members of a dimension does not add up to what it is for all."),
        N_("See it member by member with: kurs query {metric} --by DIM --compare previous"),
    ),
    "periods_overlap": ProblemText(
        N_("The compared days, {from} to {to}, overlap the period, so a part of the change is not seen."),
        N_("Choose days with --against that do not overlap."),
    ),
    "search_or_drivers": ProblemText(
        N_("A search goes over dimensions, and not over drivers."),
        N_("Ask for --search and --drivers one at a time."),
    ),
    "source_began": ProblemText(
        N_("{source} has data only from {first} on (account: {account}), after the compared days begin."),
        N_("Compare days that all sources cover, or leave its rows out with --where."),
        N_("{source} has data only from {first} on, after the compared days begin."),
    ),
    "too_few_users": ProblemText(
        N_("{column} cannot tell whether the change of {metric} is more than chance."),
        N_(
            "It takes two weeks and a hundred users on each side, a user for nine rows of ten, and a sum, "
            "a count or a ratio of them."
        ),
    ),
    "too_many_dimensions": ProblemText(
        N_("A search can go over at most {most} dimensions at once."),
        N_("Name those after --by that the reason is likely to be in."),
    ),
    "too_many_members": ProblemText(
        N_("{dimensions} have more than {most} members."),
        N_("Split by a coarser dimension, or narrow it down with --where."),
    ),
    "weekdays_differ": ProblemText(
        N_("The two periods do not have the same weekdays."),
        N_("Compare whole weeks, or use --against last_year_weekday."),
    ),
}
