"""Problems of the plan: its files, names, expressions, targets and times."""

from collections.abc import Mapping

from kurs.words.phrases import N_, ProblemText
from kurs.words.problems_of_project import PROBLEMS_OF_PROJECT

PROBLEMS_OF_PLAN: Mapping[str, ProblemText] = {
    **PROBLEMS_OF_PROJECT,
    # SQL, found by metrics
    "aggregate_in_aggregate": ProblemText(
        N_("{sql} adds up inside something that is added up already."),
        N_("Give the inner part its own name under metrics:, and use that name outside sum() and the like."),
    ),
    "aggregate_in_rows": ProblemText(
        N_("{sql} looks at many rows at once, but here each row stands alone."),
        N_("Use only columns of the table here; sums, counts and averages belong under metrics:."),
    ),
    "rows_multiplied": ProblemText(
        N_("{sql} would count a row of {table} once for every row of {home}."),
        N_("Count rows of {home} instead, or make a metric over {table} alone and filter it by its columns."),
    ),
    "aggregate_without_home": ProblemText(
        N_("{sql} takes columns of tables that do not lead to each other ({tables})."),
        N_("Add joins: from one table to the other, or make two metrics and combine them."),
    ),
    "entity_without_key": ProblemText(
        N_("The table {table} has no key:, so nobody can say which of its rows an event belongs to."),
        N_("Add key: to the table, naming the column that tells its rows apart, or name a column here."),
    ),
    "column_of_entity": ProblemText(
        N_("“{name}” is a column, but with per: sums and counts are over what metrics say of each entity."),
        N_("Make a metric of the column, and name it here: count(*) filter (where orders >= 2)."),
    ),
    "nothing_of_entity": ProblemText(
        N_("{name} names no metric inside its aggregates, so nobody can say whom to count."),
        N_("Name one, for example: count(*) filter (where orders > 0)."),
    ),
    "looks_back_in_cohort": ProblemText(
        N_("{name} is by the first: time of each entity, and names a metric that looks back by itself."),
        N_("Name only metrics that do not look back; within: and after: say which days count."),
    ),
    "per_in_per": ProblemText(
        N_("{name} counts entities, and takes a metric of each that itself is a funnel or counts entities."),
        N_("Name only metrics of rows inside its aggregates."),
    ),
    "within_too_fine": ProblemText(
        N_("{name} counts less than whole days, but the table {table} knows only the day."),
        N_("Write within: in whole days, or name a column with the time of day as the table's time:."),
    ),
    "bad_offset": ProblemText(
        N_("“{sql}” does not say of which metric, and how far back."),
        N_("Write offset(revenue, '1 year'), '28 days', '1 month', or 'start of month'."),
    ),
    "bad_percentile": ProblemText(
        N_("{sql} does not say which percentile to take."),
        N_("Write a number between 0 and 1: percentile(orders.net_amount, 0.9)."),
    ),
    "bare_column": ProblemText(
        N_("“{name}” is a column, which has no single value here."),
        N_("Say what to do with its rows, and name its table: sum(table.column), avg(table.column)."),
    ),
    "forbidden_function": ProblemText(
        N_("The function “{name}” cannot be used here."),
        N_("Use arithmetic, sums, counts, averages, or the functions for text, dates and conditions."),
    ),
    "forbidden_sql": ProblemText(
        N_("This kind of SQL cannot be used here: {sql}"),
        N_("Write one expression over columns or metrics, without a query, a setting or a file in it."),
    ),
    "foreign_column": ProblemText(
        N_("{name} is a column of another table; here only columns of {table} can be used."),
        N_("Move the expression to the table that has the column, or reach it with joins: from a metric."),
    ),
    "each_not_added_up": ProblemText(
        N_("Levels of each entity are added up, and {aggregate} of several cannot be."),
        N_("Take sum, count or avg, or leave each: away."),
    ),
    "share_of_ratio": ProblemText(
        N_("{name} is no sum, count or distinct count: its parts do not make up a whole."),
        N_("Take the share of a sum or a count; for a ratio compare the groups themselves."),
    ),
    "window_in_window": ProblemText(
        N_("{name} has a window or a period to date of its own, and stands inside another one."),
        N_("Let one of the two metrics look back, not both."),
    ),
    "metric_cycle": ProblemText(
        N_("The metric {name} is made from itself: {cycle}."),
        N_("Make one of them from columns instead of from the others."),
    ),
    "not_a_number": ProblemText(
        N_("{name} holds {type}, of which no {aggregate} can be made."),
        N_("Give the column a type of number under columns: of its source, and load again with --full."),
    ),
    "not_one_select": ProblemText(
        N_("This must be one SELECT statement, and nothing else: {sql}"),
        N_("Keep one SELECT, without a semicolon and without statements that change data."),
    ),
    "sql_syntax": ProblemText(
        N_("This is not valid SQL, or not finished: {sql}"),
        N_("Look for a missing bracket, comma or quote. Text stands in single quotes: channel = 'email'."),
    ),
    # What the data has, found by metrics
    "not_loaded": ProblemText(
        N_("There is no data for {table} yet, so this cannot be checked or computed."),
        N_("Load the data with: kurs load"),
    ),
    "unknown_column": ProblemText(
        N_("The table {table} has no column “{name}”."),
        N_("Look the column up in the data, or load the data again if the column is new."),
    ),
    "unknown_dimension": ProblemText(
        N_("There is no dimension “{name}”."),
        N_("Add it to the dimensions: of the table that has the column, or write table.column."),
    ),
    # Money of several currencies, found by metrics
    "amounts_without_currency": ProblemText(
        N_("Nobody says in which currency the amounts of {table} are. Sources without one: {sources}."),
        N_("Add currency: under account: of each source, or currency: with a column or a code to the table."),
    ),
    "amounts_without_fx": ProblemText(
        N_("The amounts of {table} ({currency}) cannot be converted into {other}: the plan has no rates."),
        N_("Add fx: with the table that holds the rates."),
    ),
    # The way from one table to another, found by metrics
    "ambiguous_path": ProblemText(
        N_("There is more than one way from the table {table} to {other}."),
        N_("Keep one of the joins: that lead there, or define a second table from the same data."),
    ),
    "no_time": ProblemText(
        N_("The table {table} has no time:, so it cannot be asked by period."),
        N_(
            "Add time: to the table, naming a column with dates, or ask without a period and without --grain."
        ),
    ),
    "naive_time": ProblemText(
        N_("The times in {table}.{column} have no time zone."),
        N_("Say which clock they were written by: add timezone: to the table, for example Europe/Stockholm."),
    ),
    "unreachable_dimension": ProblemText(
        N_("The table {table} cannot be split by {name}."),
        N_("Give the table a dimension of that name, or joins: to the table that has it."),
    ),
    "unreachable_filter": ProblemText(
        N_("The filter on {name} does not reach {table}, so a part of the number would stay unfiltered."),
        N_("Give {table} a dimension of that name, or joins: to the table that has it; or drop the filter."),
    ),
}
