"""Problems of the plan: its files, names, expressions, targets and times."""

from collections.abc import Mapping

from kurs.words.phrases import N_, ProblemText

PROBLEMS_OF_PLAN: Mapping[str, ProblemText] = {
    # Files and YAML, found by project
    "duplicate_key": ProblemText(
        N_("“{key}” stands twice in the same block; the first one is on line {line}."),
        N_("Keep one of the two, or give the other one its own name."),
    ),
    "duplicate_name": ProblemText(
        N_("“{name}” is defined twice; the other one is in {other}."),
        N_("A name is defined once in the whole project. Rename or remove one of the two."),
    ),
    "no_project": ProblemText(
        N_("There is no kurs.yaml in {folder}, nor in a folder above it."),
        N_("Go to the project's folder, name it with --project, or start a new one with: kurs init"),
    ),
    "too_deep": ProblemText(
        N_("“{what}” is nested too deeply; the limit is {limit} levels."),
        N_("Split it into smaller parts."),
    ),
    "too_large": ProblemText(
        N_("“{what}” is too large; the limit is {limit}."),
        N_("Split it into smaller parts."),
    ),
    "unquoted_sql": ProblemText(
        N_("YAML tore the SQL of “{key}” apart, because it holds one of the characters , : # ' {{ }}."),
        N_("Put the SQL in double quotes: {quoted}"),
    ),
    "unreadable_file": ProblemText(
        N_("The file {file} cannot be read: {reason}."),
        N_("Check that the file exists, that you may read it, and that it is saved as text in UTF-8."),
    ),
    "yaml_syntax": ProblemText(
        N_("This is not valid YAML: {reason}."),
        N_("Look at the indentation, the colons and the quotes here and on the line above. Use no tabs."),
    ),
    # Keys and values, found by project
    "bad_currency": ProblemText(
        N_("“{value}” is not a currency."),
        N_("Write the three letters of its code, for example EUR, SEK or PLN."),
    ),
    "bad_date": ProblemText(
        N_("“{value}” is not a date."),
        N_("Write year, month and day, for example 2026-11-20."),
    ),
    "bad_name": ProblemText(
        N_("“{name}” cannot be used as a name."),
        N_("Use a-z, digits and _, begin with a letter, and use no word of SQL: holiday_sales."),
    ),
    "bad_number": ProblemText(
        N_("“{value}” is not a number."),
        N_("Write it with a point and without spaces or a unit: 1250.50, or as a percentage: 3.6%."),
    ),
    "bad_timezone": ProblemText(
        N_("“{value}” is not a time zone."),
        N_("Write its region and city, for example Europe/Stockholm."),
    ),
    "literal_password": ProblemText(
        N_("“{key}” holds a password in plain text."),
        N_("Take it from the environment instead, for example url: ${{SHOP_DB}}, and change the password."),
    ),
    "missing_key": ProblemText(
        N_("{section} needs the key “{key}”."),
        N_("Add a line that begins with: {key}:"),
    ),
    "not_a_fraction": ProblemText(
        N_("{given} is far too much for “{key}”, which is a share of the whole: 1 is 100%."),
        N_("If you mean a percentage, add the sign: {given}%"),
    ),
    "not_loaded": ProblemText(
        N_("There is no data for {table} yet, so this cannot be checked or computed."),
        N_("Load the data with: kurs load"),
    ),
    "not_supported_yet": ProblemText(
        N_("{key} is part of the plan's format, but this version of kurs cannot use it yet."),
        N_("Remove it for now, or wait for a later version."),
    ),
    "unknown_key": ProblemText(
        N_("“{key}” is not a key of {section}."),
        N_("Its keys are {allowed}."),
    ),
    "wrong_type": ProblemText(
        N_("“{key}” should be {expected}, but it is {given}."),
        N_("Change the value, or look the key up in the description of the plan."),
    ),
    # Names that lead nowhere, found by project
    "unknown_action": ProblemText(
        N_("There is no action “{name}”."),
        N_("Define it under actions:, or name one that is there."),
    ),
    "unknown_column": ProblemText(
        N_("The table {table} has no column “{name}”."),
        N_("Look the column up in the data, or load the data again if the column is new."),
    ),
    "unknown_dimension": ProblemText(
        N_("There is no dimension “{name}”."),
        N_("Add it to the dimensions: of the table that has the column, or write table.column."),
    ),
    "unknown_event": ProblemText(
        N_("There is no event “{name}” in the calendar."),
        N_("Define it under calendar:, events:, with from: and to:."),
    ),
    "unknown_goal": ProblemText(
        N_("There is no goal “{name}”."),
        N_("Define it under goals:, or name one that is there."),
    ),
    "unknown_kpi": ProblemText(
        N_("There is no KPI “{name}”."),
        N_("Define it under kpis:, or name one that is there."),
    ),
    "unknown_metric": ProblemText(
        N_("There is no metric “{name}”."),
        N_("Define it under metrics:. A column is summed or counted, with its table: sum(table.column)."),
    ),
    "unknown_person": ProblemText(
        N_("There is no person “{name}”."),
        N_("Define the person under people:, or name one who is there."),
    ),
    "unknown_segment": ProblemText(
        N_("There is no segment “{name}”."),
        N_("Define it under segments:, or name one that is there."),
    ),
    "unknown_source": ProblemText(
        N_("There is no source “{name}”."),
        N_("Define it under sources:, or name one that is there."),
    ),
    "unknown_strategy": ProblemText(
        N_("There is no strategy “{name}”."),
        N_("Define it under strategy:, or name one that is there."),
    ),
    "unknown_table": ProblemText(
        N_("There is no table “{name}”."),
        N_("Define it under tables:, or name one that is there."),
    ),
    # Targets and periods, found by project
    "no_direction": ProblemText(
        N_("The target of {kpi} does not say which way is better for the metric {metric}."),
        N_("Add good: up, good: down or good: band to the metric or to the KPI."),
    ),
    "period_backwards": ProblemText(
        N_("The period ends on {to}, before it begins on {from}."),
        N_("Swap the two dates, or correct the year."),
    ),
    # SQL, found by metrics
    "aggregate_in_aggregate": ProblemText(
        N_("{sql} adds up inside something that is added up already."),
        N_("Give the inner part its own name under metrics:, and use that name outside sum() and the like."),
    ),
    "aggregate_in_rows": ProblemText(
        N_("{sql} looks at many rows at once, but here each row stands alone."),
        N_("Use only columns of the table here; sums, counts and averages belong under metrics:."),
    ),
    "aggregate_without_home": ProblemText(
        N_("{sql} takes columns of tables that do not lead to each other ({tables})."),
        N_("Add joins: from one table to the other, or make two metrics and combine them."),
    ),
    "bad_percentile": ProblemText(
        N_("{sql} does not say which percentile to take."),
        N_("Write a number between 0 and 1: percentile_cont(0.9) within group (order by orders.net_amount)."),
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
        N_("This is not valid SQL: {sql} ({reason})."),
        N_("Look for a missing bracket, comma or quote. Text stands in single quotes: channel = 'email'."),
    ),
    # The way from one table to another, found by metrics
    "ambiguous_path": ProblemText(
        N_("There is more than one way from the table {table} to {other}."),
        N_("Keep one of the joins: that lead there, or define a second table from the same data."),
    ),
    "join_without_key": ProblemText(
        N_("The table {table} joins {other}, which has no key:."),
        N_("Add key: to the table {other}, naming the column that is different in each of its rows."),
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
