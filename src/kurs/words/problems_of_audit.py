"""What the audit finds: a KPI, or the set of them, that is not as good as it could be; by the rule's code."""

from collections.abc import Mapping

from kurs.words.phrases import N_, ProblemText

PROBLEMS_OF_AUDIT: Mapping[str, ProblemText] = {
    # Specific
    "dialect_not_said": ProblemText(
        N_("People count it differently under this name, and nothing says here: {dialects}."),
        N_("Write a word of it in description: beside the KPI or its metric."),
    ),
    "label_says_nothing": ProblemText(
        N_("Its name does not say what is measured: {label}."),
        N_("Say in label: what is counted, and of whom."),
    ),
    "no_definition": ProblemText(
        N_("It is not said in words what is counted and what is not."),
        N_("Write description: of one sentence beside the KPI or its metric."),
    ),
    "no_label": ProblemText(
        N_("It has no name as people say it."),
        N_("Write label: beside the KPI."),
    ),
    "no_owner": ProblemText(
        N_("Nobody answers for it."),
        N_("Write owner: with a name of people:"),
    ),
    "owner_elsewhere": ProblemText(
        N_("It belongs to the department {department}, but its owner {owner} to {of_owner}."),
        N_("Choose an owner who can steer it, or the other department."),
    ),
    "ratio_without_unit": ProblemText(
        N_("The metric {metric} divides one thing by another, and its unit is not said."),
        N_("Write unit: percent, ratio or currency beside the metric."),
    ),
    "same_label": ProblemText(
        N_("It bears the same name as {others}."),
        N_("Say in the label what is different."),
    ),
    # Translators: segments are names such as "Returning customers"
    "scope_in_name_only": ProblemText(
        N_("It is called after a segment ({segments}), but counts everybody."),
        N_("Write segment: beside the KPI, or call it otherwise."),
    ),
    "scope_not_said": ProblemText(
        N_("It is not said of whom it is: of all, or of a segment ({segments})."),
        N_("Write segment: with a name of segments:, or segment: all"),
    ),
    "shared_owner": ProblemText(
        N_("Several answer for it, so none does: {owner}."),
        N_("Name the one person or role that does; the others can own its actions."),
    ),
    "way_not_chosen": ProblemText(
        N_("The catalogue knows several ways to count it, and nothing says which is meant: {ways}."),
        N_("Say it in a description: of your own, beside the KPI or its metric."),
    ),
    # Measurable
    "baseline_not_computed": ProblemText(
        N_("Its baseline cannot be computed from the data."),
        N_("See why with: kurs status {kpi}"),
    ),
    # Translators: asked, noise and least are percentages
    "below_noise": ProblemText(
        N_(
            "You ask for {asked}, but from week to week it moves by {noise} on its own: "
            "a change below {least} could not be told from noise."
        ),
        N_("Take a longer period, a larger change, or a metric with more cases."),
    ),
    "data_late": ProblemText(
        N_("Its data end on {to}, {days} days too early."),
        N_("See which source is late with: kurs data"),
    ),
    "days_not_covered": ProblemText(
        N_("Days without data from {from} to {to}: {days}."),
        N_("See the gaps with: kurs data"),
    ),
    "kept_by_hand": ProblemText(
        N_("Somebody types what it is made of, and nobody answers for it: {sources}."),
        N_("Write owner: beside the source; where a program writes the file, say kept: by_export"),
    ),
    "loads_fail": ProblemText(
        N_("Loads of what it is made of fail ({sources}): on {failed} of the last {days} days with loads."),
        N_("See what is wrong with: kurs load"),
    ),
    # Translators: review and every are lengths of time: 7 days
    "loads_rare": ProblemText(
        N_("It is looked at every {review}, but new data come every {every}: {sources}."),
        N_("Load more often, or look at it less often."),
    ),
    "machine_opens": ProblemText(
        N_("Machines open e-mails, too, so nothing can be judged by this rate."),
        N_("Take clicks instead, or leave out what machines opened and say so in description:"),
    ),
    "many_sources": ProblemText(
        N_("It waits for more than {most} sources: {sources}."),
        N_("Ask what it costs to measure, and whether fewer would tell as much."),
    ),
    "no_baseline": ProblemText(
        N_("It is not known where it starts from."),
        N_("Write baseline: last_year, previous, or the days or the value to start from."),
    ),
    "not_held_against_data": ProblemText(
        N_("Nothing is loaded yet that it could be held against."),
        N_("Load the data first: kurs load"),
    ),
    "not_computed": ProblemText(
        N_("It cannot be computed from the data."),
        N_("See why with: kurs status {kpi}"),
    ),
    "short_history": ProblemText(
        N_("Its data begin on {from}; two periods before this one began on {needed}."),
        N_("Load older data, or choose a shorter period."),
    ),
    "too_few_cases": ProblemText(
        N_("Cases in its period: {cases}; to see the change that is asked for, {needed} are needed."),
        N_("Take a longer period, a larger change, or a larger part of the whole."),
    ),
    # Achievable
    "already_reached": ProblemText(
        N_("It asks for {wanted}, and {before} was there before: it is reached already."),
        N_("Ask for more, or write keep_above: or keep_below: for what must not get worse."),
    ),
    # Translators: asked and best are percentages with their sign; cases and as_good are counts
    "hopeless": ProblemText(
        N_(
            "You ask for {asked}; of {cases} changes over as long a time, none was as good, "
            "and the best was {best}."
        ),
        N_("Ask for what was reached at some time, or give it a longer period."),
    ),
    "rarely_changed_so": ProblemText(
        N_(
            "You ask for {asked}; of {cases} changes over as long a time, {as_good} were as good. "
            "The best was {best}."
        ),
        N_("Say what will be done otherwise than before, or ask for less."),
    ),
    "rarely_so_good": ProblemText(
        N_("Of {cases} periods as long as this one, {as_good} were as good as what it asks for."),
        N_("Say what will be done otherwise than before, or ask for less."),
    ),
    "target_not_known": ProblemText(
        N_("Its target cannot be computed, so it was not held against the past."),
        N_("See why with: kurs status"),
    ),
    "too_little_past": ProblemText(
        N_("Earlier periods to judge the target by: {cases}; {least} are needed."),
        N_("Load older data, or choose a shorter period."),
    ),
    "no_target": ProblemText(
        N_("It has no target, so there is nothing to reach."),
        N_("Write target: with change:, reach:, keep_above:, keep_below: or between:"),
    ),
    # Relevant
    "duplicate": ProblemText(
        N_("It is the same number over the same days as {others}."),
        N_("Take one of them out, or give it a segment of its own."),
    ),
    "goal_without_stage": ProblemText(
        N_("Its goal {goal} stands at no stage of the customer journey."),
        N_("Write stage: reach, engage, activate or loyalty beside the goal."),
    ),
    "goal_without_strategy": ProblemText(
        N_("Its goal {goal} serves no strategy."),
        N_("Write strategy: beside the goal."),
    ),
    "moves_as_one": ProblemText(
        N_("From week to week it moves as one with {others}: they say the same."),
        N_("Take one of them out, or say what it tells that the others do not."),
    ),
    "no_goal": ProblemText(
        N_("It serves no goal."),
        N_("Write goal: with a name of goals:"),
    ),
    "outside_strategic": ProblemText(
        N_("It counts nothing that a strategic KPI counts ({strategic}), and leads to none of them."),
        N_("Write leads: with the metric that it moves, or ask what it is for."),
    ),
    # Time-bound
    "after_strategy": ProblemText(
        N_("It ends on {to}, but its strategy {strategy} is to be reached by {by}."),
        N_("End the period earlier, or give the strategy more time."),
    ),
    "no_milestones": ProblemText(
        N_("Its way is {days} days long and has no milestones."),
        N_("Write milestones: inside the target: what is wanted on the way."),
    ),
    "no_review": ProblemText(
        N_("It is not said how often somebody looks at it."),
        N_("Write review: daily, weekly or monthly."),
    ),
    "over": ProblemText(
        N_("Its period has been over since {to}."),
        N_("Give it a new period, or take it out of the plan."),
    ),
    "too_few_reviews": ProblemText(
        N_("Reviews in its {days} days: {reviews} (review: {review}); there should be {least} at least."),
        N_("Look at it more often: a fall should be seen while there is time to mend it."),
    ),
    # The set
    "action_without_owner": ProblemText(
        N_("Nobody is to do these actions: {actions}."),
        N_("Write owner: beside each."),
    ),
    "action_without_due": ProblemText(
        N_("It is not said within how many days these actions are to be done: {actions}."),
        N_("Write due: beside each, such as due: 5 days"),
    ),
    "goal_without_kpi": ProblemText(
        N_("No KPI measures these goals: {goals}."),
        N_("Write goal: beside a KPI, or look for a standard one with: kurs catalog"),
    ),
    "level_not_said": ProblemText(
        N_("It is not said who steers by these KPIs: {kpis}."),
        N_("Write level: strategic, operational or functional."),
    ),
    "nature_not_said": ProblemText(
        N_("It is not said whether these KPIs tell early or late: {kpis}."),
        N_("Write nature: leading or lagging."),
    ),
    "no_action_plan": ProblemText(
        N_("Nothing is planned for when these KPIs fall short: {kpis}."),
        N_("Write actions: with names of actions:"),
    ),
    "not_signed": ProblemText(
        N_("What these KPIs are now, nobody has signed: {kpis}."),
        N_("Have them signed with: kurs approve"),
    ),
    "nothing_strategic": ProblemText(
        N_("No KPI is strategic: nothing says what all the others are for."),
        N_("Write level: strategic beside the one or few that the company is steered by."),
    ),
    "one_sided": ProblemText(
        N_("The KPIs are one-sided: {leading} leading and {lagging} lagging."),
        N_("Leading ones let you act in time, lagging ones say whether it paid off: have both."),
    ),
    "only_strategic": ProblemText(
        N_("All KPIs are strategic: there is none that a team can move this week."),
        N_("Add some with level: operational or functional that lead to them."),
    ),
    "stage_without_kpi": ProblemText(
        N_("No KPI looks at these stages of the customer journey: {stages}."),
        N_("See what is usual there with: kurs catalog"),
    ),
    "strategic_without_approver": ProblemText(
        N_("Nobody approves these strategic KPIs: {kpis}."),
        N_("Write approver: with a name of people:"),
    ),
    "strategy_without_goal": ProblemText(
        N_("No goal serves these strategies: {strategies}."),
        N_("Write strategy: beside a goal."),
    ),
    "too_many_for_one": ProblemText(
        N_("Somebody owns more than {most} KPIs, up to {kpis}: {owners}."),
        N_("Let those own them who really move them."),
    ),
    "too_many_strategic": ProblemText(
        N_("More than {most} KPIs are strategic: {kpis}."),
        N_("Keep those that the board asks for; write level: operational or functional beside the others."),
    ),
    # Fixing the plan
    "fix_brings": ProblemText(
        N_("Not written, because the plan would then have a new fault ({codes}): {fix}"),
        N_("Write it yourself together with what mends that, or leave it."),
    ),
    "fix_not_placed": ProblemText(
        N_("Not written, because other parts of the plan repeat this place, or its text is not plain: {fix}"),
        N_("Write it yourself where it belongs."),
    ),
}
