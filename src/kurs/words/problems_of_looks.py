"""What a look at data files leaves open (doubt_...), and what a profile cannot express (look_...)."""

from collections.abc import Mapping

from kurs.words.phrases import N_, ProblemText

_ANSWER = N_("Choose one; the first is the likeliest.")
_AS_TEXT = N_("The column is taken in as text, so it cannot be added up.")

PROBLEMS_OF_LOOKS: Mapping[str, ProblemText] = {
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
    "doubt_totals": ProblemText(
        N_("Rows that begin with {samples} may be totals, or data; their numbers are no sums of the others."),
        _ANSWER,
    ),
    "look_bounds": ProblemText(N_("{column} has values that are bounds, not numbers: {samples}."), _AS_TEXT),
    "look_currency_signs": ProblemText(
        N_("{column} has currency signs in its cells, which cannot be taken off yet: {samples}."), _AS_TEXT
    ),
    "look_foreign_digits": ProblemText(
        N_("{column} has digits that cannot be read as numbers yet: {samples}."), _AS_TEXT
    ),
    "look_header_twice": ProblemText(
        N_("The header of {file} names {column} twice, so neither column can be taken in."),
        N_("Rename one of them in the export."),
    ),
    "look_jalali_dates": ProblemText(
        N_("{column} has dates of the Jalali calendar, which cannot be read yet: {samples}."), _AS_TEXT
    ),
    "look_leading_zeros": ProblemText(
        N_("{column} keeps its leading zeros ({samples}): digits of a name, not of a number."), _AS_TEXT
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
    "look_null_in_text": ProblemText(
        N_("{marks} means no value in other columns; in {column}, a text, it becomes empty too."),
        N_("Correct nulls: under format: if the text matters."),
    ),
    "look_other_marks": ProblemText(
        N_("The numbers of {column} ({samples}) do not fit the marks of the others ({marks})."), _AS_TEXT
    ),
    "look_other_minus": ProblemText(
        N_("{column} writes numbers below zero in a way that cannot be read yet: {samples}."), _AS_TEXT
    ),
    "look_percent_signs": ProblemText(
        N_("{column} has percent signs in its cells, which cannot be taken off yet: {samples}."), _AS_TEXT
    ),
    "look_ragged": ProblemText(
        N_("Rows of {file} have another number of cells than the header: {rows}."),
        N_("Correct them, or allow some with max_rejects:."),
    ),
    "look_unix_time": ProblemText(
        N_("{column} looks like a time counted since 1970, which cannot be read as a time yet: {samples}."),
        N_("It is taken in as a number."),
    ),
    "no_data_file": ProblemText(
        N_("There is no file {file}."), N_("Name files after --from; a folder or a pattern is none.")
    ),
    "no_data_files": ProblemText(N_("No data files are named."), N_("Name at least one file after --from.")),
}
