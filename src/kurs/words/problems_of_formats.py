"""Problems of the formats of files: archives, sheets, nested data, the forms of numbers and days."""

from collections.abc import Mapping

from kurs.words.phrases import N_, ProblemText

PROBLEMS_OF_FORMATS: Mapping[str, ProblemText] = {
    # The profile, found by project
    "bad_currency_sign": ProblemText(
        N_("“{value}” cannot be a currency's sign."),
        N_("Write signs or codes without digits, minus or percent: currency_signs: [€, EUR]"),
    ),
    "bad_date_form": ProblemText(
        N_("“{form}” is no form for days or moments: see “{part}”."),
        N_("Write year, month and day as in %Y-%m-%d or %d.%m.%Y %H:%M, each once; or unix_s, unix_ms."),
    ),
    "two_digit_years": ProblemText(
        N_("“{form}” has years of two digits, and it is not said of which century."),
        N_("Add the first of the hundred years under format:, such as years_from: 1970, or 1350 for jalali."),
    ),
    "unknown_locale": ProblemText(
        N_("The words for months in “{locale}” are not known."),
        N_("Write a language such as en, pl or sv under locale:; with calendar: jalali, fa or en."),
    ),
    # Archives, found by sources
    "archive_bomb": ProblemText(
        N_("More than {limit} MB come out of the archive {file}, far too much for its size."),
        N_("If the file is right, unpack it yourself and name the unpacked file under files:."),
    ),
    "archive_member_missing": ProblemText(
        N_("The archive {file} holds no file {member}."),
        N_("It holds: {members}. Correct member: under format:."),
    ),
    "archive_members": ProblemText(
        N_("The archive {file} holds several files ({count}), and it is not said which one to read."),
        N_("Name it under format: member:, with * as wildcard. They are: {members}."),
    ),
    # Doubts about what was taken in, found by sources
    "bounds_taken": ProblemText(
        N_("{column} of {source} holds bounds such as {value} (row {row} of {file}; such cells: {count})."),
        N_("They are taken in by bounds: {bounds} under format:, so sums over them are not exact."),
    ),
    "errors_not_seen": ProblemText(
        N_("In old Excel files a formula's error looks like an empty cell ({files})."),
        N_("Save them as .xlsx, where errors are told."),
    ),
    "sum_rows": ProblemText(
        N_(
            "Rows with an empty {column} hold the sums of the others (row {row} of {file}; {count} such; by "
            "{sums}), so everything counts twice."
        ),
        N_("Add sums_where_empty: {column} under format:, and they are left out."),
    ),
    "sum_rows_by_word": ProblemText(
        N_(
            "Rows with {word} under {column} hold the sums of the others (row {row} of {file}; {count} such; "
            "by {sums}), so everything counts twice."
        ),
        N_("Add totals: {word} and totals_in: {column} under format:, and they are left out."),
    ),
    "too_little_memory": ProblemText(
        N_("The files of {source} need more memory than there is for reading them."),
        N_("Leave columns out that nobody needs, with keep: dropped, or split the files."),
    ),
    # Another reading that fits better, found by sources
    "jalali_days_fit": ProblemText(
        N_("{value} in {column} looks like the Jalali day {other} (row {row} of {file}; {count} such)."),
        N_("Add calendar: jalali under format:, and date: with the form, if it is."),
    ),
    "mojibake": ProblemText(
        N_(
            "“{value}” in {column} is likely “{other}”: letters of UTF-8, read one byte at a time "
            "(row {row} of {file}; encoding: {encoding})."
        ),
        N_("Set encoding: utf-8 under format:; if it is set, the file was damaged where it was made."),
    ),
    "other_days_fit": ProblemText(
        N_(
            "In {column}, {value} is read as {read}, and all days lie within {days} days; as {form} it would "
            "be {other}, and all within {other_days} (row {row} of {file})."
        ),
        N_("Correct date: of the column if the export has changed."),
    ),
    "other_marks_fit": ProblemText(
        N_(
            "In {column}, {value} is read as {read}; three digits follow “{mark}” in all numbers, so it may "
            "be {other} (row {row} of {file}; {count} such)."
        ),
        N_(
            'If “{mark}” stands between thousands, set decimal: "{decimal}" and thousands: "{mark}" '
            "under format:."
        ),
    ),
    # JSON, found by sources
    "json_rows_missing": ProblemText(
        N_("The JSON file {file} has no array of rows at “{rows}”."),
        N_("Say under format: where the rows stand, such as rows: data.items. Arrays are at: {arrays}."),
    ),
    # Sheets, found by sources
    "inexact_number": ProblemText(
        N_("{value} in the column {column} has more digits than a sheet keeps (row {row} of {file})."),
        N_(
            "Format the column as text where the file is made, or take it as float or drop it under columns:."
        ),
    ),
    "sheet_errors": ProblemText(
        N_("The sheet {sheet} of {file} has cells with an error: {value}."),
        N_("Correct the formula, or save the sheet as Excel's .xlsx or CSV to see the cells by row."),
    ),
    "sheet_missing": ProblemText(
        N_("The file {file} has no sheet {sheet}."),
        N_("It has {sheets}. Name one, or its number from 1, under format: sheet:."),
    ),
    "sheet_needed": ProblemText(
        N_("The file {file} has several sheets, and it is not said which one to read."),
        N_("Name it under format: sheet:. There are {sheets}."),
    ),
    "sheet_too_large": ProblemText(
        N_("The sheet {sheet} of {file} spans {cells} cells, more than can be read."),
        N_("Remove what stands far to the right or far below, or export the sheet as CSV."),
    ),
}
