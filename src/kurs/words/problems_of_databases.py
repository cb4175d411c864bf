"""Problems of sources that are databases: in the plan, on the way to them, in what they hold."""

from collections.abc import Mapping

from kurs.words.phrases import N_, ProblemText

PROBLEMS_OF_DATABASES: Mapping[str, ProblemText] = {
    # In the plan, found by project
    "not_of_databases": ProblemText(
        N_("“{key}” is about files, but this source reads a database."),
        N_("Remove it, or name files: instead of url:."),
    ),
    "table_or_query": ProblemText(
        N_("A source that reads a database names either table: or query:, one of the two."),
        N_("Write for example table: shop.orders, or query: with one SELECT."),
    ),
    "unknown_database": ProblemText(
        N_("“{url}” leads to no database that kurs can read."),
        N_(
            "Write sqlite:///shop.db or duckdb:///shop.duckdb for a file of the project. The address of a "
            "server begins with postgresql:// and comes whole from the environment: url: ${{SHOP_DB}}."
        ),
    ),
    # On the way, found by sources
    "database_driver_missing": ProblemText(
        N_("The source {source} reads a {extra} database, whose driver is not installed."),
        N_('Install it with: pip install "kurs[{extra}]"'),
    ),
    "database_failed": ProblemText(
        N_("The database of {source} ({url}) refuses: {reason}."),
        N_("Check table: or query: of the source, and that its user may read what it names."),
    ),
    "database_file_missing": ProblemText(
        N_("The source {source} finds no database file at {url}."),
        N_("Put it there, or correct url:. A path in the plan begins at the project's folder."),
    ),
    "database_lost": ProblemText(
        N_("The connection to the database of {source} ({url}) broke off: {reason}."),
        N_("Nothing was taken in. Load again."),
    ),
    "database_table_missing": ProblemText(
        N_("The database of {source} ({url}) has no such table: {table}."),
        N_("Correct table: or query:, with the schema where it has one: shop.orders."),
    ),
    "database_unreachable": ProblemText(
        N_("The database of {source} ({url}) cannot be opened: {reason}."),
        N_("Check the address, the user and the password, and that the server can be reached from here."),
    ),
    "database_url_missing": ProblemText(
        N_("The source {source} takes its address from {name}, which the environment does not have."),
        N_("Set it before the load: export {name}=postgresql://USER:PASSWORD@HOST/DATABASE"),
    ),
    # In what they hold, found by sources and workflows
    "cursor_missing": ProblemText(
        N_("The source {source} has no column “{cursor}” for its cursor."),
        N_("Correct cursor: or columns:."),
    ),
    "cursor_type": ProblemText(
        N_("The cursor {cursor} of {source} is {type}, which does not tell when a row was changed."),
        N_("Name a column with a day or a moment under cursor:, or leave it out to read all rows each time."),
    ),
    "cursor_unseen": ProblemText(
        N_("The database has {there} rows of {source}, the lake has {here}."),
        N_(
            "A cursor sees no row that was deleted, or that came with an old value. "
            "Read all rows again with: kurs load {source} --full"
        ),
    ),
    "database_empty": ProblemText(
        N_("{url} holds no row of {source}, and would replace all that was loaded before."),
        N_("Check the table or the query; if it is right, remove the source from the plan."),
    ),
}
