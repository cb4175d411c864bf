"""``kurs snapshot``: keep what is reported."""

from __future__ import annotations

from kurs.cli.desk import desk
from kurs.cli.options import Asked, ByOption, with_shared_options
from kurs.words.phrases import N_

HELP = N_("Keep in the journal what kurs status says now.")
EPILOG = N_(
    "Example: kurs snapshot; and later: kurs status --known-on 2026-12-13\n\n"
    "The tables behind it are kept, too, so that the numbers can be computed again."
)


@with_shared_options()
def snapshot(asked: Asked, by: ByOption = None) -> None:
    """Write all readings into the journal."""
    with desk(asked) as at, at.opened() as opened:
        from kurs.report.as_json import document
        from kurs.report.known import reported_json
        from kurs.workflows.snapshot import snapshot as keep

        kept = keep(opened, by, at.language)
        if at.output == "json":
            at.write(document(reported_json(kept)))
        else:
            said = at.language.say_plural(
                "{n} KPI as of {day} is kept in the journal.",
                "{n} KPIs as of {day} are kept in the journal.",
                len(kept.readings),
                day=kept.day,
            )
            at.show(said)
