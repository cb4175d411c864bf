"""What a look at data files leaves open (doubt_...), and what a profile cannot express (look_...)."""

from collections.abc import Mapping

from kurs.words.phrases import N_, ProblemText

_ANSWER = N_("Choose one; the first is the likeliest.")
_AS_TEXT = N_("The column is taken in as text, so it cannot be added up.")

PROBLEMS_OF_LOOKS: Mapping[str, ProblemText] = {
    "doubt_bounds": ProblemText(
        N_("{column} has bounds, such as {samples}; they can be {readings}: no value, the number, or half."),
        _ANSWER,
    ),
    "doubt_calendar": ProblemText(
        N_("The years in {column} have two digits, and may be of two calendars: {samples} as {readings}."),
        _ANSWER,
    ),
    "doubt_dates": ProblemText(
        N_("In {column}, day, month and year may stand in another order: {samples} as {readings}."), _ANSWER
    ),
    "doubt_delimiter": ProblemText(
        N_("The cells of {file} may be parted in two ways: {samples} as {readings}."), _ANSWER
    ),
    "doubt_digits": ProblemText(
        N_("The digits in {column} may be numbers or dates: {samples} as {readings}."), _ANSWER
    ),
    "doubt_encoding": ProblemText(
        N_("The letters of {file} may be written in two ways: {samples} as {readings}."), _ANSWER
    ),
    "doubt_header": ProblemText(
        N_("The first row of {file} may be the header, or data: {readings}."),
        _ANSWER,
    ),
    "doubt_header_twice": ProblemText(
        N_("The header of {file} names several columns {column}; only you know which is which: {readings}."),
        N_("Numbered ones are told apart by their order; give them names of their own in the plan."),
    ),
    "doubt_marks": ProblemText(
        N_("The numbers in {column} can be read in two ways: {samples} as {readings}."), _ANSWER
    ),
    "doubt_overlap": ProblemText(
        N_("Files like {file} share days, and may be {readings}: both count, or the later one wins."), _ANSWER
    ),
    "doubt_personal": ProblemText(
        N_("{column} looks like personal data, which is {readings}: decide which."),
        N_("The first is the most careful choice that keeps the column useful."),
    ),
    "doubt_sum_rows": ProblemText(
        N_(
            "Rows of {file} with an empty {column} hold the sums of the others (by {samples}): {readings}. "
            "Totals are left out."
        ),
        _ANSWER,
    ),
    "doubt_totals": ProblemText(
        N_("Rows that begin with {samples} may be totals, or data; their numbers are no sums of the others."),
        _ANSWER,
    ),
    "doubt_units": ProblemText(
        N_("The row below the header of {file} ({samples}) may be units or names, or data: {readings}."),
        _ANSWER,
    ),
    "look_below_end": ProblemText(
        N_("Below the blank row that ends the table of {file}, from row {row} on, is left out: {rows}."),
        N_("Remove until: under format: if the rows go on there."),
    ),
    "look_days_unread": ProblemText(
        N_("{column} speaks of days, but {samples} can be read as none: it stays a text, and is no time."),
        N_("Export days such as 2026-09-01, or state their form under date: of the column."),
    ),
    "look_leading_zeros": ProblemText(
        N_("{column} keeps its leading zeros ({samples}): digits of a name, not of a number."), _AS_TEXT
    ),
    "look_left_out": ProblemText(
        N_("Rows of {file} that begin with {rows} are left out: they are narrower than the table."),
        N_("Correct totals: under format: if they are data."),
    ),
    "look_minor_units": ProblemText(
        N_("{column} may count cents: all its amounts are whole numbers beside {currency}."),
        N_("If so, divide by 100 in the metrics: sum(t.amount) / 100; by 1 for currencies without cents."),
    ),
    "look_mixed_currencies": ProblemText(
        N_("{column} has amounts in several currencies: {samples}."), _AS_TEXT
    ),
    "look_mixed_marks": ProblemText(
        N_("The numbers of {column} are written in more than one way: {samples}."), _AS_TEXT
    ),
    "look_mostly_dates": ProblemText(
        N_("Most values of {column} are dates, but not all (in the shapes {shapes})."), _AS_TEXT
    ),
    "look_mostly_numbers": ProblemText(
        N_("Most values of {column} are numbers, but not all (in the shapes {shapes})."), _AS_TEXT
    ),
    "look_nested": ProblemText(
        N_("{column} in {file} holds values of a kind that cannot be taken in yet; it is left out."),
        N_("Flatten it in the export."),
    ),
    "look_no_rows": ProblemText(
        N_("{file} has a header but no rows: nothing tells what its columns hold, so it has no source."),
        N_("Export days that have rows, and run kurs init --from with that file, too."),
    ),
    "look_null_in_text": ProblemText(
        N_("{marks} means no value in other columns; in {column}, a text, it becomes empty too."),
        N_("Correct nulls: under format: if the text matters."),
    ),
    "look_other_table": ProblemText(
        N_("{file} holds another table, from row {row} on: {rows}. It is not taken in."),
        N_("Save it as a file of its own, and name that after --from, too."),
    ),
    "look_other_days": ProblemText(
        N_("The days of {column} ({samples}) have another calendar or language than those of other columns."),
        _AS_TEXT,
    ),
    "look_other_marks": ProblemText(
        N_("The numbers of {column} ({samples}) do not fit the marks of the others ({marks})."), _AS_TEXT
    ),
    "look_ragged": ProblemText(
        N_("Rows of {file} have another number of cells than the header: {rows}."),
        N_("Correct them, or allow some with max_rejects:."),
    ),
    "look_shortened": ProblemText(
        N_("The numbers of {column} are rounded and shortened ({samples}), so it stays a text."),
        N_("Export full numbers."),
    ),
    "look_some_percent": ProblemText(
        N_("Some values of {column} have a percent sign, others have none: {samples}."), _AS_TEXT
    ),
    "look_sums_left_out": ProblemText(
        N_("The row of {file} that begins with {rows} holds the sums of the others; it is left out."),
        N_("Remove totals: under format: if it is data."),
    ),
    "look_too_large": ProblemText(
        N_("The JSON document {file} has its rows deep inside, and more than {limit} MB."),
        N_("Export it as JSON lines, an object a line, or as an array alone."),
    ),
    "look_wide": ProblemText(
        N_("{file} has a column for each period ({columns}; {count} such): no question can ask by time."),
        N_("Export it with a row for each day or month, or turn it in a spreadsheet, and draft again."),
    ),
    "no_data_file": ProblemText(
        N_("There is no file {file}."), N_("Name files after --from; a folder or a pattern is none.")
    ),
    "no_data_files": ProblemText(N_("No data files are named."), N_("Name at least one file after --from.")),
}
