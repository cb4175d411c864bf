"""Problems of the plan's files before their meaning: reading them, YAML, and SQL that YAML tore apart."""

from collections.abc import Mapping

from kurs.words.phrases import N_, ProblemText

PROBLEMS_OF_YAML: Mapping[str, ProblemText] = {
    # Files
    "control_character": ProblemText(
        N_("This line holds an invisible character ({character}) that no text file should hold."),
        N_("Delete it and type the place again. It often comes with text that was copied."),
    ),
    "no_project": ProblemText(
        N_("There is no kurs.yaml in {folder}, nor in a folder above it."),
        N_("Go to the project's folder, name it with --project, or start a new one with: kurs init"),
    ),
    "not_a_plan_file": ProblemText(
        N_("{file} lies in the project, but holds nothing of the plan, so it is not used."),
        N_("The plan's keys are {known}. A file of another program is better kept in a hidden folder."),
    ),
    "not_utf8": ProblemText(
        N_("{file} is not saved as UTF-8, so its letters cannot be read."),
        N_("Save it again as UTF-8; most editors offer this under “Save as” or “Encoding”."),
    ),
    "too_deep": ProblemText(
        N_("“{what}” is nested too deeply; the limit is {limit} levels."),
        N_("Split it into smaller parts."),
    ),
    "too_large": ProblemText(
        N_("“{what}” is too large; the limit is {limit}."),
        N_("Split it into smaller parts."),
    ),
    "too_many_files": ProblemText(
        N_("There are more than {most} YAML files here, which is hardly one plan."),
        N_("Run kurs in the plan's own folder, or move the other files away."),
    ),
    "too_many_values": ProblemText(
        N_("The file holds too many values once its *aliases are written out; the limit is {most}."),
        N_("Write the values themselves instead of aliases of aliases."),
    ),
    "unreadable_file": ProblemText(
        N_("The file {file} cannot be read: {reason}."),
        N_("Check that the file exists and that you may read it."),
    ),
    "yml_ending": ProblemText(
        N_("{file} looks like a part of the plan, but its name ends in .yml, so it is not read."),
        N_("Rename it to {right}"),
    ),
    # Names that stand twice
    "duplicate_key": ProblemText(
        N_("“{key}” stands twice in the same block; the first one is on line {line}."),
        N_("Keep one of the two, or give the other one its own name."),
    ),
    "duplicate_name": ProblemText(
        N_("“{name}” is defined twice; the other one is in {other}."),
        N_("A name is defined once in the whole project. Rename or remove one of the two."),
    ),
    # SQL and texts that YAML cuts
    "comment_cut_sql": ProblemText(
        N_("YAML takes everything from the # on as a comment, so the SQL of “{key}” is cut off."),
        N_("Put the SQL in quotes: {right}"),
    ),
    "comment_in_sql": ProblemText(
        N_("YAML takes everything from the # on as a comment, so the SQL ends there: {sql}"),
        N_("If it is a comment, put a space behind the #. If it belongs to the SQL, write {right}"),
    ),
    "mapping_for_sql": ProblemText(
        N_("“{key}” takes SQL, but braces make it a mapping."),
        N_("Write it as a condition: {right}"),
    ),
    "unquoted_sql": ProblemText(
        N_("YAML tore the SQL of “{key}” apart, because it holds one of the characters , : # ' {{ }}."),
        N_("Put the SQL in quotes: {quoted}"),
    ),
    "unquoted_text": ProblemText(
        N_("YAML tore the text of “{key}” apart, because it holds a character like , : # or %."),
        N_("Put the text in quotes: {quoted}"),
    ),
    # YAML
    "key_not_a_word": ProblemText(
        N_("A list or a mapping stands here where the name of a key is expected."),
        N_("Write a word and a colon. A text that begins with a brace or a bracket needs double quotes."),
    ),
    "merge_key": ProblemText(
        N_("“<<” does not take over the keys of another block: the plan's YAML (1.2) has no such key."),
        N_("Write the keys out in each block."),
    ),
    "several_documents": ProblemText(
        N_("A line with --- starts a second document, and a file of the plan holds one."),
        N_("Remove the line, or move what follows into a file of its own."),
    ),
    "tag_not_allowed": ProblemText(
        N_("“{tag}” is a tag of YAML, and the plan has none."),
        N_("Remove it. A text that begins with ! needs double quotes."),
    ),
    "unknown_anchor": ProblemText(
        N_("“*{name}” repeats something that is not there: no “&{name}” comes before it."),
        N_("Write the value out. A text that begins with * needs double quotes."),
    ),
    "yaml_after_quote": ProblemText(
        N_("Something stands behind a text that has already ended with its quote."),
        N_("Put the whole value in double quotes; inside them, single quotes mean nothing special."),
    ),
    "yaml_block_text": ProblemText(
        N_("Behind | or > the line must end; the text begins on the next line."),
        N_("Move the text to the next line and indent it, or put it in double quotes without | or >."),
    ),
    "yaml_escape": ProblemText(
        N_("A backslash in double quotes is followed by something that it cannot stand before."),
        N_("Write \\\\ for one backslash, or use single quotes, in which a backslash is just itself."),
    ),
    "yaml_indent": ProblemText(
        N_("This line is not indented like the ones that it belongs to."),
        N_("Lines of one block begin in the same column; what belongs to a line stands further right."),
    ),
    "yaml_no_colon": ProblemText(
        N_("There is no colon after this word, so it is neither a key nor a value."),
        N_("Write key: value, with a space behind the colon."),
    ),
    "yaml_second_colon": ProblemText(
        N_("There is a second colon on this line, so it is not clear where the value begins."),
        N_("Put the value in double quotes, or start the second key on a line of its own."),
    ),
    "yaml_start": ProblemText(
        N_("A value cannot begin with {character} here."),
        N_("Put the value in double quotes."),
    ),
    "yaml_syntax": ProblemText(
        N_("This is not valid YAML."),
        N_("Look at the indentation, the colons and the quotes here and on the line above."),
    ),
    "yaml_tab": ProblemText(
        N_("There is a tab here, and YAML indents with spaces alone."),
        N_("Replace the tab with spaces; most editors can do this in the whole file."),
    ),
    "yaml_unclosed_bracket": ProblemText(
        N_("The {character} that opens here is not closed, or something inside it is out of place."),
        N_("Put commas between its parts, and the closing one at the end."),
    ),
    "yaml_unclosed_quote": ProblemText(
        N_("The quote {character} that opens here is not closed."),
        N_("Write the same quote at the end of the text."),
    ),
}
