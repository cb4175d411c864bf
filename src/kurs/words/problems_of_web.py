"""What can be wrong with a request to the dashboard, or with how it is to be served."""

from collections.abc import Mapping

from kurs.words.phrases import N_, ProblemText

PROBLEMS_OF_WEB: Mapping[str, ProblemText] = {
    "bad_parameter": ProblemText(
        N_("The parameter “{name}” is wrong: {reason}."),
        N_("See /openapi.json for the parameters that there are."),
    ),
    "cannot_listen": ProblemText(
        N_("The dashboard cannot listen at {host}, port {port}: {reason}."),
        N_("Perhaps another kurs serve runs there: look with a browser, or choose another --port."),
    ),
    "no_such_page": ProblemText(
        N_("There is no page {path}."),
        N_("Start at the overview: /"),
    ),
    "token_needed": ProblemText(
        N_("At {host} other machines could read the dashboard, and nothing would keep them out."),
        N_("Set KURS_TOKEN to a long secret, which readers give as their password; or leave --host out."),
    ),
    "too_many_rows": ProblemText(
        N_("The answer has more than {most} rows, too many for a page."),
        N_("Ask for a coarser grain or fewer dimensions, or add limit=; kurs query writes all rows."),
    ),
}
