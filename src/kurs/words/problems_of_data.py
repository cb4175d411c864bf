"""Problems of the data that comes in: files, their form, their keys."""

from collections.abc import Mapping

from kurs.words.phrases import N_, ProblemText

PROBLEMS_OF_DATA: Mapping[str, ProblemText] = {
    # Tables, found by lake
    "lake_busy": ProblemText(
        N_("The table {table} is being written by other loads, so {source} could not be taken in."),
        N_("Wait until they are done, then load again."),
    ),
    # Files, found by sources
    "bad_encoding": ProblemText(
        N_("The file {file} is not written in {encoding} (at byte {position})."),
        N_("Name the right one under format:, for example encoding: utf-16 or encoding: windows-1250."),
    ),
    "key_not_unique": ProblemText(
        N_("The key {key} of {source} is not unique; it repeats for {examples}."),
        N_("Add the columns to key: that tell the rows apart, or remove the rows that stand twice."),
    ),
    "missing_column": ProblemText(
        N_("The file {file} has no column “{column}”."),
        N_("Its columns are {columns}. Correct columns:, or check header_row: and delimiter: under format:."),
    ),
    "outside_project": ProblemText(
        N_("{file} lies outside the project's folder."),
        N_("Copy the file into the project; a link that leads out of it does not count."),
    ),
    "overlapping_files": ProblemText(
        N_("The files {files} hold the same days, {from} to {to}, with totals of {total} and {other_total}."),
        N_("Say how they belong together: files_are: restatements (the later one wins) or files_are: parts."),
    ),
    "ragged_row": ProblemText(
        N_("Row {row} of {file} has {given} values where the header has {expected}."),
        N_("Look for a stray delimiter or an open quote in that row, or check delimiter: under format:."),
    ),
    "source_file_missing": ProblemText(
        N_("The source {source} finds no file at {files}."),
        N_("Put the export there, or correct files:. The path begins at the project's folder."),
    ),
    "table_missing": ProblemText(
        N_("There is no data for the table {table} yet ({relation})."),
        N_("Load it with kurs load, or correct from: of the table."),
    ),
    "type_changed": ProblemText(
        N_("The column {column} was loaded as {was} before, but {source} now brings it as {now}."),
        N_("Say under columns: which type is right, then load everything again with: kurs load --full"),
    ),
    "unknown_format": ProblemText(
        N_("The form of the file {file} is not known."),
        N_("Use CSV, TSV, Parquet or JSON lines, or name it under format:."),
    ),
    "untypable": ProblemText(
        N_("“{value}” in the column {column} is not {type} (row {row} of {file})."),
        N_("Check decimal:, thousands:, date: and nulls: under format:, or take the column as text."),
    ),
}
