"""Problems of a question that someone asks, of running it, and of the readings that it gives."""

from collections.abc import Mapping

from kurs.words.phrases import N_, ProblemText

PROBLEMS_OF_QUESTIONS: Mapping[str, ProblemText] = {
    # The command line, found by cli
    "bad_day": ProblemText(
        N_("{option} should be a day, but it is “{value}”."),
        N_("Write year, month and day, for example {option} 2026-11-20"),
    ),
    "bad_limit": ProblemText(
        N_("{option} should be a whole number from 1 on, but it is “{value}”."),
        N_("Write for example {option} 10"),
    ),
    "bad_range": ProblemText(
        N_("{option} should be a range of days, but it is “{value}”."),
        N_("Write its first and last day, for example {option} 2025-11-21..2025-12-28"),
    ),
    "bad_report_period": ProblemText(
        N_("“{value}” is no period of a report."),
        N_("Name an event or a grain of the plan, or write 2026-12, 2026-Q4, 2026 or DATE..DATE."),
    ),
    "bad_usage": ProblemText(
        N_("The command cannot be understood: {reason}"),
        N_("See what it takes with: {command} --help"),
    ),
    "days_in_no_period": ProblemText(
        N_("{days} of the days from {from} to {to} lie in none of the periods of {name}, and in no row."),
        N_("Ask by month or by day for all of them."),
    ),
    "days_too_far": ProblemText(
        N_("The days from {from} to {to} are too many to be counted out by this calendar."),
        N_("Ask with --from and --to; a date far away in the data is most often a wrong one."),
    ),
    "leap_day_alone": ProblemText(
        N_("Only one of both years has the leap day here: {days} days are compared with {other_days}."),
        N_("For as many days, of the same weekdays, compare with last_year_weekday."),
    ),
    "extra_week_alone": ProblemText(
        N_("The 53rd week of the fiscal year, {from} to {to}, has no counterpart a year before."),
        N_("A month, quarter or year with that week is compared with one that is a week shorter."),
    ),
    "extra_week_left_out": ProblemText(
        N_("The year before has a 53rd week, {from} to {to}, which is left out of the comparison."),
        N_("Each week is compared with the one of the same number."),
    ),
    "days_backwards": ProblemText(
        N_("The days end on {to}, before they begin on {from}."),
        N_("Swap --from and --to, or correct the year."),
    ),
    "files_in_the_way": ProblemText(
        N_("These files are there already, and nothing is overwritten: {files}."),
        N_("Choose an empty folder, for example: kurs init my-plan"),
    ),
    "not_a_folder": ProblemText(
        N_("{folder} is not a folder."),
        N_("Name a folder with --project."),
    ),
    "not_writable": ProblemText(
        N_("{file} cannot be written: {reason}."),
        N_("Choose a folder that you may write to, with enough space."),
    ),
    "plan_file_changed": ProblemText(
        N_("The file {file} was changed while it was being fixed, so nothing was written."),
        N_("Run the same command again."),
    ),
    "range_needs_both": ProblemText(
        N_("The days to load need a first and a last one."),
        N_("Give both, for example: --from 2026-11-01 --to 2026-11-30"),
    ),
    "report_not_written": ProblemText(
        N_("The report cannot be written to {file}: {reason}."),
        N_("Choose another file with -o."),
    ),
    "unexpected": ProblemText(
        N_("kurs failed in a way that it should not ({error})."),
        N_("Please report it, with the command and with what it prints when KURS_DEBUG=1 is set."),
    ),
    "missing_argument": ProblemText(
        N_("{command} needs more words, and has not got: {names}."),
        N_("See what it takes with: {command} --help"),
    ),
    "option_takes_no_value": ProblemText(
        N_("“{name}” is said alone, without a value."),
        N_("Leave out the sign = and what comes after it."),
    ),
    "option_alone": ProblemText(
        N_("{option} says nothing alone."),
        N_("Give it with {other}."),
    ),
    "option_without_value": ProblemText(
        N_("“{name}” needs a value, and nothing follows it."),
        N_("See which values it takes with: {command} --help"),
    ),
    "too_many_words": ProblemText(
        N_("{command} has no use for these words: {words}."),
        N_("A text of several words stands in quotes. See what it takes with: {command} --help"),
    ),
    "unknown_command": ProblemText(
        N_("kurs has no command “{name}”."),
        N_("The commands are {commands}."),
    ),
    "unknown_option": ProblemText(
        N_("{command} has no option “{name}”."),
        N_("See its options with: {command} --help"),
    ),
    # The question, found by metrics and workflows
    "asked_twice": ProblemText(
        N_("The answer would have two columns of the same name: {names}."),
        N_("Ask for each of them once."),
    ),
    "bad_order": ProblemText(
        N_("The answer cannot be put in order of “{name}”, as it has no such column."),
        N_("Order by a column that the answer shows; add :desc for the largest first."),
    ),
    "bad_condition": ProblemText(
        N_("The condition “{sql}” cannot be computed: {reason}"),
        N_("Compare a column with a value of its own kind; text stands in single quotes: channel = 'email'."),
    ),
    "compare_needs_range": ProblemText(
        N_("A comparison needs a range of days to compare."),
        N_("Add --from and --to, for example: --from 2026-11-01 --to 2026-11-30"),
    ),
    "compared_to_date": ProblemText(
        N_("The period is not over, so it is compared with the same stretch of the other one, until {to}."),
        N_("Ask again when the period is over to compare both as a whole."),
    ),
    "cohorts_young": ProblemText(
        N_("{name} is not known yet for those first seen after {to}: their time is not over."),
        N_("Ask until {to}, for example with --to {to}."),
    ),
    "funnel_running": ProblemText(
        N_("{name}: who entered from {from} on may still take later steps; the data end on {to}."),
        N_("Do not read a fall in these days; ask only for days before, or again when they are over."),
    ),
    "first_bucket_partial": ProblemText(
        N_("The first {grain} shown, of {bucket}, is counted only from {from} on."),
        N_("Compare it with the others only if you ask from {bucket} on."),
    ),
    "last_bucket_partial": ProblemText(
        N_("The last {grain} shown, of {bucket}, is counted only to {to}."),
        N_("It is not over, or not asked for as a whole: do not read it as a fall."),
    ),
    "no_parts": ProblemText(
        N_("{name} is not one number divided by another, so it has no numerator and denominator."),
        N_("Ask for the metric itself."),
    ),
    "not_covered": ProblemText(
        N_("The data begins on {first}, and the question on {from}; the days before that are not counted."),
        N_("Load the earlier days, or ask from {first} on."),
    ),
    "nothing_asked": ProblemText(
        N_("The question names neither a metric nor a dimension."),
        N_("Name a metric, for example: kurs query revenue --grain month"),
    ),
    "time_not_time": ProblemText(
        N_("The time of the table {table} is the column {column}, which holds no dates (its type: {type})."),
        N_("Name a column with dates after time:, or load the column as a date."),
    ),
    "too_fine": ProblemText(
        N_("The table {table} knows only the day, so it cannot be asked by hour."),
        N_("Ask by day, or name a column with the time of day after time:."),
    ),
    "unequal_lengths": ProblemText(
        N_("{metrics} cannot be compared over {days} and {other_days} days, as more days add up to more."),
        N_("Choose two ranges of the same length, or compare an average a day."),
    ),
    "unequal_lengths_caveat": ProblemText(
        N_("The compared ranges differ in length: {days} and {other_days} days."),
        N_("Rates and averages can be compared so, with care: the longer range is the steadier one."),
    ),
    "no_same_event": ProblemText(
        N_("No event of the plan has an earlier occurrence to compare {from} to {to} with."),
        N_("Add the earlier dates under calendar: events:, or compare with last_year."),
    ),
    "unknown_report_file": ProblemText(
        N_("A report cannot be written as {file}."),
        N_("End the file's name in one of: {endings}."),
    ),
    "window_by_hour": ProblemText(
        N_("A metric that looks back over days cannot be asked by the hour."),
        N_("Ask by day or coarser."),
    ),
    "without_entity": ProblemText(
        N_("{without} of {rows} rows of {table} have no row of {entity}, so they are in no segment of it."),
        N_("Compare with the answer without the segment to see how much is outside of it."),
    ),
    # Readings, found by evaluate
    "baseline_missing": ProblemText(
        N_("The baseline has no value: nothing was counted from {from} to {to}."),
        N_("Choose another baseline:, or state one with value:."),
    ),
    "baseline_not_covered": ProblemText(
        N_("The baseline from {from} to {to} lacks data; days missing: {missing} of {days}."),
        N_("Load the data of those days, or choose another baseline:."),
    ),
    "baseline_partly_covered": ProblemText(
        N_("The baseline from {from} to {to} comes from a part of its days; missing: {missing} of {days}."),
        N_("Load the data of those days, or choose another baseline:."),
    ),
    "days_between_missing": ProblemText(
        N_("{source} has no data for {missing} of the days from {from} to {to} (account: {account})."),
        N_("Load the exports of those days, or take the numbers as incomplete."),
        N_("{source} has no data for {missing} of the days from {from} to {to}."),
    ),
    "days_missing": ProblemText(
        N_("Not all days from {from} to {to} have data; missing: {missing} of {days}."),
        N_("Load the data of those days with: kurs load"),
    ),
    "late_source": ProblemText(
        N_("{source} has data only until {to} (account: {account})."),
        N_("Load its newest export with: kurs load"),
        N_("{source} has data only until {to}."),
    ),
    "may_be_restated": ProblemText(
        N_("{source} may still correct the days from {from} on, until {until} (account: {account})."),
        N_("Take the number as provisional until then."),
        N_("{source} may still correct the days from {from} on, until {until}."),
    ),
    "no_data_yet": ProblemText(
        N_("{metric} has no data as early as {as_of}."),
        N_("Load older data, or ask for a later day with --as-of."),
    ),
    "no_earlier_period": ProblemText(
        N_("No {name} before the one from {from} on can be compared with it."),
        N_("Define an earlier one below calendar:, periods:, or use another baseline."),
    ),
    "no_earlier_event": ProblemText(
        N_("The calendar has no {event} before {from} to compare with."),
        N_("Add the earlier one under calendar:, events:, or choose another baseline:."),
    ),
    "no_rows_in_period": ProblemText(
        N_("{metric} has no value: there are no rows from {from} to {to}."),
        N_("Check that the data of these days is loaded, and what where: or the segment leaves of it."),
    ),
    "not_finite": ProblemText(
        N_("{metric} is not a finite number: a value in its data is infinite or not a number."),
        N_("Leave such values out with filter (where ...) in its expr:, or mend the data."),
    ),
    "not_started": ProblemText(
        N_("The period starts on {from}."),
    ),
    "period_is_no_event": ProblemText(
        N_("The baseline is an earlier event, but the KPI's period is not an event of the calendar."),
        N_("Write period: with event: and the event's name, or choose another baseline:."),
    ),
    "period_not_loaded": ProblemText(
        N_("{metric} has data only until {data_to}, before the period starts on {from}."),
        N_("Load the newest data with: kurs load"),
    ),
    "rows_rejected": ProblemText(
        N_("Some rows of {source} could not be taken in and are left out: {rows} (account: {account})."),
        N_("Look at them in .kurs/rejects, mend the export or its format:, and load again."),
        N_("Some rows of {source} could not be taken in and are left out: {rows}."),
    ),
    "target_needs_baseline": ProblemText(
        N_("The target is a change from the baseline, and there is no baseline."),
        N_("Add baseline: to the KPI, or write the target with reach:."),
    ),
    "target_needs_direction": ProblemText(
        N_("The plan does not say which way is good, so the value cannot be judged."),
        N_("Add good: up or good: down to the KPI or its metric."),
    ),
    "target_needs_positive_baseline": ProblemText(
        N_("A change in percent has no meaning from a baseline that is not above zero."),
        N_("Write the target with change_by: or reach:."),
    ),
    "target_not_finite": ProblemText(
        N_("The target is not a finite number."),
        N_("Check target: and baseline: of the KPI."),
    ),
    "target_of_the_whole": ProblemText(
        N_("The target is not for this segment ({segment}), so the value is not judged."),
        N_("To judge it, add a KPI with segment: and a target of its own."),
    ),
    "unlike_lengths": ProblemText(
        N_("The baseline has {baseline_days} days and the period has {days}, so their sums are not alike."),
        N_("Compare a range of the same length, or an average a day."),
    ),
    "zero_denominator": ProblemText(
        N_("{metric} has no value from {from} to {to}: it divides by zero."),
        N_("There was nothing to divide by in these days; check that their data is loaded."),
    ),
    # Running it, found by engines
    "engine_file_missing": ProblemText(
        N_("The database {file} does not exist."),
        N_("Check the path after engine: in kurs.yaml."),
    ),
    "engine_locked": ProblemText(
        N_("The database {file} is in use by another program."),
        N_("Close the program that writes to it, then ask again."),
    ),
    "fan_out": ProblemText(
        N_("{table} joins {other}, where {key} should differ in each row, but repeats: {examples}."),
        N_("Remove the repeated rows, choose the right key:, or add latest_by: to keep the newest row."),
    ),
    "amounts_not_converted": ProblemText(
        N_("Not all of {table}.{column} is in {currency}, but it is added up as it stands: {examples}."),
        N_("Name the column under amounts: of the table, its currency:, and the rates under fx:."),
    ),
    "newest_tied": ProblemText(
        N_("In {table} several rows of a key are the newest by {columns}: {examples}."),
        N_("Add a second column to latest_by: that tells them apart, or remove the repeated rows."),
    ),
    "rate_missing": ProblemText(
        N_("There is no rate to {currency} for amounts of {table}: {examples}. None is guessed."),
        N_("Load the missing rates, correct the currencies, or let a rate hold longer by max_age: in fx:."),
    ),
    "rates_not_positive": ProblemText(
        N_("{table} has rates that are not above 0: {examples}."),
        N_("Correct the rates, or leave those rows out by where: of the table."),
    ),
    "rates_repeated": ProblemText(
        N_("{table} has several rates of one day for the same currencies: {examples}."),
        N_("Keep one rate a day, for example by latest_by: or where: of the table."),
    ),
    "windows_overlap": ProblemText(
        N_("In {table} two rows of one {key} are valid at the same time: {examples}."),
        N_("Let each row end at valid_to: when the next one begins at valid_from:; an end is not included."),
    ),
    "query_failed": ProblemText(
        N_("The engine could not answer: {reason}"),
        N_("Look at the statement with --sql. If kurs made it wrong, please report it."),
    ),
    "query_timeout": ProblemText(
        N_("The engine had no answer after {seconds} seconds and was stopped."),
        N_("Ask about fewer days or fewer dimensions."),
    ),
}
