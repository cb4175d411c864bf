"""Problems of what people decide, and of the journal that keeps it."""

from collections.abc import Mapping

from kurs.words.phrases import N_, ProblemText

PROBLEMS_OF_DECISIONS: Mapping[str, ProblemText] = {
    # Decisions, found by workflows
    "action_already_open": ProblemText(
        N_("The action {action} of {kpi} is open since {day}."),
        N_("Finish it with: kurs action {kpi} {action} done"),
    ),
    "action_not_open": ProblemText(
        N_("The action {action} of {kpi} is not open, so it cannot be finished."),
        N_("Open it with: kurs action {kpi} {action} open"),
    ),
    "assigned_to_nobody": ProblemText(
        N_("Nobody is named to whom the action {action} of {kpi} is assigned."),
        N_("Name a person with --to."),
    ),
    "baseline_no_longer_zero": ProblemText(
        N_("The baseline was frozen on {day} at 0; by the data of now the same days are not 0."),
        N_("Freeze it again with: kurs baseline, if the new number is the one to start from."),
    ),
    "baseline_of_other_definition": ProblemText(
        N_("The baseline was frozen on {day}, before the number's definition was changed."),
        N_("Freeze it again with: kurs baseline {kpi} --freeze"),
    ),
    "baseline_restated": ProblemText(
        N_("The baseline was frozen on {day}; by the data of now it differs from that by {percent} %."),
        N_("Freeze it again with: kurs baseline, if the new number is the one to start from."),
    ),
    "effect_before_done": ProblemText(
        N_("The effect of the action {action} of {kpi} can only be told when it is done."),
        N_('Write: kurs action {kpi} {action} done --effect "..."'),
    ),
    "effect_not_by_days": ProblemText(
        N_("{metric} does not add up over days, so earlier weeks do not tell how much it changes by itself."),
        N_("Give the action to a KPI of a sum, a count or a ratio of these, if you can."),
    ),
    "effect_not_done": ProblemText(
        N_("The action {action} is not done yet, so nothing can be said of its effect."),
        N_("Finish it with: kurs action KPI {action} done"),
    ),
    "effect_season_unseen": ProblemText(
        N_(
            "What is usual is told by {weeks} earlier weeks, less than a year: a season may be in the effect."
        ),
        N_("Load older data; with a year and a half the same season of last year is carried over."),
    ),
    "effect_too_early": ProblemText(
        N_("The first whole week after the action ends on {day}."),
        N_("Ask again when its data are loaded."),
    ),
    "effect_without_direction": ProblemText(
        N_("{metric} changed by more than usual, but the plan does not say which way is good."),
        N_("Say what the action is for: “expect: +0.2pp”."),
    ),
    "effect_without_history": ProblemText(
        N_("There are too few earlier weeks to tell how much {metric} changes by itself."),
        N_("Load older data; about nine months are needed, a year and a half are better."),
    ),
    "empty_note": ProblemText(
        N_("The note on {kpi} has no text."),
        N_("Write the text in quotes behind the KPI."),
    ),
    "no_approver": ProblemText(
        N_("The plan names nobody who approves {kpi}."),
        N_("Add approver: {person} to the KPI, or name the person who answers for it."),
    ),
    "not_the_approver": ProblemText(
        N_("{person} does not approve {kpi}; the plan names {approver}."),
        N_("Let {approver} sign, or change approver: of the KPI."),
    ),
    "known_stands_alone": ProblemText(
        N_("--known-on shows all that was reported, and takes no other choice."),
        N_("Leave out the KPIs, --segment, --stage and --fail-on."),
    ),
    "nothing_known": ProblemText(
        N_("Nothing was reported by {day}, and the tables as they were then are not kept."),
        N_("Let a scheduled job run: kurs snapshot. It keeps what is reported, and the tables behind it."),
    ),
    "nothing_to_freeze": ProblemText(
        N_("The baseline of {kpi} is no value of other days, so there is nothing to freeze."),
        N_("Give the KPI a baseline: that is measured, such as last_year, or one with from: and to:."),
    ),
    "freeze_too_early": ProblemText(
        N_("The baseline of {kpi} from {from} to {to} lacks data of {missing} of its {days} days."),
        N_("Load the data of those days, and freeze it then."),
    ),
    "no_key_of_person": ProblemText(
        N_("The plan has no key: of {person}, so a signature could not be verified."),
        N_("Add the line of the public key file to the person: key: ssh-ed25519 …"),
    ),
    "signature_of_other_key": ProblemText(
        N_("That key is not the one that the plan has of {person}."),
        N_("Sign with the private key that belongs to key: of the person, or change key: in the plan."),
    ),
    "signing_failed": ProblemText(
        N_("The approval could not be signed: {reason}"),
        N_("Signing needs ssh-keygen of OpenSSH 8.2 or newer, and a key that it can read."),
    ),
    "unknown_action_of_kpi": ProblemText(
        N_("The KPI {kpi} has no action “{name}”."),
        N_("Add it to actions: of the KPI, or name one that is there."),
    ),
    "watch_once": ProblemText(
        N_("kurs watch looks once and ends; it does not stay and wait."),
        N_("Write: kurs watch --once, and let a scheduled job run it each day."),
    ),
    # The journal, found by ledger
    "journal_unreachable": ProblemText(
        N_("The journal at {url} cannot be read or written ({reason})."),
        N_("See that the database runs, and that its address in the environment is right."),
    ),
    "no_file_locks": ProblemText(
        N_("This system has no file locks as POSIX has them, so nothing can be decided safely in files."),
        N_("Decide on Linux or macOS, or keep the journal in Postgres: project: ledger: ${LEDGER_URL}"),
    ),
    "journal_edited": ProblemText(
        N_("Line {line} of {file} is not as it was written; it is left aside."),
        N_("Bring the line back from git: entries are never changed, a new one corrects an old one."),
    ),
    "journal_end_missing": ProblemText(
        N_("The last entries of {file} that were written here are gone."),
        N_("Bring the file back from git. An older branch lacks them, too."),
    ),
    "journal_entry_missing": ProblemText(
        N_("Before line {line} of {file} an entry is missing, or was rewritten."),
        N_("Bring the file back from git: entries are never removed."),
    ),
    "journal_not_as_committed": ProblemText(
        N_("Entries of {file} that the last commit has are gone or rewritten: {count}."),
        N_("See them with: git diff HEAD -- {file}; then bring them back from git."),
    ),
    "journal_reordered": ProblemText(
        N_("Line {line} of {file} does not stand where it was written."),
        N_("Bring the file back from git: entries keep their order."),
    ),
    "journal_torn": ProblemText(
        N_("Line {line} of {file} was not finished; its decision does not count."),
        N_("The next entry of this writer removes the line. Decide again what was lost."),
    ),
    "journal_unreadable": ProblemText(
        N_("Line {line} of {file} is no entry of a journal."),
        N_("Bring the file back from git. Marks of a merge conflict must be resolved in favour of one side."),
    ),
    "signature_not_valid": ProblemText(
        N_("The signature of {person} under {kpi} in {file} does not hold by the key that the plan has now."),
        N_("Bring the line or the key: back from git, or let the approver sign again."),
    ),
    "signed_other_definition": ProblemText(
        N_("The approval of {kpi} by {person} in {file} does not hold the definition that its hash names."),
        N_("Let the approver sign again: kurs approve {kpi} --by {person}"),
    ),
    "signer_not_approver": ProblemText(
        N_("{person} signed {kpi} in {file}, but was not its approver; the approval does not count."),
        N_("Let the KPI's approver sign with: kurs approve"),
    ),
}
