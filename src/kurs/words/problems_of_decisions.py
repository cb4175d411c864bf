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
    "nothing_to_freeze": ProblemText(
        N_("The baseline of {kpi} is no value of other days, so there is nothing to freeze."),
        N_("Give the KPI a baseline: that is measured, such as last_year, or one with from: and to:."),
    ),
    "freeze_too_early": ProblemText(
        N_("The baseline of {kpi} from {from} to {to} lacks data of {missing} of its {days} days."),
        N_("Load the data of those days, and freeze it then."),
    ),
    "unknown_action_of_kpi": ProblemText(
        N_("The KPI {kpi} has no action “{name}”."),
        N_("Add it to actions: of the KPI, or name one that is there."),
    ),
    # The journal, found by ledger
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
    "signed_other_definition": ProblemText(
        N_("The approval of {kpi} by {person} in {file} does not hold the definition that its hash names."),
        N_("Let the approver sign again: kurs approve {kpi} --by {person}"),
    ),
    "signer_not_approver": ProblemText(
        N_("{person} signed {kpi} in {file}, but was not its approver; the approval does not count."),
        N_("Let the KPI's approver sign with: kurs approve"),
    ),
}
