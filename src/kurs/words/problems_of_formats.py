"""Problems of the formats of files: archives, sheets, nested data, the forms of numbers and days."""

from collections.abc import Mapping

from kurs.words.phrases import N_, ProblemText

PROBLEMS_OF_FORMATS: Mapping[str, ProblemText] = {
    # The profile, found by project
    "bad_currency_sign": ProblemText(
        N_("“{value}” cannot be a currency's sign."),
        N_("Write signs or codes without digits, minus or percent: currency_signs: [€, EUR]"),
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
}
