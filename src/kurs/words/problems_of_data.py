"""Problems of the data that comes in: files, their form, their keys."""

from collections.abc import Mapping

from kurs.words.phrases import N_, ProblemText
from kurs.words.problems_of_databases import PROBLEMS_OF_DATABASES
from kurs.words.problems_of_looks import PROBLEMS_OF_LOOKS

PROBLEMS_OF_DATA: Mapping[str, ProblemText] = {
    **PROBLEMS_OF_DATABASES,
    # Tables, found by lake
    "lake_busy": ProblemText(
        N_("The table {table} is being written by other loads, so {source} could not be taken in."),
        N_("Wait until they are done, then load again."),
    ),
    "lake_not_written": ProblemText(
        N_("The rows of {source} could not be written to the table {table}: {reason}."),
        N_("Nothing was changed. Check that the disk has room and that .kurs may be written."),
    ),
    "not_tidied": ProblemText(
        N_("The rows are in, but old files of the table {table} could not be cleared away: {reason}."),
        N_("The next load tries again. Check that .kurs may be written."),
    ),
    "type_changed_meanwhile": ProblemText(
        N_("Another load has just made the column {column} {was}, but {source} brings it as {now}."),
        N_("Load again to see which rows do not fit."),
    ),
    "version_gone": ProblemText(
        N_("Version {version} of the table {table} is not kept any more."),
        N_("Ask for a later day. Versions stay as long as a snapshot names them, and for some weeks."),
    ),
    # What is taken in but looks wrong, found by sources
    "days_to_come": ProblemText(
        N_(
            "Rows of {source} after {today}: {count}. The first says {value} (row {row} of {file}, {column})."
        ),
        N_("If these are no plans for the days to come, check date: under format:, or the export."),
    ),
    "gap_days": ProblemText(
        N_("{source} has no row for {count} of the days that were loaded: {days}."),
        N_("They count as zero. If the export left them out, load these days again."),
    ),
    "rows_of_weeks": ProblemText(
        N_("All rows of {source} are of the same day of the week: do they stand for whole weeks?"),
        N_(
            "Then write rows: week under covers:, ask by week and let KPIs recur every week. "
            "A month tears its first and last weeks apart."
        ),
    ),
    "rows_of_months": ProblemText(
        N_("All rows of {source} are of the same end of a month: do they stand for whole months?"),
        N_("Then write rows: month under covers:, ask by month and let KPIs recur every month."),
    ),
    "mixed_currencies": ProblemText(
        N_("{source} has several currencies in {column}: {currencies}; sums of {amounts} would mix them."),
        N_("State currency: under account: if all amounts are in one, or split or convert them by {column}."),
    ),
    "personal_data": ProblemText(
        N_("The column {column} of {source} looks like personal data, and is taken in as it is."),
        N_("Decide under columns: with keep: {keep}, or keep: plain if that is meant."),
    ),
    "totals_differ": ProblemText(
        N_("The totals row says {total} for {column}, but the rows add up to {sum} (row {row} of {file})."),
        N_("Rows may be missing or stand twice. Of counts of people, such as reach, sums differ by nature."),
    ),
    # Days, found by sources
    "covers_needs_days": ProblemText(
        N_("Until when {source} is complete is stated, but not from when, and no column tells its days."),
        N_("Add from: under covers:, or time: to the table that it is read into."),
    ),
    "no_days_in_name": ProblemText(
        N_("The name of {file} does not say which days the file covers."),
        N_("Name it with a month or a day, or two: ads_2026-11.csv, ads_20261101-20261107.csv."),
    ),
    # Loads as a whole, found by workflows
    "account_changed": ProblemText(
        N_("The rows of {source} were loaded for the account “{was}”, but its account is now “{now}”."),
        N_("Load everything anew with: kurs load {source} --full. For a second account add a source."),
    ),
    "bad_hash_key": ProblemText(
        N_("The key of the project's hashes in {place} is too short to protect anything."),
        N_("Use at least 16 characters that nobody can guess, such as those of: openssl rand -hex 32"),
    ),
    "forget_nobody": ProblemText(
        N_("An empty value is nobody."),
        N_("Give an address, a number or an id, for example: kurs forget ann@example.com"),
    ),
    "forget_unasked": ProblemText(
        N_("Rows would be removed for good, and nobody is here to be asked."),
        N_("See which with --dry-run, then run it again with --yes."),
    ),
    "forget_unfinished": ProblemText(
        N_("Somebody is being forgotten, or was until kurs was interrupted: it is not finished."),
        N_("Run the same kurs forget again; it ends what is left."),
    ),
    "forgotten_left_out": ProblemText(
        N_("{source} still holds people who are to be forgotten; they were left out (rows: {count})."),
        N_("Remove them where the data come from, too."),
    ),
    "hash_key_changed": ProblemText(
        N_("Personal data of {source} were hashed by another key than the one that is there now."),
        N_(
            "Put the key back (KURS_HASH_KEY, or .kurs-private/hash-key), "
            "or load everything anew with: kurs load --full"
        ),
    ),
    "keep_changed": ProblemText(
        N_("The column {column} of {source} is in the lake as it came, but is now to be protected."),
        N_("Load everything anew, so that nothing of it stays: kurs load {source} --full"),
    ),
    "no_rows": ProblemText(
        N_("The files of {source} hold no rows, and would replace all that was loaded before."),
        N_("Check the export; if it is right, remove the source from the plan."),
    ),
    "not_stored": ProblemText(
        N_("{source} could not be loaded: {reason}."),
        N_("The lake is as it was. Check that the disk has room and that .kurs may be written."),
    ),
    "source_gone": ProblemText(
        N_("No source {source} of the plan fills the table {table}, but its rows are still there and count."),
        N_("If it was renamed, its rows may stand twice. Remove what is left over with: kurs load --prune"),
    ),
    "rows_below_end": ProblemText(
        N_("Below the blank row that ends the table of {file} are rows as wide: {count}, from row {row} on."),
        N_("They were left out by until: blank_row under format:. Remove it if they belong to {source}."),
    ),
    "sources_loaded": ProblemText(
        N_("These sources were loaded: {sources}."),
        N_("Only those with a problem need to be loaded again."),
    ),
    "window_needed": ProblemText(
        N_("The source {source} has no window, so it cannot be loaded for some days only."),
        N_("Name its column with the day under window:, or load it without --from and --to."),
    ),
    # Files, found by sources
    "bad_encoding": ProblemText(
        N_("The file {file} is not written in {encoding} (see line {row})."),
        N_("Name the right one under format:, for example encoding: utf-16 or encoding: windows-1250."),
    ),
    "bad_json": ProblemText(
        N_("Line or item {row} of {file} is not one JSON object: {reason}."),
        N_(
            "JSON lines hold one object in each line, without a comma; an array holds objects, each key once."
        ),
    ),
    "column_count": ProblemText(
        N_("The file {file} has {found} columns, but columns: names {expected}."),
        N_("With header_row: 0 every column of the file is named under columns:, in order."),
    ),
    "column_kind_not_yet": ProblemText(
        N_("This version of kurs cannot take in the column {column} of {file}: it is {kind}."),
        N_("Leave it out for now with keep: dropped under columns:."),
    ),
    "column_twice": ProblemText(
        N_("The headers {headers} of {file} would both become the column {column}."),
        N_("Give one of them another name under columns:."),
    ),
    "file_empty": ProblemText(
        N_("The file {file} is empty."),
        N_("Export it again, or remove it."),
    ),
    "file_kind_not_yet": ProblemText(
        N_("This version of kurs cannot read {kind} files such as {file} yet."),
        N_("Export it as CSV, Parquet or JSON lines."),
    ),
    "header_missing": ProblemText(
        N_("The file {file} has no header in row {row}."),
        N_("Say under format: in which row it stands, for example header_row: 3; 0 if there is none."),
    ),
    "key_is_null": ProblemText(
        N_("A row of {source} has no value in its key {key} (row {row} of {file}; such rows: {count})."),
        N_("Take columns that are always filled into key:, or mark totals rows under format: totals:."),
    ),
    "key_missing": ProblemText(
        N_("The source {source} has no column “{column}” for its key."),
        N_("Correct key: or columns:."),
    ),
    "key_not_unique": ProblemText(
        N_("The key {key} of {source} is not unique; it repeats for {examples} (such keys: {total})."),
        N_("Add the columns to key: that tell the rows apart, or remove the rows that stand twice."),
    ),
    "mark_not_one_character": ProblemText(
        N_("The {name} “{mark}” is not one plain character."),
        N_("Name one, such as a comma, a semicolon or a tab."),
    ),
    "missing_column": ProblemText(
        N_("The file {file} has no column “{column}”."),
        N_("Its columns are {columns}. Correct columns:, or check header_row: and delimiter: under format:."),
    ),
    "mixed_kinds": ProblemText(
        N_("The source {source} has files of different kinds: {files}."),
        N_("Make a source of each kind; they may fill one table with the same into:."),
    ),
    "more_rejects": ProblemText(
        N_("In all, {total} rows of {source} do not fit; the first {shown} are shown."),
        N_("Allow some under max_rejects: if the load may leave them out."),
    ),
    "nul_in_text": ProblemText(
        N_("Line {row} of {file} holds a NUL, a byte that no text has: it was cut off or badly written."),
        N_("Export it anew. If it is a repair that you trust, remove the bytes: tr -d '\\000' < FILE > NEW."),
    ),
    "outside_project": ProblemText(
        N_("{file} lies outside the project's folder."),
        N_("Copy the file into the project; a link that leads out of it does not count."),
    ),
    "overlapping_files": ProblemText(
        N_(
            "The files {files} hold the same days, {from} to {to}: "
            "one has {rows} rows ({total}), the other {other_rows} ({other_total})."
        ),
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
    "stray_quote": ProblemText(
        N_("A quote in {file} is not closed, or text follows a closing one (near row {row})."),
        N_("Quotes inside a quoted cell stand twice. Check the file, or quote: under format:."),
    ),
    "table_missing": ProblemText(
        N_("There is no data for the table {table} yet ({relation})."),
        N_("Load it with kurs load, or correct from: of the table."),
    ),
    "timezone_needed": ProblemText(
        N_("“{value}” in the column {column} says no time zone (row {row} of {file})."),
        N_("Name the zone in which the account writes its times under account:, timezone:."),
    ),
    "type_changed": ProblemText(
        N_(
            "The column {column} was loaded as {was} before, but {source} now brings {now} "
            "(row {row} of {file})."
        ),
        N_("Say under columns: which type is right, then load everything again with: kurs load --full"),
    ),
    "types_differ": ProblemText(
        N_("The column {column} is {was} in one file of the source and {now} in {file}."),
        N_("Say under columns: which type is right, or keep it out with keep: dropped."),
    ),
    "unknown_format": ProblemText(
        N_("The form of the file {file} is not known."),
        N_("Use CSV, TSV, Parquet or JSON lines, or name it under format:."),
    ),
    "unreadable": ProblemText(
        N_("The file {file} cannot be read: {reason}."),
        N_("Check that it is whole, of the kind that its ending says, and that you may read it."),
    ),
    "untypable": ProblemText(
        N_("“{value}” in the column {column} is not {type} (row {row} of {file})."),
        N_(
            "Check decimal:, thousands:, date:, nulls:, currency_signs: and bounds: under format:, "
            "or take the column as text."
        ),
    ),
    "untypable_decimal": ProblemText(
        N_("“{value}” in the column {column} does not fit {type} without rounding (row {row} of {file})."),
        N_("State a wider type under columns:, such as decimal(38,10), or float if it need not be exact."),
    ),
    "window_far": ProblemText(
        N_("The window {window} of {source} reaches to {day}, which can hardly be meant ({file})."),
        N_("Check date: under format:, or take that row out of the file."),
    ),
    "window_is_null": ProblemText(
        N_("A row of {source} has no {window}, its window (row {row} of {file}; such rows: {count})."),
        N_("Such rows could not be replaced later. Mark totals rows under totals:, or leave window: out."),
    ),
    "window_missing": ProblemText(
        N_("The source {source} has no column “{window}” for its window."),
        N_("Correct window: or columns:."),
    ),
    "window_type": ProblemText(
        N_("The window {window} of {source} is {type}, not a day or a moment."),
        N_("State its type and date: form under columns:, or name another column under window:."),
    ),
    "wrong_delimiter": ProblemText(
        N_("The header of {file} is one single cell, though it holds “{suggested}”."),
        N_("Correct delimiter: under format:."),
    ),
    **PROBLEMS_OF_LOOKS,
}
