"""Problems of the plan's files, keys, names, targets and times, as the project room finds them."""

from collections.abc import Mapping

from kurs.words.phrases import N_, ProblemText
from kurs.words.problems_of_yaml import PROBLEMS_OF_YAML

PROBLEMS_OF_PROJECT: Mapping[str, ProblemText] = {
    **PROBLEMS_OF_YAML,
    # Keys and their values
    "bad_currency": ProblemText(
        N_("“{value}” is not a currency."),
        N_("Write the three letters of its code, for example EUR, SEK or PLN."),
    ),
    "bad_date": ProblemText(
        N_("“{value}” is not a date."),
        N_("Write year, month and day, for example 2026-11-20."),
    ),
    "bad_due": ProblemText(
        N_("“{value}” does not say when the action is due."),
        N_("Write a length of time, for example 5 days, or a date, for example 2026-11-20."),
    ),
    "bad_duration": ProblemText(
        N_("“{value}” is not a length of time."),
        N_("Write a number of days or weeks, for example 30 days or 2 weeks."),
    ),
    "bad_funnel": ProblemText(
        N_("A funnel has at least 2 and at most {most} steps."),
        N_("Write one condition for each step, as a list in the order in which they are taken."),
    ),
    "bad_span": ProblemText(
        N_("“{value}” is not a stretch of the calendar."),
        N_("Write a number of days, weeks, months, quarters or years, for example 90 days or 1 month."),
    ),
    "bad_lapse": ProblemText(
        N_("“{value}” is not a length of time."),
        N_("Write a number of minutes, hours, days or weeks, for example 30 minutes or 7 days."),
    ),
    "bad_email": ProblemText(
        N_("“{value}” is not an e-mail address."),
        N_("Write it like name@example.com, or leave the key out."),
    ),
    "bad_ledger": ProblemText(
        N_("“{value}” is no place for the journal: its address comes from the environment."),
        N_("Write ledger: ${LEDGER_URL}, and set that to postgresql://…; without ledger: it is files."),
    ),
    "bad_ssh_key": ProblemText(
        N_("This is no public ssh key."),
        N_("Put the line of a .pub file here, such as: key: ssh-ed25519 AAAA…"),
    ),
    "bad_language": ProblemText(
        N_("“{value}” is not a language."),
        N_("Write its short code, for example en, sv, pl or fa."),
    ),
    "bad_max_rejects": ProblemText(
        N_("“{value}” does not say how many rows may be rejected."),
        N_("Write a number of rows, for example 5, or a share of all rows, for example 1%."),
    ),
    "point_of_thousands": ProblemText(
        N_("“{value}” is read as {few}; where a point stands between thousands it would be {many}."),
        N_("Write {many} if thousands are meant, {few} if not."),
    ),
    "bad_number": ProblemText(
        N_("“{value}” is not a number."),
        N_("Write it with a point and without spaces or a unit: 1250.50, or as a percentage: 3.6%."),
    ),
    "bad_timezone": ProblemText(
        N_("“{value}” is not a time zone."),
        N_("Write its region and city, for example Europe/Stockholm."),
    ),
    "bad_whole_number": ProblemText(
        N_("“{value}” does not fit “{key}”, which is a whole number from {low} to {high}."),
        N_("Write such a number, without a sign or a unit."),
    ),
    "badly_written_number": ProblemText(
        N_("“{value}” is not written the way a number is written here."),
        N_("If you mean {right}, write {right}: a point before the decimals and nothing between thousands."),
    ),
    "duplicate_column": ProblemText(
        N_("Two columns would be called “{name}”; the other one is “{first}” in the file."),
        N_("Give one of them its own name."),
    ),
    "duplicate_dimension": ProblemText(
        N_("The dimension “{name}” stands twice in this table."),
        N_("Keep one of the two, or give the other one its own name."),
    ),
    "empty_value": ProblemText(
        N_("“{key}” has no value."),
        N_("Write the value behind the colon, or remove the line."),
    ),
    "events_overlap": ProblemText(
        N_("Two dates of the event “{event}” overlap: {first} and {second}."),
        N_("Correct the dates, so that each day belongs to one of them only."),
    ),
    "expected_character": ProblemText(
        N_("“{key}” takes one character, but “{value}” is not one."),
        N_('Write the character in double quotes, for example ";". A tab is "\\t".'),
    ),
    "expected_mapping": ProblemText(
        N_("“{key}” takes keys of its own, each with a value."),
        N_("Write them on lines below it, each a little further to the right, like this: key: value"),
    ),
    "expected_text": ProblemText(
        N_("“{key}” takes a single value, but a list or a mapping stands here."),
        N_("Write one value behind the colon. Braces and brackets in a text need double quotes around it."),
    ),
    "expected_two_numbers": ProblemText(
        N_("“between” takes two numbers: the lowest and the highest good value."),
        N_("Write them in brackets, for example between: [20, 30]"),
    ),
    "from_and_sql": ProblemText(
        N_("The table {table} has both from: and sql:, so it is not clear where its rows come from."),
        N_("Keep one of the two."),
    ),
    "keep_is_a_key": ProblemText(
        N_("“{word}” would become the name of the column {column}."),
        N_("To protect the column, write below {column}: a line with keep: {word}"),
    ),
    "literal_password": ProblemText(
        N_("“{key}” holds a password in plain text."),
        N_("Take it from the environment instead, for example {key}: ${{SHOP_DB}}, and change the password."),
    ),
    "missing_key": ProblemText(
        N_("“{section}” needs the key “{key}”."),
        N_("Add a line that begins with: {key}:"),
    ),
    "not_supported_yet": ProblemText(
        N_("This version of kurs cannot use “{key}” yet."),
        N_("Remove it for now, or wait for a later version."),
    ),
    "same_marks": ProblemText(
        N_("The decimal mark and the thousands mark are the same: {mark}"),
        N_("Look at a number in the file that has both, and write what it uses."),
    ),
    "unknown_choice": ProblemText(
        N_("“{value}” is none of the words that “{key}” can have."),
        N_("The words are {choices}."),
    ),
    "unknown_country": ProblemText(
        N_("“{value}” is not a country."),
        N_("Write the two letters of its code, for example SE, PL or IR."),
    ),
    "unknown_encoding": ProblemText(
        N_("“{encoding}” is not an encoding."),
        N_("Usual ones are utf-8, utf-16, windows-1252 and windows-1250."),
    ),
    "unknown_key": ProblemText(
        N_("“{key}” is not a key of {section}."),
        N_("Its keys are {allowed}."),
    ),
    "type_by_another_name": ProblemText(
        N_("“{word}” would become the name of the column {column}."),
        N_("For the type, write {column}: {type}. For the name, write below {column}: name: {word}"),
    ),
    "unknown_type": ProblemText(
        N_("“{type}” is not a type for the column {column}."),
        N_(
            "The types are text, int, decimal, decimal(18,4), percent, float, bool, "
            "date, timestamp and timestamptz."
        ),
    ),
    # Names
    "ambiguous_name": ProblemText(
        N_("“{name}” is a metric and also a dimension of the table {table}."),
        N_("Rename one of the two, so that the columns of an answer cannot be mixed up."),
    ),
    "bad_name": ProblemText(
        N_("“{name}” cannot be used as a name."),
        N_("Use a-z, digits and _, and begin with a letter. The name for people goes into label:."),
    ),
    "join_without_key": ProblemText(
        N_("The table {table} joins {other}, which has no key:."),
        N_("Add key: to the table {other}, naming the column that is different in each of its rows."),
    ),
    "no_project_currency": ProblemText(
        N_("{key}: says how money is converted, but the project has no currency of its own."),
        N_("Add currency: under project:, for example EUR."),
    ),
    "two_histories": ProblemText(
        N_("The table {table} has latest_by: and also valid_from:, so a key has one row and several."),
        N_("Keep latest_by: for the newest row alone, or valid_from: and valid_to: for the row valid then."),
    ),
    "reserved_name": ProblemText(
        N_("“{name}” has a meaning of its own in SQL or in an answer, so nothing else can be called that."),
        N_("Choose another name, for example a longer one."),
    ),
    "unknown_action": ProblemText(
        N_("There is no action “{name}”."),
        N_("Define it under actions:, or name one that is there."),
    ),
    "unknown_event": ProblemText(
        N_("There is no event “{name}” in the calendar."),
        N_("Define it under calendar:, events:, with from: and to:."),
    ),
    "unknown_grain": ProblemText(
        N_("There is no grain “{name}”: no length of time of that name."),
        N_("Use one of {grains}; or name a set of periods so, below calendar:, periods:."),
    ),
    "name_of_grain": ProblemText(
        N_("“{name}” is a length of time in every plan, so no set of periods can have that name."),
        N_("Name the set by what it is: seasons, collections, campaigns."),
    ),
    "unknown_goal": ProblemText(
        N_("There is no goal “{name}”."),
        N_("Define it under goals:, or name one that is there."),
    ),
    "unknown_kpi": ProblemText(
        N_("There is no KPI “{name}”."),
        N_("Define it under kpis:, or name one that is there."),
    ),
    "bad_mapping": ProblemText(
        N_("“{text}” does not say what a name is called with you."),
        N_("Write it as NAME=YOURS: --map orders.net=sales.total"),
    ),
    "standard_kpi_lacks": ProblemText(
        N_("Your tables lack what the formula needs: {missing}."),
        N_("Say what it is called with you: --map {example}=YOUR_NAME"),
    ),
    "standard_kpi_not_loaded": ProblemText(
        N_("The columns of these tables are not known yet: {tables}."),
        N_("Load the data first: kurs load"),
    ),
    "standard_kpi_there": ProblemText(
        N_("The plan has {name} already, under: {where}."),
        N_("Give yours another name, or compare both with: kurs catalog show {name}"),
    ),
    "unknown_standard_kpi": ProblemText(
        N_("The catalogue has no standard KPI “{name}”."),
        N_("Look for it with: kurs catalog"),
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
    "unknown_source_table": ProblemText(
        N_("The table {table} takes its rows from “{name}”, but no source loads into that."),
        N_("Correct from: of the table or into: of the source; they must say the same name."),
    ),
    "unknown_strategy": ProblemText(
        N_("There is no strategy “{name}”."),
        N_("Define it under strategy:, or name one that is there."),
    ),
    "unknown_table": ProblemText(
        N_("There is no table “{name}”."),
        N_("Define it under tables:, or name one that is there."),
    ),
    # Targets, baselines and periods
    "ambiguous_change": ProblemText(
        N_("“change: {value}” could mean a part of the baseline or percentage points."),
        N_("Write change: +20% for a fifth more than the baseline, or +2pp for two percentage points more."),
    ),
    "bad_period": ProblemText(
        N_("This does not say when the KPI runs."),
        N_(
            "Write period: and below it from: and to: with two dates, or event: with its name,"
            " or every: month."
        ),
    ),
    "bad_target": ProblemText(
        N_("This does not say what the target is."),
        N_("Write below target: one of {kinds}, for example reach: 1200 or change: +20%"),
    ),
    "change_without_baseline": ProblemText(
        N_("The target is a change, but nothing says from what."),
        N_("Add baseline:, for example baseline: last_year, or write the target as reach:."),
    ),
    "direction_conflict": ProblemText(
        N_("“good: {good}” and the target “{target}” contradict each other."),
        N_(
            "keep_above: goes with good: up, keep_below: with good: down, and between: with good: band;"
            " reach: and change: with up or down. Change one of the two."
        ),
    ),
    "leads_nothing": ProblemText(
        N_("The KPI is leading, but does not say which metric it runs ahead of."),
        N_("Add leads: and the metric, for example leads: revenue"),
    ),
    "missing_period": ProblemText(
        N_("The KPI does not say when it runs."),
        N_(
            "Add period: and below it from: and to: with two dates, or event: with its name, or every: month."
        ),
    ),
    "no_direction": ProblemText(
        N_("The target of {kpi} does not say which way is better for the metric {metric}."),
        N_("Add good: up or good: down to the metric or to the KPI."),
    ),
    "not_a_fraction": ProblemText(
        N_("{given} is far too much for “{key}”, which is a share of the whole: 1 is 100%."),
        N_("If you mean a percentage, add the sign: {given}%"),
    ),
    "not_percent": ProblemText(
        N_("{value} is a percentage, but the metric {metric} is not."),
        N_("Add unit: percent to the metric if it is a share; for a change write change: instead."),
    ),
    "key_needs_key": ProblemText(
        N_("{key} says nothing without one of these keys: {others}."),
        N_("Add it, or take {key} away."),
    ),
    "only_one_key": ProblemText(
        N_("Only one of these can stand in a metric: {keys}."),
        N_("Make two metrics, one for each."),
    ),
    "period_backwards": ProblemText(
        N_("The period ends on {to}, before it begins on {from}."),
        N_("Swap the two dates, or correct the year."),
    ),
    "points_of_what": ProblemText(
        N_("{value} are percentage points, which fit only the change of a metric in percent."),
        N_("Write a percentage or a number, or add unit: percent to the metric."),
    ),
    "range_backwards": ProblemText(
        N_("The range begins at {low} and ends at {high}, which is less."),
        N_("Write the lower number first."),
    ),
    "same_event_without_event": ProblemText(
        N_("The baseline is the same event before, but the KPI does not run during an event."),
        N_("Write below period: a line with event:, or choose another baseline, for example last_year."),
    ),
    "several_baselines": ProblemText(
        N_("The baseline is given in more than one way."),
        N_("Keep value:, or same_event:, or from: and to:."),
    ),
    "several_periods": ProblemText(
        N_("The period is given in more than one way."),
        N_("Keep from: and to:, or event:, or every:."),
    ),
    "several_targets": ProblemText(
        N_("The target is given in more than one way: {kinds}."),
        N_("Keep one of them; a second target is a KPI of its own."),
    ),
    "small_change": ProblemText(
        N_("“change: {value}” is a difference of {value} from the baseline, not a percentage of it."),
        N_("If you mean a percentage, write change: {right}"),
    ),
}
